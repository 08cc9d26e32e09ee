package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketMismatch reports gateways that connect to an address on which no pool
// listens.
var SocketMismatch = &lint.Rule{
	ID:     "WP201",
	Name:   "socket-mismatch",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "every pool of the machine is known",
		lint.Sometimes:  "some pools may not be among the files, nothing starts the PHP-FPM at boot, or a variable chooses the address for some requests only",
	},
	Faults:  []lint.Fault{stack.Nobody, stack.NobodyThere},
	Summary: "The web server passes PHP requests to an address on which no PHP-FPM pool listens.",
	Why: "`fastcgi_pass` of nginx, or `SetHandler` and `ProxyPass` of Apache, must name the same unix socket or the same TCP port as the pool's `listen`. After a PHP upgrade the socket has a new name and the site still uses the old one; " +
		"or only one side was moved from TCP to a socket. The servers start and their own tests (`nginx -t`, `apachectl configtest`, `php-fpm -t`) pass, because none of them reads the files of another. nginx answers every PHP request with 502, Apache with 503. The same happens when the pool's files exist but its PHP-FPM does not run. Then the package was removed and not purged, its unit is masked, or a unit starts it with another `php-fpm.conf`.",
	Fixable: true,
	Fix:     "Make both sides name the same address: change `fastcgi_pass` (or the `server` line of the upstream), or the `SetHandler` or `ProxyPass` of Apache, to the pool's `listen`, or the other way round. nginx uses the change after `nginx -t && systemctl reload nginx`, Apache after `apachectl configtest && apachectl graceful`, and PHP-FPM after a reload of its own.",
	Verify: []string{
		"ss -xlp | grep php; ss -tlnp | grep php",
		"nginx -T 2>/dev/null | grep -nE 'fastcgi_pass|upstream'",
		"grep -rnE 'SetHandler|AddHandler|ProxyPass|<Proxy|BalancerMember' /etc/apache2 /etc/httpd",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		apacheFCGI + "#examples",
		fpmManual + "#listen",
	},
	Bad: `
GET /index.php -> 502
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.1-fpm.sock;
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP201 no pool listens on /run/php/php8.1-fpm.sock
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
;        ------------------------ WP201 pool www listens on /run/php/php8.3-fpm.sock: the same socket for another PHP version
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Logs: []*servers.Signature{
		servers.NginxConnectNoSocket, servers.NginxConnectRefused, servers.NginxConnectStaleSocket,
		servers.ApacheConnectNoSocket, servers.ApacheConnectRefused, servers.ApacheConnectStaleSocket,
	},
	Check: checkSocketMismatch,
}

func checkSocketMismatch(p *lint.Pass) {
	checkTargets(p)
	checkBoot(p)
	var near Near
	byDial := map[dial]*mismatch{}
	var found []*mismatch
	seen := once[source.Span]{}
	for _, g := range p.Stack.Gateways {
		switch {
		case g.Protocol != stack.FastCGI:
			continue
		case g.Undefined != "":
			continue // for another rule to report
		case g.Why != "":
			p.NotChecked(g.At, g.Why)
			continue
		case g.Chosen != "":
			chosen(p, g, seen)
			notCheckedPeers(p, g)
			continue
		case !allDead(g):
			notCheckedPeers(p, g)
			continue
		case !g.PHP:
			p.NotChecked(g.At, "nothing shows that "+g.Peers[0].Text+" is PHP")
			continue
		}
		peer := firstDead(g)
		key := dial{g.Site, g.At.File, peer.Endpoint}
		m := byDial[key]
		if m == nil {
			m = &mismatch{endpoint: peer.Endpoint}
			m.pools, m.how = near.To(g, peer)
			m.foreign = near.Foreign(g, m.pools)
			byDial[key], found = m, append(found, m)
		}
		m.gateways = append(m.gateways, g)
	}
	for _, line := range grouped(found, func(m *mismatch) source.Span { return firstDead(m.gateways[0]).At }) {
		shared := disagree(line)
		for _, m := range line {
			p.Report(m.finding(shared))
		}
	}
}

// chosen reports the dead ones of the addresses from which a variable chooses.
func chosen(p *lint.Pass, g *stack.Gateway, seen once[source.Span]) {
	for _, peer := range g.Peers {
		if peer.Fault != stack.Nobody || !g.PHP || !seen.first(peer.At) {
			continue
		}
		f := lint.Finding{
			Outcome: failing(g),
			At:      peer.At,
			Message: fmt.Sprintf("no pool listens on %s, which is the value of $%s for %s", plain(peer.Endpoint), g.Chosen, source.Excerpt(peer.Key)),
			Notes:   []lint.Note{{At: g.At, Message: "$" + g.Chosen + " is used here"}},
			Log:     []string{refused(g, peer.Endpoint)},
		}
		if !g.Machine.Complete {
			f.Outcome = sometimes(g)
			f.Notes = append(f.Notes, lint.Note{Message: g.Machine.Why})
		}
		p.Report(f)
	}
}

// dial is one address that one site connects to, however many of its locations
// do.
type dial struct {
	site     *stack.Site
	file     *source.File
	endpoint netaddr.Endpoint
}

// mismatch is an address on which no pool listens.
type mismatch struct {
	endpoint netaddr.Endpoint
	gateways []*stack.Gateway // those of one site that connect to it
	pools    []*stack.Pool    // those that were most likely meant
	how      Nearness
	foreign  bool // another site uses the pool that was most likely meant
}

// disagree reports whether the mismatches of one line mean different pools: then
// no single change of it is right.
func disagree(list []*mismatch) bool {
	first := list[0].pools
	return slices.ContainsFunc(list, func(m *mismatch) bool {
		return len(m.pools) != len(first) || len(first) > 0 && m.pools[0] != first[0]
	})
}

// allDead reports whether no peer that the gateway uses has a listener.
func allDead(g *stack.Gateway) bool {
	dead := false
	for _, peer := range g.Peers {
		if !peer.Down && peer.Fault != stack.Nobody {
			return false
		}
		dead = dead || !peer.Down
	}
	return dead
}

func firstDead(g *stack.Gateway) *stack.Peer {
	for _, peer := range g.Peers {
		if !peer.Down {
			return peer
		}
	}
	return nil
}

// notCheckedPeers reports the peers of a gateway that could not be followed.
func notCheckedPeers(p *lint.Pass, g *stack.Gateway) {
	for _, peer := range g.Peers {
		if peer.Why != "" && !slices.Contains(UpstreamUndefined.Faults, lint.Fault(peer.Fault)) {
			p.NotChecked(peer.At, peer.Why)
		} else if why := peer.Doubt(); why != "" && peer.Fault == stack.Answers && !peer.Down {
			p.NotChecked(peer.At, why)
		}
	}
}

// finding is what the rule says about the mismatch. Its line may be shared by sites
// that mean different pools.
func (m *mismatch) finding(shared bool) lint.Finding {
	g := m.gateways[0]
	at := firstDead(g).At
	f := lint.Finding{
		At:      at,
		Outcome: dead(g),
		Message: "no pool listens on " + meaning(g),
		Log:     []string{refused(g, m.endpoint)},
	}
	// The web server tries the other servers of an upstream too.
	for _, peer := range slices.Concat(together(g), others(g)) {
		if line := refused(g, peer.Endpoint); !slices.Contains(f.Log, line) {
			f.Log = append(f.Log, line)
		}
	}
	if !g.Machine.Complete {
		f.Outcome = sometimes(g)
		f.Message = "no pool in the files given listens on " + meaning(g)
		f.Notes = append(f.Notes, lint.Note{Message: g.Machine.Why})
	}
	f.Common = m.common()
	stopped(&f, g)
	idle(&f, g)
	for _, peer := range others(g) {
		f.Notes = append(f.Notes, lint.Note{At: peer.At, Message: "no pool listens on " + plain(peer.Endpoint) + " either"})
	}
	f.Notes = append(f.Notes, nearNotes(g.Machine.Reachable(), m.pools, m.how)...)
	for _, g := range m.gateways {
		switch {
		case encloses(g.At, at):
		case g.Upstream != nil:
			f.Notes = append(f.Notes, lint.Note{At: g.At, Message: "upstream " + g.Upstream.Name + " is used here"})
		default:
			f.Notes = append(f.Notes, lint.Note{At: g.At, Message: "the same address is used here"})
		}
	}
	if len(m.pools) == 1 && !shared {
		f.Fixes = m.fixes()
	}
	return f
}

// common says what is wrong at every site that still uses the sockets of another PHP version; ""
// for any other mismatch.
func (m *mismatch) common() string {
	if m.how != OtherVersion {
		return ""
	}
	from, to := versionOf(m.endpoint), versionOf(m.pools[0].Listen.Endpoint)
	others := slices.ContainsFunc(m.pools, func(p *stack.Pool) bool { return versionOf(p.Listen.Endpoint) != to })
	if from == "" || to == "" || from == to || others {
		return ""
	}
	common := fmt.Sprintf("%s uses sockets of PHP %s, but the pools listen on sockets of PHP %s", web(m.gateways[0]), from, to)
	if !m.gateways[0].Machine.Complete {
		common += " in the files given"
	}
	return common
}

// meaning spells the dead address that g connects to first, with its text where
// that differs: a host name, or a server without a port.
func meaning(g *stack.Gateway) string {
	var all []string
	for _, peer := range together(g) {
		all = append(all, plain(peer.Endpoint))
	}
	first, text := firstDead(g), strings.Join(all, " or ")
	if first.Endpoint.Network == netaddr.TCP && first.Text != text {
		text += ", to which " + first.Text + " resolves"
	}
	return text
}

// together returns the first dead server, once for each address of its name.
func together(g *stack.Gateway) (peers []*stack.Peer) {
	first := firstDead(g)
	for _, peer := range g.Peers {
		if peer.At == first.At && !peer.Down {
			peers = append(peers, peer)
		}
	}
	return peers
}

// others returns the servers of an upstream that are as dead as the first one.
func others(g *stack.Gateway) (peers []*stack.Peer) {
	first := firstDead(g)
	for _, peer := range g.Peers {
		if peer.At != first.At && !peer.Down {
			peers = append(peers, peer)
		}
	}
	return peers
}

// maxNear limits how many pools are named when none of them is the most similar.
const maxNear = 3

// nearNotes points to the pools that may have been meant.
func nearNotes(all, pools []*stack.Pool, how Nearness) (notes []lint.Note) {
	if len(pools) == 0 && len(all) > maxNear {
		return []lint.Note{{Message: fmt.Sprintf("there are %d pools, and none of their addresses resembles this one", len(all))}}
	}
	why := ": " + string(how)
	if len(pools) == 0 {
		pools, why = all, ""
	}
	for i, pool := range pools {
		if i == maxNear {
			return append(notes, lint.Note{Message: fmt.Sprintf("and %d more pools", len(pools)-i)})
		}
		if pool.Listen.Endpoint.Network == 0 {
			continue
		}
		notes = append(notes, lint.Note{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s%s", pool.Name, plain(pool.Listen.Endpoint), why)})
	}
	return notes
}

// special are the bytes that a word of nginx cannot hold as they are (nginx
// ngx_conf_file.c, ngx_conf_read_token).
const special = " \t\r\n;{}$#\\\"'"

// fixes are the two ways to make gateways and a pool agree: a change to nginx,
// or one to PHP-FPM, which other gateways may depend on.
func (m *mismatch) fixes() (fixes []lint.Fix) {
	pool := m.pools[0]
	address := gatewayAddress(pool.Listen.Endpoint)
	first := m.gateways[0]
	fix := lint.Fix{
		Title: "pass to " + address,
		Safe:  first.Machine.Complete && (!m.foreign || m.how != Typo && m.how != Elsewhere) && len(others(first)) == 0 && !strings.ContainsAny(address, special),
	}
	edited := once[source.Span]{}
	for _, g := range m.gateways {
		peer := firstDead(g)
		if !verbatim(peer) || g.Pass != nil && peer.Network != pool.Listen.Endpoint.Network {
			fix.Edits = nil // the address comes from a variable, or the rest of the handler has to change too
			break
		}
		if edited.first(peer.At) {
			fix.Edits = append(fix.Edits, source.Edit{At: peer.At, New: address})
		}
	}
	if fix.Edits != nil {
		fixes = append(fixes, fix)
	}
	if len(together(first)) > 1 {
		return fixes // no listen covers all addresses of a name
	}
	listen := strings.TrimPrefix(m.endpoint.String(), "unix:")
	return append(fixes, lint.Fix{
		Title: fmt.Sprintf("let pool %s listen on %s", pool.Name, listen),
		Edits: []source.Edit{{At: pool.Listen.At, New: listen}},
	})
}
