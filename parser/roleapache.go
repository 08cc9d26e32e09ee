package parser

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// maxApache limits how much of a file is searched for the directives of Apache, in bytes.
const maxApache = 256 << 10

// apacheTally counts the lines of a file by whose they are.
type apacheTally struct {
	own   int // those that only Apache has
	start int // kinds of directives that a main file has, as a rule
	// whole is set for a directive that only a main file has, or that loads an MPM.
	whole bool
	other bool // a directive of another program with files of this form
}

// guessApache is guess for a file of lines and sections, as Apache, ProFTPD, collectd and
// others have them.
func guessApache(f *source.File) guess {
	base := path.Base(f.Name)
	if base == accessFile {
		return guess{role: source.RoleHtaccess, proved: true}
	}
	t := tallyApache(f.Text)
	main := httpd.MainName(base)
	switch {
	case t.other, t.own == 0 && !main, t.own == 0 && t.start == 0:
		return guess{}
	case main && t.start > 0, t.whole && t.start > 2:
		return guess{role: source.RoleApache, proved: t.own > 0}
	case t.own == 0:
		return guess{}
	}
	return guess{role: source.RoleApacheFragment, proved: true}
}

// tallyApache counts the lines of a text.
func tallyApache(text string) (t apacheTally) {
	met := map[string]bool{}
	for line := range strings.Lines(text[:min(len(text), maxApache)]) {
		word, rest := firstWord(line)
		if rest == "" || word[0] == '#' {
			continue
		}
		switch {
		case httpd.Only(word), ownLoad(word, rest), ownSection(word, rest):
			t.own++
		case httpd.Other(word):
			t.other = true
			return t
		}
		kind := strings.ToLower(word)
		switch kind {
		case "serverroot", "pidfile", "defaultruntimedir":
			t.whole = true
		case "loadmodule":
			t.whole = t.whole || strings.HasPrefix(rest, "mpm_")
		case "includeoptional":
			kind = "include"
		case "listen", "user", "include":
		default:
			continue
		}
		if !met[kind] {
			met[kind] = true
			t.start++
		}
	}
	return t
}

// firstWord splits the first word from a line.
func firstWord(line string) (word, rest string) {
	line = strings.TrimSpace(line)
	if end := strings.IndexAny(line, " \t"); end >= 0 {
		return line[:end], strings.TrimLeft(line[end:], " \t")
	}
	return line, ""
}

// ownLoad reports whether a line loads a module of Apache: those of ProFTPD are named after
// their files (httpd mod_so.c, load_module).
func ownLoad(word, rest string) bool {
	name, file := firstWord(rest)
	return strings.EqualFold(word, "LoadModule") && strings.HasSuffix(name, "_module") && file != ""
}

// ownSection reports whether a line starts a section as only Apache has it: a virtual host
// with a port, or a condition on a module by its name.
func ownSection(word, rest string) bool {
	switch strings.ToLower(word) {
	case "<virtualhost":
		return strings.Contains(rest, ":") && !strings.Contains(rest, "://")
	case "<ifmodule":
		return strings.HasSuffix(strings.TrimRight(rest, "> \t"), "_module")
	}
	return false
}

// ofHttpd reports whether a file or a directory around it is named after Apache.
func ofHttpd(name string) bool {
	name = near(name)
	return strings.Contains(name, "apache") || strings.Contains(name, "httpd") && !strings.Contains(name, "lighttpd")
}
