package inventory

import (
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// tunnels lists each cloudflared of a stack, and where its ingress rules lead.
func (l *lister) tunnels(s *stack.Stack, on []*stack.Machine, m *Machine) {
	for _, t := range s.Tunnels {
		if !slices.Contains(on, t.Machine) {
			continue
		}
		server := Server{Program: "cloudflared", At: t.At}
		if c := t.Config; c != nil && c.File != nil {
			server.Main = c.File.Name
		}
		m.Servers = append(m.Servers, server)
		for _, o := range t.Origins {
			m.Gateways = append(m.Gateways, l.origin(o))
		}
	}
}

// origin lists where an ingress rule leads.
func (l *lister) origin(o *stack.Origin) Gateway {
	out := Gateway{At: o.At, Pass: "service", Address: l.text(o.Rule.Service.Text, o.At)}
	p := o.Peer
	if p == nil {
		out.Why = "the address is not known"
		return out
	}
	peer := l.reached(p)
	peer.Address = out.Address
	if o.Fault == stack.OriginOtherContainer {
		peer.Machine = ""
	}
	switch o.Fault {
	case stack.OriginAnswers:
		peer.State = Answers
	case stack.OriginUnknown:
		peer.State, peer.Why = Unknown, l.why(p.Why, lint.Reason{Why: "a program of which nothing is known may listen there"}, o.At)
	default:
		peer.State, peer.Rule = Fails, l.rules[o.Fault]
	}
	out.Peers = []Peer{peer}
	return out
}
