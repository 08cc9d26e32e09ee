package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// TLSToPlain reports https:// for an address that nginx itself serves without
// TLS.
var TLSToPlain = &lint.Rule{
	ID:    "WP409",
	Name:  "tls-to-plain",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "TLS to a plain port",
		lint.Sometimes:  "TLS to a plain port, and nginx has another server to try",
		lint.Other:      "plain HTTP to a TLS port, which answers 400",
	},
	Faults:  []lint.Fault{handshakeToPlain},
	Summary: "proxy_pass uses TLS for an address that is served without it.",
	Why: "`https://` starts with a TLS handshake, and a `listen` without `ssl` answers it with plain text, which is not a TLS record. `nginx -t` does not compare the two. " +
		"The other way round, `http://` to a `listen` with `ssl`, is answered with 400.",
	Fixable: true,
	Fix:     "Write `http://`, or add `ssl` to the listen and give the server a certificate.",
	Verify: []string{
		`curl -sS -o /dev/null -w '%{http_code}\n' http://ORIGIN/`,
		`curl -sSk -o /dev/null -w '%{http_code}\n' https://ORIGIN/`,
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxProxy + "#proxy_pass",
		nginxHTTP + "#listen",
	},
	Bad: `
GET / -> 502
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen 127.0.0.1:8080;
#   --------------------- WP409 this listen has no ssl
    return 200 origin;
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_pass https://127.0.0.1:8080;
#                  ^^^^^^^^^^^^^^^^^^^^^^ WP409 proxy_pass uses TLS for 127.0.0.1:8080, where nginx listens without ssl
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
        proxy_pass http://127.0.0.1:8080;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxTLSToPlain},
	Check: func(p *lint.Pass) {
		for g, peer := range used(p.Stack) {
			if g.Pass != nil {
				continue
			}
			if fault, _, _ := handshake(g, peer); fault == handshakeToPlain {
				p.Report(tlsToPlain(g, peer))
			} else if g.Protocol == stack.HTTP {
				plainToTLS(p, g, peer)
			}
		}
	},
}

func tlsToPlain(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		Outcome: besides(g),
		At:      g.At,
		Message: fmt.Sprintf("proxy_pass uses TLS for %s, where %s listens without ssl", plain(peer.Endpoint), peer.Site.Front.Name()),
		Notes:   []lint.Note{{At: listenFor(peer.Site, peer.Endpoint).At, Message: "this listen has no ssl"}},
		Log:     []string{"SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream"},
	}
	text := g.At.Text()
	if len(text) > len("https") && text[:len("https")] == "https" && g.Upstream == nil {
		scheme := source.Span{File: g.At.File, Start: g.At.Start, End: g.At.Start + int32(len("https"))}
		f.Fixes = replace(scheme, "http", "write http://")
	}
	return f
}

// plainToTLS reports the other way round, which is a 400.
func plainToTLS(p *lint.Pass, g *stack.Gateway, peer *stack.Peer) {
	if peer.Site == nil || peer.Fault != stack.Answers {
		return
	}
	if listener := peer.Site.ListenerAt(peer.Endpoint); listener != nil && listener.SSL {
		p.Report(lint.Finding{
			Outcome: lint.Other,
			At:      g.At,
			Message: fmt.Sprintf("proxy_pass uses plain HTTP for %s, where nginx listens with ssl and answers 400", plain(peer.Endpoint)),
			Notes:   []lint.Note{{At: listenFor(peer.Site, peer.Endpoint).At, Message: "nginx listens here"}},
		})
	}
}
