package fpm

import (
	"iter"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
)

// Foreign reports whether f may be another file than a configuration of PHP-FPM, such as
// a list of passwords that an include leads to: a mistake precedes everything well-formed
// in it or, unless the user names the file, no more than half of its lines are
// of PHP-FPM.
func (f *File) Foreign(named bool) bool {
	if f.Unlike || named {
		return f.Unlike
	}
	known := 0
	for _, key := range f.keys {
		if key != 0 {
			known++
		}
	}
	if known > len(f.keys)-known+len(f.Dropped) {
		return false // as it is of nearly every file
	}
	others := f.Dropped
	for i, key := range f.keys {
		if key != 0 {
			continue
		}
		switch line := f.Line(i); {
		case line.Kind() == ini.Section:
		case includes(line):
			known++
		default:
			others = append(others, lower(line.Key()))
		}
	}
	return known+len(others) > 0 && !typo.Mostly(known, others, similar)
}

// similar reports whether PHP-FPM knows name, or may have been meant by it.
func similar(name string) bool {
	return servers.FPMKeyOf(name) != 0 || strings.HasPrefix(name, "pm.") || strings.HasPrefix(name, "listen.") ||
		typo.Misspelt(name, names())
}

// names are the names that PHP-FPM knows.
func names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, d := range servers.FPMDirectives[1:] {
			if !yield(d.Name) {
				return
			}
		}
	}
}
