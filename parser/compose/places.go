package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// places finds where the nodes of a YAML document are in their file.
type places struct {
	file   *source.File
	text   string
	starts []int32 // of the lines as YAML counts them
	// latest is the place that was found last. Nodes come in order, mostly, so that a long
	// line is walked once.
	latest struct{ line, column, offset int }
	// scalars are the scalars in order; what else has a # is a comment.
	scalars []source.Span
}

// lineStarts returns where the lines of a text start, as YAML counts them.
func lineStarts(text string) []int32 {
	starts := make([]int32, 1, 1+strings.Count(text, "\n"))
	if strings.HasPrefix(text, "\uFEFF") {
		starts[0] = 3
	}
	for i := 0; i < len(text); {
		n := lineBreak(text, i)
		i += max(n, 1)
		if n > 0 {
			starts = append(starts, int32(i))
		}
	}
	return starts
}

// lineBreak returns the length of the line break at text[i], 0 for none: YAML 1.1 has
// CR, NEL, LS and PS besides LF.
func lineBreak(text string, i int) int {
	switch text[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(text) && text[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if strings.HasPrefix(text[i:], "\u0085") {
			return 2
		}
	case 0xE2:
		if strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029") {
			return 3
		}
	}
	return 0
}

// offset returns where n starts, with its tag and anchor.
func (p *places) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(p.starts) {
		return len(p.text)
	}
	at := &p.latest
	if at.line != n.Line || at.column > n.Column {
		at.line, at.column, at.offset = n.Line, 1, int(p.starts[n.Line-1])
	}
	for ; at.column < n.Column && at.offset < len(p.text); at.column++ {
		_, size := utf8.DecodeRuneInString(p.text[at.offset:])
		at.offset += size
	}
	return at.offset
}

// head returns the word that n starts with.
func (p *places) head(n *yaml.Node) source.Span {
	start := p.offset(n)
	end := start
	for end < len(p.text) && strings.IndexByte(" \t\r\n,]}", p.text[end]) < 0 && (end == start || strings.IndexByte("[{", p.text[end]) < 0) {
		end++
	}
	return p.file.Span(start, end)
}

// key returns the place of a key, without quotes.
func (p *places) key(n *yaml.Node) source.Span {
	if n.Kind != yaml.ScalarNode {
		return p.head(n)
	}
	_, at := p.scalar(n)
	return at
}

// mark returns the mark of a template that a mapping in braces is a part of.
func (p *places) mark(n *yaml.Node) (source.Span, bool) {
	i := p.offset(n)
	if i > 0 && p.text[i-1] == '{' {
		i--
	}
	if strings.HasPrefix(p.text[i:], "{{") {
		if m, ok := source.MarkAt(p.text, i); ok {
			return p.file.Span(m.Start, m.End), true
		}
	}
	return source.Span{}, false
}

// content skips the tag and the anchor of a node.
func (p *places) content(i int) int {
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '#':
			i += len(lineOf(p.text, i))
		case c == '&' || c == '!':
			for i < len(p.text) && strings.IndexByte(" \t\r\n,]}", p.text[i]) < 0 {
				i++
			}
		default:
			return i
		}
	}
	return i
}

// scalar returns the text of a scalar with the place of each part, and its place without
// quotes.
func (p *places) scalar(n *yaml.Node) (raw source.Text, at source.Span) {
	i := p.offset(n)
	if i < len(p.text) && (p.text[i] == '&' || p.text[i] == '!') {
		i = p.content(i)
	}
	f := fold{text: p.text, file: p.file, value: n.Value, at: i}
	ok := true
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		ok = f.block(n.Style&yaml.LiteralStyle != 0)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		ok = f.flow('"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		ok = f.flow('\'')
	case n.Value == "":
		return source.Text{}, p.file.Span(i, i)
	default:
		ok = f.flow(0)
	}
	if !ok {
		at = p.file.Span(i, max(i, i+len(strings.TrimRight(lineOf(p.text, min(i, len(p.text))), "\r"))))
		raw = source.Text{String: n.Value, Pieces: []source.Piece{{From: at}}}
	} else {
		at = p.file.Span(f.start, f.at)
		raw = source.Text{String: n.Value, Pieces: f.pieces}
	}
	if len(p.scalars) == 0 || p.scalars[len(p.scalars)-1].End <= at.Start {
		p.scalars = append(p.scalars, at)
	}
	return raw, at
}

// comments returns the comments of the file: each # after a blank that is not in a scalar.
func (p *places) comments() (all []source.Span) {
	next := 0
	for i := 0; i < len(p.text); i++ {
		hash := strings.IndexByte(p.text[i:], '#')
		if hash < 0 {
			break
		}
		i += hash
		for next < len(p.scalars) && int(p.scalars[next].End) <= i {
			next++
		}
		if next < len(p.scalars) && int(p.scalars[next].Start) <= i {
			i = int(p.scalars[next].End) - 1
			continue
		}
		if i > 0 && strings.IndexByte(" \t\r\n", p.text[i-1]) < 0 && !(i == 3 && p.starts[0] == 3) {
			continue
		}
		end := i + len(strings.TrimRight(lineOf(p.text, i), "\r"))
		all = append(all, p.file.Span(i, end))
		i = end - 1
	}
	return all
}
