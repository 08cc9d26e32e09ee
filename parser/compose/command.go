package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
)

// command reads command or entrypoint.
func (l *loader) command(n *node, name string) *Command {
	if n == nil || n.kind == null {
		return nil
	}
	c := &Command{At: n.at}
	if n.kind == scalar {
		words, ok := split(n.value)
		if !ok {
			l.fail(n.at, source.Syntax, name+" has quotes or brackets without an end")
			return nil
		}
		c.Exec = words
	} else {
		for _, item := range n.items {
			l.shaped(item, "a word of "+name, item.at, text)
		}
		c.Exec = l.list(n, name)
	}
	c.Reset = len(c.Exec) == 0
	return c
}

// splitter splits a command into words (go-shellwords: quotes and backslashes, no
// variables; the command ends at an operator).
type splitter struct {
	v              Value
	words          []Value
	parts          []Value
	start          int // of the part; -1: none
	single, double bool
	back, dollar   bool
	word           bool // a word has begun
}

// split returns the words of a command; ok is false if it is refused.
func split(v Value) (words []Value, ok bool) {
	s := splitter{v: v, start: -1}
	i := 0
	for i < len(v.Text) {
		n, step := s.next(i)
		if step == refused {
			return nil, false
		}
		if step == ended {
			break
		}
		i += n
	}
	s.end(i)
	return s.words, !s.single && !s.double && !s.back && !s.dollar
}

type step uint8

const (
	taken step = iota
	refused
	ended
)

// take adds the bytes from i on to the word.
func (s *splitter) take(i int) {
	if s.start < 0 {
		s.start = i
	}
	s.word = true
}

// cut ends the part of the word that is written in one piece.
func (s *splitter) cut(i int) {
	if s.start >= 0 && s.start < i {
		s.parts = append(s.parts, s.v.sub(s.start, i))
	}
	s.start = -1
}

// end ends the word at i.
func (s *splitter) end(i int) {
	s.cut(i)
	switch {
	case !s.word:
	case len(s.parts) == 0:
		s.words = append(s.words, s.v.sub(i, i))
	default:
		s.words = append(s.words, joined(s.parts))
	}
	s.parts, s.word = nil, false
}

func (s *splitter) quotes() bool { return s.single || s.double || s.back || s.dollar }

// next handles the byte at i and returns how many are done.
func (s *splitter) next(i int) (n int, _ step) {
	c := s.v.Text[i]
	switch {
	case c == '\\' && !s.single:
		s.cut(i)
		if i+1 == len(s.v.Text) {
			return 1, refused
		}
		_, size := utf8.DecodeRuneInString(s.v.Text[i+1:])
		s.take(i + 1)
		return 1 + size, taken
	case strings.IndexByte(" \t\r\n", c) >= 0:
		if s.quotes() {
			s.take(i)
		} else {
			s.end(i)
		}
		return 1, taken
	case c == '"' && !s.single && !s.dollar:
		s.quote(i, &s.double)
		return 1, taken
	case c == '\'' && !s.double && !s.dollar:
		s.quote(i, &s.single)
		return 1, taken
	case c == '`' && !s.single && !s.double && !s.dollar:
		s.back = !s.back
	case c == ')' && !s.single && !s.double && !s.back:
		s.dollar = !s.dollar
	case c == '(' && !s.single && !s.double && !s.back:
		if s.dollar || i == 0 || s.v.Text[i-1] != '$' {
			return 1, refused
		}
		s.dollar = true
	case strings.IndexByte(";&|<>", c) >= 0 && !s.quotes():
		if s.cut(i); c == '>' && len(s.parts) > 0 && digit(s.parts[0].Text[0]) {
			s.parts, s.word = nil, false // 2>file
		}
		return 0, ended
	}
	s.take(i)
	return 1, taken
}

// quote handles a quote, which starts or ends a part.
func (s *splitter) quote(i int, open *bool) {
	s.cut(i)
	if *open {
		s.word = true
	}
	*open = !*open
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
