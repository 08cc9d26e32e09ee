package pcre

import (
	"fmt"
	"strings"
)

// maxGroupName is the longest name of a group that every version takes (PCRE2:
// MAX_NAME_SIZE, 128 since 10.44).
const maxGroupName = 32

// longestName is the longest name of a group that some version takes.
const longestName = 128

// isWord reports whether c may be in the name of a group.
func isWord(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_'
}

// readName reads the name of a group and the sign that ends it.
func (s *scanner) readName(end byte) (name string, ok bool) {
	from := s.at
	for isWord(s.next()) || s.utf && s.next() >= 0x80 {
		s.at++
	}
	name = s.text[from:s.at]
	switch {
	case s.at == len(s.text):
		s.refuse("the name of a group is not closed")
	case name == "" && s.next() >= 0x80, s.utf && strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) >= 0:
		s.giveUp() // a letter, if the locale or UTF says so
	case name == "" && s.next() == end:
		s.refuse2("a group has no name") // PCRE 8 looks at some of them only
		s.giveUp()
	case name == "":
		s.refuse("the name of a group does not start with a letter")
	case '0' <= name[0] && name[0] <= '9':
		s.refuse("the name of a group starts with a digit")
	case len(name) > longestName:
		s.refuse(fmt.Sprintf("the name of a group has more than %d characters", longestName))
	case s.next() >= 0x80:
		s.giveUp()
	case s.next() != end:
		s.refuse("the name of a group has a character other than a letter, a digit and _")
	default:
		if len(name) > maxGroupName {
			s.unsure = true
		}
		s.at++
		return name, true
	}
	return "", false
}

// name reads the name of a capturing group.
func (s *scanner) name(end byte) {
	name, ok := s.readName(end)
	if !ok {
		return
	}
	s.push(plain)
	s.count()
	if s.numbers == nil {
		s.numbers, s.named = map[string]int{}, map[int]string{}
	}
	number, twice := s.numbers[name]
	other, taken := s.named[s.groups]
	switch {
	case twice && number == s.groups:
	case twice && !s.options.duplicates:
		s.refuse(fmt.Sprintf("two groups are called %s", name))
	case twice:
	case taken && other != name:
		s.refuse("two groups of the same number have different names")
	default:
		s.numbers[name] = s.groups
		s.named[s.groups] = name
		s.names = append(s.names, name)
	}
}

// readNumber reads the number of a group, which + or - makes relative to here.
func (s *scanner) readNumber() (n int, ok bool) {
	sign := s.next()
	if sign == '+' || sign == '-' {
		s.at++
	}
	from := s.at
	for '0' <= s.next() && s.next() <= '9' {
		n = min(10*n+int(s.next()-'0'), tooBig)
		s.at++
	}
	if s.at == from {
		return 0, false
	}
	switch {
	case sign != '+' && sign != '-':
		return n, true
	case n == 0:
		s.refuse("a relative reference has the number 0")
		return 0, false
	case sign == '+':
		return s.groups + n, true
	}
	if n > s.groups {
		s.refuse(fmt.Sprintf("a reference goes back %d groups, and fewer precede it", n))
		return 0, false
	}
	return s.groups - n + 1, true
}

// refer notes a reference to a group.
func (s *scanner) refer(n int) { s.numberRefs = append(s.numberRefs, n) }

// reference reads what follows \g or \k.
func (s *scanner) reference(c byte) {
	open := s.next()
	ends := map[byte]byte{'{': '}', '<': '>', '\'': '\''}
	end := ends[open]
	if end == 0 && c == 'g' {
		if n, ok := s.readNumber(); ok {
			s.refer(n)
			s.notZero(n)
		} else {
			s.refuse(`\g has no number or name`)
		}
		return
	}
	if end == 0 {
		s.refuse(`\k has no name`)
		return
	}
	s.at++
	from := s.at
	if blank(s.next()) {
		s.giveUp() // allowed since PCRE2 10.43
		return
	}
	if c == 'g' {
		n, ok := s.readNumber()
		switch {
		case s.stopped:
			return
		case ok && s.next() == end:
			s.at++
			s.refer(n)
			if open == '{' {
				s.notZero(n)
			} else {
				s.called()
			}
			return
		case ok && blank(s.next()):
			s.giveUp()
			return
		}
		s.at = from
	}
	if name, ok := s.readName(end); ok {
		s.nameRefs = append(s.nameRefs, name)
		if c == 'g' && open != '{' {
			s.called()
		}
	}
}

// notZero judges the number of a back reference.
func (s *scanner) notZero(n int) {
	if n == 0 {
		s.refuse("a reference has the number 0")
	}
}

// conditional reads what follows (?(.
func (s *scanner) conditional() {
	s.push(condition)
	rest := s.rest()
	switch {
	case rest == "":
		s.refuse("a ( is not closed")
		return
	case rest[0] == '?' || rest[0] == '*':
		s.at--
		s.condition = true
		return
	case strings.HasPrefix(rest, "VERSION"):
		s.giveUp()
		return
	case strings.HasPrefix(rest, "DEFINE)"):
		s.open[len(s.open)-1].kind = define
		s.at += len("DEFINE)")
		return
	case strings.HasPrefix(rest, "R&"):
		s.at += len("R&")
	case s.recursive():
		return
	}
	if n, ok := s.readNumber(); s.stopped {
		return
	} else if ok {
		s.notZero(n)
		s.refer(n)
		if !s.skip(")") {
			s.refuse("a condition is not closed")
		}
		return
	}
	end := byte(')')
	if s.skip("<") {
		end = '>'
	} else if s.skip("'") {
		end = '\''
	}
	if name, ok := s.readName(end); ok {
		s.nameRefs = append(s.nameRefs, name)
		if end != ')' && !s.skip(")") {
			s.refuse("a condition is not closed")
		}
	}
}

// recursive reads the condition R) or R1), which is that of a group so called, if there is one.
func (s *scanner) recursive() bool {
	name, _, ok := strings.Cut(s.text[s.at:min(len(s.text), s.at+maxName)], ")")
	if !ok || name == "" || name[0] != 'R' || strings.Trim(name[1:], "0123456789") != "" {
		return false
	}
	s.at += len(name) + 1
	if n, ok := digits(name[1:]); ok {
		s.recursiveRefs = append(s.recursiveRefs, recursiveRef{name, n})
	}
	return true
}

// recursiveRef is the condition R1.
type recursiveRef struct {
	name   string
	number int
}

// assertionFollows reports whether an assertion, or a callout before one, follows.
func (s *scanner) assertionFollows() bool {
	for _, sign := range [...]string{"(?=", "(?!", "(?<=", "(?<!", "(?C", "(*", "(?*", "(?<*"} {
		if strings.HasPrefix(s.rest(), sign) {
			return true
		}
	}
	return false
}

// end judges the expression as a whole.
func (s *scanner) end() {
	if len(s.open) > 0 {
		s.refuse("a ( is not closed")
	}
	for _, n := range s.numberRefs {
		if n > s.most {
			s.refuse(missing(n))
		}
	}
	for _, n := range s.numberRefs2 {
		if n > s.most {
			s.refuse2(missing(n))
		}
	}
	for _, r := range s.recursiveRefs {
		if _, ok := s.numbers[r.name]; !ok && r.number > s.most {
			s.refuse2(missing(r.number))
		}
	}
	for _, name := range s.nameRefs {
		if _, ok := s.numbers[name]; !ok {
			s.refuse(fmt.Sprintf("a reference names group %s, which does not exist", name))
		}
	}
	if s.condition {
		s.refuse("a ( is not closed")
	}
}

// missing says that there is no group n.
func missing(n int) string {
	if n >= tooBig {
		return "the number of a group is too big"
	}
	return fmt.Sprintf(`\%d refers to a group that does not exist`, n)
}
