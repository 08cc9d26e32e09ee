package servers

import (
	_ "embed"
	"strings"
	"sync"
)

// The variables that nginx defines itself (nginx 1.22 to 1.29, the variable tables
// of the modules in its source tree). A name that ends in an underscore means all
// names that begin with it, and a configuration cannot set one with a leading !
// (measured on nginx 1.22).
//
//go:embed nginx_variables.txt
var nginxVariableText string

var nginxVariables = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(nginxVariableText) {
		plain, fixed := strings.CutPrefix(name, "!")
		names[plain] = fixed
	}
	return names
})

// NginxVariable reports whether nginx itself defines a variable.
func NginxVariable(name string) bool {
	names := nginxVariables()
	if _, ok := names[name]; ok {
		return true
	}
	for i := range len(name) {
		if name[i] != '_' {
			continue
		}
		if _, ok := names[name[:i+1]]; ok {
			return true
		}
	}
	return false
}

// NginxFixedVariable reports whether nginx refuses to set a variable of its own.
func NginxFixedVariable(name string) bool { return nginxVariables()[name] }

// NginxVariableNames returns the variables that nginx itself defines, without
// the prefixes.
func NginxVariableNames() (names []string) {
	for name := range nginxVariables() {
		if !strings.HasSuffix(name, "_") {
			names = append(names, name)
		}
	}
	return names
}
