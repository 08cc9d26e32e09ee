package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// TLSNameNotSent reports origins that get no TLS server name (SNI), or one that
// they refuse.
var TLSNameNotSent = &lint.Rule{
	ID:    "WP408",
	Name:  "tls-name-not-sent",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the origin is among the files and refuses the handshake",
		lint.Sometimes:  "nginx has another server to try, or the origin is external and may need the name",
	},
	Faults:  []lint.Fault{handshakeRefused},
	Summary: "nginx does not send the right TLS server name (SNI) to an origin with several names.",
	Why: "nginx sends a server name (SNI) only when `proxy_ssl_server_name` is on, and never an IP address. The origin then answers as its default server. " +
		"A default server with `ssl_reject_handshake on`, which is common on hosts with several sites, aborts the handshake; so do content delivery networks. With an upstream, nginx sends the name of the upstream unless `proxy_ssl_name` says otherwise.",
	Fix: "Set `proxy_ssl_server_name on` and `proxy_ssl_name` to the name of the site.",
	Verify: []string{
		"openssl s_client -connect ORIGIN:443 -servername HOST </dev/null 2>/dev/null | grep -m1 subject",
		"openssl s_client -connect ORIGIN:443 -noservername </dev/null 2>&1 | grep -m1 -E 'subject|alert'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxProxy + "#proxy_ssl_server_name",
		nginxProxy + "#proxy_ssl_name",
		nginxSSL + "#ssl_reject_handshake",
	},
	Bad: `
GET / -> 502
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen 127.0.0.1:8443 ssl default_server;
    ssl_reject_handshake on;
#   ----------------------- WP408 the default server refuses the handshake here
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_pass https://127.0.0.1:8443;
#                  ^^^^^^^^^^^^^^^^^^^^^^ WP408 proxy_pass sends no name to 127.0.0.1:8443, whose server refuses the handshake
    }
}
`,
	Good: `
GET / -> 200
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen 127.0.0.1:8443 ssl default_server;
    ssl_reject_handshake on;
}
server {
    listen 127.0.0.1:8443 ssl;
    server_name blog.example;
    ssl_certificate /etc/ssl/certs/ssl-cert-snakeoil.pem;
    ssl_certificate_key /etc/ssl/private/ssl-cert-snakeoil.key;
    return 200 origin;
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_ssl_server_name on;
        proxy_ssl_name blog.example;
        proxy_set_header Host blog.example;
        proxy_pass https://127.0.0.1:8443;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxTLSNameRefused},
	Check: func(p *lint.Pass) {
		for g := range nginxGateways(p.Stack) {
			if g.Protocol != stack.HTTPS {
				continue
			}
			for _, peer := range g.Peers {
				if fault, listener, _ := handshake(g, peer); fault == handshakeRefused {
					p.Report(tlsRefused(g, peer, listener))
				}
			}
			if on, known := g.SSLServerName().Known(); known && !on && publicName(g) {
				p.Report(lint.Finding{
					Outcome: lint.Sometimes,
					At:      g.At,
					Message: fmt.Sprintf("proxy_pass sends no name to %s, which may serve several", g.Host),
				})
			}
		}
	},
}

func tlsRefused(g *stack.Gateway, peer *stack.Peer, listener *stack.Listener) lint.Finding {
	name := "no name"
	if on, _ := g.SSLServerName().Known(); on {
		name = "a name that no server has"
	}
	f := lint.Finding{
		Outcome: besides(g),
		At:      g.At,
		Message: fmt.Sprintf("%s sends %s to %s, whose server refuses the handshake", g.Protocol.Pass(), name, plain(peer.Endpoint)),
		Log:     []string{"SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream"},
	}
	for _, site := range listener.Sites {
		if reject := site.RejectHandshake(); reject.Written() {
			f.Notes = []lint.Note{{At: reject.At(), Message: "the default server refuses the handshake here"}}
			break
		}
	}
	return f
}

// publicName reports whether the URL of a gateway has a public host name.
func publicName(g *stack.Gateway) bool {
	host, _, _ := strings.Cut(g.Host, ":")
	if g.Upstream != nil || g.Variable || !strings.Contains(host, ".") || len(g.Peers) == 0 || g.Peers[0].Fault != stack.Elsewhere {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err != nil && !inDomain(host, private)
}

// private are the domains of names that no public DNS server knows.
var private = []string{".local", ".internal", ".lan", ".home", ".localhost", ".localdomain", ".test", ".example", ".invalid", ".corp", ".intranet", ".home.arpa"}
