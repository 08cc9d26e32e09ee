package ini

// value scans after "=".
func (s *scanner) value() token {
	from := s.pos
	i := s.skip(from, blank)
	if n := s.newline(i); n > 0 {
		return s.line(from, i, n)
	}
	if i < s.limit {
		switch s.text[i] {
		case ';':
			return s.comment(from, i)
		case '"':
			return s.open(i)
		}
	}
	if i > from {
		s.pos = i
		return token{tWhitespace, from, i}
	}
	switch c := s.text[i]; c {
	case '\'':
		return s.single()
	case '&', '|', '^', '~', '(', ')', '!':
		return s.char(i)
	case '=':
		s.begin(initial)
		return token{tEOL, i, i}
	case '$':
		if i+1 < s.limit && s.text[i+1] == '{' {
			return s.reference()
		}
	}
	to := s.run(value)
	if to == from {
		return s.stray()
	}
	return s.plain(from, to)
}

// plain is the token for unquoted text in a value.
func (s *scanner) plain(from, to int) token {
	s.pos = to
	text := s.text[from:min(to, s.limit)]
	if kind := keyword(text); kind != 0 {
		s.pos = s.skip(to, blank)
		return token{kind, from, to}
	}
	return token{wordKind(text), from, to}
}

// run returns the end of the characters of class c at the scanner's position. A "$"
// without "{" includes the next character, whatever it is, and "$\" one more; in
// brackets "\" does so too. The result is limit+1 if that character is the line
// feed that closes a line.
func (s *scanner) run(c class) int {
	i := s.pos
	for {
		i = s.skip(i, c)
		if i >= s.limit {
			return i
		}
		n := 0
		switch s.text[i] {
		case '$':
			n = s.dollar(i)
		case '\\':
			if c == section && i+1 < s.limit+s.closing {
				n = 2
			}
		}
		if n == 0 {
			return i
		}
		i += n
	}
}

// dollar returns the length of a literal "$" at i in bytes.
func (s *scanner) dollar(i int) int {
	last := s.limit + s.closing - 1
	switch {
	case i+1 > last:
		return 0
	case i+1 == s.limit:
		return 2
	case s.text[i+1] == '{' || s.text[i+1] == 0:
		return 0
	case s.text[i+1] == '\\' && i+2 <= last:
		return 3
	}
	return 2
}

// wordKind distinguishes a constant, a number and other text.
func wordKind(text string) tokenKind {
	if classes[text[0]]&(word|digit) == word && all(text, word) {
		return tConstant
	}
	if isNumber(text) {
		return tNumber
	}
	return tString
}

func all(text string, c class) bool {
	for i := range len(text) {
		if classes[text[i]]&c == 0 {
			return false
		}
	}
	return true
}

// isNumber matches -?[0-9]+, [0-9]*\.[0-9]+ and [0-9]+\.[0-9]*.
func isNumber(text string) bool {
	digits, dots := 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case classes[c]&digit != 0:
			digits++
		case c == '.':
			dots++
		case c == '-' && i == 0:
			continue
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1 && (dots == 0 || text[0] != '-')
}
