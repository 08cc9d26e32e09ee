package source

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

var templateMarks = lazyregexp.New(`\{\{|\{%|<%|@@|__[A-Za-z0-9_]+__|%[A-Za-z0-9_]+%|@[A-Z][A-Z0-9_]*@`)

// TemplateMark returns the first mark of a template language in a value, whose
// text changes when the template is rendered; "" for none.
func TemplateMark(text string) string {
	if !mayHaveMark(text) {
		return ""
	}
	return templateMarks.FindString(text)
}

// markSigns are the characters that may begin a mark.
var markSigns = [256]bool{'{': true, '@': true, '<': true, '%': true, '_': true}

// mayHaveMark quickly excludes nearly every text without a mark.
func mayHaveMark(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		switch c, next := text[i], text[i+1]; {
		case !markSigns[c]:
		case c == '<', c == '%', next == c, c == '{' && next == '%', c == '@' && 'A' <= next && next <= 'Z':
			return true
		}
	}
	return false
}

// ExcerptLength is the length of an Excerpt in bytes.
const ExcerptLength = 60

// Excerpt returns text as a message quotes it: its first bytes when it is long.
func Excerpt(text string) string {
	if len(text) > ExcerptLength {
		return strings.ToValidUTF8(text[:ExcerptLength], "") + "…"
	}
	return text
}
