package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// A frame shows at most widest columns of a line. When a line is cut, before
// columns of it precede the span.
const (
	widest = 200
	before = 60
)

// cut replaces a part of a line that is left out.
const cut = "…"

// frame returns the line on which at starts and the line of carets below it:
// one caret for each code point that at covers on that line, at least one. Tabs
// stay tabs in both, so that they align.
func frame(at, line source.Span) (text, carets string) {
	from, to := window(at, line)
	var b, c strings.Builder
	b.Grow(to - from)
	c.Grow(min(int(at.End), to) - from + 1)
	if from > int(line.Start) {
		b.WriteString(cut)
		c.WriteByte(' ')
	}
	end := max(at.End, at.Start+1)
	next, hides := line.File.Secret(from)
	for i := from; i < to; {
		cell, size := cell(line.File.Text[i:to])
		if hides && int(next.Start) <= i {
			cell, size = source.Mask, min(int(next.End), to)-i
			next, hides = line.File.Secret(i + size)
		}
		b.WriteString(cell)
		switch inside := i+size > int(at.Start) && i < int(end); {
		case inside:
			c.WriteString(strings.Repeat("^", utf8.RuneCountInString(cell)))
		case i < int(at.Start):
			c.WriteString(blank(cell))
		}
		i += size
	}
	if to < int(line.End) {
		b.WriteString(cut)
	}
	if int(at.Start) >= to {
		c.WriteByte('^')
	}
	return b.String(), c.String()
}

// window returns the part of line to show: the whole line, or the text around
// at.
func window(at, line source.Span) (from, to int) {
	from, to = int(line.Start), int(line.End)
	if columns(line.File.Text[from:to], widest) == to-from {
		return from, to
	}
	back := 0
	for from = min(int(at.Start), to); from > int(line.Start) && back < before; back++ {
		_, size := utf8.DecodeLastRuneInString(line.File.Text[line.Start:from])
		from -= size
	}
	return from, from + columns(line.File.Text[from:to], widest)
}

// columns returns how many bytes the first n code points of text take.
func columns(text string, n int) int {
	i := 0
	for ; n > 0 && i < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

// cell returns what to print for the code point that text starts with, and how many bytes
// that has.
func cell(text string) (cell string, size int) {
	r, size := utf8.DecodeRuneInString(text)
	raw := text[:size]
	if r == '\t' || unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
		return raw, size
	}
	return escape(r, raw), size
}

func blank(cell string) string {
	if cell == "\t" {
		return cell
	}
	return strings.Repeat(" ", utf8.RuneCountInString(cell))
}

// style is an SGR sequence of ECMA-48; "" prints as it is.
type style string

const (
	plain  style = ""
	bold   style = "\x1b[1m"
	red    style = "\x1b[1;31m"
	yellow style = "\x1b[1;33m"
	cyan   style = "\x1b[1;36m"
	green  style = "\x1b[1;32m"
	blue   style = "\x1b[34m"
	reset        = "\x1b[0m"
)

var severityStyles = [...]style{lint.Error: red, lint.Warning: yellow, lint.Info: cyan}

// palette paints text, or not: false is a terminal without colours.
type palette bool

func (p palette) paint(s style, text string) string {
	if !p || s == plain || text == "" {
		return text
	}
	return string(s) + text + reset
}
