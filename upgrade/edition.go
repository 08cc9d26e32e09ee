package upgrade

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// edition is PHP-FPM of one version as a distribution lays it out.
type edition struct {
	layout *servers.Layout
	number string // the version as the paths have it
	main   string // php-fpm.conf
	ini    string
	confD  string
	pools  string // the directory of its pools
	unit   string // without .service
	// master is nil if no configuration of it was read.
	master *stack.Master
}

// in returns a path of the layout for this version.
func (e *edition) in(pattern string) string { return servers.At(pattern, e.number) }

// editions finds both versions.
func (p *planner) editions() string {
	if p.stack == nil {
		return "nothing of a host was read"
	}
	var found []edition
	for _, m := range p.stack.Masters {
		if m.Version == p.From && m.Start().Never == "" {
			if e, ok := editionOf(m); ok {
				found = append(found, e)
			}
		}
	}
	if len(found) == 0 {
		return p.notFound()
	}
	// The one that sites pass to, if several layouts have the version.
	p.old = found[0]
	for _, e := range found {
		if p.serves(e) {
			p.old = e
			break
		}
	}
	if name := p.old.layout.Panel; name != "" {
		i := slices.IndexFunc(servers.Panels, func(x servers.Panel) bool { return x.Name == name })
		return p.leaveTo(servers.Panels[i], "the pools of PHP "+p.From)
	}
	p.new = newEdition(p.old.layout, sameForm(p.old.number, p.To))
	for _, m := range p.stack.Masters {
		if m.At.File.Name == p.new.main {
			p.new.master = m
			p.new.unit = unitOf(m, p.new.unit)
		}
	}
	switch {
	case p.new.master != nil && !p.removed(p.new):
		return ""
	case p.old.layout.Install == "":
		return fmt.Sprintf("PHP-FPM %s is not installed: there is no %s", p.To, p.new.main)
	}
	return fmt.Sprintf("PHP-FPM %s is not installed; install it first, and nothing is written before, since files that precede a package break its installation: %s", p.To, p.new.in(p.old.layout.Install))
}

// sameForm returns version as number has it: with or without its dot.
func sameForm(number, version string) string {
	if strings.Contains(number, ".") {
		return version
	}
	return strings.ReplaceAll(version, ".", "")
}

// notFound says what there is in place of the old version.
func (p *planner) notFound() string {
	var have []string
	for _, m := range p.stack.Masters {
		switch {
		case m.Version != p.From:
		case m.Loose:
			return p.onlyPools()
		case m.Start().Never != "":
			return fmt.Sprintf("PHP-FPM %s never runs here: %s", p.From, m.Start().Never)
		}
		if m.Version != "" && !slices.Contains(have, m.Version) {
			have = append(have, m.Version)
		}
	}
	for _, l := range servers.Layouts {
		if dir := path.Dir(servers.At(l.Pools, p.From)); strings.Contains(dir, p.From) && p.there(dir) {
			return p.onlyPools()
		}
	}
	slices.Sort(have)
	if have == nil {
		return fmt.Sprintf("no PHP-FPM %s was found here, and none of another version", p.From)
	}
	return fmt.Sprintf("no PHP-FPM %s was found here; there is %s", p.From, strings.Join(have, ", "))
}

// onlyPools says that a version is here in part.
func (p *planner) onlyPools() string {
	return fmt.Sprintf("pools of PHP-FPM %s are here, but not its php-fpm.conf: a plan needs all of a host, or of a copy of it", p.From)
}

// unread returns why a file that a plan needs cannot be read; "" if all can.
func (p *planner) unread() string {
	for _, e := range []edition{p.old, p.new} {
		for _, name := range append([]string{e.main, e.ini}, p.inis(e.confD)...) {
			if _, err := p.tree().Open(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Sprintf("%s cannot be read: %v; nothing is written", name, err)
			}
		}
		if e.master.Complete {
			continue
		}
		for _, n := range p.Result.NotChecked {
			name := n.Path
			if !n.At.IsZero() {
				name = n.At.File.Name
			}
			if strings.HasPrefix(name, path.Dir(e.main)+"/") {
				return fmt.Sprintf("%s: %s, so pools may be missing; nothing is written", name, n.Why)
			}
		}
		return fmt.Sprintf("not all files that %s includes can be read, so pools may be missing; nothing is written", e.main)
	}
	if n := p.stack.Unseen; n > 0 {
		p.tell(Step{Text: fmt.Sprintf("%s of the web server cannot be read; lines there may still pass to PHP %s, so it is never stopped", count(n, "part"), p.From)})
		p.opts.DropOld = false
	}
	return ""
}

// removed reports whether only the configuration of a version is left: a master that never runs.
func (p *planner) removed(e edition) bool {
	return e.master.Start().Never != "" || e.layout.Program != "" && p.tree().Missing(e.in(e.layout.Program))
}

func newEdition(l *servers.Layout, number string) edition {
	e := edition{layout: l, number: number}
	e.main, e.ini, e.confD = e.in(l.FPMConf), e.in(l.PHPIni), e.in(l.ConfD)
	e.pools, e.unit = path.Dir(e.in(l.Pools)), e.in(l.Service)
	return e
}

// editionOf returns the edition of a master: by the path of its main file, else by the program
// that its unit starts.
func editionOf(m *stack.Master) (edition, bool) {
	program := ""
	for _, u := range m.Start().Units {
		for _, c := range u.Commands() {
			program = c.Program
		}
	}
	for i := range servers.Layouts {
		l := &servers.Layouts[i]
		for _, x := range [][2]string{{l.FPMConf, m.At.File.Name}, {l.Program, program}} {
			number, ok := servers.NumberIn(x[0], x[1])
			if !ok {
				continue
			}
			e := newEdition(l, number)
			e.main, e.master = m.At.File.Name, m
			e.unit = unitOf(m, e.unit)
			return e, true
		}
	}
	return edition{}, false
}

// unitOf returns the unit that starts a master; usual if the files do not tell.
func unitOf(m *stack.Master, usual string) string {
	for _, u := range m.Start().Units {
		return strings.TrimSuffix(u.Name, ".service")
	}
	return usual
}

// serves reports whether a gateway passes to an edition.
func (p *planner) serves(e edition) bool {
	return slices.ContainsFunc(p.stack.Gateways, func(g *stack.Gateway) bool { return passes(g, e.master) })
}

// passes reports whether a gateway may pass to a pool of a master.
func passes(g *stack.Gateway, m *stack.Master) bool {
	return slices.ContainsFunc(g.Peers, func(x *stack.Peer) bool { return x.Pool != nil && x.Pool.Master == m })
}

// moving returns the gateways that have to change.
func (p *planner) moving() (list []*stack.Gateway) {
	for _, g := range p.stack.Gateways {
		if passes(g, p.old.master) && p.selected(g) {
			list = append(list, g)
		}
	}
	return list
}

// selected reports whether a gateway is of a site that moves.
func (p *planner) selected(g *stack.Gateway) bool {
	if p.opts.In == nil {
		return true
	}
	file := g.At.File
	if g.Site != nil {
		file = g.Site.At.File
	}
	return slices.ContainsFunc(p.opts.In, func(name string) bool {
		real := p.tree().Leads(name)
		return real == "/" || file.Real == real || strings.HasPrefix(file.Real, real+"/") || strings.HasPrefix(file.Name, strings.TrimSuffix(name, "/")+"/")
	})
}

// addresses are what something of the host listens on or connects to.
type addresses struct {
	all   map[netaddr.Endpoint]bool
	ports map[uint16]bool // of every address
}

func (a *addresses) add(e netaddr.Endpoint) {
	if a.all[e] = true; e.Port != 0 {
		a.ports[e.Port] = true
	}
}

// taken reports whether anything of the host, or a new pool, has an address.
func (p *planner) taken(e netaddr.Endpoint) bool {
	if p.addresses.all == nil {
		p.addresses = addresses{map[netaddr.Endpoint]bool{}, map[uint16]bool{}}
		p.collectAddresses()
	}
	return p.addresses.all[e] || p.addresses.ports[e.Port]
}

// collectAddresses notes the addresses of the host as it is.
func (p *planner) collectAddresses() {
	for _, pool := range p.stack.Pools {
		p.addresses.add(pool.Listen.Endpoint)
		if pool.StatusListen != nil {
			p.addresses.add(pool.StatusListen.Endpoint)
		}
	}
	for _, site := range p.stack.Sites {
		for _, l := range site.Listens {
			p.addresses.add(l.Endpoint)
		}
	}
	for _, g := range p.stack.Gateways {
		for _, peer := range g.Peers {
			p.addresses.add(peer.Endpoint)
		}
	}
}

// refuses reports whether a finding is that a server does not start.
func refuses(f *lint.Finding) bool { return f.Outcome <= lint.FPMRefuses }
