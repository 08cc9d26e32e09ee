package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// UpstreamAllDown reports upstreams whose servers are all marked down.
var UpstreamAllDown = &lint.Rule{
	ID:       "WP404",
	Name:     "upstream-all-down",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.Always},
	Summary:  "Every server of an upstream is marked down.",
	Why:      "nginx never uses a server that is marked `down`. When all are, and no backup is left, nginx connects to none and answers 502 at once. `nginx -t` passes.",
	Fix:      "Remove `down` from a server that is running, and reload nginx. If none is marked `down`, nginx has left all servers out after failures: look for the error lines before the first `no live upstreams`. Or answer with `return 503` while the application is under maintenance.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE '^ *server .*down'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxUpstream + "#down",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/conf.d/php.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock down;
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP404 every server of upstream php is marked down
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass php;
#                    --- WP404 upstream php is used here
    }
}
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/conf.d/php.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
}
`,
	Logs: []*servers.Signature{servers.NginxNoLiveUpstreams},
	Check: func(p *lint.Pass) {
		seen := once[*stack.Upstream]{}
		for _, g := range p.Stack.Gateways {
			u := g.Upstream
			if u == nil || len(u.Servers) == 0 || !seen.first(u) {
				continue
			}
			if !slices.ContainsFunc(u.Servers, func(server stack.UpstreamServer) bool { return !server.Down }) {
				p.Report(lint.Finding{
					At:      u.Servers[0].At,
					Message: fmt.Sprintf("every server of upstream %s is marked down", u.Name),
					Notes:   []lint.Note{{At: g.At, Message: "upstream " + u.Name + " is used here"}},
					Log:     []string{"no live upstreams while connecting to upstream"},
				})
			}
		}
	},
}
