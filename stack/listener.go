package stack

import (
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/netaddr"
)

// Listener is an address at which one nginx listens, by TCP or unix socket, with the
// sites that share it.
type Listener struct {
	Endpoint netaddr.Endpoint
	Sites    []*Site
	Default  *Site // default_server, or the first site
	SSL      bool  // one of the sites has ssl, which takes effect for all
	// HTTP2 and ProxyProtocol are like SSL: http2 and proxy_protocol.
	HTTP2, ProxyProtocol bool
	// Defaults is how many sites have default_server; nginx refuses two.
	Defaults int

	dual bool // an IPv6 wildcard that also accepts IPv4

	once  sync.Once
	names map[string]*Site // by name or wildcard in lower case, the first with it
	regex bool             // a name is a regular expression
}

// listenerKey is an address in one configuration of nginx.
type listenerKey struct {
	whole    int
	endpoint netaddr.Endpoint
}

// port returns the key of the first listener on the port of k at any loopback address.
func (k listenerKey) port() listenerKey {
	return listenerKey{k.whole, netaddr.Endpoint{Network: netaddr.TCP, Port: k.endpoint.Port}}
}

// otherLoopback reports whether the nginx of g, or an Apache beside it, listens on the port of p, but only at other
// loopback addresses.
func (g *Gateway) otherLoopback(p *Peer) bool {
	if e := p.Endpoint; e.Network != netaddr.TCP || !e.Addr.IsLoopback() || g.Site == nil {
		return false
	}
	wholes := []int{g.Site.Whole}
	if g.Pass == nil {
		wholes = append(wholes, g.Machine.apaches...)
	}
	for _, whole := range wholes {
		if l := g.Machine.listeners[listenerKey{whole, p.Endpoint}.port()]; l != nil {
			p.Site = l.Sites[0]
			return true
		}
	}
	return false
}

// unserved reports whether the address is that of a virtual host of Apache that it does not listen
// for.
func (g *Gateway) unserved(p *Peer) bool {
	if e := p.Endpoint; e.Network == netaddr.TCP && e.Addr.IsLoopback() && g.Pass == nil && !g.Front.Loose {
		for at := range e.Listeners() {
			if site := g.Machine.unserved[at]; site != nil {
				p.Site = site
				return true
			}
		}
	}
	return false
}

// serve adds a site to the listeners of its machine.
func (m *Machine) serve(site *Site) {
	m.Sites = append(m.Sites, site)
	for i := range site.Listens {
		listen := &site.Listens[i]
		if listen.Endpoint.IsZero() || listen.UDP {
			continue
		}
		key := listenerKey{site.Whole, listen.Endpoint}
		l := m.listeners[key]
		if l == nil {
			l = &Listener{Endpoint: listen.Endpoint, Default: site}
			m.listeners[key], m.Listeners = l, append(m.Listeners, l)
			if port := key.port(); m.listeners[port] == nil && (key.endpoint.Addr.IsLoopback() || key.endpoint.Addr.IsUnspecified()) {
				m.listeners[port] = l
			}
			if m.served[listen.Endpoint] == nil {
				m.served[listen.Endpoint] = l
			}
		}
		if l.Sites = append(l.Sites, site); listen.Default {
			l.Default = site
			l.Defaults++
		}
		l.SSL = l.SSL || listen.SSL
		l.HTTP2, l.ProxyProtocol = l.HTTP2 || listen.HTTP2, l.ProxyProtocol || listen.ProxyProtocol
		l.dual = l.dual || !listen.V6Only && listen.Endpoint.Addr == netip.IPv6Unspecified()
	}
}

// listener returns the listener that receives a connection to e; nil for none. An IPv6
// wildcard of nginx does not accept IPv4 (listen, ipv6only=on by default since nginx
// 1.3.4).
func listener(e netaddr.Endpoint, at func(netaddr.Endpoint) *Listener) *Listener {
	for to := range e.Listeners() {
		l := at(to)
		if l != nil && (to.Network != netaddr.TCP || e.Addr.Is4() == to.Addr.Is4() || l.dual) {
			return l
		}
	}
	return nil
}

// ListenerAt returns the listener of the site's nginx that receives a connection to e;
// nil for none.
func (s *Site) ListenerAt(e netaddr.Endpoint) *Listener {
	return listener(e, func(to netaddr.Endpoint) *Listener { return s.Machine.listeners[listenerKey{s.Whole, to}] })
}

// listenerAt returns the listener that receives a connection to e on one of the
// machines that m reaches; nil for none.
func (m *Machine) listenerAt(e netaddr.Endpoint) *Listener {
	for at := range m.within(e) {
		if l := at.ownListener(e); l != nil {
			return l
		}
	}
	return nil
}

// ownListener is listenerAt for the machine itself.
func (m *Machine) ownListener(e netaddr.Endpoint) *Listener {
	return listener(e, func(to netaddr.Endpoint) *Listener { return m.served[to] })
}

// For returns the site that answers a request for a host: one with that name, with the
// longest wildcard that matches it, or the default. known is false if a regular expression may
// match, and for a host that is too long for DNS.
func (l *Listener) For(host string) (site *Site, known bool) {
	l.once.Do(l.index)
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if site = l.names[host]; site != nil {
		return site, true
	}
	if len(host) > maxHost {
		return l.Default, false
	}
	longest := ""
	try := func(name string) {
		if s := l.names[name]; s != nil && len(name) > len(longest) {
			site, longest = s, name
		}
	}
	try("." + host)
	for i := range len(host) {
		if host[i] == '.' {
			try("*" + host[i:])
			try(host[i:])
			try(host[:i] + ".*")
		}
	}
	if site != nil {
		return site, true
	}
	return l.Default, !l.regex
}

// maxHost is the length of the longest name in DNS (RFC 1035, 2.3.4), with a margin.
const maxHost = 255

// index sets names and regex.
func (l *Listener) index() {
	names := 0
	for _, s := range l.Sites {
		names += len(s.Names)
	}
	l.names = make(map[string]*Site, names)
	for _, s := range l.Sites {
		for _, name := range s.Names {
			name = strings.ToLower(name)
			if strings.HasPrefix(name, "~") {
				l.regex = true
			} else if l.names[name] == nil {
				l.names[name] = s
			}
		}
	}
}

// named reports whether nginx selects the site for some requests: it is the default at one
// of its addresses, or the first with one of its names.
func (s *Site) named() bool {
	for _, listen := range s.Listens {
		l := s.Machine.listeners[listenerKey{s.Whole, listen.Endpoint}]
		if l == nil || l.Default == s {
			return true
		}
		l.once.Do(l.index)
		if slices.ContainsFunc(s.Names, func(name string) bool { return l.names[strings.ToLower(name)] == s }) {
			return true
		}
	}
	return false
}
