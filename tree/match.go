package tree

import "strings"

// hasMeta reports whether a component is a pattern: a "[" without "]" is not
// one (glibc glob_pattern_type).
func hasMeta(comp string) bool {
	open := false
	for i := 0; i < len(comp); i++ {
		switch comp[i] {
		case '*', '?':
			return true
		case '\\':
			i++
		case '[':
			open = true
		case ']':
			if open {
				return true
			}
		}
	}
	return false
}

// UnescapeGlob returns the only name that a pattern without wildcards matches: its backslashes are gone.
func UnescapeGlob(comp string) string {
	if strings.IndexByte(comp, '\\') < 0 {
		return comp
	}
	var plain strings.Builder
	for i := 0; i < len(comp); i++ {
		if comp[i] == '\\' && i+1 < len(comp) {
			i++
		}
		plain.WriteByte(comp[i])
	}
	return plain.String()
}

// match reports whether name, one component, matches a pattern as in fnmatch(3)
// in the C locale with FNM_PERIOD. It backtracks only to the last "*", so its
// time is at most the product of the lengths.
func match(pattern, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") && !strings.HasPrefix(pattern, `\.`) {
		return false
	}
	p, n := 0, 0
	star, mark := -1, 0 // after the last "*", and the end of what it has matched
	for n < len(name) {
		if p < len(pattern) && pattern[p] == '*' {
			p++
			star, mark = p, n
			continue
		}
		if width, ok := matchByte(pattern[p:], name[n]); ok {
			p += width
			n++
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		p, n = star, mark
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchByte matches c against the first element of pattern and returns the
// length of that element.
func matchByte(pattern string, c byte) (width int, ok bool) {
	switch {
	case pattern == "":
		return 0, false
	case pattern[0] == '?':
		return 1, true
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, pattern[1] == c
	case pattern[0] == '\\':
		return 1, false
	case pattern[0] == '[':
		if width, ok = matchSet(pattern, c); width > 0 {
			return width, ok
		}
	}
	return 1, pattern[0] == c
}

// matchSet matches c against a bracket expression, whose length is 0 if it has
// no end.
func matchSet(pattern string, c byte) (width int, ok bool) {
	i := 1
	not := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if not {
		i++
	}
	found := false
	for first := true; ; first = false {
		if i >= len(pattern) {
			return 0, false
		}
		if pattern[i] == ']' && !first {
			return i + 1, found != not
		}
		if class, rest, cut := cutClass(pattern[i:]); cut {
			found = found || inClass(class, c)
			i = len(pattern) - len(rest)
			continue
		}
		low, next := setByte(pattern, i)
		high := low
		if next+1 < len(pattern) && pattern[next] == '-' && pattern[next+1] != ']' {
			high, next = setByte(pattern, next+1)
		}
		found = found || low <= c && c <= high
		i = next
	}
}

// setByte returns the byte at i, which may be escaped by a backslash, and the
// index after it.
func setByte(pattern string, i int) (c byte, next int) {
	if pattern[i] == '\\' && i+1 < len(pattern) {
		i++
	}
	return pattern[i], i + 1
}

// cutClass cuts off a leading "[:name:]".
func cutClass(pattern string) (class, rest string, ok bool) {
	inner, ok := strings.CutPrefix(pattern, "[:")
	if !ok {
		return "", pattern, false
	}
	class, rest, ok = strings.Cut(inner, ":]")
	if _, known := classes[class]; !ok || !known {
		return "", pattern, false
	}
	return class, rest, true
}

// classes are the character classes of the C locale, as pairs of bounds
// (POSIX XBD 7.3.1).
var classes = map[string]string{
	"alnum": "09AZaz", "alpha": "AZaz", "blank": "  \t\t", "cntrl": "\x00\x1f\x7f\x7f",
	"digit": "09", "graph": "!~", "lower": "az", "print": " ~", "punct": "!/:@[`{~",
	"space": "  \t\r", "upper": "AZ", "xdigit": "09AFaf",
}

func inClass(class string, c byte) bool {
	for bounds := classes[class]; len(bounds) >= 2; bounds = bounds[2:] {
		if bounds[0] <= c && c <= bounds[1] {
			return true
		}
	}
	return false
}
