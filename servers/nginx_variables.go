package servers

import (
	_ "embed"
	"strings"
	"sync"
)

// The variables that nginx defines itself (nginx 1.22 to 1.29, the variable
// tables of the modules in its source tree). A name that ends in an underscore
// stands for all names that begin with it.
//
//go:embed nginx_variables.txt
var nginxVariableText string

var nginxVariables = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range strings.Fields(nginxVariableText) {
		names[name] = true
	}
	return names
})

// NginxVariable reports whether nginx itself defines a variable.
func NginxVariable(name string) bool {
	names := nginxVariables()
	if names[name] {
		return true
	}
	for i := range len(name) {
		if name[i] == '_' && names[name[:i+1]] {
			return true
		}
	}
	return false
}
