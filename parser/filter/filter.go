package filter

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// Translate is tr: it replaces the bytes of one set by those of another one, or deletes
// them if that is empty. understood is not set if a set is not a plain list of bytes.
func Translate(text, set, by source.Text) (out source.Text, understood bool) {
	from, to := listed(set), listed(by)
	deletes := by.String == ""
	if from == "" || !deletes && len(to) != len(from) && len(to) != 1 {
		return source.Text{}, false
	}
	var parts []source.Text
	at := 0
	for i := range len(text.String) {
		n := strings.IndexByte(from, text.String[i])
		if n < 0 {
			continue
		}
		parts = append(parts, text.Slice(at, i))
		if !deletes {
			n = min(n, len(to)-1)
			parts = append(parts, source.Made(to[n:n+1], hole.Place(by, 0, len(by.String))))
		}
		at = i + 1
	}
	return hole.Join(append(parts, text.Slice(at, len(text.String)))...), true
}

// listed returns the bytes of a set of tr; "" for one that is not understood.
func listed(set source.Text) string {
	switch set.String {
	case "a-z", "[:lower:]", "[a-z]":
		return "abcdefghijklmnopqrstuvwxyz"
	case "A-Z", "[:upper:]", "[A-Z]":
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	}
	t := Unescape(set, Format).String
	if strings.ContainsAny(t, "[-"+hole.Mark) && len(t) > 1 {
		return ""
	}
	return t
}

// Grep is grep: it returns the lines that match and those that are not known. unsure is set if
// none but the latter were found. whole is for grep -x, inverted for grep -v.
func Grep(text source.Text, re *regexp.Regexp, whole, inverted bool) (found []source.Text, unsure bool) {
	sure := false
	for _, line := range text.Lines() {
		body := strings.TrimRight(line.String, "\n")
		matches := re.MatchString(body)
		if whole {
			matches = matches && re.FindString(body) == body
		}
		switch {
		case hole.In(line):
			unsure = true
		case matches == inverted:
			continue
		default:
			sure = true
		}
		found = append(found, line)
	}
	return found, unsure && !sure
}

// Cut is cut: it takes the nth field of each line, and those after it if rest is set.
func Cut(text source.Text, delimiter byte, n int, rest bool) source.Text {
	var parts []source.Text
	for _, line := range text.Lines() {
		body := strings.TrimRight(line.String, "\n")
		if strings.IndexByte(body, delimiter) < 0 {
			parts = append(parts, line.Slice(0, len(body)), hole.Plain("\n"))
			continue
		}
		start := 0
		for range n - 1 {
			next := strings.IndexByte(body[start:], delimiter)
			if next < 0 {
				start = len(body)
				break
			}
			start += next + 1
		}
		end := len(body)
		if next := strings.IndexByte(body[start:], delimiter); next >= 0 && !rest {
			end = start + next
		}
		parts = append(parts, line.Slice(start, end), hole.Plain("\n"))
	}
	return hole.Join(parts...)
}

// Envsubst replaces $name and ${name} by the values of variables. lookup returns the value
// of one that is written at a place, and false to leave it as it is.
func Envsubst(text source.Text, lookup func(name string, at source.Span) (source.Text, bool)) source.Text {
	var parts []source.Text
	at := 0
	for _, r := range references(text.String) {
		value, replaced := lookup(r.name, hole.Place(text, r.start, r.end))
		if !replaced {
			continue
		}
		parts = append(parts, text.Slice(at, r.start), value)
		at = r.end
	}
	return hole.Join(append(parts, text.Slice(at, len(text.String)))...)
}

// References returns the names of the variables that Envsubst would replace in a text.
func References(text string) (names []string) {
	for _, r := range references(text) {
		names = append(names, r.name)
	}
	return names
}

// reference is a variable in a text: $name or ${name}.
type reference struct {
	name       string
	start, end int
}

var variables = lazyregexp.New(`\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))`)

func references(text string) (out []reference) {
	for at := 0; ; {
		m := variables.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return out
		}
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		out = append(out, reference{text[at+from : at+to], at + m[0], at + m[1]})
		at += m[1]
	}
}
