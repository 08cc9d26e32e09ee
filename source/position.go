package source

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// lineTable holds the offset of the first byte of every line. It is built for
// the first position of the file, since most files are never printed.
type lineTable struct {
	once   sync.Once
	starts []int32

	counting sync.Once
	marks    []mark // see columns
}

// mark is an offset and how many code points precede it.
type mark struct{ offset, count int32 }

// Position is a line and a column, both from 1. A column is a Unicode code
// point; a tab and each byte of invalid UTF-8 count as one.
type Position struct{ Line, Column int }

// Begin returns the position of the first byte of s. The zero Span has the
// zero Position.
func (s Span) Begin() Position { return s.File.Position(int(s.Start)) }

// Finish returns the position just after the last byte of s.
func (s Span) Finish() Position { return s.File.Position(int(s.End)) }

// Position returns the position of the byte at offset, which may be the end of
// the text. A CR before the LF belongs to the line end.
func (f *File) Position(offset int) Position {
	if f == nil {
		return Position{}
	}
	line := f.LineAt(offset)
	return Position{line, 1 + f.columns(int(f.lineStarts()[line-1]), offset)}
}

// step is the number of bytes after which code points are counted once and for all. Few
// lines are longer.
const step = 1 << 10

// columns returns how many code points a part of a line has. A line of megabytes may have
// thousands of positions, so it is not counted for each from its start.
func (f *File) columns(start, end int) int {
	if end-start < step {
		return utf8.RuneCountInString(f.Text[start:end])
	}
	return f.runes(end) - f.runes(start)
}

// runes returns how many code points precede offset.
func (f *File) runes(offset int) int {
	f.lines.counting.Do(f.mark)
	marks := f.lines.marks
	m := marks[sort.Search(len(marks), func(i int) bool { return int(marks[i].offset) > offset })-1]
	return int(m.count) + utf8.RuneCountInString(f.Text[m.offset:offset])
}

// mark sets a mark about every step bytes, none of them inside a code point.
func (f *File) mark() {
	marks := make([]mark, 1, 1+len(f.Text)/step)
	for next := step; next < len(f.Text); next += step {
		at := next
		for back := range utf8.UTFMax { // none starts there: only invalid bytes are around
			if utf8.RuneStart(f.Text[next-back]) {
				at = next - back
				break
			}
		}
		last := marks[len(marks)-1]
		marks = append(marks, mark{int32(at), last.count + int32(utf8.RuneCountInString(f.Text[last.offset:at]))})
	}
	f.lines.marks = marks
}

// LineAt returns the line of the byte at offset, as Position does, at less cost.
func (f *File) LineAt(offset int) int {
	starts := f.lineStarts()
	return sort.Search(len(starts), func(i int) bool { return int(starts[i]) > offset })
}

// Lines returns how many lines f has. An empty file has one; a final line feed
// does not start a further line.
func (f *File) Lines() int {
	starts := f.lineStarts()
	if n := len(starts); n > 1 && int(starts[n-1]) == len(f.Text) {
		return n - 1
	}
	return len(starts)
}

// Line returns the span of line n, counted from 1, without its line end.
func (f *File) Line(n int) Span {
	starts := f.lineStarts()
	start, end := int(starts[n-1]), len(f.Text)
	if n < len(starts) {
		end = int(starts[n]) - 1
	}
	if end > start && f.Text[end-1] == '\r' && n < len(starts) {
		end--
	}
	return f.Span(start, end)
}

func (f *File) lineStarts() []int32 {
	f.lines.once.Do(func() {
		starts := make([]int32, 1, 1+strings.Count(f.Text, "\n"))
		for i := range len(f.Text) {
			if f.Text[i] == '\n' {
				starts = append(starts, int32(i+1))
			}
		}
		f.lines.starts = starts
	})
	return f.lines.starts
}
