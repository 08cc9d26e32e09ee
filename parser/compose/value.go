package compose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Value is a text of a Compose file with its variables filled in. The zero Value is not
// set.
type Value struct {
	Text string
	// At is the scalar as it is written, without quotes, or a part of it.
	At source.Span
	// Unknown are the variables without value, and the template marks, that Text depends
	// on. Text then has variables empty, as Compose does.
	Unknown []string
	// Var is where the value of a variable is written that Text is made from, in an env
	// file; zero for none.
	Var source.Span

	pieces []source.Piece // nil: Text is that of At, or was made from it as a whole
	holes  []int32        // where in Text each of Unknown is
	vague  bool           // holes are not where they are
	inside bool           // Text starts with $PWD, the base directory
	bare   bool           // a variable without "=", which has no value
}

// Set reports whether v is written in a file.
func (v Value) Set() bool { return !v.At.IsZero() }

// Known reports whether v is set and does not depend on a variable without value.
func (v Value) Known() bool { return v.Set() && len(v.Unknown) == 0 }

// Shown returns the text of v with ${NAME} for each variable without value.
func (v Value) Shown() string {
	if v.vague {
		return v.At.Text()
	}
	return v.Filled(func(name string) string { return "${" + name + "}" })
}

// Filled is Shown with what fill returns for each of the variables, and nothing else if it is not
// known where they are.
func (v Value) Filled(fill func(name string) string) string {
	if v.vague {
		return fill(v.Unknown[0])
	}
	var b strings.Builder
	done := 0
	for i, at := range v.holes {
		b.WriteString(v.Text[done:at] + fill(v.Unknown[i]))
		done = int(at)
	}
	return b.String() + v.Text[done:]
}

// From returns the text of v with the places that it was made from.
func (v Value) From() source.Text {
	if v.pieces == nil {
		return source.Made(v.Text, v.At)
	}
	return source.Text{String: v.Text, Pieces: v.pieces}
}

// sub returns the part of v from byte offset from to byte offset to.
func (v Value) sub(from, to int) Value {
	out := Value{Text: v.Text[from:to], At: v.At, Var: v.Var, inside: v.inside && from == 0, vague: v.vague || len(v.holes) == maxHoles}
	if v.pieces == nil && v.At.End-v.At.Start == int32(len(v.Text)) {
		out.At = v.At.Sub(from, to)
		if len(v.Unknown) == 0 {
			return out
		}
	}
	if v.pieces != nil {
		text := v.From().Slice(from, to)
		out.pieces = text.Pieces
		if len(text.Pieces) == 1 && text.Pieces[0].From.File == v.At.File {
			out.At = text.Pieces[0].From
		}
	}
	for i, hole := range v.holes {
		switch {
		case len(v.holes) == maxHoles: // there may be more anywhere
			out.hole(v.Unknown[i], 0)
		case from <= int(hole) && int(hole) <= to:
			out.hole(v.Unknown[i], hole-int32(from))
		}
	}
	return out
}

// maxHoles limits the variables without value of one text.
const maxHoles = 32

// hole notes that what is at an offset of Text depends on a variable without value.
func (v *Value) hole(name string, at int32) {
	if len(v.holes) < maxHoles {
		v.Unknown, v.holes = append(v.Unknown, name), append(v.holes, at)
	}
}

// with returns v with another text that was made from it as a whole.
func (v Value) with(text string) Value {
	if text == v.Text {
		return v
	}
	v.Text, v.inside = text, false
	v.pieces = []source.Piece{{From: v.At}}
	v.holes, v.vague = make([]int32, len(v.Unknown)), len(v.Unknown) > 0
	return v
}

// joined returns the parts of v one after the other, as one value.
func joined(parts []Value) Value {
	if len(parts) == 1 {
		return parts[0]
	}
	out := Value{At: parts[0].At.To(parts[len(parts)-1].At)}
	texts := make([]source.Text, len(parts))
	at := 0
	for i, part := range parts {
		texts[i] = part.From()
		for j, hole := range part.holes {
			out.hole(part.Unknown[j], hole+int32(at))
		}
		if out.Var.IsZero() {
			out.Var = part.Var
		}
		out.vague = out.vague || part.vague
		at += len(part.Text)
	}
	all := source.Join(texts...)
	out.Text, out.pieces = all.String, slices.Clip(all.Pieces)
	return out
}
