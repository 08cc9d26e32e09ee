package ini

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// draft is the statement being read.
type draft struct {
	kind  LineKind
	key   source.Span
	index Value // has no place unless Indexed
	value Value
}

// brackets reads the text between "[" and "]". ok is false after a syntax error.
func (p *parser) brackets(v *Value, constants bool) (after token, ok bool) {
	open := p.pos
	tok := p.next()
	if tok.kind != ']' {
		v.Text, tok = p.list(v, tok, constants)
	}
	switch {
	case p.broken:
		return tok, false
	case tok.kind != ']':
		return tok, p.fail(tok, ", expecting ']'")
	}
	v.At = p.file.Span(open, tok.from)
	return p.next(), true
}

// sectionHeader reads [name] after "[".
func (p *parser) sectionHeader() (after token) {
	d := draft{kind: Section}
	after, ok := p.brackets(&d.value, false)
	if ok {
		d.key = d.value.At
		if name := d.key.Text(); name != "" && (name[0] == '%' || name[0] == '[') {
			p.suspect = true // [% name %] and [[name]] may be marks
		}
		p.markUnknown(&d.value)
		p.add(&d)
	}
	return after
}

// plainEntry reads name = value, or a name alone.
func (p *parser) plainEntry(name token) (after token) {
	d := draft{kind: Entry, key: p.file.Span(name.from, name.to)}
	tok := p.next()
	if tok.kind != '=' {
		d.kind = Bare
		p.bare(&d)
		return tok
	}
	p.suspect = p.suspect || p.text[name.from] == '<' // <%= name %>
	return p.assign(&d, tok)
}

// indexedEntry reads name[index] = value.
func (p *parser) indexedEntry(name token) (after token) {
	d := draft{kind: Entry, key: p.file.Span(name.from, name.to)}
	tok, ok := p.brackets(&d.index, true)
	switch {
	case !ok:
		return tok
	case tok.kind != '=':
		p.fail(tok, ", expecting '='")
		return tok
	}
	p.markUnknown(&d.index)
	d.value.Why = d.index.Why
	return p.assign(&d, tok)
}

// assign reads the value after "=".
func (p *parser) assign(d *draft, equals token) (after token) {
	v := &d.value
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
	p.add(d)
	return tok
}

// add keeps a well-formed statement.
func (p *parser) add(d *draft) {
	f := p.out
	if len(f.records) == maxLines {
		p.stopped = true
		p.problem(source.Limit, d.key, fmt.Sprintf("the file has more than %d entries and the rest was not read", maxLines))
		return
	}
	r := record{key: region{d.key.Start, d.key.End}, kind: d.kind, form: d.value.Form, index: -1, why: -1}
	if d.kind != Bare {
		r.value = region{d.value.At.Start, d.value.At.End}
		r.text = f.region(d.value.Text, d.value.At)
	}
	if name := f.text(r.key); d.kind != Section && name != "" && name[0] != '#' || d.kind == Section && d.value.Text != "" && d.value.Text[0] != '#' {
		p.wellFormed = true
	}
	if !d.index.At.IsZero() {
		r.index = int32(len(f.indexes))
		f.indexes = append(f.indexes, index{region{d.index.At.Start, d.index.At.End}, f.region(d.index.Text, d.index.At)})
	}
	if d.value.Why != "" {
		f.texts = append(f.texts, d.value.Why)
		r.why = int32(len(f.texts) - 1)
	}
	f.records = append(f.records, r)
}

// markUnknown sets Why of a value that contains a template mark, and Text to what is
// written.
func (p *parser) markUnknown(v *Value) {
	written := v.At.Text()
	if !p.screen || p.file.Literal || !maybeMark(written) {
		return
	}
	p.suspect = p.suspect || strings.Contains(written, "<?") // <?php echo $name; ?> has a ;
	if m, ok := findMark(written, 0); ok {
		p.suspect = true
		v.unknown(written[m.Start:m.End])
		v.Text = written
	}
}
