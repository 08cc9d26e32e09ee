package ini

import "strconv"

// maxDepth is how many operators and parentheses may be open in PHP's parser
// (YYMAXDEPTH of bison).
const maxDepth = 10000

// expression reads a value that is not a bare boolean: texts joined by | & ^ ~ ! and
// parentheses. | & and ^ have one precedence and associate to the left. It returns
// the token after the value; ok is false after a syntax error.
func (p *parser) expression(v *Value, tok token) (after token, ok bool) {
	for {
		switch tok.kind {
		case '~', '!', '(':
			if len(p.ops) == maxDepth {
				return tok, p.failWith(tok, "memory exhausted")
			}
			p.ops = append(p.ops, byte(tok.kind))
			p.cover(v, tok.from, tok.to)
			tok = p.next()
			continue
		case tConstant, tRaw, tNumber, tString, tWhitespace, tDollarCurly, '"':
		default:
			return tok, p.fail(tok, "")
		}
		var operand string
		if operand, tok = p.list(v, tok, true); p.broken {
			return tok, false
		}
		p.operands = append(p.operands, operand)
		p.reduce(v, true)
		if tok, ok = p.operator(v, tok); !ok {
			return tok, !p.broken
		}
	}
}

// operator reads what follows an operand. more is true if another operand must follow.
func (p *parser) operator(v *Value, tok token) (after token, more bool) {
	for {
		switch tok.kind {
		case '|', '&', '^':
			p.reduce(v, false)
			if len(p.ops) >= maxDepth {
				return tok, p.failWith(tok, "memory exhausted")
			}
			p.ops = append(p.ops, byte(tok.kind))
			p.cover(v, tok.from, tok.to)
			return p.next(), true
		case ')':
			p.reduce(v, false)
			if len(p.ops) == 0 {
				return tok, false
			}
			p.ops = p.ops[:len(p.ops)-1]
			p.reduce(v, true)
			p.cover(v, tok.from, tok.to)
			tok = p.next()
			continue
		}
		p.reduce(v, false)
		if len(p.ops) > 0 {
			return tok, p.fail(tok, ", expecting '^' or '|' or '&' or ')'")
		}
		return tok, false
	}
}

// reduce evaluates the operators before the last operand, back to the last open
// parenthesis; with prefix, only ~ and !.
func (p *parser) reduce(v *Value, prefix bool) {
	for len(p.ops) > 0 {
		n := len(p.operands)
		switch op := p.ops[len(p.ops)-1]; op {
		case '(':
			return
		case '~', '!':
			p.operands[n-1] = calculate(op, p.operands[n-1], "")
		default:
			if prefix {
				return
			}
			p.operands[n-2] = calculate(op, p.operands[n-2], p.operands[n-1])
			p.operands = p.operands[:n-1]
		}
		p.ops = p.ops[:len(p.ops)-1]
		v.Form |= Expression
	}
}

// calculate is zend_ini_do_op: it converts operands to C ints with atoi.
func calculate(op byte, a, b string) string {
	x, y := Atoi(a), Atoi(b)
	switch op {
	case '|':
		x |= y
	case '&':
		x &= y
	case '^':
		x ^= y
	case '~':
		x = ^x
	case '!':
		if x == 0 {
			x = 1
		} else {
			x = 0
		}
	}
	return strconv.Itoa(int(x))
}

// maxDigits is how many digits fit into 64 bit, whichever they are.
const maxDigits = 18

// Atoi is atoi of the C library on 64 bit: it reads blanks, a sign and digits, and
// ignores the rest; strtol's result is truncated to an int.
func Atoi(s string) int32 {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] >= '\t' && s[i] <= '\r') {
		i++
	}
	from := i
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	digits := i
	n := int64(0)
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int64(s[i]-'0')
		i++
	}
	switch {
	case i-digits > maxDigits:
		n, _ = strconv.ParseInt(s[from:i], 10, 64) // saturates, as strtol does
	case digits > from && s[from] == '-':
		n = -n
	}
	return int32(n)
}
