package ini

// list reads the parts of one text: bare words, quoted texts, references. first is
// its first token. It returns the decoded text and the token after it, and extends
// v.At over what it reads. constants is false in the name of a section, where PHP
// replaces no constants.
func (p *parser) list(v *Value, first token, constants bool) (string, token) {
	t := text{source: p.text}
	tok := first
	for {
		switch tok.kind {
		case tRaw:
			v.Form |= SingleQuoted
			t.raw(tok.from, tok.to)
			p.cover(v, tok.from-1, tok.to+1)
		case tConstant:
			if constants {
				p.constant(v, &t, tok)
			} else {
				t.raw(tok.from, tok.to)
			}
			p.cover(v, tok.from, tok.to)
		case tNumber, tString, tWhitespace:
			p.plainPart(&t, tok)
			p.cover(v, tok.from, tok.to)
		case tDollarCurly:
			if !p.expand(v, &t, tok) {
				return "", p.failed
			}
		case '"':
			if !p.quotes(v, &t, tok) {
				return "", p.failed
			}
		default:
			return t.String(), tok
		}
		tok = p.next()
	}
}

// plainPart adds an unquoted part. A "$" at the end of a line includes the line feed
// that PHP-FPM appends, which the file may lack.
func (p *parser) plainPart(t *text, tok token) {
	t.raw(tok.from, min(tok.to, p.limit))
	if tok.to > p.limit {
		t.add("\n")
	}
}

// expand reads ${NAME} after "${". Its value is unknown, so it stays as written.
func (p *parser) expand(v *Value, t *text, open token) bool {
	name := p.next()
	if name.kind != tVarname {
		return p.fail(name, ", expecting TC_VARNAME")
	}
	end := p.next()
	if end.kind != '}' {
		return p.fail(end, ", expecting '}'")
	}
	v.Form |= Env
	t.raw(open.from, end.to)
	p.cover(v, open.from, end.to)
	v.unknown(p.text[open.from:end.to])
	return true
}

// quotes reads the inside of double quotes after the opening one.
func (p *parser) quotes(v *Value, t *text, open token) bool {
	v.Form |= Quoted
	for {
		switch tok := p.next(); tok.kind {
		case tQuoted:
			t.escaped(tok.from, tok.to)
		case tDollarCurly:
			if !p.expand(v, t, tok) {
				return false
			}
		case '"':
			p.cover(v, open.from, tok.to)
			return true
		default:
			// The place of the opening quote says more than the end of the file.
			tok.from, tok.to = p.quote, p.quote+1
			return p.fail(tok, ", expecting TC_DOLLAR_CURLY or TC_QUOTED_STRING or '\"'")
		}
	}
}

// cover extends v.At over text[from:to].
func (p *parser) cover(v *Value, from, to int) {
	if v.At.File == nil {
		v.At = p.file.Span(from, from)
	}
	v.At.End = int32(min(to, p.limit))
}

// unknown records that a part of v is unknown.
func (v *Value) unknown(part string) {
	if v.Why == "" {
		v.Why = "value of " + part
	}
}
