package filter

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// command is a command of sed, with its addresses.
type command struct {
	from, to *address
	not      bool
	name     byte
	text     source.Text // of a, i, c; the label of b, t, T, :; the bytes of y
	by       string      // the second set of bytes of y
	match    match       // of s
	with     []part      // the replacement of s
	all      bool        // s///g
	print    bool        // s///p
	nth      int         // s///2
	certain  bool        // what it does is known, not only where
	end      int         // of {: the index of its }
	at       source.Span

	active bool // in a range
	last   int  // the line with which the range ends
}

// address is one address.
type address struct {
	line, step int // step: first~step
	last       bool
	match      *match
	plus       int // addr,+N
	every      int // addr,~N
}

// match is a regular expression; re is nil for the one that was used last.
type match struct {
	re      *regexp.Regexp
	certain bool
}

// part is a part of a replacement: a text, or a group.
type part struct {
	text  source.Text
	group int // -1: text
}

// parser reads a program of sed.
type parser struct {
	t        source.Text
	at       int
	extended bool
	out      []*command
	open     []int
	failed   bool
}

// Sed is a program of sed(1).
type Sed struct {
	commands []*command
	quiet    bool // its first line is #n
}

// ParseSed reads a program; understood is not set if a part of it is not. extended is for
// sed -E.
func ParseSed(t source.Text, extended bool) (program *Sed, understood bool) {
	p := &parser{t: t, extended: extended}
	for !p.failed {
		p.skip(" \t\n;")
		if p.at >= len(t.String) {
			break
		}
		if t.String[p.at] == '#' {
			p.until("\n")
			continue
		}
		p.command()
	}
	quiet := t.String == "#n" || strings.HasPrefix(t.String, "#n\n")
	return &Sed{p.out, quiet}, !p.failed && len(p.open) == 0
}

func (p *parser) skip(set string) {
	for p.at < len(p.t.String) && strings.IndexByte(set, p.t.String[p.at]) >= 0 {
		p.at++
	}
}

// until takes the text before the next byte of a set.
func (p *parser) until(set string) source.Text {
	start := p.at
	for p.at < len(p.t.String) && strings.IndexByte(set, p.t.String[p.at]) < 0 {
		p.at++
	}
	return p.t.Slice(start, p.at)
}

func (p *parser) peek() byte {
	if p.at < len(p.t.String) {
		return p.t.String[p.at]
	}
	return 0
}

func (p *parser) number() int {
	n, err := strconv.Atoi(p.digits())
	if err != nil {
		p.failed = true
	}
	return n
}

func (p *parser) digits() string {
	start := p.at
	p.skip("0123456789")
	return p.t.String[start:p.at]
}

func (p *parser) command() {
	const enough = 1000
	start := p.at
	c := &command{certain: true}
	c.from = p.address()
	if p.skip(" \t"); c.from != nil && p.peek() == ',' {
		p.at++
		p.skip(" \t")
		if c.to = p.address(); c.to == nil {
			p.failed = true
		}
	}
	p.skip(" \t")
	for p.peek() == '!' {
		c.not = true
		p.at++
		p.skip(" \t")
	}
	if c.name = p.peek(); c.name == 0 || p.failed || len(p.out) > enough {
		p.failed = true
		return
	}
	p.at++
	p.arguments(c)
	c.at = hole.Place(p.t, start, min(p.at, len(p.t.String)))
	p.out = append(p.out, c)
}

// arguments reads what follows the name of a command.
func (p *parser) arguments(c *command) {
	switch c.name {
	case '{':
		p.open = append(p.open, len(p.out))
		return
	case '}':
		if len(p.open) == 0 {
			p.failed = true
			return
		}
		p.out[p.open[len(p.open)-1]].end = len(p.out)
		p.open = p.open[:len(p.open)-1]
	case 's':
		p.substitution(c)
	case 'y':
		p.bytes(c)
	case 'a', 'i', 'c':
		c.text = p.lines()
	case 'b', 't', 'T', ':':
		p.skip(" \t")
		c.text = p.until("\n;}")
		c.text = c.text.Slice(0, len(strings.TrimRight(c.text.String, " \t")))
	case 'd', 'D', 'p', 'P', 'n', 'N', 'h', 'H', 'g', 'G', 'x', '=':
	case 'q', 'Q':
		p.skip(" \t")
		p.digits()
	case 'l', 'z', 'F':
		c.certain = false
	default: // r, w, e …
		p.failed = true
	}
}

func (p *parser) address() *address {
	switch c := p.peek(); {
	case '0' <= c && c <= '9':
		a := &address{line: p.number()}
		if p.peek() == '~' {
			p.at++
			a.step = p.number()
		}
		return a
	case c == '$':
		p.at++
		return &address{last: true}
	case c == '+' || c == '~':
		p.at++
		n := p.number()
		if c == '+' {
			return &address{plus: n}
		}
		return &address{every: max(n, 1)}
	case c == '/' || c == '\\':
		if c == '\\' {
			p.at++
		}
		text, _ := p.delimited(p.peek(), true)
		fold := p.peek() == 'I'
		if fold {
			p.at++
		}
		m := p.match(text.String, fold)
		return &address{match: &m}
	}
	return nil
}

// match compiles an expression.
func (p *parser) match(text string, fold bool) match {
	if text == "" {
		return match{certain: true}
	}
	re, certain := Compile(text, p.extended, fold)
	if re == nil {
		p.failed = true
	}
	return match{re, certain}
}

// delimited takes a text up to a delimiter, which is at the place of the parser too.
// A delimiter after a backslash is a byte of the text.
func (p *parser) delimited(delimiter byte, expression bool) (text source.Text, found bool) {
	p.at++
	var parts []source.Text
	start := p.at
	for ; p.at < len(p.t.String); p.at++ {
		switch c := p.t.String[p.at]; {
		case c == '\\' && p.at+1 < len(p.t.String):
			if p.t.String[p.at+1] == delimiter {
				parts = append(parts, p.t.Slice(start, p.at))
				start = p.at + 1
			}
			p.at++
		case c == delimiter:
			parts = append(parts, p.t.Slice(start, p.at))
			p.at++
			return hole.Join(parts...), true
		case expression && c == '[':
			_, length := bracket(p.t.String[p.at:], "^")
			if length > 0 && strings.IndexByte(p.t.String[p.at:p.at+length], '\n') < 0 && delimiter != '[' {
				p.at += length - 1
			}
		}
	}
	p.failed = true
	return hole.Join(append(parts, p.t.Slice(min(start, len(p.t.String)), len(p.t.String)))...), false
}

func (p *parser) substitution(c *command) {
	delimiter := p.peek()
	if delimiter == 0 || delimiter == '\n' || delimiter == '\\' || delimiter == hole.Mark[0] {
		p.failed = true
		return
	}
	pattern, found := p.delimited(delimiter, true)
	if !found {
		return
	}
	p.at--
	with, found := p.delimited(delimiter, false)
	if !found {
		return
	}
	fold := false
	for done := false; !done; {
		switch f := p.peek(); {
		case f == 'g':
			c.all = true
		case f == 'p':
			c.print = true
		case f == 'i' || f == 'I':
			fold = true
		case f == 'm' || f == 'M' || f == 'e' || f == 'w':
			p.failed = true
			return
		case '0' <= f && f <= '9':
			c.nth = p.number()
			continue
		default:
			done = true
			continue
		}
		p.at++
	}
	c.match = p.match(pattern.String, fold)
	c.with, c.certain = replacement(with)
}

// replacement reads the text that s puts in place of a match.
func replacement(t source.Text) (parts []part, certain bool) {
	certain = true
	at := 0
	add := func(to int) {
		if to > at {
			parts = append(parts, part{t.Slice(at, to), -1})
		}
	}
	for i := 0; i < len(t.String); i++ {
		switch c := t.String[i]; {
		case c == '&':
			add(i)
			parts = append(parts, part{group: 0})
			at = i + 1
		case c == '\\' && i+1 < len(t.String):
			add(i)
			following := t.String[i+1]
			switch {
			case '0' <= following && following <= '9':
				parts = append(parts, part{group: int(following - '0')})
			case control(following) != "":
				parts = append(parts, part{source.Made(control(following), hole.Place(t, i, i+2)), -1})
			case strings.IndexByte("ULElu", following) >= 0:
				certain = false
			default:
				parts = append(parts, part{t.Slice(i+1, i+2), -1})
			}
			i++
			at = i + 1
		}
	}
	add(len(t.String))
	return parts, certain
}

// control returns the byte that a letter after a backslash represents; "" for none.
func control(letter byte) string {
	if n := strings.IndexByte("afnrtv", letter); n >= 0 {
		return "\a\f\n\r\t\v"[n : n+1]
	}
	return ""
}

// bytes reads y/abc/xyz/.
func (p *parser) bytes(c *command) {
	delimiter := p.peek()
	from, found := p.delimited(delimiter, false)
	if !found {
		return
	}
	p.at--
	to, found := p.delimited(delimiter, false)
	if !found || len(from.String) != len(to.String) || strings.Contains(from.String+to.String, `\`) {
		p.failed = true
	}
	c.text, c.by = from, to.String
}

// lines reads the text of a, i and c: the rest of the line, and those that a backslash at
// the end of a line adds.
func (p *parser) lines() source.Text {
	p.skip(" \t")
	if p.peek() == '\\' {
		p.at++
		rest := p.at
		p.skip(" \t")
		if p.peek() == '\n' {
			p.at++
		} else {
			p.at = rest
		}
	}
	var parts []source.Text
	start := p.at
	for ; p.at < len(p.t.String) && p.t.String[p.at] != '\n'; p.at++ {
		if p.t.String[p.at] == '\\' && p.at+1 < len(p.t.String) {
			parts = append(parts, p.t.Slice(start, p.at))
			start = p.at + 1
			p.at++
			if value := control(p.t.String[p.at]); value != "" {
				parts = append(parts, source.Made(value, hole.Place(p.t, p.at-1, p.at+1)))
				start = p.at + 1
			}
		}
	}
	parts = append(parts, p.t.Slice(start, min(p.at, len(p.t.String))), hole.Plain("\n"))
	return hole.Join(parts...)
}
