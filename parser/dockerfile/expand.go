package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
)

// Expand replaces the variables of a word as the builder does, and removes its quotes.
// An unset variable without a default is empty and in missing. A word that the builder
// refuses, which is a problem of Parse, comes back as it is.
//
// The escape character is a backslash; see File.Expand.
func Expand(word string, lookup func(name string) (value string, ok bool)) (text string, missing []string) {
	return expand(word, '\\', lookup)
}

// Expand is Expand with the escape character of the file.
func (f *File) Expand(word string, lookup func(name string) (value string, ok bool)) (text string, missing []string) {
	return expand(word, f.escape, lookup)
}

func expand(word string, escape byte, lookup func(string) (string, bool)) (string, []string) {
	x := lexer{text: word, escape: escape, lookup: lookup}
	text := x.all()
	if x.failed != "" {
		return word, x.missing
	}
	return text, x.missing
}

// ExpandBody replaces the variables in the body of a heredoc of COPY or ADD, as the
// builder does unless its delimiter is quoted: quotes stay, and an escape character is
// removed. A value leads back to the variable that it is the value of.
func ExpandBody(body source.Text, lookup func(name string) (value string, ok bool)) (text source.Text, missing []string) {
	var parts []source.Text
	start := 0 // of what was not added yet
	x := lexer{text: body.String, escape: '\\', lookup: lookup, plain: true}
	x.piece = func(text string, from, to int) {
		if text == body.String[from:to] {
			return
		}
		made := source.Text{String: text}
		if at := body.Slice(from, to); len(at.Pieces) > 0 {
			made.Pieces = []source.Piece{{From: at.Pieces[0].From}}
		}
		parts = append(parts, body.Slice(start, from), made)
		start = to
	}
	if x.all(); x.failed != "" {
		return body, x.missing
	}
	return source.Join(append(parts, body.Slice(start, len(body.String)))...), x.missing
}

// unset is the lookup where no variable is set.
func unset(string) (string, bool) { return "", false }

// Limits of an expansion.
const (
	maxNested   = 50
	maxExpanded = 1 << 20
	maxReplaced = 16 << 20
)

// lexer reads a word as BuildKit's own lexer does (frontend/dockerfile/shell).
type lexer struct {
	text   string
	pos    int
	escape byte
	lookup func(string) (string, bool)

	plain        bool // quotes mean nothing
	rawQuotes    bool // quotes stay
	rawEscapes   bool // escape characters stay
	rawVariables bool // variables stay

	// piece, if set, is called with each piece of the result outside braces, and with the
	// bounds of what it was made from.
	piece func(text string, from, to int)

	depth   int
	missing []string
	noted   map[string]bool // those in missing
	failed  string          // why the builder refuses the word; "" if it does not
}

func (x *lexer) fail(message string) {
	if x.failed == "" {
		x.failed = message
	}
}

// all reads the whole text.
func (x *lexer) all() string { return x.until(0, x.rawEscapes, false) }

// until reads up to an end byte, or to the end of the text for 0. With pattern, escape
// characters in quotes are doubled, so that they stay in the pattern.
func (x *lexer) until(end byte, rawEscapes, pattern bool) string {
	defer func(before bool) { x.rawEscapes = before; x.depth-- }(x.rawEscapes)
	x.rawEscapes = rawEscapes
	if x.depth++; x.depth > maxNested {
		x.fail("variables are nested too deeply")
	}
	var out strings.Builder
	for x.pos < len(x.text) && x.failed == "" {
		from := x.pos
		if end != 0 && x.text[from] == end {
			x.pos++
			return out.String()
		}
		text := x.next(pattern)
		if x.piece != nil && x.depth == 1 && x.failed == "" {
			x.piece(text, from, x.pos)
		}
		if out.WriteString(text); out.Len() > maxExpanded {
			x.fail("the value is longer than 1 MiB")
		}
	}
	if end != 0 {
		x.fail(unclosed)
	}
	return out.String()
}

// next reads one piece: a variable, something in quotes, or a character.
func (x *lexer) next(pattern bool) string {
	switch c := x.text[x.pos]; {
	case c == '$':
		return x.variable()
	case c == '<':
		return x.less()
	case c == '\'' && !x.plain:
		return x.single(pattern)
	case c == '"' && !x.plain:
		return x.double(pattern)
	case c == x.escape:
		x.pos++
		text := x.char()
		if x.rawEscapes {
			text = string(c) + text
		}
		return text
	}
	return x.char()
}

// char reads one character; "" at the end.
func (x *lexer) char() string {
	if x.pos == len(x.text) {
		return ""
	}
	_, size := utf8.DecodeRuneInString(x.text[x.pos:])
	x.pos += size
	return x.text[x.pos-size : x.pos]
}

// less reads "<", or "<<" with the blanks between it and the delimiter of a heredoc.
func (x *lexer) less() string {
	start := x.pos
	x.pos++
	if strings.HasPrefix(x.text[x.pos:], "<") {
		x.pos = len(x.text) - len(strings.TrimLeft(x.text[x.pos+1:], "\t\r "))
	}
	return x.text[start:x.pos]
}

// single reads what is in single quotes.
func (x *lexer) single(pattern bool) string {
	start := x.pos
	n := strings.IndexByte(x.text[start+1:], '\'')
	if n < 0 {
		x.fail("a single quote is not closed")
		return ""
	}
	x.pos += n + 2
	text := x.text[start+1 : x.pos-1]
	if pattern {
		text = strings.ReplaceAll(text, string(x.escape), string(x.escape)+string(x.escape))
	}
	if x.rawQuotes {
		return "'" + text + "'"
	}
	return text
}

// double reads what is in double quotes. An escape character takes the meaning from a
// quote, a dollar sign and itself, and is text elsewhere.
func (x *lexer) double(pattern bool) string {
	var out strings.Builder
	quote := func() {
		x.pos++
		if x.rawQuotes {
			out.WriteByte('"')
		}
	}
	quote()
	for x.pos < len(x.text) && x.failed == "" {
		switch c := x.text[x.pos]; {
		case c == '"':
			quote()
			return out.String()
		case c == '$':
			out.WriteString(x.variable())
		case c != x.escape:
			out.WriteString(x.char())
		default:
			x.pos++
			out.WriteString(x.escaped(c, pattern))
		}
	}
	x.fail("a double quote is not closed")
	return ""
}

// escaped reads what follows an escape character in double quotes.
func (x *lexer) escaped(escape byte, pattern bool) string {
	if x.pos == len(x.text) {
		return ""
	}
	switch c := x.text[x.pos]; {
	case c == '"', c == '$', c == escape:
		x.pos++
		if x.rawEscapes {
			return string([]byte{escape, c})
		}
		return string(c)
	case x.rawEscapes && (!x.rawQuotes || pattern):
		return string([]byte{escape, escape}) + x.char()
	}
	return string(escape) + x.char()
}

// name reads the name of a variable; "" for none.
func (x *lexer) name() string {
	start := x.pos
	for x.pos < len(x.text) {
		c, size := utf8.DecodeRuneInString(x.text[x.pos:])
		digits := start < x.pos && unicode.IsDigit(rune(x.text[start]))
		switch {
		case start == x.pos && strings.ContainsRune("@*#?-$!", c):
			x.pos++
			return x.text[start:x.pos]
		case unicode.IsDigit(c), !digits && (unicode.IsLetter(c) || c == '_'):
			x.pos += size
			continue
		}
		break
	}
	return x.text[start:x.pos]
}
