package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// AllowedClients reports pools that drop the connections of nginx.
var AllowedClients = &lint.Rule{
	ID:     "WP204",
	Name:   "allowed-clients",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: onlyServer,
		lint.Sometimes:  otherServer + ", or no known gateway uses a pool that admits no client",
	},
	Faults:  []lint.Fault{stack.ClientRefused},
	Summary: "listen.allowed_clients of a TCP pool rejects the web server.",
	Why: "PHP-FPM accepts a connection and closes it at once when the client's address is not in `listen.allowed_clients`. nginx logs `recv() failed (104: Connection reset by peer)`, and Apache `AH01074: Failed writing Environment`, as if the worker had crashed. Entries are IP addresses, separated by commas and nothing else. " +
		"A host name, a network such as `10.0.0.0/8`, `any` and an address next to a space match no client. An empty value allows no client. PHP-FPM logs this only with `catch_workers_output = yes`.",
	Fixable: true,
	Fix:     "List the address from which the web server connects, that of `fastcgi_bind` in nginx or `ProxySourceAddress` in Apache, or else `127.0.0.1` on the same machine, or remove the line and let a firewall decide.",
	Verify: []string{
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen|catch_workers_output'`,
		"ss -tn state established | grep PORT",
		"grep 'has been dropped' /var/log/php8.3-fpm.log | tail -3",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		fpmManual + "#listen-allowed-clients",
	},
	Bad: `
GET /index.php -> 502
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
listen.allowed_clients = localhost
;                        ^^^^^^^^^ WP204 pool www accepts no client: localhost is not an address
pm = ondemand
pm.max_children = 5
catch_workers_output = yes
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass 127.0.0.1:9000;
#                    -------------- WP204 nginx connects from here
    }
}
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
listen.allowed_clients = 127.0.0.1
pm = ondemand
pm.max_children = 5
catch_workers_output = yes
`,
	Logs: []*servers.Signature{servers.NginxReset, servers.ApacheSendFailed, servers.FPMClientDropped, servers.FPMClientWrong},
	Check: func(p *lint.Pass) {
		refused := gatewaysWith(p.Stack, stack.ClientRefused)
		reached := reaching(p.Stack, func(pool *stack.Pool) bool { return pool.Clients != nil })
		for _, pool := range p.Stack.Pools {
			if pool.Clients != nil {
				checkClients(p, pool, refused[pool], reached[pool])
			}
		}
	},
}

func checkClients(p *lint.Pass, pool *stack.Pool, refused, reached []*stack.Gateway) {
	c := pool.Clients
	f := lint.Finding{At: c.At}
	switch {
	case len(refused) > 0:
		peer := firstPeer(refused[0], pool)
		to := peer.Endpoint.String()
		from, known := refused[0].Source(peer.Endpoint)
		switch {
		case len(c.Addrs) == 0:
			f.Message = fmt.Sprintf("pool %s accepts no client: %s", pool.Name, whyNone(c))
		case peer.Target.Machine != nil:
			f.Message = fmt.Sprintf("pool %s accepts connections from container %s only, and %s in container %s connects to it", pool.Name, peer.Target.Machine.Name, web(refused[0]), refused[0].Machine.Container.Name)
			to = fmt.Sprintf("<address>:%d", peer.Target.Port)
		default:
			f.Message = fmt.Sprintf("pool %s rejects %s, which connects from %s", pool.Name, web(refused[0]), from)
		}
		f.Log = []string{dropped(refused[0], to)}
		f.Outcome = lint.None
		for _, g := range refused {
			f.Outcome = min(f.Outcome, failing(g))
			f.Notes = append(f.Notes, lint.Note{At: firstPeer(g, pool).At, Message: web(g) + " connects from here"})
		}
		if known {
			f.Fixes = []lint.Fix{{Title: "allow " + from.String(), Safe: len(c.Addrs) == 0, Edits: []source.Edit{{At: c.At, New: from.String()}}}}
		}
	case len(c.Addrs) == 0:
		f.Outcome, f.Message = lint.Sometimes, fmt.Sprintf("pool %s accepts no client: %s", pool.Name, whyNone(c))
	default:
		for _, g := range reached {
			if e := firstPeer(g, pool).Endpoint; !e.IsLocal() && !c.Admits(e.Addr) {
				p.NotChecked(c.At, "the address from which "+web(g)+" connects to "+e.String()+" is not known")
			}
		}
		return
	}
	p.Report(f)
}

// dropped is what the web server of g logs when PHP-FPM drops its connection to an address
// (measured on nginx 1.22 and Apache 2.4).
func dropped(g *stack.Gateway, to string) string {
	if ofApache(g) {
		return "(104)Connection reset by peer: AH01074: Failed writing Environment to :8080:"
	}
	return `recv() failed (104: Connection reset by peer) while reading response header from upstream, upstream: "fastcgi://` + to + `"`
}

// whyNone says what is wrong with a list that holds no address.
func whyNone(c *fpmt.Clients) string {
	if len(c.Unread) == 0 {
		return "listen.allowed_clients is empty"
	}
	entry := c.Unread[0]
	if strings.TrimSpace(entry) != entry {
		return "a space next to an address makes it invalid"
	}
	return entry + " is not an address"
}
