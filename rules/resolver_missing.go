package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// ResolverMissing reports host names that nginx cannot resolve when a request
// comes.
var ResolverMissing = &lint.Rule{
	ID:    "WP405",
	Name:  "resolver-missing",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the host is known",
		lint.Sometimes:  "the host depends on the request",
	},
	Faults:  []lint.Fault{stack.NoResolver},
	Summary: "An address with a variable has a host name, and no resolver is set.",
	Why: "nginx resolves a literal host name once, at startup, and reads `/etc/hosts` for it. With a variable in the address nginx resolves the name while it serves requests, and only with a `resolver`: without one the answer is 502, even for `localhost`. " +
		"A resolver is a DNS server; it does not know the names in `/etc/hosts` of this machine. IP addresses, `unix:` and the names of upstreams need no resolver.",
	Fix: "Name a `resolver` in `http` or in the server, write an IP address, or define an upstream with the server and put the name of the upstream into the variable.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'resolver|_pass .*[$]'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxHTTP + "#resolver",
		nginxProxy + "#proxy_pass",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set $backend localhost:9000;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass $backend;
#                    ^^^^^^^^ WP405 localhost is looked up when a request comes, and no resolver is in scope
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set $backend 127.0.0.1:9000;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass $backend;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxNoResolver, servers.NginxNameNotResolved},
	Check: func(p *lint.Pass) {
		for g := range nginxGateways(p.Stack) {
			if resolver := g.Resolver(); g.AnyHost && resolver.Why() == "" && !resolver.Written() {
				p.Report(lint.Finding{
					Outcome: lint.Sometimes,
					At:      g.At,
					Message: fmt.Sprintf("the host in %s is looked up when a request comes, and no resolver is in scope", g.At.Text()),
					Log:     []string{"no resolver defined to resolve"},
				})
			}
		}
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.NoResolver {
				p.Report(noResolver(g, peer))
			}
		}
	},
}

func noResolver(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		At:      g.At,
		Message: fmt.Sprintf("%s is looked up when a request comes, and no resolver is in scope", peer.Name),
		Log:     []string{fmt.Sprintf("no resolver defined to resolve %s", peer.Name)},
	}
	if resolver := g.Resolver(); resolver.Written() {
		f.Message = fmt.Sprintf("%s is looked up when a request comes, and only /etc/hosts knows it, not the resolver", peer.Name)
		f.Notes = []lint.Note{{At: resolver.At(), Message: "the resolver"}}
		if g.Machine.Container != nil {
			f.At = resolver.At()
			f.Message = fmt.Sprintf("this resolver does not know %s, a name of the containers: 127.0.0.11 does", peer.Name)
			f.Notes = []lint.Note{{At: g.At, Message: "nginx resolves the name here, when a request comes"}}
			if g.Machine.Container.Cluster {
				f.Message = fmt.Sprintf("the resolver needs the full name of the Service %s: nginx does not use the search list of /etc/resolv.conf", peer.Name)
			}
		}
		f.Log = nil // whether it times out or is refused depends on the DNS server
	}
	return f
}
