package nginxt

import "strings"

// groupMissing returns the number of the first group that a regular expression asks
// for and that it does not have: \1 to \9, of which no other digit makes an octal
// number. It is "" when there is none, or when brackets make it hard to tell.
func groupMissing(text string) string {
	if !strings.Contains(text, `\`) || strings.Contains(text, "[") {
		return ""
	}
	groups, asked := 0, byte('0')
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case rest[0] == '\\' && len(rest) > 1:
			if n := rest[1]; '1' <= n && n <= '9' && (len(rest) == 2 || rest[2] < '0' || rest[2] > '9') {
				asked = max(asked, n)
			}
			i++
		case rest[0] == '(' && captures(rest):
			groups++
		}
	}
	if int(asked-'0') > groups {
		return string(asked)
	}
	return ""
}

// unknownGroup returns the first sign behind (? that no group of PCRE has, with what
// stands in front of it, and "" when there is none.
func unknownGroup(text string) string {
	if strings.Contains(text, "[") {
		return ""
	}
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case rest[0] == '\\':
			i++
		case strings.HasPrefix(rest, "(?") && (len(rest) == 2 || !strings.ContainsRune("<>=!:|P'&#-+RC(^*imnsxJUaDST0123456789", rune(rest[2]))):
			return rest[:min(3, len(rest))]
		}
	}
	return ""
}

// captures reports whether the parenthesis at the start of text makes a group that
// has a number.
func captures(text string) bool {
	for _, sign := range [...]string{"(?P<", "(?'", "(?<"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return rest != "" && rest[0] != '=' && rest[0] != '!'
		}
	}
	return !strings.HasPrefix(text, "(?") && !strings.HasPrefix(text, "(*")
}
