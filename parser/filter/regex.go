// Package filter does what commands that read a text and print another one do to it, such
// as sed and envsubst: each part of the result keeps its place.
package filter

import (
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
)

// Compile translates a basic or extended regular expression of POSIX, with the extensions
// of GNU (regex(7), sed's manual), to one of package regexp. certain is not set if the
// result matches more than the original: a back-reference, or a part that is not known.
func Compile(text string, extended, fold bool) (re *regexp.Regexp, certain bool) {
	t := translator{text: text, extended: extended, certain: true}
	expression := "(?s)" + t.all()
	if fold {
		expression = "(?i)" + expression
	}
	re, err := regexp.Compile(expression)
	if err != nil {
		return nil, false
	}
	re.Longest()
	return re, t.certain
}

type translator struct {
	text     string
	extended bool
	certain  bool
	out      strings.Builder
	start    bool // of an expression, a group or an alternative: * is a byte there
}

func (t *translator) all() string {
	t.start = true
	for i := 0; i < len(t.text); {
		i = t.one(i)
	}
	return t.out.String()
}

// one translates what is at i, and returns where the next thing is.
func (t *translator) one(i int) int {
	c, start := t.text[i], t.start
	t.start = false
	switch {
	case c == hole.Mark[0]:
		t.out.WriteString(".*")
		t.certain = false
	case c == '\\' && i+1 < len(t.text):
		return t.escape(i+1, start)
	case c == '[':
		class, length := bracket(t.text[i:], "^")
		if length == 0 {
			t.out.WriteString(`\[`)
			return i + 1
		}
		t.out.WriteString(class)
		return i + length
	case c == '.':
		t.out.WriteByte('.')
	case c == '*':
		if start && !t.extended {
			t.out.WriteString(`\*`)
		} else {
			t.out.WriteByte('*')
		}
	case c == '^':
		if start || t.extended {
			t.out.WriteString("^")
			t.start = true
		} else {
			t.out.WriteString(`\^`)
		}
	case c == '$':
		if t.extended || t.ends(i+1) {
			t.out.WriteString("$")
		} else {
			t.out.WriteString(`\$`)
		}
	case strings.IndexByte("+?(){}|", c) >= 0:
		if t.extended {
			return t.operator(c, i, start)
		}
		t.out.WriteString(`\` + string(c))
	case c >= 0x80:
		t.out.WriteByte(c)
	default:
		t.out.WriteString(regexp.QuoteMeta(string(c)))
	}
	return i + 1
}

// ends reports whether a $ before i is at the end of a basic expression.
func (t *translator) ends(i int) bool {
	rest := t.text[i:]
	return rest == "" || strings.HasPrefix(rest, `\)`) || strings.HasPrefix(rest, `\|`)
}

// operator translates a sign of an extended expression, or one with a backslash of a
// basic one.
func (t *translator) operator(c byte, i int, start bool) int {
	switch c {
	case '(', '|':
		t.start = true
	case '{':
		n := strings.IndexByte(t.text[i:], '}')
		if n < 0 || start {
			t.out.WriteString(`\{`)
			return i + 1
		}
		t.out.WriteString(strings.ReplaceAll(t.text[i:i+n], `\`, "") + "}")
		return i + n + 1
	case '}':
		t.out.WriteString(`\}`)
		return i + 1
	}
	t.out.WriteByte(c)
	return i + 1
}

// escape translates what follows a backslash.
func (t *translator) escape(i int, start bool) int {
	c := t.text[i]
	switch {
	case strings.IndexByte("+?(){}|", c) >= 0:
		if t.extended {
			t.out.WriteString(`\` + string(c))
			return i + 1
		}
		return t.operator(c, i, start)
	case '1' <= c && c <= '9':
		t.out.WriteString(".*")
		t.certain = false
	case c == '<' || c == '>':
		t.out.WriteString(`\b`)
	case c == '`':
		t.out.WriteString(`\A`)
	case c == '\'':
		t.out.WriteString(`\z`)
	case strings.IndexByte("sSwWbB", c) >= 0:
		t.out.WriteString(`\` + string(c))
	case strings.IndexByte("nrtfv", c) >= 0:
		t.out.WriteString(`\` + string(c))
	case c == '\n':
		t.out.WriteString(`\n`)
	default:
		t.out.WriteString(regexp.QuoteMeta(string(c)))
	}
	return i + 1
}

// bracket translates the bracket expression that a text starts with; length is 0 if there
// is none. A backslash in it is a byte like others, but GNU sed reads \n and \t there.
// negations are the bytes that negate it.
func bracket(text, negations string) (class string, length int) {
	var out strings.Builder
	out.WriteByte('[')
	i := 1
	if i < len(text) && strings.IndexByte(negations, text[i]) >= 0 {
		out.WriteByte('^')
		i++
	}
	for first := i; i < len(text); i++ {
		switch c := text[i]; {
		case c == ']' && i > first:
			return out.String() + "]", i + 1
		case c == '[' && i+1 < len(text) && text[i+1] == ':':
			n := strings.Index(text[i:], ":]")
			if n < 0 {
				return "", 0
			}
			out.WriteString(text[i : i+n+2])
			i += n + 1
		case c == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 't'):
			out.WriteString(text[i : i+2])
			i++
		case c == '\\', c == '[', c == ']', c == '^', c == '&', c == '~':
			out.WriteString(`\` + string(c))
		default:
			out.WriteByte(c)
		}
	}
	return "", 0
}

// Quote returns a text as a basic regular expression that matches just it.
func Quote(text string) string {
	var out strings.Builder
	for i := range len(text) {
		if strings.IndexByte(`.*[]^$\`, text[i]) >= 0 {
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// Glob translates a pattern of a shell to the text of an expression of package regexp.
// special reports whether the byte at an offset may be a sign of the pattern: it is not
// quoted.
func Glob(text string, special func(i int) bool) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == hole.Mark[0]:
			out.WriteString(".*")
		case c >= 0x80:
			out.WriteByte(c)
		case !special(i):
			out.WriteString(regexp.QuoteMeta(text[i : i+1]))
		case c == '*':
			out.WriteString(".*")
		case c == '?':
			out.WriteString(".")
		case c == '[':
			class, length := bracket(text[i:], "!^")
			if length == 0 {
				out.WriteString(`\[`)
				continue
			}
			out.WriteString(class)
			i += length - 1
		default:
			out.WriteString(regexp.QuoteMeta(text[i : i+1]))
		}
	}
	return out.String()
}
