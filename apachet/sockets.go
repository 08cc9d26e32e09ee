package apachet

import (
	"net/netip"
	"slices"

	"github.com/wp502lint/wp502lint/parser/apache"
)

// socket is one that httpd opens for a Listen line.
type socket struct {
	addr netip.Addr
	port uint16
	l    listener
}

func (s socket) text() string { return netip.AddrPortFrom(s.addr, s.port).String() }

// any reports whether the socket is for all addresses of IPv4 or, with six, of IPv6.
func (s socket) any(six bool) bool { return s.addr.IsUnspecified() && s.addr.Is6() == six }

// taken reports whether the kernel refuses to bind s since another socket has its address: one
// for all addresses of IPv6 has those of IPv4 too (Linux; httpd server/listen.c, make_sock).
func (s socket) taken(bound []socket) bool {
	return slices.ContainsFunc(bound, func(b socket) bool {
		switch {
		case b.port != s.port:
			return false
		case b.addr == s.addr, b.any(true), s.any(true):
			return true
		}
		return b.addr.Is4() == s.addr.Is4() && (b.addr.IsUnspecified() || s.addr.IsUnspecified())
	})
}

// sockets judges the addresses that httpd listens on (httpd server/listen.c, open_listeners).
func (x *checker) sockets([]server) *Refusal {
	if len(x.listens) == 0 {
		return x.noListen()
	}
	var list []socket
	for _, l := range x.listens {
		list = append(list, x.socketsOf(l)...)
	}
	var bound []socket
	for i := 0; i < len(list); i++ {
		s := list[i]
		beside := i+1 < len(list) && list[i+1].port == s.port
		if s.any(false) && beside && list[i+1].any(true) {
			list[i], list[i+1] = list[i+1], s // httpd tries that of IPv6 first
			s = list[i]
		}
		switch six := slices.IndexFunc(bound, func(b socket) bool { return b.port == s.port && b.any(true) }); {
		case s.any(false) && six >= 0: // that of IPv6 is enough
		case !s.taken(bound):
			bound = append(bound, s)
		case s.any(true) && beside && list[i+1].any(false): // that of IPv4 is enough
		default:
			return conflict(s, bound)
		}
	}
	return nil
}

// socketsOf returns the sockets of a Listen line; none for a name, whose addresses may differ.
func (x *checker) socketsOf(l listener) []socket {
	if l.host == "" {
		four, six := socket{netip.IPv4Unspecified(), l.port, l}, socket{netip.IPv6Unspecified(), l.port, l}
		if x.facts != nil && x.facts.IPv6.Kernel {
			return []socket{four}
		}
		return []socket{four, six}
	}
	addr, ok := literal(l.host)
	if !ok || l.zone != "" {
		return nil
	}
	return []socket{{addr.Unmap(), l.port, l}}
}

// conflict returns that another Listen has the address of a socket.
func conflict(s socket, bound []socket) *Refusal {
	d := s.l.d
	r := refusal(Listen, d, d.Args[0].At, "Listen "+d.Arg(0)+" and another Listen claim one address",
		"(98)Address already in use: AH00072: make_sock: could not bind to address "+s.text())
	for _, b := range bound {
		if s.taken([]socket{b}) {
			return noted(r, b.l.d, "the other Listen is here")
		}
	}
	return r
}

// noListen returns that httpd listens nowhere.
func (x *checker) noListen() *Refusal {
	if !x.modules.sealed || mentions(x.c.Directives, "listen") || x.modules.others {
		return nil
	}
	return x.omits(Listen, "no Listen line says where Apache listens", "no listening sockets available, shutting down")
}

// mentions reports whether a list has a directive of a name, in effect or not.
func mentions(list []*apache.Directive, name string) bool {
	return slices.ContainsFunc(list, func(d *apache.Directive) bool { return d.Name == name || mentions(d.Children, name) })
}
