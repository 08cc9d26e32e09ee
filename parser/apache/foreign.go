package apache

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// maxLooked limits how many lines of a file Foreign looks at.
const maxLooked = 10_000

// Foreign reports whether a file that an include leads to may be another one than a
// configuration of Apache, such as a list of passwords: a line that cannot be a directive
// precedes all that are, or no more than half of its lines have the name of a directive, or
// a similar one.
func (c *Config) Foreign(f *source.File) bool {
	if read, ok := f.Parsed.(*file); ok && read.known {
		return false
	}
	known, others, unlike := look(f)
	return unlike || len(others) > 0 && !typo.Mostly(known, others, meant)
}

// Unlike is Foreign for a file that a user names: only what it starts with tells.
func (c *Config) Unlike(f *source.File) bool {
	_, _, unlike := look(f)
	return unlike
}

// meant reports whether a name is the misspelt name of a directive.
func meant(name string) bool { return typo.Misspelt(strings.ToLower(name), lowerNames()) }

// look counts the lines of a file with names of directives, and returns the names of the
// others; unlike is set if the first line of all cannot be a directive.
func look(f *source.File) (known int, others []string, unlike bool) {
	own := &file{src: f, nul: strings.IndexByte(f.Text, 0) >= 0}
	in := &input{file: own, limit: maxLine}
	var l line
	raw := false
	for n := 0; n < maxLooked && in.next(&l); n++ {
		if l.text == "" || l.text[0] == '#' {
			continue
		}
		start, end, _ := word(l.text, 0)
		name := decode(l.text[start:end])
		if _, ok := markIn(name, 0); ok && !f.Literal {
			continue
		}
		if raw {
			raw = !fold(name, "</Perl>")
			continue
		}
		name = strings.TrimPrefix(strings.TrimPrefix(name, "\ufeff"), "\u00a0") // which have rules of their own
		name = strings.TrimSuffix(strings.Replace(name, "</", "<", 1), ">")
		raw = fold(name, "<Perl")
		switch {
		case raw || knownName(name):
			known++
		case known+len(others) == 0 && !likeName(name):
			return 0, nil, true
		default:
			others = append(others, name)
		}
	}
	return known, others, false
}

// knownName reports whether a name is that of a directive or, with a <, of a section of Apache
// or of a module that the tables have.
func knownName(name string) bool {
	return len(httpd.Directives(name)) > 0 || len(httpd.Bringing(name)) > 0
}

// likeName reports whether the name of a directive may be like that.
func likeName(name string) bool {
	name = strings.TrimPrefix(name, "<")
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c) && (c < '0' || '9' < c) && c != '_' && c != '-' && c != '.'
	})
}

// lowerNames yields the names of all directives in lower case.
func lowerNames() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range httpd.Names() {
			if !yield(strings.ToLower(name)) {
				return
			}
		}
	}
}
