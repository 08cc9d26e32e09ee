package fpm

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
)

// newSection returns the section of a header, without it.
func newSection(header ini.Line) *Section {
	name, _, _ := strings.Cut(header.Key(), "\x00") // PHP-FPM compares C strings
	return &Section{Name: name, Why: header.Value().Why}
}

// enter opens the section of a header: [global], an existing pool, or a new one.
func (l *loader) enter(line ini.Line) {
	l.unsure, l.other = false, false
	section := newSection(line)
	switch key := lower(section.Name); {
	case key == "global":
		l.open = l.config.Global
	case l.pools[key] != nil:
		l.open = l.pools[key]
	default:
		l.found(key, section)
	}
	l.open.Headers = append(l.open.Headers, line.KeyAt())
}

// found opens a new pool.
func (l *loader) found(key string, pool *Section) {
	pool.file = l.config.Main
	l.unsure, l.other = false, false
	l.pools[key] = pool
	l.config.Pools = append(l.config.Pools, pool)
	l.open = pool
}

// take reads a file that holds just one pool, if no other section has its name. It
// reports false otherwise.
func (l *loader) take(file *File) bool {
	pool := file.pool
	if pool == nil || l.entries+len(pool.Entries) > maxEntries {
		return false
	}
	key := lower(pool.Name)
	if key == "global" || l.pools[key] != nil {
		return false
	}
	file.pool = nil
	l.entries += len(pool.Entries)
	l.found(key, pool)
	return true
}

// grow allocates for the entries from line i of a file on, once.
func (l *loader) grow(file *File, i int) {
	s := l.open
	if len(s.Entries) < cap(s.Entries) {
		return
	}
	n := i
	for n < file.Count() && file.Line(n).Kind() != ini.Section {
		n++
	}
	s.Entries = slices.Grow(s.Entries, n-i)
}

// add adds line, which has a key, to the open section. If another section may be open, it
// drops what only a pool may have, and after a pool all that follows what only [global] may
// have or the pool has already.
func (l *loader) add(line ini.Line, key servers.FPMKey) {
	if l.entries == maxEntries {
		l.stop(line.KeyAt(), "the configuration has more than 2000000 lines and the rest was not read")
		return
	}
	l.entries++
	only := servers.FPMDirectives[key].Scope
	switch {
	case !l.unsure || key == 0:
	case l.open == l.config.Global && only == servers.FPMPool:
		return
	case l.open != l.config.Global:
		l.other = l.other || only == servers.FPMGlobal || !line.Indexed() && l.open.Last(key) != nil
	}
	if !l.other {
		l.open.add(line, key)
	}
}

// add adds a line to the section.
func (s *Section) add(line ini.Line, key servers.FPMKey) {
	s.settled = false
	e := Entry{Line: line, Directive: key, plain: line.Kind() == ini.Entry && !line.Indexed()}
	if e.ranked() {
		if before := s.Last(e.Directive); before != nil {
			before.Lost = true
		}
		s.last[e.Directive] = uint8(min(len(s.Entries)+1, far))
	}
	s.Entries = append(s.Entries, e)
}

// lower folds ASCII capitals, as strcasecmp does in the C locale.
func lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
