// Package hole holds texts of which parts are not known: a line that a script writes with
// a variable that nothing gives a value, or one that a command may have changed.
package hole

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Mark replaces a part of a text that is not known: the value of a variable, or what a
// command made of a line. No text of a shell has the byte itself. What the hole was made
// from, its piece, is the reason: the variable or the command.
const Mark = "\x00"

// New returns a text of which nothing is known because of what is at at.
func New(at source.Span) source.Text { return source.Made(Mark, at) }

// NewLines returns lines of which nothing is known, not even how many there are.
func NewLines(at source.Span) source.Text { return Join(New(at), Plain("\n")) }

// All reports whether nothing is known of t.
func All(t source.Text) bool { return In(t) && strings.Trim(t.String, Mark+"\n") == "" }

// In reports whether a part of t is not known.
func In(t source.Text) bool { return strings.Contains(t.String, Mark) }

// Doubtful is a line of a text that may be another one in truth.
type Doubtful struct {
	Start, End int         // in the text, with the line end
	At         source.Span // what is not known: "$PORT", "sed -i …"; may be zero
	Inside     bool        // what is not known is inside the line, and not at its end
}

// Settle returns t without holes, for a parser, and which lines of it had any.
func Settle(t source.Text) (source.Text, []Doubtful) {
	if !In(t) {
		return t, nil
	}
	var parts []source.Text
	var doubts []Doubtful
	at := 0
	for _, line := range t.Lines() {
		if first := strings.Index(line.String, Mark); first >= 0 {
			why := Place(line, first, first+1)
			inside := !strings.HasSuffix(strings.TrimRight(line.String, " \t\r\n"), Mark)
			line = filled(line)
			doubts = append(doubts, Doubtful{at, at + len(line.String), why, inside})
		}
		parts = append(parts, line)
		at += len(line.String)
	}
	return Join(parts...), doubts
}

// Lines reports whether t has a line of which nothing is known, in place of which there may
// be several, or none: what a command printed.
func Lines(t source.Text) bool {
	for line := range strings.Lines(t.String) {
		if strings.Contains(line, Mark) && strings.Trim(line, Mark+" \t\r\n") == "" {
			return true
		}
	}
	return false
}

// filled returns t without its holes.
func filled(t source.Text) source.Text {
	var parts []source.Text
	at := 0
	for part := range strings.SplitSeq(t.String, Mark) {
		parts = append(parts, t.Slice(at, at+len(part)))
		at += len(part) + 1
	}
	return Join(parts...)
}

// Doubt returns a line with a hole at its end, before the line end.
func Doubt(line source.Text, at source.Span) source.Text {
	if In(line) {
		return line
	}
	n := len(strings.TrimRight(line.String, "\r\n"))
	return source.Join(line.Slice(0, n), New(at), line.Slice(n, len(line.String)))
}

// Place returns what a part of t was made from.
func Place(t source.Text, from, to int) source.Span {
	var at source.Span
	for _, p := range t.Slice(from, to).Pieces {
		switch {
		case p.From.IsZero():
		case at.IsZero():
			at = p.From
		case at.File == p.From.File && p.From.End > at.End:
			at.End = p.From.End
		}
	}
	return at
}

// Name returns a name with * in place of each hole.
func Name(name string) string { return strings.ReplaceAll(name, Mark, "*") }

// Plain returns a text that nothing in the project is the origin of.
func Plain(text string) source.Text { return source.Text{String: text} }

// maxText is the greatest length of a text that is put together.
const maxText = 1 << 20

// Join returns the parts one after the other, and a hole in place of a text that is too
// long.
func Join(parts ...source.Text) source.Text {
	length := 0
	kept := make([]source.Text, 0, len(parts))
	for _, p := range parts {
		if p.String != "" {
			kept = append(kept, p)
			length += len(p.String)
		}
	}
	switch {
	case length > maxText:
		return New(source.Span{})
	case len(kept) == 1:
		return kept[0]
	}
	return source.Join(kept...)
}

// Spaced returns texts with a blank between each two.
func Spaced(texts []source.Text) source.Text {
	var parts []source.Text
	for i, t := range texts {
		if i > 0 {
			parts = append(parts, blank(texts[i-1], t))
		}
		parts = append(parts, t)
	}
	return Join(parts...)
}

// blank returns the blank between two texts: the one that is written between them, if
// they are in one file with just that.
func blank(a, b source.Text) source.Text {
	if len(a.Pieces) > 0 && len(b.Pieces) > 0 {
		last, first := a.Pieces[len(a.Pieces)-1], b.Pieces[0]
		if f := last.From.File; last.Same && first.Same && f == first.From.File && first.From.Start == last.From.End+1 && f.Text[last.From.End] == ' ' {
			return source.Part(f.Span(int(last.From.End), int(first.From.Start)))
		}
	}
	return Plain(" ")
}
