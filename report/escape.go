package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible returns s with everything that does not print written out: invalid
// UTF-8, control characters, blanks other than the space, marks that change the
// direction of the text. So the text of a file cannot move the cursor or forge a
// line of a report.
func Visible(s string) string {
	if printable(s) {
		return s
	}
	return rewrite(s, func(r rune, raw string) bool { return !invalid(r, raw) && unicode.IsPrint(r) })
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
	return rewrite(s, func(r rune, raw string) bool { return !invalid(r, raw) })
}

// harmless returns s, which may have several lines, with what a terminal obeys written
// out. Bytes that are not UTF-8 stay unless they are control characters of Latin-1.
func harmless(s string) string {
	if printable(strings.ReplaceAll(s, "\n", " ")) {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		words := strings.TrimRight(line, "\r\n")
		b.WriteString(rewrite(words, func(r rune, raw string) bool {
			if invalid(r, raw) {
				return raw[0] >= 0xa0
			}
			return r == '\t' || r == '\ufeff' || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
		}))
		b.WriteString(line[len(words):])
	}
	return b.String()
}

// invalid reports whether r, which was read from raw, is a byte of invalid UTF-8.
func invalid(r rune, raw string) bool { return r == utf8.RuneError && len(raw) == 1 }

// rewrite escapes the code points that keep refuses.
func rewrite(s string, keep func(r rune, raw string) bool) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if raw := s[i : i+size]; !keep(r, raw) {
			b.WriteString(s[done:i])
			b.WriteString(escape(r, raw))
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
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
		const digits = "0123456789abcdef"
		return string([]byte{'\\', 'x', digits[raw[0]>>4], digits[raw[0]&15]})
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// jsonEscaper writes JSON so that it prints as text: what Visible writes out is escaped
// as JSON does, so that a program reads what it is. It also escapes what GitHub takes for
// a workflow command anywhere in a line (see Log). Each Write must end between code points.
type jsonEscaper struct{ w io.Writer }

func (e jsonEscaper) Write(p []byte) (n int, err error) {
	done := 0
	for i := 0; i < len(p); {
		r, size := utf8.DecodeRune(p[i:])
		command := r == '[' && i >= 2 && p[i-1] == '#' && p[i-2] == '#'
		if r < 0x7f && !command || r >= 0x7f && unicode.IsPrint(r) {
			i += size
			continue
		}
		if _, err := e.w.Write(p[done:i]); err != nil {
			return done, err
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			if _, err := fmt.Fprintf(e.w, `\u%04x`, unit); err != nil {
				return i, err
			}
		}
		i += size
		done = i
	}
	_, err = e.w.Write(p[done:])
	return len(p), err
}
