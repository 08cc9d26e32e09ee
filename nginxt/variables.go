package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// variables judges the variables that nginx resolves at startup in the arguments of a directive.
func (x *inspector) variables(d nginx.Directive, row *servers.NginxDirective) {
	for i, w := range d.Args() {
		if !row.Vars.In(i) {
			continue
		}
		text := w.String()
		if d.NumArgs() == 1 && (row.Name == "return" && !isURL(text) || changes(row.Name)) || changes(row.Name) && strings.HasPrefix(text, "~") {
			continue // a status, a word or an expression
		}
		x.compiled(d, w, text)
	}
}

// changes reports whether a directive rewrites one text into another.
func changes(name string) bool {
	return name == "proxy_redirect" || strings.HasPrefix(name, "proxy_cookie_")
}

// compiled judges a text that nginx compiles with its variables (nginx
// ngx_http_script.c, ngx_http_script_compile).
func (x *inspector) compiled(d nginx.Directive, w nginx.Word, text string) {
	if !nginx.HasVariable(text) || x.sound[text] || !x.main || x.quiet(d.File()) || source.TemplateMark(text) != "" {
		return
	}
	before := len(x.Refused)
	x.parts(d, w, text)
	if len(x.Refused) == before && d.Name() != "log_format" {
		x.sound[text] = true
	}
}

// parts judges the variables of a text one by one.
func (x *inspector) parts(d nginx.Directive, w nginx.Word, text string) {
	for part := range nginx.Variables(text) {
		switch {
		case part.Variable == "" && !nginx.HasVariable(part.Text):
		case part.Variable == "":
			message, says := bareDollarIn(part.Text, d.Name())
			x.refuse(d, w.Span(), message, says)
			return
		case x.defined.Undefined(part), d.Name() == "log_format" && '1' <= part.Variable[0] && part.Variable[0] <= '9':
			x.undefined(d, partOf(w.Span(), part.Text), part.Variable)
		}
	}
}

// bareDollarIn returns the error for the first $ of a text that does not start a variable.
func bareDollarIn(text, directive string) (message, says string) {
	_, rest, _ := strings.Cut(text, "${")
	name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))]
	if name == "" {
		return fmt.Sprintf("a $ in %s names no variable", directive), "invalid variable name"
	}
	return fmt.Sprintf("the brace behind ${%s is not closed", name), fmt.Sprintf("the closing bracket in \"%s\" variable is missing", name)
}

// partOf returns the span of text inside at, or at itself if at is written differently.
func partOf(at source.Span, text string) source.Span {
	if i := strings.Index(at.Text(), text); i >= 0 {
		return at.Sub(i, i+len(text))
	}
	return at
}

// undefined reports a variable that is not defined. A name that resembles a part of a
// password would tell of it.
func (x *inspector) undefined(d nginx.Directive, at source.Span, name string) {
	bad := Refusal{At: at, Fault: UndefinedVariable, Name: d.Name(), Text: name}
	if !at.Secret() {
		bad.Near = x.defined.near(name)
	}
	x.add(bad)
}

// named judges the argument that names the variable d sets.
func (x *inspector) named(d nginx.Directive) {
	i, ok := definedAt(d)
	if !ok || !x.main || x.quiet(d.File()) {
		return
	}
	w := d.Arg(i)
	text := w.String()
	name, dollar := strings.CutPrefix(text, "$")
	x.keeps("variables_hash", d, w.Span(), name)
	switch {
	case w.IsZero() || source.TemplateMark(text) != "":
	case !dollar || name == "":
		x.refuse(d, w.Span(), fmt.Sprintf("%s gives a value to a variable, and %q is none", d.Name(), text), fmt.Sprintf("invalid variable name \"%s\"", text))
	case servers.NginxFixedVariable(strings.ToLower(name)):
		x.refuse(d, w.Span(), fmt.Sprintf("%s cannot give another value to $%s, which nginx itself sets", d.Name(), name), fmt.Sprintf("the duplicate \"%s\" variable", name))
	}
}

// condition judges the condition of an if (nginx ngx_http_rewrite_module.c,
// ngx_http_rewrite_if_condition).
func (x *inspector) condition(d nginx.Directive) {
	words, at := conditionWords(d)
	if len(words) == 0 {
		return
	}
	if strings.HasPrefix(words[0], "$") {
		x.compiled(d, at[0], words[0])
	}
	if len(words) == 1 {
		return
	}
	last := len(words) - 1
	switch operator := words[last-1]; operator {
	case "~", "~*", "!~", "!~*":
		x.expression(d, at[last], words[last])
	case "=", "!=", "-f", "!-f", "-d", "!-d", "-e", "!-e", "-x", "!-x":
		x.compiled(d, at[last], words[last])
	}
}

// conditionWords returns the words between the parentheses of an if, and their places.
func conditionWords(d nginx.Directive) (words []string, at []nginx.Word) {
	for i, w := range d.Args() {
		text := w.String()
		if i == 0 {
			text = strings.TrimPrefix(text, "(")
		}
		if i == d.NumArgs()-1 {
			text = strings.TrimSuffix(text, ")")
		}
		if text != "" || i > 0 && i < d.NumArgs()-1 {
			words, at = append(words, text), append(at, w)
		}
	}
	return words, at
}
