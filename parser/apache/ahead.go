package apache

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wp502lint/wp502lint/source"
)

// Ahead reads files before it is known where they are included, many at once: what the lines
// say that need nothing but their file. The zero value is ready for use.
type Ahead struct {
	lines atomic.Int64 // of all files
}

// Page is one file that was read ahead, for one Load.
type Page struct{ file *file }

// aheadLines limits how many lines are read ahead of one file, and of all.
const aheadLines, allAheadLines = 1 << 12, maxDirectives

// arenas are those for what is read ahead.
var arenas = sync.Pool{New: func() any { return new(arena) }}

// Read reads a file. It may be called concurrently.
func (a *Ahead) Read(src *source.File) *Page {
	f := newFile(src)
	lines := strings.Count(src.Text, "\n") + 1
	if f.marks || lines > aheadLines || a.lines.Add(int64(lines)) > allAheadLines {
		return &Page{f}
	}
	made := arenas.Get().(*arena)
	defer arenas.Put(made)
	f.ahead = made.together(lines)
	in := &input{file: f, limit: maxLine}
	for l := new(line); in.next(l); {
		if l.text == "" || l.text[0] == '#' || strings.HasPrefix(l.text, "</") || l.pieces != nil || strings.Contains(l.text, "${") {
			continue
		}
		l.masked(in)
		_, end, next := word(l.mask, 0)
		to := len(l.text)
		if l.text[0] == '<' {
			end, to, _ = l.header(end, next)
		}
		d := made.directive()
		d.At, d.nameEnd, d.rawEnd = l.at, int32(end), int32(to)
		d.Args = made.wordsOf(l, next, to)
		f.ahead = f.ahead[:len(f.ahead)+1]
	}
	return &Page{f}
}

// readAhead returns the directive that was read ahead of the line; nil if none was. Lines are
// asked for in order.
func (in *input) readAhead(l *line, nameEnd, rawEnd int) *Directive {
	if in.read > 1 || l.made {
		return nil
	}
	for len(in.ahead) > 0 && in.ahead[0].At.Start <= l.at.Start {
		d := &in.ahead[0]
		in.ahead = in.ahead[1:]
		if d.At == l.at && int(d.nameEnd) == nameEnd && int(d.rawEnd) == rawEnd {
			return d
		}
	}
	return nil
}
