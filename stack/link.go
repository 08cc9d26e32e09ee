package stack

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/aside"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// Root is one root file system with what was read there.
type Root struct {
	Configs *parser.Configs
	Facts   *host.Facts // nil: none
	// Container is the container that it belongs to; nil for a host, and for the files of a
	// project that no container has.
	Container *deploy.Machine
}

// Link computes the model of what was read on one machine, in one pass over everything. It
// cannot fail: what is missing is in Unknown.
func Link(c *parser.Configs, f *host.Facts) *Stack {
	return LinkAll([]Root{{Configs: c, Facts: f}})[0]
}

// LinkAll is Link for several roots, whose containers connect to each other.
func LinkAll(roots []Root) (all []*Stack) {
	linkers := make([]*linker, len(roots))
	fleet := newFleet(len(roots))
	for _, root := range roots {
		if root.Container != nil {
			fleet.call(root.Container)
		}
	}
	for i, root := range roots {
		linkers[i] = linkRoot(root, fleet)
	}
	for _, l := range linkers {
		fleet.add(l)
	}
	for _, l := range linkers {
		l.judgePeers()
		l.judgeTunnels()
		l.judgeGRPC()
		l.leaveUnreached()
		fleet.connect(l)
		all = append(all, l.Stack)
	}
	for _, s := range all {
		s.noteCallers()
	}
	return all
}

// noteCallers sets Callers.
func (s *Stack) noteCallers() {
	s.Callers = make(map[*Pool][]*Gateway, len(s.Pools))
	for _, g := range s.Gateways {
		if g.Protocol != FastCGI {
			continue
		}
		var last *Pool
		for _, peer := range g.Peers {
			if peer.Pool != last && !peer.Down && peer.Fault == Answers && peer.Pool != nil {
				s.Callers[peer.Pool] = append(s.Callers[peer.Pool], g)
			}
			last = peer.Pool
		}
	}
}

// linkRoot is everything but the question of what answers: that may be on another machine.
func linkRoot(root Root, fleet *fleet) *linker {
	c := root.Configs
	f := service.WithDynamicUsers(c.Units, root.Facts)
	on := machinesOf(c, f, root.Container)
	l := newLinker(c, f, on, fleet)
	l.Container = root.Container
	l.Machines, l.Files, l.Unknown = on.all, c.Files, slices.Clone(c.Unread)
	l.Unseen, l.PoolsUnseen = c.NginxUnread+c.ApacheUnread+len(c.Failed), c.FPMUnread
	l.System, l.Searched = c.System, c.All
	large := len(c.Files) >= aside.ManyFiles
	var variables []*nginxt.Variables
	for _, n := range c.Nginx {
		variables = append(variables, nginxt.NewVariables(n))
	}
	nginx := aside.Run(large, func() *linker { return l.linkAll(variables) })
	apaches := aside.Run(large && len(c.Apaches) > 0, func() []served { return serve(c, f, large) })
	packaged := sync.OnceValue(l.Facts.PackagedNginx)
	refused := aside.Run(large, func() (all nginxt.Result) {
		for i, n := range c.Nginx {
			one := nginxt.Check(n, variables[i], l.nginxVersion(n, packaged), l.unresolvable)
			all.Cut = cmp.Or(all.Cut, one.Cut)
			all.Refused, all.Written, all.Sockets = append(all.Refused, one.Refused...), append(all.Written, one.Written...), append(all.Sockets, one.Sockets...)
			all.Loaded = append(all.Loaded, one.Loaded...)
			if all.LongNames == nil {
				all.LongNames = one.LongNames
			}
			maps.Copy(all.LongNames, one.LongNames)
		}
		return all
	})
	l.services = service.New(c, f)
	l.Units = l.services.Units()
	l.linkMasters()
	l.take(nginx())
	l.linkApaches(apaches())
	l.linkTunnels(c.Tunnels)
	l.Firewall = c.Firewall
	on.join()
	for _, m := range on.all {
		m.judgeCompleteness(c)
		l.Listeners = append(l.Listeners, m.Listeners...)
	}
	l.misfits()
	found := refused()
	l.Directives, l.Written, l.Sockets, l.Loaded, l.LongNames = found.Refused, found.Written, found.Sockets, found.Loaded, found.LongNames
	if !found.Cut.IsZero() {
		l.Unknown = append(l.Unknown, source.NotChecked{At: found.Cut, Why: "nginx refuses more than 100,000 directives; the others are not reported"})
	}
	return l
}

// misfits adds the mounts that keep the servers of a container from starting.
func (l *linker) misfits() {
	c := l.Container
	switch {
	case c == nil:
	case len(c.Nginx) > 0:
		l.problems(servers.Nginx, c.Misfits)
	case len(c.Apache) > 0:
		l.problems(servers.Apache, c.Misfits)
	case len(c.FPM) > 0:
		l.problems(servers.FPM, c.Misfits)
	}
}

// judgePeers determines what answers the peers of all gateways, concurrently. Gateways
// with the same upstream share peers, so one goroutine judges them.
func (l *linker) judgePeers() {
	separate(l.Gateways)
	parts := make([]*linker, 1+len(l.Gateways)/gatewaysAtOnce)
	for i := range parts {
		parts[i] = l.another()
		parts[i].Units = l.Units
	}
	for i, u := range l.Upstreams {
		u.part = i * len(parts) / len(l.Upstreams)
	}
	for i, g := range l.Gateways {
		part := i * len(parts) / len(l.Gateways)
		if g.Upstream != nil {
			part = g.Upstream.part
		}
		parts[part].Gateways = append(parts[part].Gateways, g)
	}
	judge := func(part *linker) {
		for _, pass := range faultPasses {
			pass(part)
		}
	}
	var group sync.WaitGroup
	for _, part := range parts[1:] {
		group.Go(func() { judge(part) })
	}
	judge(parts[0])
	group.Wait()
	for _, part := range parts {
		l.Unknown = append(l.Unknown, part.Unknown...)
	}
}

// gatewaysAtOnce is the number of gateways that a goroutine judges.
const gatewaysAtOnce = 256

// faultPasses determine Peer.Fault, one after the other: each judges only the peers for
// which the earlier ones found no fault.
var faultPasses = []func(*linker){
	// Requires the pools and the listeners of every machine. Sets Pool and Site, on
	// which the others depend.
	(*linker).answer,
	// Requires Pool, and the units. A socket in a /tmp that is not shared is never reached,
	// so its permissions do not matter.
	(*linker).private,
	// Requires Pool, and the accounts.
	(*linker).enter,
}

// another returns a linker of the same root without any result.
func (l *linker) another() *linker {
	other := newLinker(l.configs, l.Facts, l.machines, l.fleet)
	other.Container = l.Container
	return other
}

func newLinker(c *parser.Configs, f *host.Facts, on *machines, fleet *fleet) *linker {
	return &linker{
		Stack:    &Stack{Facts: f, configs: c, fleet: fleet},
		machines: on,
		sockets:  fpmt.NewSockets(f),

		ofPHP:       map[string]bool{},
		endpoints:   map[string][]netaddr.Endpoint{},
		presentDirs: map[string]bool{},
		people:      map[Account]person{},
	}
}

// linkAll links the configurations of nginx. Until answer runs, they do not depend on
// those of PHP-FPM.
func (l *linker) linkAll(variables []*nginxt.Variables) *linker {
	nginx := l.another()
	nginx.limitLooks(l.configs.Nginx)
	for i, n := range l.configs.Nginx {
		nginx.linkNginx(n, variables[i])
	}
	return nginx
}

// take adds the results of another linker about nginx.
func (l *linker) take(nginx *linker) {
	l.Gateways, l.Sites, l.Upstreams, l.Buffers = nginx.Gateways, nginx.Sites, nginx.Upstreams, nginx.Buffers
	l.Fronts, l.Replaced, l.GRPC = nginx.Fronts, nginx.Replaced, nginx.GRPC
	l.Problems = append(l.Problems, nginx.Problems...)
	l.Unknown = append(l.Unknown, nginx.Unknown...)
	l.Unseen += nginx.Unseen
	l.whole = nginx.whole // those of Apache follow
}

// linker is a Stack under construction.
type linker struct {
	*Stack
	machines  *machines
	whole     int // the number of configurations of web servers so far
	places    int // the number of places of inclusion so far
	looks     int // the number of directives examined so far, and its limit
	mostLooks int
	tooDeep   bool
	// repetitive is set once a block includes a file too often.
	repetitive bool

	upstreamPeers, gatewayPeers int // see maxPeers and maxUses

	sockets *fpmt.Sockets

	ofPHP       map[string]bool               // expressions of locations
	endpoints   map[string][]netaddr.Endpoint // see siteEndpoints
	presentDirs map[string]bool               // whether directories of sockets exist
	people      map[Account]person
	spare       slab[Peer]
}

// problems adds what a parser reported in a file of one server.
func (l *linker) problems(by servers.Server, list []source.Problem) {
	for _, p := range list {
		if p.Kind.Refused() {
			l.Problems = append(l.Problems, Problem{Problem: p, By: by})
			continue
		}
		l.Unknown = append(l.Unknown, source.NotChecked{At: p.At, Why: p.Message})
		switch by {
		case servers.Nginx:
			l.Unseen++
		case servers.FPM:
			l.PoolsUnseen++
		}
	}
}

// judgeCompleteness decides whether all pools that may answer on m are known.
func (m *Machine) judgeCompleteness(c *parser.Configs) {
	masters, loose := 0, 0
	for _, at := range m.reach {
		for _, master := range at.Masters {
			if !master.Complete {
				m.Why = "a file of " + master.At.File.Name + " could not be read"
				return
			}
			if masters++; master.Loose {
				loose++
			}
		}
	}
	switch {
	case m.Container != nil && m.Container.Unknown != "":
		m.Why = m.Container.Unknown
	case c.Named || m.Container != nil:
		m.Complete = true
	case masters == 0 && m.stopped != nil && len(c.Versions) == 0:
		m.Complete = true
	case masters == 0 && len(c.Masters) > 0:
		m.Why = "no php-fpm.conf of the machine of " + m.File + " found"
	case masters == 0:
		m.Why = "no PHP-FPM pool found"
	case masters == loose:
		m.Why = "no php-fpm.conf found"
	case len(c.Versions) > 0:
		m.Why = "the pools of PHP " + c.Versions[0] + " were not read, since their php-fpm.conf was not found"
	case loose > 0:
		m.Why = "there are pool files that no php-fpm.conf includes"
	default:
		m.Complete = true
	}
}

// slab holds values that are not in use yet: to allocate many at once costs less than one
// by one.
type slab[T any] []T

// take returns a zero value.
func (s *slab[T]) take() *T {
	if len(*s) == 0 {
		*s = make([]T, 32)
	}
	v := &(*s)[0]
	*s = (*s)[1:]
	return v
}
