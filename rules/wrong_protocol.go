package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// WrongProtocol reports gateways that use another protocol than their listener.
var WrongProtocol = &lint.Rule{
	ID:       "WP205",
	Name:     "wrong-protocol",
	Cause:    lint.Address,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.WrongProtocol},
	Summary:  "nginx uses another protocol than the listener that it connects to.",
	Why: "PHP-FPM understands only FastCGI. It closes the connection when `proxy_pass` sends an HTTP request; an HTTP answer to a `fastcgi_pass` is not a FastCGI record. " +
		"The connection itself succeeds, so the log reports a reset or a wrong version, not a wrong address.",
	Fix: "Use `fastcgi_pass` (with `fastcgi_param SCRIPT_FILENAME`) for a PHP-FPM pool and `proxy_pass` for an HTTP server.",
	Verify: []string{
		"ss -tlnp | grep PORT",
		`curl -sS -o /dev/null -w '%{http_code}\n' http://ADDRESS/`,
		"REQUEST_METHOD=GET SCRIPT_FILENAME=/var/www/HOST/index.php cgi-fcgi -bind -connect ADDRESS",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		nginxProxy + "#proxy_pass",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        proxy_pass http://unix:/run/php/php8.3-fpm.sock;
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP205 proxy_pass uses HTTP, and pool www listens there for FastCGI
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP205 pool www listens here
listen.owner = www-data
listen.group = www-data
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
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxReset, servers.NginxNotFastcgi},
	Check: func(p *lint.Pass) {
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.WrongProtocol {
				p.Report(wrongProtocol(g, peer))
			}
		}
	},
}

var protocolNames = map[stack.Protocol]string{stack.FastCGI: "FastCGI", stack.HTTP: "HTTP", stack.HTTPS: "HTTPS", stack.UWSGI: "uwsgi", stack.SCGI: "SCGI"}

func wrongProtocol(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{At: g.At, Outcome: failing(g)}
	if peer.Pool != nil {
		f.Message = fmt.Sprintf("%s uses %s, and pool %s listens there for FastCGI", g.Protocol.Pass(), protocolNames[g.Protocol], peer.Pool.Name)
		f.Notes = []lint.Note{{At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"}}
		f.Log = []string{"recv() failed (104: Connection reset by peer) while reading response header from upstream"}
	} else {
		f.Message = fmt.Sprintf("fastcgi_pass uses FastCGI, and nginx itself listens on %s for HTTP", plain(peer.Endpoint))
		at := listenFor(peer.Site, peer.Endpoint).At
		if peer.Target.Machine != nil {
			f.Message = fmt.Sprintf("fastcgi_pass uses FastCGI, and nginx listens on %s for HTTP", inContainer(peer.Target))
			at = listenFor(peer.Site, netaddr.Endpoint{Network: netaddr.TCP, Port: peer.Target.Port}).At
		}
		f.Notes = []lint.Note{{At: at, Message: "nginx listens here"}}
		f.Log = []string{"upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream"}
	}
	if peer.At != g.At {
		f.Notes = append(f.Notes, lint.Note{At: peer.At, Message: "the server is named here"})
	}
	return f
}
