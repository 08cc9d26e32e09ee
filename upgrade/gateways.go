package upgrade

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// moveGateways makes the moving gateways pass to the new pools.
func (p *planner) moveGateways(moving []*stack.Gateway) {
	said := map[source.Span]bool{}
	for _, g := range moving {
		for _, peer := range g.Peers {
			t := p.targets[peer.Pool]
			if t == nil || p.debianConf(peer.At.File) {
				continue
			}
			if p.shared(peer.At, moving) {
				p.tell(Step{At: peer.At, Text: "sites that do not move use this line too, so it stays, and so do the sites that move; give them a line of their own"})
				continue
			}
			old, now := t.gateway(peer)
			var at []source.Span
			if g.Variable && peer.At == g.At {
				if at = p.variables(g, peer, old); at == nil && len(g.Peers) == 1 && g.Protocol == stack.FastCGI {
					// The address is put together from variables with one possible value.
					old, now, at = g.At.Text(), t.whole(peer), []source.Span{g.At}
				}
			} else if strings.Contains(peer.At.Text(), old) {
				at = []source.Span{peer.At}
			}
			if at == nil {
				p.tell(Step{At: g.At, Text: fmt.Sprintf("the address of this line is not written in one place, so it stays; make it pass to %s, where pool %s of PHP %s listens", t.whole(peer), t.name, p.To)})
				continue
			}
			p.changeWeb(g)
			for _, a := range at {
				p.moveAddress(a, old, now)
				if !said[a] {
					said[a] = true
					p.do(Step{Kind: Gateways, At: a, Text: fmt.Sprintf("%s becomes %s", a.Text(), swapped(a.Text(), old, now)), Why: fmt.Sprintf("pool %s of PHP %s answers there", t.name, p.To)})
				}
			}
		}
	}
}

// moveAddress puts the address now in place of old, which the word at has.
func (p *planner) moveAddress(at source.Span, old, now string) {
	i := strings.LastIndex(at.Text(), old)
	p.edit(at.Sub(i, i+len(old)), now)
}

// swapped returns text with the last old in it replaced.
func swapped(text, old, now string) string {
	if i := strings.LastIndex(text, old); i >= 0 {
		return text[:i] + now + text[i+len(old):]
	}
	return text
}

// changeWeb notes which web server has to reload.
func (p *planner) changeWeb(g *stack.Gateway) {
	if p.webs == nil {
		p.webs = map[string]bool{}
	}
	p.webs[p.webUnit(g.Front)] = true
}

// webUnit returns the unit of a web server.
func (p *planner) webUnit(f *stack.Front) string {
	server := servers.Nginx
	if f != nil {
		server = f.Server
	}
	for _, u := range p.stack.UnitsFor(server) {
		return strings.TrimSuffix(u.Name, ".service")
	}
	if server == servers.Apache {
		if f != nil && strings.HasPrefix(f.At.File.Name, "/etc/httpd/") {
			return "httpd"
		}
		return "apache2"
	}
	return "nginx"
}

// shared reports whether gateways that do not move use the same word.
func (p *planner) shared(at source.Span, moving []*stack.Gateway) bool {
	if p.opts.In == nil {
		return false
	}
	return slices.ContainsFunc(p.stack.Gateways, func(g *stack.Gateway) bool {
		return !slices.Contains(moving, g) && slices.ContainsFunc(g.Peers, func(x *stack.Peer) bool { return x.At == at })
	})
}

// variables returns the words that give the variables of the address of a gateway their values,
// as far as they hold the address old of a peer.
func (p *planner) variables(g *stack.Gateway, peer *stack.Peer, old string) (at []source.Span) {
	names := map[string]bool{}
	addNames(names, g.At.Text())
	for range 4 { // values may have variables of their own
		for _, w := range p.assigned(names) {
			addNames(names, w.Text())
			if !strings.Contains(w.Text(), old) || slices.Contains(at, w) {
				continue
			}
			if a := netaddr.ParseAddress(unquoted(w.Text())); a.Network == peer.Network && a.Path == peer.Path && a.Port == peer.Port {
				at = append(at, w)
			}
		}
	}
	return at
}

func addNames(names map[string]bool, text string) {
	for part := range nginx.Variables(text) {
		if part.Variable != "" {
			names[part.Variable] = true
		}
	}
}

// assigned returns the words that become values of variables: of set, map, geo and
// split_clients.
func (p *planner) assigned(names map[string]bool) (words []source.Span) {
	for _, in := range p.Result.Files {
		if in.File == nil {
			continue
		}
		parsed, ok := in.File.Parsed.(*nginx.File)
		if !ok {
			continue
		}
		for d := range parsed.All() {
			switch {
			case d.Name() == "set" && d.NumArgs() == 2 && names[strings.TrimPrefix(d.Arg(0).String(), "$")]:
				words = append(words, d.Arg(1).Span())
			case d.Data() && d.NumArgs() > 0:
				block := d.Parent()
				if names[strings.TrimPrefix(block.Arg(block.NumArgs()-1).String(), "$")] {
					words = append(words, d.Arg(d.NumArgs()-1).Span())
				}
			}
		}
	}
	return words
}

// The snippets that a2enconf enables: those of Debian's packages of PHP-FPM.
const confEnabled, confAvailable = "/etc/apache2/conf-enabled/", "/etc/apache2/conf-available/"

// debianConf reports whether a file is the snippet of the old version that Debian's package
// brings, which is not edited: the one of the new version is enabled in its place.
func (p *planner) debianConf(f *source.File) bool {
	return f.Real == confAvailable+p.old.unit+".conf" && p.there(confAvailable+p.new.unit+".conf")
}

// enabledLinks returns the links that enable the snippet of the old version.
func (p *planner) enabledLinks() []string {
	name := confEnabled + p.old.unit + ".conf"
	if p.opts.In != nil || !p.there(name) || p.tree().Leads(name) == p.resolved(name) {
		return nil
	}
	return []string{name}
}

// moveLinks enables the snippet of the new version in place of that of the old one.
func (p *planner) moveLinks(links []string) {
	for _, name := range links {
		other := confEnabled + p.new.unit + ".conf"
		if !p.there(confAvailable + p.new.unit + ".conf") {
			continue
		}
		if p.free(other) {
			p.link(other, "../conf-available/"+p.new.unit+".conf")
			p.do(Step{Kind: Gateways, Path: other, Text: "Apache reads " + other})
		}
		p.unlink(name, p.linkOf(name))
		p.do(Step{Kind: Gateways, Path: name, Text: "Apache no longer reads " + name, Why: "of two such files the last one wins, which is that of the higher version"})
		if p.webs == nil {
			p.webs = map[string]bool{}
		}
		p.webs["apache2"] = true
		p.matchSnippet()
	}
}

// matchSnippet makes the snippet of the new version name the pool that was planned.
func (p *planner) matchSnippet() {
	f, err := p.tree().File(confAvailable + p.new.unit + ".conf")
	if err != nil {
		return
	}
	for pool, t := range p.targets {
		stock := "unix:" + renamed(pool.Listen.Endpoint.Path, p.From, p.To)
		if i := strings.Index(f.Text, stock+"|"); i >= 0 && strings.TrimPrefix(stock, "unix:") != t.endpoint.Path && t.endpoint.Path != "" {
			p.edit(f.Span(i+len("unix:"), i+len(stock)), t.endpoint.Path)
		}
	}
}

// linkOf returns the target of a link as it is written.
func (p *planner) linkOf(name string) string {
	target, _ := p.tree().Readlink(path.Clean(name))
	return target
}
