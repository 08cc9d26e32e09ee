package nginx

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// maxInput is the size in bytes of the largest text that the fuzz target parses: a larger
// one only takes longer.
const maxInput = 8 << 10

func FuzzParse(f *testing.F) {
	for _, row := range accepted {
		f.Add(row.text)
		f.Add(frames[row.frame][0] + row.text + frames[row.frame][1])
	}
	for _, row := range refused {
		f.Add(row.text)
		f.Add(frames[row.frame][0] + row.text + frames[row.frame][1])
	}
	f.Add(site)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= maxInput {
			sound(t, parse(text))
		}
	})
}

// sound checks the invariants of every tree.
func sound(t *testing.T, f *File) {
	t.Helper()
	text := f.Source.Text
	if n := f.Count() + len(f.Problems) + len(f.Source.Comments); n > 2*len(text)+1 {
		t.Fatalf("%q: %d results", text, n)
	}
	last := int32(0)
	for _, p := range f.Problems {
		if p.At.File != f.Source || p.At.Start < last || p.At.End < p.At.Start || int(p.At.End) > len(text) || p.Message == "" {
			t.Fatalf("%q: problem %q at %d-%d behind one at %d", text, p.Message, p.At.Start, p.At.End, last)
		}
		last = p.At.Start
	}
	if whole(f) {
		covers(t, f)
	}
	includes := 0
	for d := range f.All() {
		nested(t, d)
		if !d.HasBlock() && d.IncludesBefore() != includes {
			t.Fatalf("%q: %d includes before %s, want %d", text, d.IncludesBefore(), d.Name(), includes)
		}
		if d.IsInclude() {
			includes++
		}
	}
}

// whole reports whether f was read to its end and its tree kept.
func whole(f *File) bool {
	for _, p := range f.Problems {
		if p.Kind == source.Limit && f.Count() > 0 || p.Kind == source.Template || p.Message == "not an nginx configuration" {
			return false
		}
	}
	return true
}

// covers checks that the words, in order, and the text between them make up the
// file: blanks, delimiters, comments, Lua, and text skipped after a mistake.
func covers(t *testing.T, f *File) {
	t.Helper()
	text := f.Source.Text
	spans := slices.Clone(f.Source.Comments)
	for d := range f.All() {
		spans = append(spans, d.NameWord().Span())
		for _, w := range d.Args() {
			spans = append(spans, w.Span())
		}
		if lua := d.Lua(); !lua.IsZero() {
			spans = append(spans, lua)
		}
	}
	for _, s := range f.skipped {
		spans = append(spans, f.Source.Span(int(s.start), int(s.end)))
	}
	slices.SortStableFunc(spans, func(a, b source.Span) int { return cmp.Compare(a.Start, b.Start) })
	at := int32(0)
	if strings.HasPrefix(text, bom) {
		at = int32(len(bom))
	}
	for _, s := range append(spans, f.Source.Span(len(text), len(text))) {
		if s.Start < at || s.End < s.Start {
			t.Fatalf("%q: %d-%d %q overlaps what ends at %d", text, s.Start, s.End, s.Text(), at)
		}
		if gap := strings.Trim(text[at:s.Start], " \t\r\n;{}"); gap != "" {
			t.Fatalf("%q: %q before %d is in no word", text, gap, s.Start)
		}
		at = s.End
	}
}

// nested checks that d lies inside its parent, and its parts inside d.
func nested(t *testing.T, d Directive) {
	t.Helper()
	whole, header, term := d.Whole(), d.Span(), d.Terminator()
	if header.Start != whole.Start || term.Start < header.End || whole.End < term.End {
		t.Fatalf("%q: header %v and terminator %v are not inside %v", d.file.Source.Text, header, term, whole)
	}
	if s := term.Text(); s != "" && s != ";" && s != "{" || d.HasBlock() && s == ";" || !d.HasBlock() && s == "{" {
		t.Fatalf("%q: the terminator of %q is %q", d.file.Source.Text, d.Name(), s)
	}
	if c := d.Close(); !c.IsZero() && c.Text() != "}" {
		t.Fatalf("%q: %q is closed by %q", d.file.Source.Text, d.Name(), c.Text())
	}
	if up := d.Parent(); !up.IsZero() && (whole.Start < up.Terminator().End || up.Whole().End < whole.End || up.index >= d.index) {
		t.Fatalf("%q: %v is not inside its parent %v", d.file.Source.Text, whole, up.Whole())
	}
	children := 0
	for c := range d.Children() {
		children++
		if c.Parent() != d {
			t.Fatalf("%q: %q has another parent", d.file.Source.Text, c.Name())
		}
	}
	if children > 0 && !d.HasBlock() {
		t.Fatalf("%q: %q has children without a block", d.file.Source.Text, d.Name())
	}
}
