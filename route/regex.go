package route

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
)

// regexKey is a regular expression as written.
type regexKey struct {
	text     string
	caseless bool
}

// expression is a compiled regular expression; re is nil if Go cannot run it as PCRE does.
type expression struct {
	re    *regexp.Regexp
	names []string
	// wider is set without re: it matches at least what the expression matches.
	wider *regexp.Regexp
}

// regex returns a compiled expression, which is kept.
func (c *Config) regex(text string, caseless bool) *expression {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := regexKey{text, caseless}
	x := c.regexes[key]
	if x == nil {
		x = compile(text, caseless)
		c.regexes[key] = x
	}
	return x
}

// compile translates an expression of PCRE if package regexp gives it the same meaning:
// both take the leftmost alternative first.
func compile(text string, caseless bool) *expression {
	x := &expression{}
	if len(text) > pcre.MaxRegexp {
		return x
	}
	if x.re = pcre.Regexp(text, caseless); x.re != nil {
		x.names = x.re.SubexpNames()
	} else if wide, ok := widened(text); ok {
		x.wider = pcre.Regexp(wide, caseless)
	}
	return x
}

// widened returns an expression without its assertions and possessive groups. It matches
// whatever text matches, and perhaps more.
func widened(text string) (wide string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case rest[0] == '[':
			return "", false // a bracket may hold what looks like an assertion
		case rest[0] == '\\' && len(rest) > 1:
			out.WriteString(rest[:2])
			i++
		case strings.HasPrefix(rest, "(?>"):
			out.WriteString("(?:")
			i += 2
		case strings.HasPrefix(rest, "(?!"), strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?<!"), strings.HasPrefix(rest, "(?<="):
			end := closing(rest)
			if end < 0 || end+1 < len(rest) && strings.IndexByte("*+?{", rest[end+1]) >= 0 {
				return "", false
			}
			i += end
		default:
			out.WriteByte(rest[0])
		}
	}
	return out.String(), true
}

// closing returns the index of the parenthesis that closes the one at the start of text;
// -1 for none, and with a bracket before.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			return -1
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// plain reports whether both libraries treat every byte of a subject alike.
func plain(subject string) bool {
	for i := range len(subject) {
		if c := subject[i]; c >= 0x80 || c == '\n' || c == 0x0b {
			return false
		}
	}
	return true
}

// captured are the groups of the latest match.
type captured struct {
	groups []string // from the whole match on
	why    string   // why they are unknown
}

// match runs an expression on a subject. Named groups become variables, and a match
// replaces the numbered ones (nginx ngx_http_variables.c, ngx_http_regex_exec).
func (w *walk) match(text string, caseless bool, subject value) bool {
	x := w.c.regex(text, caseless)
	if x.wider != nil && subject.why == "" && plain(subject.text) && !x.wider.MatchString(subject.text) {
		return false
	}
	if subject.why != "" || x.re == nil || !plain(subject.text) {
		why := subject.why
		if why == "" {
			why = "the regular expression " + text + " cannot be decided here"
		}
		hit := w.choose("regex "+text+" "+subject.text, why)
		if hit {
			w.groups = captured{why: why}
			w.unknownNames(text, why)
		}
		return hit
	}
	at := x.re.FindStringSubmatchIndex(subject.text)
	if at == nil {
		return false
	}
	w.groups = captured{}
	for i := range len(at) / 2 {
		group := ""
		if at[2*i] >= 0 {
			group = subject.text[at[2*i]:at[2*i+1]]
		}
		w.groups.groups = append(w.groups.groups, group)
		if name := x.names[i]; name != "" {
			w.set(name, value{text: group})
		}
	}
	return true
}

// unknownNames makes the variables of named groups unknown.
func (w *walk) unknownNames(text, why string) {
	for _, sign := range [...]string{"(?<", "(?P<", "(?'"} {
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, sign)
			if !ok {
				break
			}
			if end := strings.IndexAny(after, ">'"); end > 0 {
				w.set(after[:end], value{why: why})
			}
			rest = after
		}
	}
}
