package ini

import "strings"

// bracket scans the inside of [section] and name[index].
func (s *scanner) bracket() token {
	i := s.skip(s.pos, blank)
	rest := s.text[s.pos:s.limit]
	switch {
	case i < s.limit && s.text[i] == '"':
		return s.open(i)
	case i < s.limit && s.text[i] == ']' && (s.state == inOffset || i == s.pos):
		return s.closeBracket(i)
	case strings.HasPrefix(rest, "'"):
		return s.single()
	case strings.HasPrefix(rest, "${"):
		return s.reference()
	}
	from := s.pos
	to := s.run(section)
	if to == from || to >= s.limit && s.closing == 0 {
		return s.end()
	}
	s.pos = to
	return token{wordKind(s.text[from:min(to, s.limit)]), from, to}
}

// closeBracket ends […]. For a section it includes the line end.
func (s *scanner) closeBracket(i int) token {
	s.pos = i + 1
	if s.state == inSection {
		s.pos = s.skip(i+1, blank)
		s.pos += s.newline(s.pos)
	}
	s.begin(initial)
	return token{']', i, i + 1}
}

// open scans an opening double quote.
func (s *scanner) open(i int) token {
	s.quote = i
	s.pos = i + 1
	s.push(inQuotes)
	return token{'"', i, i + 1}
}

// reference scans the ${ of a reference.
func (s *scanner) reference() token {
	from := s.pos
	s.pos += 2
	s.push(inVariable)
	return token{tDollarCurly, from, from + 2}
}

// single scans text in single quotes, which has no escapes and may span lines. PHP
// reads nothing after a quote that is not closed. PHP takes two single quotes with
// nothing between them as one stray character, not as text.
func (s *scanner) single() token {
	n := strings.IndexByte(s.text[s.pos+1:s.limit], '\'')
	switch {
	case n < 0:
		return s.end()
	case n > 0:
		from := s.pos + 1
		s.pos = from + n + 1
		return token{tRaw, from, from + n}
	case s.state != inValue:
		return s.end()
	}
	return s.stray()
}

// stray is the END_OF_LINE token for a character that is not allowed in a value: PHP
// continues after it as at the start of a line.
func (s *scanner) stray() token {
	from := s.pos
	s.begin(initial)
	s.pos++
	return token{tEOL, from, from}
}

// quoted scans the inside of double quotes up to a quote or a reference.
func (s *scanner) quoted() token {
	if s.pos < s.limit && s.text[s.pos] == '"' {
		from := s.pos
		s.pos = s.skip(from+1, blank)
		s.pop()
		return token{'"', from, from + 1}
	}
	i := s.pos
	for ; i < s.limit; i++ {
		switch s.text[i] {
		case '"':
			return s.quotedTo(i)
		case '$':
			if i+1 < s.limit && s.text[i+1] == '{' {
				if i == s.pos {
					return s.reference()
				}
				return s.quotedTo(i)
			}
		case '\\':
			i++
			// "C:\dir\" at the end of a line: the quote closes the text nevertheless.
			if i < s.limit && s.text[i] == '"' && (i+1 == s.limit || s.text[i+1] == '\n' || s.text[i+1] == '\r') {
				return s.quotedTo(i)
			}
		}
	}
	return s.quotedTo(s.limit + 1)
}

func (s *scanner) quotedTo(to int) token {
	from := s.pos
	s.pos = to
	return token{tQuoted, from, min(to, s.limit)}
}

// variable scans the inside of ${…}. Since PHP 8.3 a name may have a fallback,
// ${NAME:-text}; the token then includes both.
func (s *scanner) variable() token {
	from := s.pos
	if from < s.limit && s.text[from] == '}' {
		s.pos++
		s.pop()
		return token{'}', from, from + 1}
	}
	to := s.skip(from, label)
	if to == from || to >= s.limit && s.closing == 0 {
		return s.end()
	}
	if strings.Contains(s.text[from:to], ":-") {
		to = s.fallback(to)
	}
	s.pos = to
	return s.trimmed(tVarname, from, to)
}

// fallback returns the offset of the } that closes ${NAME:-text}, or from if the
// line has none. text may contain references itself.
func (s *scanner) fallback(from int) int {
	open := 0
	for i := from; i < s.limit; i++ {
		switch c := s.text[i]; {
		case c == '\n' || c == '\r':
			return from
		case c == '{' && s.text[i-1] == '$':
			open++
		case c == '}' && open == 0:
			return i
		case c == '}':
			open--
		}
	}
	return from
}
