// Package yamltext finds where the nodes of a YAML document are in their file, and from which
// of its bytes each part of a scalar is made: of the places, go.yaml.in/yaml/v3 tells a line
// and a column.
package yamltext

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Document is a part of a file that was parsed as YAML, of one document or several.
type Document struct {
	File    *source.File
	text    string          // of the file, to the end of the part
	lines   []int32         // where the lines of the part start in the file, as YAML counts them
	ascii   bool            // the part has only ASCII
	columns map[int][]int32 // see column
}

// New returns the part of a file from start to end.
func New(file *source.File, start, end int) *Document {
	if start == 0 && strings.HasPrefix(file.Text, "\uFEFF") {
		start = len("\uFEFF")
	}
	d := &Document{File: file, text: file.Text[:end], ascii: true}
	d.lines = append(make([]int32, 0, 1+strings.Count(d.text[start:], "\n")), int32(start))
	for i := start; i < end; {
		n := LineBreak(d.text[i:])
		d.ascii = d.ascii && d.text[i] < utf8.RuneSelf
		i += max(n, 1)
		if n > 0 {
			d.lines = append(d.lines, int32(i))
		}
	}
	return d
}

// LineBreak returns the length of the line break that text starts with, 0 for none. YAML 1.1,
// which the module follows, has CR, NEL, LS and PS besides LF.
func LineBreak(text string) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case '\n':
		return 1
	case '\r':
		if strings.HasPrefix(text, "\r\n") {
			return 2
		}
		return 1
	case 0xC2:
		if strings.HasPrefix(text, "\u0085") {
			return 2
		}
	case 0xE2:
		if strings.HasPrefix(text, "\u2028") || strings.HasPrefix(text, "\u2029") {
			return 3
		}
	}
	return 0
}

// FirstLine returns the first line of text, without its line break.
func FirstLine(text string) string {
	for i := range len(text) {
		if c := text[i]; (c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2) && LineBreak(text[i:]) > 0 {
			return text[:i]
		}
	}
	return text
}

// Line returns a line, counted from 1; the first or the last one for a number that is too
// small or too large.
func (d *Document) Line(n int) source.Span {
	at := d.lines[min(max(n, 1), len(d.lines))-1]
	return d.File.Line(d.File.LineAt(min(int(at), len(d.text))))
}

// Offset returns where n starts in the file, with its tag and its anchor.
func (d *Document) Offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(d.lines) {
		return len(d.text)
	}
	if d.ascii {
		return min(int(d.lines[n.Line-1])+n.Column-1, len(d.text))
	}
	return d.column(n.Line, n.Column-1)
}

// step is the number of columns after which the offset of one is kept.
const step = 256

// column returns the offset of a column, counted from 0, of a line. Many nodes may be on one
// long line, so it is not counted for each from its start.
func (d *Document) column(line, column int) int {
	marks := d.columns[line]
	if marks == nil {
		marks = []int32{d.lines[line-1]}
	}
	for len(marks) <= column/step {
		marks = append(marks, int32(d.advance(int(marks[len(marks)-1]), step)))
	}
	if d.columns == nil {
		d.columns = map[int][]int32{}
	}
	d.columns[line] = marks
	return d.advance(int(marks[column/step]), column%step)
}

// advance returns the offset that is so many code points after another.
func (d *Document) advance(offset, points int) int {
	for ; points > 0 && offset < len(d.text); points-- {
		_, size := utf8.DecodeRuneInString(d.text[offset:])
		offset += size
	}
	return offset
}

// Content returns where the content of n starts, after its tag and its anchor.
func (d *Document) Content(n *yaml.Node) int {
	at := d.Offset(n)
	if at < len(d.text) && (d.text[at] == '&' || d.text[at] == '!') {
		return d.Skip(at)
	}
	return at
}

// Skip returns the offset of the first byte from offset at on that is not a blank, a line break
// or a part of a comment, a tag or an anchor.
func (d *Document) Skip(at int) int {
	for at < len(d.text) {
		switch c := d.text[at]; {
		case isBlank(c):
			at++
		case c == '#':
			at += len(FirstLine(d.text[at:]))
		case c == '&' || c == '!':
			for at < len(d.text) && !isBlank(d.text[at]) && strings.IndexByte(",]}", d.text[at]) < 0 && LineBreak(d.text[at:]) == 0 {
				at++
			}
		default:
			n := LineBreak(d.text[at:])
			if n == 0 {
				return at
			}
			at += n
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// Head returns the word that n starts with.
func (d *Document) Head(n *yaml.Node) source.Span {
	start := d.Offset(n)
	end := start
	for end < len(d.text) && strings.IndexByte(" \t\r\n,]}", d.text[end]) < 0 && (end == start || strings.IndexByte("[{", d.text[end]) < 0) {
		end++
	}
	return d.File.Span(start, end)
}
