package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// blanks separate the arguments of most instructions.
const blanks = "\t\v\f\r "

// trim moves both ends of a part of the line inwards over white space.
func (l *line) trim(from, to int) (int, int) {
	text := strings.TrimRightFunc(l.text[from:to], unicode.IsSpace)
	to = from + len(text)
	return to - len(strings.TrimLeftFunc(text, unicode.IsSpace)), to
}

// cut returns where the first argument ends and the next one starts.
func (l *line) cut(from, to int) (end, next int) {
	end = to
	if n := strings.IndexAny(l.text[from:to], blanks); n >= 0 {
		end = from + n
	}
	return end, to - len(strings.TrimLeft(l.text[end:to], blanks))
}

// fields splits at blanks: quotes mean nothing.
func (l *line) fields(from, to int) (words []Word) {
	for from < to {
		end, next := l.cut(from, to)
		words = append(words, l.word(from, end))
		from = next
	}
	return words
}

// quoted splits at white space outside quotes, which stay in the words. An escape
// character takes the meaning from the next one, except in single quotes.
func (l *line) quoted(from, to int, escape byte) (words []Word) {
	start, quote := -1, byte(0)
	for i := from; i < to; {
		c, size := utf8.DecodeRuneInString(l.text[i:to])
		b := l.text[i]
		switch {
		case start < 0 && unicode.IsSpace(c):
			i += size
			continue
		case start < 0:
			start = i
		}
		switch {
		case quote == 0 && unicode.IsSpace(c):
			words = append(words, l.word(start, i))
			start = -1
		case b == escape && quote != '\'':
			if i+1 == to { // the builder drops one at the end
				to = i
				break
			}
			i++
			_, size = utf8.DecodeRuneInString(l.text[i:to])
		case quote == 0 && (b == '\'' || b == '"'):
			quote = b
		case b == quote:
			quote = 0
		}
		i += size
	}
	if start >= 0 && start < to {
		words = append(words, l.word(start, to))
	}
	return words
}

// flags reads the options before the arguments and returns where these start. Quotes and
// escape characters are removed.
func (l *line) flags(from, to int, escape byte) (flags []Flag, next int) {
	for from < to {
		if space(l.text[from]) {
			from++
			continue
		}
		if !strings.HasPrefix(l.text[from:to], "--") {
			return flags, from
		}
		text, equals, end := l.flag(from, to, escape)
		if text == "--" {
			return flags, end
		}
		f := Flag{Name: text[2:], At: l.span(from, end)}
		if name, value, ok := strings.Cut(f.Name, "="); ok {
			f.Name, f.Value = name, Word{value, l.span(equals+1, end)}
		}
		flags = append(flags, f)
		from = end
	}
	return flags, to
}

// flag reads one option: its text, where its first "=" is, and where it ends.
func (l *line) flag(from, to int, escape byte) (text string, equals, end int) {
	var out []byte
	quote := byte(0)
	for end = from; end < to; end++ {
		c := l.text[end]
		switch {
		case quote == 0 && space(c):
			return string(out), equals, end
		case c == quote:
			quote = 0
			continue
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			continue
		case c == escape:
			if end++; end == to {
				return string(out), equals, end
			}
			c = l.text[end]
		}
		if c == '=' && equals == 0 {
			equals = end
		}
		out = append(out, c)
	}
	return string(out), equals, end
}

// space reports whether a byte ends an option. BuildKit reads options byte by byte, so
// that two bytes which are never ASCII do so too.
func space(c byte) bool { return unicode.IsSpace(rune(c)) }
