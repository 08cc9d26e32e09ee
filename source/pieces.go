package source

import (
	"slices"
	"sort"
	"strings"
)

// Text is a text that was put together from parts of other files: what a container
// reads as one file may be lines of a file of the project, changed by its Dockerfile
// and filled with values of its compose file.
type Text struct {
	String string
	// Pieces are the parts of String in order, each up to the start of the next one. The
	// first starts at 0. nil: nothing in the project is the origin of the text.
	Pieces []Piece
}

// Piece is a part of a Text.
type Piece struct {
	Start int32 // where it starts in the text
	// From is what the part was made from; zero if nothing in the project was.
	From Span
	// Same is set if the part is From byte for byte, so that a place in one is a place
	// in the other. Else From is what a person edits to change the part: the words of
	// an echo in a Dockerfile, the value of a variable.
	Same bool
}

// Whole returns the text of f.
func Whole(f *File) Text { return Part(f.Span(0, len(f.Text))) }

// Part returns the text at s, byte for byte.
func Part(s Span) Text {
	return Text{s.Text(), []Piece{{0, s, true}}}
}

// Made returns a text that was made from what is at from, which may be zero.
func Made(text string, from Span) Text {
	return Text{text, []Piece{{0, from, from.Text() == text && !from.IsZero()}}}
}

// Slice returns the part of t from byte offset from to byte offset to.
func (t Text) Slice(from, to int) Text {
	out := Text{String: t.String[from:to]}
	for i := t.piece(from); i >= 0 && i < len(t.Pieces) && (int(t.Pieces[i].Start) < to || from == to && len(out.Pieces) == 0); i++ {
		p := t.Pieces[i]
		start := max(from, int(p.Start))
		if p.Same {
			p.From = p.From.Sub(start-int(p.Start), min(to, t.end(i))-int(p.Start))
		}
		p.Start = int32(start - from)
		out.Pieces = append(out.Pieces, p)
	}
	return out
}

// piece returns the index of the last piece that starts at or before offset; -1 for none.
func (t Text) piece(offset int) int {
	return sort.Search(len(t.Pieces), func(i int) bool { return int(t.Pieces[i].Start) > offset }) - 1
}

// end returns where piece i ends.
func (t Text) end(i int) int {
	if i+1 < len(t.Pieces) {
		return int(t.Pieces[i+1].Start)
	}
	return len(t.String)
}

// Join returns the parts one after the other. Adjacent parts of one file that follow
// each other there become one piece again.
func Join(parts ...Text) Text {
	var all strings.Builder
	var pieces []Piece
	for _, part := range parts {
		at := int32(all.Len())
		all.WriteString(part.String)
		if part.Pieces == nil && part.String != "" {
			part.Pieces = []Piece{{}}
		}
		for _, p := range part.Pieces {
			p.Start += at
			if n := len(pieces); n > 0 && pieces[n-1].follows(p) {
				pieces[n-1].From.End = p.From.End
				continue
			}
			pieces = append(pieces, p)
		}
	}
	return Text{all.String(), pieces}
}

// follows reports whether next continues p in the same file.
func (p Piece) follows(next Piece) bool {
	return p.Same && next.Same && p.From.File == next.From.File && p.From.End == next.From.Start && next.Start-p.Start == p.From.End-p.From.Start
}

// Lines returns the lines of t, each with its line end.
func (t Text) Lines() (lines []Text) {
	at := 0
	for line := range strings.Lines(t.String) {
		lines = append(lines, t.Slice(at, at+len(line)))
		at += len(line)
	}
	return lines
}

// Replace returns t with the bytes from one offset to another replaced.
func (t Text) Replace(from, to int, by Text) Text {
	return Join(t.Slice(0, from), by, t.Slice(to, len(t.String)))
}

// File returns a file with the text of t. A place in it has its Origin in t.
func (t Text) File(name string) *File {
	return (&File{Name: name, Real: name, Text: t.String, Pieces: slices.Clip(t.Pieces)}).Derive()
}

// Origin returns the place in the project that a person edits to change what s covers: s
// itself for a file that is read from where it is, and zero if the project holds no
// such place. same is set if the text there is that of s.
//
// If s has parts from several places, the first that was not taken over byte for byte wins:
// of "fastcgi_pass ${PHP}:9000;" that is the value of PHP, since the rest is as written.
func (s Span) Origin() (at Span, same bool) {
	if s.File == nil || s.File.Pieces == nil {
		return s, true
	}
	t := Text{s.File.Text, s.File.Pieces}
	part := t.Slice(int(s.Start), int(s.End))
	for i, p := range part.Pieces {
		switch {
		case i == 0 && p.Same && len(part.Pieces) == 1:
			return p.From.Origin()
		case !p.Same && !p.From.IsZero():
			at, _ = p.From.Origin()
			return at, false
		}
	}
	for _, p := range part.Pieces {
		if !p.From.IsZero() {
			at, _ = p.From.Origin()
			return at, false
		}
	}
	return Span{}, false
}
