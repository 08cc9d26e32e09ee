package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// OtherContainer reports local addresses at which nothing in nginx's own container
// listens, while PHP-FPM does in another.
var OtherContainer = &lint.Rule{
	ID:       "WP424",
	Name:     "other-container",
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.InOtherContainer},
	Summary:  "The web server connects to its own container, and PHP-FPM runs in another.",
	Why: "Each container has a loopback address and a file system of its own. `127.0.0.1:9000` and `unix:/run/php-fpm.sock` in the container of the web server are not those of the PHP container, although both belong to one project. " +
		"A port is reached by the name of the service; a socket only through a volume that both containers mount.",
	Fixable: true,
	Fix:     "Pass to the name of the service and the port of the pool, such as `php:9000`, or `fcgi://php:9000` in Apache. Or mount one volume in both containers, and put the socket into it.",
	Verify: []string{
		"docker compose exec WEB ls -l SOCKET",
		"docker compose exec WEB getent hosts PHP",
		"docker compose exec PHP php-fpm -tt 2>&1 | grep 'listen ='",
		"docker inspect -f '{{json .Mounts}}' CONTAINER",
	},
	Sources: []string{
		composeNetworking,
		"https://docs.docker.com/reference/compose-file/volumes/",
	},
	Bad: `
GET /index.php -> 502
frame: none
-- compose.yaml --
services:
  web:
    image: nginx:1.27
    volumes: ["./nginx/site.conf:/etc/nginx/conf.d/default.conf"]
    depends_on: [php]
  php:
# --- WP424 PHP-FPM runs in this container
    image: php:8.3-fpm
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass 127.0.0.1:9000;
#                    ^^^^^^^^^^^^^^ WP424 nothing in container web listens on 127.0.0.1:9000: PHP-FPM runs in container php
# -0 WP424 php:8.3-fpm:/usr/local/etc/php-fpm.d/docker.conf: pool www listens on port 9000 of every address
    }
}
`,
	Good: `
GET /index.php -> 200
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass php:9000;
    }
}
`,
	Logs: []*servers.Signature{
		servers.NginxConnectNoSocket, servers.NginxConnectRefused, servers.ApacheConnectNoSocket, servers.ApacheConnectRefused,
	},
	Check: func(p *lint.Pass) {
		seen := once[source.Span]{} // both addresses of localhost are one fault
		for g, peer := range used(p.Stack) {
			if peer.Fault != stack.InOtherContainer || !seen.first(peer.At) {
				continue
			}
			pool := peer.Pool
			f := lint.Finding{
				At:      peer.At,
				Outcome: failing(g),
				Message: fmt.Sprintf("nothing in container %s listens on %s: PHP-FPM runs in container %s", p.Stack.Container.Name, plain(peer.Endpoint), pool.Master.Machine.Container.Name),
				Log:     []string{refused(g, peer.Endpoint)},
				Notes: []lint.Note{
					{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s", pool.Name, plain(pool.Listen.Endpoint))},
					{At: pool.Master.Machine.Container.At, Message: "PHP-FPM runs in this container"},
				},
				Fixes: pointTo(peer, p.Stack, pool),
			}
			if peer.Endpoint.Network == netaddr.Unix {
				f.Notes = append(f.Notes, lint.Note{Message: "no volume that both containers mount holds the socket"})
			} else if only := onlyPHP(p.Stack); only != pool {
				for i := range f.Fixes {
					f.Fixes[i].Safe = false
				}
			}
			p.Report(f)
		}
	},
}
