package shell

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// expression returns the pattern of a field as an expression that matches a whole text.
// certain is not set if a part of the pattern is not known.
func (f field) expression() (re *regexp.Regexp, certain bool) { return f.pattern(true) }

// pattern returns a pattern of a shell as a regular expression; nil if it has none.
func (f field) pattern(whole bool) (re *regexp.Regexp, certain bool) {
	text, kinds := f.flat()
	expression := filter.Glob(text.String, func(i int) bool { return kinds[i] != quoted })
	if whole {
		expression = "^(?:" + expression + ")$"
	}
	re, err := regexp.Compile("(?s)" + expression)
	if err != nil {
		return nil, false
	}
	re.Longest()
	return re, !hole.In(text)
}

// matches reports whether a value matches the pattern of a case.
func (in *interp) matches(value source.Text, word *syntax.Word) status {
	return in.fits(value, in.asField(word))
}

func (in *interp) fits(value source.Text, f field) status {
	re, certain := f.expression()
	switch {
	case re == nil:
		return undecided
	case strings.Trim(f.text().String, "*") == "" && f.text().String != "" && certain:
		return ok
	case !hole.In(value) && certain:
		return decided(re.MatchString(value.String))
	case certain && !possible(value.String, f):
		return failed
	}
	return undecided
}

// possible reports whether a value with holes may match a pattern: what is known before
// the first hole and after the last one rules out patterns without signs.
func possible(value string, f field) bool {
	text, kinds := f.flat()
	for i := range len(kinds) {
		if kinds[i] != quoted && strings.IndexByte("*?[", text.String[i]) >= 0 {
			return true
		}
	}
	head, rest, _ := strings.Cut(value, hole.Mark)
	tail := rest[strings.LastIndex(rest, hole.Mark)+1:]
	return len(head)+len(tail) <= len(text.String) && strings.HasPrefix(text.String, head) && strings.HasSuffix(text.String, tail)
}

func decided(yes bool) status {
	if yes {
		return ok
	}
	return failed
}

// special reports whether a piece has a sign of a pattern.
func (p piece) special() bool { return p.kind != quoted && strings.ContainsAny(p.text.String, "*?[") }

// glob returns the names that a field matches; the field itself if it is not a pattern or
// matches none.
func (in *interp) glob(f field) []source.Text {
	if !slices.ContainsFunc(f, piece.special) {
		return []source.Text{f.text()}
	}
	text, kinds := f.flat()
	special := func(from, to int) bool {
		for i := from; i < to; i++ {
			if kinds[i] != quoted && strings.IndexByte("*?[", text.String[i]) >= 0 {
				return true
			}
		}
		return false
	}
	if hole.In(text) || !strings.Contains(text.String, "/") && in.dir == hole.Mark {
		return []source.Text{text}
	}
	bases := []string{""}
	for start := 0; start <= len(kinds); {
		end := len(kinds)
		if n := strings.IndexByte(text.String[start:], '/'); n >= 0 {
			end = start + n
		}
		bases = in.step(bases, f.slice(start, end), special(start, end), end < len(kinds))
		start = end + 1
	}
	if len(bases) == 0 {
		return []source.Text{text}
	}
	at := hole.Place(text, 0, len(text.String))
	out := make([]source.Text, len(bases))
	for i, name := range bases {
		out[i] = source.Made(name, at)
	}
	return out
}

// step follows one component of a pattern from the names that matched so far.
func (in *interp) step(bases []string, component field, special, more bool) (out []string) {
	const enough = 5000
	end := ""
	if more {
		end = "/"
	}
	if !special {
		for _, base := range bases {
			if name := base + component.text().String; more || in.w.Lstat(in.abs(name)) != Missing {
				out = append(out, name+end)
			}
		}
		return out
	}
	re, _ := component.expression()
	for _, base := range bases {
		names, _ := in.w.List(in.abs(base))
		for _, name := range sorted(names) {
			hidden := strings.HasPrefix(name, ".") && !strings.HasPrefix(component.text().String, ".")
			if re == nil || hidden || !re.MatchString(name) || len(out) > enough {
				continue
			}
			if !more || in.w.Stat(in.abs(base+name)) == Dir {
				out = append(out, base+name+end)
			}
		}
	}
	return out
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

// abs returns the absolute name of a file; with a hole if the directory is not known.
func (in *interp) abs(name string) string {
	switch {
	case strings.HasPrefix(name, "/"):
		return path.Clean(name)
	case in.dir == hole.Mark:
		return "/" + hole.Mark + path.Clean("/"+name)
	}
	return path.Join(in.dir, name)
}
