package stack

import (
	"cmp"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/source"
)

// Xdebug is Xdebug as a PHP loads it.
type Xdebug struct {
	At source.Span // the value of zend_extension
	// Mode is xdebug.mode, whose default is develop.
	Mode Setting[string]
}

// xdebug finds the line that loads Xdebug; nil when there is none. PHP takes a
// bare name, one with .so and a path, quoted or not, and does not look at
// [PATH=] and [HOST=] sections when it starts (measured on PHP 8.2).
func xdebug(c *phpini.Config) *Xdebug {
	for e := range c.All("zend_extension", "extension") {
		base := strings.ToLower(path.Base(e.Value().Text))
		if e.Host || e.Path || base != "xdebug" && base != "xdebug.so" {
			continue
		}
		x := &Xdebug{At: e.Value().At, Mode: fallback("develop", e.Value().At)}
		if mode, ok := c.Get("xdebug.mode"); ok {
			x.Mode = known(cmp.Or(mode.Value().Text, "off"), mode.Value().At) // PHP reads a bare off as empty
			if mode.Value().Why != "" {
				x.Mode = untold[string](mode.Value().At, "xdebug.mode: "+mode.Value().Why)
			}
		}
		return x
	}
	return nil
}

// The defaults of PHP in bytes: memory_limit (php-src main/main.c) and
// opcache.memory_consumption.
const (
	defaultMemoryLimit = 128 << 20
	defaultOpcache     = 128 << 20
)

// opcache returns how many bytes of memory the workers of a master share.
func opcache(c *phpini.Config, at source.Span) Setting[int64] {
	if c == nil {
		return fallback[int64](defaultOpcache, at)
	}
	if e, ok := c.Get("opcache.enable"); ok && (e.Value().Text == "" || e.Value().Text == "0") {
		return known[int64](0, e.Value().At)
	}
	if e, ok := c.Get("opcache.memory_consumption"); ok {
		if n, ok := phpini.Bytes(e.Value().Text); ok && n > 0 && n < 1<<20 {
			return known(n<<20, e.Value().At)
		}
	}
	return fallback[int64](defaultOpcache, at)
}

// memoryLimit returns memory_limit of a pool in bytes; below zero for none.
// php_admin_value wins over php_value, and both over php.ini (measured on
// PHP-FPM 8.2).
func memoryLimit(p *Pool, c *phpini.Config) Setting[int64] {
	limit := fallback[int64](defaultMemoryLimit, p.At)
	take := func(text, why string, at source.Span) {
		n, ok := phpini.Bytes(text)
		switch {
		case why != "":
			limit = untold[int64](at, "memory_limit: "+why)
		case ok && n != 0:
			limit = known(n, at)
		}
	}
	if c != nil {
		if e, ok := c.Get("memory_limit"); ok {
			take(e.Value().Text, e.Value().Why, e.Value().At)
		}
	}
	for _, key := range []string{"php_value", "php_admin_value"} {
		if e, ok := p.Section.GetIndexed(key, "memory_limit"); ok {
			take(e.Value().Text, e.Value().Why, e.Value().At)
		}
	}
	return limit
}
