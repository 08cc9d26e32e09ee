package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// DeadPeer reports servers of an upstream that add no redundancy.
var DeadPeer = &lint.Rule{
	ID:    "WP417",
	Name:  "dead-peer",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a server is dead, and only a backup is alive, ip_hash or hash chooses the server, or max_fails or fail_timeout is set",
		lint.None:      "nginx goes on to a server that is alive, the backup is dead, a server is named twice, or it is a member of a balancer of Apache",
	},
	Summary: "A server of an upstream has no listener, or is the same pool as another one.",
	Why: "nginx tries the dead server in turn, logs an error and goes on to the next one, so clients notice nothing until the live one fails once. Then both are out for `fail_timeout`, ten seconds by default, and every request is a 502 with the line \"no live upstreams\". " +
		"As long as the live server answers, the next attempt saves every request that the dead one refuses (measured with the default `max_fails`), so that is a note. It is a warning where only a backup is left. It is one too with `ip_hash` or `hash`, which choose the dead server for some clients again and again, and where `max_fails` or `fail_timeout` decide how soon and how long all servers are out. " +
		"Apache leaves a dead member of a balancer out for `retry=` seconds, 60 by default, and the request that it refused goes to a live one (measured on Apache 2.4). When all are out it tries all of them again at once, so that is a note too. " +
		"Two servers that are the same pool do not help each other either: a request that crashes the first is sent to the pool a second time.",
	Fix: "Remove the dead server from the upstream, or give it a listener. Name each pool once.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nA8 'upstream '",
		"ss -xlp | grep php; ss -tlnp | grep php",
		`for i in 1 2 3 4 5 6; do curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH; done`,
	},
	Sources: []string{
		nginxUpstream + "#max_fails",
		nginxUpstream + "#fail_timeout",
		"https://httpd.apache.org/docs/2.4/mod/mod_proxy_balancer.html",
	},
	Bad: `
-- etc/nginx/conf.d/upstream.conf --
upstream php {
    ip_hash;
    server unix:/run/php/php8.3-fpm.sock;
    server unix:/run/php/php8.2-fpm.sock;
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP417 no pool listens on /run/php/php8.2-fpm.sock, while another server of upstream php is alive
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass php;
    }
}
`,
	Good: `
-- etc/nginx/conf.d/upstream.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
}
`,
	Logs: []*servers.Signature{
		servers.NginxNoLiveUpstreams, servers.NginxConnectNoSocket, servers.NginxConnectRefused,
		servers.ApacheDisablesWorker,
	},
	Check: func(p *lint.Pass) {
		seen, met := once[*stack.Upstream]{}, once[source.Span]{}
		for _, g := range p.Stack.Gateways {
			switch {
			case !g.PHP:
			case g.Upstream != nil && seen.first(g.Upstream):
				checkGroup(p, g, "server of upstream "+g.Upstream.Name)
			case g.Pass != nil && len(g.Pass.Members) > 0 && met.first(g.Pass.Members[0].At):
				checkGroup(p, g, "member of balancer "+g.Pass.Target.Host)
			}
		}
	},
}

// checkGroup checks the servers of an upstream, or the members of a balancer of Apache. one names
// any of them.
func checkGroup(p *lint.Pass, g *stack.Gateway, one string) {
	alive := map[*stack.Pool]*stack.Peer{}
	for _, peer := range g.Peers {
		if peer.Down || peer.Fault != stack.Answers || peer.Pool == nil {
			continue
		}
		if first := alive[peer.Pool]; first != nil && first.At != peer.At {
			p.Report(lint.Finding{
				Outcome: lint.None,
				At:      peer.At,
				Message: fmt.Sprintf("%s is pool %s once more: a request that crashes it is sent there twice", peer.Text, peer.Pool.Name),
				Notes:   []lint.Note{{At: first.At, Message: "the same pool is named here"}, {At: peer.Pool.Listen.At, Message: "pool " + peer.Pool.Name + " listens here"}},
			})
			continue
		}
		alive[peer.Pool] = peer
	}
	if len(alive) == 0 {
		return
	}
	for _, peer := range g.Peers {
		if !peer.Down && peer.Fault == stack.Nobody {
			p.Report(deadPeer(g, peer, one))
		}
	}
}

// deadPeer is a finding about a server or a member without a listener.
func deadPeer(g *stack.Gateway, peer *stack.Peer, one string) lint.Finding {
	f := lint.Finding{
		At:      peer.At,
		Message: fmt.Sprintf("no pool listens on %s, while another %s is alive", plain(peer.Endpoint), one),
		Log:     []string{refused(g, peer.Endpoint)},
	}
	switch {
	case peer.Backup:
		if f.Outcome = lint.None; g.Upstream == nil {
			f.Log = nil // Apache connects to it only if no other is left
		}
		_, group, _ := strings.Cut(one, " of ")
		f.Message = fmt.Sprintf("no pool listens on %s, so %s has no backup", plain(peer.Endpoint), group)
	case g.Upstream == nil:
		f.Outcome = lint.None
		f.Log = []string{"AH00959: ap_proxy_connect_backend disabling worker for (" + backendName(peer.Endpoint, 8000) + ")"}
	default:
		f.Log = append(f.Log, "no live upstreams while connecting to upstream")
		if !g.Upstream.Hash && !onlyBackup(g) && !counts(g.Upstream) {
			f.Outcome = lint.None
		}
	}
	return f
}

// onlyBackup reports whether no server besides the backups answers.
func onlyBackup(g *stack.Gateway) bool {
	return !slices.ContainsFunc(g.Peers, func(peer *stack.Peer) bool {
		return !peer.Down && !peer.Backup && peer.Fault != stack.Nobody
	})
}

// counts reports whether the failures that nginx counts were thought of: a server of the
// upstream has max_fails or fail_timeout.
func counts(u *stack.Upstream) bool {
	return slices.ContainsFunc(u.Servers, func(s stack.UpstreamServer) bool {
		return slices.ContainsFunc(s.Params, func(param string) bool {
			return strings.HasPrefix(param, "max_fails=") || strings.HasPrefix(param, "fail_timeout=")
		})
	})
}
