package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// UpstreamUndefined reports addresses that nginx refuses.
var UpstreamUndefined = &lint.Rule{
	ID:    "WP402",
	Name:  "upstream-undefined",
	Cause: lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "nginx reads the address at startup",
		lint.Other:        "nginx reads an address with a variable when a request comes, and answers 500",
	},
	Faults:  []lint.Fault{stack.Malformed, stack.NoUpstream, stack.UpstreamPort},
	Summary: "An address is neither the name of an upstream nor a host with a port.",
	Why: "`fastcgi_pass`, `uwsgi_pass` and `scgi_pass` need the name of an upstream, a host with a port, or `unix:` and a path. A name or an IP address alone, a leading `http://`, a path without `unix:` and an upstream's name followed by a port all keep nginx from starting, and so does an undefined variable. " +
		"`proxy_pass` needs a URL with `http://` or `https://`; its port is optional, and so is that of a `server` in an upstream, which is 80 by default. " +
		"nginx reads an address with a variable when a request comes: an invalid one is a 500, not a 502.",
	Fix: "Define the upstream in `http`, or add the missing port, `unix:` or `http://`.",
	Verify: []string{
		"nginx -t",
		"grep -rnE '_pass |upstream ' /etc/nginx",
		"grep -E 'no port in upstream|invalid URL prefix' /var/log/nginx/error.log | tail -3",
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		nginxProxy + "#proxy_pass",
		nginxUpstream + "#server",
	},
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass php;
#                    ^^^ WP402 no upstream php is defined, and a host needs a port
    }
}
`,
	Good: `
-- etc/nginx/conf.d/php.conf --
upstream php {
    server unix:/run/php/php8.3-fpm.sock;
}
`,
	Logs: []*servers.Signature{
		servers.NginxAddressInvalid, servers.NginxRequestAddressInvalid, servers.NginxUpstreamWithPort,
		servers.NginxURLInvalid, servers.NginxVariableName, servers.NginxVariableUnknown,
	},
	Check: func(p *lint.Pass) {
		for _, g := range addressed(p.Stack) {
			if g.Undefined != "" {
				p.Report(lint.Finding{
					At:      g.At,
					Message: fmt.Sprintf("nothing defines $%s, which %s uses", g.Undefined, g.Protocol.Pass()),
					Log:     []string{fmt.Sprintf("[emerg] unknown \"%s\" variable", g.Undefined)},
				})
			}
			if g.Upstream == nil {
				for _, peer := range g.Peers {
					undefined(p, peer, g.Protocol, g.Variable)
				}
			}
		}
		for _, u := range p.Stack.Upstreams {
			for _, peer := range u.Peers {
				undefined(p, peer, stack.FastCGI, false)
			}
		}
	},
}

// undefined reports an address that nginx refuses: at startup, or when a
// request comes for one with a variable.
func undefined(p *lint.Pass, peer *stack.Peer, protocol stack.Protocol, late bool) {
	f, says := lint.Finding{At: peer.At}, string(peer.Refusal)
	switch peer.Fault {
	case stack.NoUpstream:
		f.Message = fmt.Sprintf("no upstream %s is defined, and a host needs a port", peer.Text)
		says = inUpstream(says, peer.Text)
	case stack.UpstreamPort:
		f.Message = "an upstream has this name, so it takes no port: " + peer.Text
	case stack.Malformed:
		f.Message, f.Fixes = malformed(peer, protocol)
		if peer.Refusal != netaddr.NoScheme && peer.Refusal != netaddr.NoVariable {
			says = inUpstream(says, peer.Text)
		}
	default:
		return
	}
	f.Log = []string{"[emerg] " + says}
	if late {
		f.Outcome, f.Fixes = lint.Other, nil
		f.Message += ": a request is answered with 500"
		f.Log = []string{strings.Replace(f.Log[0], "[emerg]", "[error]", 1)}
	}
	p.Report(f)
}

// inUpstream is how nginx names the address that it refuses.
func inUpstream(says, text string) string { return fmt.Sprintf("%s in upstream \"%s\"", says, text) }

// malformed says what is wrong with an address, and what was likely meant.
func malformed(peer *stack.Peer, protocol stack.Protocol) (message string, fixes []lint.Fix) {
	text := peer.Text
	scheme, rest, url := strings.Cut(text, "://")
	meant := ""
	switch {
	case peer.Refusal == netaddr.NoVariable:
		message = fmt.Sprintf("a $ in %s names no variable", text)
	case peer.Refusal == netaddr.NoScheme:
		message, meant = fmt.Sprintf("proxy_pass needs http:// or https:// before %s", text), "http://"+text
		if url {
			message, meant = fmt.Sprintf("proxy_pass takes http:// and https://, not %s://", scheme), ""
		}
	case url && strings.HasPrefix(rest, "/"):
		message, meant = fmt.Sprintf("nginx takes no %s:// here: a socket is unix: and its path", scheme), "unix:"+rest
	case url:
		message, meant = fmt.Sprintf("nginx takes no %s:// here: it wants %s", scheme, rest), rest
	case strings.HasPrefix(text, "/"):
		message, meant = fmt.Sprintf("the path %s needs unix: before it", text), "unix:"+text
	case peer.Refusal == netaddr.InvalidHost && strings.HasPrefix(text, "["):
		message = fmt.Sprintf("an IPv6 address is written in brackets, and %s has only one of them", text)
	case peer.Refusal == netaddr.InvalidHost && strings.Contains(text, "/"):
		message = fmt.Sprintf("nginx takes no path after the address: %s", text)
	case peer.Refusal == netaddr.InvalidPort && strings.Count(text, ":") > 1 && text[0] != '[':
		message = fmt.Sprintf("the IPv6 address in %s needs brackets", text)
	case peer.Refusal == netaddr.InvalidPort:
		message = fmt.Sprintf("the port of %s is not a number from 1 to 65535", text)
	default:
		message = fmt.Sprintf("nginx finds %s in %q", peer.Refusal, text)
	}
	if meant != "" && peer.At.Text() == text && protocol != 0 {
		fixes = suggest(peer.At, meant, "write "+meant)
	}
	return message, fixes
}
