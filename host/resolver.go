package host

import "strings"

// Resolver is how the machine resolves host names, besides etc/hosts.
type Resolver struct {
	// Search is set when etc/resolv.conf has a search domain for names without
	// a dot.
	Search bool
	// Own is the name of the machine itself; "" when it is not known.
	Own string
}

// ParseResolver reads the texts of etc/resolv.conf and etc/hostname.
func ParseResolver(conf, hostname string) Resolver {
	r := Resolver{Own: strings.TrimSpace(hostname)}
	for line := range strings.Lines(conf) {
		fields := strings.Fields(line)
		if len(fields) > 1 && (fields[0] == "search" || fields[0] == "domain") && fields[1] != "." {
			r.Search = true
		}
	}
	return r
}
