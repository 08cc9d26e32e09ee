package stack

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Clients is listen.allowed_clients of a pool on a TCP port.
type Clients struct {
	At source.Span
	// Addrs are the entries that PHP-FPM can read, and Unread those that it
	// cannot: names, networks, and addresses with a blank.
	Addrs  []netip.Addr
	Unread []string
}

// clients reads listen.allowed_clients. It is nil for a unix socket, if not set, and
// if its value is unknown. The value is a comma-separated list of entries for
// inet_pton (php-src main/fastcgi.c, fcgi_set_allowed_clients); an empty one allows
// no client (measured on PHP-FPM 8.2).
func (p *Pool) clients() *Clients {
	list := p.Text(servers.KeyListenAllowedClients)
	text, written := list.Known()
	if !written || p.Listen.Endpoint.Network != netaddr.TCP {
		return nil
	}
	c := &Clients{At: p.Section.Last(servers.KeyListenAllowedClients).ValueAt()}
	for entry := range strings.SplitSeq(text, ",") {
		if addr, err := netip.ParseAddr(entry); err == nil && addr.Zone() == "" {
			c.Addrs = append(c.Addrs, addr)
		} else if entry != "" {
			c.Unread = append(c.Unread, entry)
		}
	}
	return c
}

// Admits reports whether PHP-FPM accepts a connection from an address. Of an IPv6
// address it compares only the first 12 bytes (php-src main/fastcgi.c,
// fcgi_is_allowed).
func (c *Clients) Admits(from netip.Addr) bool {
	for _, addr := range c.Addrs {
		if addr.Unmap() == from {
			return true
		}
		if addr.Is6() && from.Is6() {
			a, b := addr.As16(), from.As16()
			if [12]byte(a[:12]) == [12]byte(b[:12]) {
				return true
			}
		}
	}
	return false
}

// refuses returns why the pool refuses connections of g's nginx to e.
func (p *Pool) refuses(g *Gateway, e netaddr.Endpoint) Fault {
	if c := p.Clients; c != nil {
		if from, known := e.Source(); len(c.Addrs) == 0 || known && !c.Admits(from) {
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
	if g.Main == nil {
		return false
	}
	account, known := g.Main.User.Known()
	return known && account.User == "root"
}
