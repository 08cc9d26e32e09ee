package nginx

import (
	"iter"
	"strings"
	"unicode"
)

// Part is a piece of a decoded value: literal text or a variable.
type Part struct {
	// Text is the piece as written: "/app/", "$uri", "${host}".
	Text string
	// Variable is the name without dollar sign and braces, "1" to "9" for a
	// capture; "" for literal text.
	Variable string
}

// HasVariable reports whether nginx looks for variables in the decoded value s: it
// does if s has a dollar sign (nginx ngx_http_script.c,
// ngx_http_script_variables_count).
func HasVariable(s string) bool { return strings.IndexByte(s, '$') >= 0 }

// Variables splits the decoded value s into literal text and variables, in order.
// The Texts joined are s (nginx ngx_http_script.c, ngx_http_script_compile). A
// dollar sign that starts no variable is literal text; nginx refuses such a value.
func Variables(s string) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		literal := 0
		for i := 0; i < len(s); {
			name, end := variableAt(s, i)
			if name == "" {
				i++
				continue
			}
			if literal < i && !yield(Part{Text: s[literal:i]}) {
				return
			}
			if !yield(Part{Text: s[i:end], Variable: name}) {
				return
			}
			i, literal = end, end
		}
		if literal < len(s) {
			yield(Part{Text: s[literal:]})
		}
	}
}

// Replaceable reports whether envsubst may replace the variable before nginx reads the
// file: its name is in capitals or in braces.
func (p Part) Replaceable() bool {
	name := p.Variable
	return name != "" && (strings.HasPrefix(p.Text, "${") || strings.IndexFunc(name, unicode.IsLower) < 0 && (name[0] < '0' || name[0] > '9'))
}

// MayBeReplaced reports whether envsubst may replace a variable in s before nginx reads
// the file.
func MayBeReplaced(s string) bool {
	for part := range Variables(s) {
		if part.Replaceable() {
			return true
		}
	}
	return false
}

// variableAt returns the name and the end of the variable that starts at s[i]; the
// name is "" if there is none.
func variableAt(s string, i int) (name string, end int) {
	if s[i] != '$' || i+1 == len(s) {
		return "", 0
	}
	i++
	if '1' <= s[i] && s[i] <= '9' {
		return s[i : i+1], i + 1
	}
	braced := s[i] == '{'
	if braced {
		i++
	}
	end = i
	for end < len(s) && isNameByte(s[end]) {
		end++
	}
	if !braced {
		return s[i:end], end
	}
	if end == len(s) || s[end] != '}' {
		return "", 0
	}
	return s[i:end], end + 1
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}
