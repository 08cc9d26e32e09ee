package ini

import (
	"fmt"

	"github.com/wp502lint/wp502lint/source"
)

// sectionHeader reads [name] behind "[".
func (p *parser) sectionHeader() (behind token) {
	open := p.pos
	line := Line{Kind: Section}
	tok := p.next()
	if tok.kind != ']' {
		line.Key, tok = p.list(&line.Value, tok, false)
	}
	if p.broken {
		return tok
	}
	if tok.kind != ']' {
		p.fail(tok, ", expecting ']'")
		return tok
	}
	line.KeyAt = p.file.Span(open, tok.from)
	line.Value.Text, line.Value.At = line.Key, line.KeyAt
	p.markUnknown(&line.Value)
	p.add(line)
	return p.next()
}

// plainEntry reads name = value, or a name alone.
func (p *parser) plainEntry(name token) (behind token) {
	line := Line{Kind: Entry, Key: p.text[name.from:name.to], KeyAt: p.file.Span(name.from, name.to)}
	tok := p.next()
	if tok.kind != '=' {
		line.Kind = Bare
		p.bare(line)
		return tok
	}
	return p.assign(&line, tok)
}

// indexedEntry reads name[index] = value.
func (p *parser) indexedEntry(name token) (behind token) {
	line := Line{Kind: Entry, Indexed: true, Key: p.text[name.from:name.to], KeyAt: p.file.Span(name.from, name.to)}
	open := p.pos
	var index Value
	tok := p.next()
	if tok.kind != ']' {
		line.Index, tok = p.list(&index, tok, true)
	}
	if p.broken {
		return tok
	}
	if tok.kind != ']' {
		p.fail(tok, ", expecting ']'")
		return tok
	}
	line.IndexAt = p.file.Span(open, tok.from)
	if tok = p.next(); tok.kind != '=' {
		p.fail(tok, ", expecting '='")
		return tok
	}
	line.Value.Why = index.Why
	return p.assign(&line, tok)
}

// assign reads the value behind "=" into line.
func (p *parser) assign(line *Line, equals token) (behind token) {
	v := &line.Value
	tok := p.next()
	switch tok.kind {
	case tTrue, tFalse, tNull:
		v.Form = Bool
		if tok.kind == tTrue {
			v.Text = "1"
		}
		v.At = p.file.Span(tok.from, tok.to)
		tok = p.next()
	case tEOL:
		v.At = p.file.Span(equals.to, equals.to)
		tok = p.next()
	default:
		p.ops, p.operands = p.ops[:0], p.operands[:0]
		var ok bool
		if tok, ok = p.expression(v, tok); !ok {
			return tok
		}
		v.Text = p.operands[0]
		if v.Why != "" && v.Form&Expression != 0 {
			v.Text = v.At.Text()
		}
		p.markUnknown(v)
	}
	p.add(*line)
	return tok
}

// add keeps a well-formed line.
func (p *parser) add(line Line) {
	if len(p.lines) == maxLines {
		p.stopped = true
		p.problem(source.Limit, line.KeyAt, fmt.Sprintf("the file has more than %d entries and the rest was not read", maxLines))
		return
	}
	if len(line.Key) > 0 && line.Key[0] != '#' {
		p.wellFormed = true
	}
	if p.lines == nil {
		p.lines = make([]Line, 0, max(8, len(p.text)/40))
	}
	p.lines = append(p.lines, line)
}

// markUnknown makes a value with a template mark in it an unknown one.
func (p *parser) markUnknown(v *Value) {
	if v.Why != "" || v.At.Start == v.At.End || !p.hasMarks() {
		return
	}
	written := v.At.Text()
	if from, to := findMark(written); from >= 0 {
		v.unknown(written[from:to])
	}
}

func (p *parser) hasMarks() bool {
	if p.screen && p.marked == 0 {
		p.marked = -1
		if from, _ := findMark(p.text); from >= 0 {
			p.marked = 1
		}
	}
	return p.marked > 0
}
