package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// OriginOtherAddress reports gateways to a port on which nginx itself or Apache listens, but only
// at other loopback addresses, and to one that Apache has a virtual host for, and no Listen line.
var OriginOtherAddress = &lint.Rule{
	ID:       "WP413",
	Name:     "origin-other-address",
	Cause:    lint.Proxy,
	Outcomes: perServer,
	Faults:   []lint.Fault{stack.OtherAddress, stack.NotListening, stack.NoOrigin},
	Summary:  "nginx connects to an origin over IPv6 that listens on IPv4 only, the other way round, at another loopback address, or at a port for which Apache has no Listen line.",
	Why: "`listen 8080` serves IPv4 and `listen [::]:8080` serves IPv6 and nothing else. A connection to the loopback address of the other family is refused, and so is one to `127.0.0.2` when nginx listens on `127.0.0.1`. " +
		"A host name such as `localhost` has both addresses; an IP address belongs to one family. " +
		"Apache listens on the ports of its `Listen` lines alone: it starts with a `<VirtualHost *:8080>` for which there is none, and refuses every connection to that port.",
	Fix: "Connect to the address that is served, or listen on both. For a virtual host of Apache, add the `Listen` line.",
	Verify: []string{
		"ss -tlnp | grep PORT",
		"getent ahosts NAME",
		`curl -sS -o /dev/null -w '%{http_code} from %{remote_ip}\n' http://ADDRESS/`,
	},
	Sources: []string{
		nginxHTTP + "#listen",
		apacheCommon + "#listen",
	},
	Bad: `
GET / -> 502
-- etc/nginx/sites-enabled/origin.conf --
server {
    listen [::]:8080;
#   ---------------- WP413 nginx listens here
    return 200 origin;
}
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    location / {
        proxy_pass http://127.0.0.1:8080;
#                  ^^^^^^^^^^^^^^^^^^^^^ WP413 nginx listens on [::]:8080, which does not take a connection to 127.0.0.1:8080
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
        proxy_pass http://[::1]:8080;
    }
}
`,
	Logs: []*servers.Signature{servers.NginxConnectRefused},
	Check: func(p *lint.Pass) {
		doubtOrigins(p)
		for g, peer := range used(p.Stack) {
			switch peer.Fault {
			case stack.NoOrigin:
				p.Report(noOrigin(g, peer))
				continue
			case stack.NotListening:
				p.Report(notListening(g, peer))
				continue
			case stack.OtherAddress:
			default:
				continue
			}
			listen := listenFor(peer.Site, peer.Endpoint)
			p.Report(lint.Finding{
				Outcome: besides(g),
				At:      peer.At,
				Message: fmt.Sprintf("%s listens on %s, which does not take a connection to %s", peer.Site.Front.Name(), listen.Endpoint, peer.Endpoint),
				Notes:   []lint.Note{{At: listen.At, Message: peer.Site.Front.Name() + " listens here"}},
				Log:     []string{originRefused(g, peer)},
			})
		}
	},
}

// originRefused is what nginx logs about an origin that refuses the connection.
func originRefused(g *stack.Gateway, peer *stack.Peer) string {
	return fmt.Sprintf("connect() failed (111: Connection refused) while connecting to upstream, upstream: \"%s%s/\"", scheme(g), peer.Endpoint)
}

// notListening is what the rule says about the port of a virtual host of Apache that no Listen
// line has.
func notListening(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		Outcome: besides(g),
		At:      peer.At,
		Message: fmt.Sprintf("nothing listens on %s: Apache has a virtual host for this port, and no Listen line", peer.Endpoint),
		Log:     []string{originRefused(g, peer)},
		Notes:   []lint.Note{{At: peer.Site.At, Message: "the virtual host is here"}},
	}
	for _, l := range peer.Site.Machine.Listeners {
		if l.Sites[0].Front == peer.Site.Front {
			f.Notes = append(f.Notes, lint.Note{At: listenFor(l.Sites[0], l.Endpoint).At, Message: "Apache listens on " + plain(l.Endpoint)})
			break
		}
	}
	return f
}

// noOrigin is what the rule says about a port of another container on which nothing
// listens.
func noOrigin(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		Outcome: besides(g),
		At:      peer.At,
		Message: "nothing listens on " + inContainer(peer.Target),
		Log:     []string{fmt.Sprintf("connect() failed (111: Connection refused) while connecting to upstream, upstream: \"http://<address>:%d/\"", peer.Target.Port)},
	}
	for _, l := range stack.ListenersOf(peer.Target.Machine, g) {
		f.Notes = append(f.Notes, lint.Note{At: listenFor(l.Sites[0], l.Endpoint).At, Message: l.Sites[0].Front.Name() + " there listens on " + plain(l.Endpoint)})
	}
	return f
}

// scheme is how nginx spells the protocol of a proxy_pass in its log.
func scheme(g *stack.Gateway) string {
	if g.Protocol == stack.HTTPS {
		return "https://"
	}
	return "http://"
}
