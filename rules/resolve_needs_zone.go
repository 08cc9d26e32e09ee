package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// ResolveNeedsZone reports servers of an upstream that nginx cannot resolve
// again.
var ResolveNeedsZone = &lint.Rule{
	ID:       "WP420",
	Name:     "resolve-needs-zone",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Summary:  "A server of an upstream has resolve, but the upstream has no zone or no resolver.",
	Why: "Since nginx 1.27.3, `resolve` lets nginx resolve the name of a server again while it runs. The workers share the result, so the upstream needs a `zone`. nginx needs a DNS server, so a `resolver` must be set in the upstream or in `http`. " +
		"Older versions of nginx refuse the parameter itself.",
	Fix: "Add `zone NAME 64k` and a `resolver`.",
	Verify: []string{
		"nginx -t",
		"nginx -v",
		"grep -rnE '^ *(zone|resolver|upstream|server .* resolve)' /etc/nginx",
	},
	Sources: []string{
		nginxUpstream + "#resolve",
		nginxUpstream + "#zone",
	},
	Bad: `
nginx refuses
-- etc/nginx/conf.d/app.conf --
resolver 127.0.0.53;
upstream app {
    server app.example:8080 resolve;
#          ^^^^^^^^^^^^^^^^ WP420 upstream app has no zone, which resolve needs
}
`,
	Good: `
-- etc/nginx/conf.d/app.conf --
upstream app {
    server 127.0.0.1:8080;
}
`,
	Logs: []*servers.Signature{servers.NginxResolveRefused},
	Check: func(p *lint.Pass) {
		for _, u := range p.Stack.Upstreams {
			for _, server := range u.Servers {
				if slices.Contains(server.Params, "resolve") && named(server.Text) {
					resolveNeeds(p, u, server)
				}
			}
		}
	},
}

// named reports whether an address has a host name, which is all that resolve looks up.
func named(address string) bool {
	a := netaddr.ParseAddress(address)
	_, numeric := netaddr.NginxLiteral(a.Host)
	return a.Network == netaddr.TCP && !numeric
}

func resolveNeeds(p *lint.Pass, u *stack.Upstream, server stack.UpstreamServer) {
	f := lint.Finding{At: server.At}
	switch {
	case !u.Zone.Written():
		f.Message = fmt.Sprintf("upstream %s has no zone, which resolve needs", u.Name)
		f.Log = []string{fmt.Sprintf("[emerg] resolving names at run time requires upstream \"%s\" to be in shared memory", u.Name)}
	case u.Resolver.Why() != "":
		p.NotChecked(server.At, "whether a resolver is set: "+u.Resolver.Why())
		return
	case !u.Resolver.Written():
		f.Message = fmt.Sprintf("upstream %s has no resolver, which resolve needs", u.Name)
		f.Log = []string{fmt.Sprintf("[emerg] no resolver defined to resolve names at run time in upstream \"%s\"", u.Name)}
	default:
		return
	}
	p.Report(f)
}
