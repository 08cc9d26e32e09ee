package fix

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

func file(text string) *source.File { return &source.File{Name: "/a", Real: "/a", Text: text} }

func replace(f *source.File, start, end int, text string) source.Edit {
	return source.Edit{At: f.Span(start, end), New: text}
}

func finding(fixes ...lint.Fix) lint.Finding { return lint.Finding{Fixes: fixes} }

func safe(edits ...source.Edit) lint.Fix { return lint.Fix{Safe: true, Edits: edits} }

func TestApply(t *testing.T) {
	a, b := file("0123456789"), file("abcdef")
	for _, c := range []struct {
		name     string
		findings []lint.Finding
		want     map[*source.File]string
	}{
		{"nothing", nil, nil},
		{"no safe fix", []lint.Finding{finding(lint.Fix{Edits: []source.Edit{replace(a, 0, 1, "X")}})}, nil},
		{"the first safe one", []lint.Finding{finding(
			lint.Fix{Edits: []source.Edit{replace(a, 0, 1, "X")}}, safe(replace(a, 1, 2, "Y")), safe(replace(a, 2, 3, "Z")),
		)}, map[*source.File]string{a: "0Y23456789"}},
		{"two files", []lint.Finding{finding(safe(replace(a, 9, 10, ""), replace(b, 0, 0, ">")))},
			map[*source.File]string{a: "012345678", b: ">abcdef"}},
		{"any order", []lint.Finding{finding(safe(replace(a, 8, 9, "Y"), replace(a, 0, 2, "")))},
			map[*source.File]string{a: "234567Y9"}},
		{"neighbours", []lint.Finding{finding(safe(replace(a, 0, 5, "X"))), finding(safe(replace(a, 5, 6, "Y")))},
			map[*source.File]string{a: "XY6789"}},
		{"a whole fix waits", []lint.Finding{
			finding(safe(replace(a, 0, 5, "X"))),
			finding(safe(replace(b, 0, 1, "Y"), replace(a, 4, 6, "Y"))),
			finding(safe(replace(b, 0, 2, "Z"))),
		}, map[*source.File]string{a: "X56789", b: "Zcdef"}},
		{"one that meets itself waits", []lint.Finding{finding(safe(replace(a, 0, 3, "X"), replace(a, 2, 4, "Y")))}, nil},
		{"two insertions at one place", []lint.Finding{finding(safe(replace(a, 3, 3, "X"))), finding(safe(replace(a, 3, 3, "Y")))},
			map[*source.File]string{a: "012X3456789"}},
		{"an insertion at an edge", []lint.Finding{finding(safe(replace(a, 3, 5, "X"))), finding(safe(replace(a, 5, 5, "Y")))},
			map[*source.File]string{a: "012X56789"}},
		{"no change", []lint.Finding{finding(safe(replace(a, 3, 4, "3")))}, nil},
		{"nobody wrote it", []lint.Finding{finding(safe(replace(a, 3, 4, "X"), source.Edit{New: "Y"}))}, nil},
	} {
		if got := Apply(c.findings); !maps.Equal(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.name, texts(got), texts(c.want))
		}
	}
	if a.Text != "0123456789" || b.Text != "abcdef" {
		t.Errorf("a file was touched: %q, %q", a.Text, b.Text)
	}
}

func texts(m map[*source.File]string) []string {
	var out []string
	for text := range maps.Values(m) {
		out = append(out, text)
	}
	return out
}

// each returns the text of f after findings with a fix of one edit each.
func each(f *source.File, edits []source.Edit) string {
	var findings []lint.Finding
	for _, e := range edits {
		findings = append(findings, finding(safe(e)))
	}
	if text, ok := Apply(findings)[f]; ok {
		return text
	}
	return f.Text
}

func TestEdits(t *testing.T) {
	a, b := file("line\r\n\xff\n"), file("other")
	got := each(a, []source.Edit{replace(a, 4, 6, "\n"), replace(b, 0, 5, ""), replace(a, 0, 4, "LINE"), {New: "x"}, replace(a, 5, 6, "?")})
	if want := "LINE\n\xff\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Outside the edits that are made, no byte changes: for any edits, the result
// is the text between them with the new texts inserted, and every edit that was
// left out overlaps one that was made.
func TestApplyKeepsTheRest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const distinct = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\xff\r\n"
	for range 2000 {
		f := file(distinct)
		covered := make([]bool, len(f.Text))
		var edits []source.Edit
		for range random.IntN(10) {
			start := random.IntN(len(f.Text))
			end := min(start+random.IntN(8), len(f.Text))
			edits = append(edits, replace(f, start, end, "<>"))
			for i := start; i < end; i++ {
				covered[i] = true
			}
		}
		got := each(f, edits)
		checkRest(t, f.Text, strings.ReplaceAll(got, "<>", ""), covered, edits)
	}
}

// checkRest fails when rest lacks a byte that no edit covers, or has one more
// than the text, or has them in another order.
func checkRest(t *testing.T, text, rest string, covered []bool, edits []source.Edit) {
	t.Helper()
	i := 0
	for j := range len(text) {
		if i < len(rest) && rest[i] == text[j] {
			i++
		} else if !covered[j] {
			t.Fatalf("byte %d is lost by %v: %q", j, edits, rest)
		}
	}
	if i != len(rest) {
		t.Fatalf("%q is not what is left of %q after %v", rest, text, edits)
	}
}

func BenchmarkApply(b *testing.B) {
	f := file(strings.Repeat("0123456789", 10_000))
	var findings []lint.Finding
	for i := range 10_000 {
		findings = append(findings, finding(safe(replace(f, i*10, i*10+5, "x"))))
	}
	for b.Loop() {
		Apply(findings)
	}
}
