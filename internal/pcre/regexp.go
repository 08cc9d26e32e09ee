package pcre

import (
	"regexp"
	"strings"
)

// MaxRegexp is how long, in bytes, an expression may be that Regexp compiles.
const MaxRegexp = 2000

// Regexp returns an expression of package regexp that matches what PCRE matches with text, both
// of which take the leftmost alternative first. It is nil for a text that is too long, that
// package regexp does not know, or that the two may read differently; a text that PCRE refuses
// may have one.
func Regexp(text string, caseless bool) *regexp.Regexp {
	if len(text) > MaxRegexp || differs(text) {
		return nil
	}
	if caseless {
		text = "(?i)" + text
	}
	re, _ := regexp.Compile(text) // nil for one that it does not know
	return re
}

// differs reports whether PCRE and package regexp may read an expression differently, or
// package regexp may reject what PCRE accepts.
func differs(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 0x80:
			return true
		case c == '\\':
			i++
			if i == len(text) || strings.IndexByte("0123456789CGKRXZceghklopPuNQEHVvU", text[i]) >= 0 {
				return true
			}
		case c == '(' && strings.HasPrefix(text[i:], "(?"):
			if !plainGroup(text[i+2:]) {
				return true
			}
		case c == '{' && strings.HasPrefix(text[i:], "{,"):
			return true
		case c == '[' && (strings.Contains(text[i:], "&&") || strings.Contains(text[i:], "--")):
			return true
		}
	}
	return false
}

// plainGroup reports whether both libraries read a group alike that begins with (? and rest.
func plainGroup(rest string) bool {
	if strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, "<!") {
		return false
	}
	for _, sign := range [...]string{":", "<", "P<", "i)", "i:"} {
		if strings.HasPrefix(rest, sign) {
			return true
		}
	}
	return false
}
