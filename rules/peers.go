package rules

import (
	"iter"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// onlyServer is when a gateway with one failed server answers 502, or 503 with Apache.
const onlyServer = "there is no other server to try"

// otherServer is when a gateway with a failed server does so for some requests only.
const otherServer = "there is another server to try"

// perServer are the outcomes of a fault of one server.
var perServer = lint.Outcomes{lint.BadGateway: onlyServer, lint.Sometimes: otherServer}

// used yields the servers that nginx passes requests to, with their gateways:
// those that are not marked down.
func used(s *stack.Stack) iter.Seq2[*stack.Gateway, *stack.Peer] { return usedBy(s.Gateways) }

// usedBy is used for some gateways.
func usedBy(gateways []*stack.Gateway) iter.Seq2[*stack.Gateway, *stack.Peer] {
	return func(yield func(*stack.Gateway, *stack.Peer) bool) {
		for _, g := range gateways {
			for _, peer := range g.Peers {
				if !peer.Down && !yield(g, peer) {
					return
				}
			}
		}
	}
}

// addressed returns the gateways whose addresses nginx checks: also those that
// a later one replaces.
func addressed(s *stack.Stack) []*stack.Gateway { return slices.Concat(s.Gateways, s.Replaced) }

// onlyApache reports whether no web server but Apache passes requests to a pool with these
// gateways.
func onlyApache(gateways []*stack.Gateway) bool {
	return len(gateways) > 0 && !slices.ContainsFunc(gateways, func(g *stack.Gateway) bool { return !ofApache(g) })
}

// nginxGateways yields the gateways of nginx: those that have its directives.
func nginxGateways(s *stack.Stack) iter.Seq[*stack.Gateway] {
	return func(yield func(*stack.Gateway) bool) {
		for _, g := range s.Gateways {
			if g.Pass == nil && !yield(g) {
				return
			}
		}
	}
}

// nginxSites yields the sites of nginx.
func nginxSites(s *stack.Stack) iter.Seq[*stack.Site] {
	return func(yield func(*stack.Site) bool) {
		for _, site := range s.Sites {
			if site.Front.Server == servers.Nginx && !yield(site) {
				return
			}
		}
	}
}

// nginxListeners yields the addresses at which nginx listens.
func nginxListeners(s *stack.Stack) iter.Seq[*stack.Listener] {
	return func(yield func(*stack.Listener) bool) {
		for _, l := range s.Listeners {
			if l.Sites[0].Front.Server == servers.Nginx && !yield(l) {
				return
			}
		}
	}
}

// gatewaysWith returns the gateways that connect to an address with the given
// fault, by the pool of that address.
func gatewaysWith(s *stack.Stack, fault stack.Fault) map[*stack.Pool][]*stack.Gateway {
	return connecting(s, func(peer *stack.Peer) bool { return peer.Fault == fault })
}

// reaching returns the gateways whose connections arrive, by pool, for the
// pools for which about is true.
func reaching(s *stack.Stack, about func(*stack.Pool) bool) map[*stack.Pool][]*stack.Gateway {
	return connecting(s, func(peer *stack.Peer) bool {
		return peer.Fault == stack.Answers && peer.Pool != nil && about(peer.Pool)
	})
}

func connecting(s *stack.Stack, that func(*stack.Peer) bool) map[*stack.Pool][]*stack.Gateway {
	by := map[*stack.Pool][]*stack.Gateway{}
	for g, peer := range usedBy(s.Clients()) {
		list := by[peer.Pool]
		if that(peer) && (list == nil || list[len(list)-1] != g) { // one pool may be several of its peers
			by[peer.Pool] = append(list, g)
		}
	}
	return by
}

// failing returns the outcome for a gateway when one of its peers fails: the web server
// tries another, if there is one.
func failing(g *stack.Gateway) lint.Outcome {
	for _, peer := range g.Peers {
		switch peer.Fault {
		case stack.Answers, stack.Elsewhere, stack.Untold:
			if !peer.Down {
				return sometimes(g)
			}
		}
	}
	return dead(g)
}

// dead is the outcome for a gateway when nothing else can answer: 502, and 503 with Apache.
func dead(g *stack.Gateway) lint.Outcome { return lint.BadGateway.With(g.Front.Server) }

// sometimes is dead for a failure that only some requests meet.
func sometimes(g *stack.Gateway) lint.Outcome { return lint.Sometimes.With(g.Front.Server) }

// besides is failing for a fault that leaves it open whether the other servers
// answer.
func besides(g *stack.Gateway) lint.Outcome {
	if len(g.Peers) > 1 {
		return sometimes(g)
	}
	return dead(g)
}

// firstPeer returns the first peer of a gateway that connects to the pool.
func firstPeer(g *stack.Gateway, pool *stack.Pool) *stack.Peer {
	for _, peer := range g.Peers {
		if peer.Pool == pool && !peer.Down {
			return peer
		}
	}
	return g.Peers[0]
}

// listenFor returns the listen of a site with the port or the path of an
// address; the site's own place if it has none.
func listenFor(site *stack.Site, e netaddr.Endpoint) stack.Listen {
	for _, listen := range site.Listens {
		if listen.Endpoint.Port == e.Port && listen.Endpoint.Path == e.Path {
			return listen
		}
	}
	return stack.Listen{At: site.At}
}
