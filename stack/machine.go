package stack

import (
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
)

// Machine is one host or one container: loopback addresses, unix paths and accounts
// are local to it.
type Machine struct {
	// File is the main file that identifies the machine among those of its root: its
	// nginx.conf, else its php-fpm.conf. It is "" for the only machine, and for
	// files that identify no machine.
	File string
	// Container is the container that the machine is; nil for none.
	Container *deploy.Machine
	// Facts are the facts about the machine; nil for none.
	Facts *host.Facts
	// Rooted is set if the files are the root file system of the machine, so that its
	// masters run together. A repository may hold those of several PHP versions, of
	// which an image starts one.
	Rooted bool

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
	// then all the others as one; see machines.join.
	reach []*Machine
	fleet *fleet // nil for what is not a container
	// mates are the other containers in its network namespace.
	mates []*Machine

	stopped map[netaddr.Endpoint]*Pool // of masters that never run; nil for none

	unplaced *Pool // the first whose own address the files do not determine

	doubtOnce sync.Once
	why       string // see doubt

	portsOnce sync.Once
	ports     map[uint16][]*Pool // see byPort

	pools     map[netaddr.Endpoint]*Pool // the first that listens there
	lost      map[netaddr.Endpoint]*Pool // addresses of listen lines that have no effect
	meant     map[netaddr.Endpoint]*Pool // addresses that a misread listen resembles
	listeners map[listenerKey]*Listener
	apaches   []int                          // the configurations of Apache; see Site.Whole
	unserved  map[netaddr.Endpoint]*Site     // the virtual hosts for whose ports Apache has no Listen line; nil for none
	served    map[netaddr.Endpoint]*Listener // the first of any configuration of nginx
}

func newMachine(file string, f *host.Facts) *Machine {
	m := &Machine{
		File: file, Facts: f,
		pools: map[netaddr.Endpoint]*Pool{}, lost: map[netaddr.Endpoint]*Pool{}, meant: map[netaddr.Endpoint]*Pool{},
		listeners: map[listenerKey]*Listener{}, served: map[netaddr.Endpoint]*Listener{},
	}
	m.reach = []*Machine{m}
	return m
}

// Reachable returns the pools that may answer on the machine.
func (m *Machine) Reachable() []*Pool {
	all := slices.Clip(m.Pools)
	for _, others := range m.reach[1:] {
		for _, p := range others.Pools {
			if p.Master.Machine != m {
				all = append(all, p)
			}
		}
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
	if p.StatusListen != nil {
		note(m.pools, p.StatusListen.Endpoint)
	}
	note(m.meant, p.Listen.Meant)
	for _, lost := range p.Lost {
		note(m.lost, lost.Endpoint)
	}
}

// stop keeps the pools of a master that never runs.
func (m *Machine) stop(pools []Pool) {
	if m.stopped == nil {
		m.stopped = map[netaddr.Endpoint]*Pool{}
	}
	for i := range pools {
		if e := pools[i].Listen.Endpoint; !e.IsZero() && m.stopped[e] == nil {
			m.stopped[e] = &pools[i]
		}
	}
}

// first returns the first pool that by selects for a connection to e on the machines
// that m reaches, the most specific listener first.
func (m *Machine) first(e netaddr.Endpoint, by func(*Machine) map[netaddr.Endpoint]*Pool) *Pool {
	for at := range m.within(e) {
		pools := by(at)
		for l := range e.Listeners() {
			if p := pools[l]; p != nil {
				return p
			}
		}
	}
	return nil
}

// within yields the machines on which e is the same endpoint as on m.
func (m *Machine) within(e netaddr.Endpoint) iter.Seq[*Machine] {
	return func(yield func(*Machine) bool) {
		for _, at := range m.reach {
			if !yield(at) {
				return
			}
		}
		for _, at := range m.mates {
			if e.Network == netaddr.TCP && !yield(at) {
				return
			}
		}
	}
}

// machines are those of one root, with the machine of each main file. Every other file
// is on the first.
type machines struct {
	all     []*Machine
	every   *Machine // all as one, after join; nil if there is only one
	fronts  map[*source.File]*Machine
	masters map[*parser.Master]*Machine
}

// of returns the machine of a web server with a main file; nil for none.
func (m *machines) of(main *source.File) *Machine {
	if at := m.fronts[main]; at != nil {
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

// machinesOf determines the machines of one root. The root file system of a machine or a
// container is one. In a repository, a second nginx.conf is another machine, and so is a second
// php-fpm.conf that cannot be on one root file system with the first: both may be
// files of images. Pool files without a php-fpm.conf are each on a machine of their
// own, which may be any of the others.
func machinesOf(c *parser.Configs, f *host.Facts, container *deploy.Machine) *machines {
	m := &machines{fronts: map[*source.File]*Machine{}, masters: map[*parser.Master]*Machine{}}
	first := m.add("", f)
	first.Container, first.open, first.Rooted = container, true, c.Machine || container != nil
	if !first.Rooted {
		m.split(c, f)
	}
	return m
}

// join determines what each machine reaches, after all are linked. What it shares with
// others is one Machine, so that a repository with thousands of pool files costs no
// square of their number.
func (m *machines) join() {
	if len(m.all) == 1 {
		return
	}
	m.every = newMachine("", nil)
	open := newMachine("", nil)
	for _, one := range m.all {
		m.every.merge(one)
		if one.open {
			open.merge(one)
		}
	}
	for _, one := range m.all {
		others := open
		if one.open {
			others = m.every
		}
		one.reach = append(one.reach, others)
	}
}

// merge adds the servers of another machine.
func (m *Machine) merge(other *Machine) {
	m.Masters = append(m.Masters, other.Masters...)
	for _, p := range other.Pools {
		m.add(p)
	}
	for e, l := range other.served {
		if own := m.served[e]; own == nil || l.dual && !own.dual {
			m.served[e] = l
		}
	}
}

func (m *machines) add(file string, f *host.Facts) *Machine {
	one := newMachine(file, f)
	m.all = append(m.all, one)
	return one
}

// split assigns the main files of a repository to machines.
func (m *machines) split(c *parser.Configs, f *host.Facts) {
	var mains []*source.File
	for _, n := range c.Nginx {
		if n.Main != nil {
			mains = append(mains, n.Main.Source)
		}
	}
	for _, a := range c.Apaches {
		if a.Main != nil {
			mains = append(mains, a.Main)
		}
	}
	roots := rootsOf(c.Masters)
	if len(mains) > 1 || len(roots) > 1 {
		for _, main := range mains {
			m.fronts[main] = m.add(main.Name, f)
		}
		beside := besides(mains, roots)
		for _, root := range roots {
			at := m.fronts[beside(root)]
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
	before := map[[2]string]int{} // how often a directory and a version occurred
	of := map[string][]int{}      // the roots of a directory, by their indices
	for _, c := range masters {
		if c.Loose {
			continue
		}
		i := len(roots)
		if c.Layout != nil {
			key := [2]string{c.Root, c.Version}
			if n := before[key]; n < len(of[c.Root]) {
				i = of[c.Root][n]
			} else {
				of[c.Root] = append(of[c.Root], i)
			}
			before[key]++
		}
		if i == len(roots) {
			roots = append(roots, nil)
		}
		roots[i] = append(roots[i], c)
	}
	return roots
}

// besides returns a function that finds the main file of the web server of a root, which is nil
// for none: in the innermost folder around the root that has such a file in or below it, both
// are the only ones.
func besides(mains []*source.File, roots [][]*parser.Master) func(root []*parser.Master) *source.File {
	below := map[string][]*source.File{}
	for _, main := range mains {
		for dir := range folders(main.Name) {
			below[dir] = append(below[dir], main)
		}
	}
	rivals := map[string]int{}
	for _, root := range roots {
		for dir := range folders(root[0].Main.Name) {
			rivals[dir]++
		}
	}
	return func(root []*parser.Master) *source.File {
		for dir := range folders(root[0].Main.Name) {
			switch {
			case len(below[dir]) == 0:
			case len(below[dir]) == 1 && rivals[dir] == 1:
				return below[dir][0]
			default:
				return nil
			}
		}
		return nil
	}
}

// folders returns the folder of a file and the folders around it, innermost first. The
// last is "", which is around every file.
func folders(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for dir := path.Dir(name); yield(dir) && dir != ""; {
			dir = dir[:max(0, strings.LastIndexByte(dir, '/'))]
		}
	}
}
