package pcre

import (
	"fmt"
	"strings"
)

// parenthesis reads what follows a (.
func (s *scanner) parenthesis() {
	wanted := s.condition
	s.condition = false
	if len(s.open) >= maxDepth {
		s.giveUp()
		return
	}
	switch {
	case strings.HasPrefix(s.rest(), "*"):
		s.verb(wanted)
	case s.skip("?"):
		s.special(wanted)
	default:
		s.push(plain)
		if !s.options.noCapture {
			s.count()
		}
	}
}

// push opens a group.
func (s *scanner) push(k kind) {
	s.open = append(s.open, group{options: s.options, kind: k, branches: 1})
}

// count numbers a capturing group.
func (s *scanner) count() {
	s.groups++
	s.most = max(s.most, s.groups)
}

// special reads what follows (?.
func (s *scanner) special(wanted bool) {
	rest := s.rest()
	switch {
	case rest == "":
		s.refuse("a ( is not closed")
	case s.skip(":"), s.skip(">"):
		s.push(plain)
	case s.skip("|"):
		s.push(plain)
		g := &s.open[len(s.open)-1]
		g.reset, g.first, g.most = true, s.groups, s.groups
	case s.skip("="), s.skip("!"), s.skip("*"):
		s.push(assertion(lookahead, wanted))
	case s.skip("<="), s.skip("<!"), s.skip("<*"):
		s.push(assertion(lookbehind, wanted))
	case s.skip("<"):
		s.name('>')
	case s.skip("'"):
		s.name('\'')
	case s.skip("P"):
		s.python()
	case s.skip("&"):
		s.call(')')
	case s.skip("R"):
		if !s.skip(")") {
			s.refuse("(?R is not closed")
		}
		s.called()
	case s.skip("C"):
		s.callout(wanted)
	case s.skip("("):
		s.conditional()
	case strings.HasPrefix(rest, "["):
		s.giveUp()
	case '0' <= rest[0] && rest[0] <= '9', len(rest) > 1 && (rest[0] == '+' || rest[0] == '-') && '0' <= rest[1] && rest[1] <= '9':
		s.recursion()
	default:
		s.setOptions()
	}
}

// assertion returns the kind of an assertion, which may be a condition.
func assertion(k kind, wanted bool) kind {
	if wanted && k == lookahead {
		return conditionFor
	}
	return k
}

// python reads what follows (?P.
func (s *scanner) python() {
	switch {
	case s.skip("<"):
		s.name('>')
	case s.skip("="):
		if name, ok := s.readName(')'); ok {
			s.nameRefs = append(s.nameRefs, name)
			s.item0 = true
		}
	case s.skip(">"):
		s.call(')')
	case s.at == len(s.text):
		s.refuse("a ( is not closed")
	default:
		s.refuse(noGroup("P" + excerpt(s.rest())))
	}
}

// noGroup says that (? and text do not begin a group.
func noGroup(text string) string { return fmt.Sprintf("(?%s does not begin a group", text) }

// excerpt is the first character of a text.
func excerpt(text string) string {
	for i := range text {
		if i > 0 {
			return text[:i]
		}
	}
	return text
}

// call reads the name of a group that is called, up to end.
func (s *scanner) call(end byte) {
	if name, ok := s.readName(end); ok {
		s.nameRefs = append(s.nameRefs, name)
		s.called()
	}
}

// called notes a call of a group.
func (s *scanner) called() {
	s.item0 = true
}

// recursion reads the number of a group that is called.
func (s *scanner) recursion() {
	n, ok := s.readNumber()
	if !ok {
		return
	}
	if s.next() != ')' {
		s.refuse("a ( is not closed")
		return
	}
	s.at++
	s.refer(n)
	s.called()
}

// callout reads what follows (?C. It leaves a condition wanted.
func (s *scanner) callout(wanted bool) {
	s.condition = wanted
	from := s.at
	for '0' <= s.next() && s.next() <= '9' {
		s.at++
	}
	n, _ := digits(s.text[from:s.at])
	switch {
	case s.at == from && s.next() != ')' && s.at < len(s.text):
		s.giveUp() // a text, which PCRE 8 refuses
	case n > 255:
		s.refuse("the number of a callout is above 255")
	case s.next() != ')':
		s.refuse("a (?C is not closed")
	default:
		s.at++
	}
}

// setOptions reads the letters of (?i) and (?i:.
func (s *scanner) setOptions() {
	from := s.at
	next, on := s.options, true
	for {
		c := s.next()
		switch {
		case s.at == len(s.text):
			s.refuse("a ( is not closed")
			return
		case c == ')':
			s.at++
			s.options = next
			return
		case c == ':':
			s.at++
			s.push(plain)
			s.options = next
			return
		case c == '^' && s.at == from:
			s.unsure = true
			next = options{duplicates: next.duplicates}
		case c == '-':
			on = false
		case c == 'x':
			next.extended, next.more = on, on && strings.HasPrefix(s.rest(), "xx")
			s.unsure = s.unsure || next.more // PCRE 8 has no xx
			s.at += len(s.rest()) - len(strings.TrimLeft(s.rest(), "x")) - 1
		case c == 'n':
			next.noCapture = on
		case c == 'J':
			next.duplicates = on
		case strings.IndexByte("imsUXaDSWTPr", c) >= 0:
			s.unsure = s.unsure || strings.IndexByte("imsU", c) < 0
		default:
			s.refuse(noGroup(s.text[from:s.at] + excerpt(s.rest())))
			return
		}
		s.at++
	}
}

// branch reads a |.
func (s *scanner) branch() {
	n := len(s.open)
	if n == 0 {
		return
	}
	g := &s.open[n-1]
	g.branches++
	if g.reset {
		g.most = max(g.most, s.groups)
		s.groups = g.first
	}
}

// closing reads a ).
func (s *scanner) closing() {
	n := len(s.open) - 1
	if n < 0 {
		s.refuse("a ) is not opened")
		return
	}
	g := s.open[n]
	s.open = s.open[:n]
	s.options = g.options
	s.item0 = g.kind != conditionFor
	s.look = g.kind == lookahead || g.kind == lookbehind
	if g.reset {
		s.groups = max(g.most, s.groups)
	}
	switch {
	case g.kind == condition && g.branches > 2:
		s.refuse("a condition has more than two branches")
	case g.kind == define && g.branches > 1:
		s.refuse("(?(DEFINE) has more than one branch")
	case g.kind == lookbehind && g.endless && !g.odd:
		s.refuse("a lookbehind has no greatest length")
	case n > 0 && (g.kind == plain || g.kind == condition || g.kind == define):
		outer := &s.open[n-1]
		outer.endless = outer.endless || g.endless && g.kind == plain
		outer.odd = outer.odd || g.odd || g.kind != plain
	}
}

// verb reads what follows a ( and starts with *.
func (s *scanner) verb(wanted bool) {
	rest := s.rest()
	end := 1
	for end < len(rest) && ('a' <= rest[end]|0x20 && rest[end]|0x20 <= 'z' || rest[end] == '_') {
		end++
	}
	name := rest[1:end]
	switch {
	case name != "" && 'a' <= name[0] && name[0] <= 'z':
		s.namedAssertion(name)
		return
	case name == "" && !strings.HasPrefix(rest[1:], ":"):
		s.refuse("a quantifier has nothing to repeat")
		return
	case wanted:
		s.refuse("an assertion has to follow (?(?")
		return
	case !verbs(name):
		s.refuse(fmt.Sprintf("PCRE has no (*%s)", name))
		return
	}
	s.at += end
	argument := s.skip(":")
	i := strings.IndexByte(s.rest(), ')')
	switch {
	case i < 0, !argument && i > 0:
		s.refuse(fmt.Sprintf("a (*%s is not closed", name))
		return
	case (name == "MARK" || name == "") && (!argument || i == 0):
		s.refuse("(*MARK) has no name")
		return
	}
	s.at += i + 1
	s.unsure = s.unsure || argument
	s.item0 = name == "ACCEPT"
	if n := len(s.open); n > 0 {
		s.open[n-1].odd = true
	}
}

// namedAssertion judges (* and a name in lower case, which PCRE2 10.33 and later versions
// take for an assertion, and PCRE 8 for an error.
func (s *scanner) namedAssertion(name string) {
	switch name {
	case "pla", "plb", "nla", "nlb", "napla", "naplb", "atomic", "sr", "asr", "script_run", "atomic_script_run", "scs", "scan_substring",
		"positive_lookahead", "positive_lookbehind", "negative_lookahead", "negative_lookbehind", "non_atomic_positive_lookahead", "non_atomic_positive_lookbehind":
		s.giveUp()
	default:
		s.refuse(fmt.Sprintf("PCRE has no (*%s", name))
	}
}

// verbs reports whether (*name) controls how PCRE goes back (pcre2pattern, "Backtracking
// control"). (*:name) is a MARK.
func verbs(name string) bool {
	switch name {
	case "", "MARK", "ACCEPT", "F", "FAIL", "COMMIT", "PRUNE", "SKIP", "THEN":
		return true
	}
	return false
}
