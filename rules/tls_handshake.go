package rules

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// tlsFault is why the TLS handshake of a gateway with a site of the same nginx fails.
type tlsFault uint8

// The faults of TLS, in the order in which they occur.
const (
	handshakeFits      tlsFault = iota
	handshakeToPlain            // https to an address that is served without TLS
	handshakeProtocols          // no version of TLS is common to both sides
	handshakeRefused            // the name sent belongs to a server with ssl_reject_handshake
)

// handshake returns why the handshake with the site that answers a peer fails, the listener
// that receives it, and the site that the name sent selects there; nil for what is not known.
func handshake(g *stack.Gateway, p *stack.Peer) (tlsFault, *stack.Listener, *stack.Site) {
	if g.Protocol != stack.HTTPS || p.Site == nil || p.Down {
		return handshakeFits, nil, nil
	}
	listener := p.Site.ListenerAt(p.Endpoint)
	if listener == nil {
		return handshakeFits, nil, nil
	}
	if !listener.SSL {
		for _, site := range listener.Sites {
			if on := site.SSL(); on.Written() || on.Why() != "" {
				return handshakeFits, nil, nil
			}
		}
		return handshakeToPlain, listener, nil
	}
	asked, ok := g.SSLProtocols().Known()
	served, both := listener.Default.SSLProtocols().Known()
	if ok && both && !slices.ContainsFunc(asked, func(v string) bool { return slices.Contains(served, v) }) {
		return handshakeProtocols, listener, nil
	}
	name, known := sentName(g)
	if !known {
		return handshakeFits, nil, nil
	}
	site := listener.Default
	if name != "" {
		if site, known = listener.For(name); !known {
			return handshakeFits, nil, nil
		}
	}
	if reject, _ := site.RejectHandshake().Known(); reject {
		return handshakeRefused, listener, site
	}
	return handshakeFits, listener, site
}

// sentName is the name that a gateway sends to its origin in the handshake, "" for
// none. known is false if the files do not determine it.
func sentName(g *stack.Gateway) (name string, known bool) {
	on, ok := g.SSLServerName().Known()
	if !ok {
		return "", false
	}
	if !on {
		return "", true
	}
	if name, known = verifiedName(g); !known {
		return "", false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return "", true
	}
	return name, true
}

// verifiedName is the name that a gateway looks for in the certificate of its origin, when
// *_ssl_verify is on. known is false if the files do not determine it.
func verifiedName(g *stack.Gateway) (name string, known bool) {
	written := g.SSLName()
	name, ok := written.Known()
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
	return netaddr.ParseAddress(name).Host, true
}
