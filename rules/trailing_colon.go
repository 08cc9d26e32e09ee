package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// TrailingColon reports socket paths with a colon or a slash after them.
var TrailingColon = &lint.Rule{
	ID:       "WP212",
	Name:     "trailing-colon",
	Apache:   true,
	Cause:    lint.Address,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.TrailingColon},
	Summary:  "A colon or a slash after a socket path is read as part of the path.",
	Why: "`proxy_pass http://unix:/run/app.sock:` ends its path at the colon. `fastcgi_pass`, `uwsgi_pass`, `scgi_pass` and the `server` of an upstream do not: they use a socket whose name ends in a colon. Apache does so too: `proxy:unix:/run/app.sock:|fcgi://localhost`. " +
		"PHP-FPM cannot create such a socket, since it reads a value with a colon as host and port. " +
		"A path with a slash at its end, as in `http://unix:/run/app.sock/:/`, is never a socket.",
	Fixable: true,
	Fix:     "Remove the colon or the slash.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'unix:[^; ]*[:/]( |;)'",
		"grep -rnE 'unix:[^|]*[:/][|]' /etc/apache2",
		`grep -E 'connect\(\) to unix:[^ ]*[:/] failed' /var/log/nginx/error.log | tail -3`,
		"ls -l SOCKET",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxProxy + "#proxy_pass",
		nginxFastCGI + "#fastcgi_pass",
		apacheFCGI + "#examples",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock:;
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP212 nginx looks for a socket named /run/php/php8.3-fpm.sock: with the colon
    }
}
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
	Logs: []*servers.Signature{servers.NginxConnectNoSocket, servers.ApacheConnectNoSocket},
	Check: func(p *lint.Pass) {
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.TrailingColon {
				p.Report(trailingColon(g, peer))
			}
		}
	},
}

func trailingColon(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	path := peer.Path
	f := lint.Finding{
		Outcome: besides(g),
		At:      peer.At,
		Message: fmt.Sprintf("%s looks for a socket named %s with the colon", web(g), path),
		Log:     []string{refused(g, netaddr.Endpoint{Network: netaddr.Unix, Path: path})},
	}
	if strings.HasSuffix(path, "/") {
		f.Message = fmt.Sprintf("%s looks for a socket named %s with the slash, and no socket has such a name", web(g), path)
		f.Log = []string{fmt.Sprintf("connect() to unix:%s failed (20: Not a directory) while connecting to upstream", path)}
		if text := strings.Replace(peer.At.Text(), path, strings.TrimRight(path, "/"), 1); text != peer.At.Text() {
			f.Fixes = replace(peer.At, text, "write "+text)
		}
		return f
	}
	if text := strings.TrimRight(peer.Text, ":"); peer.At.Text() == peer.Text {
		f.Fixes = replace(peer.At, text, "write "+text)
	}
	return f
}
