package fpm

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// maxDoubled limits how many names in doubled brackets are looked for in the values of a file.
const maxDoubled = 100

// doubled reports whether a line of the file is the header of a pool in doubled brackets, as
// in TOML, which PHP-FPM refuses, and not the mark of a template: [[www]] has the name of the
// file or one that a value has too, settings of PHP-FPM follow, and the file has no other mark.
func doubled(src *source.File) bool {
	if !strings.Contains(src.Text, "[[") {
		return false
	}
	looked := 0
	for rest := src.Text; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		name, opened := strings.CutPrefix(strings.TrimSpace(line), "[[")
		name, closed := strings.CutSuffix(name, "]]")
		if !opened || !closed || !isName(name) || !setting(rest) {
			continue
		}
		if named(src.Name, name) || looked < maxDoubled && inValue(src.Text, name) {
			return !otherMark(src.Text)
		}
		looked++
	}
	return false
}

// otherMark reports whether text has a template mark that is not in doubled brackets.
func otherMark(text string) bool {
	for m, ok := source.FindMark(text, 0); ok; m, ok = source.FindMark(text, m.End) {
		if !strings.HasPrefix(text[m.Start:], "[[") {
			return true
		}
	}
	return false
}

// isName reports whether name may be that of a pool; one without small letters is a
// template's.
func isName(name string) bool {
	return strings.ContainsFunc(name, isLower) && !strings.ContainsFunc(name, notInName)
}

func isLower(c rune) bool { return 'a' <= c && c <= 'z' }

func notInName(c rune) bool {
	return !isLower(c|0x20) && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.'
}

// setting reports whether the next line of text that is not empty or a comment sets something
// that PHP-FPM knows.
func setting(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == ';' {
			continue
		}
		key, _, ok := strings.Cut(line, "=")
		key, _, _ = strings.Cut(key, "[")
		return ok && servers.FPMKeyOf(lower(strings.TrimSpace(key))) != 0
	}
	return false
}

// named reports whether a section of this name is what a file of this path is for.
func named(file, name string) bool {
	base := path.Base(file)
	return strings.EqualFold(strings.TrimSuffix(base, path.Ext(base)), name) || name == "www" || name == "global"
}

// inValue reports whether a value has name as a word.
func inValue(text, name string) bool {
	for line := range strings.Lines(text) {
		_, value, _ := strings.Cut(line, "=")
		for {
			before, after, found := strings.Cut(value, name)
			if !found {
				break
			}
			if (before == "" || !inName(rune(before[len(before)-1]))) && (after == "" || !inName(rune(after[0]))) {
				return true
			}
			value = after
		}
	}
	return false
}

func inName(c rune) bool { return !notInName(c) && c != '.' }
