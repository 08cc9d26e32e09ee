package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
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

// refused is what nginx logs when e has no listener (measured on nginx 1.22).
func refused(e netaddr.Endpoint) string {
	if e.Network == netaddr.Unix {
		return "connect() to unix:" + e.Path + " failed (2: No such file or directory) while connecting to upstream"
	}
	return `connect() failed (111: Connection refused) while connecting to upstream, upstream: "fastcgi://` + e.String() + `"`
}

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
