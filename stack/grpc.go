package stack

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// GRPC is a grpc_pass of nginx, which uses HTTP/2, to an address without TLS.
type GRPC struct {
	Machine *Machine
	Site    *Site
	At      source.Span // the argument
	// Peers are the addresses that may be used; none for an address with a variable.
	Peers []*Peer
}

// linkGRPC adds the grpc_pass of a block. Of several the last takes effect.
func (r *reader) linkGRPC(s *scope, site *Site, names *names) {
	for _, it := range slices.Backward(s.items) {
		if it.keyword != kwGRPCPass || it.d.NumArgs() != 1 || it.d.HasBlock() || s.returnsFirst() {
			continue
		}
		text := it.d.Arg(0).String()
		if scheme := "grpc://"; len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			text = text[len(scheme):]
		}
		if strings.Contains(text, "://") || nginx.HasVariable(text) || source.TemplateMark(text) != "" {
			return
		}
		g := &GRPC{Machine: r.machine, Site: site, At: it.d.Arg(0).Span()}
		if u := names.named(text); u != nil {
			g.Peers = clone(u.Peers)
		} else {
			g.Peers = r.linker.peers(text, g.At, 80)
		}
		r.linker.GRPC = append(r.linker.GRPC, g)
		return
	}
}

// judgeGRPC determines what answers each grpc_pass.
func (l *linker) judgeGRPC() {
	for _, grpc := range l.GRPC {
		g := &Gateway{Machine: grpc.Machine, Front: grpc.Site.Front, Site: grpc.Site, Protocol: HTTP}
		for _, p := range grpc.Peers {
			l.judge(g, p)
		}
	}
}

// HTTP1 returns the listener without HTTP/2 that answers a peer; nil for none, and where that is not known.
func (g *GRPC) HTTP1(p *Peer) *Listener {
	if p.Site == nil || p.Fault != Answers || p.Target.Machine != nil || p.Site.Front.Rendered || p.Site.Front.Loose {
		return nil
	}
	l := p.Site.ListenerAt(p.Endpoint)
	if l == nil || l.SSL || l.HTTP2 || l.mayTLS() {
		return nil
	}
	return l
}
