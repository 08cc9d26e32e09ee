package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/pcre"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// variables judges the variables that nginx resolves at startup in the arguments of a directive.
func (x *inspector) variables(d nginx.Directive, row *servers.NginxDirective) {
	for i, w := range d.Args() {
		text := w.String()
		if !row.Vars.In(i) || !nginx.HasVariable(text) {
			continue
		}
		if d.NumArgs() == 1 && (row.Name == "return" && !isURL(text) || changes(row.Name)) || changes(row.Name) && strings.HasPrefix(text, "~") {
			continue // a status, a word or an expression
		}
		if row.Name == "charset" && !strings.HasPrefix(text, "$") {
			continue // nginx takes any other text for the name of a charset
		}
		x.compiled(d, w, text)
	}
}

// changes reports whether a directive rewrites one text into another.
func changes(name string) bool {
	return name == "proxy_redirect" || strings.HasPrefix(name, "proxy_cookie_")
}

// soundText is a text whose variables are all defined.
type soundText struct {
	tier
	text string
}

// compiled judges a text that nginx compiles with its variables (nginx
// ngx_http_script.c, ngx_http_script_compile).
func (x *inspector) compiled(d nginx.Directive, w nginx.Word, text string) {
	sound := soundText{x.tier, text}
	if !nginx.HasVariable(text) || x.sound[sound] || !x.main || x.quiet(d.File()) || source.TemplateMark(text) != "" {
		return
	}
	before := len(x.Refused)
	x.parts(d, w, text)
	if len(x.Refused) == before && d.Name() != "log_format" {
		x.sound[sound] = true
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
		case x.undefinedHere(part), d.Name() == "log_format" && '1' <= part.Variable[0] && part.Variable[0] <= '9':
			x.undefined(d, partOf(w.Span(), part.Text), part.Variable)
		case x.version != "":
			if since, until, lacks := x.defined.lacks(part, x.version, x.tier == inStream); lacks {
				x.add(Refusal{At: partOf(w.Span(), part.Text), Fault: UndefinedVariable, Name: d.Name(), Text: part.Variable, Version: x.version, Since: since, Until: until})
			}
		}
	}
}

// undefinedHere reports whether a variable is not defined in this part of the
// configuration: http and stream have variables of their own.
func (x *inspector) undefinedHere(part nginx.Part) bool {
	if x.tier == inStream {
		return x.defined.unknown(part, servers.NginxStreamVariable)
	}
	return x.defined.Undefined(part)
}

// bareDollarIn returns the error for the first $ of a text that does not start a variable.
func bareDollarIn(text, directive string) (message, says string) {
	_, rest, _ := strings.Cut(text, "${")
	name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))]
	if name == "" {
		return fmt.Sprintf("a $ in %s names no variable", directive), "invalid variable name"
	}
	return fmt.Sprintf("the brace of ${%s is not closed", name), fmt.Sprintf("the closing bracket in \"%s\" variable is missing", name)
}

// partOf returns the span of text inside at, or at itself if at is written differently.
func partOf(at source.Span, text string) source.Span {
	if i := strings.Index(at.Text(), text); i >= 0 {
		return at.Sub(i, i+len(text))
	}
	return at
}

// undefined reports a variable that is not defined. No similar names are suggested for a
// part of a password, since they would reveal it.
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
	case servers.NginxFixedVariable(strings.ToLower(name), x.tier == inStream):
		x.refuse(d, w.Span(), fmt.Sprintf("%s cannot give another value to $%s, which nginx itself sets", d.Name(), name), fmt.Sprintf("the duplicate \"%s\" variable", name))
	}
}

// rooted judges the variables that a root or alias cannot have, since they depend on it
// (nginx ngx_http_core_module.c, ngx_http_core_root).
func (x *inspector) rooted(d nginx.Directive) {
	text := d.Arg(0).String()
	if !nginx.HasVariable(text) {
		return
	}
	for _, name := range [...]string{"document_root", "realpath_root"} {
		if x.quiet(d.File()) || !strings.Contains(text, "$"+name) && !(strings.Contains(text, "${"+name+"}") && x.config.Literal) || source.TemplateMark(text) != "" {
			continue
		}
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%s cannot use $%s, which depends on it", d.Name(), name), fmt.Sprintf("the $%s variable cannot be used in the \"%s\" directive", name, d.Name()))
		return
	}
}

// captured judges the names of the groups of a regular expression, which become
// variables (nginx ngx_http_variables.c, ngx_http_regex_compile).
func (x *inspector) captured(d nginx.Directive, w nginx.Word, p pcre.Pattern, text string) {
	if len(p.Names) == 0 || !p.Sure || x.quiet(d.File()) || source.TemplateMark(text) != "" || d.Name() == "fastcgi_split_path_info" {
		return
	}
	for _, name := range p.Names {
		if servers.NginxFixedVariable(strings.ToLower(name), x.tier == inStream) {
			x.refuse(d, w.Span(), fmt.Sprintf("a group cannot have the name %s: nginx itself sets $%s", name, name), fmt.Sprintf("the duplicate \"%s\" variable", name))
			return
		}
	}
}
