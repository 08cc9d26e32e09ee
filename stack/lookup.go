package stack

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// unresolvable reports whether a host name certainly has no address: it is not in
// etc/hosts, and either is not a valid host name, or has no dot on a whole machine
// without a search domain that completes it.
func (l *linker) unresolvable(host string) bool {
	switch {
	case source.TemplateMark(host) != "" || source.Stub(host) || nginx.HasVariable(host) || len(l.Facts.Lookup(host)) > 0:
		return false
	case netaddr.NotHostName(host):
		return true
	case l.Container != nil:
		return l.Container.Route(host, 0).Missing
	case strings.Contains(host, ".") || l.Facts == nil || !l.Facts.Hosts.Known || l.Facts.Hosts.Elsewhere || !l.configs.Machine:
		return false
	}
	lower := strings.ToLower(host)
	own, _, _ := strings.Cut(strings.ToLower(l.Facts.Resolver.Own), ".")
	return !l.Facts.Resolver.Search && lower != own && lower != "_gateway" && lower != "localhost"
}

// late reads an address with a variable whose value is known: nginx resolves a host
// name in it with the resolver, not with etc/hosts.
func (l *linker) late(text string, at source.Span, fallback uint16) []*Peer {
	a := netaddr.ParseAddress(text)
	if a.Port == 0 {
		a.Port = fallback
	}
	_, numeric := netaddr.NginxLiteral(a.Host)
	if numeric || a.Port == 0 || a.Refusal != "" || source.TemplateMark(text) != "" || a.Network == netaddr.Unix {
		return l.peers(text, at, fallback)
	}
	return []*Peer{{Address: a, At: at, Name: a.Host, Fault: Elsewhere, obstacle: UnknownHost, Why: "the name in " + text + " is looked up when a request comes"}}
}

// static records the host of an address without a variable: nginx turns it into an
// upstream, which an address with a variable may name as well (nginx
// ngx_http_upstream.c, ngx_http_upstream_add).
func (n *names) static(g *Gateway) {
	p := g.Peers[0]
	if p.Fault > Untold && p.Fault != Unresolvable || p.Network == netaddr.Unix {
		return
	}
	host := strings.ToLower(p.Host)
	n.statics[upstreamKey{host, p.Port}] = true
	n.hosts[host] = append(n.hosts[host], g)
}

// borrow gives a FastCGI address without a port the port of an earlier address with the
// same host: nginx treats both as one upstream (nginx ngx_http_upstream.c,
// ngx_http_upstream_add; measured on nginx 1.22).
func (n *names) borrow(g *Gateway) {
	if len(g.Peers) != 1 || g.Peers[0].Fault != NoUpstream {
		return
	}
	p := g.Peers[0]
	var lender *Gateway
	for _, other := range n.hosts[strings.ToLower(p.Host)] {
		switch {
		case other.At.File != g.At.File:
			p.leave(Untold, UnknownAddress, "nginx may take the port of "+other.Peers[0].Text+", which has the same host")
			return
		case other.At.Start < g.At.Start && (lender == nil || other.At.Start < lender.At.Start):
			lender = other
		}
	}
	if lender != nil {
		g.Peers = nil
		for _, lent := range lender.Peers {
			one := *lent
			one.At, one.Text = p.At, p.Text
			g.Peers = append(g.Peers, &one)
		}
	}
}

// pathVariables are variables of nginx whose values start with a slash.
var pathVariables = []string{"$request_uri", "$uri", "$document_uri", "${request_uri}", "${uri}"}

// originOf splits the URL of a proxy_pass with variables before its path, which does
// not affect the destination.
func originOf(text string) (origin, path string) {
	_, address, _, ok := netaddr.SplitURL(text)
	if _, unix := netaddr.CutUnix(address); !ok || unix {
		return text, ""
	}
	for _, name := range pathVariables {
		address, _, _ = strings.Cut(address, name)
	}
	at := strings.Index(text, "://") + len("://") + len(address)
	return text[:at], text[at:]
}

// hostOfRequest reports whether the host in an address with variables comes from the
// request, so that no file determines it.
func hostOfRequest(text string, n *names, s *sets) bool {
	_, address, _, _ := netaddr.SplitURL(text)
	for part := range nginx.Variables(netaddr.ParseAddress(address).Host) {
		name := part.Variable
		if strings.HasPrefix(part.Text, "${") || name == strings.ToUpper(name) && strings.Trim(name, "0123456789") != "" {
			return false // envsubst may have replaced it with an address
		}
		if name == "host" || name == "http_host" || strings.HasPrefix(name, "arg_") || strings.HasPrefix(name, "http_") || strings.HasPrefix(name, "cookie_") {
			return true
		}
	}
	return false
}

// resolve judges the names that nginx looks up when a request arrives.
func (l *linker) resolve(n *names, from int) {
	for _, g := range l.Replaced {
		n.borrow(g)
	}
	for _, g := range l.Gateways[from:] {
		n.borrow(g)
		if !g.Variable || len(g.Peers) != 1 || g.Upstream != nil || g.Peers[0].Name == "" {
			continue
		}
		p := g.Peers[0]
		servers, ok := g.Resolver().Known()
		switch {
		case n.statics[upstreamKey{strings.ToLower(p.Name), p.Port}]:
			p.Why = "the upstream of " + p.Text + " is defined for another place"
		case g.Front.Loose:
		case !ok && g.Front.Rendered:
			p.Why = renderedWhy
		case ok && l.Container != nil:
			l.resolveInContainer(g, p, servers)
		case !ok:
			p.Fault, p.Why = NoResolver, "no resolver is in scope"
		case !strings.Contains(p.Name, ".") && len(l.Facts.Lookup(p.Name)) > 0 && allPublic(servers):
			p.Fault, p.Why = NoResolver, "the resolver cannot know a name of /etc/hosts"
		}
	}
}

// allPublic reports whether the name servers of a resolver are certainly other
// machines. A server on this machine or network may read /etc/hosts.
func allPublic(words []string) bool {
	servers := 0
	for _, word := range words {
		if strings.Contains(word, "=") && !strings.HasPrefix(word, "[") {
			continue
		}
		addr, err := netip.ParseAddr(netaddr.ParseAddress(word).Host)
		if err != nil || addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified() {
			return false
		}
		servers++
	}
	return servers > 0
}
