package yamltext

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Styles of scalars.
const (
	quotedStyle = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle
	blockStyle  = yaml.LiteralStyle | yaml.FoldedStyle
)

// Scalar returns the value of a scalar with the places of its parts, and its place: without
// quotes, and without the header and the indentation of a block.
func (d *Document) Scalar(n *yaml.Node) (value source.Text, at source.Span) {
	start := d.Content(n)
	f := &fold{text: d.text, file: d.File, value: n.Value, at: start, start: start}
	ok := true
	switch {
	case n.Style&blockStyle != 0:
		ok = f.block(n.Style&yaml.FoldedStyle != 0)
	case n.Style&yaml.DoubleQuotedStyle != 0:
		ok = f.flow('"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		ok = f.flow('\'')
	default:
		ok = f.flow(0)
	}
	if !ok {
		at = d.File.Span(start, start+len(FirstLine(d.text[min(start, len(d.text)):])))
		return source.Made(n.Value, at), at
	}
	return source.Text{String: n.Value, Pieces: f.pieces}, d.File.Span(f.start, f.at)
}

// fold follows the text of a scalar in the file to tell where each part of its value
// comes from: quotes, escapes and folded lines do not change the places of the rest.
type fold struct {
	text   string
	file   *source.File
	value  string
	at     int // in text; at the end, where the scalar ends
	done   int // bytes of value so far
	start  int // where the scalar starts
	pieces []source.Piece
}

// rest is what is still to come of the value.
func (f *fold) rest() string { return f.value[f.done:] }

// same notes that the next n bytes of the value are those of the text.
func (f *fold) same(n int) {
	if n == 0 {
		return
	}
	from := f.file.Span(f.at, f.at+n)
	if k := len(f.pieces); k > 0 && f.pieces[k-1].Same && f.pieces[k-1].From.End == from.Start {
		f.pieces[k-1].From.End = from.End
	} else {
		f.pieces = append(f.pieces, source.Piece{Start: int32(f.done), From: from, Same: true})
	}
	f.at += n
	f.done += n
}

// other notes that the next n bytes of the value are written as size bytes of the text.
func (f *fold) other(n, size int) {
	if n > 0 {
		f.pieces = append(f.pieces, source.Piece{Start: int32(f.done), From: f.file.Span(f.at, f.at+size)})
	}
	f.at += size
	f.done += n
}

// flow follows a plain or quoted scalar. It reports false if the
// text does not have the value.
func (f *fold) flow(quote byte) bool {
	if quote != 0 {
		if f.at >= len(f.text) || f.text[f.at] != quote {
			return false
		}
		f.at++
	}
	f.start = f.at
	for f.done < len(f.value) {
		if f.at >= len(f.text) {
			return false
		}
		switch c := f.text[f.at]; {
		case quote == '"' && c == '\\':
			if !f.escape() {
				return false
			}
		case quote == '\'' && c == '\'':
			if f.value[f.done] != '\'' {
				return false
			}
			f.at++
			f.same(1)
		case isBlank(c) || LineBreak(f.text[f.at:]) > 0:
			if !f.blank() {
				return false
			}
		case c == f.value[f.done]:
			f.same(f.run(quote))
		default:
			return false
		}
	}
	return quote == 0 || f.close(quote)
}

// run returns how many bytes from here on are the same in the text and the value.
func (f *fold) run(quote byte) int {
	n := 0
	for f.at+n < len(f.text) && f.done+n < len(f.value) {
		c := f.text[f.at+n]
		if c != f.value[f.done+n] || isBlank(c) || c == quote && quote != 0 || quote == '"' && c == '\\' || LineBreak(f.text[f.at+n:]) > 0 {
			break
		}
		n++
	}
	return n
}

// close moves over escaped line ends to the closing quote.
func (f *fold) close(quote byte) bool {
	for f.at < len(f.text) && f.text[f.at] != quote {
		if strings.IndexByte(" \t\r\n\\", f.text[f.at]) < 0 {
			return false
		}
		f.at++
	}
	return f.at < len(f.text)
}

// blank follows blanks, and line ends that become one blank or fewer line ends.
func (f *fold) blank() bool {
	i, breaks := f.at, 0
	for i < len(f.text) {
		if n := LineBreak(f.text[i:]); n > 0 {
			breaks++
			i += n
		} else if isBlank(f.text[i]) {
			i++
		} else {
			break
		}
	}
	if breaks == 0 {
		if !strings.HasPrefix(f.rest(), f.text[f.at:i]) {
			return false
		}
		f.same(i - f.at)
		return true
	}
	want := " "
	if breaks > 1 {
		want = strings.Repeat("\n", breaks-1)
	}
	if !strings.HasPrefix(f.rest(), want) {
		return false
	}
	f.other(len(want), i-f.at)
	return true
}

// escape follows an escape in double quotes.
func (f *fold) escape() bool {
	if f.at+1 >= len(f.text) {
		return false
	}
	if n := LineBreak(f.text[f.at+1:]); n > 0 {
		f.at += 1 + n
		f.at += len(f.text[f.at:]) - len(strings.TrimLeft(f.text[f.at:], " \t"))
		return true
	}
	size := 2
	switch f.text[f.at+1] {
	case 'x':
		size = 4
	case 'u':
		size = 6
	case 'U':
		size = 10
	}
	_, n := utf8.DecodeRuneInString(f.rest())
	if f.at+size > len(f.text) {
		return false
	}
	f.other(n, size)
	return true
}
