package stack

import (
	"io/fs"
	"strings"

	"github.com/wp502lint/wp502lint/parser/fpm"
)

// Text returns the value of a plain entry of [global] that counts.
func (m *Master) Text(key string) Setting[string] { return entryText(m.global, key) }

// Text returns the value of a plain entry of the pool that counts, with $pool
// expanded.
func (p *Pool) Text(key string) Setting[string] { return entryText(p.Section, key) }

func entryText(s *fpm.Section, key string) Setting[string] {
	e, ok := s.Get(key)
	text := s.Pool(e.Value().Text)
	switch {
	case !ok:
		return nothing[string](s.At())
	case e.Value().Why != "":
		return untold[string](e.Value().At, key+": "+e.Value().Why)
	case s.Why != "" && text != e.Value().Text:
		return untold[string](e.Value().At, key+": "+s.Why)
	}
	return known(text, valueAt(&e))
}

// Mode returns the permissions of the socket that PHP-FPM makes for the pool.
// right is false when listen.mode is no octal number, of which PHP-FPM takes
// what it can read.
func (p *Pool) Mode() (mode fs.FileMode, right bool) {
	text, ok := p.value("listen.mode")
	if !ok {
		return 0o660, true
	}
	return fpm.Mode(text)
}

// misreadMode reports whether listen.mode is no octal number.
func (p *Pool) misreadMode() bool {
	_, right := p.Mode()
	return !right
}

// starts returns how many workers a pool starts with (php-src fpm_children.c,
// fpm_conf.c): all of a static pool, none of an ondemand one, and between the
// two spare numbers of a dynamic one that does not say.
func (p *Pool) starts() Setting[int64] {
	manager := p.Text("pm")
	text, known := manager.Known()
	switch {
	case !known:
		return untold[int64](manager.At(), "pm is not known")
	case strings.EqualFold(text, "static"):
		return p.MaxChildren
	case strings.EqualFold(text, "ondemand"):
		return fallback[int64](0, manager.At())
	}
	start := number(p.Section, "pm.start_servers", 0)
	low, ok := number(p.Section, "pm.min_spare_servers", -1).Known()
	high, also := number(p.Section, "pm.max_spare_servers", -1).Known()
	if n, known := start.Known(); !known || n > 0 || !ok || !also {
		return start
	}
	return fallback(low+(high-low)/2, manager.At())
}

// catchOutput returns catch_workers_output.
func (p *Pool) catchOutput() Setting[bool] {
	e, ok := p.Section.Get("catch_workers_output")
	switch {
	case !ok && p.Master.Loose:
		return untold[bool](p.At, "a file that is not here may set it")
	case !ok:
		return fallback(false, p.At)
	}
	on, ok := fpm.Bool(e.Value())
	if !ok {
		return untold[bool](e.Value().At, "catch_workers_output is no boolean that is known")
	}
	return known(on, valueAt(&e))
}
