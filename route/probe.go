package route

import (
	"strings"

	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// Probes returns request URIs that may lead to a block. blocks are the block and those
// around it, innermost first. Of an expression, only the literal text is used.
func Probes(blocks []nginx.Directive) []string {
	for _, d := range blocks {
		if d.Name() != "location" {
			continue
		}
		switch modifier, name := nginxt.LocationName(d); modifier {
		case "", "^~":
			name = escape(name, false)
			return []string{name, name + "x", name + "/x", "/"}
		case "=":
			return []string{escape(name, false)}
		case "~", "~*":
			literal := strings.NewReplacer("^", "", "$", "", `\`, "", "(.*)", "x", ".*", "x", "(", "", ")", "", "?", "").Replace(name)
			literal, _, _ = strings.Cut(literal, "|")
			return []string{"/x" + literal, literal, literal + "x", "/index.php", "/x"}
		}
		break
	}
	return []string{"/", "/x", "/index.php"}
}

// HostLike returns a host that a server name matches, as far as that is easy to tell.
func HostLike(name string) string {
	switch {
	case name == "", name == "_":
		return "wp502lint.invalid"
	case strings.HasPrefix(name, "*."):
		return "x" + name[1:]
	case strings.HasSuffix(name, ".*"):
		return name[:len(name)-1] + "invalid"
	}
	return strings.TrimPrefix(name, ".")
}
