package apachet

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/expression"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// grammar is what an expression gives.
type grammar bool

const (
	text      grammar = false // a text, with %{…} in it
	condition grammar = true  // true or false
)

// expression judges an expression in word i of d; prefix is what httpd says before the mistake.
func (x *checker) expression(d *apache.Directive, i int, written string, g grammar, prefix string) *Refusal {
	words := d.Args
	if i >= 0 && i < len(words) && strings.Contains(words[i].Text, written) {
		words = words[i : i+1] // the others may be names of variables, which look like marks
	}
	if slices.ContainsFunc(words, apache.Word.Varies) {
		return nil
	}
	find := expression.Text
	if g == condition {
		find = expression.Condition
	}
	m := find(written, x.names)
	switch {
	case m == nil, m.Unknown && (!x.modules.sealed || x.modules.others):
		return nil
	case m.Log == expression.Jammed:
		prefix = ""
	}
	return refuse(d, i, "the expression "+quoted(written)+" is not valid: "+m.Plain, prefix+m.Log)
}

// names are those that modules bring to expressions (httpd modules/ssl/ssl_engine_vars.c,
// ssl_expr_lookup; modules/proxy/mod_proxy_hcheck.c; modules/filters/mod_include.c).
func (m *modules) names() expression.Names {
	ssl, health := m.of("ssl_module") != absent, m.of("proxy_hcheck_module") != absent
	return expression.Names{
		Variable: func(name string) bool {
			name = strings.ToUpper(name)
			return ssl && strings.HasPrefix(name, "SSL_") || health && strings.HasPrefix(name, "HC_")
		},
		Function: func(name string) bool {
			return ssl && strings.EqualFold(name, "SSL") || health && strings.EqualFold(name, "HC") ||
				strings.EqualFold(name, "v") && m.of("include_module") != absent
		},
		List: func(name string) bool { return ssl && strings.EqualFold(name, "PeerExtList") },
	}
}
