package nginx

import (
	"sort"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
)

// markPattern matches the marks of the usual template languages: Jinja, Go and
// Mustache, ERB, and the placeholders of scripts. A %NAME% has three letters
// or more, or an encoded URL would match.
var markPattern = lazyregexp.New(`\{\{|\{%|<%|@@|__[A-Z][A-Z0-9_]*__|%[A-Z][A-Z0-9_]{2,}%`)

// namePattern matches a mark in place of a directive's name. In an argument,
// ${NAME} is only a variable.
var namePattern = lazyregexp.New(`^(?:` + markPattern.String() + `|\$\{[A-Z][A-Z0-9_]*\})`)

// templateMark returns the first mark that breaks the syntax: in a directive
// with a mistake, or in place of a name.
func (p *parser) templateMark() (source.Span, bool) {
	first := source.Span{}
	better := func(start, end int) {
		if first.IsZero() || start < int(first.Start) {
			first = p.Source.Span(start, end)
		}
	}
	for i, problem := range p.Problems {
		if problem.Kind != source.Syntax {
			continue
		}
		for _, at := range []int{p.causes[i], int(problem.At.Start)} {
			if start, end, ok := p.markOnLine(at); ok {
				better(start, end)
			}
		}
	}
	for i, e := range p.entries {
		start := int(p.words[e.word].start)
		if c := p.text[start]; c != '<' && c != '{' && c != '@' && c != '_' && c != '%' && c != '$' {
			continue
		}
		m := namePattern.FindStringIndex(p.text[start:])
		if m != nil && !(Directive{p.File, int32(i)}).Data() {
			better(start, start+m[1])
			break
		}
	}
	return first, !first.IsZero()
}

// maxMarkLine limits how much of a line is searched for a mark.
const maxMarkLine = 2048

// markOnLine returns the first mark outside a comment on the line of offset at.
func (p *parser) markOnLine(at int) (start, end int, ok bool) {
	from := max(0, at-maxMarkLine)
	from += lineStart(p.text[from:], at-from)
	to := lineEnd(p.text[:min(len(p.text), at+maxMarkLine)], at)
	for _, m := range markPattern.FindAllStringIndex(p.text[from:to], -1) {
		if !p.inComment(from + m[0]) {
			return from + m[0], from + m[1], true
		}
	}
	return 0, 0, false
}

func (p *parser) inComment(at int) bool {
	comments := p.Source.Comments
	i := sort.Search(len(comments), func(i int) bool { return int(comments[i].End) > at })
	return i < len(comments) && int(comments[i].Start) <= at
}
