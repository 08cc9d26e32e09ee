package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// PublishedPort reports addresses with the port under which the host publishes a container.
var PublishedPort = &lint.Rule{
	ID:       "WP426",
	Name:     "published-port",
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.PublishedPort},
	Summary:  "The web server connects to a container with the port that the host publishes for it.",
	Why: "`ports: [\"9001:9000\"]` opens port 9001 of the host and forwards it to port 9000 of the container. Between containers it changes nothing: there the port is the one on which the server itself listens. " +
		"`expose` opens no port either.",
	Fixable: true,
	Fix:     "Use the port after the colon, on which PHP-FPM listens.",
	Verify: []string{
		"docker compose port PHP PORT",
		"docker compose exec PHP php-fpm -tt 2>&1 | grep 'listen ='",
		"docker compose exec WEB curl -sS -m 3 http://PHP:PORT/",
	},
	Sources: []string{
		composeNetworking,
		"https://docs.docker.com/engine/network/port-publishing/",
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
    image: php:8.3-fpm
    ports: ["9001:9000"]
#            --------- WP426 the port is published here
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass php:9001;
#                    ^^^^^^^^ WP426 nothing listens on port 9001 of container php: 9001 is the port of the host, and 9000 that of the container
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
	Logs: []*servers.Signature{servers.NginxConnectRefused, servers.ApacheConnectRefused},
	Check: func(p *lint.Pass) {
		seen := once[*stack.Peer]{}
		for g, peer := range used(p.Stack) {
			if peer.Fault != stack.PublishedPort || !seen.first(peer) {
				continue
			}
			published, shifted := peer.Target.Machine.Shifted(peer.Target.Port)
			if !shifted {
				p.Report(reversed(g, peer))
				continue
			}
			own := published.Target.Port
			p.Report(lint.Finding{
				At: peer.At, Outcome: failing(g),
				Message: fmt.Sprintf("nothing listens on %s: %d is the port of the host, and %d that of the container", inContainer(peer.Target), published.Host, own),
				Log:     []string{refusedRemote(g, peer.Target.Port)},
				Notes:   []lint.Note{{At: published.At, Message: "the port is published here"}},
				Fixes:   passTo(peer, fmt.Sprintf("%s:%d", peer.Host, own)),
			})
		}
	},
}

// reversed is what the rule says about a container in the network of the host that uses the
// port of another container instead of the published one.
func reversed(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	published, _ := g.Machine.Container.Reversed(peer.Target.Port)
	return lint.Finding{
		At: peer.At, Outcome: failing(g),
		Message: fmt.Sprintf("container %s is in the network of the host, which publishes port %d of container %s as %d", g.Machine.Container.Name, peer.Target.Port, peer.Target.Machine.Name, published.Host),
		Log:     []string{refusedRemote(g, peer.Target.Port)},
		Notes:   []lint.Note{{At: published.At, Message: "the port is published here"}},
		Fixes:   passTo(peer, fmt.Sprintf("127.0.0.1:%d", published.Host)),
	}
}
