package stack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// answer decides for every peer which pool or site answers there, or why none does.
func (l *linker) answer() {
	for _, g := range l.Gateways {
		a := &answered{}
		if u := g.Upstream; u != nil && g.bound() {
			g.Peers = clone(g.Peers) // which the others of the upstream do not share
		} else if u != nil && g.Protocol == FastCGI {
			a = &u.overFastCGI
		} else if u != nil {
			a = &u.overOthers
		}
		if !a.done {
			for _, p := range g.Peers {
				l.judge(g, p)
			}
			splitNames(g.Peers)
			a.done, a.byPool = true, g.reachesPool()
		}
		g.PHP = g.PHP || a.byPool
		g.judgeHandled()
	}
}

// answered is the result of answer for the peers of an upstream. It depends on nothing
// but the upstream and whether it is accessed with FastCGI.
type answered struct{ done, byPool bool }

// separate gives the gateways that use an upstream with a protocol other than FastCGI
// their own peers.
func separate(gateways []*Gateway) {
	others := map[*Upstream][]*Peer{}
	for _, g := range gateways {
		if g.Upstream == nil || g.Protocol == FastCGI {
			continue
		}
		if others[g.Upstream] == nil {
			others[g.Upstream] = clone(g.Peers)
		}
		g.Peers = others[g.Upstream]
	}
}

func clone(peers []*Peer) []*Peer {
	out := make([]*Peer, len(peers))
	for i, p := range peers {
		q := *p
		out[i] = &q
	}
	return out
}

// reachesPool reports whether a pool answers one of the peers of a FastCGI gateway.
func (g *Gateway) reachesPool() bool {
	for _, p := range g.Peers {
		if g.Protocol == FastCGI && p.Pool != nil && p.Fault == Answers {
			return true
		}
	}
	return false
}

// judge decides what answers a peer that g uses.
func (l *linker) judge(g *Gateway, p *Peer) {
	if p.Fault == Answers && p.Target.Machine != nil {
		l.judgeTarget(g, p)
		return
	}
	e := p.Endpoint
	if p.Fault != Answers || e.IsZero() || l.judgeRelative(g, p) {
		return
	}
	e = l.replaced(g.Machine, p)
	if at, ok := l.shared(e); ok {
		p.Pool = l.fleet.sockets[at]
	}
	if p.Pool == nil {
		p.Pool = g.Machine.first(e, listening)
	}
	if p.Pool != nil {
		p.Fault = p.Pool.refuses(g, e)
		if g.Protocol != FastCGI {
			p.Fault = WrongProtocol
		}
		if c := p.Pool.Clients; c != nil && !e.IsLocal() && !c.Admits(e.Addr) {
			p.obstacle = UnknownClient
		}
		return
	}
	if at := g.Machine.listenerAt(e); at != nil {
		p.Site = at.Sites[0]
		if g.Protocol == FastCGI {
			p.Fault = WrongProtocol
		}
		return
	}
	switch other := l.servedElsewhere(g.Machine, e); {
	case other != nil:
		p.leave(Elsewhere, OtherContainer, "what listens on "+e.String()+" is on another machine ("+other.File+")")
		if g.Protocol != FastCGI {
			l.Unknown = append(l.Unknown, source.NotChecked{At: p.At, Why: p.Why})
		}
	case g.Protocol != FastCGI:
		p.Fault = g.unanswered(p)
	case !e.IsLocal():
		p.leave(Elsewhere, OtherHost, e.String()+" may be another machine")
	case l.alternative(g.Machine, p), l.liveSocket(e):
	case l.untold(g.Machine, p), l.onHost(g, p), l.strayed(g.Machine, p):
	default:
		g.Machine.blame(p)
	}
}

// replaced returns the endpoint of a peer: of a link at whose place a pool listens, that of the
// link, which PHP-FPM replaces with its socket.
func (l *linker) replaced(m *Machine, p *Peer) netaddr.Endpoint {
	if e := p.Endpoint; e.Network == netaddr.Unix && e.Path != p.Path && !strings.HasSuffix(p.Path, "/") {
		if own := l.sockets.Endpoint(p.Path); own != e && m.first(own, listening) != nil {
			p.Endpoint = own
		}
	}
	return p.Endpoint
}

// relative reports whether the peer is a socket whose path depends on the directory of
// nginx's workers: that in which nginx was started, unless working_directory names one.
func (p *Peer) relative() bool {
	return p.Endpoint.Network == netaddr.Unix && p.Endpoint.Path != "" && strings.IndexByte(`/"'`, p.Endpoint.Path[0]) < 0
}

// unanswered is the fault of a peer of another protocol than FastCGI that no known server
// answers.
func (g *Gateway) unanswered(p *Peer) Fault {
	switch {
	case g.otherLoopback(p):
		return OtherAddress
	case g.unserved(p):
		return NotListening
	case strings.HasSuffix(p.Endpoint.Path, "/"):
		return TrailingColon
	}
	return Elsewhere
}

// judgeRelative judges a socket with a relative path, and reports whether p is one: nothing
// answers if no pool has a path that ends so.
func (l *linker) judgeRelative(g *Gateway, p *Peer) bool {
	if !p.relative() {
		return false
	}
	end := "/" + netaddr.Clean(p.Path)
	if g.Protocol != FastCGI || strings.HasPrefix(end, "/..") || slices.ContainsFunc(g.Machine.Reachable(), func(pool *Pool) bool {
		return strings.HasSuffix(pool.Listen.Endpoint.Path, end)
	}) {
		p.leave(Untold, UnknownAddress, "the base directory of the relative socket path "+p.Path+" is unknown")
		return true
	}
	g.Machine.blame(p)
	return true
}

// servedElsewhere returns a machine that serves e if none in reach of m does; nil for
// none. Whether two containers share a network or a volume is unknown.
func (l *linker) servedElsewhere(m *Machine, e netaddr.Endpoint) *Machine {
	if m.open {
		return nil
	}
	every := l.machines.every
	if pool := every.first(e, listening); pool != nil {
		return pool.Master.Machine
	}
	if at := every.ownListener(e); at != nil {
		return at.Sites[0].Machine
	}
	return nil
}

// listening, losing and meaning select a map of a machine, for Machine.first.
func listening(m *Machine) map[netaddr.Endpoint]*Pool { return m.pools }
func losing(m *Machine) map[netaddr.Endpoint]*Pool    { return m.lost }
func meaning(m *Machine) map[netaddr.Endpoint]*Pool   { return m.meant }

// blame decides why nothing answers at a local address.
func (m *Machine) blame(p *Peer) {
	e := p.Endpoint
	if pool := m.first(e, losing); pool != nil {
		p.Pool, p.Fault = pool, ShadowedListen
		if pool.Section.Merged() {
			p.Fault = MergedPool
		}
		return
	}
	if pool := m.first(e, meaning); pool != nil {
		p.Pool, p.Fault = pool, MisreadListen
		if pool.Listen.Misread == fpmt.CommentTail {
			p.Fault = CommentedListen
		}
		return
	}
	if open := m.undecided(); open != nil {
		p.leave(Untold, UnknownPool, cmp.Or(open.Listen.Why, "cannot tell where pool "+open.Name+" listens"))
		return
	}
	if e.Network == netaddr.Unix && m.first(netaddr.UnixEndpoint(nginxChroot+e.Path), listening) != nil {
		p.leave(Untold, UnknownAddress, "a pool listens on "+nginxChroot+e.Path+", which is "+e.Path+" for an nginx with "+nginxChroot+" as its root")
		return
	}
	if why := m.doubt(); why != "" {
		p.leave(Untold, Doubted, why)
		return
	}
	if m.Container != nil && m.Container.Unknown != "" {
		p.leave(Untold, UnknownPrograms, m.Container.Unknown)
		return
	}
	if p.Stopped = m.stopped[e]; m.poolless() && m.stopped == nil && m.Container == nil {
		p.leave(Untold, PoolsMissing, "no PHP-FPM pool found")
		if m.File != "" {
			p.Why = m.Why
		}
		return
	}
	p.Fault = Nobody
}

// undecided returns the first pool whose own address the files do not determine, so
// that it may be the address in use. A listen that PHP-FPM refuses and that does not
// resemble an address is one of these.
func (m *Machine) undecided() *Pool {
	for _, at := range m.reach {
		if at.unplaced != nil {
			return at.unplaced
		}
	}
	return nil
}

// poolless reports whether no pool can answer on the machine.
func (m *Machine) poolless() bool {
	return !slices.ContainsFunc(m.reach, func(at *Machine) bool { return len(at.Pools) > 0 })
}

// nginxChroot is the directory that OpenBSD's nginx uses as its root.
const nginxChroot = "/var/www"

// alternative reports whether the peer is Debian's /run/php/php-fpm.sock. This link is
// created when a PHP-FPM service starts, and leads to the socket of one of its pools,
// wherever that is (Debian php-fpm-socket-helper).
func (l *linker) alternative(m *Machine, p *Peer) bool {
	if p.Endpoint.Path != "/run/php/php-fpm.sock" {
		return false
	}
	for _, pool := range m.Reachable() {
		if !pool.Master.debian || pool.Listen.Endpoint.Network != netaddr.Unix {
			continue
		}
		const link = "/etc/alternatives/php-fpm.sock"
		switch made, known := service.Links(pool.Master.start); {
		case made || !known:
			p.Pool = pool
			return true
		case m.Facts.Files.Missing(link):
		default:
			p.leave(Untold, UnknownAddress, "cannot tell whether "+link+" exists, and no unit makes the link "+p.Endpoint.Path)
			return true
		}
	}
	return false
}

// liveSocket reports whether a socket exists on a live host, where its owner answers.
func (l *linker) liveSocket(e netaddr.Endpoint) bool {
	if e.Network != netaddr.Unix || l.Facts == nil {
		return false
	}
	is, known := l.Facts.Files.IsSocket(e.Path)
	return is && known
}

// splitNames distinguishes the dead addresses of a host name that also has a live one
// from addresses where nothing listens.
func splitNames(peers []*Peer) {
	if len(peers) < 2 {
		return
	}
	alive := map[source.Span]bool{}
	for _, p := range peers {
		if p.Fault == Answers {
			alive[p.At] = true
		}
	}
	for _, p := range peers {
		if p.Fault == Nobody && alive[p.At] {
			p.Fault = NameTwice
		}
	}
}
