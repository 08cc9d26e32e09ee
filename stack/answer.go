package stack

import (
	"cmp"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
)

// answer decides for every peer who answers there, and why nobody does.
func (l *linker) answer() {
	a := &answerer{linker: l, lost: map[netaddr.Endpoint]*Pool{}, meant: map[netaddr.Endpoint]*Pool{}}
	for _, p := range l.Pools {
		for _, lost := range p.Lost {
			if e := lost.Endpoint; e.Network != 0 && a.lost[e] == nil {
				a.lost[e] = p
			}
		}
		if e := p.Listen.Meant; e.Network != 0 && a.meant[e] == nil {
			a.meant[e] = p
		}
	}
	a.open = a.undecided()
	separate(l.Gateways)
	reaches := map[asked]bool{}
	for _, g := range l.Gateways {
		key := asked{g.Upstream, g.Protocol == FastCGI}
		reached, done := reaches[key]
		if !done || g.Upstream == nil {
			for _, p := range g.Peers {
				a.judge(g, p)
			}
			splitNames(g.Peers)
			reached = g.reachesPool()
			reaches[key] = reached
		}
		g.PHP = g.PHP || reached
	}
}

// asked is an upstream and whether FastCGI is what its servers are asked in:
// who answers depends on nothing else.
type asked struct {
	upstream *Upstream
	fastCGI  bool
}

// separate gives the gateways that reach an upstream by another protocol than
// FastCGI peers of their own.
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

// reachesPool reports whether a pool answers one of the peers of a FastCGI
// gateway.
func (g *Gateway) reachesPool() bool {
	for _, p := range g.Peers {
		if g.Protocol == FastCGI && p.Pool != nil && p.Fault == Answers {
			return true
		}
	}
	return false
}

// answerer finds out who answers at an endpoint.
type answerer struct {
	*linker
	lost  map[netaddr.Endpoint]*Pool // addresses of listen lines that do not count
	meant map[netaddr.Endpoint]*Pool // addresses that a misread listen looks like
	open  *Pool                      // the first pool whose address the files do not tell
}

// judge decides who answers a peer that is asked by g.
func (a *answerer) judge(g *Gateway, p *Peer) {
	e := p.Endpoint
	if p.Fault != Answers || e.Network == 0 {
		return
	}
	if p.Pool = a.poolAt(e); p.Pool != nil {
		p.Fault = p.Pool.refuses(g, e)
		if g.Protocol != FastCGI {
			p.Fault = WrongProtocol
		}
		return
	}
	if p.Site = a.siteAt(e); p.Site != nil {
		if g.Protocol == FastCGI {
			p.Fault = WrongProtocol
		}
		return
	}
	switch {
	case g.Protocol != FastCGI:
		if p.Fault = Elsewhere; a.otherFamily(g, p) {
			p.Fault = OtherAddress
		}
	case !e.IsLocal():
		p.Fault, p.Why = Elsewhere, e.String()+" may be another machine"
	case a.alternative(p), a.liveSocket(e):
	default:
		a.blame(p)
	}
}

// blame decides why nobody answers at a local address.
func (a *answerer) blame(p *Peer) {
	for _, h := range p.Endpoint.Listeners() {
		if pool := a.lost[h]; pool != nil {
			p.Pool, p.Fault = pool, ShadowedListen
			if pool.Merged() {
				p.Fault = MergedPool
			}
			return
		}
	}
	for _, h := range p.Endpoint.Listeners() {
		if pool := a.meant[h]; pool != nil {
			p.Pool, p.Fault = pool, MisreadListen
			if pool.Listen.Misread == CommentTail {
				p.Fault = CommentedListen
			}
			return
		}
	}
	if a.open != nil {
		p.Fault, p.Why = Untold, cmp.Or(a.open.Listen.Why, "what listen of pool "+a.open.Name+" was meant to be is not known")
		return
	}
	if e := p.Endpoint; e.Network == netaddr.Unix && a.pools[netaddr.UnixEndpoint(nginxChroot+e.Path)] != nil {
		p.Fault, p.Why = Untold, "a pool listens on "+nginxChroot+e.Path+", which is "+e.Path+" for an nginx with "+nginxChroot+" as its root"
		return
	}
	if len(a.Pools) == 0 {
		p.Fault, p.Why = Untold, "no PHP-FPM pool is among the files"
		return
	}
	p.Fault = Nobody
}

// undecided returns the first pool whose own address the files do not tell, so
// that it may be the one that is asked for. A listen that PHP-FPM refuses and
// that looks like no address tells none either.
func (a *answerer) undecided() *Pool {
	for _, p := range a.Pools {
		if listen := p.Listen; listen.Why != "" || listen.Endpoint.Network == 0 && listen.Meant.Network == 0 {
			return p
		}
	}
	return nil
}

// nginxChroot is the directory that the nginx of OpenBSD takes for its root.
const nginxChroot = "/var/www"

// poolAt returns the pool that listens at e.
func (a *answerer) poolAt(e netaddr.Endpoint) *Pool {
	for _, h := range e.Listeners() {
		if pools := a.pools[h]; len(pools) > 0 {
			return pools[0]
		}
	}
	return nil
}

// siteAt returns a site of nginx that listens at e. An IPv6 wildcard of nginx
// does not serve IPv4 (listen, ipv6only=on by default since nginx 1.3.4).
func (a *answerer) siteAt(e netaddr.Endpoint) *Site {
	for _, h := range e.Listeners() {
		if h.Network == netaddr.TCP && e.Addr.Is4() != h.Addr.Is4() {
			continue
		}
		if site := a.sites[h]; site != nil {
			return site
		}
	}
	return nil
}

// alternative reports whether the peer is Debian's /run/php/php-fpm.sock, a link
// that is made when a PHP-FPM service starts, to the socket of one of its pools,
// wherever that is (Debian php-fpm-socket-helper).
func (a *answerer) alternative(p *Peer) bool {
	if p.Endpoint.Path != "/run/php/php-fpm.sock" {
		return false
	}
	for _, pool := range a.Pools {
		if pool.Master.debian && pool.Listen.Endpoint.Network == netaddr.Unix {
			p.Pool = pool
			return true
		}
	}
	return false
}

// liveSocket reports whether a socket is there on a live host: whoever owns it
// answers.
func (a *answerer) liveSocket(e netaddr.Endpoint) bool {
	if e.Network != netaddr.Unix || a.Facts == nil {
		return false
	}
	is, known := a.Facts.Files.IsSocket(e.Path)
	return is && known
}

// splitNames tells the dead addresses of a host name that has a live one from
// addresses where nobody is at all.
func splitNames(peers []*Peer) {
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

// Merged reports whether the lines of the pool come from several sections in
// different files.
func (p *Pool) Merged() bool {
	for _, h := range p.Section.Headers {
		if h.File != p.Section.Headers[0].File {
			return true
		}
	}
	return false
}
