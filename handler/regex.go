package handler

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
)

// expression is a regular expression as written.
type expression struct {
	text     string
	caseless bool
}

// compile returns an expression that PCRE takes and that means the same to package regexp; nil
// for another. It is kept.
func (m *model) compile(text string, caseless bool) *regexp.Regexp {
	key := expression{text, caseless}
	re, ok := m.regexes[key]
	if !ok {
		if re = pcre.Regexp(text, caseless); re != nil && pcre.Parse(text).Refused != "" {
			re = nil
		}
		m.regexes[key] = re
	}
	return re
}

// match is a question to a regular expression.
type match struct {
	re   *regexp.Regexp
	text string
}

// maxMatched limits the answers that are kept.
const maxMatched = 1 << 12

// matches reports whether s applies to the name of a file or the path of a URL: requests have few of
// them, and many servers the same expressions.
func (m *model) matches(s *section, text string) bool {
	if s.re == nil {
		return s.matches(text)
	}
	is, ok := m.matched[match{s.re, text}]
	if ok {
		return is
	}
	is = s.matches(text)
	if len(m.matched) < maxMatched {
		m.matched[match{s.re, text}] = is
	}
	return is
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
