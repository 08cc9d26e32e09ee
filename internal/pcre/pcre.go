// Package pcre finds what PCRE refuses in a regular expression. It follows the syntax of
// PCRE2 10.42 (pcre2_compile.c, parse_regex) with the options that nginx gives, and knows
// where PCRE 8 and later versions of PCRE2 differ. It matches nothing itself: Regexp returns
// what package regexp can match with the same meaning.
package pcre

import "strings"

// Pattern is what is known of a regular expression.
type Pattern struct {
	// Refused is why every version of PCRE refuses it, without the words of PCRE; ""
	// when some version accepts it, or may.
	Refused string
	// OnlyPCRE2 is why every version of PCRE2 refuses it while PCRE 8 accepts it, or
	// may; "" for all others, and when Refused is set.
	OnlyPCRE2 string
	// Groups is the number of groups that capture, and Names are the names of groups,
	// each once, in the order of the text. Both are certain only if Sure.
	Groups int
	Names  []string
	// Sure is whether every version that takes the expression finds the same groups in it.
	Sure bool
}

// Parse reads a regular expression in one pass.
func Parse(text string) Pattern {
	s := scanner{text: text}
	s.settings()
	for s.at < len(text) && !s.stopped {
		s.item()
	}
	s.end()
	p := Pattern{Refused: s.refused, OnlyPCRE2: s.newer, Groups: s.most, Names: s.names, Sure: !s.unsure && s.refused == ""}
	if p.Refused != "" {
		p.OnlyPCRE2 = ""
	}
	return p
}

// maxDepth is how deep groups may be nested (PCRE2: parens_nest_limit). A build of PCRE
// may have another limit, so an expression that exceeds it is not judged.
const maxDepth = 250

// scanner reads a regular expression.
type scanner struct {
	text string
	at   int

	refused, newer string
	stopped        bool // by refused or by unsure
	unsure         bool

	utf     bool    // begins with (*UTF)
	options options // in effect
	open    []group // that are not closed yet

	item0    bool // the last item may be repeated
	modifies bool // the last item is a quantifier, which + or ? may follow
	look     bool // the last item is an assertion in parentheses
	// condition is whether an assertion has to follow: it is the condition of (?(.
	condition bool

	groups, most int // capturing groups so far; with (?| the highest number
	names        []string
	numbers      map[string]int // by name
	named        map[int]string // the name of a number
	numberRefs   []int
	numberRefs2  []int // that PCRE 8 reads in another way
	nameRefs     []string

	recursiveRefs []recursiveRef
}

// options are those that a group ends.
type options struct{ extended, more, noCapture, duplicates bool }

// group is an open parenthesis.
type group struct {
	options
	kind     kind
	branches int
	// endless is that it has no greatest length, and odd that its length is hard to tell.
	endless, odd bool
	// reset is that (?| numbers its branches alike, from first on; most is the highest
	// number in them.
	reset       bool
	first, most int
}

// kind is what a group does.
type kind uint8

const (
	plain kind = iota
	lookahead
	lookbehind
	condition
	define       // (?(DEFINE)
	conditionFor // the assertion that is a condition
)

// refuse stops the scanner: every version refuses the expression.
func (s *scanner) refuse(why string) {
	if !s.stopped {
		s.refused, s.stopped = why, true
	}
}

// refuse2 notes that PCRE2 refuses the expression, and lets the scanner go on.
func (s *scanner) refuse2(why string) {
	if s.newer == "" && !s.stopped {
		s.newer = why
	}
}

// giveUp stops the scanner before something that it does not follow.
func (s *scanner) giveUp() { s.stopped, s.unsure = true, true }

// rest is the text that is left.
func (s *scanner) rest() string { return s.text[s.at:] }

// skip moves on if prefix follows.
func (s *scanner) skip(prefix string) bool {
	if !strings.HasPrefix(s.rest(), prefix) {
		return false
	}
	s.at += len(prefix)
	return true
}

// next returns the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// item reads one item: a character, a class, a quantifier, a parenthesis.
func (s *scanner) item() {
	if s.ignored() {
		return
	}
	if s.condition && !s.assertionFollows() {
		s.refuse("an assertion has to follow (?(?")
		return
	}
	c := s.text[s.at]
	last, modifies, look := s.item0, s.modifies, s.look
	if modifies && (c == '?' || c == '+') {
		s.item0, s.modifies = false, false
		s.at++
		return
	}
	s.item0, s.modifies, s.look = false, false, false
	s.at++
	switch c {
	case '\\':
		s.escape()
	case '[':
		s.class()
	case '(':
		s.parenthesis()
	case ')':
		s.closing()
	case '|':
		s.branch()
	case '^', '$':
	case '*', '+', '?':
		s.quantifier(last, look, c != '?')
	case '{':
		s.braces(last, look)
	default:
		s.item0 = true
	}
}

// ignored skips what changes nothing: comments, blanks of (?x), \Q and \E.
func (s *scanner) ignored() bool {
	switch {
	case s.skip(`\E`):
		return true
	case s.skip(`\Q`):
		s.quoted()
		return true
	case s.skip("(?#"):
		i := strings.IndexByte(s.rest(), ')')
		if i < 0 {
			s.refuse("a comment (?# is not closed")
			return true
		}
		s.at += i + 1
		return true
	case !s.options.extended:
		return false
	case strings.IndexByte(" \t\n\v\f\r", s.next()) >= 0:
		s.at++
		return true
	case s.next() == 0x85, s.utf && s.next() >= 0x80:
		s.giveUp() // PCRE2 skips the blanks of Unicode, PCRE 8 does not
		return true
	case s.next() == '#':
		i := strings.IndexByte(s.rest(), '\n')
		if i < 0 {
			i = len(s.rest()) - 1
		}
		s.at += i + 1
		return true
	}
	return false
}

// quoted skips the characters up to \E.
func (s *scanner) quoted() {
	i := strings.Index(s.rest(), `\E`)
	if i != 0 && s.at < len(s.text) {
		if s.condition {
			s.refuse("an assertion has to follow (?(?")
			return
		}
		s.item0, s.modifies, s.look = true, false, false
	}
	if i < 0 {
		s.at = len(s.text)
		return
	}
	s.at += i + len(`\E`)
}

// quantifier judges a quantifier after an item.
func (s *scanner) quantifier(last, look, endless bool) {
	if !last {
		s.refuse("a quantifier has nothing to repeat")
		return
	}
	s.modifies = true
	if n := len(s.open); n > 0 && endless && !look {
		s.open[n-1].endless = true
	}
}

// braces judges a {, which starts a quantifier or is a character.
func (s *scanner) braces(last, look bool) {
	counts, ok := readCounts(s.rest())
	switch {
	case !ok:
		s.item0 = true
	case counts.later:
		// A quantifier since PCRE2 10.43, and characters before.
		s.item0 = true
		s.at += counts.length
		if n := len(s.open); n > 0 {
			s.open[n-1].odd = true
		}
	case counts.low > maxRepeat || counts.high > maxRepeat:
		s.refuse("a quantifier has a number above 65535")
	case counts.high >= 0 && counts.high < counts.low:
		s.refuse("the numbers of a quantifier are out of order")
	default:
		s.at += counts.length
		s.quantifier(last, look, counts.high < 0)
		if n := len(s.open); n > 0 && counts.high == 0 {
			s.open[n-1].odd = true
		}
	}
}

// maxRepeat is the largest number in a quantifier (PCRE2: MAX_REPEAT_COUNT).
const maxRepeat = 65535

// counts are the numbers of a quantifier; high is -1 for none. Numbers above maxRepeat are
// maxRepeat+1.
type counts struct {
	low, high, length int
	later             bool // read as a quantifier since PCRE2 10.43 only
}

// readCounts reads what follows a { of a quantifier, with the }.
func readCounts(text string) (c counts, ok bool) {
	end := strings.IndexByte(text[:min(len(text), maxCounts)], '}')
	if end < 0 {
		return c, false
	}
	c.length = end + 1
	inside := text[:end]
	low, high, comma := strings.Cut(inside, ",")
	trimmedLow, trimmedHigh := strings.Trim(low, " \t"), strings.Trim(high, " \t")
	c.later = trimmedLow != low || trimmedHigh != high || low == ""
	var okLow, okHigh bool
	c.low, okLow = digits(trimmedLow)
	c.high, okHigh = digits(trimmedHigh)
	switch {
	case !comma:
		c.high = c.low
		return c, okLow
	case trimmedHigh == "":
		c.high = -1
		return c, okLow
	case trimmedLow == "":
		return c, okHigh
	}
	return c, okLow && okHigh
}

// maxCounts limits how far a } is looked for, so that time stays linear.
const maxCounts = 64

// digits reads a decimal number without a sign.
func digits(text string) (n int, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = min(10*n+int(text[i]-'0'), 10*maxRepeat)
	}
	return min(n, maxRepeat+1), text != ""
}

// settings skips the settings at the start, such as (*UTF8).
func (s *scanner) settings() {
	for strings.HasPrefix(s.rest(), "(*") {
		word, _, ok := strings.Cut(s.rest()[2:], ")")
		name, _, _ := strings.Cut(word, "=")
		if !ok || !setting(name) {
			return
		}
		s.utf = s.utf || strings.HasPrefix(name, "UTF")
		s.unsure = s.unsure || name != word // a limit has a number of its own
		s.at += len("(*") + len(word) + len(")")
	}
}

// setting reports whether a name is a setting at the start of an expression (pcre2pattern,
// "Special start-of-pattern items"; the widths after UTF are those of PCRE 8).
func setting(name string) bool {
	switch name {
	case "UTF", "UTF8", "UTF16", "UTF32", "UCP", "NOTEMPTY", "NOTEMPTY_ATSTART", "NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR", "NO_JIT", "NO_START_OPT",
		"LIMIT_MATCH", "LIMIT_RECURSION", "LIMIT_DEPTH", "LIMIT_HEAP", "CR", "LF", "CRLF", "ANYCRLF", "ANY", "NUL", "BSR_ANYCRLF", "BSR_UNICODE",
		"CASELESS_RESTRICT", "TURKISH_CASING":
		return true
	}
	return false
}
