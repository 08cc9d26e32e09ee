package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/internal/pki"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// TLSVerify reports TLS settings of a gateway that cannot work.
var TLSVerify = &lint.Rule{
	ID:    "WP410",
	Name:  "tls-verify",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "verification is on without a certificate to trust",
		lint.BadGateway:   "the two sides have no TLS version or cipher in common, or the certificate is that of another name or of no authority that nginx trusts",
		lint.Sometimes:    "one of these holds, and nginx has another server to try",
	},
	Faults:  []lint.Fault{handshakeProtocols},
	Summary: "proxy_ssl_verify has no certificate authority or looks for another name, or the two sides have no TLS version or cipher in common.",
	Why: "`proxy_ssl_verify on` needs `proxy_ssl_trusted_certificate`: nginx does not use the authorities of the system, and refuses to start. " +
		"`proxy_ssl_protocols` and the `ssl_protocols` of the origin's default server must have a version in common; without one every handshake fails. So it does when no side has TLSv1.3 and `proxy_ssl_ciphers` and `ssl_ciphers` share no cipher. " +
		"With `proxy_ssl_verify on` nginx looks for a name in the certificate of the origin: that of `proxy_ssl_name`, or else the host of the URL or the name of the upstream. The certificate has to lead to an authority in `proxy_ssl_trusted_certificate`. `*.example.com` covers one label, and not `example.com` itself.",
	Fix: "Name the authorities with `proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt`, set `proxy_ssl_name` to a name in the certificate, and let both sides use TLSv1.2 or TLSv1.3.",
	Verify: []string{
		"openssl s_client -connect ORIGIN:443 -servername HOST -CAfile /etc/ssl/certs/ca-certificates.crt -verify_hostname HOST -verify_return_error </dev/null",
		"nginx -T 2>/dev/null | grep -nE 'proxy_ssl_'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxProxy + "#proxy_ssl_verify",
		nginxProxy + "#proxy_ssl_trusted_certificate",
		nginxProxy + "#proxy_ssl_protocols",
	},
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
	Logs: []*servers.Signature{
		servers.NginxNoTrustedCertificate, servers.NginxTLSNotVerified, servers.NginxTLSOtherName,
		servers.NginxTLSNoVersion, servers.NginxTLSNameRefused,
	},
	Check: func(p *lint.Pass) {
		read := chains{}
		for g := range nginxGateways(p.Stack) {
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
				switch fault, listener, site := handshake(g, peer); {
				case fault == handshakeProtocols:
					p.Report(protocolsApart(g, peer, listener))
				case fault == handshakeFits && site != nil:
					originTLS(p, g, peer, listener, site, read)
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
		Message: fmt.Sprintf("proxy_pass uses %s, but %s accepts only %s", strings.Join(asked, ", "), plain(peer.Endpoint), strings.Join(served, ", ")),
		Notes:   []lint.Note{{At: ours.At(), Message: "the versions are set here"}, {At: theirs.At(), Message: "the versions are set here"}},
		Log:     []string{"SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream"},
	}
}

// originTLS reports an origin of the same configuration whose certificate does not have the
// name that nginx looks for, or that shares no cipher with nginx. site is the one that the
// name sent selects; without a certificate of its own, it shows that of the default (nginx
// ngx_http_request.c, ngx_http_ssl_servername).
func originTLS(p *lint.Pass, g *stack.Gateway, peer *stack.Peer, listener *stack.Listener, site *stack.Site, read chains) {
	if len(site.Certificates()) == 0 {
		site = listener.Default
	}
	if site.Machine == nil {
		return
	}
	if ours, theirs, apart := ciphersApart(g, listener.Default); apart {
		p.Report(lint.Finding{
			Outcome: besides(g),
			At:      g.At,
			Message: fmt.Sprintf("proxy_pass and %s have no cipher in common", plain(peer.Endpoint)),
			Notes:   []lint.Note{{At: ours, Message: "the ciphers are set here"}, {At: theirs, Message: "the ciphers are set here"}},
			Log:     []string{"SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40) while SSL handshaking to upstream"},
		})
		return
	}
	verify := g.SSLVerify()
	name, known := verifiedName(g)
	if on, _ := verify.Known(); !on || !known || name == "" || source.TemplateMark(name) != "" || source.Stub(name) {
		return
	}
	if certificates := site.Certificates(); len(certificates) > 0 {
		verified(p, g, peer, site, name, read)
	}
}

// verified reports an origin whose certificate nginx does not trust, or that has another name
// than nginx looks for.
func verified(p *lint.Pass, g *stack.Gateway, peer *stack.Peer, site *stack.Site, name string, read chains) {
	certificates := site.Certificates()
	if line := g.TLSLine("ssl_trusted_certificate"); g.Machine != nil && !line.At.IsZero() {
		authorities := read.of(p, g.Machine, g.Front, line)
		if !slices.ContainsFunc(certificates, func(own stack.PathLine) bool {
			return !pki.Untrusted(read.of(p, site.Machine, site.Front, own), authorities)
		}) {
			p.Report(lint.Finding{
				Outcome: besides(g),
				At:      g.At,
				Message: fmt.Sprintf("the certificate of %s leads to no authority in %s", plain(peer.Endpoint), line.Path),
				Notes:   []lint.Note{{At: certificates[0].At, Message: "the certificate is set here"}, {At: line.At, Message: "the authorities are set here"}},
				Log:     []string{"upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream"},
			})
			return
		}
	}
	for _, line := range certificates {
		if chain := read.of(p, site.Machine, site.Front, line); len(chain) == 0 || chain[0] == nil || pki.Covers(chain[0], name) {
			return
		}
	}
	p.Report(lint.Finding{
		Outcome: besides(g),
		At:      g.At,
		Message: fmt.Sprintf("the certificate of %s is not for %s, which proxy_ssl_verify looks for", plain(peer.Endpoint), name),
		Notes:   []lint.Note{{At: certificates[0].At, Message: "the certificate is set here"}, {At: g.SSLVerify().At(), Message: "the certificate is verified here"}},
		Log:     []string{fmt.Sprintf("upstream SSL certificate does not match \"%s\" while SSL handshaking to upstream", name)},
	})
}

// chains are the certificates in files of machines that were read before.
type chains map[chainKey][]*pki.Certificate

type chainKey struct {
	files *host.Paths
	name  string
}

// of returns the certificates in the file of a line; none if they are not known.
func (c chains) of(p *lint.Pass, m *stack.Machine, front *stack.Front, line stack.PathLine) []*pki.Certificate {
	t := tlsFiles{Pass: p, files: m.Facts.Files, front: front}
	name, ok := t.full(line.Path)
	if !ok {
		return nil
	}
	key := chainKey{t.files, name}
	chain, met := c[key]
	if !met {
		if text, ok := t.text(name); ok {
			chain, _ = pki.Chain(text)
		}
		c[key] = chain
	}
	return chain
}

// ciphersApart reports whether a gateway and the server that receives its connections share
// no cipher, and where each names its own. A list with more than names of ciphers is not
// judged, nor are the ciphers of TLSv1.3, which have a setting of their own.
func ciphersApart(g *stack.Gateway, server *stack.Site) (ours, theirs source.Span, apart bool) {
	without := func(s source.Setting[[]string]) bool {
		versions, known := s.Known()
		return known && len(versions) > 0 && !slices.Contains(versions, "TLSv1.3")
	}
	line, lines := g.TLSLine("ssl_ciphers"), server.TLSLines("ssl_ciphers")
	if line.At.IsZero() || len(lines) == 0 || !without(g.SSLProtocols()) && !without(server.SSLProtocols()) {
		return ours, theirs, false
	}
	asked, ok := cipherNames(line.Path)
	served, both := cipherNames(lines[0].Path)
	if !ok || !both || len(asked) == 0 || len(served) == 0 {
		return ours, theirs, false
	}
	return line.At, lines[0].At, !slices.ContainsFunc(asked, func(name string) bool { return slices.Contains(served, name) })
}

// cipherNames returns the ciphers in a list that consists of names alone.
func cipherNames(list string) (names []string, ok bool) {
	for name := range strings.FieldsFuncSeq(list, func(c rune) bool { return strings.ContainsRune(":,; ", c) }) {
		if !oneCipher.MatchString(name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// oneCipher matches the names of single ciphers of TLSv1.2 and earlier that have no other
// name (openssl-ciphers(1)).
var oneCipher = lazyregexp.New(`^(?:(?:ECDHE-(?:RSA|ECDSA)|DHE-RSA)-)?(?:AES(?:128|256)-(?:GCM-)?SHA(?:256|384)?|CHACHA20-POLY1305)$`)
