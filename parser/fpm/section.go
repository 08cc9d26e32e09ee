package fpm

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// enter opens the section of a header: [global], an existing pool, or a new one.
func (l *loader) enter(line ini.Line) {
	name, _, _ := strings.Cut(line.Key(), "\x00") // PHP-FPM compares C strings
	key := lower(name)
	switch pool := l.pools[key]; {
	case key == "global":
		l.open = l.config.Global
	case pool != nil:
		l.open = pool
	default:
		if len(l.sections) == 0 {
			l.sections = make([]Section, min(64, 1+len(l.config.Pools)))
		}
		pool, l.sections = &l.sections[0], l.sections[1:]
		*pool = Section{Name: name, Why: line.Value().Why, file: l.config.Main}
		l.pools[key] = pool
		l.config.Pools = append(l.config.Pools, pool)
		l.open = pool
	}
	l.header(line.KeyAt())
}

// header adds a header to the open section. Nearly every section has only one.
func (l *loader) header(at source.Span) {
	if len(l.open.Headers) > 0 {
		l.open.Headers = append(l.open.Headers, at)
		return
	}
	if len(l.headers) == 0 {
		l.headers = make([]source.Span, min(64, 1+len(l.config.Pools)))
	}
	l.headers[0] = at
	l.open.Headers, l.headers = l.headers[:1:1], l.headers[1:]
}

// grow allocates for the entries from line i of a file on, once.
func (l *loader) grow(file *ini.File, i int) {
	s := l.open
	if len(s.Entries) < cap(s.Entries) {
		return
	}
	n := i
	for n < file.Count() && file.Line(n).Kind() != ini.Section {
		n++
	}
	if s.Entries == nil {
		s.Entries = make([]Entry, 0, n-i)
	} else {
		s.Entries = slices.Grow(s.Entries, n-i)
	}
}

// add adds line to the open section.
func (l *loader) add(line ini.Line) {
	if l.entries == maxEntries {
		l.stop(line.KeyAt(), "the configuration has more than 2000000 lines and the rest was not read")
		return
	}
	l.entries++
	s := l.open
	e := Entry{Line: line, Directive: servers.FPMKeyOf(lower(line.Key())), plain: line.Kind() == ini.Entry && !line.Indexed()}
	if e.ranked() {
		if before := s.Last(e.Directive); before != nil {
			before.Lost = true
		}
		s.set |= 1 << e.Directive
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
