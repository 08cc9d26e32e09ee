package stack

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// addUpstream adds an upstream block of http with its servers.
func (r *reader) addUpstream(n *names, http *scope, d nginx.Directive) {
	u := &Upstream{Name: d.Arg(0).String(), At: d.Arg(0).Span()}
	s := r.collect(http, d)
	for _, it := range s.items {
		if it.keyword == kwServer && !it.d.HasBlock() {
			r.addServer(u, it.d)
		}
	}
	b := block{Effective: s.effective, at: u.At}
	u.Keepalive = setting(b, kwKeepalive, numberOf)
	u.Zone = setting(b, kwZone, textOf)
	b.why = r.open()
	u.Resolver = setting(b, kwResolver, wordsOf)
	key := strings.ToLower(u.Name)
	if n.upstreams[key] == nil {
		n.upstreams[key] = u
	} else if r.main != nil {
		u.Twin = n.upstreams[key] // fragments may be alternatives to each other
	}
	r.linker.Upstreams = append(r.linker.Upstreams, u)
}

// addServer adds one server line of an upstream.
func (r *reader) addServer(u *Upstream, d nginx.Directive) {
	word := d.Arg(0)
	server := UpstreamServer{At: word.Span(), Text: word.String()}
	for i, w := range d.Args() {
		if i > 0 {
			server.Params = append(server.Params, w.String())
			server.Backup = server.Backup || w.String() == "backup"
			server.Down = server.Down || w.String() == "down"
		}
	}
	u.Servers = append(u.Servers, server)
	for _, p := range r.linker.peers(server.Text, server.At, 80) {
		if p.Fault == Unresolvable && slices.Contains(server.Params, "resolve") {
			p.Fault = Elsewhere
		}
		p.Backup, p.Down = server.Backup, server.Down
		u.Peers = append(u.Peers, p)
	}
}

// open returns why a missing setting of a block is unknown, "" if it is not: a fragment
// is inside a block of a file that was not given.
func (r *reader) open() string {
	if r.main == nil {
		return noMain
	}
	return ""
}
