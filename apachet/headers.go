package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// actions are those of Header and RequestHeader (httpd modules/metadata/mod_headers.c,
// header_inout_cmd).
var actions = []string{"add", "set", "setifempty", "append", "merge", "unset", "echo", "note", "edit", "edit*"}

// header judges Header and RequestHeader (httpd modules/metadata/mod_headers.c, header_cmd).
func (x *checker) header(d *apache.Directive, _ state) *Refusal {
	response := d.Name == "header"
	first := 0
	if response && isOneOf(d.Arg(0), []string{"always", "onsuccess"}) {
		first = 1
	}
	h := headerLine{x, d, first, strings.ToLower(d.Arg(first)), response}
	extra := first + 5
	switch {
	case len(d.Args) > extra:
		return refuse(d, extra, spelled(d)+" has too many words", spelled(d)+" has too many arguments")
	case !isOneOf(h.action, actions):
		const log = "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or 'edit*'."
		return refuse(d, first, spelled(d)+" takes an action such as set, add or unset, not "+quoted(d.Arg(first)), log)
	}
	last, r := h.words()
	if r != nil {
		return r
	}
	if r = h.clause(last); r != nil {
		return r
	}
	return h.value()
}

// headerLine is one Header line.
type headerLine struct {
	x        *checker
	d        *apache.Directive
	first    int // the word with the action
	action   string
	response bool
}

func (h headerLine) edits() bool { return h.action == "edit" || h.action == "edit*" }

// words judges the words after the action, and returns the one with the condition.
func (h headerLine) words() (last int, r *Refusal) {
	d, value := h.d, h.first+2
	has := len(d.Args) > value
	name := spelled(d) + " " + h.action
	switch {
	case h.edits():
		if len(d.Args) < h.first+4 {
			return 0, refuse(d, -1, name+" needs a regular expression and a replacement", "Header edit requires a match and a substitution")
		}
		return h.first + 4, h.x.pattern(d, value, d.Arg(value), "Header edit regex could not be compiled")
	case len(d.Args) > h.first+4:
		return 0, refuse(d, h.first+4, name+" has too many words", "Too many arguments to directive")
	case h.action == "unset", h.action == "echo":
		if len(d.Args) > value+1 {
			return 0, refuse(d, value+1, name+" has too many words", "header "+h.action+" takes two arguments")
		}
		if h.action == "unset" {
			return value, nil
		}
		if !h.response {
			return 0, refuse(d, h.first, "RequestHeader has no echo", "Header echo only valid on Header directives")
		}
		return value, h.x.pattern(d, h.first+1, d.Arg(h.first+1), "Header echo regex could not be compiled")
	case !has:
		return 0, refuse(d, -1, name+" has no value", "Header requires three arguments")
	}
	return value + 1, nil
}

// clause judges the condition in word i, if there is one.
func (h headerLine) clause(i int) *Refusal {
	if i >= len(h.d.Args) {
		return nil
	}
	clause := h.d.Arg(i)
	lower := strings.ToLower(clause)
	switch {
	case lower == "early":
		return nil
	case lower == "env=", lower == "env=!":
		return refuse(h.d, i, quoted(clause)+" has no name of a variable", "error: missing environment variable name. envclause should be in the form env=envar ")
	case strings.HasPrefix(lower, "env="):
		return nil
	case strings.HasPrefix(lower, "expr="):
		return h.x.expression(h.d, i, clause[len("expr="):], condition, "Can't parse envclause/expression: ")
	}
	return refuse(h.d, i, quoted(clause)+" after the value of "+spelled(h.d)+" is neither early nor env= nor expr=; a value with blanks needs quotes", "Unknown parameter: "+clause)
}

// value judges the format of the value.
func (h headerLine) value() *Refusal {
	i := h.first + 2
	if h.action == "unset" || h.action == "echo" {
		return nil
	}
	if h.edits() {
		i++
	}
	value := h.d.Arg(i)
	if written, ok := strings.CutPrefix(value, "expr="); ok {
		return h.x.expression(h.d, i, written, text, "Can't parse value expression : ")
	}
	for {
		_, after, ok := strings.Cut(value, "%")
		if !ok || after == "" {
			return nil
		}
		value = after
		if value[0] == '%' {
			value = value[1:]
			continue
		}
		if value[0] == '{' {
			if _, value, ok = strings.Cut(value, "}"); !ok || value == "" {
				return h.format(i, "")
			}
			value = strings.TrimLeft(value, "}") // ap_getword takes all of them
			if value == "" {
				return h.format(i, "")
			}
		}
		if strings.IndexByte("Dteslib", value[0]) < 0 {
			return h.format(i, value[:1])
		}
		value = value[1:]
	}
}

// format returns that word i has a format that is not known.
func (h headerLine) format(i int, letter string) *Refusal {
	message := "unknown format %" + letter + " in " + quoted(h.d.Arg(i)) + "; a % is written %%"
	return refuse(h.d, i, message, "Unrecognized header format %"+letter)
}

// setEnvIf judges SetEnvIf and BrowserMatch and their NoCase (httpd
// modules/metadata/mod_setenvif.c, add_setenvif_core).
func (x *checker) setEnvIf(d *apache.Directive, _ state) *Refusal {
	name, i := spelled(d), 0
	if strings.HasPrefix(d.Name, "setenvif") {
		if d.Arg(0) == "" {
			return refuse(d, -1, name+" names no header", "Missing header-field name for "+name)
		}
		i = 1
	}
	if d.Arg(i) == "" {
		return refuse(d, -1, name+" has no regular expression", "Missing regular expression for "+name)
	}
	// For mod_setenvif, a text that ends with a backslash is not a regular expression.
	if r := x.pattern(d, i, d.Arg(i), name+" regex could not be compiled."); r != nil && !strings.HasSuffix(d.Arg(i), "\\") {
		return r
	}
	if i == 1 && strings.ContainsAny(d.Arg(0), "$^*+?.()[]{}|\\") {
		if r := x.pattern(d, 0, d.Arg(0), name+"Header name regex could not be compiled."); r != nil {
			return r
		}
	}
	return variablesOf(d, i+1)
}

// variablesOf judges that word i of d is a variable to set.
func variablesOf(d *apache.Directive, i int) *Refusal {
	if d.Arg(i) != "" {
		return nil
	}
	return refuse(d, -1, spelled(d)+" sets no variable", "Missing envariable expression for "+spelled(d))
}

// setEnvIfExpr judges SetEnvIfExpr (httpd modules/metadata/mod_setenvif.c, add_setenvifexpr).
func (x *checker) setEnvIfExpr(d *apache.Directive, _ state) *Refusal {
	written := d.Arg(0)
	if written == "" {
		return refuse(d, -1, "SetEnvIfExpr has no expression", "Missing expression for SetEnvIfExpr")
	}
	if r := x.expression(d, 0, written, condition, "Could not parse expression \""+written+"\": "); r != nil {
		return r
	}
	return variablesOf(d, 1)
}
