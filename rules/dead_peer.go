package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// DeadPeer reports servers of an upstream that add no redundancy.
var DeadPeer = &lint.Rule{
	ID:    "WP417",
	Name:  "dead-peer",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a server is dead, and only a backup is alive, ip_hash or hash chooses the server, or max_fails or fail_timeout is set",
		lint.None:      "nginx goes on to a server that is alive, the backup is dead, or a server is named twice",
	},
	Summary: "A server of an upstream has no listener, or is the same pool as another one.",
	Why: "nginx tries the dead server in turn, logs an error and goes on to the next one, so clients notice nothing until the live one fails once. Then both are out for `fail_timeout`, ten seconds by default, and every request is a 502 with the line \"no live upstreams\". " +
		"As long as the live server answers, the next attempt saves every request that the dead one refuses (measured with the default `max_fails`), so that is a note. It is a warning where only a backup is left. It is one too with `ip_hash` or `hash`, which choose the dead server for some clients again and again, and where `max_fails` or `fail_timeout` decide how soon and how long all servers are out. " +
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
	},
	Check: func(p *lint.Pass) {
		seen := once[*stack.Upstream]{}
		for _, g := range p.Stack.Gateways {
			if g.Upstream != nil && g.PHP && seen.first(g.Upstream) {
				checkUpstream(p, g)
			}
		}
	},
}

func checkUpstream(p *lint.Pass, g *stack.Gateway) {
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
		if peer.Down || peer.Fault != stack.Nobody {
			continue
		}
		f := lint.Finding{
			At:      peer.At,
			Message: fmt.Sprintf("no pool listens on %s, while another server of upstream %s is alive", plain(peer.Endpoint), g.Upstream.Name),
			Log:     []string{refused(g, peer.Endpoint), "no live upstreams while connecting to upstream"},
		}
		if !g.Upstream.Hash && !onlyBackup(g) && !counts(g.Upstream) {
			f.Outcome = lint.None
		}
		if peer.Backup {
			f.Outcome, f.Log = lint.None, f.Log[:1]
			f.Message = fmt.Sprintf("no pool listens on %s, so upstream %s has no backup", plain(peer.Endpoint), g.Upstream.Name)
		}
		p.Report(f)
	}
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
