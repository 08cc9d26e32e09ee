package source

import "strings"

// Excerpt returns text as a message quotes it: its first 60 bytes when it is
// longer.
func Excerpt(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
