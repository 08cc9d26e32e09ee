package stack

import (
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// linkPass adds the gateway of one block if it has a *_pass. If there are several, the
// last takes effect, but nginx validates the others too (measured on nginx
// 1.22).
func (r *reader) linkPass(s *scope, site *Site, names *names, sets *sets) {
	counts := true
	for i := len(s.items) - 1; i >= 0; i-- {
		it := s.items[i]
		protocol := protocols[it.keyword]
		if protocol == 0 || it.d.NumArgs() != 1 || it.d.HasBlock() {
			continue
		}
		g := r.gateways.take()
		g.Machine, g.Front, g.Site, g.Protocol, g.At = r.machine, r.front, site, protocol, it.d.Arg(0).Span()
		if !counts {
			r.linker.address(g, it.d.Arg(0).String(), names, sets, s)
			r.linker.Replaced = append(r.linker.Replaced, g)
			continue
		}
		counts = false
		g.Header, g.Effective = headerOf(s, it.d), s.effective
		if s.returnsFirst() {
			g.returned, g.Why = true, "a return answers before "+protocol.Pass()+" is reached"
		} else {
			r.linker.address(g, it.d.Arg(0).String(), names, sets, s)
		}
		g.PHP = r.linker.looksLikePHP(g, s)
		if protocol == FastCGI {
			for _, d := range s.values {
				g.Values = append(g.Values, d.Arg(0).Span())
			}
		}
		r.linker.Gateways, r.machine.Gateways = append(r.linker.Gateways, g), append(r.machine.Gateways, g)
		if site != nil && !s.block.IsZero() {
			g.blocks, g.diverted = s.chain(), s.diverts
		}
		g.Beside = r.beside(s.items[:i], it.keyword)
	}
}

// headerOf returns the header of the block of s, and the first byte of the file of d
// for the top level of a fragment.
func headerOf(s *scope, d nginx.Directive) source.Span {
	if s.block.IsZero() {
		return d.File().Source.Span(0, 0)
	}
	return s.block.Span()
}

var protocols = [1 << 8]Protocol{
	kwFastCGIPass: FastCGI, kwProxyPass: HTTP, kwUWSGIPass: UWSGI, kwSCGIPass: SCGI,
}

// address sets the peers of a gateway in the block here.
func (l *linker) address(g *Gateway, text string, names *names, sets *sets, here *scope) {
	if marks := source.TemplateMark(text); marks != "" {
		g.obstacle, g.Why = TemplateMark, "the address holds the template mark "+marks
		return
	}
	if nginx.HasVariable(text) && !names.fragment && bareDollar(text) {
		g.Peers = g.refused(text, Malformed, netaddr.NoVariable)
		return
	}
	if g.Variable = nginx.HasVariable(text); g.Variable {
		written := text
		if text = g.expand(text, names, sets, here); g.Why != "" {
			l.choose(g, written, names, sets, here)
			return
		}
	}
	fallback := uint16(0)
	if g.Protocol == UWSGI {
		text = afterScheme(text)
	}
	if g.Protocol == HTTP {
		url, ok := g.splitURL(text)
		if !ok && names.fragment && here.location.IsZero() {
			g.Why = "this may be a server of stream {}"
			return
		}
		if !ok && source.Stub(text) {
			g.Why = "a program may replace a part of the address " + text
			return
		}
		if !ok {
			g.Peers = g.refused(text, Malformed, netaddr.NoScheme)
			return
		}
		g.Host = url
		text, fallback = url, 80
		if g.Protocol == HTTPS {
			fallback = 443
		}
	}
	l.reach(g, text, fallback, names)
}

// afterScheme returns what follows the scheme that a uwsgi_pass may have (nginx
// ngx_http_uwsgi_module.c, ngx_http_uwsgi_pass).
func afterScheme(text string) string {
	for _, scheme := range [...]string{"uwsgi://", "suwsgi://"} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return text[len(scheme):]
		}
	}
	return text
}

// expand returns the address with its variables replaced. If one has no single value,
// it sets g.Why.
func (g *Gateway) expand(text string, names *names, sets *sets, here *scope) string {
	origin, path := originOf(text)
	value, why := names.expand(origin, sets, here)
	if why != "" {
		g.obstacle, g.Why = UnknownVariable, "the address depends on a variable: "+why
		g.Undefined = names.undefined(text)
		g.AnyHost = g.Undefined == "" && hostOfRequest(text, names, sets)
	}
	return value + path
}

// reach sets the peers of an address without variables and scheme.
func (l *linker) reach(g *Gateway, text string, fallback uint16, names *names) {
	if u := names.named(text); u != nil && u.large {
		g.Why = "upstream " + u.Name + " was not looked at"
		return
	} else if u != nil {
		g.Upstream, g.Peers = u, u.Peers
		l.uses(g)
		return
	}
	if host, after, found := strings.Cut(text, ":"); found && !g.Variable && names.upstreams[strings.ToLower(host)] != nil {
		g.Peers = g.refused(text, UpstreamPort, netaddr.Refusal(`upstream "`+host+`" may not have port `+after))
		return
	}
	if g.Variable {
		g.Peers = l.late(text, g.At, fallback)
	} else {
		g.Peers = l.peers(text, g.At, fallback)
		names.static(g)
	}
	if g.Peers[0].Fault == NoUpstream && names.open {
		g.Peers, g.obstacle, g.Why = nil, UpstreamMissing, "upstream "+text+" is not defined in the files given"
	}
	l.uses(g)
}

// named returns the upstream of an address without scheme; nil for none. An upstream with a
// port in its name has none: nginx compares its name with the host alone (nginx
// ngx_http_upstream.c, ngx_http_upstream_add; measured on nginx 1.22).
func (n *names) named(text string) *Upstream {
	if strings.Contains(text, ":") {
		return nil
	}
	return n.upstreams[strings.ToLower(text)]
}

// refused returns the one peer of an address that nginx does not accept.
func (g *Gateway) refused(text string, fault Fault, refusal netaddr.Refusal) []*Peer {
	return []*Peer{{Address: netaddr.Address{Text: text, Refusal: refusal}, At: g.At, Fault: fault}}
}

// bareDollar reports whether text has a $ that does not start a variable.
func bareDollar(text string) bool {
	for part := range nginx.Variables(text) {
		if part.Variable == "" && nginx.HasVariable(part.Text) {
			return true
		}
	}
	return false
}
