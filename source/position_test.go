package source

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// A position on a long line is counted as on a short one.
func TestPositionsOfLongLines(t *testing.T) {
	pieces := []string{"a", "é", "€", "😀", "\xff", "\x80", "\xe2\x82", "\xf0\x9f\x98", "\x80\x80\x80\x80\x80", "\n"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		text := ""
		for len(text) < 5*step {
			if piece := pieces[random.IntN(len(pieces))]; piece != "\n" || random.IntN(step) == 0 {
				text += piece
			}
		}
		f := &File{Text: text}
		for range 500 {
			offset := random.IntN(len(text) + 1)
			got := f.Position(offset)
			if want := 1 + utf8.RuneCountInString(text[f.Line(got.Line).Start:offset]); got.Column != want {
				t.Fatalf("%q: column %d at %d, want %d", text, got.Column, offset, want)
			}
		}
	}
}
