package stack

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// linkPass adds the gateway of one block, if it has a *_pass. Of several the
// last one counts (measured on nginx 1.22).
func (r *reader) linkPass(s *scope, site *Site, names *names, sets *sets) {
	for i := len(s.items) - 1; i >= 0; i-- {
		it := s.items[i]
		protocol := protocols[it.keyword]
		if protocol == 0 || it.d.NumArgs() != 1 || it.d.HasBlock() {
			continue
		}
		g := &Gateway{Machine: r.linker.machine, Main: r.main, Site: site, Protocol: protocol, At: it.d.Arg(0).Span(), Header: headerOf(s, it.d), Effective: s.effective}
		if s.returnsFirst() {
			g.Why = "a return answers before " + protocol.Pass() + " is reached"
		} else {
			r.linker.address(g, it.d.Arg(0).String(), names, sets, s)
		}
		g.PHP = r.linker.looksLikePHP(g, s)
		if protocol == FastCGI {
			for _, d := range s.values {
				g.Values = append(g.Values, d.Arg(0).Span())
			}
		}
		r.linker.Gateways = append(r.linker.Gateways, g)
		return
	}
}

// headerOf returns the header of the block that s is, and the first byte of the
// file of d for the top of a fragment.
func headerOf(s *scope, d nginx.Directive) source.Span {
	if s.block.IsZero() {
		return d.File().Source.Span(0, 0)
	}
	return s.block.Span()
}

var protocols = [1 << 8]Protocol{
	kwFastCGIPass: FastCGI, kwProxyPass: HTTP, kwUWSGIPass: UWSGI, kwSCGIPass: SCGI,
}

// address finds the peers of a gateway that stands in the block here.
func (l *linker) address(g *Gateway, text string, names *names, sets *sets, here *scope) {
	if marks := templateMark(text); marks != "" {
		g.Why = "the address holds the template mark " + marks
		return
	}
	variable := nginx.HasVariable(text)
	if variable {
		value, why := names.expand(text, sets, here)
		if why != "" {
			g.Why = "the address depends on a variable: " + why
			return
		}
		text = value
	}
	fallback := uint16(0)
	if g.Protocol == HTTP {
		var ok bool
		if text, ok = g.splitURL(text); !ok {
			g.Why = "the address is not an http:// or https:// URL"
			return
		}
		fallback = 80
		if g.Protocol == HTTPS {
			fallback = 443
		}
	}
	if u := names.upstreams[strings.ToLower(text)]; u != nil {
		g.Upstream, g.Peers = u, u.Peers
		return
	}
	g.Peers = l.peers(text, g.At, fallback)
	if variable && len(g.Peers) > 0 && g.Peers[0].Endpoint.Network == 0 && g.Peers[0].Fault == Elsewhere {
		g.Peers[0].Why = "the name in " + text + " is looked up when a request comes"
	}
	if _, _, found := splitHostPort(text); !found && names.fragment && !strings.Contains(text, "/") && g.Protocol != HTTP {
		g.Peers, g.Why = nil, "upstream "+text+" is not defined in the files given"
	}
}

// splitURL takes the host and port or the unix path out of the URL of a
// proxy_pass, and sets the protocol.
func (g *Gateway) splitURL(url string) (address string, ok bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	switch {
	case ok && strings.EqualFold(scheme, "http"):
	case ok && strings.EqualFold(scheme, "https"):
		g.Protocol = HTTPS
	default:
		return "", false
	}
	if len(rest) >= 5 && strings.EqualFold(rest[:5], "unix:") {
		name, _, _ := strings.Cut(rest[5:], ":")
		return "unix:" + name, true
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		rest = rest[:i]
	}
	return rest, true
}

// peers reads one address as nginx does (nginx ngx_inet.c, ngx_parse_url): a
// unix path, or a host and a port. A host name stands for all its addresses. A
// fallback port of 0 means that the address is one of FastCGI, which must have
// a port.
func (l *linker) peers(text string, at source.Span, fallback uint16) []*Peer {
	p := &Peer{At: at, Text: text}
	one := []*Peer{p}
	if marks := templateMark(text); marks != "" {
		p.Fault, p.Why = Untold, "the address holds the template mark "+marks
		return one
	}
	if len(text) >= 5 && strings.EqualFold(text[:5], "unix:") {
		l.unixPeer(p, text[5:])
		return one
	}
	if strings.Count(text, ":") > 1 && text[0] != '[' {
		p.Fault, p.Why = Untold, text+" is no address: nginx wants brackets around an IPv6 address"
		return one
	}
	host, after, found := splitHostPort(text)
	n := fallback
	if found {
		n, _ = port(after)
	}
	if n == 0 {
		p.Fault, p.Why = Untold, text+" is an address without a port from 1 to 65535"
		return one
	}
	if host == "" {
		p.Fault, p.Why = Untold, text+" is an address without a host"
		return one
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		p.Endpoint = TCPEndpoint(addr, n).knocks()
		return one
	}
	addrs := l.lookup(host)
	if strings.EqualFold(host, "localhost") && len(addrs) == 0 {
		addrs = []netip.Addr{loopback4}
	}
	if len(addrs) == 0 {
		p.Fault, p.Why = Elsewhere, "the address of the host name "+host+" is not known"
		return one
	}
	var all []*Peer
	for _, addr := range addrs {
		all = append(all, &Peer{At: at, Text: text, Endpoint: TCPEndpoint(addr, n).knocks()})
	}
	return all
}

// unixPeer reads what stands behind unix:.
func (l *linker) unixPeer(p *Peer, name string) {
	switch {
	case strings.HasSuffix(name, ":"):
		p.Fault = TrailingColon
	case len(name) > maxSocketPath:
		p.Fault = TooLong
	case !strings.HasPrefix(name, "/"):
		p.Fault, p.Why = Untold, "what the relative socket path "+name+" is relative to is not known"
	default:
		p.Endpoint = l.socket(name)
	}
}

// maxSocketPath is how many bytes of a path fit into a unix socket address on
// Linux (sys/un.h: 108 with the NUL behind it).
const maxSocketPath = 107

var templateMarks = regexp.MustCompile(`\{\{|\{%|<%|@@|__[A-Za-z0-9_]+__|%[A-Za-z0-9_]+%`)

// templateMark returns the first mark of a template in an address.
func templateMark(text string) string {
	if !strings.ContainsAny(text, "{<@_%") {
		return ""
	}
	return templateMarks.FindString(text)
}
