package stack

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
)

// TLSFault is why the TLS handshake of a gateway with a site of the same nginx
// fails.
type TLSFault uint8

// The faults of TLS, the one that shows first in front.
const (
	TLSFits      TLSFault = iota
	TLSToPlain            // https to an address that is served without TLS
	TLSProtocols          // there is no version of TLS that both sides speak
	TLSRefused            // the name that is sent belongs to a server with ssl_reject_handshake
)

func (s *Site) block() block {
	b := block{Effective: s.Effective, at: s.At}
	if s.Main == nil {
		b.why = noMain
	}
	return b
}

// RejectHandshake is ssl_reject_handshake.
func (s *Site) RejectHandshake() Setting[bool] {
	b := s.block()
	return setting(b, kwSSLRejectHandshake, flagOf, orElse(b, false))
}

// SSLProtocols is ssl_protocols; absent when nobody wrote it.
func (s *Site) SSLProtocols() Setting[[]string] {
	b := s.block()
	return setting(b, kwSSLProtocols, wordsOf, orNothing[[]string](b))
}

// SSL is the deprecated ssl directive, which turns TLS on for every listen.
func (s *Site) SSL() Setting[bool] {
	b := s.block()
	return setting(b, kwSSL, flagOf, orElse(b, false))
}

// PathLine is a directive that names a file.
type PathLine struct {
	At   source.Span // the whole directive
	Path string
}

// Certificates are the ssl_certificate lines that count, and Keys those of
// their keys.
func (s *Site) Certificates() []PathLine { return s.paths(kwSSLCertificate) }

// Keys are the ssl_certificate_key lines that count.
func (s *Site) Keys() []PathLine { return s.paths(kwSSLCertificateKey) }

func (s *Site) paths(k keyword) (lines []PathLine) {
	for _, d := range s.Effective.all(k) {
		lines = append(lines, PathLine{d.Span(), d.Arg(0).String()})
	}
	return lines
}

// Door is an address that nginx serves, with the sites that share it.
type Door struct {
	Endpoint netaddr.Endpoint

	Sites   []*Site
	Default *Site // default_server, or the first
	SSL     bool  // one of the sites says ssl, which counts for all
	// Defaults is how many sites say default_server; nginx refuses two.
	Defaults int
}

// doorKey is an address in one configuration of nginx.
type doorKey struct {
	whole    int
	endpoint netaddr.Endpoint
}

// Doors returns the addresses that nginx serves by TCP or unix socket, in the
// order of the sites.
func (s *Stack) Doors() []*Door {
	s.opened.Do(s.openDoors)
	return s.doors
}

func (s *Stack) openDoors() {
	s.doorAt = map[doorKey]*Door{}
	for _, site := range s.Sites {
		for i := range site.Listens {
			listen := &site.Listens[i]
			if listen.Endpoint.Network == 0 || listen.UDP {
				continue
			}
			key := doorKey{site.Whole, listen.Endpoint}
			door := s.doorAt[key]
			if door == nil {
				door = &Door{Endpoint: listen.Endpoint, Default: site}
				s.doorAt[key], s.doors = door, append(s.doors, door)
			}
			if door.Sites = append(door.Sites, site); listen.Default {
				door.Default = site
				door.Defaults++
			}
			door.SSL = door.SSL || listen.SSL
		}
	}
}

// DoorOf returns the door of nginx that a connection to e arrives at; nil when
// none is known. Whole is the configuration that is asked.
func (s *Stack) DoorOf(whole int, e netaddr.Endpoint) *Door {
	s.opened.Do(s.openDoors)
	for _, h := range e.Listeners() {
		if h.Network == netaddr.TCP && e.Addr.Is4() != h.Addr.Is4() && !s.dual(whole, h) {
			continue
		}
		if door := s.doorAt[doorKey{whole, h}]; door != nil {
			return door
		}
	}
	return nil
}

// dual reports whether a listen on an IPv6 wildcard takes IPv4 as well.
func (s *Stack) dual(whole int, e netaddr.Endpoint) bool {
	door := s.doorAt[doorKey{whole, e}]
	if door == nil || e.Addr != netip.IPv6Unspecified() {
		return false
	}
	for _, site := range door.Sites {
		for _, listen := range site.Listens {
			if listen.Endpoint == e && !listen.V6Only {
				return true
			}
		}
	}
	return false
}

// For returns the site that answers a request for a host: one of that name, of
// a wildcard that covers it, or the default. known is false where an expression
// may match.
func (d *Door) For(host string) (site *Site, known bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	var wild *Site
	length, expression := 0, false
	for _, s := range d.Sites {
		for _, name := range s.Names {
			name = strings.ToLower(name)
			switch {
			case name == host:
				return s, true
			case strings.HasPrefix(name, "~"):
				expression = true
			case strings.HasPrefix(name, "*.") && strings.HasSuffix(host, name[1:]),
				strings.HasPrefix(name, ".") && strings.HasSuffix("."+host, name),
				strings.HasSuffix(name, ".*") && strings.HasPrefix(host, name[:len(name)-1]):
				if len(name) > length {
					wild, length = s, len(name)
				}
			}
		}
	}
	if wild != nil {
		return wild, true
	}
	return d.Default, !expression
}

// TLS returns why the handshake with the site that answers a peer fails, and
// the door at which it does.
func (s *Stack) TLS(g *Gateway, p *Peer) (TLSFault, *Door) {
	if g.Protocol != HTTPS || p.Site == nil || p.Down {
		return TLSFits, nil
	}
	door := s.DoorOf(p.Site.Whole, p.Endpoint)
	if door == nil {
		return TLSFits, nil
	}
	if !door.SSL {
		for _, site := range door.Sites {
			if on := site.SSL(); on.Written() || on.Why() != "" {
				return TLSFits, nil
			}
		}
		return TLSToPlain, door
	}
	asked, ok := g.SSLProtocols().Known()
	served, both := door.Default.SSLProtocols().Known()
	if ok && both && !slices.ContainsFunc(asked, func(v string) bool { return slices.Contains(served, v) }) {
		return TLSProtocols, door
	}
	name, known := s.sentName(g)
	if !known {
		return TLSFits, nil
	}
	site := door.Default
	if name != "" {
		if site, known = door.For(name); !known {
			return TLSFits, nil
		}
	}
	if reject, _ := site.RejectHandshake().Known(); reject {
		return TLSRefused, door
	}
	return TLSFits, nil
}

// sentName is the name that a gateway sends to its origin in the handshake: ""
// for none. known is false when the files do not tell.
func (s *Stack) sentName(g *Gateway) (name string, known bool) {
	on, ok := g.SSLServerName().Known()
	if !ok {
		return "", false
	}
	if !on {
		return "", true
	}
	written := g.SSLName()
	name, ok = written.Known()
	switch {
	case written.Why() != "" || strings.Contains(name, "$"):
		return "", false
	case !ok && g.Upstream != nil:
		name = g.Upstream.Name
	case !ok:
		if name = g.Host; g.Variable {
			return "", false
		}
	}
	name = netaddr.ParseAddress(name).Host
	if _, err := netip.ParseAddr(name); err == nil {
		return "", true
	}
	return name, true
}
