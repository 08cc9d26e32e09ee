package stack

import (
	"cmp"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/netaddr"
)

// fleet are the containers that connect to each other.
type fleet struct {
	machines map[*deploy.Machine]*Machine
	sockets  map[shared]*Pool // those in storage that containers share
	// clients are the gateways that connect to pools of a machine from others.
	clients map[*Machine][]*Gateway
	// called is what the containers are called, in lower case; nil without containers.
	called map[string]bool
}

// shared is a path in storage that the containers of a deployment share.
type shared struct {
	in            *deploy.Deployment
	storage, path string
}

func newFleet(n int) *fleet {
	return &fleet{machines: make(map[*deploy.Machine]*Machine, n), sockets: map[shared]*Pool{}, clients: map[*Machine][]*Gateway{}}
}

// call records what a container is called.
func (f *fleet) call(m *deploy.Machine) {
	if f.called == nil {
		f.called = map[string]bool{}
	}
	for _, name := range append(m.Names, m.Name) {
		f.called[strings.ToLower(name)] = true
	}
}

// add makes the servers of a container known to the others.
func (f *fleet) add(l *linker) {
	if l.Container == nil {
		return
	}
	m := l.machines.all[0]
	f.machines[l.Container], m.fleet = m, f
	for _, pool := range m.Pools {
		if at, ok := l.shared(pool.Listen.Endpoint); ok && f.sockets[at] == nil {
			f.sockets[at] = pool
		}
	}
	for _, mate := range l.Container.Mates() {
		if other := f.machines[mate]; other != nil && other != m {
			other.mates, m.mates = append(other.mates, m), append(m.mates, other)
		}
	}
}

// connect records the gateways that connect to pools of other machines, after they were judged.
func (f *fleet) connect(l *linker) {
	for _, g := range l.Gateways {
		for _, peer := range g.Peers {
			if peer.Pool == nil || peer.Pool.Master.Machine.Container == g.Machine.Container {
				continue
			}
			to := peer.Pool.Master.Machine
			if known := f.clients[to]; len(known) == 0 || known[len(known)-1] != g {
				f.clients[to] = append(known, g)
			}
		}
	}
}

// shared returns where in shared storage a unix socket is; ok is false if its storage is not shared.
func (l *linker) shared(e netaddr.Endpoint) (at shared, ok bool) {
	if e.Network != netaddr.Unix || l.Facts == nil || l.Container == nil {
		return shared{}, false
	}
	storage, rest, ok := l.Facts.Files.Shared(e.Path)
	return shared{l.Container.Deployment, storage, rest}, ok
}

// follow returns a copy of p for each place that its name leads to, or p itself with the
// reason why it leads nowhere.
func (p *Peer) follow(r deploy.Route) []*Peer {
	switch {
	case r.Why != "":
		p.Name = p.Host
		p.leave(Elsewhere, UnknownHost, r.Why)
	case r.Missing:
		p.Name, p.Fault = p.Host, NameUnknown
	case r.Refused != "":
		p.Fault, p.Why = NobodyThere, r.Refused
	case len(r.Targets) > maxAddresses:
		p.leave(Elsewhere, UnknownAddress, "the host name "+p.Host+" has more than 100 addresses")
	default:
		var all []*Peer
		for _, t := range r.Targets {
			one := *p
			one.Target, one.Fault, one.obstacle, one.Why = t, Answers, NoObstacle, ""
			all = append(all, &one)
		}
		return all
	}
	return []*Peer{p}
}

// judgeTarget decides what answers a peer in another container, or in this one at an
// address that is not the loopback.
func (l *linker) judgeTarget(g *Gateway, p *Peer) {
	to := l.fleet.machines[p.Target.Machine]
	if to == nil {
		p.leave(Untold, OtherContainer, "cannot tell what runs in "+p.Target.Machine.Name)
		return
	}
	open, shut := to.onPort(p.Target.Port)
	switch {
	case open.pool != nil:
		p.Pool = open.pool
		if p.Fault = p.Pool.refusesRemote(); g.Protocol != FastCGI {
			p.Fault = WrongProtocol
		} else if c := p.Pool.Clients; p.Fault == Answers && c != nil {
			p.obstacle = UnknownClient
		}
		if (p.Fault == Answers || p.Fault == ClientRefused) && p.Target.Machine.Unknown != "" {
			p.obstacle = UnknownPrograms
		}
	case open.listener != nil:
		if p.Site = open.listener.Sites[0]; g.Protocol == FastCGI {
			p.Fault = WrongProtocol
		}
	case open.why != "":
		p.leave(Untold, UnknownPool, open.why)
	case to.doubt() != "":
		p.leave(Untold, Doubted, to.doubt())
	case p.Target.Machine.Unknown != "":
		p.leave(Untold, UnknownPrograms, p.Target.Machine.Unknown)
	case shut.pool != nil || shut.listener != nil:
		p.Pool, p.Fault = shut.pool, LoopbackOnly
		if shut.listener != nil && shut.pool == nil {
			p.Site = shut.listener.Sites[0]
		}
	case slices.ContainsFunc(to.Masters, func(m *Master) bool { return m.Refuses && len(m.Pools) == 0 }):
		// The rule about what it refuses says why nothing answers.
	case g.Protocol != FastCGI && p.Target.Machine.Others:
		p.leave(Elsewhere, OtherHost, p.Text+" may be another program of "+p.Target.Machine.Name)
	default:
		if p.Fault = NobodyThere; g.Protocol != FastCGI {
			p.Fault = NoOrigin
		}
		if _, shifted := p.Target.Machine.Shifted(p.Target.Port); shifted {
			p.Fault = PublishedPort
		}
	}
}

// ear is what listens on a port; its zero value is nothing.
type ear struct {
	pool     *Pool
	listener *Listener
	why      string // why it is not known whether something does
}

// onPort returns what listens on a TCP port of the network namespace of m, for connections
// from elsewhere and for those of the namespace alone.
func (m *Machine) onPort(port uint16) (open, shut ear) {
	for _, at := range slices.Concat([]*Machine{m}, m.mates) {
		if at.ended() {
			continue
		}
		for _, pool := range at.byPort()[port] {
			switch addr := pool.Listen.Endpoint.Addr; {
			case addr.IsLoopback():
				shut.pool = cmp.Or(shut.pool, pool)
			case addr.IsUnspecified():
				open.pool = cmp.Or(open.pool, pool)
			default:
				open.why = "cannot tell whether " + pool.Listen.Endpoint.String() + " is the address of the container"
			}
		}
		for _, l := range at.Listeners {
			switch e := l.Endpoint; {
			case e.Network != netaddr.TCP || e.Port != port:
			case e.Addr.IsLoopback():
				shut.listener = cmp.Or(shut.listener, l)
			default:
				open.listener = cmp.Or(open.listener, l)
			}
		}
		if pool := at.unplaced; pool != nil && open.why == "" {
			open.why = pool.Listen.Why
			if open.why == "" {
				open.why = "cannot tell where pool " + pool.Name + " listens"
			}
		}
	}
	return open, shut
}

// doubt is why the pools of a container may be others than those that are known; "" if they
// are not.
func (m *Machine) doubt() string {
	m.doubtOnce.Do(func() {
		if m.Container == nil {
			return
		}
		for _, master := range m.Masters {
			if !master.Complete {
				m.why = "a file of " + master.At.File.Name + " in container " + m.Container.Name + " could not be read"
			}
		}
		met := map[string]bool{}
		for _, p := range m.Pools {
			for _, h := range p.Section.Headers {
				m.why = cmp.Or(m.why, h.File.Doubt)
			}
			dir := path.Dir(p.At.File.Name)
			if !met[dir] && m.why == "" {
				met[dir] = true
				m.why, _ = m.Facts.Files.Doubt(path.Join(dir, "any"))
			}
		}
	})
	return m.why
}

// byPort returns the pools of m by the TCP ports on which they listen.
func (m *Machine) byPort() map[uint16][]*Pool {
	m.portsOnce.Do(func() {
		m.ports = map[uint16][]*Pool{}
		for _, p := range m.Pools {
			if e := p.Listen.Endpoint; e.Network == netaddr.TCP {
				m.ports[e.Port] = append(m.ports[e.Port], p)
			}
		}
	})
	return m.ports
}

// refusesRemote returns why the pool refuses connections from another container.
func (p *Pool) refusesRemote() Fault {
	c := p.Clients
	if c != nil && !slices.ContainsFunc(c.Addrs, func(a netip.Addr) bool { return !a.IsLoopback() }) {
		return ClientRefused
	}
	return Answers
}

// untold reports whether programs of which nothing is known may listen at the local address
// of p in another container: one of the same network namespace, or one that has the storage
// of the socket.
func (l *linker) untold(m *Machine, p *Peer) bool {
	if m.Container == nil {
		return false
	}
	at, shared := l.shared(p.Endpoint)
	for _, other := range m.Container.Deployment.Machines {
		near := slices.Contains(m.Container.Mates(), other)
		if p.Endpoint.Network == netaddr.Unix {
			storage, _, _ := other.Tree.Shared(p.Endpoint.Path)
			near = shared && (near || storage == at.storage)
		}
		if near && other != m.Container && other.Unknown != "" {
			p.leave(Untold, UnknownPrograms, other.Unknown)
			return true
		}
	}
	return false
}

// strayed reports whether what listens at the local address e, where nothing listens on
// the container of m, is in another container, and sets the fault.
func (l *linker) strayed(m *Machine, p *Peer) bool {
	if m.Container == nil {
		return false
	}
	for _, other := range m.Container.Deployment.Machines {
		at := l.fleet.machines[other]
		if at == nil || at == m || p.Endpoint.Network == netaddr.TCP && slices.Contains(m.mates, at) {
			continue
		}
		var found *Pool
		if p.Endpoint.Network == netaddr.TCP {
			if pools := at.byPort()[p.Endpoint.Port]; len(pools) > 0 {
				found = pools[0]
			}
		} else {
			found = at.pools[p.Endpoint]
		}
		if found != nil && p.Endpoint.Network == netaddr.Unix {
			if why := m.Container.MayShare(other); why != "" {
				p.leave(Untold, OtherContainer, why)
				return true
			}
		}
		if found != nil {
			p.Pool, p.Fault = found, InOtherContainer
			return true
		}
	}
	return false
}

// knowsNames reports whether the name servers of a resolver know the names of the project.
func (l *linker) knowsNames(servers []string) (knows, certain bool) {
	for _, word := range servers {
		if strings.Contains(word, "=") && !strings.HasPrefix(word, "[") {
			continue
		}
		addr, err := netip.ParseAddr(netaddr.ParseAddress(word).Host)
		switch {
		case err != nil:
			return false, false
		case addr == dockerDNS:
			return true, true
		case addr.IsLoopback() && !l.Container.Others:
		case addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified():
			return false, false
		}
	}
	return false, true
}

// dockerDNS is where a container on a network of Docker finds the names of the others
// (docker/docs, engine/network, "DNS services").
var dockerDNS = netip.AddrFrom4([4]byte{127, 0, 0, 11})

// resolveInContainer judges a name that nginx looks up when a request arrives, in a
// container.
func (l *linker) resolveInContainer(g *Gateway, p *Peer, servers []string) {
	knows, certain := l.knowsNames(servers)
	pod := l.Container.Cluster
	route := l.Container.Route(p.Name, p.Port)
	switch {
	case l.Container.NamesHost(p.Name):
		p.Why = "nginx does not read /etc/hosts for a name in a variable, so whether " + p.Name + " has an address depends on the engine"
	case pod && l.Container.Searched(p.Name):
		// The search list of resolv.conf is not nginx's (nginx ngx_resolver.c).
		p.Fault, p.Why = NoResolver, "nginx does not use the search list of /etc/resolv.conf, so only the full name of a Service has an address"
	case pod && knows:
		p.Fault, p.Why = NoResolver, "a pod has no resolver at "+dockerDNS.String()+", where Docker has one"
	case certain && !knows && (pod && route.Why == "" || !pod && !strings.Contains(p.Name, ".")):
		p.Fault, p.Why = NoResolver, "the resolver does not know the names of containers"
	case knows || pod:
		p.Name, p.Fault, p.obstacle, p.Why = "", Answers, NoObstacle, ""
		g.Peers = p.follow(route)
	}
}

// onHost judges a loopback address of a container that shares the network of the host:
// published ports lead from there into the others, and the host has programs of its own.
func (l *linker) onHost(g *Gateway, p *Peer) bool {
	if g.Machine.Container == nil || p.Endpoint.Network != netaddr.TCP {
		return false
	}
	r, host := g.Machine.Container.Loopback(p.Endpoint.Port)
	switch {
	case !host:
		return false
	case r.Why != "":
		if published, ok := g.Machine.Container.Reversed(p.Endpoint.Port); ok {
			p.Target, p.Fault = published.Target, PublishedPort
			break
		}
		p.leave(Elsewhere, OtherHost, r.Why)
	default:
		p.Target = r.Targets[0]
		l.judgeTarget(g, p)
	}
	return true
}
