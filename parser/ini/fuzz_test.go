package ini

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// maxInput is the size in bytes of the largest text that the fuzz targets parse: a larger
// one only takes longer.
const maxInput = 8 << 10

func FuzzLineMode(f *testing.F) { fuzz(f, LineMode) }

func FuzzFileMode(f *testing.F) { fuzz(f, FileMode) }

// fuzz checks the invariants of every text: no panic, every span inside the file and
// in order, and no more statements and problems than bytes.
func fuzz(f *testing.F, mode Mode) {
	for _, r := range rows {
		f.Add(r.text + "\n")
	}
	f.Add("[a]\nk = \"x\ny\"\nl = 'a\nb'\n")
	f.Add("{% if a %}\n[b]\n")
	f.Add("k = \x00'\n'")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxInput {
			return
		}
		src := &source.File{Name: "/f", Text: text}
		file := Parse(src, mode)
		last := int32(0)
		for l := range file.Lines() {
			for _, s := range []source.Span{l.KeyAt(), l.IndexAt(), l.Value().At} {
				inside(t, src, s)
			}
			if l.KeyAt().Start < last {
				t.Errorf("%q: a line at %d stands behind one at %d", text, l.KeyAt().Start, last)
			}
			last = l.KeyAt().Start
			if l.Kind() == Entry && l.Value().At.File == nil {
				t.Errorf("%q: the value of %q has no place", text, l.Key())
			}
		}
		for _, p := range file.Problems {
			inside(t, src, p.At)
		}
		for _, s := range src.Comments {
			inside(t, src, s)
		}
		if n := file.Count() + len(file.Problems) + len(src.Comments); n > 2*len(text)+1 {
			t.Errorf("%q: %d results", text, n)
		}
	})
}

func inside(t *testing.T, src *source.File, s source.Span) {
	t.Helper()
	if s.IsZero() {
		return
	}
	if s.File != src || s.Start < 0 || s.Start > s.End || int(s.End) > len(src.Text) {
		t.Errorf("span %d-%d of %q is outside", s.Start, s.End, src.Text)
	}
}
