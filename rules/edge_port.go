package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/stack"
)

// EdgePort reports sites that use Cloudflare on ports to which it does not connect.
var EdgePort = &lint.Rule{
	ID:       "WP507",
	Name:     "edge-port",
	Cause:    lint.Edge,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Summary:  "A site that uses Cloudflare listens only on ports to which Cloudflare does not connect.",
	Why: "Cloudflare takes requests on 13 ports, such as 80, 443, 8080 and 8443, and connects to the same port of the origin unless an Origin Rule names another one. A site on port 3000 alone is never reached: visitors get 521 or 522. " +
		"A tunnel has no such limit.",
	Fix: "Listen on 80 or 443, set an Origin Rule at Cloudflare, or use a tunnel.",
	Verify: []string{
		"ss -tlnp | grep nginx",
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:PORT:127.0.0.1 http://HOST:PORT/`,
	},
	Sources: []string{cloudflare.Ports.Page, cloudflareDocs + "rules/origin-rules/"},
	Bad: `
edge GET blog.example/ -> 521
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 3000;
#   ^^^^^^^^^^^ WP507 Cloudflare does not connect to port 3000
    server_name blog.example;
    set_real_ip_from 173.245.48.0/20;
#   -------------------------------- WP507 the addresses of visitors come from Cloudflare here
    real_ip_header CF-Connecting-IP;
    return 200 blog;
}
`,
	Good: `
edge GET blog.example/ -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 8080;
    server_name blog.example;
    set_real_ip_from 173.245.48.0/20;
    real_ip_header CF-Connecting-IP;
    return 200 blog;
}
`,
	Check: func(p *lint.Pass) {
		reached := sync.OnceValue(func() map[string]bool { return reachedNames(p.Stack) })
		for site := range nginxSites(p.Stack) {
			edge, ok := site.Proxied()
			if !ok || len(site.Tunnels) > 0 || !public(site) || slices.ContainsFunc(site.Listens, reachedByEdge) || slices.ContainsFunc(site.Names, func(name string) bool { return reached()[name] }) {
				continue
			}
			for _, l := range site.Listens {
				if l.Endpoint.Network == netaddr.TCP && !l.Endpoint.Addr.IsLoopback() {
					p.Report(lint.Finding{At: l.At, Message: fmt.Sprintf("Cloudflare does not connect to port %d", l.Endpoint.Port), Notes: edgeNote(edge)})
					break
				}
			}
		}
	},
}

// public reports whether a site has a name that may be one of DNS. Ranges of Cloudflare in http {} are those
// of every server, also of one for the machine itself.
func public(site *stack.Site) bool {
	return slices.ContainsFunc(site.Names, func(name string) bool {
		return strings.Contains(name, ".") && !netaddr.NotHostName(strings.TrimPrefix(name, "*."))
	})
}

// reachedNames returns the names of the sites to which Cloudflare may connect.
func reachedNames(s *stack.Stack) map[string]bool {
	names := map[string]bool{}
	for _, site := range s.Sites {
		if slices.ContainsFunc(site.Listens, reachedByEdge) {
			for _, name := range site.Names {
				names[name] = true
			}
		}
	}
	return names
}

// reachedByEdge reports whether Cloudflare may connect to an address.
func reachedByEdge(l stack.Listen) bool {
	return l.Endpoint.IsZero() || l.Endpoint.Network == netaddr.TCP && !l.Endpoint.Addr.IsLoopback() && slices.Contains(cloudflare.Ports.Value, l.Endpoint.Port)
}
