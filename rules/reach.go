package rules

import "github.com/wp502lint/wp502lint/stack"

// callers returns by pool the gateways whose requests it answers.
func callers(s *stack.Stack) map[*stack.Pool][]*stack.Gateway {
	by := map[*stack.Pool][]*stack.Gateway{}
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
