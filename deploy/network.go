package deploy

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Network connects machines, which find each other by names and addresses.
type Network struct {
	Name string
	// names are in lower case.
	names     map[string][]*Machine
	addresses map[netip.Addr][]*Machine
	// elsewhere is why a machine on it may have names that are not known, worded to follow "not
	// checked: "; "" if none has.
	elsewhere string
}

// Target is where a connection arrives.
type Target struct {
	Machine *Machine
	Port    uint16
}

// Route is where an address leads.
type Route struct {
	// Targets are where a connection arrives, each in turn.
	Targets []Target
	// Missing is set if no machine has the name, for certain.
	Missing bool
	// Refused is why a name that exists accepts no connection to the port; "" if one does.
	Refused string
	// Why is why the route is not known, worded to follow "not checked: ".
	Why string
}

// NewNetwork returns a network without machines.
func NewNetwork(name string) *Network {
	return &Network{Name: name, names: map[string][]*Machine{}, addresses: map[netip.Addr][]*Machine{}}
}

// join adds m under names.
func (n *Network) join(m *Machine, names ...string) {
	m.networks = append(m.networks, n)
	for _, name := range names {
		n.add(name, m)
	}
}

func (n *Network) add(name string, to *Machine) {
	name = strings.ToLower(name)
	if name != "" && !slices.Contains(n.names[name], to) {
		n.names[name] = append(n.names[name], to)
	}
}

// hostNames are the names of the host that Docker Desktop and Podman give containers. Docker
// Engine needs extra_hosts for them.
var hostNames = []string{"host.docker.internal", "gateway.docker.internal", "docker.for.mac.localhost", "docker.for.win.localhost", "host.containers.internal"}

// NamesHost reports whether a host name is one of the host on which m runs.
func (m *Machine) NamesHost(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	why, extra := m.hosts[name]
	return extra && why == "" || slices.Contains(hostNames, name)
}

// Route returns where a connection from m to a host name arrives. The name is not that of
// the loopback.
func (m *Machine) Route(host string, port uint16) Route {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	switch why, extra := m.hosts[name]; {
	case why != "":
		return Route{Why: why}
	case extra:
		return m.Deployment.published(port, host)
	case slices.Contains(hostNames, name):
		return Route{Why: "Docker Engine has no " + host + " without extra_hosts, while Docker Desktop and Podman have"}
	}
	if to := m.own[name]; to != nil {
		return Route{Targets: []Target{{to, port}}}
	}
	if m.dns != nil {
		return m.dns.route(host, port)
	}
	var found []*Machine
	elsewhere := m.elsewhere
	for _, n := range m.Networks() {
		found = append(found, n.names[name]...)
		if bare, ok := strings.CutSuffix(name, "."+strings.ToLower(n.Name)); ok {
			found = append(found, n.names[bare]...)
		}
		elsewhere = cmp.Or(elsewhere, n.elsewhere)
	}
	if found = slices.DeleteFunc(found, (*Machine).Gone); len(found) > 0 {
		return follow(found, port)
	}
	switch {
	case elsewhere != "":
		return Route{Why: elsewhere}
	case strings.Contains(name, "."):
		return Route{Why: "the host " + host + " is not in this project"}
	}
	return Route{Missing: true}
}

// RouteTo is Route for an address that is not the loopback.
func (m *Machine) RouteTo(addr netip.Addr, port uint16) (r Route, known bool) {
	for _, n := range m.Networks() {
		if found := n.addresses[addr]; len(found) > 0 {
			return follow(found, port), true
		}
	}
	return Route{}, false
}

// Loopback is Route for a loopback address of the host, for a machine that shares its
// network namespace.
func (m *Machine) Loopback(port uint16) (r Route, host bool) {
	if !m.OnHost() {
		return Route{}, false
	}
	return m.Deployment.published(port, "the host"), true
}

// Networks returns the networks that m is on: those of the machines whose network namespace
// it shares are among them.
func (m *Machine) Networks() []*Network {
	all := slices.Clip(m.networks)
	for _, mate := range m.Mates() {
		for _, n := range mate.networks {
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

// follow returns where connections to port of machines arrive.
func follow(machines []*Machine, port uint16) (r Route) {
	for _, m := range machines {
		if t := (Target{m, port}); !slices.Contains(r.Targets, t) {
			r.Targets = append(r.Targets, t)
		}
	}
	return r
}

// Reversed returns how the host publishes a port of a machine under another number.
func (m *Machine) Reversed(port uint16) (p Published, ok bool) {
	for _, p := range m.Deployment.Published {
		if p.Target.Port == port && p.Host != port {
			return p, true
		}
	}
	return Published{}, false
}

// published returns where a port of the host leads.
func (d *Deployment) published(port uint16, host string) (r Route) {
	for _, p := range d.Published {
		if p.Host == port {
			r.Targets = append(r.Targets, p.Target)
		}
	}
	if len(r.Targets) == 0 {
		r.Why = "what listens on " + host + " is not in this project"
	}
	return r
}

// Shifted returns the published port of the host that leads from port to a machine, for a
// port that the machine itself does not serve.
func (m *Machine) Shifted(port uint16) (p Published, ok bool) {
	for _, p := range m.Deployment.Published {
		if p.Host == port && p.Target.Machine == m && p.Target.Port != port {
			return p, true
		}
	}
	return Published{}, false
}

// Known returns the names by which m finds other machines, each with the machine, in the
// order of the names; none if the networks have more than a thousand.
func (m *Machine) Known() (all []Named) {
	const most = 1000
	count := len(m.own)
	for _, n := range m.Networks() {
		count += len(n.names)
	}
	if m.dns != nil {
		count += len(m.dns.objects.Services)
	}
	if count > most {
		return nil
	}
	for name, to := range m.own {
		if to != m {
			all = append(all, Named{name, to})
		}
	}
	if m.dns != nil {
		all = m.dns.known()
	}
	for _, n := range m.Networks() {
		for name, found := range n.names {
			if found[0] != m {
				all = append(all, Named{name, found[0]})
			}
		}
	}
	slices.SortFunc(all, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	return slices.Compact(all)
}

// NameFor returns the first of the names by which m finds another machine; "" for none.
func (m *Machine) NameFor(other *Machine) string {
	var names []string
	for name, to := range m.own {
		if to == other {
			names = append(names, name)
		}
	}
	if m.dns != nil {
		names = m.dns.namesOf(other)
	}
	for _, n := range m.Networks() {
		for _, name := range other.Names {
			name = strings.ToLower(name)
			if found := n.names[name]; len(found) > 0 && found[0] == other {
				names = append(names, name)
			}
		}
	}
	if names == nil {
		return ""
	}
	return slices.Min(names)
}

// Named is a machine by one of its names.
type Named struct {
	Name    string
	Machine *Machine
}

// NameOf returns where the deployment has a machine with a name, though m does not find it
// there: on another network, or with an inactive profile.
func (m *Machine) NameOf(host string) (other *Machine, inactive source.Span) {
	name := strings.ToLower(host)
	for _, one := range m.Deployment.Machines {
		if strings.ToLower(one.Name) == name || slices.ContainsFunc(one.Names, func(n string) bool { return strings.EqualFold(n, host) }) {
			return one, source.Span{}
		}
	}
	return nil, m.Deployment.Inactive[name]
}
