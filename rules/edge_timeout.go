package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// EdgeTimeout reports timeouts that are longer than Cloudflare waits.
var EdgeTimeout = &lint.Rule{
	ID:       "WP506",
	Name:     "edge-timeout",
	Cause:    lint.Edge,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "A site that uses Cloudflare waits longer for PHP than Cloudflare waits for the site.",
	Why: fmt.Sprintf("Cloudflare answers 524 if a response has not begun after %d seconds, also through a tunnel; only Enterprise plans can set more. ", int(cloudflare.ReadTimeout.Value.Seconds())) +
		"A longer `fastcgi_read_timeout` or `proxy_read_timeout` changes nothing for visitors: PHP works on for a client that has its answer already, and keeps a worker of the pool.",
	Fix: "Move long work to WP-Cron or a queue, and keep the timeout below that of Cloudflare. A request that goes around Cloudflare, such as one from a host name without its proxy, may need more.",
	Verify: []string{
		`curl -sS -o /dev/null -w '%{http_code} %{time_total}\n' https://HOST/PATH`,
		`curl -sS -o /dev/null -w '%{http_code} %{time_total}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{cloudflare.ReadTimeout.Page, nginxFastCGI + "#fastcgi_read_timeout"},
	Bad: `
GET / -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set_real_ip_from 173.245.48.0/20;
#   -------------------------------- WP506 the addresses of visitors come from Cloudflare here
    real_ip_header CF-Connecting-IP;
    location / {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_param SCRIPT_FILENAME /var/www/blog/index.php;
        fastcgi_read_timeout 300s;
#       ^^^^^^^^^^^^^^^^^^^^^^^^^ WP506 Cloudflare answers 524 after 120 s, and fastcgi_read_timeout is 300 s
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
GET / -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    set_real_ip_from 173.245.48.0/20;
    real_ip_header CF-Connecting-IP;
    location / {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_param SCRIPT_FILENAME /var/www/blog/index.php;
        fastcgi_read_timeout 110s;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		seen := once[source.Span]{}
		for g := range nginxGateways(p.Stack) {
			edge, ok := throughEdge(g.Site)
			wait := g.ReadTimeout()
			if seconds, _ := wait.Known(); !ok || !wait.Written() || seconds <= cloudflare.ReadTimeout.Value || !seen.first(wait.At()) {
				continue
			}
			seconds, _ := wait.Known()
			p.Report(lint.Finding{
				At:      wait.At(),
				Message: fmt.Sprintf("Cloudflare answers 524 after %d s, and %sread_timeout is %d s", int(cloudflare.ReadTimeout.Value.Seconds()), g.Protocol.Prefix(), int(seconds.Seconds())),
				Notes:   edgeNote(edge),
			})
		}
	},
}

// throughEdge returns what shows that visitors reach a site through Cloudflare, itself or with a
// tunnel; ok is false if nothing does.
func throughEdge(site *stack.Site) (edge stack.Edge, ok bool) {
	if site == nil {
		return edge, false
	}
	if len(site.Tunnels) > 0 {
		return stack.Edge{At: site.Tunnels[0].At, Why: "the tunnel passes requests on here"}, true
	}
	return site.Proxied()
}
