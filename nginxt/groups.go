package nginxt

import "strings"

// groupMissing returns the number of the highest back reference, \1 to \9, whose group a
// regular expression lacks. A following digit would make it an octal number. The
// result is "" if all groups exist, or if brackets make it hard to tell.
func groupMissing(text string) string {
	if !strings.Contains(text, `\`) || strings.Contains(text, "[") {
		return ""
	}
	groups, wanted := 0, byte('0')
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case rest[0] == '\\' && len(rest) > 1:
			if n := rest[1]; '1' <= n && n <= '9' && (len(rest) == 2 || rest[2] < '0' || rest[2] > '9') {
				wanted = max(wanted, n)
			}
			i++
		case rest[0] == '(' && captures(rest):
			groups++
		}
	}
	if int(wanted-'0') > groups {
		return string(wanted)
	}
	return ""
}

// unknownGroup returns the first sequence after (? that starts no PCRE group, together
// with the text before it; "" if there is none.
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

// captures reports whether the parenthesis at the start of text opens a numbered group.
func captures(text string) bool {
	for _, sign := range [...]string{"(?P<", "(?'", "(?<"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return rest != "" && rest[0] != '=' && rest[0] != '!'
		}
	}
	return !strings.HasPrefix(text, "(?") && !strings.HasPrefix(text, "(*")
}
