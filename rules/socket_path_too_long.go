package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketPathTooLong reports paths that do not fit into the address of a unix
// socket.
var SocketPathTooLong = &lint.Rule{
	ID:     "WP206",
	Name:   "socket-path-too-long",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "an address in nginx, or a worker of Apache",
		lint.Unavailable:  "a handler of Apache",
		lint.None:         "a listen of PHP-FPM, which cuts the path",
	},
	Faults:  []lint.Fault{apachet.Socket, stack.TooLong},
	Summary: "The path of a unix socket is longer than 107 bytes.",
	Why: "The address of a unix socket holds a path of 107 bytes. nginx refuses a longer one and does not start, and Apache does so in `<Proxy>` and `ProxyPass`. With a longer one in `SetHandler` Apache starts, and answers every PHP request with 503. PHP-FPM creates a socket with the first 107 bytes instead and starts; it logs that only since PHP 8.3. " +
		"Control panels that build the path from the names of a user and a site produce such paths.",
	Fix: "Use a shorter path on both sides.",
	Verify: []string{
		"printf %s SOCKET | wc -c",
		"nginx -t",
		"apachectl configtest",
		"ss -xlp | grep php",
	},
	Sources: []string{
		manUnix,
		nginxFastCGI + "#fastcgi_pass",
		fpmManual + "#listen",
	},
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/a-very-long-name-of-a-customer/an-even-longer-name-of-the-site-that-this-customer-runs.example.fpm.sock;
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP206 nginx refuses a socket path of 112 bytes: 107 fit
    }
}
`,
	Good: `
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
	Logs: []*servers.Signature{servers.NginxSocketPathTooLong, servers.ApacheConnectNoSocket, servers.ApacheConnectFailed, servers.ApacheSocketPathTooLong},
	Check: func(p *lint.Pass) {
		checkApacheRefuses(p)
		for _, g := range addressed(p.Stack) {
			for _, peer := range g.Peers {
				switch {
				case peer.Fault != stack.TooLong, g.Pass != nil && g.Pass.Way != handler.SetHandler && g.Pass.Way != handler.AddHandler:
					// Apache refuses such a worker: see tooLongWorkers.
				case g.Pass != nil:
					p.Report(lint.Finding{
						Outcome: dead(g),
						At:      peer.At,
						Message: fmt.Sprintf("Apache connects to a socket path of %d bytes, and no socket has one: 107 fit", len(peer.Path)),
						Log:     []string{refused(g, netaddr.Endpoint{Network: netaddr.Unix, Path: peer.Path})},
					})
				default:
					p.Report(lint.Finding{At: peer.At, Message: fmt.Sprintf("nginx refuses a socket path of %d bytes: 107 fit", len(peer.Path))})
				}
			}
		}
		for _, pool := range p.Stack.Pools {
			if pool.Listen.Misread == fpmt.CutPath {
				p.Report(lint.Finding{
					Outcome: lint.None,
					At:      pool.Listen.At,
					Message: fmt.Sprintf("PHP-FPM cuts this path of %d bytes after 107 and listens on %s", len(pool.Listen.Text), plain(pool.Listen.Endpoint)),
				})
			}
		}
	},
}
