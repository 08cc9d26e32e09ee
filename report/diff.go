package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/wp502lint/wp502lint/source"
)

// Diff writes what changes from one text of a file to another as a unified diff for git
// apply and patch -p1. Secrets are masked on both sides alike, and characters that a
// terminal obeys are written out; if the diff has any, hidden is set, and it is for
// reading only.
func Diff(w io.Writer, before, after *source.File, o Options) (hidden bool, err error) {
	name := strings.TrimPrefix(o.path(before), "/")
	from, to := gitName("a/"+name), gitName("b/"+name)
	old, new := withheld(before), withheld(after)
	if after.Parsed == nil { // nothing loads the file any more
		new = secrets{}.mask(new, before)
	}
	shown := diff.Diff(from, []byte(old), to, []byte(new))
	if old != before.Text || new != after.Text { // perhaps in a line that is not shown
		hidden = string(shown) != string(diff.Diff(from, []byte(before.Text), to, []byte(after.Text)))
	}
	if log, ok := w.(*Log); ok && len(shown) > 0 {
		return hidden, log.verbatim(shown)
	}
	_, err = w.Write(shown)
	return hidden, err
}

// Patch writes that a file comes or goes, as Diff does for one that changes: the whole file
// after, or before, and the other one is nil. If link is set, it is a symbolic link, and its text
// is its target. like is a file whose secrets the text may have; nil for none.
func Patch(w io.Writer, before, after *source.File, link bool, like *source.File, o Options) (hidden bool, err error) {
	f, state, mode := after, "new", "100644"
	if f == nil {
		f, state = before, "deleted"
	}
	if link {
		mode = "120000"
	}
	text := harmless(f.Text)
	if like != nil {
		text = harmless(secrets{}.mask(f.Text, like))
	}
	name := strings.TrimPrefix(o.path(f), "/")
	from, to := gitName("a/"+name), gitName("b/"+name)
	head := fmt.Sprintf("diff --git %s %s\n%s file mode %s\n", from, to, state, mode)
	var shown []byte
	if after == nil {
		shown = diff.Diff(from, []byte(text), "/dev/null", nil)
	} else {
		shown = diff.Diff("/dev/null", nil, to, []byte(text))
	}
	_, lines, _ := strings.Cut(string(shown), "\n") // its own first line does not say that a file comes or goes
	_, err = io.WriteString(w, head+lines)
	return text != f.Text, err
}

// withheld returns the text of f as it may be printed.
func withheld(f *source.File) string { return harmless(f.Span(0, len(f.Text)).Masked()) }

// gitName returns a path as git writes it: in quotes, with escapes, when it has
// characters that could be taken for something else (git quote.c).
func gitName(path string) string {
	if Visible(path) == path && !strings.ContainsAny(path, `"\`) {
		return path
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(path) {
		switch c := path[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
