package rules

import (
	"fmt"
	"path"
	"strconv"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// ListensOnLoopback reports pools that listen on the loopback of their container, and that
// nginx in another one connects to.
var ListensOnLoopback = &lint.Rule{
	ID:       "WP425",
	Name:     "listens-on-loopback",
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.LoopbackOnly},
	Summary:  "PHP-FPM listens on the loopback address of its container, and the web server runs in another.",
	Why: "`listen = 127.0.0.1:9000` is right on a host. In a container it accepts connections from that container alone: the name of the service leads to its address in the network, where nothing listens. " +
		"The official PHP images hid the mistake until January 2026: their `zz-docker.conf`, read last, set `listen = 9000` again. Since then `docker.conf`, read first, sets it, and the `listen` of the project takes effect.",
	Fixable: true,
	Fix:     "Write `listen = 9000`, which accepts connections to every address of the container.",
	Verify: []string{
		"docker compose exec PHP php-fpm -tt 2>&1 | grep 'listen ='",
		"docker compose exec PHP grep -rn '^ *listen *=' /usr/local/etc/php-fpm.d",
		"docker compose exec WEB curl -sS -m 3 http://PHP:PORT/",
	},
	Sources: []string{
		composeNetworking,
		fpmManual + "#listen",
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
    volumes: ["./php-fpm.d/www.conf:/usr/local/etc/php-fpm.d/www.conf"]
-- nginx/site.conf --
server {
    listen 80;
    root /var/www/html;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass php:9000;
#                    -------- WP425 nginx connects from here
    }
}
-- php-fpm.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
;        ^^^^^^^^^^^^^^ WP425 pool www listens on the loopback address of container php: nginx in container web cannot connect to it
; -0 WP425 image php:8.3-fpm sets listen = 9000 in a file that is read before this one; until January 2026 it was read after it
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- php-fpm.d/www.conf --
[www]
user = www-data
group = www-data
listen = 9000
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.NginxConnectRefused, servers.ApacheConnectRefused},
	Check: func(p *lint.Pass) {
		seen := once[*stack.Peer]{}
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.LoopbackOnly && seen.first(peer) {
				p.Report(loopbackOnly(g, peer))
			}
		}
	},
}

func loopbackOnly(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	to, server := peer.Target, "nginx"
	if peer.Site != nil {
		server = peer.Site.Front.Name()
	}
	f := lint.Finding{
		At: peer.At, Outcome: failing(g),
		Message: fmt.Sprintf("%s listens on the loopback address of container %s: %s in container %s cannot connect to it", server, to.Machine.Name, web(g), g.Machine.Container.Name),
		Log:     []string{refusedRemote(g, to.Port)},
	}
	if peer.Pool == nil {
		if peer.Site != nil {
			f.At = listenFor(peer.Site, netaddr.Endpoint{Network: netaddr.TCP, Port: to.Port}).At
			f.Notes = []lint.Note{{At: peer.At, Message: web(g) + " connects from here"}}
		}
		return f
	}
	listen := peer.Pool.Listen
	f.At = listen.At
	f.Message = fmt.Sprintf("pool %s listens on the loopback address of container %s: %s in container %s cannot connect to it", peer.Pool.Name, to.Machine.Name, web(g), g.Machine.Container.Name)
	f.Notes = []lint.Note{{At: peer.At, Message: web(g) + " connects from here"}}
	if image := hidden(peer.Pool); image != "" {
		f.Notes = append(f.Notes, lint.Note{Message: "image " + image + " sets listen = " + strconv.Itoa(int(to.Port)) + " in a file that is read before this one; until January 2026 it was read after it"})
	}
	port := strconv.Itoa(int(to.Port))
	f.Fixes = []lint.Fix{{Title: "listen on port " + port + " of every address", Safe: true, Edits: []source.Edit{{At: listen.At, New: port}}}}
	return f
}

// hidden returns the image whose own listen line the pool replaces; "" for none. An image of
// an earlier date replaced the line of the pool instead, from zz-docker.conf
// (docker-library/php, pull request 1635).
func hidden(pool *stack.Pool) string {
	if path.Base(pool.Listen.At.File.Name) > "zz-docker.conf" {
		return ""
	}
	for _, lost := range pool.Lost {
		if lost.At.File.Image != "" {
			return lost.At.File.Image
		}
	}
	return ""
}
