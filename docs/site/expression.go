package site

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

// JavaScript returns an RE2 expression as one of JavaScript, for the flag u and no other. It
// prints the parsed expression, because a browser lacks some of the syntax of RE2, such as
// (?i) and \z.
func JavaScript(expression string) (string, error) {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := script(&out, re); err != nil {
		return "", fmt.Errorf("%s: %w", expression, err)
	}
	return out.String(), nil
}

// marks are the operators that are the same in every expression.
var marks = map[syntax.Op]string{
	syntax.OpNoMatch: "[]", syntax.OpEmptyMatch: "(?:)", syntax.OpAnyCharNotNL: `[^\n]`, syntax.OpAnyChar: "[^]",
	syntax.OpBeginLine: `(?<![^\n])`, syntax.OpEndLine: `(?![^\n])`, syntax.OpBeginText: "^", syntax.OpEndText: "$",
	syntax.OpWordBoundary: `\b`, syntax.OpNoWordBoundary: `\B`,
}

func script(out *strings.Builder, re *syntax.Regexp) error {
	if mark, ok := marks[re.Op]; ok {
		out.WriteString(mark)
		return nil
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			literal(out, r, re.Flags&syntax.FoldCase != 0)
		}
		return nil
	case syntax.OpCharClass:
		class(out, re.Rune)
		return nil
	case syntax.OpConcat:
		return joined(out, "", re.Sub, "", "")
	case syntax.OpAlternate:
		return joined(out, "(?:", re.Sub, "|", ")")
	case syntax.OpCapture:
		if re.Name != "" {
			return joined(out, "(?<"+re.Name+">", re.Sub, "", ")")
		}
		return joined(out, "(", re.Sub, "", ")")
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return joined(out, "(?:", re.Sub, "", ")"+times(re))
	}
	return fmt.Errorf("operator %s is not supported", re.Op)
}

// joined prints expressions with what is before, between and after them.
func joined(out *strings.Builder, before string, all []*syntax.Regexp, between, after string) error {
	out.WriteString(before)
	for i, re := range all {
		if i > 0 {
			out.WriteString(between)
		}
		if err := script(out, re); err != nil {
			return err
		}
	}
	out.WriteString(after)
	return nil
}

// times returns how often an expression repeats.
func times(re *syntax.Regexp) string {
	var out string
	switch {
	case re.Op == syntax.OpStar:
		out = "*"
	case re.Op == syntax.OpPlus:
		out = "+"
	case re.Op == syntax.OpQuest:
		out = "?"
	case re.Max < 0:
		out = fmt.Sprintf("{%d,}", re.Min)
	default:
		out = fmt.Sprintf("{%d,%d}", re.Min, re.Max)
	}
	if re.Flags&syntax.NonGreedy != 0 {
		out += "?"
	}
	return out
}

// literal prints one character, with its other cases if these match as well.
func literal(out *strings.Builder, r rune, fold bool) {
	if fold && unicode.SimpleFold(r) != r {
		both := []rune{r, r}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			both = append(both, other, other)
		}
		class(out, both)
		return
	}
	if strings.ContainsRune(`^$\.*+?()[]{}|/`, r) {
		out.WriteByte('\\')
	}
	out.WriteRune(r)
}

// class prints a class of characters, given as ranges.
func class(out *strings.Builder, ranges []rune) {
	out.WriteByte('[')
	for i := 0; i < len(ranges); i += 2 {
		one(out, ranges[i])
		if ranges[i] != ranges[i+1] {
			out.WriteByte('-')
			one(out, ranges[i+1])
		}
	}
	out.WriteByte(']')
}

// one prints a character of a class.
func one(out *strings.Builder, r rune) {
	if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		out.WriteRune(r)
		return
	}
	fmt.Fprintf(out, `\u{%x}`, r)
}
