package lint

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// fix makes the edits of x in the project. A fix of which an edit cannot be made there is
// only a suggestion.
func (s *surfacer) fix(x *Fix) {
	edits := make([]source.Edit, 0, len(x.Edits))
	for _, e := range x.Edits {
		e, ok := s.edit(e)
		if !ok {
			x.Safe, x.Edits = false, nil
			return
		}
		edits = append(edits, e)
	}
	x.Edits = edits
}

// edit returns e in the project; not ok if what it changes differs in the project, or
// if the new text would need quotes there.
func (s *surfacer) edit(e source.Edit) (moved source.Edit, ok bool) {
	at, same := s.place(e.At)
	if !same || at.IsZero() {
		return source.Edit{}, false
	}
	if !made(e.At.File) {
		return source.Edit{At: at, New: e.New}, true
	}
	indent, lines := s.indentation(e.At)
	start := at.File.Line(at.File.LineAt(int(at.Start))).Start
	first := e.At.Start == e.At.File.Line(e.At.File.LineAt(int(e.At.Start))).Start
	cut := strings.HasSuffix(e.At.Text(), "\n")
	switch {
	case !lines:
		ok = strings.Trim(e.New, plain) == ""
	case indent == "":
		ok = true
	case first && e.At.Start == e.At.End && at.Start == start: // after the last line
		e.New, ok = indented(e.New, indent), true
	case first && cut: // whole lines, with their indentation
		at.Start = start
		e.New, ok = indented(e.New, indent), e.New == "" || strings.HasSuffix(e.New, "\n")
	case !cut:
		e.New, ok = strings.ReplaceAll(e.New, "\n", "\n"+indent), true
	}
	return source.Edit{At: at, New: e.New}, ok
}

// plain are the characters that mean themselves in a string of a shell or of YAML.
const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@,="

// indented returns lines with indent before each that is not empty.
func indented(lines, indent string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		if strings.TrimRight(line, "\r\n") != "" {
			b.WriteString(indent)
		}
		b.WriteString(line)
	}
	return b.String()
}

// indentation returns what precedes the line of at in the project and is not a part of the
// text, as in a block of YAML; at the end of a part of the text that of its last line. lines is not
// set if the line of the text is only a part of one there.
func (s *surfacer) indentation(at source.Span) (indent string, lines bool) {
	f := at.File
	line := f.Line(f.LineAt(int(at.Start)))
	if _, own := at.Origin(); at == line.Head() && at.Start > 0 && (!own || int(at.Start) == len(f.Text)) {
		line = f.Line(f.LineAt(int(line.Start) - 1))
	}
	first, same := s.place(line.Head())
	if !same || first.IsZero() {
		return "", false
	}
	start := first.File.Line(first.File.LineAt(int(first.Start))).Start
	indent = first.File.Text[start:first.Start]
	return indent, strings.Trim(indent, " ") == ""
}
