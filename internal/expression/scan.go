package expression

import "strings"

// next reads the next token outside of texts (httpd server/util_expr_scan.l).
func (p *parser) next() {
	p.s = strings.TrimLeft(p.s, " \t\n")
	if p.s == "" {
		p.token = token{"$end", ""}
		return
	}
	switch c := p.s[0]; {
	case c == '"', c == '\'':
		p.take("T_STR_BEGIN", 1)
	case strings.HasPrefix(p.s, "%{"):
		p.take("T_VAR_BEGIN", 2)
	case c == '$' && len(p.s) > 1 && isDigit(p.s[1]):
		p.take("T_REGEX_BACKREF", 2)
	case c == '/':
		p.pattern(1)
	case c == 'm' && len(p.s) > 1 && strings.IndexByte("/#$%^,;:_?|-!.'\"", p.s[1]) >= 0 && (p.s[1] != '_' || identifier(p.s) == 2):
		p.pattern(2)
	case isLetter(c):
		p.identifier()
	case c == '-' && len(p.s) > 1 && (isLetter(p.s[1]) || p.s[1] == '_'):
		p.operator()
	case isDigit(c), c == '-' && len(p.s) > 1 && isDigit(p.s[1]):
		n := 1
		for n < len(p.s) && isDigit(p.s[n]) {
			n++
		}
		p.take("T_DIGIT", n)
	default:
		p.sign()
	}
}

// take makes a token of the next n bytes.
func (p *parser) take(kind string, n int) {
	p.token, p.s = token{kind, p.s[:n]}, p.s[n:]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// identifier returns how long the identifier is with which s begins.
func identifier(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '_')) {
		n++
	}
	return n
}

// identifier reads a word without quotes.
func (p *parser) identifier() {
	n := identifier(p.s)
	switch p.s[:n] {
	case "true":
		p.take("T_TRUE", n)
	case "false":
		p.take("T_FALSE", n)
	case "and":
		p.take("T_OP_AND", n)
	case "or":
		p.take("T_OP_OR", n)
	case "not":
		p.take("T_OP_NOT", n)
	case "lt", "le", "gt", "ge", "ne", "eq":
		p.take("T_OP_"+strings.ToUpper(p.s[:n]), n)
	case "in":
		p.take("T_OP_IN", n)
	default:
		p.take("T_ID", n)
	}
}

// operator reads an operator that begins with -.
func (p *parser) operator() {
	n := 2
	for n < len(p.s) && (isLetter(p.s[n]) || isDigit(p.s[n]) || p.s[n] == '_') {
		n++
	}
	name := p.s[1:n]
	switch name {
	case "in":
		p.take("T_OP_IN", n)
	case "eq", "ne", "ge", "le", "gt", "lt":
		p.take("T_OP_"+strings.ToUpper(name), n)
	default:
		kind := "T_OP_BINARY"
		if n == 2 {
			kind = "T_OP_UNARY"
		}
		p.take(kind, n)
		p.token.text = name
	}
}

// signs are the operators of signs, the longer ones first.
var signs = []token{
	{"T_OP_STR_EQ", "=="}, {"T_OP_STR_NE", "!="}, {"T_OP_STR_LE", "<="}, {"T_OP_STR_GE", ">="}, {"T_OP_REG", "=~"}, {"T_OP_NRE", "!~"},
	{"T_OP_AND", "&&"}, {"T_OP_OR", "||"}, {"T_OP_STR_EQ", "="}, {"T_OP_STR_LT", "<"}, {"T_OP_STR_GT", ">"}, {"T_OP_NOT", "!"}, {"T_OP_CONCAT", "."},
	{"'('", "("}, {"')'", ")"}, {"'{'", "{"}, {"'}'", "}"}, {"','", ","}, {"':'", ":"},
}

func (p *parser) sign() {
	for _, t := range signs {
		if strings.HasPrefix(p.s, t.text) {
			p.take(t.kind, len(t.text))
			return
		}
	}
	p.stray("unexpected " + quoted(p.s[:1]))
}

// stray records a text that is not a token, and makes it one that fits nowhere.
func (p *parser) stray(plain string) {
	p.token = token{"T_ERROR", ""}
	p.fail("syntax error, unexpected T_ERROR", plain)
	p.s = ""
}

// pattern reads a regular expression after its first n bytes, the last of which ends it.
func (p *parser) pattern(n int) {
	end := strings.IndexByte(p.s[n:], p.s[n-1])
	if end < 0 {
		p.s = ""
		p.token = token{"$end", ""}
		return
	}
	text := p.s[n : n+end]
	p.s = strings.TrimPrefix(p.s[n+end+1:], "i")
	p.token = token{"T_REGEX", text}
}

// parts reads a text up to its quote, up to the } of a function, or all that is left.
func (p *parser) parts(end byte) bool {
	const unterminated = "Unterminated string or variable"
	for p.why == "" {
		if p.s == "" {
			return end == 0 || p.fail(unterminated, "a text or %{ has no end")
		}
		c := p.s[0]
		switch {
		case c == end:
			p.s = p.s[1:]
			return true
		case c == '\n':
			return p.fail(unterminated, "a text or %{ has no end")
		case c == '\\':
			p.escape()
		case strings.HasPrefix(p.s, "%{"):
			p.s = p.s[2:]
			p.variable()
		case end == '}' && (c == '"' || c == '\''):
			return p.fail(Jammed, "a quote is inside of %{")
		default:
			p.s = p.s[1:]
		}
	}
	return false
}

// escape reads a backslash and what belongs to it: up to three octal digits are a byte.
func (p *parser) escape() {
	n, octal, value := 1, true, 0
	for n < len(p.s) && isDigit(p.s[n]) {
		octal = octal && p.s[n] < '8'
		value = min(value*8+int(p.s[n]-'0'), 1<<20)
		n++
	}
	switch {
	case n == 1:
		n = min(2, len(p.s))
	case !octal, n > 4:
		p.fail("Bad escape sequence", quoted(p.s[:n])+" is not the number of a byte")
	case value > 0xff:
		p.fail("Escape sequence out of bound", quoted(p.s[:n])+" is not the number of a byte")
	}
	p.s = p.s[n:]
}

// variable reads a variable or a function after its %{.
func (p *parser) variable() bool {
	n := identifier(p.s)
	name := p.s[:n]
	p.s = p.s[n:]
	expecting := "T_ID"
	if n > 0 {
		expecting = "T_VAR_END or ':'"
	}
	syntax := "syntax error, unexpected T_ERROR, expecting " + expecting + ": "
	switch {
	case p.s == "":
		return p.fail(syntax+"Unterminated string or variable", "%{ has no }")
	case n == 0 && p.s[0] == '}':
		return p.fail("syntax error, unexpected T_VAR_END, expecting T_ID", "%{} has no name")
	case n == 0 && p.s[0] == ':':
		return p.fail("syntax error, unexpected ':', expecting T_ID", "%{: has no name")
	case p.s[0] == '}':
		p.s = p.s[1:]
		return p.named(name)
	case p.s[0] != ':':
		return p.fail(syntax+"Invalid character in variable name '"+p.s[:1]+"'", quoted(p.s[:1])+" is in the name of a variable")
	case strings.HasPrefix(p.s, ":}"):
		return p.fail("syntax error, unexpected T_VAR_END", "%{"+name+":} has no argument")
	}
	p.s = p.s[1:]
	return p.parts('}') && p.function(name)
}
