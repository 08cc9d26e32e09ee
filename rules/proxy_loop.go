package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// ProxyLoop reports requests that nginx passes back to the location that they
// come from.
var ProxyLoop = &lint.Rule{
	ID:       "WP412",
	Name:     "proxy-loop",
	Cause:    lint.Proxy,
	Outcomes: perServer,
	Summary:  "nginx passes a request to itself, and it comes back to the same location.",
	Why: "nginx listens on the address of a `proxy_pass`, the Host that it sends selects the same server, and the path selects the same location. " +
		"The request goes round until the connections of the worker are used up: \"worker_connections are not enough\", and then a 502, also for every other site. " +
		"Without a `proxy_set_header Host`, nginx sends the name in the URL, so another server may answer.",
	Fix: "Write the address of the application. If another server of this nginx is meant, let it listen on its own port.",
	Verify: []string{
		"grep -c ' 502 ' /var/log/nginx/access.log",
		"awk '{print $1}' /var/log/nginx/access.log | sort | uniq -c | sort -rn | head -3",
		"nginx -T 2>/dev/null | grep -nE 'proxy_pass|listen|server_name'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxProxy + "#proxy_pass",
		nginxProxy + "#proxy_set_header",
		nginxCore + "#worker_connections",
	},
	Bad: `
GET / -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
#   --------- WP412 the same server listens here
    server_name blog.example;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:80;
#                  ^^^^^^^^^^^^^^^^^^^ WP412 proxy_pass passes the request to server blog.example itself, and it comes back to this location
    }
}
`,
	Good: `
GET / -> 200
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen 127.0.0.1:8080;
    return 200 origin;
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8080;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxWorkerConnections, servers.NginxReset},
	Check: func(p *lint.Pass) {
		for g, peer := range used(p.Stack) {
			if g.Loops(peer) {
				p.Report(proxyLoop(g, peer))
			}
		}
	},
}

func proxyLoop(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	name := "itself"
	if g.Site.Name() != "" {
		name = g.Site.Name() + " itself"
	}
	return lint.Finding{
		Outcome: besides(g),
		At:      g.At,
		Message: fmt.Sprintf("proxy_pass passes the request to server %s, and it comes back to this location", name),
		Notes:   []lint.Note{{At: listenFor(g.Site, peer.Endpoint).At, Message: "the same server listens here"}},
		Log:     []string{"[alert] worker_connections are not enough", "recv() failed (104: Connection reset by peer) while reading response header from upstream"},
	}
}
