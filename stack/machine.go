package stack

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// Machine is one host or one container: loopback addresses, unix paths and accounts
// are local to it.
type Machine struct {
	// File is the main file that identifies the machine among those of its root: its
	// nginx.conf, else its php-fpm.conf. It is "" for the only machine, and for
	// files that identify no machine.
	File string
	// Facts are the facts about the machine; nil for none.
	Facts *host.Facts

	Sites     []*Site
	Gateways  []*Gateway
	Listeners []*Listener // of nginx, in the order of the sites
	Masters   []*Master
	Pools     []*Pool

	// Complete is set if every pool that may answer on the machine is known: each
	// php-fpm.conf was read completely, or the user named the pool files.
	Complete bool
	// Why is what is missing if the list of pools is incomplete, worded to follow
	// "not checked: ".
	Why string

	// open is set for fragments and pool files, which may belong to any machine.
	open bool
	// reach are the machines whose servers may answer here: first the machine itself,
	// then the open ones.
	reach []*Machine

	unplaced *Pool // the first whose own address the files do not determine

	pools     map[netaddr.Endpoint]*Pool // the first that listens there
	lost      map[netaddr.Endpoint]*Pool // addresses of listen lines that have no effect
	meant     map[netaddr.Endpoint]*Pool // addresses that a misread listen resembles
	listeners map[listenerKey]*Listener
	served    map[netaddr.Endpoint]*Listener // the first of any configuration of nginx
}

func newMachine(file string, f *host.Facts) *Machine {
	return &Machine{
		File: file, Facts: f,
		pools: map[netaddr.Endpoint]*Pool{}, lost: map[netaddr.Endpoint]*Pool{}, meant: map[netaddr.Endpoint]*Pool{},
		listeners: map[listenerKey]*Listener{}, served: map[netaddr.Endpoint]*Listener{},
	}
}

// Reachable returns the pools that may answer on the machine.
func (m *Machine) Reachable() []*Pool {
	if len(m.reach) == 1 {
		return m.Pools
	}
	var all []*Pool
	for _, other := range m.reach {
		all = append(all, other.Pools...)
	}
	return all
}

// add keeps a pool of the machine.
func (m *Machine) add(p *Pool) {
	m.Pools = append(m.Pools, p)
	note := func(by map[netaddr.Endpoint]*Pool, e netaddr.Endpoint) {
		if !e.IsZero() && by[e] == nil {
			by[e] = p
		}
	}
	if l := p.Listen; m.unplaced == nil && (l.Why != "" || l.Endpoint.IsZero() && l.Meant.IsZero()) {
		m.unplaced = p
	}
	note(m.pools, p.Listen.Endpoint)
	note(m.pools, p.StatusListen.Endpoint)
	note(m.meant, p.Listen.Meant)
	for _, lost := range p.Lost {
		note(m.lost, lost.Endpoint)
	}
}

// first returns the first pool that by selects for a connection to e on the machines
// that m reaches, the most specific listener first.
func (m *Machine) first(e netaddr.Endpoint, by func(*Machine) map[netaddr.Endpoint]*Pool) *Pool {
	listeners := e.Listeners()
	for _, at := range m.reach {
		pools := by(at)
		for _, l := range listeners {
			if p := pools[l]; p != nil {
				return p
			}
		}
	}
	return nil
}

// machines are those of one root, with the machine of each main file. Every other file
// is on the first.
type machines struct {
	all     []*Machine
	nginx   map[*nginx.File]*Machine
	masters map[*parser.Master]*Machine
}

// ofNginx returns the machine of a configuration of nginx.
func (m *machines) ofNginx(n *parser.Nginx) *Machine {
	if at := m.nginx[n.Main]; at != nil {
		return at
	}
	return m.all[0]
}

// ofMaster returns the machine of a master.
func (m *machines) ofMaster(c *parser.Master) *Machine {
	if at := m.masters[c]; at != nil {
		return at
	}
	return m.all[0]
}

// machinesOf determines the machines of one root. The root file system of a machine is
// one. In a repository, a second nginx.conf is another machine, and so is a second
// php-fpm.conf that cannot be on one root file system with the first: both may be
// files of images. Pool files without a php-fpm.conf are each on a machine of their
// own, which may be any of the others.
func machinesOf(c *parser.Configs, f *host.Facts) *machines {
	m := &machines{nginx: map[*nginx.File]*Machine{}, masters: map[*parser.Master]*Machine{}}
	first := m.add("", f)
	first.open = true
	if !c.Whole {
		m.split(c, f)
	}
	for _, one := range m.all {
		one.reach = []*Machine{one}
		for _, other := range m.all {
			if other != one && (one.open || other.open) {
				one.reach = append(one.reach, other)
			}
		}
	}
	return m
}

func (m *machines) add(file string, f *host.Facts) *Machine {
	one := newMachine(file, f)
	m.all = append(m.all, one)
	return one
}

// split assigns the main files of a repository to machines.
func (m *machines) split(c *parser.Configs, f *host.Facts) {
	var mains []string
	for _, n := range c.Nginx {
		if n.Main != nil {
			mains = append(mains, n.Main.Source.Name)
		}
	}
	roots := rootsOf(c.Masters)
	if len(mains) > 1 || len(roots) > 1 {
		for _, n := range c.Nginx {
			if n.Main != nil {
				m.nginx[n.Main] = m.add(n.Main.Source.Name, f)
			}
		}
		for _, root := range roots {
			at := m.nearest(root, roots, c.Nginx)
			if at == nil {
				at = m.add(root[0].Main.Name, f)
			}
			for _, master := range root {
				m.masters[master] = at
			}
		}
	}
	for i, master := range c.Masters {
		if master.Loose && (i > 0 || len(m.all) > 1) {
			at := m.add("", f)
			at.open, m.masters[master] = true, at
		}
	}
}

// rootsOf groups the masters that may be on one root file system: those of different
// PHP versions whose paths start with the same directory. Loose masters are left out.
func rootsOf(masters []*parser.Master) (roots [][]*parser.Master) {
	for _, c := range masters {
		if c.Loose {
			continue
		}
		i := slices.IndexFunc(roots, func(root []*parser.Master) bool {
			return !slices.ContainsFunc(root, func(other *parser.Master) bool {
				return c.Layout == nil || other.Layout == nil || other.Root != c.Root || other.Version == c.Version
			})
		})
		if i < 0 {
			roots = append(roots, []*parser.Master{c})
		} else {
			roots[i] = append(roots[i], c)
		}
	}
	return roots
}

// nearest returns the machine of the nginx.conf that has the nearest common folder with
// a root, or nil if two are equally near or if it is nearer to another root.
func (m *machines) nearest(root []*parser.Master, roots [][]*parser.Master, configs []*parser.Nginx) *Machine {
	main := only(configs, func(n *parser.Nginx) int {
		if n.Main == nil {
			return -1
		}
		return common(n.Main.Source.Name, root[0].Main.Name)
	})
	if main == nil {
		return nil
	}
	for _, other := range roots {
		if &other[0] != &root[0] && common((*main).Main.Source.Name, other[0].Main.Name) >= common((*main).Main.Source.Name, root[0].Main.Name) {
			return nil
		}
	}
	return m.nginx[(*main).Main]
}

// only returns the element with the greatest measure, or nil if several have it or if
// it is negative.
func only[T any](list []T, measure func(T) int) (best *T) {
	most := -1
	for i := range list {
		switch n := measure(list[i]); {
		case n > most:
			most, best = n, &list[i]
		case n == most:
			best = nil
		}
	}
	return best
}

// common returns how many folders two files have in common.
func common(a, b string) (n int) {
	x, y := strings.Split(path.Dir(a), "/"), strings.Split(path.Dir(b), "/")
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}
