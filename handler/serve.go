package handler

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// address is an address of <VirtualHost>: any of its zero fields is every one.
type address struct {
	addr netip.Addr
	port uint16
}

// serve sets Listens and Hidden: which addresses lead to which server, and whose names an earlier
// server has (httpd server/vhost.c, ap_update_vhost_given_ip; measured on Apache 2.4).
func (m *model) serve() {
	for _, d := range m.main.items.of("listen") {
		m.out.Listens = append(m.out.Listens, listenOf(d.Args[:min(2, len(d.Args))], d.At, maybe(d)))
	}
	addresses := make([][]address, len(m.scopes))
	for i, sc := range m.scopes {
		if sc.d != nil {
			for _, w := range sc.d.Args {
				if a, ok := hostAddress(w.Text); ok && w.Unset() == "" {
					addresses[i] = append(addresses[i], a)
				}
			}
		}
	}
	listens := m.out.Listens
	if m.missing() != "" || slices.ContainsFunc(m.main.items.of("listen"), func(d *apache.Directive) bool { return maybe(d) != "" }) {
		listens = append(slices.Clone(listens), m.ownAddresses(addresses)...)
	}
	m.unserved(addresses)
	reached, hidden := make([]bool, len(m.scopes)), make([]bool, len(m.scopes))
	for _, l := range listens {
		if m.steps -= len(m.scopes); l.Endpoint.IsZero() || m.steps < 0 {
			continue
		}
		for _, group := range m.groups(l, addresses) {
			m.names(group, reached, hidden)
			for _, i := range group {
				s := m.scopes[i].server
				if n := len(s.Listens); n == 0 || s.Listens[n-1] != l {
					s.Listens = append(s.Listens, l)
				}
			}
		}
	}
	for i, sc := range m.scopes {
		sc.server.Hidden = hidden[i] && !reached[i]
	}
}

// unserved sets Unserved: Apache starts with such a virtual host, and does not listen for it
// (measured on Apache 2.4).
func (m *model) unserved(addresses [][]address) {
	known := map[uint16]bool{}
	for _, l := range m.out.Listens {
		if l.Endpoint.IsZero() {
			return
		}
		known[l.Endpoint.Port] = true
	}
	if m.missing() != "" || len(known) == 0 {
		return
	}
	for i, list := range addresses {
		for _, a := range list {
			if a.port == 0 || known[a.port] || m.scopes[i].why != "" {
				continue
			}
			if !a.addr.IsValid() {
				a.addr = netip.IPv6Unspecified()
			}
			s := m.scopes[i].server
			s.Unserved = append(s.Unserved, netaddr.TCPEndpoint(a.addr, a.port))
		}
	}
}

// ownAddresses returns the addresses of virtual hosts of which no known Listen line has the port:
// the files with those lines may be missing, or a condition that the files do not decide.
func (m *model) ownAddresses(addresses [][]address) (all []Listen) {
	known := map[uint16]bool{}
	for _, l := range m.out.Listens {
		known[l.Endpoint.Port] = true
	}
	seen := map[address]bool{}
	for i, list := range addresses {
		for _, a := range list {
			if a.port == 0 || known[a.port] || seen[a] {
				continue
			}
			seen[a] = true
			addr := a.addr
			if !addr.IsValid() {
				addr = netip.IPv6Unspecified()
			}
			all = append(all, Listen{At: m.scopes[i].server.At, Endpoint: netaddr.TCPEndpoint(addr, a.port), SSL: a.port == 443})
		}
	}
	return all
}

// groups returns the servers that get the connections to a listener: a group for each address of
// the machine that virtual hosts name, and one for all other addresses. Without a virtual host
// it is the main server.
func (m *model) groups(l Listen, addresses [][]address) (all [][]int) {
	found := map[address][]int{}
	var order []netip.Addr
	for i, list := range addresses {
		for _, a := range list {
			apart := a.addr.IsValid() && !l.Endpoint.Addr.IsUnspecified() && l.Endpoint.Addr != a.addr
			if apart || a.port != 0 && a.port != l.Endpoint.Port {
				continue
			}
			if !slices.Contains(order, a.addr) && a.addr.IsValid() {
				order = append(order, a.addr)
			}
			if group := found[a]; len(group) == 0 || group[len(group)-1] != i {
				found[a] = append(group, i)
			}
		}
	}
	// Those that name the port come before those for all ports.
	at := func(addr netip.Addr) []int {
		if group := found[address{addr, l.Endpoint.Port}]; group != nil {
			return group
		}
		return found[address{addr, 0}]
	}
	for _, addr := range order {
		all = append(all, at(addr))
	}
	if len(order) > 0 && !l.Endpoint.Addr.IsUnspecified() {
		return all
	}
	if group := at(netip.Addr{}); group != nil {
		return append(all, group)
	}
	return append(all, []int{0})
}

// names sets who of a group is reached by name, and who is not because an earlier one has all its
// names, or because no request can name them: a Host header with a slash is answered 400 (httpd
// server/vhost.c, fix_hostname; measured on Apache 2.4). The first one answers for all other names.
func (m *model) names(group []int, reached, hidden []bool) {
	seen := make(map[string]bool, 2*len(group))
	var patterns []string // some: many are not compared with every name
	for n, i := range group {
		names := m.effectiveNames(m.scopes[i])
		free := n == 0
		m.scopes[i].first = m.scopes[i].first || free
		for _, name := range names {
			free = free || !seen[name] && !strings.Contains(name, "/") && !covered(name, seen, patterns)
		}
		if free {
			reached[i] = true
		} else {
			hidden[i] = true
		}
		if m.scopes[i].why != "" {
			continue
		}
		for _, name := range names {
			seen[name] = true
			if strings.ContainsAny(name, "*?") && !strings.HasPrefix(name, "*.") && len(patterns) < 100 {
				patterns = append(patterns, name)
			}
		}
	}
}

// effectiveNames returns the names in lower case. A virtual host without ServerName has that of
// the main server (httpd server/vhost.c, ap_fini_vhost_config); "" is that of the machine.
func (m *model) effectiveNames(sc *scope) (names []string) {
	for _, name := range sc.server.Names {
		names = append(names, strings.ToLower(name))
	}
	if len(sc.items.of("servername")) == 0 {
		main := ""
		if d := m.main.last("servername"); d != nil {
			main = strings.ToLower(hostName(d.Arg(0)))
		}
		names = append(names, main)
	}
	return names
}

// covered reports whether a wildcard of an earlier server matches a name: *.example.com by its
// end, and others by comparison.
func covered(name string, seen map[string]bool, patterns []string) bool {
	if strings.ContainsAny(name, "*?") {
		return false
	}
	for rest := name; ; {
		_, after, ok := strings.Cut(rest, ".")
		if !ok {
			break
		}
		if seen["*."+after] {
			return true
		}
		rest = after
	}
	for _, p := range patterns {
		if glob(p, name) {
			return true
		}
	}
	return false
}

// glob reports whether a pattern of * and ? matches a text.
func glob(pattern, text string) bool {
	p, t, star, from := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
