package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/stack"
)

// StaleDNS reports external host names whose addresses nginx keeps until it is
// reloaded.
var StaleDNS = &lint.Rule{
	ID:    "WP406",
	Name:  "stale-dns",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "the host is a load balancer, whose addresses change, or the unit of nginx does not wait for DNS at boot",
		lint.None:      "any other external host",
	},
	Summary: "nginx resolves an external host name once, and keeps its addresses until the next reload.",
	Why: "nginx resolves a host name in a `*_pass` or an upstream at startup. When its addresses change, nginx still connects to the old ones, and answers 502 or 504. " +
		"The addresses of load balancers in a cloud change regularly, those of other services occasionally. " +
		"A name that cannot be resolved at that moment keeps nginx from starting. At boot that happens to a unit that comes `After=network.target` only, which does not wait for DNS, while one after `network-online.target` does.",
	Fix: "Put the name into a variable and name a `resolver`, or, with nginx 1.27.3 and later, write `resolve` after the server and give the upstream a `zone`. With `Wants=` and `After=network-online.target nss-lookup.target` in a drop-in, nginx waits for DNS at boot.",
	Verify: []string{
		"getent ahosts NAME",
		`grep -oE 'upstream: "[^"]*"' /var/log/nginx/error.log | sort | uniq -c`,
		"nginx -T 2>/dev/null | grep -nE 'resolver | resolve( |;)'",
		"systemctl show nginx -p After -p Wants",
	},
	Sources: []string{
		nginxUpstream + "#resolve",
		nginxHTTP + "#resolver",
		"https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html#network-online.target",
	},
	Bad: `
-- etc/nginx/sites-enabled/shop.conf --
server {
    listen 80;
    server_name shop.example;
    location /api/ {
        proxy_pass http://web-1234.eu-west-1.elb.amazonaws.com;
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP406 nginx keeps the addresses that web-1234.eu-west-1.elb.amazonaws.com has when it starts, and those of a load balancer change
    }
}
`,
	Good: `
-- etc/nginx/sites-enabled/shop.conf --
server {
    listen 80;
    server_name shop.example;
    resolver 127.0.0.53;
    location /api/ {
        set $api web-1234.eu-west-1.elb.amazonaws.com;
        proxy_pass http://$api$request_uri;
    }
}
`,
	Logs:     []*servers.Signature{servers.NginxHostNotFound},
	Unproven: "the addresses of an external host name would have to change while nginx runs",
	Check: func(p *lint.Pass) {
		for g := range nginxGateways(p.Stack) {
			if g.Upstream == nil && !g.Variable {
				staleDNS(p, g.Peers, nil)
			}
		}
		for _, u := range p.Stack.Upstreams {
			staleDNS(p, u.Peers, u.Servers)
		}
	},
}

// balancers are the domains of load balancers whose addresses change (the
// manuals of AWS, Azure, Google Cloud, Heroku and Cloudflare).
var balancers = []string{".amazonaws.com", ".cloudfront.net", ".azurewebsites.net", ".cloudapp.azure.com", ".trafficmanager.net", ".azurefd.net", ".run.app", ".herokuapp.com", ".herokudns.com", ".svc.cluster.local"}

// inDomain reports whether a host name is in one of domains, which start with a dot.
func inDomain(name string, domains []string) bool {
	return slices.ContainsFunc(domains, func(domain string) bool { return strings.HasSuffix(strings.ToLower(name), domain) })
}

func staleDNS(p *lint.Pass, peers []*stack.Peer, lines []stack.UpstreamServer) {
	var early *service.Unit // of nginx, which starts before DNS
	for _, u := range p.Stack.UnitsFor(servers.Nginx) {
		if u.BeforeDNS {
			early = u
		}
	}
	for _, peer := range peers {
		if peer.Fault != stack.Elsewhere || !strings.Contains(peer.Name, ".") || peer.Down {
			continue
		}
		if c := p.Stack.Container; c != nil && c.NamesHost(peer.Name) {
			continue // an address of the engine, which stays
		}
		if slices.ContainsFunc(lines, func(s stack.UpstreamServer) bool { return s.At == peer.At && slices.Contains(s.Params, "resolve") }) {
			continue
		}
		f := lint.Finding{At: peer.At, Message: fmt.Sprintf("nginx keeps the addresses that %s has when it starts", peer.Name)}
		if inDomain(peer.Name, balancers) {
			f.Message += ", and those of a load balancer change"
		} else if early != nil {
			f.Message = fmt.Sprintf("nginx does not start at a boot when it cannot resolve %s yet, and %s does not wait for DNS", peer.Name, early.Name)
			f.Log = []string{fmt.Sprintf("[emerg] host not found in upstream \"%s\"", peer.Name)}
			f.Notes = []lint.Note{{At: early.At, Message: "this unit comes after neither network-online.target nor nss-lookup.target"}}
		} else {
			f.Outcome = lint.None
		}
		p.Report(f)
	}
}
