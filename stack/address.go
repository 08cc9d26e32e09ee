package stack

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

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
		name, uri, _ := strings.Cut(rest[5:], ":")
		g.URI = uri
		return "unix:" + name, true
	}
	if i := strings.IndexAny(rest, "/?$"); i >= 0 {
		rest, g.URI = rest[:i], rest[i:]
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
	if p.Why = refusedAddress(text); p.Why != "" {
		p.Fault = Malformed
		return one
	}
	host, after, found := splitHostPort(text)
	n := fallback
	if found {
		n, _ = port(after)
	}
	if n == 0 {
		p.Fault, p.Why = NoUpstream, "no port"
		return one
	}
	if addr, ok := nginxLiteral(host); ok {
		p.Endpoint = TCPEndpoint(addr, n).knocks()
		return one
	}
	addrs := l.lookup(host)
	if strings.EqualFold(host, "localhost") && len(addrs) == 0 {
		addrs = []netip.Addr{loopback4}
	}
	if len(addrs) == 0 {
		p.Name, p.Port = host, n
		p.Fault, p.Why = Elsewhere, "the address of the host name "+host+" is not known"
		if l.nobodyKnows(host) {
			p.Fault, p.Why = Unresolvable, "host not found"
		}
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
	case name == "":
		p.Fault, p.Why = Malformed, "no path in the unix domain socket"
	case strings.HasSuffix(name, ":"):
		p.Fault = TrailingColon
	case len(name) > maxSocketPath:
		p.Fault = TooLong
	case name[0] == '"' || name[0] == '\'': // quotes inside a word belong to it
		p.Endpoint = UnixEndpoint(name)
	case !strings.HasPrefix(name, "/"):
		p.Fault, p.Why = Untold, "what the relative socket path "+name+" is relative to is not known"
	default:
		p.Endpoint = l.knock(name)
	}
}

// maxSocketPath is how many bytes of a path fit into a unix socket address on
// Linux (sys/un.h: 108 with the NUL behind it).
const maxSocketPath = 107

// refusedAddress returns what nginx says against an address that is no unix
// socket, and "" for one that it takes (nginx ngx_inet.c, ngx_parse_inet_url and
// ngx_parse_inet6_url; measured on nginx 1.22).
func refusedAddress(text string) string {
	host, after, found := strings.Cut(text, ":")
	if strings.HasPrefix(text, "[") {
		inner, behind, closed := strings.Cut(text[1:], "]")
		if !closed || behind != "" && behind[0] != ':' {
			return "invalid host"
		}
		if addr, err := netip.ParseAddr(inner); err != nil || !addr.Is6() {
			return "invalid IPv6 address"
		}
		host, found = inner, behind != ""
		after = strings.TrimPrefix(behind, ":")
	}
	if strings.ContainsAny(text, "/?") {
		return "invalid host"
	}
	if _, ok := port(after); found && !ok {
		return "invalid port"
	}
	if host == "" {
		return "no host"
	}
	return ""
}
