package stack

import (
	"slices"
	"sync"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/source"
)

// beside returns the last *_pass of another kind among items.
func (r *reader) beside(items []item, counts keyword) (at source.Span) {
	for _, it := range items {
		if protocols[it.keyword] != 0 && it.keyword != counts && it.d.NumArgs() == 1 && !it.d.HasBlock() {
			at = it.d.Arg(0).Span()
		}
	}
	return at
}

// routesOf returns the router of files of the configuration of r, which is made on first use.
func (r *reader) routesOf(files []*nginx.File) func() *route.Config {
	l, parsed := r.linker, r.config
	return sync.OnceValue(func() *route.Config {
		return route.New(parsed, files, route.Options{Endpoints: l.readEndpoints, Partial: parsed.Main == nil || parsed.Open || r.rendered})
	})
}

// leaveUnreached moves the gateways that no request reaches to Replaced: nginx only
// validates their addresses. Those without a fault are not looked at, unless a directive
// may keep requests away: to route requests through thousands of sound sites takes long.
func (l *linker) leaveUnreached() {
	unreached := map[*Gateway]bool{}
	var site *Site // of the gateway before: those of a site follow each other
	named := false
	for _, g := range l.Gateways {
		if g.Site == nil || g.Pass != nil || g.returned || !g.diverted && !g.faulty() {
			continue
		}
		if g.Site != site {
			site, named = g.Site, g.Site.named()
		}
		if g.Site.routes().Unreached(g.blocks, named) != "" {
			unreached[g] = true
			l.Replaced = append(l.Replaced, g)
		}
	}
	if len(unreached) == 0 {
		return
	}
	is := func(g *Gateway) bool { return unreached[g] }
	l.Gateways = slices.DeleteFunc(l.Gateways, is)
	for _, m := range l.Machines {
		m.Gateways = slices.DeleteFunc(m.Gateways, is)
	}
}

// faulty reports whether the connection to one of the peers fails.
func (g *Gateway) faulty() bool {
	return slices.ContainsFunc(g.Peers, func(p *Peer) bool { return p.Fault > Untold })
}

// maxHops is how often a request that goes in circles is followed.
const maxHops = 12

// Loops reports whether a request that a proxy_pass sends to nginx itself certainly
// returns to it again and again. Some requests that the server is likely to get are tried.
func (g *Gateway) Loops(p *Peer) bool {
	if g.Site == nil || len(g.blocks) == 0 || !g.entersItself(p) {
		return false
	}
	names := g.Site.Names
	if len(names) == 0 {
		names = []string{"localhost"}
	}
	for _, listen := range g.Site.Listens[:min(2, len(g.Site.Listens))] {
		for _, name := range names[:min(3, len(names))] {
			host := route.HostLike(name)
			for _, uri := range route.Probes(g.blocks) {
				if g.circles(p, route.Request{Endpoint: listen.Endpoint, TLS: listen.SSL, Host: host, URI: uri}) {
					return true
				}
			}
		}
	}
	return false
}

// entersItself reports whether the connection to a peer arrives at the nginx of g.
func (g *Gateway) entersItself(p *Peer) bool {
	if p.Site == nil || p.Fault != Answers || p.Down || g.Protocol != HTTP && g.Protocol != HTTPS {
		return false
	}
	listener := g.Site.ListenerAt(p.Endpoint)
	return listener != nil && (g.Protocol == HTTPS) == listener.SSL
}

// circles reports whether a request that g passes to p does not come to an end.
func (g *Gateway) circles(p *Peer, req route.Request) bool {
	routes := g.Site.routes()
	for hop := range maxHops {
		a, certain := routes.Certain(req)
		if !certain || a.End != route.Passed || hop <= 1 && a.Server.NameWord().Span() != g.Site.At {
			return false
		}
		next, peer := g, p
		if a.By.Arg(0).Span() != g.At {
			i := slices.IndexFunc(g.Machine.Gateways, func(other *Gateway) bool { return other.At == a.By.Arg(0).Span() })
			if hop == 0 || i < 0 || len(g.Machine.Gateways[i].Peers) != 1 {
				return false
			}
			next = g.Machine.Gateways[i]
			peer = next.Peers[0]
		}
		if a.Sent == "" || a.SentHost == "" || next.Site == nil || !next.entersItself(peer) {
			return false
		}
		at := g.Site.ListenerAt(peer.Endpoint)
		if at == nil {
			return false
		}
		from, _ := peer.Endpoint.Source()
		req = route.Request{Endpoint: at.Endpoint, TLS: next.Protocol == HTTPS, Host: a.SentHost, Method: a.Method, URI: a.Sent, Client: from}
	}
	return true
}
