package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// TunnelOrigin reports ingress rules of cloudflared whose service does not answer.
var TunnelOrigin = &lint.Rule{
	ID:    "WP501",
	Name:  "tunnel-origin",
	Cause: lint.Edge,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "nothing answers at the service, or what does uses another protocol",
		lint.Other:      "an http:// service leads to a port with TLS: nginx answers 400",
	},
	Faults: []lint.Fault{
		stack.OriginNameless, stack.OriginOtherAddress, stack.OriginOtherContainer, stack.OriginNobody, stack.OriginPool,
		stack.OriginToPlain, stack.OriginProxyProtocol, stack.OriginHTTP2, stack.OriginToTLS,
	},
	Summary: "The service of an ingress rule of cloudflared is not an address at which a web server answers.",
	Why: "cloudflared connects to the service of the first ingress rule that matches a request. If nothing accepts the connection, or if the answer is not HTTP, it answers 502 itself, and no web server has a line about it. " +
		"`localhost` is the machine on which cloudflared runs: in a container, that container alone. As a name it has two addresses, and cloudflared tries one after the other, also with `noHappyEyeballs`; `127.0.0.1` and `[::1]` are one each, " +
		"and `listen 80` of nginx serves IPv4 alone. A PHP-FPM pool uses FastCGI, and cloudflared does not. A listener with `proxy_protocol` closes connections that begin with a request. " +
		"`https://` needs a listener with TLS; `http://` to such a listener gets 400 from nginx. " +
		"`http2Origin` matters with `https://` alone, and an origin that does not offer HTTP/2 in the handshake gets HTTP/1.1.",
	Fix:     "Name the scheme, the address and the port at which the web server listens. Between containers, use the name of the service of the web server and the port inside its container.",
	Fixable: true,
	Verify: []string{
		"cloudflared tunnel ingress rule https://HOST/",
		"ss -tlnp | grep PORT",
		`curl -sS -o /dev/null -w '%{http_code} from %{remote_ip}\n' -H 'Host: HOST' SERVICE`,
		`curl -sS -o /dev/null -w '%{http_code}\n' https://HOST/`,
		"journalctl -u cloudflared --since -10min | grep 'Unable to reach'",
	},
	Sources: []string{
		tunnelFile,
		tunnelOrigins,
		nginxHTTP + "#listen",
	},
	Bad: `
tunnel GET blog.example/ -> 502
-- etc/cloudflared/config.yml --
tunnel: 6ff42ae2-765d-4adf-8112-31c55c1551ef
credentials-file: /etc/cloudflared/6ff42ae2-765d-4adf-8112-31c55c1551ef.json
ingress:
  - hostname: blog.example
    service: https://localhost:80
#            ^^^^^^^^^^^^^^^^^^^^ WP501 cloudflared uses TLS, and nginx listens on port 80 without TLS
  - service: http_status:404
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
#   --------- WP501 nginx listens here
    server_name blog.example;
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
    service: http://localhost:80
  - service: http_status:404
`,
	Logs: []*servers.Signature{
		servers.CloudflaredToPlain, servers.CloudflaredRefused, servers.CloudflaredClosed, servers.CloudflaredToTLS, servers.CloudflaredNoName,
	},
	Check: func(p *lint.Pass) {
		for _, t := range p.Stack.Tunnels {
			for _, o := range t.Origins {
				if o.Fault > stack.OriginUnknown {
					p.Report(tunnelOrigin(o))
				}
			}
		}
	},
}

// tunnelOrigin is what the rule says about an origin.
func tunnelOrigin(o *stack.Origin) lint.Finding {
	f := lint.Finding{At: o.At}
	peer, address := o.Peer, serviceAddress(o)
	reason := "dial tcp " + address + ": connect: connection refused"
	switch o.Fault {
	case stack.OriginNameless:
		f.Message = fmt.Sprintf("cloudflared cannot resolve %s", peer.Host)
		if peer.Fault == stack.NameUnknown {
			f.Message = fmt.Sprintf("no container of the project is called %s", peer.Host)
		}
		reason = fmt.Sprintf("dial tcp: lookup %s: no such host", peer.Host)
	case stack.OriginOtherAddress:
		otherListener(&f, o)
	case stack.OriginOtherContainer:
		f.Message = fmt.Sprintf("%s is the container of cloudflared, in which nothing listens on port %d", peer.Host, o.Rule.Target.Port)
		noteStrayed(&f, o)
	case stack.OriginNobody:
		switch f.Message = fmt.Sprintf("nothing listens on port %d", o.Rule.Target.Port); {
		case peer.Why != "":
			f.Message = peer.Why
		case peer.Target.Machine != nil:
			f.Message = "nothing listens on " + inContainer(peer.Target)
		}
	case stack.OriginPool:
		f.Message = fmt.Sprintf("PHP-FPM pool %s listens on %s, and cloudflared does not use FastCGI", peer.Pool.Name, address)
		f.Notes = append(f.Notes, lint.Note{At: peer.Pool.Listen.At, Message: "the pool listens here"})
		reason = "EOF"
	default:
		reason = otherProtocol(&f, o)
	}
	if reason != "" {
		f.Log = []string{cloudflaredLine(o, reason)}
	}
	return f
}

// otherListener says that a port is served at another address.
func otherListener(f *lint.Finding, o *stack.Origin) {
	site := o.Peer.Site
	if site == nil {
		f.Message = fmt.Sprintf("port %d of container %s is served for its own loopback alone", o.Rule.Target.Port, o.Peer.Target.Machine.Name)
		if pool := o.Peer.Pool; pool != nil {
			f.Notes = append(f.Notes, lint.Note{At: pool.Listen.At, Message: "PHP-FPM pool " + pool.Name + " listens here"})
		}
		return
	}
	for i := range site.Listens {
		listen := &site.Listens[i]
		if listen.Endpoint.Network != netaddr.TCP || listen.Endpoint.Port != o.Rule.Target.Port {
			continue
		}
		f.Message = fmt.Sprintf("%s listens on %s, which does not take a connection to %s", site.Front.Name(), listen.Endpoint, serviceAddress(o))
		f.Notes = append(f.Notes, lint.Note{At: listen.At, Message: site.Front.Name() + " listens here"})
		return
	}
}

// noteStrayed names what listens on the port in another container.
func noteStrayed(f *lint.Finding, o *stack.Origin) {
	switch peer := o.Peer; {
	case peer.Site != nil:
		for i := range peer.Site.Listens {
			if l := &peer.Site.Listens[i]; l.Endpoint.Port == o.Rule.Target.Port {
				f.Notes = append(f.Notes, lint.Note{At: l.At, Message: fmt.Sprintf("%s of container %s listens here", peer.Site.Front.Name(), peer.Target.Machine.Name)})
				return
			}
		}
	case peer.Pool != nil:
		f.Notes = append(f.Notes, lint.Note{At: peer.Pool.Listen.At, Message: fmt.Sprintf("PHP-FPM of container %s listens here", peer.Target.Machine.Name)})
	}
}

// otherProtocol says that a web server and cloudflared use different protocols. reason is what
// cloudflared logs; "" if it gets an answer.
func otherProtocol(f *lint.Finding, o *stack.Origin) (reason string) {
	l := o.Listener
	server := l.Default.Front.Name()
	f.Notes = append(f.Notes, lint.Note{At: listenFor(l.Default, l.Endpoint).At, Message: server + " listens here"})
	where := plain(l.Endpoint)
	if l.Endpoint.Network == netaddr.TCP {
		where = fmt.Sprintf("port %d", l.Endpoint.Port)
	}
	switch o.Fault {
	case stack.OriginToPlain:
		f.Message = fmt.Sprintf("cloudflared uses TLS, and %s listens on %s without TLS", server, where)
		f.Fixes = withScheme(o, "http", "https")
		return "tls: first record does not look like a TLS handshake"
	case stack.OriginToTLS:
		f.Outcome = lint.Other
		f.Message = fmt.Sprintf("cloudflared does not use TLS, and %s listens on %s with TLS: it answers 400", server, where)
		return ""
	case stack.OriginProxyProtocol:
		f.Message = fmt.Sprintf("%s expects the PROXY protocol on %s, which cloudflared does not send", server, where)
		return "EOF"
	}
	f.Message = fmt.Sprintf("%s takes HTTP/2 alone on %s, and cloudflared uses HTTP/1.1 without TLS", server, where)
	return `net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x00\x00"`
}

// withScheme returns the fix that replaces the scheme of a service.
func withScheme(o *stack.Origin, scheme, instead string) []lint.Fix {
	rest, ok := strings.CutPrefix(o.At.Text(), instead+"://")
	if !ok {
		return nil
	}
	return replace(o.At, scheme+"://"+rest, "connect with "+scheme+"://")
}

// serviceAddress spells the address of a service: the path of a socket, or host and port.
func serviceAddress(o *stack.Origin) string {
	if peer := o.Peer; peer.Endpoint.Network != 0 {
		return plain(peer.Endpoint)
	}
	return o.Peer.Text
}

// cloudflaredLine is the line that cloudflared writes about an origin that it cannot reach.
func cloudflaredLine(o *stack.Origin, reason string) string {
	return fmt.Sprintf(`ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: %s" connIndex=0 event=1 ingressRule=%d originService=%s`,
		reason, o.Rule.Index, o.Rule.Service.Text)
}
