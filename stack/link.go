package stack

import (
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
)

// Link works out the model of what was read. It is the one pass over
// everything, and cannot fail: what is missing is in Unknown.
func Link(c *parser.Configs, f *host.Facts) *Stack {
	l := newLinker(c, f, &Machine{})
	l.Machines = []*Machine{l.machine}
	for _, file := range c.Files {
		l.Files = append(l.Files, File{file.File, file.Path, file.Role})
	}
	for _, u := range c.Unread {
		l.Unknown = append(l.Unknown, Unknown{u.At, u.Path, u.Why})
	}
	large := len(c.Files) >= manyFiles
	var variables []*nginxt.Variables
	for _, n := range c.Nginx {
		variables = append(variables, nginxt.NewVariables(n.Files))
	}
	nginx := aside(large, func() *linker { return linkAll(c, f, l.machine, variables) })
	refused := aside(large, func() (all nginxt.Result) {
		for i, n := range c.Nginx {
			one := nginxt.Check(n, variables[i], l.nginxVersion(), l.unresolvable)
			all.Refused, all.Written = append(all.Refused, one.Refused...), append(all.Written, one.Written...)
		}
		return all
	})
	l.linkUnits()
	for _, m := range c.Masters {
		l.linkMaster(m)
	}
	l.judgeCompleteness()
	l.take(nginx())
	l.answer()
	l.private()
	l.enter()
	found := refused()
	l.Directives, l.Written = found.Refused, found.Written
	return l.Stack
}

func newLinker(c *parser.Configs, f *host.Facts, m *Machine) *linker {
	return &linker{
		Stack:   &Stack{Facts: f, configs: c, bootDirs: map[string]bool{}},
		machine: m,
		pools:   map[netaddr.Endpoint][]*Pool{},
		sites:   map[netaddr.Endpoint]*Site{},

		looksOf:     map[*Upstream]looks{},
		ofPHP:       map[string]bool{},
		realDirs:    map[string]string{},
		needed:      map[host.Fact]bool{},
		presentDirs: map[string]bool{},
		wordpress:   map[string]bool{},
	}
}

// manyFiles is how many files make it pay to work on several things at once.
const manyFiles = 100

// aside does work while other things are being done, if that pays, and returns
// what gives its result.
func aside[T any](pays bool, work func() T) (result func() T) {
	if !pays {
		return work
	}
	out := make(chan T, 1)
	go func() { out <- work() }()
	return func() T { return <-out }
}

// linkAll links the configurations of nginx. Until it is asked who answers, they
// do not need those of PHP-FPM.
func linkAll(c *parser.Configs, f *host.Facts, m *Machine, variables []*nginxt.Variables) *linker {
	l := newLinker(c, f, m)
	for i, n := range c.Nginx {
		l.linkNginx(n, variables[i])
	}
	return l
}

// take adds what another linker found out about nginx.
func (l *linker) take(nginx *linker) {
	l.Gateways, l.Sites, l.Upstreams, l.Buffers = nginx.Gateways, nginx.Sites, nginx.Upstreams, nginx.Buffers
	l.Mains, l.Replaced = nginx.Mains, nginx.Replaced
	l.sites = nginx.sites
	l.Problems = append(l.Problems, nginx.Problems...)
	l.Unknown = append(l.Unknown, nginx.Unknown...)
}

// linker is a Stack in the making.
type linker struct {
	*Stack
	machine *Machine
	whole   int // counts the configurations of nginx
	places  int // counts the places of inclusion
	looks   int // counts the directives that were looked at
	tooDeep bool

	pools map[netaddr.Endpoint][]*Pool // by the endpoint that they listen on
	sites map[netaddr.Endpoint]*Site   // by the endpoint that nginx listens on

	bad, untoldEntries int                // how many BadEntries there would be
	needed             map[host.Fact]bool // facts that accounts would need

	looksOf     map[*Upstream]looks // of the addresses of upstreams
	ofPHP       map[string]bool     // expressions of locations
	realDirs    map[string]string   // directories of sockets with their links resolved
	presentDirs map[string]bool     // whether directories of sockets exist
	wordpress   map[string]bool     // whether WordPress is in a directory
}

// problems takes over what a parser met in a file of one server.
func (l *linker) problems(by Server, list []source.Problem) {
	for _, p := range list {
		switch p.Kind {
		case source.Limit, source.Template, source.Unreadable:
			l.Unknown = append(l.Unknown, Unknown{At: p.At, Why: p.Message})
		default:
			l.Problems = append(l.Problems, Problem{Problem: p, By: by})
		}
	}
}

// judgeCompleteness decides whether the pools that are known are all pools.
func (l *linker) judgeCompleteness() {
	m, masters := l.machine, 0
	for _, master := range l.Masters {
		if !master.Loose {
			masters++
		}
		if !master.Complete {
			m.Why = "a file of " + master.At.File.Name + " could not be read"
			return
		}
	}
	switch {
	case l.configs.Named:
		m.Complete = true
	case len(l.Masters) == 0:
		m.Why = "no PHP-FPM pool is among the files"
	case masters == 0:
		m.Why = "no php-fpm.conf is among the files"
	case len(l.configs.Versions) > 0:
		m.Why = "the pools of PHP " + l.configs.Versions[0] + " were not read, since their php-fpm.conf is not among the files"
	case masters < len(l.Masters):
		m.Why = "there are pool files that no php-fpm.conf includes"
	default:
		m.Complete = true
	}
}
