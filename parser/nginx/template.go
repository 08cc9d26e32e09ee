package nginx

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// maxMarks limits how many marks of one file are looked at.
const maxMarks = 100_000

// A file with template marks is parsed a second time, with every mark replaced by a text
// of the same length: a mark with a value by a word, any other by blanks. Words keep
// the text of the file, marks included. mayTemplate says when to look for marks: they
// cost a pass over the file, and most files have none.

// mayTemplate reports whether the words of the file, as nginx reads it, may come from
// template marks.
func (p *parser) mayTemplate() bool {
	return p.suspect || p.syntax > 0 || strings.Contains(p.text, "<tmpl_") || strings.Contains(p.text, "<TMPL_")
}

// suspectComment notes a comment that may be a mark: ##NAME## or #{name}.
func (p *parser) suspectComment(start int) {
	if start+2 < len(p.text) && (p.text[start+1] == '#' && isNameByte(p.text[start+2]) || p.text[start+1] == '{') {
		p.suspect = true
	}
}

// starts classifies the first bytes of words.
var starts = [256]byte{'"': ofString, '\'': ofString, '<': ofMark, '[': ofMark, ']': ofMark, '%': ofMark, '?': ofMark, '-': ofMark, '$': ofMark}

const (
	ofString byte = iota + 1
	ofMark
)

// suspectWord notes a word that starts like the beginning or the end of a mark with blanks.
func (p *parser) suspectWord(start int) {
	switch p.text[start:min(len(p.text), start+2)] {
	case "<%", "<?", "[%", "[[", "%>", "-%", "?>", "%]", "]]":
		p.suspect = true
	case "${": // a default may hold blanks: ${NAME:-256 32k}
		_, ok := source.MarkAt(p.text, start)
		p.suspect = p.suspect || ok
	}
}

// suspectEnd notes a word that ends with a brace which an earlier word opens: the end of a
// mark with blanks, as in a:${f(b, "c")}.
func (p *parser) suspectEnd(start, end int) {
	p.suspect = p.suspect || !strings.Contains(p.text[start:end], "{")
}

// suspectBrace notes a brace that may be of a mark: something follows it directly.
func (p *parser) suspectBrace(at int) {
	if at+1 < len(p.text) && class[p.text[at+1]] != blank && p.text[at+1] != '}' {
		p.suspect = true
	}
}

// suspectName notes a directive that is a mark.
func (p *parser) suspectName(name string) {
	if name != "" && !p.suspect {
		_, is := source.MarkAt(name, 0)
		p.suspect = is || name[0] == '$'
	}
}

// marksIn returns the marks of a text outside comments.
func marksIn(text string) (marks []source.Mark) {
	for i := 0; i < len(text) && len(marks) < maxMarks; i++ {
		begins := i == 0 || class[text[i-1]] != plain || text[i-1] == '}'
		switch c := text[i]; {
		case c == '#' && begins:
			m, ok := source.MarkAt(text, i)
			if !ok || alone(text, i, m.End) && text[i+1] == '#' && strings.ToUpper(text[i:m.End]) != text[i:m.End] {
				i = lineEnd(text, i) // a heading
				continue
			}
			marks = append(marks, m)
			i = m.End - 1
		case c == '$' && begins && variableEnd(text, i) > 0 && alone(text, i, variableEnd(text, i)):
			marks = append(marks, source.Mark{Start: i, End: variableEnd(text, i)})
			i = marks[len(marks)-1].End - 1
		default:
			if m, ok := source.MarkAt(text, i); ok {
				marks = append(marks, m)
				i = m.End - 1
			}
		}
	}
	return marks
}

// variableEnd returns the end of the variable at text[i] that envsubst replaces, and 0 if
// there is none.
func variableEnd(text string, i int) int {
	name, end := variableAt(text[:min(len(text), i+maxName)], i)
	if !(Part{text[i:max(i, end)], name}).Replaceable() {
		return 0
	}
	return end
}

// alone reports whether nothing else is on the line of text[start:end].
func alone(text string, start, end int) bool {
	for start > 0 && class[text[start-1]] == blank && text[start-1] != '\n' {
		start--
	}
	for end < len(text) && (class[text[end]] == blank && text[end] != '\n' || text[end] == ';') {
		end++
	}
	return (start == 0 || text[start-1] == '\n') && (end == len(text) || text[end] == '\n')
}

// masked returns text with its marks replaced: a mark without a value by blanks where a
// directive may start, and any other by a word.
func masked(text string, marks []source.Mark) string {
	out := []byte(text)
	free := 0 // up to here the text of out is looked at
	starts := true
	for i, m := range marks {
		for _, c := range out[free:m.Start] {
			if class[c] != blank {
				starts = c == ';' || c == '{' || c == '}'
			} else if c == '\n' {
				starts = true
			}
		}
		free = m.End
		marks[i].Control = m.Control && starts
		fill := byte('x')
		if marks[i].Control {
			fill = ' '
		} else {
			starts = false
		}
		for i := m.Start; i < m.End; i++ {
			out[i] = fill
		}
		if rest := strings.TrimLeft(text[m.End:], " \t"); marks[i].Control && strings.HasPrefix(rest, ";") {
			out[len(text)-len(rest)] = ' '
		}
	}
	return string(out)
}

// wholeMark skips a mark in the place of directives: nothing but a semicolon or a
// brace follows it on its line.
func (p *parser) wholeMark() bool {
	for len(p.marks) > 0 && p.marks[0].Start < p.pos {
		p.marks = p.marks[1:]
	}
	if len(p.marks) == 0 || p.marks[0].Start != p.pos || p.inTable() {
		return false
	}
	end := p.marks[0].End
	next := end
	for next < len(p.text) && class[p.text[next]] == blank && p.text[next] != '\n' {
		next++
	}
	if next < len(p.text) && strings.IndexByte("\n;}#", p.text[next]) < 0 {
		return false
	}
	p.hide(p.pos, end)
	if next < len(p.text) && p.text[next] == ';' {
		end = next + 1
	}
	p.skip(p.pos, end)
	return true
}

// hide notes that the directives from start to end are those of a template.
func (p *parser) hide(start, end int) {
	p.Source.Render(p.Source.Span(start, end))
}

// hideControls notes the text between the first and the last mark that decides about
// the text around it.
func (p *parser) hideControls(marks []source.Mark) {
	start, end := -1, 0
	for _, m := range marks {
		if m.Control {
			if start < 0 {
				start = m.Start
			}
			end = m.End
		}
	}
	if start >= 0 {
		p.hide(start, lineEnd(p.text, end))
	}
}

// template decides what becomes of a file with marks after it was parsed without them.
// An error may be the template's if it is on a line with a mark, or if a mark replaces
// directives, which may have braces.
func (p *parser) template(marks []source.Mark) {
	p.hideControls(marks)
	if p.syntax > 0 && !p.named {
		p.Source.Rendered = nil
		return // not a configuration: finish says so, without a text of it
	}
	if m, ok := p.blamed(marks); ok {
		at := p.Source.Span(m.Start, m.End)
		p.strange = p.mostlyStrange()
		p.replace(source.Template, at, fmt.Sprintf("the template mark %q breaks the nginx syntax until the template is rendered", at.Text()))
		p.syntax, p.Source.Rendered = 0, nil
		return
	}
	if len(p.Source.Rendered) > 0 {
		at := p.Source.Rendered[0]
		if at.End-at.Start > maxMarkShown {
			at.End = at.Start
		}
		p.report(int(at.Start), int(at.End), source.Template, "a template mark produces directives that are not known")
	}
}

// maxMarkShown is the length up to which a hidden text is underlined.
const maxMarkShown = 200

// blamed returns the mark that may be the reason of a syntax error, or a mark that goes
// on over several lines.
func (p *parser) blamed(marks []source.Mark) (source.Mark, bool) {
	for _, m := range marks {
		if m.End-m.Start <= len("{{") {
			return m, true
		}
	}
	if p.syntax > 0 && len(p.Source.Rendered) > 0 {
		for _, m := range marks {
			if int(p.Source.Rendered[0].Start) == m.Start {
				return m, true
			}
		}
		return marks[0], true
	}
	for i, problem := range p.Problems {
		if problem.Kind != source.Syntax {
			continue
		}
		from, to := lineStart(p.text, p.causes[i]), lineEnd(p.text, int(problem.At.Start))
		for _, m := range marks {
			if from <= m.Start && m.Start < to {
				return m, true
			}
		}
	}
	return source.Mark{}, false
}
