package stack

import (
	"iter"
	"slices"

	"github.com/wp502lint/wp502lint/deploy"
)

// Neighbours returns the pools in the other containers of the deployment.
func (s *Stack) Neighbours() iter.Seq[*Pool] {
	return func(yield func(*Pool) bool) {
		if s.Container == nil {
			return
		}
		for _, other := range s.Container.Deployment.Machines {
			at := s.fleet.machines[other]
			if at == nil || other == s.Container {
				continue
			}
			for _, pool := range at.Pools {
				if !yield(pool) {
					return
				}
			}
		}
	}
}

// Mates yields the other containers in the network namespace of the container: a port that a
// server of one listens on is taken for those of the others. What starts in them is known.
func (s *Stack) Mates() iter.Seq[*Machine] {
	return func(yield func(*Machine) bool) {
		m := s.fleet.machines[s.Container]
		if m == nil || !m.lasts() {
			return
		}
		for _, mate := range m.mates {
			if mate.lasts() && !yield(mate) {
				return
			}
		}
	}
}

// lasts reports whether the servers of the container certainly start, and run on.
func (m *Machine) lasts() bool {
	return m.Container.Unknown == "" && !m.Container.Ends && !m.ended()
}

// Clients returns the gateways that may connect to pools of s: its own, and those of other
// containers that do.
func (s *Stack) Clients() []*Gateway {
	all := slices.Clip(s.Gateways)
	for _, m := range s.Machines {
		all = append(all, s.fleet.clients[m]...)
	}
	return all
}

// ended reports whether the container has ended, since its PHP-FPM goes to the background: one
// that refuses to start is another fault.
func (m *Machine) ended() bool {
	return m.Container.Background && !slices.ContainsFunc(m.Masters, func(master *Master) bool { return master.Refuses })
}

// Ended reports whether another container of g's deployment has ended, since its PHP-FPM goes
// to the background.
func Ended(m *deploy.Machine, g *Gateway) bool {
	at := g.Machine.fleet.machines[m]
	return at != nil && at.ended()
}

// PoolsOf returns the pools of another container of g's deployment.
func PoolsOf(m *deploy.Machine, g *Gateway) []*Pool {
	if at := g.Machine.fleet.machines[m]; at != nil {
		return at.Pools
	}
	return nil
}

// ListenersOf returns the listeners of nginx in another container of g's deployment.
func ListenersOf(m *deploy.Machine, g *Gateway) []*Listener {
	if at := g.Machine.fleet.machines[m]; at != nil {
		return at.Listeners
	}
	return nil
}
