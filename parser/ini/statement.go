package ini

import "strings"

// statement scans text outside values and brackets.
func (s *scanner) statement() token {
	from := s.pos
	i := s.skip(from, blank)
	if n := s.newline(i); n > 0 {
		return s.line(from, i, n)
	}
	if i == s.limit {
		return s.end()
	}
	switch s.text[i] {
	case ';':
		return s.comment(from, i)
	case '=':
		s.begin(inValue)
		return s.char(i)
	}
	// Leading spaces belong to the name unless there is a tab among them: a space
	// and then [x] is name[index] with an empty name, not a section.
	if strings.IndexByte(s.text[from:i], '\t') >= 0 {
		from = i
	}
	return s.name(from)
}

// name scans a name, which may contain spaces, or one character that cannot start one.
func (s *scanner) name(from int) token {
	to := s.skip(from, label)
	switch {
	case to == s.limit && !s.closed:
		return s.end()
	case to < s.limit && s.text[to] == '[' && to > from:
		s.pos = s.skip(to+1, blank)
		s.begin(inOffset)
		return s.trimmed(tOffset, from, to)
	case to == from && s.text[from] == '[':
		s.pos = from + 1
		s.begin(inSection)
		return token{tSection, from, from + 1}
	case to == from:
		s.pos = from + 1
		return token{tokenKind(s.text[from]), from, from + 1}
	}
	s.pos = to
	if kind, n := keyword(s.text[from:to]); kind != 0 && s.skip(from+n, blank) >= to {
		s.pos = s.skip(to, blank)
		return token{kind, from, from + n}
	}
	return s.trimmed(tLabel, from, to)
}

// trimmed is a token without surrounding blanks and line ends.
func (s *scanner) trimmed(kind tokenKind, from, to int) token {
	for from < to && classes[s.text[from]]&blank != 0 {
		from++
	}
	for to > from && (classes[s.text[to-1]]&blank != 0 || s.text[to-1] == '\n' || s.text[to-1] == '\r') {
		to--
	}
	return token{kind, from, to}
}

// keyword returns the token and the length of the bare word, in any case, at the
// start of text; the length is 0 if there is none.
func keyword(text string) (kind tokenKind, n int) {
	for n < len(text) && classes[text[n]]&word != 0 {
		n++
	}
	if n < 2 || n > 5 {
		return 0, 0
	}
	var lower [5]byte
	for i := range n {
		lower[i] = text[i] | 0x20
	}
	switch string(lower[:n]) {
	case "on", "yes", "true":
		return tTrue, n
	case "no", "off", "none", "false":
		return tFalse, n
	case "null":
		return tNull, n
	}
	return 0, 0
}
