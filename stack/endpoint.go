package stack

import (
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Network is how an endpoint is reached.
type Network uint8

// The networks. The zero Network is that of no endpoint.
const (
	Unix Network = iota + 1
	TCP
)

// Endpoint is where a server listens or where a gateway knocks, normalised so
// that equal endpoints meet: /var/run/a//b.sock is /run/a/b.sock, and a gateway
// that knocks at 0.0.0.0 reaches loopback.
//
// An endpoint that a server listens on may have an unspecified address: it
// serves every address of its family, and :: those of IPv4 as well.
type Endpoint struct {
	Network Network
	Path    string     // Unix: absolute
	Addr    netip.Addr // TCP
	Port    uint16     // TCP
}

// UnixEndpoint returns the endpoint of a unix socket.
func UnixEndpoint(name string) Endpoint {
	name = path.Clean(name)
	if rest, ok := strings.CutPrefix(name, "/var/run/"); ok {
		name = "/run/" + rest
	}
	return Endpoint{Network: Unix, Path: name}
}

// TCPEndpoint returns the endpoint of a TCP port.
func TCPEndpoint(addr netip.Addr, port uint16) Endpoint {
	return Endpoint{Network: TCP, Addr: addr.Unmap(), Port: port}
}

// String returns the endpoint as fastcgi_pass spells it.
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

// IsLocal reports whether only this machine can be meant: a unix socket, or a
// loopback address.
func (e Endpoint) IsLocal() bool { return e.Network == Unix || e.Addr.IsLoopback() }

// knocks returns where a connection to e arrives: Linux takes an unspecified
// address for loopback.
func (e Endpoint) knocks() Endpoint {
	switch {
	case e.Network != TCP || !e.Addr.IsUnspecified():
	case e.Addr.Is4():
		e.Addr = loopback4
	default:
		e.Addr = loopback6
	}
	return e
}

// Hears reports whether a listener at e accepts a connection to knock.
func (e Endpoint) Hears(knock Endpoint) bool { return slices.Contains(knock.hearers(), e) }

// hearers returns the endpoints whose listeners accept a connection to e, the
// most specific first. Whether those of every address accept one to an address
// that is not of loopback is not known: it may be that of another machine.
func (e Endpoint) hearers() []Endpoint {
	if e.Network != TCP || !e.IsLocal() {
		return []Endpoint{e}
	}
	any6 := Endpoint{Network: TCP, Addr: netip.IPv6Unspecified(), Port: e.Port}
	if e.Addr.Is4() {
		return []Endpoint{e, {Network: TCP, Addr: netip.IPv4Unspecified(), Port: e.Port}, any6}
	}
	return []Endpoint{e, any6}
}

var (
	loopback4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	loopback6 = netip.IPv6Loopback()
)

// port reads a port as both servers do: decimal, 1 to 65535.
func port(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, false
	}
	return uint16(n), n > 0
}

// listenPort reads the port of a listen value of FPM as strtol(3) does, which
// takes blanks and a plus sign in front of it (measured on PHP-FPM 8.2).
func listenPort(s string) (uint16, bool) {
	return port(strings.TrimPrefix(strings.TrimLeft(s, " \t\v\f\r"), "+"))
}

// splitHostPort splits at the last colon. Brackets around an IPv6 address are
// taken off; found tells whether there was a colon outside brackets.
func splitHostPort(s string) (host, after string, found bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.HasSuffix(s, "]") {
		return strings.Trim(s, "[]"), "", false
	}
	host = s[:i]
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	return host, s[i+1:], true
}
