package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketMismatch reports gateways that knock where no pool listens.
var SocketMismatch = &lint.Rule{
	ID:      "WP201",
	Name:    "socket-mismatch",
	Cause:   lint.Address,
	Outcome: lint.BadGateway,
	Summary: "nginx passes PHP requests to an address on which no PHP-FPM pool listens.",
	Why: "`fastcgi_pass` and the pool's `listen` must name the same unix socket or the same TCP port. After a PHP upgrade the socket has a new name and the site still asks for the old one; " +
		"or one side was moved from TCP to a socket and the other was not. Both servers start and their own tests (`nginx -t`, `php-fpm -t`) pass, because neither knows the other. Every PHP request is a 502.",
	Fix: "Make both sides name the same address: change `fastcgi_pass` (or the `server` line of the upstream) to the pool's `listen`, or the other way round. A changed `listen` counts after a reload of PHP-FPM.",
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.1-fpm.sock;
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP201 no pool listens on /run/php/php8.1-fpm.sock
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP201 pool www listens on /run/php/php8.3-fpm.sock: the same socket for another PHP version
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = static
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
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = static
pm.max_children = 5
`,
	Logs: []lint.Log{
		{By: lint.Nginx, Pattern: `connect\(\) to unix:(?P<path>\S+) failed \(2: No such file or directory\) while connecting to upstream`},
		{By: lint.Nginx, Pattern: `connect\(\) failed \(111: Connection refused\) while connecting to upstream, .*upstream: "fastcgi://(?P<addr>[^"]+)"`},
	},
	Check: checkSocketMismatch,
}

func checkSocketMismatch(p *lint.Pass) {
	near := stack.NewNear(p.Stack)
	answers := map[source.Span][]*stack.Pool{}
	var dead []*stack.Gateway
	for _, g := range p.Stack.Gateways {
		if g.Protocol != stack.FastCGI {
			continue
		}
		switch {
		case g.Why != "":
			p.NotChecked(g.At, g.Why)
		case !allDead(g):
			notCheckedPeers(p, g)
		case !g.PHP:
			p.NotChecked(g.At, "nothing shows that "+g.Peers[0].Text+" is PHP")
		default:
			dead = append(dead, g)
		}
	}
	// One line may stand for several sites, each with a pool of its own: then
	// no single change of it is right.
	nearest := map[*stack.Gateway]stack.Nearness{}
	for _, g := range dead {
		at := firstDead(g).At
		pools, how := near.To(g, firstDead(g))
		nearest[g] = how
		for _, pool := range pools {
			if !containsPool(answers[at], pool) {
				answers[at] = append(answers[at], pool)
			}
		}
	}
	for _, g := range dead {
		p.Report(mismatch(p.Stack, g, answers[firstDead(g).At], nearest[g]))
	}
}

// allDead reports whether nobody listens at any peer that the gateway uses.
func allDead(g *stack.Gateway) bool {
	dead := false
	for _, peer := range g.Peers {
		if !peer.Down && peer.Fault != stack.Nobody {
			return false
		}
		dead = dead || !peer.Down
	}
	return dead
}

func firstDead(g *stack.Gateway) *stack.Peer {
	for _, peer := range g.Peers {
		if !peer.Down {
			return peer
		}
	}
	return nil
}

// notCheckedPeers says which peers of a gateway could not be followed.
func notCheckedPeers(p *lint.Pass, g *stack.Gateway) {
	for _, peer := range g.Peers {
		if peer.Why != "" {
			p.NotChecked(peer.At, peer.Why)
		}
	}
}

func containsPool(pools []*stack.Pool, pool *stack.Pool) bool {
	for _, p := range pools {
		if p == pool {
			return true
		}
	}
	return false
}

// mismatch is the finding about a gateway without a listener.
func mismatch(s *stack.Stack, g *stack.Gateway, pools []*stack.Pool, how stack.Nearness) lint.Finding {
	peer := firstDead(g)
	f := lint.Finding{
		At:      peer.At,
		Message: "no pool listens on " + plain(peer.Endpoint),
		Log:     []string{refused(peer.Endpoint)},
	}
	if !g.Machine.Complete {
		f.Outcome = lint.Sometimes
		f.Message = "no pool in the files given listens on " + plain(peer.Endpoint)
		f.Notes = append(f.Notes, lint.Note{Message: g.Machine.Why})
	}
	f.Notes = append(f.Notes, nearNotes(s, pools, how)...)
	if peer.At != g.At {
		f.Notes = append(f.Notes, lint.Note{At: g.At, Message: g.Protocol.Pass() + " uses it here"})
	}
	if len(pools) == 1 {
		f.Fixes = mismatchFixes(g, peer, pools[0])
	}
	return f
}

// maxNear limits how many pools are named when none of them stands out.
const maxNear = 3

// nearNotes points at the pools that may have been meant.
func nearNotes(s *stack.Stack, pools []*stack.Pool, how stack.Nearness) (notes []lint.Note) {
	if len(pools) == 0 && len(s.Pools) > maxNear {
		return []lint.Note{{Message: fmt.Sprintf("there are %d pools, and none of their addresses resembles this one", len(s.Pools))}}
	}
	why := ": " + string(how)
	if len(pools) == 0 {
		pools, why = s.Pools, ""
	}
	for i, pool := range pools {
		if i == maxNear {
			return append(notes, lint.Note{Message: fmt.Sprintf("and %d more pools", len(pools)-i)})
		}
		if pool.Listen.Endpoint.Network == 0 {
			continue
		}
		notes = append(notes, lint.Note{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s%s", pool.Name, plain(pool.Listen.Endpoint), why)})
	}
	return notes
}

// mismatchFixes are the two ways to bring a gateway and a pool together: on the
// side of nginx, and on that of PHP-FPM, which other gateways may depend on.
func mismatchFixes(g *stack.Gateway, peer *stack.Peer, pool *stack.Pool) (fixes []lint.Fix) {
	if written := strings.Trim(peer.At.Text(), `"'`); written == peer.Text {
		address := gatewayAddress(pool.Listen.Endpoint)
		fixes = append(fixes, lint.Fix{
			Title: "pass to " + address,
			Safe:  g.Machine.Complete,
			Edits: []source.Edit{{At: peer.At, New: address}},
		})
	}
	listen := strings.TrimPrefix(peer.Endpoint.String(), "unix:")
	return append(fixes, lint.Fix{
		Title: fmt.Sprintf("let pool %s listen on %s", pool.Name, listen),
		Edits: []source.Edit{{At: pool.Listen.At, New: listen}},
	})
}
