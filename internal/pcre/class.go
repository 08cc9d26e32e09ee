package pcre

import (
	"fmt"
	"strings"
)

// span is how far a class has come with a range a-b.
type span uint8

const (
	noSpan   span = iota
	maySpan       // a hyphen would start one
	halfSpan      // a hyphen did
)

// class reads a class after its [.
func (s *scanner) class() {
	s.item0 = true
	rest := s.rest()
	if strings.HasPrefix(rest, "[:<:]]") || strings.HasPrefix(rest, "[:>:]]") {
		s.giveUp() // old versions lack them
		return
	}
	if _, ok := posix(rest); ok {
		s.refuse("a POSIX class such as [:alpha:] is outside of brackets")
		return
	}
	for negated := false; ; {
		if s.skip(`\E`) || s.skip(`\Q\E`) || s.options.more && (s.skip(" ") || s.skip("\t")) {
			continue
		}
		if negated || !s.skip("^") {
			break
		}
		negated = true
	}
	c := class{scanner: s}
	for first := true; !s.stopped; first = false {
		if s.at == len(s.text) {
			s.refuse("a [ is not closed")
			return
		}
		if s.next() == ']' && !first && !c.quoted {
			s.at++
			return
		}
		c.member()
	}
}

// class is a class that is being read.
type class struct {
	*scanner
	quoted bool
	range0 span
	low    rune // the last character, -1 if it is not known
}

// member reads one member of a class.
func (c *class) member() {
	rest := c.rest()
	switch {
	case c.quoted && c.skip(`\E`):
		c.quoted = false
	case c.quoted:
		c.literal(c.rune())
	case c.options.more && (rest[0] == ' ' || rest[0] == '\t'):
		c.at++
	case rest[0] == '[':
		if n, ok := posix(rest[1:]); ok {
			c.posixClass(rest[1 : 1+n])
			return
		}
		c.literal(c.rune())
	case rest[0] == '-' && c.range0 == maySpan:
		c.at++
		c.range0 = halfSpan
	case c.skip(`\E`):
	case c.skip(`\Q`):
		c.quoted = true
	case rest[0] == '\\':
		c.escaped()
	default:
		c.literal(c.rune())
	}
}

// literal adds one character; -1 is one that is not known.
func (c *class) literal(r rune) {
	if c.range0 != halfSpan {
		c.range0, c.low = maySpan, r
		return
	}
	c.range0 = noSpan
	if c.low >= 0 && r >= 0 && c.low > r {
		c.refuse("a range in brackets is out of order")
	}
}

// escaped adds what follows a \.
func (c *class) escaped() {
	c.at++
	if c.at == len(c.text) {
		c.refuse("a [ is not closed")
		return
	}
	letter := c.text[c.at]
	switch letter {
	case 'b':
		c.at++
		c.literal('\b')
		return
	case 'B', 'R', 'X':
		c.refuse2(fmt.Sprintf(`\%c is not allowed in brackets`, letter))
	case 'N':
		c.refuse(`\N is not allowed in brackets`)
		return
	case 'A', 'C', 'G', 'K', 'z', 'Z':
		c.refuse2(fmt.Sprintf(`\%c is not allowed in brackets`, letter))
		c.at++
		c.literal(rune(letter))
		return
	case 'g', 'k': // PCRE2 before 10.45 refuses \k
		c.at++
		c.literal(rune(letter))
		return
	}
	r := c.character()
	if c.stopped {
		return
	}
	if strings.IndexByte("dDhHsSvVwWpP", letter) < 0 {
		c.literal(r)
		return
	}
	c.set()
}

// set adds a set of characters, which starts and ends no range.
func (c *class) set() {
	if c.range0 == halfSpan {
		c.refuse2("a range in brackets ends in a set of characters")
	}
	c.range0 = noSpan
	if rest := c.rest(); len(rest) > 1 && rest[0] == '-' && rest[1] != ']' {
		c.refuse2("a range in brackets starts with a set of characters")
	}
}

// posixClass adds [:name:], which is given without its first bracket.
func (c *class) posixClass(text string) {
	c.at += 1 + len(text)
	if text[0] != ':' {
		c.refuse("PCRE has no collating elements such as [.a.]")
		return
	}
	name := strings.TrimPrefix(text[1:len(text)-2], "^")
	switch name {
	case "alpha", "lower", "upper", "alnum", "ascii", "blank", "cntrl", "digit", "graph", "print", "punct", "space", "word", "xdigit":
		c.set()
	default:
		c.refuse("PCRE has no POSIX class of that name")
	}
}

// posix returns the length of a POSIX class such as :name:] after its first bracket (PCRE2
// pcre2_compile.c, check_posix_syntax).
func posix(text string) (length int, ok bool) {
	if text == "" || text[0] != ':' && text[0] != '.' && text[0] != '=' {
		return 0, false
	}
	sign := text[0]
	for i := 1; i+1 < min(len(text), maxPOSIX); i++ {
		switch {
		case text[i] == '\\' && (text[i+1] == ']' || text[i+1] == '\\'):
			i++
		case text[i] == '[' && text[i+1] == sign || text[i] == ']':
			return 0, false
		case text[i] == sign && text[i+1] == ']':
			return i + 2, true
		}
	}
	return 0, false
}

// maxPOSIX exceeds the length of any POSIX class, so that time stays linear.
const maxPOSIX = 64
