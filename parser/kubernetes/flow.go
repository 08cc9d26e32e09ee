package kubernetes

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// flow returns the text of the plain or quoted scalar n at offset start, and where it ends.
//
// A plain one is its bytes, with a blank for each line break. Of a quoted one each line of
// the value is a piece of its own, which is not the same as its bytes: what is written
// between quotes has escapes.
func (r *reader) flow(start int, n *yaml.Node) (t source.Text, end int, ok bool) {
	text := r.file.Text
	b := builder{file: r.file, value: n.Value}
	isQuoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	at, limit := start, len(text)
	if isQuoted {
		at, limit = start+1, start+quoted(text[start:])-1
	}
	var pending strings.Builder // of a quoted scalar: the line so far
	from := at
	flush := func() {
		b.add(pending.String(), from, at, false)
		pending.Reset()
		from = at
	}
	for at < limit && b.value[pending.Len():] != "" {
		part, size := unfold(text[at:limit])
		if size == 0 {
			part, size = unescape(text[at:limit], n.Style)
		}
		if size == 0 || !strings.HasPrefix(b.value[pending.Len():], part) {
			return source.Text{}, at, false
		}
		if !isQuoted {
			b.add(part, at, at+size, part == text[at:at+size])
			at += size
			continue
		}
		pending.WriteString(part)
		at += size
		if strings.HasSuffix(part, "\n") {
			flush()
		}
	}
	flush()
	if isQuoted {
		at = limit + 1
	}
	return b.text(), at, b.value == ""
}

// blanks returns the length of the blanks and line breaks that text starts with, and how
// many line breaks they have.
func blanks(text string) (size, breaks int) {
	for size < len(text) {
		n := lineBreak(text[size:])
		switch {
		case n > 0:
			breaks++
			size += n
		case isBlank(text[size]):
			size++
		default:
			return size, breaks
		}
	}
	return size, breaks
}

// unfold returns what the blanks that text starts with become, and their length: with a
// line break a blank, with more a line feed for each but the first.
func unfold(text string) (part string, size int) {
	size, breaks := blanks(text)
	switch breaks {
	case 0:
		return text[:size], size
	case 1:
		return " ", size
	}
	return strings.Repeat("\n", breaks-1), size
}

// simpleEscapes are those of a double-quoted scalar that stand for one character (YAML 1.1,
// 5.6).
var simpleEscapes = [256]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '\'': "'", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// unescape returns the first character of the scalar's text, and how many bytes it takes.
func unescape(text string, style yaml.Style) (part string, size int) {
	switch {
	case style&yaml.SingleQuotedStyle != 0 && strings.HasPrefix(text, "''"):
		return "'", 2
	case style&yaml.DoubleQuotedStyle == 0 || text[0] != '\\':
		_, size = utf8.DecodeRuneInString(text)
		return text[:size], size
	case len(text) == 1:
		return "", 0
	}
	if n := lineBreak(text[1:]); n > 0 { // an escaped line break joins two lines
		size, breaks := blanks(text[1+n:])
		return strings.Repeat("\n", breaks), 1 + n + size
	}
	if part := simpleEscapes[text[1]]; part != "" {
		return part, 2
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[1]]
	if digits == 0 || len(text) < 2+digits {
		return "", 0
	}
	code, err := strconv.ParseUint(text[2:2+digits], 16, 32)
	if err != nil {
		return "", 0
	}
	return string(rune(code)), 2 + digits
}
