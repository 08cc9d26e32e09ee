package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// BacklogSmall reports queues of connections that overflow early.
var BacklogSmall = &lint.Rule{
	ID:         "WP416",
	Name:       "backlog-small",
	Production: true,
	Apache:     true,
	Cause:      lint.Proxy,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a unix socket that nginx connects to, or a TCP port that Apache connects to",
		lint.None:      "a TCP port that nginx connects to, or the kernel sets the limit",
	},
	Summary: "The queue of a pool's socket is so short that a burst of requests overflows it.",
	Why: "Requests that find no free worker wait in the queue of the socket. When it is full, nginx fails to connect to a unix socket at once with \"11: Resource temporarily unavailable\", a 502; Apache waits until there is room. A connection to a TCP port is retried until nginx answers 504, or Apache 503. " +
		"The kernel limits `listen.backlog` to `net.core.somaxconn`, which is also what an unset value or -1 means.",
	Fixable: true,
	Fix:     "Remove `listen.backlog`, or set it to 511 or more.",
	Verify: []string{
		"ss -xl | grep SOCKET",
		"sysctl net.core.somaxconn",
		"grep -c 'expired: AH00957' /var/log/apache2/error.log",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen\.backlog'`,
		"grep -c '11: Resource temporarily unavailable' /var/log/nginx/error.log",
	},
	Sources: []string{
		fpmManual + "#listen-backlog",
		manListen,
		manConnect,
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.backlog = 8
;                ^ WP416 the queue of pool www holds 8 connections: a burst beyond it is a 502
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
listen.backlog = 511
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.NginxConnectQueueFull, servers.ApacheConnectTimedOut},
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			checkBacklog(p, pool, p.Stack.Callers[pool])
		}
	},
}

// A queue shorter than shortQueue is reported.
const shortQueue = 128

func checkBacklog(p *lint.Pass, pool *stack.Pool, gateways []*stack.Gateway) {
	setting := pool.Backlog()
	backlog, known := value(p, setting)
	if !known || backlog < 0 || backlog >= shortQueue && (somaxconn(pool) == 0 || somaxconn(pool) >= shortQueue) {
		return
	}
	if most := somaxconn(pool); most > 0 && most < backlog {
		p.Report(lint.Finding{
			Outcome: lint.None,
			At:      setting.At(),
			Message: fmt.Sprintf("the queue of pool %s holds %d connections, not %d: net.core.somaxconn of the kernel is smaller", pool.Name, most, backlog),
		})
		return
	}
	f := lint.Finding{
		At:    setting.At(),
		Fixes: replace(setting.At(), "511", "set listen.backlog to 511"),
	}
	apache := onlyApache(gateways)
	switch tcp := pool.Listen.Endpoint.Network == netaddr.TCP; {
	case apache && !tcp:
		return // Apache waits until there is room (measured on Apache 2.4)
	case apache:
		e := pool.Listen.Endpoint
		f.Outcome = lint.SometimesUnavailable
		f.Message = fmt.Sprintf("the queue of pool %s holds %d connections: a burst beyond it is a 503", pool.Name, backlog)
		f.Log = []string{fmt.Sprintf("(70007)The timeout specified has expired: AH00957: FCGI: attempt to connect to %s (%s:%d) failed", e, e.Addr, e.Port)}
	case tcp:
		f.Outcome = lint.None
		f.Message = fmt.Sprintf("the queue of pool %s holds %d connections: a burst beyond it waits for nginx to give up", pool.Name, backlog)
	default:
		f.Message = fmt.Sprintf("the queue of pool %s holds %d connections: a burst beyond it is a 502", pool.Name, backlog)
		f.Log = []string{fmt.Sprintf("connect() to unix:%s failed (11: Resource temporarily unavailable) while connecting to upstream", pool.Listen.Endpoint.Path)}
	}
	p.Report(f)
}

// somaxconn returns the longest queue that the kernel of the pool's machine allows;
// 0 if unknown.
func somaxconn(pool *stack.Pool) int64 {
	if facts := pool.Master.Machine.Facts; facts != nil {
		return facts.Somaxconn
	}
	return 0
}
