package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// StaticHostUnresolvable reports host names that nginx cannot resolve at
// startup.
var StaticHostUnresolvable = &lint.Rule{
	ID:       "WP407",
	Name:     "static-host-unresolvable",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: "nginx looks the name up at startup", lint.Other: "Apache looks it up for each request (500)"},
	Faults:   []lint.Fault{stack.Unresolvable},
	Summary:  "The web server cannot resolve a host name to which it passes requests.",
	Why: "When nginx reads its configuration, it resolves every host name in a `*_pass` and in the `server` of an upstream, used or not. It refuses to start when one has no address. " +
		"`nginx -t` does the same, so a configuration that passes with the network up can fail at a boot without it. A name without a dot needs an entry in `/etc/hosts` or a search domain; here both are missing. " +
		"Apache starts without the address. It resolves the name for each request, and answers 500.",
	Fix: "Correct the name, add it to `/etc/hosts`, or write an IP address.",
	Verify: []string{
		"getent ahosts NAME",
		"nginx -t",
		"systemctl show nginx -p After -p Wants",
	},
	Sources: []string{
		nginxUpstream + "#server",
		"https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
	},
	Bad: `
nginx refuses
-- etc/nginx/conf.d/php.conf --
upstream php {
    server backend:9000;
#          ^^^^^^^^^^^^ WP407 nginx cannot resolve the host backend: it is not in /etc/hosts
}
`,
	Good: `
-- etc/hosts --
127.0.0.1 localhost
127.0.0.1 backend
`,
	Logs:     []*servers.Signature{servers.NginxHostNotFound, servers.ApacheNameNotResolved},
	Unproven: "without a DNS server, the lab cannot distinguish a name that does not exist from one that DNS would resolve",
	Check: func(p *lint.Pass) {
		named := map[string]*stack.Upstream{}
		for _, u := range p.Stack.Upstreams {
			named[strings.ToLower(u.Name)] = u
		}
		for _, g := range addressed(p.Stack) {
			if g.Pass != nil {
				unresolvableByApache(p, g)
			} else if g.Upstream == nil && !g.Variable {
				unresolvable(p, g.Peers, named, "nginx does not use this upstream: its name has a port, and nginx looks for the host alone")
			}
		}
		for _, u := range p.Stack.Upstreams {
			unresolvable(p, u.Peers, named, "nginx does not use this upstream: a server of an upstream is a host")
		}
	},
}

// unresolvableByApache reports the names of a gateway of Apache that have no address: it looks
// them up for each request, and answers 500 (measured on Apache 2.4).
func unresolvableByApache(p *lint.Pass, g *stack.Gateway) {
	for _, peer := range g.Peers {
		if peer.Fault == stack.Unresolvable {
			p.Report(lint.Finding{
				Outcome: lint.Other,
				At:      peer.At,
				Message: fmt.Sprintf("Apache cannot resolve the host %s, and answers 500: it is not in /etc/hosts, and no <Proxy> has this name", peer.Name),
				Log:     []string{fmt.Sprintf("AH00898: DNS lookup failure for: %s returned by /index.php", peer.Name)},
			})
		}
	}
}

// unresolvable reports those of peers that have no address. named are the upstreams by name
// in lower case, and unused says why one that has the name of a peer is not used for it.
func unresolvable(p *lint.Pass, peers []*stack.Peer, named map[string]*stack.Upstream, unused string) {
	for _, peer := range peers {
		if peer.Fault != stack.Unresolvable {
			continue
		}
		f := lint.Finding{
			At:      peer.At,
			Message: fmt.Sprintf("nginx cannot resolve the host %s: it is not in /etc/hosts", peer.Name),
			Log:     []string{fmt.Sprintf("[emerg] host not found in upstream \"%s\"", peer.Text)},
		}
		if strings.Contains(peer.Name, "$") {
			f.Message = fmt.Sprintf("nginx replaces no variables in the server of an upstream, and %s is not a host name", peer.Name)
		}
		if u := named[strings.ToLower(peer.Text)]; u != nil {
			f.Notes = []lint.Note{{At: u.At, Message: unused}}
		}
		p.Report(f)
	}
}
