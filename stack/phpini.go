package stack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Xdebug is the Xdebug extension that a PHP loads.
type Xdebug struct {
	At source.Span // the value of zend_extension
	// Mode is xdebug.mode; the default is develop.
	Mode source.Setting[string]
	// Start is xdebug.start_with_request; absent if not set.
	Start source.Setting[string]
}

// xdebug finds the line that loads Xdebug; nil if there is none. PHP loads it with
// either key, but warns about extension (measured on PHP-FPM 8.2).
func xdebug(c *phpini.Config) *Xdebug {
	e, ok := c.Loads("xdebug", "zend_extension", "extension")
	if !ok {
		return nil
	}
	off := func(mode string) (string, bool) { return cmp.Or(mode, "off"), true } // PHP reads a bare off as empty
	return &Xdebug{e.Value().At, source.Read(c.Text("xdebug.mode", e.Value().At), off, "xdebug.mode", "a mode").Or("develop"), c.Text("xdebug.start_with_request", e.Value().At)}
}

// The defaults of PHP in bytes: memory_limit (php-src main/main.c) and
// opcache.memory_consumption.
const (
	defaultMemoryLimit = 128 << 20
	defaultOpcache     = 128 << 20
)

// opcache returns how many bytes of memory the workers of a master share. In a
// repository, a file that was not given may load opcache.
func (l *linker) opcache(m *Master) source.Setting[int64] {
	switch on, set := m.ini.Text("opcache.enable", m.At).Known(); {
	case m.ini == nil:
		return source.Default[int64](defaultOpcache, m.At)
	case set && !phpini.Bool(on):
		return source.Written[int64](0, m.ini.Text("opcache.enable", m.At).At())
	case l.configs.Machine && m.Version != "" && !m.HasOpcache():
		return source.Default[int64](0, m.At)
	}
	const key = "opcache.memory_consumption"
	size := source.Read(m.ini.Text(key, m.At), phpini.Bytes, key, "a size that PHP takes")
	if n, _ := size.Known(); n > 0 && n < 1<<20 {
		return source.Written(n<<20, size.At())
	}
	return source.Default[int64](defaultOpcache, m.At)
}

// MemoryLimit is memory_limit in bytes; negative for none. php_admin_value
// overrides php_value, and both override php.ini, unless PHP rejects the value
// (measured on PHP-FPM 8.2).
func (p *Pool) MemoryLimit() source.Setting[int64] {
	return p.phpSize("memory_limit", defaultMemoryLimit)
}

// PostLimit is post_max_size in bytes, 0 or less for no limit. The default is 8 MiB (php-src
// main/main.c).
func (p *Pool) PostLimit() source.Setting[int64] { return p.phpSize("post_max_size", 8<<20) }

func (p *Pool) phpSize(key string, fallback int64) source.Setting[int64] {
	limit := source.Default(fallback, p.At)
	for _, text := range []source.Setting[string]{p.Master.ini.Text(key, p.At), p.Section.Indexed(servers.KeyPHPValue, key), p.Section.Indexed(servers.KeyPHPAdminValue, key)} {
		s := source.Read(text, phpini.Bytes, key, "a size that PHP takes")
		if n, _ := s.Known(); n != 0 || text.Why() != "" {
			limit = s
		}
	}
	return limit
}

// Reads reports whether the php.ini of the master was found.
func (m *Master) Reads() bool {
	return m.ini != nil && slices.ContainsFunc(m.ini.Files, func(f *source.File) bool { return strings.HasSuffix(f.Name, "/php.ini") })
}

// PHPValue is a PHP setting of the pool's workers: php_admin_value overrides php_value,
// which overrides the ini files (measured on PHP-FPM 8.2). It is absent if no file that
// was read sets it.
func (p *Pool) PHPValue(name string) source.Setting[string] {
	for _, key := range []servers.FPMKey{servers.KeyPHPAdminValue, servers.KeyPHPValue} {
		if s := p.Section.Indexed(key, name); !s.Absent() {
			return s
		}
	}
	return p.Master.ini.Text(name, p.At)
}

// JITBuffer is opcache.jit_buffer_size in bytes. The default depends on the master's
// PHP: 0, and 64 MiB since 8.4 (php-src ext/opcache).
func (m *Master) JITBuffer() source.Setting[int64] {
	const key = "opcache.jit_buffer_size"
	return since84(m, source.Read(m.ini.Text(key, m.At), phpini.Bytes, key, "a size that PHP takes"), 0, 64<<20)
}

// JIT is opcache.jit. The default depends on the master's PHP: tracing, and disable since 8.4.
func (m *Master) JIT() source.Setting[string] {
	return since84(m, m.ini.Text("opcache.jit", m.At), "tracing", "disable")
}

// since84 returns s with the default before or since PHP 8.4.
func since84[T any](m *Master, s source.Setting[T], before, since T) source.Setting[T] {
	switch {
	case !s.Absent():
		return s
	case m.Version == "":
		return source.Unknown[T](m.At, "the version of PHP is not known")
	case servers.Older(m.Version, "8.4"):
		return s.Or(before)
	}
	return s.Or(since)
}

// HasOpcache reports whether opcache is loaded and on.
func (m *Master) HasOpcache() bool { return fpmt.HasOpcache(m.ini, m.Version) }
