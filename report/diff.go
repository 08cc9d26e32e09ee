package report

import (
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/wp502lint/wp502lint/source"
)

// Diff writes what changes from one text of a file to another as a unified diff
// for git apply and patch -p1. Secrets are masked on both sides alike; then
// hidden is set, and the diff is for reading only.
func Diff(w io.Writer, before, after *source.File, o Options) (hidden bool, err error) {
	name := strings.TrimPrefix(o.path(before), "/")
	s := secrets{}
	old, new := s.withhold(before), s.withhold(after)
	text := diff.Diff("a/"+name, []byte(old), "b/"+name, []byte(new))
	hidden = strings.Contains(string(text), masked) && (old != before.Text || new != after.Text)
	_, err = w.Write(text)
	return hidden, err
}

// withhold returns the text of f without its secrets.
func (s secrets) withhold(f *source.File) string {
	var b strings.Builder
	done := 0
	for _, secret := range s.of(f).spans {
		b.WriteString(f.Text[done:secret.Start])
		b.WriteString(masked)
		done = int(secret.End)
	}
	b.WriteString(f.Text[done:])
	return b.String()
}
