package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// AddressMisread reports addresses that Apache reads otherwise than they look.
var AddressMisread = &lint.Rule{
	ID:    "WP216",
	Name:  "address-misread",
	Cause: lint.Address,
	Outcomes: lint.Outcomes{
		lint.Unavailable: "the address has no port, or the path of the socket is relative",
		lint.Other:       "Apache answers 400 for the address or redirects visitors to it, or PHP-FPM answers 404 for the path",
	},
	Faults:  []lint.Fault{stack.Misread, handler.Misread, handler.PathAfterName, handler.NotProxied},
	Summary: "Apache reads the address of PHP-FPM differently from what it looks like.",
	Why: "`fcgi://127.0.0.1` without a port is port 8000, not 9000. The path of a socket that does not start with `/` is below `DefaultRuntimeDir`. After `unix:` follows one slash, or three: `unix://run/php.sock` is answered 400, and so are a port of 0 or over 65535 and an address that ends in `|`. " +
		"The name after `|` ends the address. A path or an option such as `timeout=` after it becomes part of the path of the script, and the request is a 404 with \"Primary script unknown\". A `RewriteRule` to such an address needs `[P]`: without it Apache redirects visitors there. `apachectl configtest` passes on all of them.",
	Fixable: true,
	Fix:     "Write `proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost` or `proxy:fcgi://127.0.0.1:9000`. Options such as `timeout=` belong in a `<Proxy>` section, in a `ProxySet` line.",
	Verify: []string{
		"grep -rnE 'fcgi://|unix:' /etc/apache2",
		"ss -xlp | grep php; ss -tlnp | grep php",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:80:127.0.0.1 http://HOST/PATH`,
	},
	Sources: []string{
		apacheFCGI + "#examples",
		apacheProxy + "#proxypass",
		apacheCore + "#defaultruntimedir",
	},
	Bad: `
frame: apache
GET /index.php -> 503
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:fcgi://127.0.0.1"
#                            ^^^^^^^^^ WP216 Apache connects to port 8000, since the address has none, and no pool listens there
</FilesMatch>
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = 127.0.0.1:9000
;        -------------- WP216 pool www listens on 127.0.0.1:9000: the address with its port
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:fcgi://127.0.0.1:9000"
</FilesMatch>
`,
	Logs: []*servers.Signature{
		servers.ApacheConnectRefused, servers.ApacheConnectNoSocket, servers.ApacheAddressInvalid, servers.ApacheScriptUnknown,
	},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g, peer := range used(p.Stack) {
			if peer.Fault == stack.Misread && met.first(peer.At) {
				p.Report(addressMisread(g, peer))
			}
		}
		for g := range unhandled(p) {
			if met.first(g.At) {
				p.Report(addressRefused(g))
			}
		}
	},
}

func addressMisread(g *stack.Gateway, peer *stack.Peer) lint.Finding {
	f := lint.Finding{
		At:      peer.At,
		Message: fmt.Sprintf("Apache connects to %s, since the path is relative to DefaultRuntimeDir, and no pool listens there", peer.Path),
		Log:     []string{refused(g, peer.Endpoint)},
	}
	if peer.Network == netaddr.Unix {
		return f
	}
	f.Message = fmt.Sprintf("Apache connects to port %d, since the address has none, and no pool listens there", peer.Port)
	var near []*stack.Pool
	for _, pool := range g.Machine.Reachable() {
		if pool.Listen.Endpoint.Network == netaddr.TCP {
			near = append(near, pool)
		}
	}
	f.Notes = nearNotes(nil, near, "the address with its port")
	if len(near) == 1 {
		f.Fixes = replace(peer.At, fmt.Sprintf("%s:%d", peer.At.Text(), near[0].Listen.Endpoint.Port), "add the port of pool "+near[0].Name)
		f.Fixes[0].Safe = peer.At.Text() == peer.Text
	}
	return f
}

// addressRefused is what the rule says about an address that Apache or PHP-FPM refuses.
func addressRefused(g *stack.Gateway) lint.Finding {
	f := lint.Finding{Outcome: lint.Other, At: g.At}
	text := g.Pass.Text
	if g.Pass.Cause == handler.PathAfterName {
		f.Message = fmt.Sprintf("what follows the name in %s is part of the path of the script, so PHP-FPM answers 404", source.Excerpt(text))
		f.Log = []string{"AH01071: Got error 'Primary script unknown'"}
		return f
	}
	if g.Pass.Cause == handler.NotProxied {
		f.Message = fmt.Sprintf("the RewriteRule has no [P], so Apache redirects visitors to %s, which no browser can open", source.Excerpt(text))
		f.Fixes = proxyFlag(g.At)
		return f
	}
	f.Message = fmt.Sprintf("Apache cannot use the address %s and answers %d", source.Excerpt(text), g.Pass.Status)
	if before, after, two := strings.Cut(g.At.Text(), "unix://"); two && !strings.HasPrefix(after, "/") {
		f.Message = fmt.Sprintf("Apache takes the first part of the path in unix:// for a host and answers %d", g.Pass.Status)
		f.Fixes = suggest(g.At, before+"unix:/"+after, "write unix:/")
		f.Fixes[0].Safe = reaches(g, strings.Replace(text, "unix://", "unix:/", 1))
	}
	return f
}

// proxyFlag adds [P] to the flags that follow the substitution at of a RewriteRule.
func proxyFlag(at source.Span) []lint.Fix {
	line := at.File.Line(at.Finish().Line)
	rest := strings.TrimPrefix(at.File.Text[at.End:line.End], `"`)
	flags := strings.TrimLeft(rest, " \t")
	end := line.End - int32(len(flags))
	switch {
	case flags == "":
		return suggest(source.Span{File: at.File, Start: line.End - int32(len(rest)), End: line.End}, " [P]", "add [P]")
	case strings.HasPrefix(flags, "[") && flags != "[]":
		return suggest(source.Span{File: at.File, Start: end, End: end + 1}, "[P,", "add P to the flags")
	}
	return nil
}
