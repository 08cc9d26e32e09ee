// Package pieces checks and shows, in tests, what the parts of a text are made from.
package pieces

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// Check reports pieces that are not in order, are made from no place of their file, or say
// that they are the same bytes and are not.
func Check(t testing.TB, text source.Text) {
	t.Helper()
	for i, p := range text.Pieces {
		end := endOf(text, i)
		if i == 0 && p.Start != 0 || p.Start < 0 || int(p.Start) > end || end > len(text.String) {
			t.Fatalf("piece %d of %q is from %d to %d", i, text.String, p.Start, end)
		}
		if from := p.From; from.File != nil && (from.Start < 0 || from.Start > from.End || int(from.End) > len(from.File.Text)) {
			t.Fatalf("piece %d of %q is made from %d to %d of %d bytes", i, text.String, from.Start, from.End, len(from.File.Text))
		}
		if part := text.String[p.Start:end]; p.Same && part != p.From.Text() {
			t.Errorf("a piece of %q is %q, and at its place is %q", text.String, part, p.From.Text())
		}
	}
}

// Show returns a text as its parts: [the same bytes] and {part = what it is made from}.
func Show(text source.Text) string {
	var b strings.Builder
	for i, p := range text.Pieces {
		part := text.String[p.Start:endOf(text, i)]
		switch {
		case p.Same && p.From.Text() == part:
			fmt.Fprintf(&b, "[%s]", part)
		case p.Same:
			fmt.Fprintf(&b, "<%q is not %q>", part, p.From.Text())
		default:
			fmt.Fprintf(&b, "{%s = %s}", part, p.From.Text())
		}
	}
	return b.String()
}

func endOf(text source.Text, i int) int {
	if i+1 < len(text.Pieces) {
		return int(text.Pieces[i+1].Start)
	}
	return len(text.String)
}
