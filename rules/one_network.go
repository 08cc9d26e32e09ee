package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/stack"
)

// takenByMatePool reports a pool at the address of one in a container of the same network
// namespace that starts before.
func takenByMatePool(p *lint.Pass) {
	for mate := range p.Stack.Mates() {
		for second := range bounds(p.Stack) {
			if second.pool.Master.Refuses {
				continue
			}
			first := listensThere(mate, func(e netaddr.Endpoint) bool {
				a := second.listen.Endpoint
				return a.Network == netaddr.TCP && e.Network == netaddr.TCP && a.Port == e.Port && (a.Addr == e.Addr || covers(a, e) || covers(e, a))
			})
			if first == nil || !mate.Container.StartsBefore(p.Stack.Container) {
				continue
			}
			p.Report(lint.Finding{
				At: second.listen.At,
				Message: fmt.Sprintf("pool %s of container %s cannot listen on %s: pool %s of container %s does, in the same network namespace",
					second.pool.Name, p.Stack.Container.Name, plain(second.listen.Endpoint), first.Name, mate.Container.Name),
				Notes: []lint.Note{{At: first.Listen.At, Message: fmt.Sprintf("pool %s listens here", first.Name)}},
				Log:   []string{fmt.Sprintf("ERROR: unable to bind listening socket for address '%s': Address already in use (98)", second.listen.Text)},
			})
		}
	}
}

// listensThere returns the first pool of a container that listens on an address; nil for none.
func listensThere(m *stack.Machine, is func(netaddr.Endpoint) bool) *stack.Pool {
	i := slices.IndexFunc(m.Pools, func(pool *stack.Pool) bool {
		return pool.Master.Together && !pool.Master.Refuses && is(pool.Listen.Endpoint)
	})
	if i < 0 {
		return nil
	}
	return m.Pools[i]
}

// takenByMate reports a listen of a web server at the address of a server in another container of the
// same network namespace.
func takenByMate(p *lint.Pass) {
	for mate := range p.Stack.Mates() {
		for _, listener := range p.Stack.Listeners {
			if listener.Endpoint.Network != netaddr.TCP {
				continue
			}
			f := unbound(listener)
			web, others := listener.Sites[0].Front.Name(), "that"
			pool := listensThere(mate, func(e netaddr.Endpoint) bool { return meets(e, listener) && e.Port == listener.Endpoint.Port })
			other := boundTwice(mate, listener)
			switch {
			case pool != nil:
				f.Message = fmt.Sprintf("%s of container %s and pool %s of container %s", web, p.Stack.Container.Name, pool.Name, mate.Container.Name)
				f.Notes = []lint.Note{{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens here", pool.Name)}}
			case other != nil && mate.Container.StartsBefore(p.Stack.Container):
				if name := other.Sites[0].Front.Name(); name != web {
					others = name
				}
				f.Message = fmt.Sprintf("%s of container %s and %s of container %s", web, p.Stack.Container.Name, others, mate.Container.Name)
				f.Notes = []lint.Note{{At: listenOf(other).At, Message: "the other listen"}}
			default:
				continue
			}
			f.At = listenOf(listener).At
			f.Message += fmt.Sprintf(" cannot both listen on %s: they have one network namespace", bindable(listener.Endpoint))
			p.Report(f)
		}
	}
}

// boundTwice returns the listener of a web server on a machine that takes the address of another one;
// nil for none. Two nginx share an address only if both set reuseport.
func boundTwice(m *stack.Machine, own *stack.Listener) *stack.Listener {
	a := own.Endpoint
	i := slices.IndexFunc(m.Listeners, func(l *stack.Listener) bool {
		b := l.Endpoint
		return b.Network == netaddr.TCP && a.Port == b.Port && (a.Addr.Is4() == b.Addr.Is4() || bothFamilies(own) || bothFamilies(l)) && (a.Addr == b.Addr || a.Addr.IsUnspecified() || b.Addr.IsUnspecified()) &&
			!(listenOf(own).ReusePort && listenOf(l).ReusePort)
	})
	if i < 0 {
		return nil
	}
	return m.Listeners[i]
}

// listenOf returns the first listen of a listener.
func listenOf(l *stack.Listener) *stack.Listen {
	listens := l.Sites[0].Listens
	return &listens[slices.IndexFunc(listens, func(one stack.Listen) bool { return one.Endpoint == l.Endpoint && !one.UDP })]
}
