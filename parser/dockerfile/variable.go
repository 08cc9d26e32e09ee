package dockerfile

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// variable reads a variable, which starts with a dollar sign, and returns its value.
func (x *lexer) variable() string {
	start := x.pos
	x.pos++
	value := "$"
	if strings.HasPrefix(x.text[x.pos:], "{") {
		x.pos++
		value = x.braces()
	} else if name := x.name(); name != "" {
		value = x.value(name)
	}
	if x.rawVariables {
		return x.text[start:x.pos]
	}
	return value
}

// braces reads what follows "${".
func (x *lexer) braces() string {
	if x.pos == len(x.text) || strings.IndexByte("{}:", x.text[x.pos]) >= 0 {
		x.fail(`"${" without the name of a variable`)
		return ""
	}
	name := x.name()
	switch operator := x.operator(); operator {
	case "}":
		return x.value(name)
	case "/":
		return x.replace(name)
	case "-", ":-", "+", ":+", "?", ":?":
		word := x.until('}', false, false)
		return x.conditional(name, operator, word)
	case "#", "%":
		pattern := x.until('}', true, true)
		return x.trim(name, operator, pattern)
	case "":
		x.fail(unclosed)
	default:
		x.fail(fmt.Sprintf("unsupported operator %q in ${%s", operator, name))
	}
	return ""
}

const unclosed = `"${" without "}"`

// operator reads what follows the name in braces.
func (x *lexer) operator() string {
	operator := x.char()
	if operator == ":" {
		operator += x.char()
	}
	return operator
}

// value returns the value of a variable.
func (x *lexer) value(name string) string {
	value, ok := x.lookup(name)
	if !ok {
		x.note(name)
	}
	return value
}

// note adds a name to missing.
func (x *lexer) note(name string) {
	if x.noted == nil {
		x.noted = map[string]bool{}
	}
	if !x.noted[name] {
		x.noted[name] = true
		x.missing = append(x.missing, name)
	}
}

// conditional returns the value of ${name-word} and its like. With a colon, an empty
// value is as good as none.
func (x *lexer) conditional(name, operator, word string) string {
	value, set := x.lookup(name)
	test := strings.TrimPrefix(operator, ":")
	has := set && (test == operator || value != "")
	switch {
	case test == "+" && has, test == "-" && !has:
		return word
	case test == "+":
		return ""
	case !has: // the builder stops
		x.note(name)
	}
	return value
}

// trim returns the value of ${name#pattern} and its like: without the shortest start or
// end that matches, or the longest if the operator is doubled.
func (x *lexer) trim(name, operator, pattern string) string {
	value := x.value(name)
	long := strings.HasPrefix(pattern, operator)
	pattern = strings.TrimPrefix(pattern, operator)
	if operator == "#" {
		if at := x.match("^", pattern, long, "", value); at != nil {
			return value[at[1]:]
		}
		return value
	}
	before := "()" // the first place from which the pattern matches up to the end
	if !long {
		before = "^((?s:.*))"
	}
	if at := x.match(before, pattern, true, "$", value); at != nil {
		if long {
			return value[:at[0]]
		}
		return value[:at[3]]
	}
	return value
}

// replace returns the value of ${name/pattern/text}, or of ${name//pattern/text}, which
// replaces all.
func (x *lexer) replace(name string) string {
	all := strings.HasPrefix(x.text[x.pos:], "/")
	if all {
		x.pos++
	}
	pattern := x.until('/', true, true)
	text := x.until('}', true, false)
	if x.failed != "" {
		return ""
	}
	value := x.value(name)
	re := x.compile("", pattern, true, "")
	if re == nil {
		return value
	}
	if all {
		if len(value)*(len(text)+1) > maxReplaced {
			x.fail("the value is longer than 1 MiB")
			return ""
		}
		return re.ReplaceAllString(value, text)
	}
	if at := re.FindStringIndex(value); at != nil {
		return value[:at[0]] + text + value[at[1]:]
	}
	return value
}

func (x *lexer) match(before, pattern string, long bool, after, value string) []int {
	if re := x.compile(before, pattern, long, after); re != nil {
		return re.FindStringSubmatchIndex(value)
	}
	return nil
}

// compile makes a regular expression of a pattern of the shell, in which * and ? are
// special and an escape character takes that from them.
func (x *lexer) compile(before, pattern string, long bool, after string) *regexp.Regexp {
	star := ".*?"
	if long {
		star = ".*"
	}
	var out strings.Builder
	out.WriteString(before)
	for i := 0; i < len(pattern); {
		_, size := utf8.DecodeRuneInString(pattern[i:])
		char := pattern[i : i+size]
		i += size
		switch char {
		case "*":
			out.WriteString(star)
			continue
		case "?":
			out.WriteByte('.')
			continue
		case `\`:
			switch rest := pattern[i:]; {
			case strings.HasPrefix(rest, "}"), strings.HasPrefix(rest, "/"):
				continue
			case rest == "" || strings.IndexByte(`*?\`, rest[0]) < 0:
				x.fail(`a backslash in a pattern may only precede *, ?, \, } or /`)
				return nil
			}
			char = pattern[i : i+1]
			i++
		}
		out.WriteString(regexp.QuoteMeta(char))
	}
	out.WriteString(after)
	re, err := regexp.Compile(out.String())
	if err != nil {
		x.fail("the pattern is too long")
		return nil
	}
	return re
}
