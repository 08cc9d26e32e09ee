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
	case to == s.limit && s.closing == 0:
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
	word := strings.TrimRight(s.text[from:to], " \t")
	if kind := keyword(word); kind != 0 {
		s.pos = s.skip(to, blank)
		return token{kind, from, from + len(word)}
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

// keyword returns the token of a bare word, in any case, that PHP replaces; 0 for any
// other text.
func keyword(text string) tokenKind {
	if len(text) < 2 || len(text) > 5 {
		return 0
	}
	var lower [5]byte
	for i := range len(text) {
		lower[i] = text[i] | 0x20
	}
	switch string(lower[:len(text)]) {
	case "on", "yes", "true":
		return tTrue
	case "no", "off", "none", "false":
		return tFalse
	case "null":
		return tNull
	}
	return 0
}
