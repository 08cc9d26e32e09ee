package apache

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// signs are the starts of marks of templates that configurations of Apache have: %{NAME} and
// <name> are of Apache itself.
var signs = [...]string{"{{", "{%", "{#", "<%", "[%", "@@", "##", "__", "<?"}

// mark notes whether a file may have template marks.
func (r *reader) mark(in *input) {
	if in.src.Literal || in.read > 1 {
		return
	}
	for _, sign := range signs {
		in.marks = in.marks || strings.Contains(in.src.Text, sign)
	}
}

// markIn returns the first mark of text at or after from.
func markIn(text string, from int) (m source.Mark, ok bool) {
	for from < len(text) {
		if m, ok = source.FindMark(text, from); !ok {
			return m, false
		}
		for _, sign := range signs {
			if strings.HasPrefix(text[m.Start:], sign) {
				return m, true
			}
		}
		from = m.Start + 1
	}
	return m, false
}

// hidden reports whether a line is one of a template: it starts with a mark without a value,
// or is a mark.
func (r *reader) hidden(in *input, l *line) bool {
	m, ok := markIn(l.text[:min(len(l.text), 256)], 0)
	if !ok || m.Start > 0 || !m.Control && m.End < len(l.text) {
		return false
	}
	if in.read == 1 {
		if in.src.Rendered == nil {
			r.c.Problems = append(r.c.Problems, Problem{source.Problem{At: l.span(0, min(m.End, len(l.text))), Kind: source.Template,
				Message: "a template mark produces directives that are not known"}, l.last, false, r.order})
		}
		in.src.Render(l.at)
	}
	in.rendered = true
	return true
}

// blame returns the mark that may be the reason of a problem.
func (f *file) blame(at source.Span) source.Span {
	if !f.marks {
		return source.Span{}
	}
	if f.rendered {
		return f.src.Rendered[0]
	}
	line := at.File.Line(at.File.LineAt(int(at.Start)))
	if m, ok := markIn(line.Text(), 0); ok {
		return line.Sub(m.Start, m.End)
	}
	return source.Span{}
}

// templateProblem replaces a problem that a template may be the reason of: one in a file.
func (r *reader) templateProblem(f *file, mark source.Span) {
	if f.rendered || f.blamed {
		return
	}
	f.blamed = true
	r.c.Problems = append(r.c.Problems, Problem{source.Problem{At: mark, Kind: source.Template,
		Message: fmt.Sprintf("the template mark %q breaks the Apache syntax until the template is rendered", mark.Text())}, mark, false, r.order})
}

// mask replaces the inside of marks by letters, so that a mark is one word.
func mask(text string) string {
	m, ok := markIn(text, 0)
	if !ok {
		return text
	}
	out := []byte(text)
	for ok {
		for i := m.Start; i < m.End; i++ {
			out[i] = 'x'
		}
		m, ok = markIn(text, m.End)
	}
	return string(out)
}
