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
		all := socket{addr: netip.IPv4Unspecified(), port: one.port, udp: one.udp}
		if one.addr.Is6() {
			all.addr = netip.IPv6Unspecified()
		}
		if one.path != "" || one == all || !x.sockets[all] {
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
