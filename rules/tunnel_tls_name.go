package rules

import (
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/internal/pki"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// TunnelTLSName reports https:// services of cloudflared whose certificate it does not accept.
var TunnelTLSName = &lint.Rule{
	ID:    "WP508",
	Name:  "tunnel-tls-name",
	Cause: lint.Edge,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the certificate is among the files, or the server refuses the name",
		lint.Sometimes:  "the certificate is not among the files, and no public authority signs one for the name",
	},
	Summary: "cloudflared does not accept the certificate of the origin that an ingress rule names.",
	Why: "With an `https://` service, cloudflared verifies the certificate of the origin as a browser does, for the host in the URL of the service: `localhost` or an address, for which a site has no certificate as a rule. " +
		"It then answers 502, and nginx sees no request. `originServerName` sets the name that it sends and looks for, and `matchSNItoHost` takes the host of the request. " +
		"A certificate that its own server signed is not accepted under any name without `caPool`. An origin certificate of Cloudflare is accepted.",
	Fix: "Set `originServerName` to a name in the certificate, and `caPool` to the authority that signed it if that is not a public one. On the same machine `http://` to a port without TLS does as well: the tunnel itself is encrypted. " +
		"`noTLSVerify: true` accepts every certificate.",
	Verify: []string{
		"openssl s_client -connect ADDRESS:443 -servername HOST </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -ext subjectAltName",
		"cloudflared tunnel ingress rule https://HOST/",
		"journalctl -u cloudflared --since -10min | grep x509",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:ADDRESS https://HOST/`,
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
	},
	Sources: []string{tunnelOrigins, tunnelFile},
	Bad: `
tunnel GET blog.example/ -> 502
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
    service: https://localhost:443
#            ^^^^^^^^^^^^^^^^^^^^^ WP508 cloudflared sends the name localhost, whose server refuses the handshake
    originRequest:
      caPool: /etc/ssl/blog.pem
  - service: http_status:404
-- etc/nginx/sites-enabled/default.conf --
server {
    listen 443 ssl default_server;
    ssl_reject_handshake on;
#   ----------------------- WP508 the handshake is refused here
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 443 ssl;
    server_name blog.example;
    ssl_certificate /etc/ssl/blog.pem;
    ssl_certificate_key /etc/ssl/blog.key;
    root /var/www/blog;
    index index.php;

    location / {
        try_files $uri $uri/ /index.php?$args;
    }
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
tunnel GET blog.example/ -> 200
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
    service: https://localhost:443
    originRequest:
      caPool: /etc/ssl/blog.pem
      originServerName: blog.example
  - service: http_status:404
`,
	Logs: []*servers.Signature{servers.CloudflaredCertificate},
	Check: func(p *lint.Pass) {
		read := chains{}
		for _, t := range p.Stack.Tunnels {
			for _, o := range t.Origins {
				if o.Rule.Target.TLS() && o.Fault == stack.OriginAnswers {
					originCertificate(p, o, read)
				} else if o.Rule.Target.TLS() && o.Fault == stack.OriginUnknown {
					unseenCertificate(p, o)
				}
			}
		}
	},
}

// tunnelName returns the name that cloudflared sends to an origin and looks for in its certificate;
// known is false if it depends on the request.
func tunnelName(o *stack.Origin) (name string, known bool) {
	r := o.Rule.Origin
	if r.On("matchSNItoHost") {
		if header, set := r.Text("httpHostHeader").Known(); set && header != "" {
			return netaddr.ParseAddress(header).Host, true
		}
		host := o.Rule.Host.Text
		return host, host != "" && !strings.Contains(host, "*")
	}
	if name, set := r.Text("originServerName").Known(); set && name != "" {
		return name, true
	}
	return o.Rule.Target.Host, o.Rule.Target.Host != ""
}

// originCertificate judges the certificate of an origin of the same project.
func originCertificate(p *lint.Pass, o *stack.Origin, read chains) {
	name, known := tunnelName(o)
	if !known || o.Listener == nil {
		return
	}
	if o.Listener.Default.Front.Server != servers.Nginx {
		unseenCertificate(p, o)
		return
	}
	site := o.Listener.Default
	if _, err := netip.ParseAddr(name); err != nil {
		if site, known = o.Listener.For(name); !known {
			return
		}
	}
	if reject := site.RejectHandshake(); reject.Written() {
		if on, _ := reject.Known(); on {
			p.Report(handshakeRejected(o, name, reject.At()))
			return
		}
	}
	if versions, ok := site.SSLProtocols().Known(); ok && !slices.Contains(versions, "TLSv1.2") && !slices.Contains(versions, "TLSv1.3") {
		p.Report(tooOld(o, site, versions))
		return
	}
	if o.Rule.Origin.On("noTLSVerify") {
		return
	}
	if len(site.Certificates()) == 0 {
		site = o.Listener.Default
	}
	judgeCertificate(p, o, site, name, read)
}

// judgeCertificate judges the certificates that a site shows.
func judgeCertificate(p *lint.Pass, o *stack.Origin, site *stack.Site, name string, read chains) {
	lines := site.Certificates()
	if len(lines) == 0 || site.Machine == nil {
		return
	}
	pool := o.Rule.Origin.Text("caPool")
	authorities := authoritiesOf(o)
	reason := "certificate signed by unknown authority"
	f := lint.Finding{At: o.At, Notes: []lint.Note{{At: lines[0].At, Message: "the certificate is set here"}}}
	for _, line := range lines {
		chain := read.of(p, site.Machine, site.Front, line)
		switch {
		case len(chain) == 0 || chain[0] == nil:
			if !pool.Written() {
				unseenCertificate(p, o)
			}
			return
		case !chain[0].Valid(name):
			f.Message = fmt.Sprintf("the certificate of the origin is not for %s, which cloudflared looks for", name)
			reason = fmt.Sprintf("certificate is valid for %s, not %s", strings.Join(chain[0].Names(), ", "), name)
		case expired(p, chain[0]):
			f.Message = "the certificate of the origin expired on " + chain[0].NotAfter.Format(time.DateOnly)
			reason = "certificate has expired or is not yet valid: "
		case pool.Written() && pki.Untrusted(chain, authorities):
			f.Message = "the certificate of the origin leads to no authority in caPool"
			f.Notes = append(f.Notes, lint.Note{At: pool.At(), Message: "the authorities are set here"})
		case chain[0].SelfSigned() && !pool.Written():
			f.Message = "the certificate of the origin is signed by itself, and no caPool names it as an authority"
		default:
			return
		}
	}
	f.Log = []string{cloudflaredLine(o, "tls: failed to verify certificate: x509: "+reason)}
	p.Report(f)
}

// unseenCertificate judges an origin whose certificate is not among the files: no public authority
// signs one for the loopback.
func unseenCertificate(p *lint.Pass, o *stack.Origin) {
	name, known := tunnelName(o)
	if !known || o.Rule.Origin.On("noTLSVerify") || o.Rule.Origin.Text("caPool").Written() {
		return
	}
	addr, err := netip.ParseAddr(name)
	if !strings.EqualFold(name, "localhost") && (err != nil || !addr.IsLoopback() && !addr.IsPrivate()) {
		return
	}
	p.Report(lint.Finding{
		Outcome: lint.Sometimes,
		At:      o.At,
		Message: fmt.Sprintf("cloudflared looks for a certificate for %s, and no public authority signs one", name),
		Log:     []string{cloudflaredLine(o, "tls: failed to verify certificate: x509: certificate is valid for <name>, not "+name)},
	})
}

// authoritiesOf returns the certificates in the file of caPool; none if they are not known.
func authoritiesOf(o *stack.Origin) (all []*pki.Certificate) {
	name, _ := o.Rule.Origin.Text("caPool").Known()
	if m := o.Tunnel.Machine; path.IsAbs(name) && m.Facts != nil {
		if text, known := m.Facts.Files.Text(name); known {
			all, _ = pki.Chain(text)
		}
	}
	return all
}

// expired reports whether a certificate has expired today.
func expired(p *lint.Pass, c *pki.Certificate) bool {
	f := p.Stack.Facts
	return f != nil && !f.Today.IsZero() && !c.NotAfter.IsZero() && f.Today.After(c.NotAfter)
}

func handshakeRejected(o *stack.Origin, name string, at source.Span) lint.Finding {
	return lint.Finding{
		At:      o.At,
		Message: fmt.Sprintf("cloudflared sends the name %s, whose server refuses the handshake", name),
		Notes:   []lint.Note{{At: at, Message: "the handshake is refused here"}},
		Log:     []string{cloudflaredLine(o, "remote error: tls: unrecognized name")},
	}
}

func tooOld(o *stack.Origin, site *stack.Site, versions []string) lint.Finding {
	return lint.Finding{
		At:      o.At,
		Message: fmt.Sprintf("cloudflared uses TLSv1.2 and TLSv1.3, and the origin accepts only %s", strings.Join(versions, ", ")),
		Notes:   []lint.Note{{At: site.SSLProtocols().At(), Message: "the versions are set here"}},
		Log:     []string{cloudflaredLine(o, "remote error: tls: protocol version not supported")},
	}
}
