package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// TLSVerify reports TLS settings of a gateway that cannot work.
var TLSVerify = &lint.Rule{
	ID:    "WP410",
	Name:  "tls-verify",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "verification is on without a certificate to trust",
		lint.BadGateway:   "the two sides have no TLS version in common",
		lint.Sometimes:    "the two sides have no TLS version in common, and nginx has another server to try",
	},
	Faults:  []lint.Fault{stack.TLSProtocols},
	Summary: "proxy_ssl_verify has no certificate authority, or the two sides have no TLS version in common.",
	Why: "`proxy_ssl_verify on` needs `proxy_ssl_trusted_certificate`: nginx does not use the authorities of the system, and refuses to start. " +
		"`proxy_ssl_protocols` and the `ssl_protocols` of the origin's default server must have a version in common; without one every handshake fails.",
	Fix: "Name the authorities with `proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt`, and let both sides use TLSv1.2 or TLSv1.3.",
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen 127.0.0.1:8443 ssl;
    ssl_certificate /etc/ssl/certs/ssl-cert-snakeoil.pem;
    ssl_certificate_key /etc/ssl/private/ssl-cert-snakeoil.key;
    return 200 origin;
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_ssl_verify on;
#       ^^^^^^^^^^^^^^^^^^^ WP410 proxy_ssl_verify is on without proxy_ssl_trusted_certificate
        proxy_pass https://127.0.0.1:8443;
#                  ---------------------- WP410 for this origin
    }
}
`,
	Good: `
GET / -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_pass https://127.0.0.1:8443;
    }
}
`,
	Logs: []servers.Log{
		{By: servers.Nginx, Pattern: `\[emerg\] no (?:proxy|uwsgi|grpc)_ssl_trusted_certificate for (?:proxy|uwsgi|grpc)_ssl_verify`, Example: "[emerg] no proxy_ssl_trusted_certificate for proxy_ssl_verify"},
		{By: servers.Nginx, Pattern: `SSL_do_handshake\(\) failed .*(?:alert protocol version|unsupported protocol|no protocols available).* while SSL handshaking to upstream`, Example: `[error] SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream, client: 127.0.0.1, server: blog.example, request: "GET / HTTP/1.1", upstream: "https://127.0.0.1:8443/", host: "blog.example"`},
	},
	Check: func(p *lint.Pass) {
		for _, g := range p.Stack.Gateways {
			if g.Protocol != stack.HTTPS {
				continue
			}
			verify := g.SSLVerify()
			if on, _ := verify.Known(); on {
				if ca := g.SSLTrustedCertificate(); ca.Why() == "" && !ca.Written() {
					p.Report(lint.Finding{
						At:      verify.At(),
						Message: "proxy_ssl_verify is on without proxy_ssl_trusted_certificate",
						Notes:   []lint.Note{{At: g.At, Message: "for this origin"}},
						Log:     []string{"[emerg] no proxy_ssl_trusted_certificate for proxy_ssl_verify"},
					})
				}
			}
			for _, peer := range g.Peers {
				if fault, listener := p.Stack.TLS(g, peer); fault == stack.TLSProtocols {
					p.Report(protocolsApart(g, peer, listener))
				}
			}
		}
	},
}

func protocolsApart(g *stack.Gateway, peer *stack.Peer, listener *stack.Listener) lint.Finding {
	ours, theirs := g.SSLProtocols(), listener.Default.SSLProtocols()
	asked, _ := ours.Known()
	served, _ := theirs.Known()
	return lint.Finding{
		Outcome: besides(g),
		At:      g.At,
		Message: fmt.Sprintf("proxy_pass speaks %s, and %s only %s", strings.Join(asked, ", "), plain(peer.Endpoint), strings.Join(served, ", ")),
		Notes:   []lint.Note{{At: ours.At(), Message: "the versions are set here"}, {At: theirs.At(), Message: "the versions are set here"}},
		Log:     []string{"SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream"},
	}
}
