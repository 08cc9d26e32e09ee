package pcre

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"
)

// escape reads what follows a \ outside a class.
func (s *scanner) escape() {
	if s.at == len(s.text) {
		s.refuse(`it ends in a \`)
		return
	}
	c := s.text[s.at]
	switch {
	case '0' <= c && c <= '9':
		s.item0 = true
		s.number()
		return
	case c == 'g' || c == 'k':
		s.at++
		s.item0 = true
		s.reference(c)
		return
	case c == 'X':
		s.lengthless()
	case c == 'N' && strings.HasPrefix(s.rest(), "N{"):
		if _, ok := readCounts(s.rest()[2:]); !ok && s.utf {
			s.giveUp()
			return
		} else if !ok {
			s.refuse2(`PCRE2 takes no name after \N`)
			s.item0 = true
		}
	}
	if strings.IndexByte("AbBGKzZ", c) >= 0 {
		s.at++
		return
	}
	s.item0 = true
	s.character()
}

// lengthless notes that \X is in a group.
func (s *scanner) lengthless() {
	if n := len(s.open); n > 0 {
		s.open[n-1].endless = true
	}
}

// character reads an escape that represents one character or for a set of them. value is
// -1 for a set, and for a character that is not known.
func (s *scanner) character() (value rune) {
	c := s.text[s.at]
	letter := 'a' <= c|0x20 && c|0x20 <= 'z'
	switch {
	case '0' <= c && c <= '9':
		return s.octal()
	case !letter:
		return s.rune()
	}
	s.at++
	switch c {
	case 'a':
		return '\a'
	case 'e':
		return 0x1b
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'p', 'P':
		s.property(c)
	case 'x':
		return s.hexadecimal()
	case 'o':
		return s.braced8()
	case 'c':
		return s.control()
	case 'C', 'd', 'D', 'h', 'H', 'N', 'R', 's', 'S', 'v', 'V', 'w', 'W', 'X':
	case 'L', 'l', 'U', 'u':
		s.refuse(fmt.Sprintf(`PCRE has no \%c`, c))
	default:
		s.refuse2(fmt.Sprintf(`PCRE2 has no \%c`, c))
		return rune(c)
	}
	return -1
}

// rune reads a character as it is: a byte, and more in UTF mode.
func (s *scanner) rune() rune {
	if c := s.text[s.at]; !s.utf || c < utf8.RuneSelf {
		s.at++
		return rune(c)
	}
	r, n := utf8.DecodeRuneInString(s.rest())
	if r == utf8.RuneError {
		s.giveUp()
	}
	s.at += n
	return r
}

// number reads \ and a digit outside a class: a back reference or an octal number.
func (s *scanner) number() {
	rest := s.rest()
	i := 0
	n := 0
	for i < len(rest) && '0' <= rest[i] && rest[i] <= '9' {
		n = min(10*n+int(rest[i]-'0'), tooBig)
		i++
	}
	if rest[0] == '0' || n >= 10 && rest[0] < '8' && n > s.groups {
		s.octal()
		return
	}
	s.at += i
	if rest[0] >= '8' { // PCRE 8 reads an 8 and not a reference
		s.numberRefs2 = append(s.numberRefs2, n)
		return
	}
	s.refer(n)
}

// tooBig exceeds every number of a group (PCRE2: MAX_GROUP_NUMBER).
const tooBig = 1 << 20

// octal reads up to three octal digits. An 8 or 9 is literal.
func (s *scanner) octal() (value rune) {
	if c := s.text[s.at]; c >= '8' {
		s.at++
		return -1
	}
	for n := 0; n < 3 && '0' <= s.next() && s.next() <= '7'; n++ {
		value = 8*value + rune(s.next()-'0')
		s.at++
	}
	return s.fits(value)
}

// fits judges the number of a character, which outside UTF mode is that of a byte.
func (s *scanner) fits(value rune) rune {
	if value > 0xff && !s.utf {
		s.refuse("the number of a character is above 255")
	}
	return value
}

// hexadecimal reads what follows \x.
func (s *scanner) hexadecimal() (value rune) {
	if s.next() != '{' {
		for n := 0; n < 2 && isHex(s.next()); n++ {
			value = 16*value + hex(s.next())
			s.at++
		}
		return value
	}
	s.at++
	from := s.at
	for isHex(s.next()) {
		value = min(16*value+hex(s.next()), tooBig<<1)
		s.at++
	}
	if blank(s.next()) {
		s.giveUp() // PCRE2 10.45 and later take blanks
		return -1
	}
	if s.at == from || s.next() != '}' {
		s.refuse2(`\x{ has no hexadecimal number and }`)
		return -1 // PCRE 8 reads \x and a brace
	}
	s.at++
	return s.fits(value)
}

// braced8 reads what follows \o.
func (s *scanner) braced8() (value rune) {
	if s.next() != '{' {
		s.refuse(`no { follows \o`)
		return -1
	}
	s.at++
	from := s.at
	for '0' <= s.next() && s.next() <= '7' {
		value = min(8*value+rune(s.next()-'0'), tooBig<<1)
		s.at++
	}
	if blank(s.next()) {
		s.giveUp() // as in \x{
		return -1
	}
	if s.at == from || s.next() != '}' {
		s.refuse(`\o{ has no octal number and }`)
		return -1
	}
	s.at++
	return s.fits(value)
}

// control reads what follows \c.
func (s *scanner) control() rune {
	c := s.next()
	switch {
	case s.at == len(s.text):
		s.refuse(`\c ends the expression`)
	case c >= utf8.RuneSelf:
		s.refuse(`a character outside ASCII follows \c`)
	case c < ' ' || c == 0x7f:
		s.refuse2(`a control character follows \c`)
	case 'a' <= c && c <= 'z':
		c -= 'a' - 'A'
	}
	s.at++
	return rune(c ^ 0x40)
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func hex(c byte) rune {
	if c <= '9' {
		return rune(c - '0')
	}
	return rune(c|0x20-'a') + 10
}

// properties are the names of properties of PCRE2 10.47 with Unicode 16, as PCRE2 compares
// them: in lower case, without blanks, hyphens and underscores.
//
//go:embed properties.txt
var properties string

// property reads what follows \p or \P.
func (s *scanner) property(c byte) {
	first := s.next()
	if first != '{' {
		s.at = min(s.at+1, len(s.text))
		if strings.IndexByte("CLMNPSZclmnpsz", first) < 0 || first == 0 {
			s.refuse(fmt.Sprintf(`\%c names a property of letters, such as \%cL`, c, c))
		} else if first >= 'a' {
			s.unsure = true // PCRE 8 tells capitals apart
		}
		return
	}
	s.at++
	name, _, ok := strings.Cut(s.text[s.at:min(len(s.text), s.at+maxName)], "}")
	if !ok {
		s.refuse(fmt.Sprintf(`\%c{ has no name of a property and }`, c))
		return
	}
	s.at += len(name) + 1
	shape := strings.NewReplacer(" ", "", "\t", "", "-", "", "_", "", "\n", "", "\r", "", "\f", "", "\v", "").Replace(strings.ToLower(name))
	shape = strings.TrimPrefix(shape, "^")
	if strings.ContainsAny(shape, ":=") {
		s.unsure = true // PCRE2 10.40 and later
		return
	}
	if shape == "" || !strings.Contains("\n"+properties, "\n"+shape+"\n") {
		s.refuse(fmt.Sprintf(`\%c names no property that Unicode has`, c))
	}
}

// maxName exceeds the length of the name of any property.
const maxName = 80
