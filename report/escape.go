package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns s with everything that does not print written out: invalid
// UTF-8, control characters, blanks other than the space, marks that change the
// direction of the text. So the text of a file cannot move the cursor or forge a
// line of a report.
func visible(s string) string {
	if printable(s) {
		return s
	}
	return rewrite(s, func(r rune) bool { return unicode.IsPrint(r) })
}

// printable reports whether s is printable ASCII, as nearly every text is.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// valid returns s with invalid UTF-8 written out.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return rewrite(s, func(rune) bool { return true })
}

func rewrite(s string, keep func(rune) bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if broken := r == utf8.RuneError && size == 1; !broken && keep(r) {
			b.WriteString(s[i : i+size])
		} else {
			b.WriteString(escape(r, s[i:i+size]))
		}
		i += size
	}
	return b.String()
}

// escape returns r, which was read from raw, in the notation of Go and C.
func escape(r rune, raw string) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
