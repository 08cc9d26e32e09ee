package rules

import (
	"slices"

	"github.com/wp502lint/wp502lint/stack"
)

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
