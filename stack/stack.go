// Package stack is the linked model of a host: which gateway of which site of
// nginx or Apache passes requests to which pool of which master. Link computes it once. Rules read the model
// and never a syntax tree.
package stack

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// Stack is everything that was read, linked.
type Stack struct {
	Machines  []*Machine
	Fronts    []*Front
	Gateways  []*Gateway
	Replaced  []*Gateway // those that a later one in their block replaces, or that no request reaches
	GRPC      []*GRPC
	Tunnels   []*Tunnel
	Firewall  *parser.Firewall // nil if none of the files sets one up
	Masters   []*Master
	Pools     []*Pool
	Callers   map[*Pool][]*Gateway // those of FastCGI whose requests a pool answers
	Sites     []*Site
	Upstreams []*Upstream
	Listeners []*Listener // those of all machines
	Units     []*service.Unit
	Buffers   []*BufferSet // those that nginx refuses
	// Directives are those that nginx refuses, in no order.
	Directives []nginxt.Refusal
	// Written are the files that nginx opens for writing at startup, in no order.
	Written []nginxt.WrittenFile
	// Sockets are the unix sockets that nginx listens on, in no order.
	Sockets []nginxt.ListeningSocket
	// Loaded are the modules that nginx loads, in no order.
	Loaded []nginxt.LoadedModule
	// LongNames are the server names that nginx refuses at an address that several
	// servers share, by where they are written.
	LongNames map[source.Span]nginxt.Refusal
	// Refusals are why Apache does not start: one for each Apache, which stops at the first.
	Refusals []*apachet.Refusal
	// Problems are what the servers refuse to read, in the order of the files, except
	// those that a refusal of PHP-FPM describes better.
	Problems []Problem
	// Unknown is what could not be checked, each with its reason.
	Unknown []source.NotChecked
	Facts   *host.Facts
	// Container is the container whose root was read; nil for a host, and for the files of
	// a project that no container has.
	Container *deploy.Machine
	Files     []source.Input
	// Unseen counts the files and blocks of nginx that were not read, so that gateways in
	// them are missing here, and PoolsUnseen the files of PHP-FPM that were not read.
	Unseen, PoolsUnseen int
	// System is set if the tree is laid out like the root of a machine, and Searched if
	// everything in it was searched, not only paths that the user named.
	System, Searched bool

	services *service.Machine
	configs  *parser.Configs
	fleet    *fleet
	index    *index // created by the first call of Around
}

// Describe adds the files that describe the machines of a project, and what is wrong with
// them.
func (s *Stack) Describe(p *deploy.Project) {
	s.Files = append(slices.Clip(s.Files), p.Files...)
	slices.SortStableFunc(s.Files, func(a, b source.Input) int { return strings.Compare(a.Path, b.Path) })
	for _, problem := range p.Problems {
		s.Problems = append(s.Problems, Problem{problem, servers.Engine})
	}
	s.Unknown = append(s.Unknown, p.Unknown...)
	s.Unseen += p.Unseen
}

// Process returns the account that the servers of a kind in a container certainly start as;
// nil for root, for one that is not known, and for a host.
func (s *Stack) Process(kind servers.Server) *host.Process {
	if s.Container == nil || s.Facts == nil {
		return nil
	}
	if a := s.Container.RunAs(kind); a.Known && a.UID != 0 {
		p := s.Facts.Process(uint32(a.UID), uint32(a.GID), a.At)
		// Who takes another account, such as gosu, gives up the groups of the engine.
		if int64(p.UID) == s.Container.Account.UID {
			p.GIDs = append(p.GIDs, s.Container.Groups...)
		}
		return p
	}
	return nil
}

// LacksContainer reports whether a host would be the name of a container, and the project has
// containers, but none of that name. It is about files that no container has.
func (s *Stack) LacksContainer(host string) bool {
	return s.Container == nil && s.fleet != nil && s.fleet.called != nil && !strings.Contains(host, ".") && !s.fleet.called[strings.ToLower(host)]
}

// Live reports whether the files are those of the running machine.
func (s *Stack) Live() bool { return s.Facts != nil && s.Facts.Files.Live() }

// Problem is a text that a server refuses to read.
type Problem struct {
	source.Problem
	By servers.Server
}
