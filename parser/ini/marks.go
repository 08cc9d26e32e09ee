package ini

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Where a line has template marks, the lines from there on are scanned with every mark
// replaced by a word of the same length, so that its signs are not PHP's. Values keep the
// text of the file, and one with a mark is unknown. A line of nothing but marks is left
// out: it may produce any lines.

// findMark returns the first template mark in text at or after from, or what envsubst
// replaces and PHP does not: $NAME in capitals, and ${NAME} at the start of a line.
func findMark(text string, from int) (m source.Mark, ok bool) {
	for i := from; i < len(text); i++ {
		switch {
		case classes[text[i]]&sign == 0:
			continue
		case text[i] == '$' && i+1 < len(text) && 'A' <= text[i+1] && text[i+1] <= 'Z':
			end := i + 1
			for end < len(text) && classes[text[end]]&word != 0 {
				end++
			}
			return source.Mark{Start: i, End: end}, true
		}
		if end := reference(text, i); end > 0 {
			return source.Mark{Start: i, End: end}, true
		}
		if m, ok = source.MarkAt(text, i); ok {
			return m, true
		}
	}
	return source.Mark{}, false
}

// maybeMark reports whether a text has characters with which a template mark begins. A
// single "_", "[" or "(" begins none.
func maybeMark(text string) bool {
	for i := range len(text) {
		if c := text[i]; classes[c]&sign != 0 && (c != '_' && c != '[' && c != '(' || i+1 < len(text) && (text[i+1] == c || text[i+1] == '%')) {
			return true
		}
	}
	return false
}

// hasMark reports whether the file has a mark from one offset to another.
func (p *parser) hasMark(from, to int) bool {
	text := p.file.Text[from:to]
	if !p.screen || p.file.Literal || !maybeMark(text) {
		return false
	}
	_, ok := findMark(text, 0)
	return ok
}

// marked reports whether the line text[from:to] has a mark outside a comment.
func (p *parser) marked(from, to int) bool {
	line := p.file.Text[from:to]
	i := 0
	for i < len(line) && classes[line[i]]&blank != 0 {
		i++
	}
	switch {
	case i == len(line) || line[i] == ';':
		return false
	case line[i] == '#':
		_, ok := source.MarkAt(line, i)
		return ok
	}
	return p.hasMark(from, to)
}

// lineMarked is marked of the line that LineMode reads.
func (p *parser) lineMarked() bool {
	if !p.line.asked {
		p.line.asked, p.line.marked = true, p.marked(p.line.from, p.line.to)
	}
	return p.line.marked
}

// maxName exceeds the length of any name in ${NAME}.
const maxName = 200

// reference returns the end of a ${NAME} at text[i] if nothing precedes it on its line,
// else 0.
func reference(text string, i int) int {
	if text[i] != '$' {
		return 0
	}
	before := i
	for before > 0 && classes[text[before-1]]&blank != 0 {
		before--
	}
	if before > 0 && text[before-1] != '\n' {
		return 0
	}
	n := strings.IndexByte(text[i:min(len(text), i+maxName)], '}')
	if n < 3 || text[i+1] != '{' || !all(text[i+2:i+n], word) {
		return 0
	}
	return i + n + 1
}

// mask replaces the marks of all lines at or after from. It leaves out what is between
// marks that have no value, such as {% if … %} and {% endif %}.
func (p *parser) mask(from int) {
	p.masked = true
	out := []byte(p.text)
	first, last := -1, 0 // of the marks without a value
	for from < len(out) {
		to := len(out)
		if n := strings.IndexByte(p.text[from:], '\n'); n >= 0 {
			to = from + n
		}
		if p.marked(from, to) {
			start, end := p.maskLine(out, from, to)
			if first < 0 {
				first = start
			}
			last = max(last, end)
		}
		from = to + 1
	}
	p.text = string(out)
	if first >= 0 {
		p.file.Render(p.file.Span(first, last))
	}
}

// maskLine replaces the marks of one line of out. It returns the place of those without a
// value, -1 for none.
func (p *parser) maskLine(out []byte, from, to int) (first, last int) {
	first = -1
	for i := from; ; {
		m, ok := findMark(p.file.Text[:to], i)
		if !ok {
			break
		}
		if m.Control && first < 0 {
			first = m.Start
		}
		if m.Control {
			last = to
		}
		for i = m.Start; i < m.End; i++ {
			out[i] = 'x'
		}
	}
	rest := strings.Trim(string(out[from:to]), " \t\r;")
	if rest != "" && strings.Trim(rest, "x") == "" {
		for i := from; i < to; i++ {
			if out[i] != '\r' {
				out[i] = ' '
			}
		}
		p.hide(p.file.Span(from, to))
	}
	return first, last
}

// hide notes a line that a template replaces.
func (p *parser) hide(at source.Span) {
	if len(p.file.Rendered) == 0 {
		p.problem(source.Template, at, "a template mark produces lines that are not known")
	}
	p.file.Render(at)
}
