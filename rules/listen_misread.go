package rules

import (
	"fmt"
	"path"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// ListenMisread reports listen values that do not mean what they look like.
var ListenMisread = &lint.Rule{
	ID:    "WP210",
	Name:  "listen-misread",
	Cause: lint.Address,
	Outcomes: lint.Outcomes{
		lint.FPMRefuses: "PHP-FPM cannot listen there",
		lint.BadGateway: "the web server uses the address that was meant, and " + onlyServer,
		lint.Sometimes:  "the web server uses the address that was meant, and " + otherServer,
		lint.None:       "nothing uses the address that was meant",
	},
	Faults:  []lint.Fault{stack.MisreadListen},
	Summary: "PHP-FPM reads a listen value differently from what it looks like.",
	Why: "PHP-FPM reads three forms: `host:port`, a port alone, and anything else, which is the path of a unix socket. So `unix:/run/php.sock` is the host `unix` with an invalid port, and `tcp://127.0.0.1:9000` a host that cannot be resolved. " +
		"`127.0.0.1` is a socket of that name in the prefix that PHP was built with, and `run/php.sock` is a socket below that prefix. `*:9000` is the first address of a host named `*`, which is `::1`. `php-fpm -t` passes on all of them. " +
		"On a machine without IPv6 addresses PHP-FPM cannot listen on `[::1]:9000`, and without IPv6 in the kernel not on `[::]:9000` either.",
	Fixable: true,
	Fix:     "Write an absolute path without a prefix, `127.0.0.1:9000`, or `9000` for every address.",
	Verify: []string{
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen ='`,
		"ss -xlp | grep php; ss -tlnp | grep php",
		"ip -6 addr show dev lo",
		"journalctl -u UNIT -n 20 --no-pager",
	},
	Sources: []string{
		fpmManual + "#listen",
		fpmSourceSock,
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = unix:/run/php/php8.3-fpm.sock
;        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP210 PHP-FPM takes the part of unix:/run/php/php8.3-fpm.sock before the last colon for a host name and refuses to start
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{
		servers.FPMPortInvalid, servers.FPMHostUnknown, servers.FPMSocketNotCreated, servers.NginxConnectNoSocket,
		servers.NginxConnectRefused, servers.ApacheConnectNoSocket, servers.ApacheConnectRefused,
	},
	Check: func(p *lint.Pass) {
		gateways := gatewaysWith(p.Stack, stack.MisreadListen)
		reached := reaching(p.Stack, func(pool *stack.Pool) bool { return pool.Listen.Misread == fpmt.RelativePath })
		for _, pool := range p.Stack.Pools {
			switch {
			case pool.Listen.Misread == fpmt.NotMisread, pool.Listen.Misread == fpmt.CommentTail, pool.Listen.Misread == fpmt.CutPath, pool.Master.Loose:
			case pool.Listen.Misread == fpmt.RelativePath && reached[pool] != nil:
				// nginx connects to this very socket: both sides agree
			default:
				p.Report(misread(pool, gateways[pool]))
			}
		}
	},
}

func misread(pool *stack.Pool, gateways []*stack.Gateway) lint.Finding {
	listen := pool.Listen
	f := lint.Finding{At: listen.At}
	switch listen.Misread {
	case fpmt.SchemePrefix:
		f.Message = fmt.Sprintf("PHP-FPM takes the part of %s before the last colon for a host name and refuses to start", listen.Text)
	case fpmt.NoHost:
		f.Message = fmt.Sprintf("PHP-FPM looks for a host without a name in %s and refuses to start", listen.Text)
	case fpmt.UnknownHost:
		f.Message = fmt.Sprintf("PHP-FPM finds no address for the host %s and refuses to start", listen.Name)
	case fpmt.NoIPv6:
		f.Message = fmt.Sprintf("PHP-FPM cannot listen on %s and refuses to start, since its machine has no IPv6: %s", listen.Text, pool.Master.Machine.Facts.IPv6.Why)
	case fpmt.PortRange:
		f.Message = fmt.Sprintf("PHP-FPM refuses %s: a port is a number from 1 to 65535", listen.Text)
	case fpmt.BareAddress:
		f.Message = fmt.Sprintf("PHP-FPM makes a unix socket %s of %s, which has no port", socketOf(listen), listen.Text)
	case fpmt.RelativePath:
		f.Message = fmt.Sprintf("PHP-FPM makes a unix socket %s of the relative path %s", socketOf(listen), listen.Text)
	case fpmt.StarPort:
		f.Message = fmt.Sprintf("PHP-FPM binds only [::1]:%d for %s, and no IPv4 address", listen.Endpoint.Port, listen.Text)
	}
	f.Outcome = misreadOutcome(pool.Master.Machine.Facts, listen, gateways)
	if f.Outcome == lint.FPMRefuses && listen.Endpoint.Network == netaddr.Unix {
		f.Message += ", whose directory does not exist"
	}
	if f.Outcome != lint.FPMRefuses && f.Outcome != lint.None {
		for _, g := range gateways {
			f.Log = []string{refused(g, listen.Meant)}
			f.Notes = append(f.Notes, lint.Note{At: g.At, Message: passing(g) + " uses " + plain(listen.Meant)})
		}
	}
	if listen.Meant.Network != 0 && listen.Misread != fpmt.RelativePath {
		value := gatewayAddress(listen.Meant)
		if listen.Meant.Network == netaddr.Unix {
			value = listen.Meant.Path
		}
		f.Fixes = []lint.Fix{{Title: "listen on " + value, Safe: listen.Misread == fpmt.SchemePrefix, Edits: []source.Edit{{At: listen.At, New: value}}}}
	}
	return f
}

// misreadOutcome is what comes of a listen value that is read differently.
func misreadOutcome(facts *host.Facts, listen fpmt.Listen, gateways []*stack.Gateway) lint.Outcome {
	switch {
	case listen.Misread == fpmt.SchemePrefix, listen.Misread == fpmt.PortRange, listen.Misread == fpmt.NoHost, listen.Misread == fpmt.UnknownHost, listen.Misread == fpmt.NoIPv6:
		return lint.FPMRefuses
	case listen.Endpoint.Network == netaddr.Unix && facts != nil && facts.Files.Missing(path.Dir(listen.Endpoint.Path)):
		return lint.FPMRefuses
	}
	outcome := lint.None
	for _, g := range gateways {
		outcome = min(outcome, failing(g))
	}
	return outcome
}

func socketOf(listen fpmt.Listen) string {
	if listen.Endpoint.Network == netaddr.Unix {
		return listen.Endpoint.Path
	}
	return "below its own prefix"
}
