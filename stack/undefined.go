package stack

import "github.com/wp502lint/wp502lint/parser/nginx"

// undefined returns the first variable of an address that certainly nothing
// defines, and "" when there is none.
func (n *names) undefined(text string) string {
	if n.fragment {
		return ""
	}
	for part := range nginx.Variables(text) {
		if n.defined.unknown(part) {
			return part.Variable
		}
	}
	return ""
}
