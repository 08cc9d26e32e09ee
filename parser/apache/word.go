package apache

import "strings"

// word returns the bounds of the next word of s from offset i on, quotes included, and
// where the word after it starts; start == end if there is none (httpd server/util.c,
// ap_getword_conf).
func word(s string, i int) (start, end, next int) {
	for i < len(s) && blank(s[i]) {
		i++
	}
	start = i
	if i == len(s) {
		return i, i, i
	}
	if quote := s[i]; quote == '"' || quote == '\'' {
		i++
		for i < len(s) && s[i] != quote {
			if s[i] == '\\' && i+1 < len(s) && (s[i+1] == quote || s[i+1] == '\\') {
				i++
			}
			i++
		}
		if i < len(s) {
			i++
		}
	} else {
		for i < len(s) && !blank(s[i]) {
			i++
		}
	}
	end = i
	for i < len(s) && blank(s[i]) {
		i++
	}
	return start, end, i
}

// decode returns the text of a word as written (httpd server/util.c, substring_conf).
func decode(w string) string {
	var quote byte
	if w != "" && (w[0] == '"' || w[0] == '\'') {
		quote = w[0]
		w = w[1:]
		if closed(w, quote) {
			w = w[:len(w)-1]
		}
	}
	i := escaped(w, quote)
	if i < 0 {
		return w
	}
	b := make([]byte, 0, len(w))
	for i >= 0 {
		b = append(b, w[:i]...)
		b = append(b, w[i+1])
		w = w[i+2:]
		i = escaped(w, quote)
	}
	return string(append(b, w...))
}

// escaped returns the index of the first backslash that is left out; -1 for none.
func escaped(w string, quote byte) int {
	for i := 0; ; {
		n := strings.IndexByte(w[i:], '\\')
		if n < 0 || i+n+1 == len(w) {
			return -1
		}
		i += n
		if next := w[i+1]; next == '\\' || quote != 0 && next == quote {
			return i
		}
		i++
	}
}

// closed reports whether w, which follows an opening quote, ends with the closing one.
func closed(w string, quote byte) bool {
	if w == "" || w[len(w)-1] != quote {
		return false
	}
	slashes := 0
	for i := len(w) - 2; i >= 0 && w[i] == '\\'; i-- {
		slashes++
	}
	return slashes%2 == 0
}

// wordsOf returns the words of l.text[from:to].
func (a *arena) wordsOf(l *line, from, to int) []Word {
	a.pending = a.pending[:0]
	s := l.mask[:to]
	for i := from; ; {
		start, end, next := word(s, i)
		if start == end {
			break
		}
		w := Word{Text: decode(l.text[start:end]), At: l.span(start, end)}
		for i := range l.unset {
			if u := &l.unset[i]; u.from < end && start < u.to {
				w.unset = &u.name
				break
			}
		}
		a.pending = append(a.pending, w)
		i = next
	}
	return a.keepWords(a.pending)
}

// fold is strings.EqualFold for ASCII: other letters are different (httpd server/util.c,
// ap_cstr_casecmp).
func fold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// lowerName returns a name in lower case, each spelling made once.
func (r *reader) lowerName(name string) string {
	if known, ok := r.names[name]; ok {
		return known
	}
	b := []byte(name)
	for i := range b {
		b[i] = lower(b[i])
	}
	known := string(b)
	if len(r.names) < maxNames {
		r.names[strings.Clone(name)] = known
	}
	return known
}

// maxNames limits how many spellings of names are kept.
const maxNames = 1 << 12
