package ini

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// state is a state of the scanner: it decides which tokens are possible next.
type state uint8

const (
	initial state = iota
	inValue
	inSection
	inOffset
	inQuotes
	inVariable
)

// scanner splits text[pos:limit] into tokens as Zend/zend_ini_scanner.l of PHP 8.2
// does in its normal mode. If several rules match, the longest match wins, then the
// first rule; the cases below are in that order.
type scanner struct {
	text       string
	pos, limit int
	// closing is 1 if a line feed is assumed at limit, as PHP-FPM ends every line
	// it scans with one, else 0.
	closing int
	states  [3]state // states that inQuotes and inVariable return to
	depth   int
	state   state
	quote   int // the offset of the last opening double quote

	file     *source.File
	comments []source.Span
}

func (s *scanner) push(to state) {
	s.states[s.depth] = s.state
	s.depth++
	s.state = to
}

func (s *scanner) pop() {
	s.depth--
	s.state = s.states[s.depth]
}

// begin sets a state that nothing returns from.
func (s *scanner) begin(to state) { s.state, s.depth = to, 0 }

// over reports whether everything is scanned, including the closing line feed.
func (s *scanner) over() bool {
	return s.pos >= s.limit+s.closing
}

func (s *scanner) next() token {
	if s.over() {
		if s.state == inValue {
			s.begin(initial)
			return token{tEOL, s.limit, s.limit}
		}
		return s.end()
	}
	switch s.state {
	case inValue:
		return s.value()
	case inSection, inOffset:
		return s.bracket()
	case inQuotes:
		return s.quoted()
	case inVariable:
		return s.variable()
	}
	return s.statement()
}

// end is the token for text that no rule matches: PHP reads no further.
func (s *scanner) end() token {
	at := min(s.pos, s.limit)
	s.pos = s.limit + 1
	return token{tEnd, at, at}
}

// char is a token of one character that includes the blanks after it.
func (s *scanner) char(at int) token {
	s.pos = s.skip(at+1, blank)
	return token{tokenKind(s.text[at]), at, at + 1}
}

// skip returns the first offset at or after i whose byte is not of class c.
func (s *scanner) skip(i int, c class) int {
	for i < s.limit && classes[s.text[i]]&c != 0 {
		i++
	}
	return i
}

// newline returns the length of the line end at i: 0, 1 or 2 bytes.
func (s *scanner) newline(i int) int {
	switch {
	case i == s.limit && s.closing > 0, i < s.limit && s.text[i] == '\n':
		return 1
	case i >= s.limit || s.text[i] != '\r':
		return 0
	case i+1 == s.limit && s.closing > 0, i+1 < s.limit && s.text[i+1] == '\n':
		return 2
	}
	return 1
}

// line is the END_OF_LINE token for the line end of n bytes at i, after blanks that
// start at from.
func (s *scanner) line(from, i, n int) token {
	s.begin(initial)
	s.pos = i + n
	return token{tEOL, from, from}
}

// comment is the END_OF_LINE token for a comment at i. A comment that ends at the end
// of the file produces none.
func (s *scanner) comment(from, i int) token {
	to := s.limit
	if n := strings.IndexByte(s.text[i:to], '\n'); n >= 0 {
		to = i + n
	}
	if n := strings.IndexByte(s.text[i:to], '\r'); n >= 0 {
		to = i + n
	}
	if len(s.comments) < maxComments {
		s.comments = append(s.comments, s.file.Span(i, to))
	}
	if n := s.newline(to); n > 0 {
		return s.line(from, to, n)
	}
	s.pos = i
	return s.end()
}
