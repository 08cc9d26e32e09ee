package phpini

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

// Load reads files: php.ini first, then conf.d in the order in which PHP reads it. The
// caller supplies that order.
func Load(files []*source.File) *Config {
	c := &Config{Files: files}
	for _, file := range files {
		c.read(file)
	}
	return c
}

// read adds one file up to its first syntax error: PHP keeps what it has read so far
// and skips the rest (php_init_config of main/php_ini.c).
func (c *Config) read(file *source.File) {
	lines := ini.Parse(file, ini.FileMode)
	file.Parsed = parsed{lines}
	if foreign(lines) {
		c.Foreign = append(c.Foreign, file)
	}
	end := int32(len(file.Text)) + 1
	for _, problem := range lines.Problems {
		c.Problems = append(c.Problems, problem)
		if problem.Kind == source.Syntax {
			end = problem.At.Start
			break
		}
	}
	var s scope
	for line := range lines.Lines() {
		switch {
		case line.KeyAt().Start >= end:
			return
		case line.Kind() == ini.Section:
			s.enter(line.Key())
		case line.Kind() == ini.Entry:
			c.Entries = append(c.Entries, s.entry(line))
		}
	}
}

// scope is the section that applies to an entry. Only [PATH=…] and [HOST=…] have a
// meaning for PHP. Their settings continue through an ordinary section after them
// (php_ini_parser_cb never leaves the last table); only extensions look at the
// section itself.
type scope struct {
	host, path bool // the table that receives settings
	special    bool // the section itself is [PATH or [HOST
}

func (s *scope) enter(name string) {
	host, path := hasPrefixFold(name, "HOST"), hasPrefixFold(name, "PATH")
	s.special = host || path
	// [PATH] and [HOST] without a value change no table.
	if s.special && len(name) > len("PATH") {
		s.host, s.path = host, path
	}
}

func (s *scope) entry(line ini.Line) Entry {
	if !s.special && !line.Indexed() && isExtension(line.Key()) {
		return Entry{Line: line}
	}
	return Entry{line, s.host, s.path}
}

func isExtension(key string) bool {
	return strings.EqualFold(key, "extension") || strings.EqualFold(key, "zend_extension")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// Loads returns the line of one of keys (extension or zend_extension) that makes PHP
// load an extension at startup, by its bare name, its name with .so, or a path. The
// keys match in any case, as in PHP, which ignores such lines in [PATH=…] and [HOST=…]
// (measured on PHP 8.2).
func (c *Config) Loads(extension string, keys ...string) (Entry, bool) {
	for _, e := range c.Entries {
		loads := slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(e.Key(), key) })
		if loads && !e.Host && !e.Path && strings.TrimSuffix(path.Base(e.Value().Text), ".so") == extension {
			return e, true
		}
	}
	return Entry{}, false
}

// Text returns the value of key that takes effect for every request: that of the last
// plain line outside [PATH=…] and [HOST=…]. PHP's setting names are case-sensitive. It
// is absent, with the place at, if no file sets it or c is nil, and unknown if the command line
// sets it.
func (c *Config) Text(key string, at source.Span) source.Setting[string] {
	if c == nil {
		return source.Absent[string](at)
	}
	if slices.Contains(c.Defined, key) {
		return source.Unknown[string](at, key+" is set on the command line of PHP")
	}
	for _, e := range slices.Backward(c.Entries) {
		if e.Key() != key || e.Indexed() || e.Host || e.Path {
			continue
		}
		v := e.Value()
		if v.Why != "" {
			return source.Unknown[string](v.At, key+": "+v.Why)
		}
		return source.Written(v.Text, v.At)
	}
	return source.Absent[string](at)
}
