package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// doubtOrigins says of addresses of nginx that it is not known what listens there, where Apache may
// be meant: one to which no gateway leads, although clients reach it through nginx alone or it has
// sites of the same names. Such a port may be that of a program that the files do not tell of, such as
// a cache between nginx and Apache, so nothing is reported.
func doubtOrigins(p *lint.Pass) {
	if p.Stack.Container != nil {
		return // other containers may reach it
	}
	reached := map[*stack.Front]bool{}
	for _, g := range p.Stack.Gateways {
		for _, peer := range g.Peers {
			if peer.Site != nil {
				reached[peer.Site.Front] = true
			}
		}
	}
	for _, front := range p.Stack.Fronts {
		if front.Server != servers.Apache || front.Machine == nil || reached[front] {
			continue
		}
		if starts, known := p.Stack.Boots(servers.Apache); starts || !known {
			doubtOriginsBefore(p, front)
		}
	}
}

// doubtOriginsBefore is doubtOrigins for an Apache to which no gateway leads.
func doubtOriginsBefore(p *lint.Pass, apache *stack.Front) {
	text, private, names := "", true, map[string]bool{}
	for _, site := range apache.Machine.Sites {
		if site.Front != apache {
			continue
		}
		for _, listen := range site.Listens {
			e := listen.Endpoint
			if !e.IsLocal() && (e.Port == 80 || e.Port == 443) {
				return // clients reach it without nginx
			}
			private = private && e.IsLocal()
			text = cmp.Or(text, listen.Text)
		}
		for _, name := range site.Names {
			names[strings.ToLower(name)] = name != "localhost"
		}
	}
	if text == "" {
		return
	}
	said := once[source.Span]{}
	for _, g := range apache.Machine.Gateways {
		if g.Pass != nil || g.Site == nil || !private && !slices.ContainsFunc(g.Site.Names, func(name string) bool { return names[strings.ToLower(name)] }) {
			continue
		}
		for _, peer := range g.Peers {
			e := peer.Endpoint
			if peer.Fault == stack.Elsewhere && peer.Why == "" && e.Network == netaddr.TCP && e.IsLocal() && !peer.Down && said.first(peer.At) {
				p.NotChecked(peer.At, "cannot tell what listens on "+e.String()+": no address in nginx is that of Apache, which has "+text)
			}
		}
	}
}
