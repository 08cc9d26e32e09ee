package fpm

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// lists are the keys whose indexed lines PHP-FPM keeps in a list, each with the
// key that gives the list its name here (fpm_conf_ini_parser_array of PHP 8.2).
// It puts each line in front of those before it and applies the list from its
// head, so the line that is written first counts. Of other indexed lines, which
// is access.suppress_path[], every one counts.
var lists = map[string]string{
	"env":             "env",
	"php_value":       "php_value",
	"php_flag":        "php_value",
	"php_admin_value": "php_admin_value",
	"php_admin_flag":  "php_admin_value",
}

// slot is what lines compete for: of those in one slot one counts.
type slot struct {
	key, index string
	indexed    bool
}

// slot returns the slot of e. ok is false for a line that has no rival.
func (e *Entry) slot() (s slot, ok bool) {
	switch {
	case e.Bare() || !e.Indexed() && e.Key() == "include":
		return slot{}, false
	case !e.Indexed():
		return slot{key: e.Key()}, true
	}
	list, ok := lists[e.Key()]
	return slot{list, e.Index(), true}, ok
}

// settle finds the entries that lost.
func (s *Section) settle() {
	if len(s.Entries) > 128 {
		s.settleMany()
		return
	}
	for i := range s.Entries {
		e := &s.Entries[i]
		for j := range s.Entries[:i] {
			if f := &s.Entries[j]; !f.Lost && e.plain == f.plain && (!e.plain || e.key == f.key) {
				decide(f, e)
			}
		}
	}
}

// settleMany is settle for a section that is too long to compare every line
// with every other.
func (s *Section) settleMany() {
	counts := make(map[slot]*Entry, len(s.Entries))
	for i := range s.Entries {
		e := &s.Entries[i]
		slot, ok := e.slot()
		if !ok {
			continue
		}
		if f := counts[slot]; f != nil {
			decide(f, e)
		}
		if !e.Lost {
			counts[slot] = e
		}
	}
}

// decide sets Lost in one of two lines if they compete.
func decide(first, second *Entry) {
	if first.Indexed() && first.Index() != second.Index() {
		return
	}
	a, ok := first.slot()
	b, also := second.slot()
	switch {
	case !ok || !also || a != b:
	case a.indexed:
		second.Lost = true
	default:
		first.Lost = true
	}
}

// ValueAt returns where the value of e is written, and the whole line for an empty
// one.
func (e *Entry) ValueAt() source.Span {
	if at := e.Value().At; at.Start < at.End {
		return at
	}
	if e.Bare() {
		return e.KeyAt()
	}
	return e.KeyAt().To(e.Value().At)
}

// Get returns the plain line of key that counts: the last one. key is in lower
// case. A name without "=" is none.
func (s *Section) Get(key string) (Entry, bool) {
	if e := s.Last(key); e != nil {
		return *e, true
	}
	return Entry{}, false
}

// Last is Get without a copy: nil when there is no such line.
func (s *Section) Last(key string) *Entry {
	n := servers.FPMKeyOf(key)
	if !s.keys.Has(n) {
		return nil
	}
	for i := len(s.Entries) - 1; i >= 0; i-- {
		if e := &s.Entries[i]; e.key == n && e.plain && (n != 0 || e.Key() == key) {
			return e
		}
	}
	return nil
}

// GetIndexed returns the line of key[index] that counts: the first one. PHP-FPM
// keeps php_value and php_flag in one list, and php_admin_value and
// php_admin_flag in another, so the line can have the other key of the two. That
// php_admin_value beats php_value is for the caller to apply. index is compared
// with regard to case.
func (s *Section) GetIndexed(key, index string) (Entry, bool) {
	list := lists[key]
	for i := range s.Entries {
		e := &s.Entries[i]
		if !e.plain && e.Indexed() && e.Index() == index && (e.Key() == key || list != "" && lists[e.Key()] == list) {
			return *e, true
		}
	}
	return Entry{}, false
}

// At returns the first header, or the first byte of the main file for a
// [global] that nobody wrote.
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

// Pool expands $pool in text, a value of s, as PHP-FPM does in every string of a
// pool. In [global] nothing is expanded: PHP-FPM refuses $pool there.
func (s *Section) Pool(text string) string {
	if strings.IndexByte(text, '$') < 0 || lower(s.Name) == "global" {
		return text
	}
	return strings.ReplaceAll(text, "$pool", s.Name)
}
