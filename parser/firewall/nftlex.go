package firewall

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// token is one token of nft(8): a word, a text in quotes, or a sign. A line end is the
// word "\n".
type token struct {
	text       string
	quoted     bool
	start, end int
}

// is reports whether the token is a word or sign.
func (t token) is(text string) bool { return !t.quoted && t.text == text }

// signs are bytes that end a word. A comparison of two bytes is one sign.
const signs = "{};,=!<>()|&^~"

// lex splits a file into tokens.
func lex(f *source.File) (list []token) {
	f.Comments = nil
	text := f.Text
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case c == '\\' && strings.HasPrefix(text[i+1:], "\n"):
			i += 2
		case c == '#':
			end := i + lineLength(text[i:])
			f.Comments = append(f.Comments, f.Span(i, end))
			i = end
		default:
			t := take(text, i)
			list = append(list, t...)
			i = t[len(t)-1].end
		}
	}
	return list
}

func lineLength(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// take returns the token at text[i], or the two of a word with a colon after it.
func take(text string, i int) []token {
	rest := text[i:]
	switch c := rest[0]; {
	case c == '\n':
		return []token{{"\n", false, i, i + 1}}
	case c == '"':
		if n := strings.IndexByte(rest[1:], '"'); n >= 0 {
			return []token{{rest[1 : n+1], true, i, i + n + 2}}
		}
		return []token{{rest[1:], true, i, len(text)}}
	case len(rest) > 1 && rest[1] == '=' && strings.IndexByte("=!<>", c) >= 0:
		return []token{{rest[:2], false, i, i + 2}}
	case strings.IndexByte(signs, c) >= 0:
		return []token{{rest[:1], false, i, i + 1}}
	}
	n := strings.IndexAny(rest, signs+" \t\r\n\"#\\")
	if n == 0 {
		n = 1 // a backslash that is not at the end of a line
	}
	if n < 0 {
		n = len(rest)
	}
	// In a map, key: value. An address may end in two colons.
	if n > 1 && rest[n-1] == ':' && rest[n-2] != ':' {
		return []token{{rest[:n-1], false, i, i + n - 1}, {":", false, i + n - 1, i + n}}
	}
	return []token{{rest[:n], false, i, i + n}}
}
