package fpm

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// list returns the list in which PHP-FPM keeps the indexed lines of key, identified by
// one of its keys; 0 for none (fpm_conf_ini_parser_array of PHP 8.2). PHP-FPM prepends
// each line and applies the list from its head, so the line that is written first takes
// effect. Of the other indexed lines, those of access.suppress_path[], every one takes effect.
func list(key servers.FPMKey) servers.FPMKey {
	switch key {
	case servers.KeyEnv, servers.KeyPHPValue, servers.KeyPHPAdminValue:
		return key
	case servers.KeyPHPFlag:
		return servers.KeyPHPValue
	case servers.KeyPHPAdminFlag:
		return servers.KeyPHPAdminValue
	}
	return 0
}

// ranked reports whether e is a plain line of a directive, which loses its effect as soon
// as the next one is read.
func (e *Entry) ranked() bool { return e.plain && e.Directive != 0 }

// slot identifies lines that override each other: one per slot takes effect.
type slot struct {
	list  servers.FPMKey // 0 for a plain line
	index string         // the key of a plain line
}

// slot returns the slot of e, which is not ranked. ok is false for a line that nothing overrides.
func (e *Entry) slot() (s slot, ok bool) {
	switch {
	case e.plain:
		key := e.Key()
		return slot{index: key}, key != "include"
	case e.Bare():
		return slot{}, false
	}
	in := list(e.Directive)
	return slot{in, e.Index()}, in != 0
}

// settle sets Lost in the entries that are not ranked.
func (s *Section) settle() {
	if s.settled {
		return
	}
	s.settled = true
	var room [128]*Entry
	if len(s.Entries) > len(room) {
		s.settleMany()
		return
	}
	before := room[:0]
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.ranked() {
			continue
		}
		slot, ok := e.slot()
		for _, f := range before {
			if ok && !f.Lost && f.plain == e.plain {
				if other, also := f.slot(); also && other == slot {
					decide(f, e)
				}
			}
		}
		before = append(before, e)
	}
}

// settleMany is settle for a section that is too long to compare every line with every other.
func (s *Section) settleMany() {
	takes := make(map[slot]*Entry, len(s.Entries))
	for i := range s.Entries {
		e := &s.Entries[i]
		if e.ranked() {
			continue
		}
		slot, ok := e.slot()
		if !ok {
			continue
		}
		if f := takes[slot]; f != nil {
			decide(f, e)
		}
		if !e.Lost {
			takes[slot] = e
		}
	}
}

// decide sets Lost in one of two lines of a slot.
func decide(first, second *Entry) {
	if first.plain {
		first.Lost = true
	} else {
		second.Lost = true
	}
}

// ValueAt returns the place of the value of e, or the whole line for an empty value.
func (e *Entry) ValueAt() source.Span {
	if at := e.Value().At; at.Start < at.End {
		return at
	}
	if e.Bare() {
		return e.KeyAt()
	}
	return e.KeyAt().To(e.Value().At)
}

// Last returns the plain line of a directive that takes effect: the last one. It is nil
// if there is none. A name without "=" is not such a line.
func (s *Section) Last(key servers.FPMKey) *Entry {
	i := int(s.last[key])
	switch i {
	case 0:
		return nil
	case far:
		for i = len(s.Entries); !s.Entries[i-1].plain || s.Entries[i-1].Directive != key; {
			i--
		}
	}
	return &s.Entries[i-1]
}

// First returns the line of key[index] that takes effect: the first one, or nil. PHP-FPM
// keeps php_value and php_flag in one list, and php_admin_value and php_admin_flag in
// another, so the line may have the other key of the two. The caller handles the
// precedence of php_admin_value over php_value. index is
// case-sensitive.
func (s *Section) First(key servers.FPMKey, index string) *Entry {
	in := list(key)
	for i := range s.Entries {
		e := &s.Entries[i]
		if !e.plain && (e.Directive == key || in != 0 && list(e.Directive) == in) && e.Indexed() && e.Index() == index {
			return e
		}
	}
	return nil
}

// At returns the first header, or the first byte of the main file for a missing [global].
func (s *Section) At() source.Span {
	if len(s.Headers) > 0 {
		return s.Headers[0]
	}
	return s.file.Span(0, 0)
}

// Merged reports whether the lines of the pool come from several sections in
// different files.
func (s *Section) Merged() bool {
	return slices.ContainsFunc(s.Headers, func(h source.Span) bool { return h.File != s.Headers[0].File })
}

// Pool expands $pool in text, a value of s, as PHP-FPM does in every string of a pool. In
// [global] nothing is expanded: PHP-FPM refuses $pool there.
func (s *Section) Pool(text string) string {
	if strings.IndexByte(text, '$') < 0 || lower(s.Name) == "global" {
		return text
	}
	return strings.ReplaceAll(text, "$pool", s.Name)
}
