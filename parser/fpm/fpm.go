// Package fpm is the configuration of one PHP-FPM master: php-fpm.conf with
// everything it includes, its pools merged the way PHP-FPM merges them.
//
// Keys and values are not judged here: an unknown key, a key in the wrong
// section and a value that PHP-FPM refuses are entries like any other.
package fpm

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Config is one master.
type Config struct {
	Main *source.File
	// Files are all files that were read, Main first, each once, in the order
	// of their first reading.
	Files []*source.File
	// Global is the [global] section. It is never nil.
	Global *Section
	// Pools are the pools after merging, in order of first appearance.
	Pools []*Section
	// Problems are the problems of the files and of their includes.
	Problems []source.Problem
	// Complete is true when every include was followed to its end and no file
	// was unreadable, a template, over a limit or no configuration at all. A
	// syntax error in a single line does not count against it.
	Complete bool
}

// Section is [global] or one pool, collected from all places where it is
// written.
type Section struct {
	// Name is the name as first written; PHP-FPM compares names without regard
	// to case.
	Name string
	// Why is not "" when the name is not known from the files alone.
	Why string
	// Headers are the names inside the [name] lines that opened it, in order.
	// It is empty for a [global] that nobody wrote.
	Headers []source.Span
	// Entries are all lines, also those that lost, in the order PHP-FPM reads
	// them. Lines of an include stand where the include stands.
	Entries []Entry

	file *source.File
	// set has the bit of every directive that a plain line sets.
	set uint64
}

// Entry is one line of a section. It takes include and the names in front of
// [index] only as they are in PHP-FPM's table, in lower case: KeyAt tells.
type Entry struct {
	ini.Line
	// Directive is what Key names; 0 for a name that PHP-FPM does not know.
	Directive servers.FPMKey
	plain     bool // a name, "=" and a value, without an index
	// Lost is true when another line counts instead: a later one for a plain
	// key, an earlier one for env[…] and php_*[…].
	Lost bool
}

// Key returns the name folded to lower case: PHP-FPM compares plain keys without
// regard to case.
func (e *Entry) Key() string {
	if e.Directive != 0 {
		return e.Directive.String()
	}
	return lower(e.Line.Key())
}

// Bare reports whether e is a name without "=", which PHP-FPM refuses.
func (e *Entry) Bare() bool { return e.Kind() == ini.Bare }

// Includer answers what the files of one include line are, read line by line.
// pattern is the decoded value: expanding a relative path and globbing are the
// Includer's. at is the place of the value. A pattern that matches nothing is no
// problem for PHP-FPM: no files and nil.
type Includer func(pattern string, at source.Span) (files []*ini.File, problem *source.Problem)
