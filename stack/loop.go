package stack

import (
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/source"
)

// moves reports whether a rewrite, or the condition of an if, in the innermost location
// may make a second request differ from the first.
func (s *scope) moves() bool {
	for ; s != nil; s = s.parent {
		if !s.block.IsZero() && s.block.Name() == "if" {
			return true
		}
		for _, it := range s.items {
			if it.keyword == kwRewrite || it.keyword == kwIf || it.keyword == kwIdleIf {
				return true
			}
		}
		if s.isLocation {
			break
		}
	}
	return false
}

// beside returns the last *_pass of another kind among items.
func (r *reader) beside(items []item, counts keyword) (at source.Span) {
	for _, it := range items {
		if protocols[it.keyword] != 0 && it.keyword != counts && it.d.NumArgs() == 1 && !it.d.HasBlock() {
			at = it.d.Arg(0).Span()
		}
	}
	return at
}

// Loops reports whether a request that a proxy_pass sends to nginx itself returns to
// the same location: the Host header sent selects the server of the gateway, and the
// path sent selects its location.
func (g *Gateway) Loops(p *Peer) bool {
	if g.Site == nil || p.Site == nil || p.Fault != Answers || p.Down || g.moved || g.location.IsZero() || g.Protocol != HTTP && g.Protocol != HTTPS {
		return false
	}
	listener := g.Site.ListenerAt(p.Endpoint)
	if listener == nil || g.Protocol == HTTPS != listener.SSL {
		return false
	}
	host, ok := g.sentHost()
	if !ok {
		return false
	}
	site, known := listener.For(host)
	return known && site == g.Site && g.sameLocation()
}

// sentHost returns the Host header that the origin receives.
func (g *Gateway) sentHost() (host string, known bool) {
	header := g.SetHeader("Host")
	host, written := header.Known()
	switch {
	case header.Why() != "":
		return "", false
	case !written || host == "$proxy_host":
		if host = g.Host; g.Upstream != nil {
			host = g.Upstream.Name
		}
		if _, unix := netaddr.CutUnix(host); unix {
			host = "localhost"
		}
	case host == "$host" || host == "$http_host" || host == "$server_name" || host == "$host:$server_port":
		if host = g.Site.Name(); host == "" || strings.ContainsAny(host, "*~") || host == "_" || strings.HasPrefix(host, ".") {
			return "", false
		}
	case strings.Contains(host, "$"):
		return "", false
	}
	return netaddr.ParseAddress(host).Host, true
}

// sameLocation reports whether the path sent leads to the location that sends it. If the
// address has no URI, it is the path of the request; if it has one, the URI replaces
// the prefix of the location.
func (g *Gateway) sameLocation() bool {
	prefix := g.location.Arg(0).String()
	switch {
	case g.URI == "":
		return true
	case strings.Contains(g.URI, "$"), g.location.NumArgs() == 2 && prefix != "^~" && prefix != "=":
		return false
	case g.location.NumArgs() == 2:
		if prefix = g.location.Arg(1).String(); g.location.Arg(0).String() == "=" {
			return g.URI == prefix
		}
	}
	return strings.HasPrefix(g.URI, prefix)
}
