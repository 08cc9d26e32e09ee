package shell

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// maxBraces is how many words the braces of one make.
const maxBraces = 1000

// flat returns the text of a field and the kind of each of its bytes.
func (f field) flat() (text source.Text, kinds string) {
	var all strings.Builder
	for _, p := range f {
		all.WriteString(strings.Repeat(string(p.kind), len(p.text.String)))
	}
	return f.text(), all.String()
}

// slice returns a part of a field.
func (f field) slice(from, to int) (out field) {
	at := 0
	for _, p := range f {
		n := len(p.text.String)
		if a, b := max(from-at, 0), min(to-at, n); a < b {
			out = append(out, piece{p.text.Slice(a, b), p.kind})
		}
		at += n
	}
	return out
}

// braces returns the words that bash makes of one with braces.
func (f field) braces() []field {
	if !slices.ContainsFunc(f, func(p piece) bool { return p.kind == written && strings.Contains(p.text.String, "{") }) {
		return []field{f}
	}
	text, kinds := f.flat()
	for open := range len(kinds) {
		if kinds[open] != written || text.String[open] != '{' {
			continue
		}
		bounds := elements(text.String, kinds, open)
		if bounds == nil {
			continue
		}
		head, tail := f.slice(0, open), f.slice(bounds[len(bounds)-1]+1, len(kinds))
		var out []field
		for _, element := range f.elements(text.String, bounds) {
			joined := append(append(append(field(nil), head...), element...), tail...)
			out = append(out, joined.braces()...)
			if len(out) > maxBraces {
				break
			}
		}
		return out
	}
	return []field{f}
}

// elements returns the places of the opening brace, the commas and the closing brace; nil
// if they are not braces that bash expands.
func elements(text, kinds string, open int) []int {
	bounds, depth := []int{open}, 0
	for i := open + 1; i < len(kinds); i++ {
		if kinds[i] != written {
			continue
		}
		switch c := text[i]; {
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == ',' && depth == 0:
			bounds = append(bounds, i)
		case c == '}':
			if _, _, sequence := sequence(text[open+1 : i]); len(bounds) == 1 && !sequence {
				return nil
			}
			return append(bounds, i)
		}
	}
	return nil
}

// sequence returns the ends of a sequence of numbers: 1..5.
func sequence(text string) (from, to int, isOne bool) {
	a, b, _ := strings.Cut(text, "..")
	from, err := strconv.Atoi(a)
	to, err2 := strconv.Atoi(b)
	return from, to, err == nil && err2 == nil
}

func (f field) elements(text string, bounds []int) (out []field) {
	if len(bounds) > 2 {
		for i, start := range bounds[:len(bounds)-1] {
			out = append(out, f.slice(start+1, bounds[i+1]))
		}
		return out
	}
	from, to, _ := sequence(text[bounds[0]+1 : bounds[1]])
	step := 1
	if to < from {
		step = -1
	}
	at := hole.Place(f.text(), bounds[0], bounds[1]+1)
	for n := from; len(out) <= maxBraces; n += step {
		out = append(out, field{piece{source.Made(strconv.Itoa(n), at), quoted}})
		if n == to {
			break
		}
	}
	return out
}
