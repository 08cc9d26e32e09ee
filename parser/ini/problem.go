package ini

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

func (p *parser) problem(kind source.Kind, at source.Span, message string) {
	p.out.Problems = append(p.out.Problems, source.Problem{At: at, Kind: kind, Message: message})
}

// fail reports that tok is not allowed at its place. It returns false.
func (p *parser) fail(tok token, expecting string) bool {
	return p.failWith(tok, "syntax error, unexpected "+tok.kind.String()+expecting)
}

func (p *parser) failWith(tok token, message string) bool {
	p.broken, p.failed, p.suspect = true, tok, true
	to := min(tok.to, len(p.text))
	if tok.kind == tEnd && tok.to == tok.from && tok.from < p.limit && p.text[tok.from] != '\n' {
		to++
	}
	at := p.file.Span(min(tok.from, len(p.text)), to)
	switch {
	case p.giveUp(at):
	case len(p.out.Problems) == maxProblems:
		p.stopped = true
		p.problem(source.Limit, at, "the file has more than 100 syntax errors and the rest was not read")
	default:
		p.problem(source.Syntax, at, message)
	}
	return false
}

// bare takes a name without "=". PHP-FPM refuses it, php.ini ignores it.
func (p *parser) bare(d *draft) {
	p.suspect = true
	if p.mode == LineMode && p.giveUp(d.key) {
		return
	}
	seen := p.wellFormed
	p.add(d)
	p.wellFormed = seen
}

// giveUp decides whether reading ends at a problem at at: it does if nothing of an INI
// file precedes it. A line with a template mark is left out instead.
func (p *parser) giveUp(at source.Span) bool {
	if !p.screen {
		return false
	}
	start, line := p.physical(at)
	whole, marked := p.file.Span(start, start+len(line)), false
	if p.mode == LineMode {
		whole, marked = p.file.Span(p.line.from, p.line.to), p.lineMarked()
	} else {
		marked = p.marked(start, start+len(line))
	}
	if !p.masked && marked {
		return true // it is scanned again
	}
	if p.wellFormed && marked {
		p.broken = true
		p.hide(whole)
		return true
	}
	if p.wellFormed || recognisable(line) {
		return false
	}
	if m, ok := findMark(p.file.Text, 0); ok {
		p.template(m)
		return true
	}
	p.out.Unlike = true
	message := "not a PHP configuration"
	if p.mode == LineMode {
		message = "not a PHP-FPM configuration"
	}
	p.only(source.Syntax, p.file.Span(0, 0), message)
	return true
}

// maxDropped limits the names of a template that are kept.
const maxDropped = 200

// template makes the mark m the only result.
func (p *parser) template(m source.Mark) {
	at := p.file.Span(m.Start, m.End)
	for line := range p.out.Lines() {
		if line.Kind() != Section && len(p.out.Dropped) < maxDropped {
			p.out.Dropped = append(p.out.Dropped, line.Key())
		}
	}
	p.only(source.Template, at, "the file is a template and cannot be read before "+at.Text()+" is filled in")
}

// only makes one problem the only result.
func (p *parser) only(kind source.Kind, at source.Span, message string) {
	p.stopped, p.broken = true, true
	p.out.records, p.out.indexes, p.out.texts, p.out.Problems, p.file.Rendered = nil, nil, nil, nil, nil
	p.problem(kind, at, message)
}

// physical returns the line that contains the start of at, truncated for a mark search.
func (p *parser) physical(at source.Span) (start int, line string) {
	const around = 1024
	before := p.text[max(0, int(at.Start)-around):at.Start]
	before = before[strings.LastIndexAny(before, "\r\n")+1:]
	start = int(at.Start) - len(before)
	line = p.text[start:min(len(p.text), int(at.Start)+around)]
	if n := strings.IndexAny(line, "\r\n"); n >= 0 {
		line = line[:n]
	}
	return start, line
}

// recognisable reports whether a line that PHP refuses is still common in INI
// files: a comment that starts with #, or a header that is indented or not closed.
func recognisable(line string) bool {
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") && (strings.HasSuffix(line, "]") || all(line[1:], word))
}
