package stack

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/phpini"
)

// TerminateTimeout is request_terminate_timeout in seconds; 0 for none.
func (p *Pool) TerminateTimeout() Setting[int64] {
	return seconds(p.Section, "request_terminate_timeout", 0)
}

// MaxRequests is pm.max_requests: after how many requests a worker ends; 0 for
// never.
func (p *Pool) MaxRequests() Setting[int64] { return number(p.Section, "pm.max_requests", 0) }

// Backlog is listen.backlog; below zero for the most that the kernel allows,
// and absent when nobody wrote it, which is the same (measured on PHP-FPM 8.2).
func (p *Pool) Backlog() Setting[int64] { return number(p.Section, "listen.backlog", -1) }

// ControlTimeout is process_control_timeout in seconds: how long a reload lets
// requests that are under way go on.
func (m *Master) ControlTimeout() Setting[int64] {
	return seconds(m.global, "process_control_timeout", 0)
}

// Reads reports whether the php.ini of the master is among the files.
func (m *Master) Reads() bool {
	if m.ini == nil {
		return false
	}
	for _, f := range m.ini.Files {
		if strings.HasSuffix(f.Name, "/php.ini") {
			return true
		}
	}
	return false
}

// PHPValue is a setting of PHP as the pool's workers have it: php_admin_value
// beats php_value, and that beats the ini files (measured on PHP-FPM 8.2). It is
// absent when no file that was read sets it.
func (p *Pool) PHPValue(name string) Setting[string] {
	for _, key := range []string{"php_admin_value", "php_value"} {
		if e, ok := p.Section.GetIndexed(key, name); ok {
			if e.Value().Why != "" {
				return untold[string](e.Value().At, name+": "+e.Value().Why)
			}
			return known(p.Section.Pool(e.Value().Text), e.Value().At)
		}
	}
	if s := p.Master.phpValue(name); s.At() != p.Master.At {
		return s
	}
	return nothing[string](p.At)
}

// phpValue is a setting of the ini files; absent when none of them sets it.
func (m *Master) phpValue(name string) Setting[string] {
	if m.ini == nil {
		return nothing[string](m.At)
	}
	e, ok := m.ini.Get(name)
	switch {
	case !ok:
		return nothing[string](m.At)
	case e.Value().Why != "":
		return untold[string](e.Value().At, name+": "+e.Value().Why)
	}
	return known(e.Value().Text, e.Value().At)
}

// AtLeast reports whether the version of PHP is known and is at least that.
func (m *Master) AtLeast(major, minor int) (is, known bool) {
	a, b, ok := strings.Cut(m.Version, ".")
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	return x > major || x == major && y >= minor, ok && errX == nil && errY == nil
}

// Loads reports whether an ini file loads a Zend extension: its bare name, with
// .so, or a path.
func (m *Master) Loads(extension string) bool {
	if m.ini == nil {
		return false
	}
	for e := range m.ini.All("zend_extension", "extension") {
		base := e.Value().Text[strings.LastIndexByte(e.Value().Text, '/')+1:]
		if base == extension || base == extension+".so" {
			return true
		}
	}
	return false
}

// JITBuffer is opcache.jit_buffer_size in bytes, with the default of the
// master's PHP: 0, and 64 MiB since 8.4 (php-src ext/opcache).
func (m *Master) JITBuffer() Setting[int64] {
	s := m.phpValue("opcache.jit_buffer_size")
	if text, ok := s.Known(); ok {
		n, good := phpini.Bytes(text)
		if !good {
			return untold[int64](s.At(), "opcache.jit_buffer_size is not a size that PHP takes")
		}
		return known(n, s.At())
	}
	if s.Why() != "" {
		return untold[int64](s.At(), s.Why())
	}
	since, ok := m.AtLeast(8, 4)
	switch {
	case !ok:
		return untold[int64](m.At, "the version of PHP is not known")
	case since:
		return fallback[int64](64<<20, m.At)
	}
	return fallback[int64](0, m.At)
}

// JIT is opcache.jit, with the default of the master's PHP: tracing, and disable
// since 8.4.
func (m *Master) JIT() Setting[string] {
	s := m.phpValue("opcache.jit")
	if _, ok := s.Known(); ok || s.Why() != "" {
		return s
	}
	since, ok := m.AtLeast(8, 4)
	switch {
	case !ok:
		return untold[string](m.At, "the version of PHP is not known")
	case since:
		return fallback("disable", m.At)
	}
	return fallback("tracing", m.At)
}

// HasOpcache reports whether opcache is loaded and on: it is a part of PHP since
// 8.5, and an extension before.
func (m *Master) HasOpcache() bool {
	builtin, _ := m.AtLeast(8, 5)
	on, written := m.phpValue("opcache.enable").Known()
	return (builtin || m.Loads("opcache")) && !(written && (on == "" || on == "0"))
}
