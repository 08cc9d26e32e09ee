package stack

import (
	"net/netip"
	"slices"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// clients reads listen.allowed_clients. It is nil for a unix socket, if not set, and
// if its value is unknown.
func (p *Pool) clients() *fpmt.Clients {
	text, written := p.Text(servers.KeyListenAllowedClients).Known()
	if !written || p.Listen.Endpoint.Network != netaddr.TCP {
		return nil
	}
	return fpmt.ReadClients(text, p.Section.Last(servers.KeyListenAllowedClients).ValueAt())
}

// Source returns the address from which nginx connects to e: that of *_bind, or loopback
// for loopback.
func (g *Gateway) Source(e netaddr.Endpoint) (from netip.Addr, known bool) {
	text, set := settingOf(g, bind, textOf).Known()
	if !set || text == "off" || e.Network != netaddr.TCP {
		return e.Source()
	}
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr(), true
	}
	from, err := netip.ParseAddr(text)
	return from, err == nil
}

// bound reports whether *_bind decides from where nginx connects to an address.
func (g *Gateway) bound() bool {
	_, set := settingOf(g, bind, textOf).Known()
	return set && !slices.ContainsFunc(g.Peers, func(p *Peer) bool { return p.Endpoint.Network == netaddr.Unix })
}

// refuses returns why the pool refuses connections of g's nginx to e.
func (p *Pool) refuses(g *Gateway, e netaddr.Endpoint) Fault {
	if c := p.Clients; c != nil {
		if from, known := g.Source(e); len(c.Addrs) == 0 || known && !c.Admits(from) {
			return ClientRefused
		}
	}
	if e.Network != netaddr.Unix {
		return Answers
	}
	if mode, right := p.Mode(); !right && mode&0o222 == 0 && !p.acl() && !g.root() {
		return ModeMisread
	}
	return Answers
}

// acl reports whether accounts other than its owner may have access to the socket.
func (p *Pool) acl() bool {
	users, groups := p.Text(servers.KeyListenACLUsers), p.Text(servers.KeyListenACLGroups)
	none := func(s source.Setting[string]) bool { text, _ := s.Known(); return text == "" && s.Why() == "" }
	return !none(users) || !none(groups)
}

// root reports whether the workers of the gateway's nginx run as root.
func (g *Gateway) root() bool {
	if g.Front.Loose {
		return false
	}
	account, known := g.Front.User.Known()
	return known && account.User == "root"
}
