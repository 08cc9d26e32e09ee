package source

import "strings"

// ExcerptLength is the length of an Excerpt in bytes.
const ExcerptLength = 60

// Excerpt returns text as a message quotes it: its first bytes when it is long.
func Excerpt(text string) string {
	if len(text) > ExcerptLength {
		return strings.ToValidUTF8(text[:ExcerptLength], "") + "…"
	}
	return text
}
