package stack

import (
	"strings"

	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// addChoices keeps the lines of a map, geo or split_clients.
func (n *names) addChoices(d nginx.Directive) {
	name := strings.TrimPrefix(d.Arg(d.NumArgs()-1).String(), "$")
	if n.choices[name] == nil {
		n.choices[name] = nginxt.Choices(d)
	} else {
		n.choices[name] = []nginxt.Choice{{}} // nginx takes the last of two blocks
	}
}

// choose sets the peers of a FastCGI gateway whose whole address is a variable with several
// values: one after the other, of which each request uses one.
func (l *linker) choose(g *Gateway, text string, names *names, sets *sets, here *scope) {
	name := strings.Trim(text, "${}")
	list := names.choices[name]
	if g.Protocol != FastCGI || strings.ContainsAny(name, "$.:/") || len(list) == 0 || list[0].At.IsZero() || sets.of(name).any {
		return
	}
	for _, c := range list {
		value, why := names.expand(c.Value, sets, here)
		u := names.named(value)
		var peers []*Peer
		switch {
		case why != "" || c.Value == "" || u != nil && (len(u.Peers) != 1 || u.large):
			p := &Peer{At: g.At}
			p.leave(Untold, UnknownVariable, "the address depends on a variable: $"+name+" has several possible values")
			peers = []*Peer{p}
		case u != nil:
			peers = clone(u.Peers)
		default:
			peers = l.late(value, c.At, 0)
		}
		for _, p := range peers {
			p.Key = c.Key
		}
		g.Peers = append(g.Peers, peers...)
	}
	g.Chosen, g.Why, g.obstacle, g.AnyHost = name, "", NoObstacle, false
	l.uses(g)
}
