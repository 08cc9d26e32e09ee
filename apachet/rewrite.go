package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/expression"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// pattern judges a regular expression in word i of d. The log is httpd's, with the expression
// at its %.
func (x *checker) pattern(d *apache.Directive, i int, text, log string) *Refusal {
	why, ok := x.patterns[text]
	if !ok {
		why = expression.Pattern(text)
		x.patterns[text] = why
	}
	if why == "" || x.unset(d) {
		return nil
	}
	return refuse(d, i, "the regular expression "+quoted(text)+" "+why, strings.Replace(log, "%", text, 1))
}

// sectionPattern judges the expression of <FilesMatch> and the like, and that of <Files ~>
// and the like (httpd server/core.c, filesection).
func (x *checker) sectionPattern(d *apache.Directive, _ state) *Refusal {
	i := 0
	if !strings.HasSuffix(d.Name, "match") {
		if d.Arg(0) != "~" {
			return nil
		}
		i = 1
	}
	return x.pattern(d, i, d.Arg(i), "Regex could not be compiled")
}

// conditionOf judges the condition of <If> (httpd server/core.c, ifsection).
func (x *checker) conditionOf(d *apache.Directive, _ state) *Refusal {
	return x.expression(d, 0, d.Arg(0), condition, "Cannot parse condition clause: ")
}

// ruleWords splits the line of a rewriting directive into its first two words and its flags,
// which mod_rewrite does itself (httpd modules/mappers/mod_rewrite.c, parseargline).
func ruleWords(raw string) (words []string, ok bool) {
	raw = strings.TrimLeft(raw, blanks)
	for len(words) < 3 && (raw != "" || len(words) == 0) {
		quote := byte(0)
		if raw != "" && (raw[0] == '"' || raw[0] == '\'') {
			quote, raw = raw[0], raw[1:]
		}
		n := ruleWord(raw, quote)
		words = append(words, raw[:n])
		if n == len(raw) {
			return words, len(words) > 1
		}
		raw = strings.TrimLeft(raw[n+1:], blanks)
		if raw == "" && len(words) == 1 {
			words = append(words, "") // a quoted first word alone
		}
	}
	return words, true
}

const blanks = " \t\n\v\f\r"

// ruleWord returns how long a word is: up to its quote or, without one, up to a blank.
func ruleWord(raw string, quote byte) (n int) {
	for n < len(raw) {
		blank := strings.IndexByte(blanks, raw[n]) >= 0
		if blank && quote == 0 || raw[n] == quote && quote != 0 {
			return n
		}
		if raw[n] == '\\' && n+1 < len(raw) && strings.IndexByte(blanks, raw[n+1]) >= 0 {
			n++
		}
		n++
	}
	return min(n, len(raw))
}

// rewriteRule judges RewriteRule (httpd modules/mappers/mod_rewrite.c, cmd_rewriterule).
func (x *checker) rewriteRule(d *apache.Directive, _ state) *Refusal {
	words, r := x.rewriting(d, ruleFlag)
	if r != nil {
		return r
	}
	return x.pattern(d, 0, strings.TrimPrefix(words[0], "!"), "RewriteRule: cannot compile regular expression '%'")
}

// rewriting reads the words and judges the flags of RewriteRule or RewriteCond.
func (x *checker) rewriting(d *apache.Directive, flag func(key, value string) string) ([]string, *Refusal) {
	name := spelled(d)
	words, ok := ruleWords(d.Raw())
	if !ok {
		return nil, refuse(d, -1, name+" needs two words", name+": bad argument line '"+d.Raw()+"'")
	}
	if len(words) < 3 {
		return words, nil
	}
	if why := flagsOf(words[2], flag); why != "" {
		message := "the flags " + quoted(words[2]) + " of " + name + " have no [ and ] around them, or a blank in them"
		if why != delimiters {
			message = why + " of " + name
		}
		return words, refuse(d, 2, message, name+": "+why)
	}
	return words, nil
}

const delimiters = "bad flag delimiters"

// flagsOf says why the flags of a rule are refused; "" if they are not (httpd
// modules/mappers/mod_rewrite.c, cmd_parseflagfield).
func flagsOf(field string, flag func(key, value string) string) string {
	if len(field) < 2 || field[0] != '[' || field[len(field)-1] != ']' {
		return delimiters
	}
	for item := range strings.SplitSeq(field[1:len(field)-1], ",") {
		key, value, _ := strings.Cut(strings.Trim(item, blanks), "=")
		if why := flag(key, value); why != "" {
			return why
		}
	}
	return ""
}

// ruleFlag says why a flag of RewriteRule is refused (httpd
// modules/mappers/mod_rewrite.c, cmd_rewriterule_setflag).
func ruleFlag(key, value string) string {
	switch lower := strings.ToLower(key); lower {
	case "b", "backrefescaping", "backrefernoplus", "bnp", "bctls", "c", "chain", "co", "cookie", "e", "env", "end", "f", "forbidden", "g", "gone",
		"h", "handler", "l", "last", "ne", "noescape", "n", "next", "ns", "nosubreq", "nc", "nocase", "p", "proxy", "pt", "passthrough",
		"qsa", "qsappend", "qsd", "qsdiscard", "qsl", "qslast", "s", "skip", "t", "type", "unsafeprefixstat", "unsafeallow3f", "unc":
		return ""
	case "bne":
		if value == "" {
			return "flag 'BNE' wants a list of characters (i.e. [BNE=...])"
		}
	case "r", "redirect":
		if value != "" && isDigit(value[0]) && !mayStatus(apache.Int(value)) {
			return "invalid HTTP response code '" + value + "' for flag 'R'"
		}
	default:
		if !strings.HasPrefix(lower, "d") { // whatever begins with d is DPI
			return "unknown flag '" + key + "'"
		}
	}
	return ""
}

// conditionFlag says why a flag of RewriteCond is refused (httpd
// modules/mappers/mod_rewrite.c, cmd_rewritecond_setflag).
func conditionFlag(key, _ string) string {
	switch strings.ToLower(key) {
	case "nocase", "nc", "ornext", "or", "novary", "nv":
		return ""
	}
	return "unknown flag '" + key + "'"
}

// rewriteCond judges RewriteCond (httpd modules/mappers/mod_rewrite.c, cmd_rewritecond).
func (x *checker) rewriteCond(d *apache.Directive, _ state) *Refusal {
	words, r := x.rewriting(d, conditionFlag)
	if r != nil {
		return r
	}
	test := strings.TrimPrefix(words[1], "!")
	if strings.EqualFold(words[0], "expr") {
		return x.expression(d, 1, test, condition, "RewriteCond: cannot compile expression \""+test+"\" ")
	}
	if !matches(test) {
		return nil
	}
	return x.pattern(d, 1, test, "RewriteCond: cannot compile regular expression '%'")
}

// matches reports whether the pattern of a RewriteCond is a regular expression.
func matches(test string) bool {
	switch {
	case len(test) < 2:
		return true
	case strings.IndexByte("<>=", test[0]) >= 0:
		return false
	case test[0] != '-':
		return true
	case len(test) == 2:
		return strings.IndexByte("fsdxhLlUF", test[1]) < 0
	case len(test) == 3:
		return true
	}
	switch test[1:3] {
	case "lt", "le", "gt", "ge", "eq", "ne":
		return false
	}
	return true
}

// rewriteBase judges RewriteBase (httpd modules/mappers/mod_rewrite.c, cmd_rewritebase).
func (x *checker) rewriteBase(d *apache.Directive, s state) *Refusal {
	switch {
	case x.unset(d):
		return nil
	case !s.path && !s.unsure:
		return refuse(d, -1, "RewriteBase is not inside <Directory>, <Location> or a .htaccess file", "RewriteBase: only valid in per-directory config files")
	case !strings.HasPrefix(d.Arg(0), "/"):
		return refuse(d, 0, expected(d, "a path that begins with /", d.Arg(0)), "RewriteBase: argument is not a valid URL")
	}
	return nil
}
