package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// LocalhostTwice reports host names that have a live and a dead address.
var LocalhostTwice = &lint.Rule{
	ID:       "WP208",
	Name:     "localhost-twice",
	Cause:    lint.Address,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Faults:   []lint.Fault{stack.NameTwice},
	Summary:  "A host name has two addresses, and PHP-FPM listens on only one of them.",
	Why: "nginx makes a server of every address that a name has: `localhost` is `127.0.0.1` and, where `/etc/hosts` says so, `::1`. nginx also tries the address that does not answer, which costs an error line. " +
		"Worse, with two servers nginx counts failures: when PHP-FPM restarts, both are out for ten seconds, and every request is a 502 with \"no live upstreams\" even after it is back. A single address is never taken out.",
	Fixable: true,
	Fix:     "Write the address instead of the name: `fastcgi_pass 127.0.0.1:9000;`.",
	Verify: []string{
		"getent ahosts NAME",
		"ss -tlnp | grep PORT",
		"grep 'no live upstreams' /var/log/nginx/error.log | tail -3",
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		nginxUpstream + "#max_fails",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass localhost:9000;
#                    ^^^^^^^^^^^^^^ WP208 localhost:9000 resolves to 127.0.0.1:9000 and [::1]:9000, and no pool listens on [::1]:9000
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
;        -------------- WP208 pool www listens on 127.0.0.1:9000
pm = ondemand
pm.max_children = 5
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass 127.0.0.1:9000;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxNoLiveUpstreams, servers.NginxConnectRefused},
	Check: func(p *lint.Pass) {
		met := map[source.Span]bool{}
		for g, peer := range used(p.Stack) {
			switch {
			case !g.PHP || met[peer.At]:
			case loneLocalhost(g.Machine.Facts, peer):
				met[peer.At] = true
				p.NotChecked(peer.At, "whether localhost also resolves to [::1], where no pool listens, is not known (/etc/hosts)")
			case peer.Fault == stack.NameTwice:
				met[peer.At] = true
				p.Report(nameTwice(g, peer))
			}
		}
	},
}

// loneLocalhost reports whether a peer is localhost with only its IPv4 address
// known, and a pool listens on that address but not on the IPv6 one.
func loneLocalhost(facts *host.Facts, peer *stack.Peer) bool {
	return strings.EqualFold(peer.Host, "localhost") && peer.Fault == stack.Answers && peer.Pool != nil &&
		!facts.Known(host.Hosts) && peer.Pool.Listen.Endpoint.Addr.Is4()
}

// nameTwice is the finding about one dead address of a name.
func nameTwice(g *stack.Gateway, dead *stack.Peer) lint.Finding {
	live := dead
	if i := slices.IndexFunc(g.Peers, func(peer *stack.Peer) bool { return peer.At == dead.At && peer.Fault == stack.Answers }); i >= 0 {
		live = g.Peers[i]
	}
	f := lint.Finding{
		At:      dead.At,
		Message: fmt.Sprintf("%s resolves to %s and %s, and no pool listens on %s", dead.Text, plain(live.Endpoint), plain(dead.Endpoint), plain(dead.Endpoint)),
		Log:     []string{refused(g, dead.Endpoint), "no live upstreams while connecting to upstream"},
	}
	if live.Pool != nil {
		f.Notes = []lint.Note{{At: live.Pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s", live.Pool.Name, plain(live.Pool.Listen.Endpoint))}}
	}
	if strings.Trim(dead.At.Text(), `"'`) == dead.Text {
		f.Fixes = replace(dead.At, live.Endpoint.String(), "pass to "+plain(live.Endpoint))
	}
	return f
}
