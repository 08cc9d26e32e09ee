package stack

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
)

// undefined returns the first variable of an address that certainly nothing
// defines, and "" when there is none. A name in capitals or in braces may be
// put there by envsubst before nginx sees the file, and a module of others may
// define any.
func (l *linker) undefined(text string, n *names, s *sets) string {
	if n.fragment {
		return ""
	}
	for part := range nginx.Variables(text) {
		name := part.Variable
		if name == "" || '0' <= name[0] && name[0] <= '9' || strings.HasPrefix(part.Text, "${") || name == strings.ToUpper(name) {
			continue
		}
		if s.values[name].any || n.maps[name].any || n.varies[name] || servers.NginxVariable(name) {
			continue
		}
		if !n.mentioned(name) {
			return name
		}
	}
	return ""
}

// mentioned reports whether anything in the configuration may define a
// variable: a named group of an expression, a directive that gives values to
// variables, or one of a module of others.
func (n *names) mentioned(name string) bool {
	if is, ok := n.mentions[name]; ok {
		return is
	}
	is, lower := false, strings.ToLower(name)
	for _, f := range n.files {
		is = is || loadsModules(f) || mentions(f, lower)
	}
	n.mentions[name] = is
	return is
}

// mentions reports whether a file may define a variable, whose name is in lower
// case: nginx takes both cases for the same.
func mentions(f *nginx.File, name string) bool {
	text := strings.ToLower(f.Source.Text)
	if !strings.Contains(text, name) {
		return false
	}
	if strings.Contains(text, "<"+name+">") || strings.Contains(text, "'"+name+"'") {
		return true
	}
	for d := range f.All() {
		if strings.EqualFold(d.Name(), "$"+name) {
			return true // geoip2 and the like
		}
		for _, w := range d.Args() {
			if strings.EqualFold(w.String(), "$"+name) && !servers.UsesVariables(d.Name()) {
				return true
			}
		}
	}
	return false
}

func loadsModules(f *nginx.File) bool {
	if !strings.Contains(f.Source.Text, "load_module") {
		return false
	}
	for d := range f.Directives() {
		if d.Name() == "load_module" {
			return true
		}
	}
	return false
}
