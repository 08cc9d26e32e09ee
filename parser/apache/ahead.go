package apache

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wp502lint/wp502lint/source"
)

// Ahead reads files before it is known where they are included, many at once. The zero value is
// ready for use.
type Ahead struct {
	lines atomic.Int64 // of all files
}

// Page is one file that was read ahead, for one Load.
type Page struct{ file *file }

// aheadLines limits how many lines a file has that is read ahead, and allAheadLines those of all.
const aheadLines, allAheadLines = 1 << 12, maxDirectives

// arenas are those for what is read ahead.
var arenas = sync.Pool{New: func() any { return new(arena) }}

// Read reads a file. It may be called concurrently.
func (a *Ahead) Read(src *source.File) *Page {
	made := arenas.Get().(*arena)
	defer arenas.Put(made)
	return &Page{a.read(src, made)}
}

// read reads those lines of a file that need nothing but the file: they are in one piece, and have
// no variables.
func (a *Ahead) read(src *source.File, made *arena) *file {
	f := &file{src: src, nul: strings.IndexByte(src.Text, 0) >= 0}
	if !src.Literal {
		_, f.marks = markIn(src.Text, 0)
	}
	lines := strings.Count(src.Text, "\n") + 1
	if f.marks || lines > aheadLines || a.lines.Add(int64(lines)) > allAheadLines {
		return f
	}
	f.ahead, f.known = made.together(lines), true
	in := &input{file: f, limit: maxLine}
	for l := new(line); in.next(l); {
		if l.text == "" || l.text[0] == '#' {
			continue
		}
		start, end, next := word(l.text, 0)
		f.known = f.known && made.knows(l.text[start:end])
		if strings.HasPrefix(l.text, "</") || l.pieces != nil || strings.Contains(l.text, "${") {
			continue
		}
		l.masked(in)
		to := len(l.text)
		if l.text[0] == '<' {
			end, to, _ = l.header(end, next)
		}
		d := made.directive()
		d.At, d.nameEnd, d.rawEnd = l.at, int32(end), int32(to)
		d.Args = made.wordsOf(l, next, to)
		f.ahead = f.ahead[:len(f.ahead)+1]
	}
	return f
}

// knows reports whether the first word of a line is the name of a directive or section, or the end
// of one.
func (a *arena) knows(written string) bool {
	known, ok := a.known[written]
	if ok {
		return known
	}
	name := strings.TrimSuffix(strings.Replace(decode(written), "</", "<", 1), ">")
	known = knownName(name) && !fold(name, "<Perl")
	if a.known == nil {
		a.known = map[string]bool{}
	}
	if len(a.known) < maxNames {
		a.known[strings.Clone(written)] = known
	}
	return known
}

// readAhead returns the directive that was read ahead of a line; nil if none was. It is called for
// the lines in order.
func (in *input) readAhead(l *line, nameEnd, rawEnd int) *Directive {
	for ; in.turn < len(in.ahead); in.turn++ {
		d := &in.ahead[in.turn]
		if l.made || d.At.Start > l.at.Start {
			break
		}
		if d.At == l.at && int(d.nameEnd) == nameEnd && int(d.rawEnd) == rawEnd {
			return d
		}
	}
	return nil
}
