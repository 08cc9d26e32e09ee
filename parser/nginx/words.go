package nginx

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// words splits text into words as the parser does, but from any offset and without
// refusing anything: for text that the parser does not read, or reads differently
// after a mistake.
type words struct {
	text string
	pos  int
	// commented is set in a comment: the signs of a comment are blanks, and the words
	// end where a line is not a comment.
	commented bool
	glued     bool // a word continues at a brace and after a closing quote
	newLine   bool // the last word is not on the line of the one before it
}

// word returns the next word without its quotes; "" at a delimiter and at the end.
func (w *words) word() string {
	from, to := w.next()
	return unquoted(w.text[from:to])
}

// unquoted returns a word without the quotes around it.
func unquoted(word string) string {
	if word != "" && (word[0] == '"' || word[0] == '\'') {
		return strings.TrimSuffix(word[1:], word[:1])
	}
	return word
}

// next returns the place of the next word. It is empty at a delimiter and at the end.
func (w *words) next() (from, to int) {
	if !w.blanks() || w.atDelimiter() {
		return w.pos, w.pos
	}
	from = w.pos
	if c := w.text[from]; c == '"' || c == '\'' {
		w.pos = closingQuote(w.text[:min(len(w.text), from+maxString)], from+1, c) + 1
		if w.pos == 0 {
			w.pos = lineEnd(w.text, from)
		}
		if !w.glued {
			return from, w.pos
		}
	}
	w.pos = wordEnd(w.text, w.pos)
	for w.glued && w.pos < len(w.text) && w.text[w.pos] == '{' {
		w.pos = wordEnd(w.text, w.pos+1)
	}
	return from, w.pos
}

// atDelimiter reports whether no word starts at w.pos.
func (w *words) atDelimiter() bool {
	switch w.text[w.pos] {
	case ';':
		return true
	case '{', '}':
		after := w.pos + 1
		return !w.glued || after == len(w.text) || class[w.text[after]] == blank || class[w.text[after]] == sign
	}
	return false
}

// split reports whether a semicolon at w.pos may be in the middle of a value: no
// directive follows it directly.
func (w *words) split() bool {
	after := w.pos + 1
	if after >= len(w.text) || w.text[w.pos] != ';' || strings.IndexByte("}#", w.text[after]) >= 0 {
		return false
	}
	end := wordEnd(w.text, after)
	return end > after && servers.NginxKeyOf(w.text[after:end]) == 0
}

// blanks skips blanks, and comments or their signs. It returns false at the end.
func (w *words) blanks() bool {
	w.newLine = false
	for i := w.pos; i < len(w.text); {
		switch c := w.text[i]; {
		case c == '\n':
			w.newLine = true
			if i++; w.commented && !strings.HasPrefix(strings.TrimLeft(w.text[i:lineEnd(w.text, i)], " \t"), "#") {
				return false
			}
		case class[c] == blank || c == '#' && w.commented:
			i++
		case c == '#':
			i = lineEnd(w.text, i)
		default:
			w.pos = i
			return true
		}
	}
	return false
}
