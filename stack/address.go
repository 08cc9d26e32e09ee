package stack

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// splitURL returns the address in the URL of a proxy_pass, and sets the protocol.
func (g *Gateway) splitURL(url string) (address string, ok bool) {
	scheme, address, _, ok := netaddr.SplitURL(url)
	switch {
	case ok && strings.EqualFold(scheme, "http"):
	case ok && strings.EqualFold(scheme, "https"):
		g.Protocol = HTTPS
	default:
		return "", false
	}
	if i := strings.IndexByte(address, '$'); i >= 0 {
		address = address[:i]
	}
	return address, true
}

// peers reads one address as nginx does. A host name gives a peer for each of its
// addresses. A fallback port of 0 means that the address is one of FastCGI, which must have a port.
func (l *linker) peers(text string, at source.Span, fallback uint16) []*Peer {
	p := l.spare.take()
	*p = Peer{Address: netaddr.ParseAddress(text), At: at}
	one := []*Peer{p}
	if marks := source.TemplateMark(text); marks != "" {
		p.leave(Untold, TemplateMark, "the address holds the template mark "+marks)
		return one
	}
	if p.Refusal != "" {
		p.Fault = Malformed
		if nginx.MayBeReplaced(text) || source.Stub(text) {
			p.leave(Untold, TemplateMark, "a program may replace a part of the address "+text)
		}
		return one
	}
	if p.Network == netaddr.Unix {
		l.unixPeer(p)
		return one
	}
	if p.Port == 0 {
		p.Port = fallback
	}
	if p.Port == 0 {
		p.Fault, p.Refusal = NoUpstream, netaddr.NoPort
		return one
	}
	if addr, ok := netaddr.NginxLiteral(p.Host); ok {
		if l.Container != nil && !addr.IsLoopback() {
			if r, known := l.Container.RouteTo(addr, p.Port); known {
				return p.follow(r)
			}
		}
		p.Endpoint = netaddr.TCPEndpoint(addr, p.Port).Dialed()
		return one
	}
	return l.resolved(p)
}

// resolved returns a copy of p for each address of its host name, or p itself if they are
// unknown or too many.
func (l *linker) resolved(p *Peer) []*Peer {
	addrs := l.Facts.Lookup(p.Host)
	if strings.EqualFold(p.Host, "localhost") && len(addrs) == 0 {
		addrs = []netip.Addr{netaddr.Loopback4}
	}
	switch {
	case len(addrs) > maxAddresses:
		p.leave(Elsewhere, UnknownAddress, "the host name "+p.Host+" has more than 100 addresses")
	case len(addrs) > 0:
		var all []*Peer
		for _, addr := range addrs {
			all = append(all, &Peer{Address: p.Address, At: p.At, Endpoint: netaddr.TCPEndpoint(addr, p.Port).Dialed()})
		}
		return all
	case l.Container != nil && !netaddr.NotHostName(p.Host) && !source.Stub(p.Host):
		return p.follow(l.Container.Route(p.Host, p.Port))
	case l.unresolvable(p.Host):
		p.Name, p.Fault, p.Why = p.Host, Unresolvable, "host not found"
	default:
		p.Name = p.Host
		why := "cannot resolve host " + strconv.Quote(p.Host) + " offline"
		if l.LacksContainer(p.Host) {
			why = "no container of the project is called " + p.Host
		}
		p.leave(Elsewhere, UnknownHost, why)
	}
	return []*Peer{p}
}

// leave sets the fault Elsewhere or Untold, and why.
func (p *Peer) leave(f Fault, o Obstacle, why string) { p.Fault, p.obstacle, p.Why = f, o, why }

// unixPeer sets the endpoint of the socket path after unix:.
func (l *linker) unixPeer(p *Peer) {
	switch name := p.Path; {
	case strings.HasSuffix(name, ":"):
		p.Fault = TrailingColon
	case len(name) > netaddr.MaxSocketPath:
		p.Fault = TooLong
	case name[0] == '"' || name[0] == '\'': // quotes inside a word are part of it
		p.Endpoint = netaddr.UnixEndpoint(name)
	case !strings.HasPrefix(name, "/"):
		p.Endpoint = netaddr.Endpoint{Network: netaddr.Unix, Path: name} // see relative
	default:
		p.Endpoint = l.dialed(name)
	}
}

// dialed returns the endpoint of a unix socket that nginx connects to. nginx follows a
// link, unlike PHP-FPM, which replaces it with its own socket.
func (l *linker) dialed(name string) netaddr.Endpoint {
	if bare := strings.TrimRight(name, "/"); bare != name && bare != "" {
		e := l.dialed(bare)
		e.Path += "/" // the kernel requires a directory there, and a socket is not one
		return e
	}
	dir := netaddr.Dir(name)
	present, asked := l.presentDirs[dir]
	if !asked && l.Facts != nil {
		present, _ = l.Facts.Files.Exists(dir)
		l.presentDirs[dir] = present
	}
	if present {
		name = l.Facts.Files.Leads(name)
	}
	return l.sockets.Endpoint(name)
}
