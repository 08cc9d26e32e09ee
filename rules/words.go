package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// plain spells an endpoint for people: the path of a socket, or address and
// port.
func plain(e netaddr.Endpoint) string {
	if e.Network == netaddr.Unix {
		return e.Path
	}
	if e.Addr.IsUnspecified() && e.Addr.Is6() {
		return fmt.Sprintf("port %d of every address", e.Port)
	}
	return e.String()
}

// gatewayAddress spells the address by which a gateway connects to a listener.
func gatewayAddress(e netaddr.Endpoint) string {
	if e.Network == netaddr.TCP && e.Addr.IsUnspecified() {
		e.Addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return e.String()
}

// refused is what the web server of g logs when e has no listener (measured on nginx 1.22 and
// Apache 2.4).
func refused(g *stack.Gateway, e netaddr.Endpoint) string {
	switch {
	case ofApache(g) && e.Network == netaddr.Unix && len(e.Path) > longestPath+1:
		return "(22)Invalid argument: AH02454: FCGI: attempt to connect to Unix domain socket " + e.Path + " (localhost:8000) failed"
	case ofApache(g) && e.Network == netaddr.Unix:
		return "(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket " + e.Path + " (localhost:8000) failed"
	case ofApache(g):
		return fmt.Sprintf("(111)Connection refused: AH00957: FCGI: attempt to connect to %s (%s:%d) failed", e, e.Addr, e.Port)
	}
	if e.Network == netaddr.Unix {
		return "connect() to unix:" + e.Path + " failed (2: No such file or directory) while connecting to upstream"
	}
	return `connect() failed (111: Connection refused) while connecting to upstream, upstream: "fastcgi://` + e.String() + `"`
}

// backendName is what Apache calls a backend: its address, and for a socket the name that comes after it,
// which is localhost nearly everywhere, with the port of its scheme (measured on Apache 2.4).
func backendName(e netaddr.Endpoint, port int) string {
	if e.Network == netaddr.Unix {
		return fmt.Sprintf("localhost:%d", port)
	}
	return fmt.Sprintf("%s:%d", e.Addr, e.Port)
}

// longestPath is how many bytes a path of a unix socket has at most. Apache connects to one of a
// byte more, which is that of no socket, and to no longer one (measured on Apache 2.4).
const longestPath = 107

const apacheReset = "(104)Connection reset by peer: AH01075: Error dispatching request to :8080:"

// reset is what the web server of g logs when PHP-FPM closes the connection before it answers
// (measured on nginx 1.22 and Apache 2.4).
func reset(g *stack.Gateway) string {
	if ofApache(g) {
		return apacheReset
	}
	return "recv() failed (104: Connection reset by peer) while reading response header from upstream"
}

// notPermitted is what the web server of g logs when it may not connect to a socket (measured on
// nginx 1.22 and Apache 2.4).
func notPermitted(g *stack.Gateway, socket string) string {
	if ofApache(g) {
		return "(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket " + socket + " (localhost:8000) failed"
	}
	return "connect() to unix:" + socket + " failed (13: Permission denied) while connecting to upstream"
}

// passing is what passes requests on at g: the directive of nginx or Apache.
func passing(g *stack.Gateway) string {
	if g.Pass != nil {
		return g.Pass.Way.String()
	}
	return g.Protocol.Pass()
}

// encloses reports whether a span is another one or a part of it.
func encloses(outer, inner source.Span) bool {
	return outer.File == inner.File && outer.Start <= inner.Start && inner.End <= outer.End
}

// ofApache reports whether the web server of g is Apache.
func ofApache(g *stack.Gateway) bool { return g.Front.Server == servers.Apache }

// web is what the web server of g is called.
func web(g *stack.Gateway) string { return g.Front.Name() }

// apart spells two different amounts so that their texts differ too.
func apart(a, b int64) (string, string) {
	whole := strings.NewReplacer(".0 GiB", " GiB")
	switch {
	case whole.Replace(bytes(a)) != whole.Replace(bytes(b)):
		return bytes(a), bytes(b)
	case a>>20 != b>>20:
		return fmt.Sprintf("%d MiB", a>>20), fmt.Sprintf("%d MiB", b>>20)
	}
	return fmt.Sprintf("%d bytes", a), fmt.Sprintf("%d bytes", b)
}

// bytes spells a number of bytes with a binary unit and one decimal.
func bytes(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}

// value returns the value of a setting. It reports one that the files do not
// determine as not checked.
func value[T any](p *lint.Pass, s source.Setting[T]) (v T, known bool) {
	if s.Why() != "" {
		p.NotChecked(s.At(), s.Why())
	}
	return s.Known()
}

// word returns the first word of a directive.
func word(at source.Span) string {
	name, _, _ := strings.Cut(at.Text(), " ")
	return strings.TrimSpace(name)
}
