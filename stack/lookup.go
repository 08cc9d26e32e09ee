package stack

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// nobodyKnows reports whether a host name certainly has no address: it is not in
// etc/hosts, and is no name of a host, or has no dot on a whole machine without a
// search domain that completes it.
func (l *linker) nobodyKnows(host string) bool {
	switch {
	case templateMark(host) != "" || nginx.HasVariable(host) || len(l.lookup(host)) > 0:
		return false
	case noHostName(host):
		return true
	case strings.Contains(host, ".") || l.Facts == nil || !l.Facts.Hosts.Known || !l.configs.Whole:
		return false
	}
	lower := strings.ToLower(host)
	own, _, _ := strings.Cut(strings.ToLower(l.Facts.Resolver.Own), ".")
	return !l.Facts.Resolver.Search && lower != own && lower != "_gateway" && lower != "localhost"
}

// noHostName reports whether no resolver can know a name that is not in etc/hosts:
// one that is reserved to have no address (RFC 6761), that looks like an address
// and is none, or that has bytes in it that no name has.
func noHostName(host string) bool {
	lower := strings.ToLower(strings.TrimSuffix(host, "."))
	return lower == "invalid" || strings.HasSuffix(lower, ".invalid") ||
		strings.Trim(lower, "0123456789.") == "" || strings.IndexFunc(lower, inNoHostName) >= 0
}

// inNoHostName reports whether c can stand in no name of a host. Letters beyond
// ASCII can, for resolvers that know internationalized names.
func inNoHostName(c rune) bool {
	return c < utf8.RuneSelf && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.", c)
}

// literal reads host as an address, as getaddrinfo(3) does before it looks
// anything up: IPv6, or IPv4 in one of the forms of inet_aton(3), which are one to
// four numbers, decimal, octal or hexadecimal, of which the last fills the bytes
// that are left. 127.1 is 127.0.0.1, and 9000 is 0.0.35.40.
func literal(host string) (addr netip.Addr, ok bool) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr, true
	}
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return addr, false
	}
	var number uint64
	for i, part := range parts {
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		base := 10
		if hex := strings.TrimPrefix(strings.TrimPrefix(part, "0x"), "0X"); hex != part {
			part, base = hex, 16
		} else if strings.HasPrefix(part, "0") {
			base = 8
		}
		n, err := strconv.ParseUint(part, base, bits)
		if err != nil {
			return addr, false
		}
		number = number<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(number >> 24), byte(number >> 16), byte(number >> 8), byte(number)}), true
}

// nginxLiteral reads host as nginx does before it looks anything up: by itself,
// and then as getaddrinfo(3).
func nginxLiteral(host string) (addr netip.Addr, ok bool) {
	if addr, ok = nginxIPv4(host); ok {
		return addr, true
	}
	return literal(host)
}

// nginxIPv4 reads an IPv4 address as nginx itself does: with three dots, between
// which a number may be missing, and is never octal (nginx ngx_inet.c,
// ngx_inet_addr).
func nginxIPv4(host string) (addr netip.Addr, ok bool) {
	if strings.Count(host, ".") != 3 || strings.Trim(host, "0123456789.") != "" {
		return addr, false
	}
	var bytes [4]byte
	for i, part := range strings.Split(host, ".") {
		n, err := strconv.ParseUint("0"+part, 10, 8)
		if err != nil {
			return addr, false
		}
		bytes[i] = byte(n)
	}
	return netip.AddrFrom4(bytes), true
}

// late reads an address with a variable in it, whose value is known: nginx does
// not ask etc/hosts for a host name in it but the resolver.
func (l *linker) late(text string, at source.Span, fallback uint16) []*Peer {
	host, after, found := splitHostPort(text)
	n := fallback
	if found {
		n, _ = port(after)
	}
	_, numeric := nginxLiteral(host)
	if numeric || n == 0 || refusedAddress(text) != "" || templateMark(text) != "" || len(text) >= 5 && strings.EqualFold(text[:5], "unix:") {
		return l.peers(text, at, fallback)
	}
	return []*Peer{{At: at, Text: text, Name: host, Port: n, Fault: Elsewhere, Why: "the name in " + text + " is looked up when a request comes"}}
}

// static notes the host of an address without a variable: nginx makes an
// upstream of it, which an address with a variable may name as well (nginx
// ngx_http_upstream.c, ngx_http_upstream_add).
func (l *linker) static(n *names, g *Gateway, text string, fallback uint16) {
	if p := g.Peers[0]; p.Fault > Untold && p.Fault != Unresolvable {
		return
	}
	host, after, found := splitHostPort(text)
	if !found {
		after = strconv.Itoa(int(fallback))
	}
	host = strings.ToLower(host)
	n.statics[host+":"+after] = true
	n.hosts[host] = append(n.hosts[host], g)
}

// borrow gives an address of FastCGI without a port the port of an address that
// nginx read before and that has the same host: both are one upstream to it (nginx
// ngx_http_upstream.c, ngx_http_upstream_add; measured on nginx 1.22).
func (n *names) borrow(g *Gateway) {
	if len(g.Peers) != 1 || g.Peers[0].Fault != NoUpstream {
		return
	}
	p := g.Peers[0]
	host, _, _ := splitHostPort(p.Text)
	var lender *Gateway
	for _, other := range n.hosts[strings.ToLower(host)] {
		switch {
		case other.At.File != g.At.File:
			p.Fault, p.Why = Untold, "nginx may take the port of "+other.Peers[0].Text+", which has the same host"
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

// pathVariables are variables of nginx whose value begins with a slash.
var pathVariables = []string{"$request_uri", "$uri", "$document_uri", "${request_uri}", "${uri}"}

// originOf splits the URL of a proxy_pass with variables where its path begins:
// what the path is does not matter to where it goes.
func originOf(text string) (origin, path string) {
	_, rest, ok := strings.Cut(text, "://")
	if !ok || len(rest) >= 5 && strings.EqualFold(rest[:5], "unix:") {
		return text, ""
	}
	end := len(rest)
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		end = i
	}
	for _, name := range pathVariables {
		if i := strings.Index(rest[:end], name); i >= 0 {
			end = i
		}
	}
	at := len(text) - len(rest) + end
	return text[:at], text[at:]
}

// hostOfRequest reports whether the host in an address with variables is a part
// of the request, so that no file tells it.
func hostOfRequest(text string, n *names, s *sets) bool {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	if len(text) >= 5 && strings.EqualFold(text[:5], "unix:") {
		return false
	}
	if i := strings.IndexAny(text, "/?"); i >= 0 {
		text = text[:i]
	}
	if host, _, found := splitHostPort(text); found {
		text = host
	}
	for part := range nginx.Variables(text) {
		name := part.Variable
		if strings.HasPrefix(part.Text, "${") || name == strings.ToUpper(name) && strings.Trim(name, "0123456789") != "" {
			return false // envsubst may have put an address there
		}
		if name == "host" || name == "http_host" || strings.HasPrefix(name, "arg_") || strings.HasPrefix(name, "http_") || strings.HasPrefix(name, "cookie_") {
			return true
		}
	}
	return false
}

// resolve decides about the names that nginx looks up when a request comes.
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
		case n.statics[strings.ToLower(p.Name)+":"+strconv.Itoa(int(p.Port))]:
			p.Why = "the upstream of " + p.Text + " is that of another place"
		case g.Main == nil:
		case !ok:
			p.Fault, p.Why = NoResolver, "no resolver is in scope"
		case !strings.Contains(p.Name, ".") && len(l.lookup(p.Name)) > 0 && allPublic(servers):
			p.Fault, p.Why = NoResolver, "the resolver cannot know a name of /etc/hosts"
		}
	}
}

// allPublic reports whether the name servers of a resolver are other machines
// for certain. A server of this machine or network may read /etc/hosts.
func allPublic(words []string) bool {
	servers := 0
	for _, word := range words {
		if strings.Contains(word, "=") && !strings.HasPrefix(word, "[") {
			continue
		}
		host, _, found := splitHostPort(word)
		if !found {
			host = word
		}
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsUnspecified() {
			return false
		}
		servers++
	}
	return servers > 0
}
