package rules

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// PoolDuplicateListen reports two pools that listen on the same address.
var PoolDuplicateListen = &lint.Rule{
	ID:    "WP301",
	Name:  "pool-duplicate-listen",
	Cause: lint.Stopped,
	Outcomes: lint.Outcomes{
		lint.FPMRefuses: "the second socket cannot be bound",
		lint.Sometimes:  "one PHP-FPM has two spellings of a TCP address, and the pools share the socket",
	},
	Summary: "Two PHP-FPM pools listen on the same address, so PHP-FPM does not start.",
	Why: "PHP-FPM compares only the texts of `listen`. It refuses the same text twice at once, and an address that another one covers (`9000` and `127.0.0.1:9000`, `/run/a.sock` and `/run//a.sock`) when it binds the second. " +
		"Then all pools of the master are down, not only the two. Pools of two PHP versions collide in the same way: the master that starts second fails, and so do those of two containers with one network namespace (a pod, `network_mode: host` or `service:`). One TCP address in two spellings (`127.0.0.1:9000` and `localhost:9000`, `9000` and `[::]:9000`) is worse: both pools start on one socket, and requests of one site run in the pool of the other.",
	Fix: "Give every pool an address of its own, and change `fastcgi_pass` of the sites that use it. If another program holds the port (`ss -tlnp`), stop it or give the pool another port.",
	Verify: []string{
		"grep -rnE '^ *listen *=' /etc/php/*/fpm/pool.d",
		"ss -xlp | grep php; ss -tlnp | grep php",
		"php-fpm8.3 -t",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#listen",
		fpmSourceSock,
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/shop.conf --
[shop]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP301 pool shop listens here
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ^^^^^^^^^^^^^^^^^^^^^^^^ WP301 pool www listens on /run/php/php8.3-fpm.sock, as pool shop does
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/shop.conf --
[shop]
user = www-data
group = www-data
listen = /run/php/shop.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs:  []*servers.Signature{servers.FPMListenTwice, servers.FPMAddressInUse, servers.FPMAlreadyListening},
	Check: checkDuplicateListen,
}

// bound is a listen line with its pool.
type bound struct {
	pool   *stack.Pool
	listen *fpmt.Listen
	status bool // pm.status_listen
}

// bounds yields the listen lines that take effect, of the pools that start.
func bounds(s *stack.Stack) iter.Seq[bound] {
	return func(yield func(bound) bool) {
		for _, pool := range s.Pools {
			if !pool.Master.Together {
				continue
			}
			if !yield(bound{pool, &pool.Listen, false}) {
				return
			}
			if pool.StatusListen != nil && !yield(bound{pool, pool.StatusListen, true}) {
				return
			}
		}
	}
}

// place is an endpoint of one machine.
type place struct {
	machine  *stack.Machine
	endpoint netaddr.Endpoint
}

func checkDuplicateListen(p *lint.Pass) {
	byEndpoint := make(map[place]bound, len(p.Stack.Pools))
	byPort := map[place][]bound{}
	for b := range bounds(p.Stack) {
		at := place{b.pool.Master.Machine, b.listen.Endpoint}
		if first, ok := byEndpoint[at]; ok {
			collide(p, first, b)
			continue
		}
		switch at.endpoint.Network {
		case 0:
			continue
		case netaddr.TCP:
			port := at
			port.endpoint.Addr = netip.Addr{}
			byPort[port] = append(byPort[port], b)
		}
		byEndpoint[at] = b
	}
	for _, list := range byPort {
		checkWildcards(p, list)
	}
	takenByMatePool(p)
}

// checkWildcards reports listeners of one port where one takes every address.
func checkWildcards(p *lint.Pass, list []bound) {
	for i, second := range list {
		for _, first := range list[:i] {
			a, b := first.listen.Endpoint, second.listen.Endpoint
			if (covers(a, b) || covers(b, a)) && !first.leaves(second) {
				collide(p, first, second)
			}
		}
	}
}

// bare reports whether the listen is a port alone. Where PHP-FPM cannot bind it
// for both families, it binds it for IPv4 (php-src fpm_sockets.c,
// fpm_socket_af_inet_listening_socket).
func (b bound) bare() bool { return !strings.Contains(b.listen.Text, ":") }

// leaves reports whether b, which the same master binds first, leaves the IPv4
// addresses to a second listen that is a port alone.
func (b bound) leaves(second bound) bool {
	addr := b.listen.Endpoint.Addr
	return b.pool.Master == second.pool.Master && second.bare() && addr.Is6() && !addr.IsUnspecified()
}

// covers reports whether a listener on wide also takes the address of narrow:
// :: takes all, since PHP-FPM binds it for both families.
func covers(wide, narrow netaddr.Endpoint) bool {
	return wide.Addr.IsUnspecified() && (wide.Addr.Is6() || narrow.Addr.Is4())
}

// name names the pool, with its PHP version next to a pool of another master.
func (b bound) name(beside bound) string {
	if m := b.pool.Master; m != beside.pool.Master && m.Version != "" {
		return "pool " + b.pool.Name + " of PHP " + m.Version
	}
	return "pool " + b.pool.Name
}

// purpose is what follows the address of a status page.
func (b bound) purpose() string {
	if b.status {
		return " for its status"
	}
	return ""
}

// shared reports whether PHP-FPM uses one socket for both listeners, which it
// does when one master has two texts for one TCP address (measured on PHP-FPM
// 8.2). An IPv4-mapped IPv6 address is another address to it.
func shared(first, second bound) bool {
	mapped := func(l *fpmt.Listen) bool { return l.Endpoint.Addr.Is4() && strings.HasPrefix(l.Text, "[") }
	same := first.listen.Endpoint == second.listen.Endpoint && mapped(first.listen) == mapped(second.listen)
	if second.bare() && first.listen.Endpoint.Addr == netip.IPv4Unspecified() {
		same = true // :: cannot be bound, and 0.0.0.0 is bound already
	}
	return same && first.pool.Master == second.pool.Master && second.listen.Endpoint.Network == netaddr.TCP
}

// collide reports that second cannot be bound besides first, if both start.
func collide(p *lint.Pass, first, second bound) {
	if m := second.pool.Master; m != first.pool.Master && !m.Machine.Rooted {
		p.NotChecked(second.listen.At, fmt.Sprintf("%s listens here as well, and the files do not tell whether both start", first.name(second)))
		return
	}
	p.Report(duplicate(first, second))
}

func duplicate(first, second bound) lint.Finding {
	where := plain(second.listen.Endpoint)
	f := lint.Finding{
		At:      second.listen.At,
		Message: fmt.Sprintf("%s listens on %s%s, as %s does%s", second.name(first), where, second.purpose(), first.name(second), first.purpose()),
		Notes:   []lint.Note{{At: first.listen.At, Message: fmt.Sprintf("%s listens here%s", first.name(second), first.purpose())}},
	}
	switch {
	case first.pool == second.pool:
		f.Message = fmt.Sprintf("pool %s listens on %s for its status as well as for requests", second.pool.Name, where)
	case first.listen.Endpoint != second.listen.Endpoint:
		f.Message = fmt.Sprintf("%s listens on %s%s, which collides with %s of %s", second.name(first), where, second.purpose(), plain(first.listen.Endpoint), first.name(second))
	}
	switch {
	case first.pool.Master == second.pool.Master && first.listen.Text == second.listen.Text:
		f.Log = []string{fmt.Sprintf("ERROR: [pool %s] unable to set listen address as it's already used in another pool '%s'", second.pool.Name, first.pool.Name)}
	case shared(first, second):
		f.Outcome = lint.Sometimes
		f.Message = fmt.Sprintf("pool %s shares %s with pool %s: requests for one run in the other", second.pool.Name, plain(first.listen.Endpoint), first.pool.Name)
	case second.listen.Endpoint.Network == netaddr.Unix:
		f.Log = []string{"ERROR: Another FPM instance seems to already listen on " + second.listen.Text}
	default:
		f.Log = []string{fmt.Sprintf("ERROR: unable to bind listening socket for address '%s': Address already in use (98)", second.listen.Text)}
	}
	return f
}
