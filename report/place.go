package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
)

// ruler computes positions. It remembers the last one of each file, since
// findings come in the order of the text: otherwise ten thousand of them on one
// line would count that line's columns from its start ten thousand times.
type ruler map[*source.File]mark

type mark struct {
	offset, end int // of the position, and of its line
	source.Position
}

func (r ruler) span(s source.Span) (begin, finish source.Position) {
	return r.at(s.File, int(s.Start)), r.at(s.File, int(s.End))
}

func (r ruler) at(f *source.File, offset int) source.Position {
	if f == nil {
		return source.Position{}
	}
	m, ok := r[f]
	if ok && m.offset <= offset && offset <= m.end {
		m.Column += utf8.RuneCountInString(f.Text[m.offset:offset])
	} else {
		m.Position = f.Position(offset)
		m.end = int(f.Line(m.Line).End)
	}
	m.offset = offset
	if offset == len(f.Text) || utf8.RuneStart(f.Text[offset]) {
		r[f] = m
	}
	return m.Position
}

// unreserved are the bytes that need no encoding in the path of a URI, besides
// letters and digits (RFC 3986, 2.3), and the slash.
const unreserved = "-._~/"

// bare returns path without a leading "./", with which code scanning and GitLab
// do not find the file.
func bare(path string) string {
	for strings.HasPrefix(path, "./") {
		path = strings.TrimLeft(path[2:], "/")
	}
	return path
}

// uri returns path as a URI reference: relative without a leading "./" for a
// relative path, with the scheme file for an absolute one. A path may hold any
// bytes.
func uri(path string) string {
	path = bare(path)
	var b strings.Builder
	if strings.HasPrefix(path, "/") {
		b.WriteString("file://")
	}
	for i := range len(path) {
		c := path[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
