// Package fpm reads the configuration of one PHP-FPM master: php-fpm.conf with
// everything it includes, its pools merged the way PHP-FPM merges them.
//
// It does not judge keys and values: an unknown key, a key in the wrong section and a
// value that PHP-FPM refuses are entries like any other.
package fpm

import (
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Config is one master.
type Config struct {
	Main *source.File
	// Files are all files that were read, Main first, each once, in the order of
	// their first reading.
	Files []*source.File
	// Global is the [global] section. It is never nil.
	Global *Section
	// Pools are the pools after merging, in order of first appearance.
	Pools []*Section
	// Problems are the problems of the files and of their includes.
	Problems []source.Problem
	// Complete is true if every include was followed to its end and no file was
	// unreadable, a template, over a limit or not a configuration. A syntax error
	// in a single line does not make it false.
	Complete bool
}

// File is one file as PHP-FPM reads it, line by line.
type File struct {
	*ini.File
	keys []servers.FPMKey // of the lines
	// pool is the section of a file that holds just one pool, as most do. The first
	// master that reads the file takes it.
	pool *Section
	// rendered is where the lines of the file start that a template replaces, in order.
	rendered []int32
}

// Parse reads a file without what it includes. It never fails; see ini.Parse. Files can
// be parsed concurrently. It also sets src.Parsed.
func Parse(src *source.File) *File {
	src.Literal = src.Literal || doubled(src)
	f := &File{File: ini.Parse(src, ini.LineMode)}
	src.Parsed = f
	f.keys = make([]servers.FPMKey, f.Count())
	for _, part := range src.Rendered {
		if m, ok := source.FindMark(part.Text(), 0); !ok || !m.Control {
			f.rendered = append(f.rendered, part.Start)
		}
	}
	one := f.Count() > 0 && f.Line(0).Kind() == ini.Section && len(f.rendered) == 0
	for i := range f.keys {
		line := f.Line(i)
		if line.Kind() == ini.Section {
			one = one && i == 0
			continue
		}
		f.keys[i] = servers.FPMKeyOf(lower(line.Key()))
		one = one && !includes(line)
	}
	if one {
		f.pool = newSection(f.Line(0))
		f.pool.Headers = []source.Span{f.Line(0).KeyAt()}
		f.pool.Entries = make([]Entry, 0, f.Count()-1)
		for i := 1; i < f.Count(); i++ {
			f.pool.add(f.Line(i), f.keys[i])
		}
		f.pool.settle()
	}
	return f
}

// includes reports whether PHP-FPM follows a line.
func includes(line ini.Line) bool {
	return line.Kind() == ini.Entry && !line.Indexed() && line.Key() == "include"
}

// Section is [global] or one pool, collected from all places that define it.
type Section struct {
	// Name is the name as first written; PHP-FPM's section names are
	// case-insensitive.
	Name string
	// Why is "" if the files alone determine the name, otherwise the reason.
	Why string
	// Headers are the names inside the [name] lines that opened it, in order. It
	// is empty for a missing [global].
	Headers []source.Span
	// Entries are all lines, including those without effect, in the order PHP-FPM
	// reads them. Lines of an included file are at the place of the include.
	Entries []Entry

	file    *source.File
	settled bool // every Lost is set
	// last has the number in Entries of the last plain line of every directive, counted
	// from 1: 0 for none, and far for a line that is further on than can be counted.
	last [len(servers.FPMDirectives)]uint8
}

const far = 255

// Entry is one line of a section. include and the names before [index] are recognised
// only as spelled in PHP-FPM's table, in lower case; KeyAt has the original.
type Entry struct {
	ini.Line
	// Directive is the directive of Key; 0 for a name that PHP-FPM does not know.
	Directive servers.FPMKey
	plain     bool // a name, "=" and a value, without an index
	// Lost is true if another line takes effect instead: a later one for a plain
	// key, an earlier one for env[…] and php_*[…].
	Lost bool
}

// Key returns the name folded to lower case: PHP-FPM's plain keys are
// case-insensitive.
func (e *Entry) Key() string {
	if e.Directive != 0 {
		return e.Directive.String()
	}
	return lower(e.Line.Key())
}

// Bare reports whether e is a name without "=", which PHP-FPM refuses.
func (e *Entry) Bare() bool { return e.Kind() == ini.Bare }

// Includer returns the files of one include line. pattern is the
// decoded value: the Includer expands a relative path and wildcards. at is the place of
// the value. A pattern without matches is not a problem for PHP-FPM: no files and nil.
type Includer func(pattern string, at source.Span) (files []*File, problem *source.Problem)
