package parser

import (
	"cmp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/cloudflared"
	"github.com/wp502lint/wp502lint/source"
)

// guess is the role of a file that no configuration is known to load.
type guess struct {
	// role is the role that the file may have; "" if it belongs to no server.
	role source.Role
	// master is set for a pool file with [global] and the name of a main file: PHP-FPM
	// may start with it, although pool files elsewhere may belong to it.
	master bool
	// proved is set if no other program has such a file. A walk reads only what is
	// proved. A file that the user names may be less.
	proved bool
}

// guess detects the role of f by its content, its name and its directory: the main file
// of nginx, Apache or PHP-FPM, a fragment, a pool file, or a php.ini.
func (r *reader) guess(f *source.File) guess {
	switch {
	case strings.HasPrefix(f.Text, "#!"):
		return guess{} // a script, which may have a configuration in it
	case cloudflared.Is(f):
		return guess{role: source.RoleTunnel, proved: true}
	case looksLikeIni(f.Text):
		return guessIni(r.parseFPM(f).File)
	}
	g := guessNginx(r.parseNginx(f))
	if !g.proved {
		if other := guessApache(f); other.proved || other.role != "" && g.role == "" {
			return other
		}
	}
	return g
}

// near returns the last part of name, in lower case: the file and the two directories
// around it. Where a project is checked out tells nothing about its files.
func near(name string) string {
	_, below := splitTail(name, 3)
	return strings.ToLower(cmp.Or(below, name))
}

// mark reports whether a line starts with a statement of a template's own language.
func mark(line string) bool {
	return strings.HasPrefix(line, "{%") || strings.HasPrefix(line, "{{") || strings.HasPrefix(line, "<%")
}

// looksLikeIni reports whether the first line that is not blank, a comment or a
// template's own statement is a [section] or a key = value.
func looksLikeIni(text string) bool {
	text = strings.TrimPrefix(text, "\ufeff")
	for len(text) > 0 {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSpace(line)
		switch {
		case line == "", line[0] == '#', mark(line):
			continue
		case line[0] == ';':
			return true
		case line[0] == '[':
			return true
		}
		key, _, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		return ok && key != "location" && !strings.ContainsAny(key, " \t{};$\"'")
	}
	return false
}
