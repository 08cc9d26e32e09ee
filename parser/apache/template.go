package apache

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// signs are the starts of marks of templates that configurations of Apache have: %{NAME} and
// <name> are of Apache itself, and so is ${NAME}, which is not a mark.
var signs = [...]string{"${", "{{", "{%", "{#", "<%", "[%", "[[", "@@", "##", "__", "<?", "<tmpl_", "</tmpl_", "<TMPL_", "</TMPL_", "{tmpl_", "{/tmpl_"}

// bareVariable is a variable of envsubst and shells: a regular expression may have $ before a small letter.
var bareVariable = lazyregexp.New(`\$[A-Z_][A-Z0-9_]*\b`)

// Plain returns the text of w without what httpd itself replaces in it, which looks like marks of
// templates.
func (w Word) Plain() string { return w.At.File.Plain(w.Text) }

// Mark returns the first mark of a template in w, whose text changes when the template is filled
// in: $NAME too, which Apache has only in the body of a macro. It is "" for none.
func (w Word) Mark() string {
	if w.At.File != nil && w.At.File.Literal {
		return ""
	}
	return markOf(w.Plain())
}

func markOf(plain string) string {
	m := source.TemplateMark(plain)
	for i := 0; m == "" && i+1 < len(plain); i++ {
		if c := plain[i+1]; plain[i] == '$' && ('A' <= c && c <= 'Z' || c == '_') {
			return bareVariable.FindString(plain)
		}
	}
	return m
}

// Varies reports whether a word has a variable whose value is unknown, or is filled in before Apache
// reads it: it has a Mark, or is or has a name in capitals that a program replaces.
func (w Word) Varies() bool {
	if w.Unset() != "" {
		return true
	}
	plain := w.Plain()
	return (w.At.File == nil || !w.At.File.Literal) && markOf(plain) != "" || stub(plain)
}

// stub reports whether a text is, or has, a name in capitals that a program replaces.
func stub(text string) bool {
	return source.Stub(text) && source.Stub(capitals.ReplaceAllString(text, " "))
}

// capitals are the classes of a regular expression whose ranges of capitals look like the name that a
// program replaces: [A-F0-9].
var capitals = lazyregexp.New(`\[\^?(?:[A-Z]-[A-Z]|[^][A-Z])*[A-Z]-[A-Z](?:[A-Z]-[A-Z]|[^][A-Z])*\]`)

// firsts and seconds have a bit for each sign with a byte as its first and its second one.
var firsts, seconds = func() (first, second [256]uint32) {
	for i, sign := range signs {
		first[sign[0]] |= 1 << i
		second[sign[1]] |= 1 << i
	}
	return first, second
}()

// markIn returns the first mark of text at or after from.
func markIn(text string, from int) (m source.Mark, ok bool) {
	for i := from; i+1 < len(text); i++ {
		for left := firsts[text[i]] & seconds[text[i+1]]; left != 0; left &= left - 1 {
			if !strings.HasPrefix(text[i:], signs[bits.TrailingZeros32(left)]) {
				continue
			}
			if m, ok = source.MarkAt(text, i); ok {
				return m, true
			}
		}
	}
	return m, false
}

// hidden reports whether a line is one of a template: it starts with a mark.
func (r *reader) hidden(in *input, l *line) bool {
	if c := l.text[0]; 'a' <= c|0x20 && c|0x20 <= 'z' || c == '<' && !in.marks {
		return false
	}
	m, ok := opening(l.text)
	if !ok || in.src.Literal {
		return false
	}
	r.c.Rendered = true
	if in.read == 1 {
		r.hide(in, l, m)
	}
	in.marks = true
	return true
}

// hide notes a line of a template. What is between two marks without a value depends on them.
func (r *reader) hide(in *input, l *line, m source.Mark) {
	src := in.src
	if !in.rendered {
		in.rendered, in.firstMark = true, l.span(0, min(m.End, len(l.text)))
		r.c.Problems = append(r.c.Problems, Problem{source.Problem{At: in.firstMark, Kind: source.Template,
			Message: "a template mark produces directives that are not known"}, l.last, false, r.order})
	}
	if m.Control && in.control > 0 {
		part := &src.Rendered[in.control-1]
		part.End = max(part.End, l.at.End)
		return
	}
	src.Render(l.at)
	if m.Control {
		in.control = len(src.Rendered)
	}
}

// opening returns the mark that a line starts with. One that Apache may have, as a comment or the
// start of a word, is the whole line.
func opening(text string) (m source.Mark, ok bool) {
	start := text[:min(len(text), 256)]
	if m, ok = markIn(start, 0); ok && m.Start == 0 && start[0] != '#' {
		return m, true
	}
	m, ok = source.MarkAt(start, 0)
	whole := m.End == len(text) && start[0] != '<'
	if strings.HasPrefix(start, "##") { // not a heading
		whole = whole && strings.ToUpper(start) == start
	}
	return m, ok && whole
}

// blame returns the mark that may be the reason of a problem.
func (f *file) blame(at source.Span) source.Span {
	if !f.marks {
		return source.Span{}
	}
	if f.rendered {
		return f.firstMark
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
