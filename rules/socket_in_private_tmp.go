package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketInPrivateTmp reports sockets in a /tmp that nginx and PHP-FPM do not
// share.
var SocketInPrivateTmp = &lint.Rule{
	ID:     "WP207",
	Name:   "socket-in-private-tmp",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "a unit among the files has a private /tmp",
		lint.Sometimes:  "the units are not among the files",
	},
	Faults:  []lint.Fault{stack.OwnTmp},
	Summary: "A socket is in /tmp or another directory that systemd hides from the web server or PHP-FPM.",
	Why: "With `PrivateTmp=yes` in its unit a service has its own `/tmp` and `/var/tmp`, apart from the rest of the machine. PHP-FPM creates the socket in its own `/tmp`, and the web server looks in another one: \"No such file or directory\", although `ls /tmp` seems to show the opposite. " +
		"RHEL and Fedora ship nginx and PHP-FPM with it, and Debian ships Apache with it. A web server likewise finds no socket in `/tmp` of another program, and none in `/home` with `ProtectHome=yes`, or in another directory that its unit hides.",
	Fix: "Move the socket to `/run/php` or another directory below `/run`, on both sides.",
	Verify: []string{
		"systemctl show nginx apache2 UNIT -p Id -p PrivateTmp -p ProtectHome -p InaccessiblePaths",
		`nsenter -t "$(cat /run/nginx.pid)" -m ls -l SOCKET`,
		`nsenter -t "$(systemctl show apache2 -p MainPID --value)" -m ls -l SOCKET`,
		`nsenter -t "$(systemctl show UNIT -p MainPID --value)" -m ls -l SOCKET`,
		"ls -l SOCKET",
	},
	Sources: []string{
		systemdExec + "#PrivateTmp=",
		systemdExec + "#ProtectHome=",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/tmp/php.sock;
#                    ------------------ WP207 nginx connects to it here
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /tmp/php.sock
;        ^^^^^^^^^^^^^ WP207 the socket /tmp/php.sock is not the same file for nginx and PHP-FPM: nginx.service has a /tmp of its own
listen.owner = www-data
pm = ondemand
pm.max_children = 5
-- usr/lib/systemd/system/nginx.service --
[Service]
ExecStart=/usr/sbin/nginx
PrivateTmp=true
#          ---- WP207 nginx.service has a /tmp of its own
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php.sock;
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs:     []*servers.Signature{servers.NginxConnectNoSocket, servers.ApacheConnectNoSocket},
	Unproven: "it needs systemd as the first process, to start each service with its own /tmp",
	Check:    checkPrivateTmp,
}

func checkPrivateTmp(p *lint.Pass) {
	met := once[source.Span]{}
	for g, peer := range used(p.Stack) {
		switch {
		case peer.Fault == stack.OwnTmp && peer.Pool == nil:
			if met.first(peer.At) {
				p.Report(lint.Finding{
					Outcome: dead(g),
					At:      peer.At,
					Message: fmt.Sprintf("%s does not find the socket %s: %s", g.Front.Name(), peer.Endpoint.Path, ownTmp(peer)),
					Notes:   []lint.Note{{At: peer.Hidden.At, Message: "the unit restricts " + g.Front.Name() + " here"}},
					Log:     []string{refused(g, peer.Endpoint)},
				})
			}
		case peer.Pool == nil || g.Protocol != stack.FastCGI || !met.first(peer.Pool.Listen.At):
		case peer.Fault == stack.OwnTmp:
			p.Report(lint.Finding{
				Outcome: dead(g),
				At:      peer.Pool.Listen.At,
				Message: fmt.Sprintf("the socket %s is not the same file for %s and PHP-FPM: %s", peer.Endpoint.Path, g.Front.Name(), ownTmp(peer)),
				Notes: []lint.Note{
					{At: peer.Hidden.At, Message: ownTmp(peer)},
					{At: g.At, Message: g.Front.Name() + " connects to it here"},
				},
				Log: []string{refused(g, peer.Endpoint)},
			})
		case !peer.Endpoint.InTmp() || peer.Fault != stack.Answers && peer.Fault != stack.MayNotEnter:
		case p.Stack.MayHideTmp(g, peer.Pool.Master):
			privateUnknown(p, g, peer)
		}
	}
}

// ownTmp says why a service does not see a socket.
func ownTmp(peer *stack.Peer) string {
	if peer.Hidden.Text == "PrivateTmp" {
		return peer.Unit.Name + " has a /tmp of its own"
	}
	return peer.Hidden.Unit + " has " + peer.Hidden.Text
}

// privateUnknown reports a socket in /tmp as not checked where a unit is not
// among the files: its package may set PrivateTmp.
func privateUnknown(p *lint.Pass, g *stack.Gateway, peer *stack.Peer) {
	if !p.Stack.Systemd() {
		p.NotChecked(peer.Pool.Listen.At, "whether systemd gives "+g.Front.Name()+" or PHP-FPM a /tmp of its own is not known: their units are not among the files")
		return
	}
	p.Report(lint.Finding{
		Outcome: sometimes(g),
		At:      peer.Pool.Listen.At,
		Message: fmt.Sprintf("the socket %s may not be the same file for %s and PHP-FPM: many units set PrivateTmp=yes", peer.Endpoint.Path, g.Front.Name()),
		Notes: []lint.Note{
			{At: g.At, Message: g.Front.Name() + " connects to it here"},
			{Message: "the units of both services are not among the files"},
		},
		Log: []string{refused(g, peer.Endpoint)},
	})
}
