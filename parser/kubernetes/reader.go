package kubernetes

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// Limits of one file, which aliases to aliases could exceed with few bytes.
const (
	maxText     = 8 << 20 // bytes
	maxMerges   = 20      // merge keys inside each other
	maxLists    = 5       // objects of kind List inside each other
	maxProblems = 100     // that are reported
)

// reader reads the YAML documents of one file, one after the other.
type reader struct {
	file       *source.File
	out        *Manifest
	kustomizes bool            // the file is a kustomization
	lines      []int32         // where the lines of the document start in the file, as YAML counts them
	ascii      bool            // the document has only ASCII
	columns    map[int][]int32 // see column
	texts      map[*yaml.Node]source.Text
	objects    map[*yaml.Node][]field // mappings that were read
	visits     int                    // see visit; negative: no more
	skip       []extent               // where no comment is: quoted and block scalars of the document
	helm       bool                   // a Template problem was reported
	secrets    []extent               // values of Secrets
}

// extent is a part of a file.
type extent struct{ start, end int }

// enter prepares r for the document in the text from start to end.
func (r *reader) enter(start, end int) {
	text := r.file.Text[start:end]
	r.lines, r.ascii, r.columns, r.skip = append(r.lines[:0], int32(start)), true, nil, r.skip[:0]
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n', c == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
			r.lines = append(r.lines, int32(start+i+1))
		case c >= utf8.RuneSelf:
			r.ascii = false
			if n := lineBreak(text[i:]); n > 0 {
				i += n - 1
				r.lines = append(r.lines, int32(start+i+1))
			}
		}
	}
}

// lineBreak returns the length of the line break that text starts with, 0 for none. YAML
// 1.1 has more of them than other languages, and the module follows it.
func lineBreak(text string) int {
	switch {
	case strings.HasPrefix(text, "\r\n"):
		return 2
	case text != "" && (text[0] == '\n' || text[0] == '\r'):
		return 1
	}
	for _, special := range [...]string{"\u0085", "\u2028", "\u2029"} {
		if strings.HasPrefix(text, special) {
			return len(special)
		}
	}
	return 0
}

// offset returns where n starts in the file: before its anchor and tag, if it has any.
func (r *reader) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(r.lines) {
		return int(r.lines[0])
	}
	start := int(r.lines[n.Line-1])
	if r.ascii {
		return min(start+n.Column-1, len(r.file.Text))
	}
	return r.column(n.Line, n.Column-1)
}

// step is the number of columns after which the offset of one is kept.
const step = 256

// column returns the offset of a column, counted from 0, of a line. Many nodes may be on one
// long line, so it is not counted for each from its start.
func (r *reader) column(line, column int) int {
	marks := r.columns[line]
	if marks == nil {
		marks = []int32{r.lines[line-1]}
	}
	for len(marks) <= column/step {
		marks = append(marks, int32(r.advance(int(marks[len(marks)-1]), step)))
	}
	if r.columns == nil {
		r.columns = map[int][]int32{}
	}
	r.columns[line] = marks
	return r.advance(int(marks[column/step]), column%step)
}

// advance returns the offset that is so many code points after another.
func (r *reader) advance(offset, points int) int {
	for ; points > 0 && offset < len(r.file.Text); points-- {
		_, size := utf8.DecodeRuneInString(r.file.Text[offset:])
		offset += size
	}
	return offset
}

// lineOf returns the span of a line of the document, counted from 1.
func (r *reader) lineOf(line int) source.Span {
	at := r.lines[min(max(line, 1), len(r.lines))-1]
	return r.file.Line(r.file.LineAt(min(int(at), len(r.file.Text))))
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.report(r.span(n), source.Syntax, fmt.Sprintf(format, args...))
}

func (r *reader) report(at source.Span, kind source.Kind, message string) {
	switch {
	case r.full() || kind == source.Syntax && r.visits < 0: // what is missing was not read
		return
	case kind == source.Template:
		if r.helm {
			return
		}
		r.helm = true
	}
	r.out.Problems = append(r.out.Problems, source.Problem{At: at, Kind: kind, Message: message})
}

// leave reports why a part of the file is not read.
func (r *reader) leave(at source.Span, kind source.Kind, message string) {
	r.out.Partial = true
	r.report(at, kind, message)
}

// full reports whether there are so many problems that no more are reported.
func (r *reader) full() bool { return len(r.out.Problems) >= maxProblems }

// visit counts down what may be read: without aliases, a text has no more mappings, fields and
// elements than bytes, and each is read a few times at most. It reports whether n may be read.
func (r *reader) visit(n *yaml.Node) bool {
	if r.visits == 0 {
		r.leave(r.span(n), source.Limit, "aliases make more values than are read; the rest was not read")
		r.visits = -1
	}
	r.visits = max(r.visits-1, -1)
	return r.visits >= 0
}
