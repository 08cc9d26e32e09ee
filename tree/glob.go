package tree

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// EscapeGlob returns name as a part of a pattern that matches only it.
func EscapeGlob(name string) string { return globLiteral.Replace(name) }

var globLiteral = strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]", `\`, `\\`)

// Glob returns the names that match a pattern, in the order of their bytes, as
// glob(3) does for nginx and PHP-FPM, which leave the locale at C and set no
// flags that matter: "*", "?", "[set]", "[!set]" and "\" never match a slash
// nor, at the start of a component, a dot; a "[" without its "]" is literal; a
// link matches whether or not its target exists. No match is not an error.
//
// Names are as in the pattern, with links in them and without doubled slashes.
// An error says that names may be missing: a directory could not be read, or
// there are more than MaxMatches (ErrLimit).
func (t *Tree) Glob(pattern string) ([]string, error) {
	switch {
	case pattern == "":
		return nil, nil
	case len(pattern) >= maxName:
		return nil, errLongName
	case strings.IndexByte(pattern, 0) >= 0:
		return nil, errNUL
	}
	dir, rest := plainDir(pattern)
	g := globber{tree: t, names: []string{dir}}
	comps := strings.Split(rest, "/")
	for i, comp := range comps {
		last := i == len(comps)-1
		switch {
		case comp == "" && !last:
		case comp == "":
			g.names = slices.DeleteFunc(g.names, func(name string) bool {
				at, err := t.walk(name+"/", true)
				return err != nil || at.kind != Dir
			})
			g.extend("/")
		case !hasMeta(comp):
			g.extend("/" + UnescapeGlob(comp))
			if last {
				g.names = slices.DeleteFunc(g.names, func(name string) bool {
					_, err := t.walk(name, false)
					return err != nil
				})
			}
		default:
			g.expand(comp, last)
		}
		if len(g.names) == 0 {
			break
		}
	}
	slices.Sort(g.names)
	return g.names, g.err
}

// plainDir splits a pattern at the slash of the longest directory that is as written in every name
// that matches.
func plainDir(pattern string) (dir, rest string) {
	end := strings.IndexAny(pattern, `*?[\`)
	if end < 0 {
		end = len(pattern)
	}
	i := strings.LastIndexByte(pattern[:end], '/')
	if i < 1 || pattern[0] != '/' || strings.Contains(pattern[:i+1], "//") {
		return "", pattern
	}
	return pattern[:i], pattern[i+1:]
}

// globber is a Glob in progress: the names that match so far, and the first
// error.
type globber struct {
	tree  *Tree
	names []string
	dirs  int // that were searched
	err   error
}

// extend appends text to every name.
func (g *globber) extend(text string) {
	for i := range g.names {
		g.names[i] += text
	}
}

// expand replaces every name by the entries in it that match comp.
func (g *globber) expand(comp string, last bool) {
	var found []string
	for _, dir := range g.names {
		if g.dirs++; g.dirs > g.tree.MaxMatches {
			g.err = cmp.Or[error](g.err, errMatches)
			break
		}
		list, err := g.tree.List(dir + "/")
		if err != nil {
			if !noDirectory(err) {
				g.err = cmp.Or(g.err, err)
			}
			continue
		}
		if comp[0] == '.' || comp[0] == '\\' {
			list = withDots(list)
		}
		for _, e := range list {
			if !last && e.Type != Dir && e.Type != Link || !match(comp, e.Name) {
				continue
			}
			if len(found) >= g.tree.MaxMatches {
				g.err = cmp.Or[error](g.err, errMatches)
				break
			}
			found = append(found, dir+"/"+e.Name)
		}
	}
	g.names = found
}

// noDirectory reports whether err means that there is nothing to list.
func noDirectory(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNotDir) || errors.Is(err, ErrLoop)
}

// withDots prepends "." and "..", which every directory has on disk.
func withDots(list []Entry) []Entry {
	all := make([]Entry, 0, len(list)+2)
	return append(append(all, Entry{".", Dir}, Entry{"..", Dir}), list...)
}
