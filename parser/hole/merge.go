package hole

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// hunk is a place where two texts differ: lines of the one and those of the other.
type hunk struct{ old, new []source.Text }

// differ returns the lines that two texts start and end with alike, and the lines between
// them.
func differ(old, text source.Text) (head []source.Text, between hunk, tail []source.Text) {
	a, b := old.Lines(), text.Lines()
	n := 0
	for n < min(len(a), len(b)) && a[n].String == b[n].String {
		n++
	}
	head, a, b = a[:n], a[n:], b[n:]
	n = 0
	for n < min(len(a), len(b)) && a[len(a)-1-n].String == b[len(b)-1-n].String {
		n++
	}
	return head, hunk{a[:len(a)-n], b[:len(b)-n]}, a[len(a)-n:]
}

// Mergeable reports whether lines of both texts can be in one file: only braces that
// one of them opens and the other one does not make a file that neither is.
func Mergeable(old, text source.Text) bool {
	_, between, _ := differ(old, text)
	if len(between.old) == len(between.new) {
		return true
	}
	return balanced(between.old) && balanced(between.new)
}

func balanced(lines []source.Text) bool {
	n := 0
	for _, line := range lines {
		n += strings.Count(line.String, "{") - strings.Count(line.String, "}")
	}
	return n == 0
}

// Merge returns a text for a file that is either old or text. What both have is certain.
// Of a line that is another one in the other text the old one is kept, with a doubt, but
// the new one of an empty line;
// lines that only one of them has are all kept, with a doubt each.
func Merge(old, text source.Text, at source.Span) source.Text {
	out, between, tail := differ(old, text)
	out = append([]source.Text(nil), out...)
	if len(between.old) == len(between.new) {
		for i, line := range between.old {
			other := between.new[i]
			if strings.TrimSpace(line.String) == "" {
				line, other = other, line
			}
			if line.String != other.String {
				line = Doubt(line, at)
			}
			out = append(out, line)
		}
		return Join(append(out, tail...)...)
	}
	for _, lines := range [][]source.Text{between.old, between.new} {
		for i, line := range lines {
			if i == len(lines)-1 && !strings.HasSuffix(line.String, "\n") {
				line = Join(line, Plain("\n"))
			}
			if strings.TrimSpace(line.String) != "" { // an empty line says nothing
				line = Doubt(line, at)
			}
			out = append(out, line)
		}
	}
	return Join(append(out, tail...)...)
}
