package report

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// Fill returns the words of a text as lines of at most width columns, if no word is longer.
func Fill(text string, width int) []string {
	return strings.Split(fill(text, "", "", width), "\n")
}

// fill returns the words of a text, with first before the first line and indent before all others.
func fill(text, first, indent string, width int) string {
	var b strings.Builder
	b.WriteString(first)
	column := columnsOf(first)
	for n, word := range strings.Fields(text) {
		size := columnsOf(word)
		switch {
		case n == 0:
		case column+1+size > width:
			b.WriteString("\n" + indent)
			column = columnsOf(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += size
	}
	return b.String()
}

// sgr is a sequence that colours what follows.
var sgr = lazyregexp.New("\x1b\\[[0-9;]*m")

// columnsOf returns how many columns a text takes, without the sequences that colour it.
func columnsOf(text string) int { return utf8.RuneCountInString(sgr.ReplaceAllString(text, "")) }
