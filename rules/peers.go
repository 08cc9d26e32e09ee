package rules

import (
	"iter"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// onlyServer is when a gateway with one failed server answers 502.
const onlyServer = "nginx has no other server to try"

// perServer are the outcomes of a fault of one server.
var perServer = lint.Outcomes{lint.BadGateway: onlyServer, lint.Sometimes: "nginx has another server to try"}

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

// callers returns, by pool, the gateways whose requests it answers.
func callers(s *stack.Stack) map[*stack.Pool][]*stack.Gateway {
	by := make(map[*stack.Pool][]*stack.Gateway, len(s.Pools))
	for _, g := range s.Gateways {
		if g.Protocol != stack.FastCGI {
			continue
		}
		for i, peer := range g.Peers {
			if i == 0 || g.Peers[i-1].Pool != peer.Pool {
				if !peer.Down && peer.Fault == stack.Answers && peer.Pool != nil {
					by[peer.Pool] = append(by[peer.Pool], g)
				}
			}
		}
	}
	return by
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

// failing returns the outcome for a gateway when one of its peers fails: nginx
// tries another, if there is one.
func failing(g *stack.Gateway) lint.Outcome {
	for _, peer := range g.Peers {
		switch peer.Fault {
		case stack.Answers, stack.Elsewhere, stack.Untold:
			if !peer.Down {
				return lint.Sometimes
			}
		}
	}
	return lint.BadGateway
}

// besides is failing for a fault that leaves it open whether the other servers
// answer.
func besides(g *stack.Gateway) lint.Outcome {
	if len(g.Peers) > 1 {
		return lint.Sometimes
	}
	return lint.BadGateway
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
