package handler

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
)

// maxExpression limits the length of an expression that is compiled.
const maxExpression = 2000

// compile returns a regular expression that means the same to PCRE and to package regexp, which
// both take the leftmost alternative first; nil for another. It is kept.
func (m *model) compile(text string, caseless bool) *regexp.Regexp {
	if caseless {
		text = "(?i)" + text
	}
	re, ok := m.regexes[text]
	if !ok {
		if len(text) <= maxExpression && pcre.Parse(text).Refused == "" && !differs(text) {
			re, _ = regexp.Compile(text) // nil for one that it does not know
		}
		m.regexes[text] = re
	}
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

// literal returns the text with which everything begins that an anchored expression matches.
func literal(expression string) string {
	rest, ok := strings.CutPrefix(expression, "^")
	if !ok {
		return ""
	}
	var out strings.Builder
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if c == '\\' && i+1 < len(rest) && strings.IndexByte("./-_", rest[i+1]) >= 0 {
			i++
			c = rest[i]
		} else if strings.IndexByte(`\.[](){}*+?|$^`, c) >= 0 {
			break
		}
		if i+1 < len(rest) && strings.IndexByte("*?{", rest[i+1]) >= 0 {
			break
		}
		out.WriteByte(c)
	}
	if strings.Contains(rest, "|") && !strings.Contains(rest, "(") {
		return ""
	}
	return out.String()
}

// wild reports whether a path of a section is a pattern of fnmatch(3), and match whether it
// matches (apr apr_fnmatch.c).
func wild(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// fnmatch returns the expression of a pattern. With slash, no wildcard matches a slash
// (APR_FNM_PATHNAME).
func (m *model) fnmatch(pattern string, slash bool) *regexp.Regexp {
	any, one := ".*", "."
	if slash {
		any, one = "[^/]*", "[^/]"
	}
	var out strings.Builder
	out.WriteString("^")
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			out.WriteString(any)
		case '?':
			out.WriteString(one)
		case '[':
			end := strings.IndexByte(pattern[i+1:], ']')
			if end < 1 {
				return nil
			}
			set := pattern[i+1 : i+1+end]
			if set[0] == '!' {
				set = "^" + set[1:]
			}
			if strings.ContainsAny(set, `\[&`) {
				return nil
			}
			out.WriteString("[" + set + "]")
			i += 1 + end
		case '\\':
			if i++; i < len(pattern) {
				out.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			}
		default:
			out.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	out.WriteString("$")
	return m.compile(out.String(), false)
}
