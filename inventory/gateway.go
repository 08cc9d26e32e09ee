package inventory

import (
	"cmp"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// gateway lists where a gateway leads.
func (l *lister) gateway(s *stack.Stack, g *stack.Gateway) Gateway {
	out := Gateway{At: g.At, Pass: g.Protocol.Pass(), Address: l.text(g.At.Text(), g.At)}
	if g.Pass != nil {
		out.Pass = g.Pass.Way.String()
	}
	for _, p := range g.Peers {
		out.Peers = append(out.Peers, l.peer(s, g, p))
	}
	if g.Pass != nil && len(g.Peers) == 0 && l.rules[g.Pass.Cause] != nil {
		out.Peers = []Peer{{Address: out.Address, State: Fails, Rule: l.rules[g.Pass.Cause]}}
		return out
	}
	if len(g.Peers) == 0 {
		r, _ := lint.Unjudged(s, g, nil)
		out.Why = l.why(g.Why, r, g.At)
	}
	return out
}

// peer lists one of the addresses that a gateway leads to.
func (l *lister) peer(s *stack.Stack, g *stack.Gateway, p *stack.Peer) Peer {
	out := l.reached(p)
	out.Address = l.text(p.Text, p.At)
	switch r, unjudged := lint.Unjudged(s, g, p); {
	case unjudged, p.Fault == stack.Elsewhere, p.Fault == stack.Untold:
		out.State, out.Why = Unknown, l.why(p.Why, r, p.At)
	case p.Fault == stack.Answers:
		out.State = Answers
	default:
		out.State, out.Rule = Fails, l.rules[p.Fault]
	}
	return out
}

// reached lists what a peer leads to, without its address and its state.
func (l *lister) reached(p *stack.Peer) Peer {
	out := Peer{Port: p.Target.Port}
	if p.Target.Machine != nil {
		out.Machine = p.Target.Machine.Name
	}
	if p.Pool != nil {
		out.Pool = l.text(p.Pool.Name, p.Pool.At)
	}
	if p.Site != nil && p.Site.Front != nil {
		out.Site = string(p.Site.Front.Server)
	}
	return out
}

// why words why something is not known: as exactly as possible, unless that may quote what
// is at at, and it is a secret.
func (l *lister) why(exact string, r lint.Reason, at source.Span) string {
	if at.Secret() {
		exact = ""
	}
	return l.mask(cmp.Or(exact, r.Why), at.File)
}
