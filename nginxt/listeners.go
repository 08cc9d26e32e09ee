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
	text := d.Arg(0).String()
	if !x.main || !x.stays(text) || nginx.HasVariable(text) || source.Stub(text) {
		return
	}
	one := socket{path: at.Path, addr: at.addr, port: at.Port}
	if !at.addr.IsValid() && at.Network == netaddr.TCP {
		if at.Host != "*" {
			return // a name, perhaps of several addresses
		}
		one.addr = netip.IPv4Unspecified()
	}
	for _, w := range d.Args() {
		one.udp = one.udp || w.String() == "udp" || w.String() == "quic"
	}
	if at.Last > at.Port {
		return
	}
	if x.sockets == nil {
		x.sockets = map[socket]bool{}
	}
	x.sockets[one] = true
	x.listenedTwice(d, in, one)
	if why, errno := x.unbindable(d, one.addr); why != "" {
		x.unbound = append(x.unbound, unbound{d, one, why, errno})
	}
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
// ngx_http_init_listening), unless parameters ask for one.
func (x *inspector) judgeUnbound() {
	for _, one := range x.unbound {
		if x.config.Open || x.sockets[one.to.all()] {
			continue
		}
		text := one.d.Arg(0).String()
		x.refuse(one.d, one.d.Arg(0).Span(), fmt.Sprintf("nginx cannot listen on %s: %s", source.Excerpt(text), one.why), fmt.Sprintf("bind() to %s failed (%s)", text, one.errno))
	}
}

// all returns the socket for all addresses of the port of s.
func (s socket) all() socket {
	all := socket{addr: netip.IPv4Unspecified(), port: s.port, udp: s.udp}
	if s.addr.Is6() {
		all.addr = netip.IPv6Unspecified()
	}
	return all
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

// judgeConnections compares worker_connections with the sockets, of which there may be more.
func (x *inspector) judgeConnections() {
	if !x.main {
		return
	}
	sockets := int64(0)
	for one := range x.sockets {
		if all := one.all(); one.path != "" || one == all || !x.sockets[all] {
			sockets++ // one for all addresses takes in the others of its port
		}
	}
	for _, d := range x.workers {
		if n, ok := nginx.Number(d.Arg(0).String()); ok && n < sockets+1 && x.stays(d.Arg(0).String()) {
			x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%d worker_connections are not enough for %d listening sockets: at least %d are needed", n, sockets, sockets+1),
				fmt.Sprintf("%d worker_connections are not enough for %d listening sockets", n, sockets))
		}
	}
}
