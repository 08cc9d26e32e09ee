package kubernetes

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// span returns the place of n: the text of a scalar, without its quotes if nothing else
// differs, and the first byte of a list or a mapping.
func (r *reader) span(n *yaml.Node) source.Span {
	start := r.content(n)
	rest := r.file.Text[start:]
	switch {
	case n.Kind != yaml.ScalarNode || rest == "":
		return r.file.Span(start, min(start+1, len(r.file.Text)))
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		end := start + quoted(rest)
		if inner := r.file.Text[start+1 : max(start+1, end-1)]; inner == n.Value && inner != "" {
			return r.file.Span(start+1, end-1)
		}
		return r.file.Span(start, end)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return r.file.Span(start, r.blockEnd(start, n))
	case strings.HasPrefix(rest, n.Value):
		return r.file.Span(start, start+len(n.Value))
	}
	if text, end, ok := r.flow(start, n); ok && text.String == n.Value {
		return r.file.Span(start, end)
	}
	return r.file.Span(start, start+1)
}

// content returns where the content of n starts, after its anchor and tag.
func (r *reader) content(n *yaml.Node) int {
	at, text := r.offset(n), r.file.Text
	for at < len(text) && (text[at] == '&' || text[at] == '!') {
		for at < len(text) && !isBlank(text[at]) && lineBreak(text[at:]) == 0 {
			at++
		}
		for {
			size, _ := blanks(text[at:])
			at += size
			if !strings.HasPrefix(text[at:], "#") {
				break
			}
			at += len(line(text[at:]))
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// line returns the first line of text, without its line break.
func line(text string) string {
	for i := range len(text) {
		if c := text[i]; (c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2) && lineBreak(text[i:]) > 0 {
			return text[:i]
		}
	}
	return text
}

// quoted returns the length of the quoted scalar that text starts with.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0] && text[0] == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}

// traced returns the value of the scalar n with the places of its parts.
func (r *reader) traced(n *yaml.Node) source.Text {
	if known, ok := r.texts[n]; ok {
		return known
	}
	start := r.content(n)
	t, ok := source.Text{}, false
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		first, indent := r.block(start, n)
		t, ok = r.indented(first, indent, n)
	} else {
		t, _, ok = r.flow(start, n)
	}
	if !ok || t.String != n.Value {
		t = source.Made(n.Value, r.span(n))
	}
	r.texts[n] = t
	return t
}

// builder puts a text together that is a given value, from parts of a file.
type builder struct {
	file   *source.File
	value  string // what is still to come
	made   strings.Builder
	pieces []source.Piece
}

// rest reports whether the value goes on with text.
func (b *builder) rest(text string) bool { return strings.HasPrefix(b.value, text) }

// add adds text, which is made from the bytes from start to end of the file.
func (b *builder) add(text string, start, end int, same bool) bool {
	if !b.rest(text) {
		return false
	}
	if text == "" {
		return true
	}
	if n := len(b.pieces); n > 0 && same && b.pieces[n-1].Same && int(b.pieces[n-1].From.End) == start {
		b.pieces[n-1].From.End = int32(end)
	} else {
		b.pieces = append(b.pieces, source.Piece{Start: int32(b.made.Len()), From: b.file.Span(start, end), Same: same})
	}
	b.made.WriteString(text)
	b.value = b.value[len(text):]
	return true
}

func (b *builder) text() source.Text { return source.Text{String: b.made.String(), Pieces: b.pieces} }
