package nginxt

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// socket is an address that nginx listens on.
type socket struct {
	path string
	addr netip.Addr // zero for a path
	port uint16
	udp  bool
}

// listened records a listen, and finds a second one of its address: in one server of
// stream, or in all of mail (nginx ngx_stream.c, ngx_stream_add_listen;
// ngx_mail_core_module.c, ngx_mail_core_listen).
func (x *inspector) listened(d nginx.Directive, at *listened, in servers.NginxContext) {
	// A name perhaps has several addresses.
	if !x.main || !at.plain || !at.addr.IsValid() && at.Network == netaddr.TCP && at.Host != "*" || at.Last > at.Port {
		return
	}
	udp := false
	for i := 1; i < d.NumArgs() && !udp; i++ {
		parameter := d.Arg(i).String()
		udp = parameter == "udp" || parameter == "quic"
	}
	at.udp, at.tcp = at.udp || udp, at.tcp || !udp
	one := at.socket(udp)
	x.listenedTwice(d, in, one)
	if why, errno := x.unbindable(d, one.addr); why != "" {
		x.unbound = append(x.unbound, unbound{d, one, why, errno})
	}
}

// socket returns the address as that of a socket.
func (at *listened) socket(udp bool) socket {
	one := socket{at.Path, at.addr, at.Port, udp}
	if !at.addr.IsValid() && at.Network == netaddr.TCP {
		one.addr = netip.IPv4Unspecified()
	}
	return one
}

// all returns the socket for all addresses of the port of s.
func (s socket) all() socket {
	all := socket{addr: netip.IPv4Unspecified(), port: s.port, udp: s.udp}
	if s.addr.Is6() {
		all.addr = netip.IPv6Unspecified()
	}
	return all
}

// unbound is a listen whose address nginx cannot bind a socket to.
type unbound struct {
	d          nginx.Directive
	to         socket
	why, errno string
}

// unbindable says why nginx cannot bind a socket to an address: no machine has one of
// 0.0.0.0/8, one of IPv6 that is valid on a link only needs the name of the link, and one of
// IPv4 in IPv6 is ipv6only, as all are unless told otherwise (measured on nginx 1.22 and Linux).
// why is "" if it can.
func (x *inspector) unbindable(d nginx.Directive, addr netip.Addr) (why, errno string) {
	switch {
	case addr.Is4() && addr.As4()[0] == 0 && !addr.IsUnspecified():
		return "no machine has this address", "99: Cannot assign requested address"
	case addr.Is6() && addr.IsLinkLocalUnicast():
		return "an address of a link needs the name of an interface, which nginx cannot give", "22: Invalid argument"
	case addr.Is4In6() && !x.dual(d):
		return "an IPv4 address written as IPv6 needs ipv6only=off", "22: Invalid argument"
	}
	return "", ""
}

// dual reports whether a listen is not ipv6only, or may not be.
func (x *inspector) dual(d nginx.Directive) bool {
	for word := range words(d) {
		if word == "ipv6only=off" || !x.stays(word) {
			return true
		}
	}
	return false
}

// judgeUnbound reports the addresses that nginx binds a socket to and cannot. It binds none
// where another listen has all addresses of the port (nginx ngx_http.c,
// ngx_http_init_listening), unless parameters need one.
func (x *inspector) judgeUnbound(sockets map[socket]bool) {
	for _, one := range x.unbound {
		if x.config.Open || sockets[one.to.all()] {
			continue
		}
		text := one.d.Arg(0).String()
		x.refuse(one.d, one.d.Arg(0).Span(), fmt.Sprintf("nginx cannot listen on %s: %s", source.Excerpt(text), one.why), fmt.Sprintf("bind() to %s failed (%s)", text, one.errno))
	}
}

// blockSocket is an address in one server of stream, or, with block 0, in mail.
type blockSocket struct {
	block int
	socket
}

func (x *inspector) listenedTwice(d nginx.Directive, in servers.NginxContext, one socket) {
	key := blockSocket{0, one}
	switch in {
	case servers.NginxStreamServer:
		key.block = x.block
	case servers.NginxMailServer:
	default:
		return
	}
	if x.bound == nil {
		x.bound = map[blockSocket]nginx.Directive{}
	}
	first, twice := x.bound[key]
	if !twice {
		x.bound[key] = d
	} else if first != d {
		x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(),
			Message: fmt.Sprintf("a second listen for %s", d.Arg(0).String()), Says: fmt.Sprintf("duplicate \"%s\" address and port pair", strings.TrimSpace(d.Arg(0).String()))})
	}
}

// connections judges worker_connections: nginx needs one for each socket that it listens on,
// and one more (nginx ngx_event.c, ngx_event_init_conf).
func (x *inspector) connections(d nginx.Directive) {
	x.workers = append(x.workers, d)
}

// sockets returns the addresses that nginx listens on, at least.
func (x *inspector) sockets() map[socket]bool {
	known := map[socket]bool{}
	for _, at := range x.listens {
		if at.tcp {
			known[at.socket(false)] = true
		}
		if at.udp {
			known[at.socket(true)] = true
		}
	}
	return known
}

// judgeConnections compares worker_connections with the sockets, of which there may be more.
func (x *inspector) judgeConnections(sockets map[socket]bool) {
	if !x.main {
		return
	}
	own := int64(0)
	for one := range sockets {
		if all := one.all(); one.path != "" || one == all || !sockets[all] {
			own++ // one for all addresses takes in the others of its port
		}
	}
	for _, d := range x.workers {
		if n, ok := nginx.Number(d.Arg(0).String()); ok && n < own+1 && x.stays(d.Arg(0).String()) {
			x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%d worker_connections are not enough for %d listening sockets: at least %d are needed", n, own, own+1),
				fmt.Sprintf("%d worker_connections are not enough for %d listening sockets", n, own))
		}
	}
}
