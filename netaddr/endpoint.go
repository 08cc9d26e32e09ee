// Package netaddr reads addresses as nginx, PHP-FPM and getaddrinfo(3) do: what
// a text means to each, and which listener accepts a connection.
package netaddr

import (
	"iter"
	"net/netip"
	"path"
	"strings"
)

// Network is how an endpoint is reached.
type Network uint8

// The networks. The zero Network is that of no endpoint.
const (
	Unix Network = iota + 1
	TCP
)

// Endpoint is where a server listens or where a gateway connects to, normalised
// so that equal endpoints compare equal: /var/run/a//b.sock is /run/a/b.sock.
// The zero Endpoint is none.
//
// A server that listens on an unspecified address serves every address of its
// family, and :: those of IPv4 as well.
type Endpoint struct {
	Addr    netip.Addr // TCP
	Port    uint16     // TCP
	Network Network    // beside them, since an Endpoint is a key of large maps
	Path    string     // Unix: absolute
}

// UnixEndpoint returns the endpoint of a unix socket.
func UnixEndpoint(name string) Endpoint {
	name = Clean(name)
	if rest, ok := strings.CutPrefix(name, "/var/run/"); ok {
		name = "/run/" + rest
	}
	return Endpoint{Network: Unix, Path: name}
}

// Clean is path.Clean, and faster for an absolute path that is already clean.
func Clean(name string) string {
	if strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/") && !strings.Contains(name, "//") && !strings.Contains(name, "/.") {
		return name
	}
	return path.Clean(name)
}

// Dir is path.Dir, and as much faster.
func Dir(name string) string {
	i := strings.LastIndexByte(name, '/')
	if i <= 0 {
		return path.Dir(name)
	}
	return Clean(name[:i])
}

// TCPEndpoint returns the endpoint of a TCP port.
func TCPEndpoint(addr netip.Addr, port uint16) Endpoint {
	return Endpoint{Network: TCP, Addr: addr.Unmap(), Port: port}
}

// String returns the endpoint as fastcgi_pass spells it, and "" for none.
func (e Endpoint) String() string {
	switch e.Network {
	case Unix:
		return "unix:" + e.Path
	case TCP:
		return netip.AddrPortFrom(e.Addr, e.Port).String()
	default:
		return ""
	}
}

// IsZero reports whether e is none.
func (e Endpoint) IsZero() bool { return e.Network == 0 }

// IsLocal reports whether e is on this machine: a unix socket, or a loopback
// address.
func (e Endpoint) IsLocal() bool { return e.Network == Unix || e.Addr.IsLoopback() }

// InTmp reports whether e is a socket in /tmp or /var/tmp.
func (e Endpoint) InTmp() bool {
	return e.Network == Unix && (strings.HasPrefix(e.Path, "/tmp/") || strings.HasPrefix(e.Path, "/var/tmp/"))
}

// Dialed returns where a connection to e arrives: on Linux, an unspecified
// address means loopback.
func (e Endpoint) Dialed() Endpoint {
	if e.Network == TCP && e.Addr.IsUnspecified() {
		e.Addr = loopback(e.Addr)
	}
	return e
}

// Accepts reports whether a listener at e accepts a connection to dialed.
func (e Endpoint) Accepts(dialed Endpoint) bool {
	for at := range dialed.Listeners() {
		if at == e {
			return true
		}
	}
	return false
}

// Listeners yields the endpoints whose listeners accept a connection to e, the
// most specific first. An address that is not loopback may be that of another
// machine, so it yields only its own listener.
func (e Endpoint) Listeners() iter.Seq[Endpoint] {
	return func(yield func(Endpoint) bool) {
		if !yield(e) || e.Network != TCP || !e.IsLocal() {
			return
		}
		if e.Addr.Is4() && !yield(TCPEndpoint(netip.IPv4Unspecified(), e.Port)) {
			return
		}
		yield(TCPEndpoint(netip.IPv6Unspecified(), e.Port))
	}
}

// Source returns the address from which a connection to e comes: loopback for
// loopback, else unknown.
func (e Endpoint) Source() (from netip.Addr, known bool) {
	if e.Network != TCP || !e.Addr.IsLoopback() {
		return netip.Addr{}, false
	}
	return loopback(e.Addr), true
}

// loopback returns the loopback address of the family of addr.
func loopback(addr netip.Addr) netip.Addr {
	if addr.Is4() {
		return Loopback4
	}
	return Loopback6
}

// The loopback addresses of both families.
var (
	Loopback4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	Loopback6 = netip.IPv6Loopback()
)
