package apache

import (
	"regexp"
	"strings"
)

// version decides IfVersion, whose text Apache splits into words with the > (httpd
// modules/metadata/mod_version.c, start_ifversion).
func (r *reader) version(d *Directive, rest string) truth {
	if d.Args != nil && d.Args[0].Unset() != "" {
		return truth{why: "${" + d.Args[0].Unset() + "} is not known"}
	}
	var args []string
	for i := 0; ; {
		start, end, next := word(rest, i)
		if start == end {
			break
		}
		args = append(args, decode(rest[start:end]))
		i = next
	}
	t, message := r.compare(args)
	if message != "" {
		r.refuseIn(d, d.At, message)
		return truth{why: "the condition is not readable"}
	}
	return t
}

const badVersion = "Version appears to be invalid. It must have the format major[.minor[.patch]] where major, minor and patch are numbers."

// compare decides a comparison of one to three words, the last of which ends with > or is >.
func (r *reader) compare(args []string) (t truth, message string) {
	if len(args) == 0 || len(args) > 3 || args[0] == "" {
		return t, "<IfVersion takes one, two or three arguments, a comparison operator, a version (and a delimiter)"
	}
	operator, number, third := "=", args[0], ""
	switch {
	case len(args) == 1:
	case len(args) == 2 && args[1] == ">":
		third = ">"
	default:
		operator, number = args[0], args[1]
		if len(args) == 3 {
			third = args[2]
		}
	}
	if len(args) == 1 && number == ">" { // Apache takes the operator that it assumes for the version
		number, third = "=", ">"
	}
	if third != ">" {
		var ok bool
		if number, ok = strings.CutSuffix(number, ">"); !ok {
			return t, "<IfVersion> directive missing closing '>'"
		}
	} else if number == "" {
		return t, "<IfVersion> directive missing closing '>'"
	}
	sign := operator
	not := sign[0] == '!'
	if not && len(sign) > 1 {
		sign = sign[1:]
	}
	switch {
	case sign == "~":
		t, message = r.versionMatches(number)
	case (sign == "=" || sign == "==") && strings.HasPrefix(number, "/"):
		text, ok := strings.CutSuffix(number[1:], "/")
		if !ok {
			return t, "Missing delimiting / of regular expression."
		}
		t, message = r.versionMatches(text)
	case sign == "=" || sign == "==" || sign == "<" || sign == "<=" || sign == ">" || sign == ">=":
		t, message = r.versionIs(sign, number)
	default:
		return t, "unrecognized operator '" + operator + "'"
	}
	if not {
		t.holds = !t.holds
	}
	return t, message
}

// versionIs compares the version of Apache with a number.
func (r *reader) versionIs(sign, number string) (truth, string) {
	want, ok := versionNumbers(number)
	if !ok {
		return truth{}, badVersion
	}
	own, t := r.ownVersion()
	if t.why != "" {
		return t, ""
	}
	have, _ := versionNumbers(own)
	order := 0
	for i := range have {
		if order == 0 && have[i] != want[i] {
			order = 1
			if have[i] < want[i] {
				order = -1
			}
		}
	}
	switch sign[0] {
	case '<':
		return truth{holds: order < 0 || order == 0 && len(sign) > 1}, ""
	case '>':
		return truth{holds: order > 0 || order == 0 && len(sign) > 1}, ""
	}
	return truth{holds: order == 0}, ""
}

// ownVersion returns the version of Apache.
func (r *reader) ownVersion() (string, truth) {
	if r.w != nil {
		if own := r.w.Version(); own != "" {
			return own, truth{}
		}
	}
	return "", truth{why: "the version of Apache is not known"}
}

// versionMatches compares the version of Apache with a regular expression.
func (r *reader) versionMatches(text string) (truth, string) {
	own, t := r.ownVersion()
	if t.why != "" {
		return t, ""
	}
	expression, err := regexp.Compile(text)
	if err != nil {
		return truth{why: "the regular expression of the condition cannot be evaluated"}, ""
	}
	return truth{holds: expression.MatchString(own)}, ""
}

// versionNumbers reads major[.minor[.patch]] (mod_version.c, compare_version).
func versionNumbers(text string) (numbers [3]int, ok bool) {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return numbers, false
	}
	n := 0
	for i := 0; ; i++ {
		switch {
		case i == len(text):
			return numbers, true
		case text[i] == '.':
			if n++; n == len(numbers) { // what follows the third is an error, but not that dot
				return numbers, i+1 == len(text)
			}
		case '0' <= text[i] && text[i] <= '9':
			if numbers[n] < 1<<20 {
				numbers[n] = numbers[n]*10 + int(text[i]-'0')
			}
		default:
			return numbers, false
		}
	}
}
