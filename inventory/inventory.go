// Package inventory is what was understood of each machine, for people and programs that
// want to know why a finding is reported or not: what starts on the machine, what that
// reads, where it listens and where it connects to.
package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Machine is what was understood of one host or container. No text in it holds a secret.
type Machine struct {
	// Name is what the project calls it. It is the main file of one of several hosts, and "" for the
	// only host and for files that belong to no machine.
	Name string
	// At is where the project names it; zero for a host.
	At source.Span
	// Deployment is the path of the file that runs it together with others; "" for a
	// host.
	Deployment string
	// Sample is the env file whose values are used in place of a missing .env; nil for none.
	Sample *source.File
	// Image is the reference of its image, and ImageAt where it is written; "" for none.
	Image   string
	ImageAt source.Span

	Servers []Server
	// Unknown is why what runs on it is not known; "" if it is.
	Unknown string
	// Others is set if it runs other programs than nginx and PHP-FPM, such as Apache.
	Others bool

	Files []File
	// Unused are the paths in the project of configurations that a container holds beside those
	// of its servers, and that these do not read.
	Unused []string
	Pools  []Pool
	// Names are what other containers call it, and Networks the networks that it is on.
	Names, Networks []string
	// Shares are the other containers in its network namespace. OnHost is set if that is the
	// one of the host.
	Shares []string
	OnHost bool
	// Gateways are the places where its nginx or Apache passes requests on, in the order of the
	// files; a place that several sites include is one.
	Gateways []Gateway
	// Memory is the limit of its memory in bytes, 0 if none is known, and MemoryAt where
	// it is set; zero for a host.
	Memory   int64
	MemoryAt source.Span
	// Doubts are why it may be different from what was read, and what was not read of it.
	Doubts []string
}

// Server is a server that runs on a machine.
type Server struct {
	Program string // nginx, apache, php-fpm or cloudflared
	Version string // such as 8.3; "" if unknown
	Main    string // the path of its main file on the machine
	// ModPHP is set for an Apache inside of which PHP runs, so that it has no gateway for PHP.
	ModPHP bool
	// At is the command that starts it; zero if that is in the image, or if the machine is
	// a host.
	At source.Span
}

// File is a configuration file of a machine.
type File struct {
	Path string // on the machine
	Role source.Role
	// Origin is what makes it in the project: all of a file, or the line that writes it.
	// Zero if an image brings it.
	Origin source.Span
	// Whole is set if it is byte for byte the file of Origin.
	Whole bool
	Image string // which brings it; "" for a file of the project
}

// Pool is a pool of PHP-FPM.
type Pool struct {
	Name   string
	Listen string // the address as written
	// At is where the address is written; the header of the pool if it is not set.
	At source.Span
}

// Gateway is a place where nginx or Apache passes requests on.
type Gateway struct {
	At      source.Span // the address
	Pass    string      // the directive, such as fastcgi_pass or SetHandler
	Address string      // as written
	// Peers are the addresses that it leads to; none if Why is not "", and for a site of Apache
	// that passes requests for PHP to nothing.
	Peers []Peer
	Why   string // why they are not known
}

// State is what is known about the end of a connection.
type State string

// The states.
const (
	Answers State = "answers"
	Fails   State = "fails"
	Unknown State = "unknown"
)

// Peer is an address that a gateway leads to.
type Peer struct {
	Address string
	State   State
	// Machine is the container that the address leads to, and Port the port there; "" and 0
	// if it leads to none.
	Machine string
	Port    uint16
	Pool    string     // the pool that answers, or would; "" for none
	Site    string     // the web server that answers: nginx or apache; "" for none
	Rule    *lint.Rule // which reports why it fails; nil for none
	Why     string     // why it is unknown
}

// Of returns the machines of all models of a run: those of containers in their order, then
// hosts. Rules are those that may report why a connection fails.
func Of(stacks []*stack.Stack, rules []*lint.Rule) (all []*Machine) {
	l := &lister{mask: report.Mask(), rules: map[lint.Fault]*lint.Rule{}}
	for _, r := range rules {
		for _, f := range r.Faults {
			l.rules[f] = r
		}
	}
	var hosts []*Machine
	for _, s := range stacks {
		if s.Container != nil {
			all = append(all, l.container(s))
			continue
		}
		for _, m := range s.Machines {
			if one := l.host(s, m); len(one.Files) > 0 {
				hosts = append(hosts, one)
			}
		}
	}
	return append(all, hosts...)
}

type lister struct {
	mask  func(text string, files ...*source.File) string
	rules map[lint.Fault]*lint.Rule
}

// container lists a container, which is all of its model.
func (l *lister) container(s *stack.Stack) *Machine {
	c := s.Container
	m := &Machine{
		Name: c.Name, At: c.At, Deployment: c.Deployment.Name, Sample: c.Deployment.Sample,
		Image: l.text(c.Image, c.ImageAt), ImageAt: c.ImageAt, Unknown: l.mask(c.Unknown, c.At.File, c.ImageAt.File), Others: c.Others,
		Names: c.Names, Memory: c.Memory, MemoryAt: c.MemoryAt, OnHost: c.OnHost(),
	}
	for _, n := range c.Networks() {
		m.Networks = append(m.Networks, n.Name)
	}
	for _, mate := range c.Mates() {
		if mate != c {
			m.Shares = append(m.Shares, mate.Name)
		}
	}
	m.Servers = slices.Concat(servers("nginx", c.NginxVersion, c.Nginx), servers("apache", "", c.Apache), servers("php-fpm", c.PHP, c.FPM))
	for _, f := range s.Files {
		switch {
		case f.File != nil:
			m.Files = append(m.Files, file(f))
		case f.Role == source.RoleNotLoaded:
			m.Unused = append(m.Unused, f.Path)
		}
	}
	m.Doubts = l.doubts(s)
	l.servers(s, s.Machines, m)
	l.tunnels(s, s.Machines, m)
	return m
}

func servers(program, version string, list []deploy.Server) (all []Server) {
	for _, s := range list {
		all = append(all, Server{program, version, s.Main, s.ModPHP, s.At})
	}
	return all
}

// host lists one machine of a host or of the files that no container has.
func (l *lister) host(s *stack.Stack, on *stack.Machine) *Machine {
	m := &Machine{Name: strings.TrimPrefix(on.File, "/")}
	if on.Facts != nil {
		m.Memory = on.Facts.Memory
	}
	own := map[*source.File]bool{}
	for _, main := range s.Fronts {
		if main.Machine == on {
			own[main.At.File] = true
			m.Servers = append(m.Servers, Server{Program: string(main.Server), Main: main.At.File.Name})
		}
	}
	for _, master := range on.Masters {
		own[master.At.File] = true
		if !master.Loose {
			m.Servers = append(m.Servers, Server{Program: "php-fpm", Version: master.Version, Main: master.At.File.Name})
		}
	}
	for _, site := range on.Sites {
		own[site.At.File] = true
	}
	for _, pool := range on.Pools {
		own[pool.At.File] = true
	}
	for _, t := range s.Tunnels {
		own[t.At.File] = own[t.At.File] || t.Machine == on
		if t.Config != nil && t.Config.File != nil {
			own[t.Config.File] = t.Machine == on
		}
	}
	for _, f := range s.Files {
		if f.File != nil && !f.Role.Describes() && (len(s.Machines) == 1 || own[f.File]) {
			m.Files = append(m.Files, file(f))
		}
	}
	if len(s.Machines) == 1 {
		m.Doubts = l.doubts(s)
	}
	l.servers(s, []*stack.Machine{on}, m)
	l.tunnels(s, []*stack.Machine{on}, m)
	return m
}

// servers lists what the servers of machines do.
func (l *lister) servers(s *stack.Stack, on []*stack.Machine, m *Machine) {
	met := map[source.Span]bool{}
	for _, machine := range on {
		for _, p := range machine.Pools {
			m.Pools = append(m.Pools, Pool{l.text(p.Name, p.At), l.text(p.Listen.Text, p.Listen.At), p.Listen.At})
		}
		for _, g := range machine.Gateways {
			if !met[g.At] {
				met[g.At] = true
				m.Gateways = append(m.Gateways, l.gateway(s, g))
			}
		}
	}
	slices.SortStableFunc(m.Gateways, func(a, b Gateway) int {
		return cmp.Or(cmp.Compare(a.At.File.Name, b.At.File.Name), cmp.Compare(a.At.Start, b.At.Start))
	})
}

// file returns a file of a machine with its origin.
func file(in source.Input) File {
	f := File{Path: in.File.Name, Role: in.Role, Image: in.File.Image}
	if f.Image == "" {
		f.Origin, f.Whole = in.File.Span(0, len(in.File.Text)).Origin()
	}
	return f
}

// text returns text as it is written at at, without secrets.
func (l *lister) text(text string, at source.Span) string {
	if !at.IsZero() && at.Secret() && at.Text() == text {
		return at.Masked()
	}
	return l.mask(text, at.File)
}

// doubts returns what was not understood of the files of a model.
func (l *lister) doubts(s *stack.Stack) (all []string) {
	add := func(why string, f *source.File) {
		if why = l.mask(why, f); !slices.Contains(all, why) {
			all = append(all, why)
		}
	}
	for _, f := range s.Files {
		if f.File != nil && f.File.Doubt != "" {
			add(f.File.Doubt, f.File)
		}
	}
	for _, u := range s.Unknown {
		if u.At.IsZero() {
			add(u.Path+": "+u.Why, nil)
		}
	}
	return all
}
