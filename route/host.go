package route

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// listener is an address with the servers that listen there.
type listener struct {
	servers  []*block
	fallback *block // the default server
	explicit bool
	tls      bool
	unsure   string // why the server of a request may be another; "" if it is certain

	names   map[string]*block // exact names
	heads   map[string]head   // by the name after "*." or "."
	tails   map[string]*block // by the name before ".*"
	regexes []nameRegex
}

// head is a name that starts with a wildcard.
type head struct {
	server *block
	whole  bool // it also matches the name itself: .example.com
}

type nameRegex struct {
	server *block
	text   string
}

// listen adds a server to the listeners of its addresses (nginx ngx_http_core_module.c,
// ngx_http_add_listen).
func (c *Config) listen(s *block) {
	add := func(d nginx.Directive, e netaddr.Endpoint) {
		l := c.listeners[e]
		if l == nil {
			l = &listener{fallback: s}
			c.listeners[e] = l
		}
		for i, w := range d.Args() {
			switch w.String() {
			case "default_server", "default":
				if i > 0 && !l.explicit {
					l.fallback, l.explicit = s, true
				}
			case "ssl":
				l.tls = true
			}
		}
		if n := len(l.servers); n == 0 || l.servers[n-1] != s {
			l.servers = append(l.servers, s)
		}
	}
	listens := s.of("listen")
	for _, d := range listens {
		for _, e := range c.options.Endpoints(d.Arg(0).String()) {
			if !e.IsZero() && !isQUIC(d) {
				add(d, e)
			}
		}
	}
	if len(listens) == 0 {
		add(nginx.Directive{}, netaddr.TCPEndpoint(netip.IPv4Unspecified(), 80))
	}
}

func isQUIC(d nginx.Directive) bool {
	for _, w := range d.Args() {
		if w.String() == "quic" {
			return true
		}
	}
	return false
}

// index fills the tables of names. Of two equal names the first takes effect (nginx
// ngx_hash.c, ngx_hash_add_key).
func (l *listener) index() {
	l.names, l.heads, l.tails = map[string]*block{}, map[string]head{}, map[string]*block{}
	taken := map[string]bool{}
	for _, s := range l.servers {
		written := false
		for _, d := range s.of("server_name") {
			for _, w := range d.Args() {
				written = true
				l.addName(s, w.String(), taken)
			}
		}
		if !written {
			l.addName(s, "", taken)
		}
	}
}

func (l *listener) addName(s *block, name string, taken map[string]bool) {
	if text, ok := strings.CutPrefix(name, "~"); ok {
		l.regexes = append(l.regexes, nameRegex{s, text})
		return
	}
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "$"):
		if name == "$hostname" {
			l.unsure = "the name of the machine is not known"
		}
	case strings.HasPrefix(name, "*."), len(name) > 1 && name[0] == '.':
		rest := strings.TrimPrefix(strings.TrimPrefix(name, "*"), ".")
		whole := name[0] == '.'
		if whole {
			if taken[rest] {
				return
			}
			taken[rest] = true
		}
		if _, ok := l.heads[rest]; !ok {
			l.heads[rest] = head{s, whole}
		}
	case strings.HasSuffix(name, ".*"):
		if rest := name[:len(name)-2]; l.tails[rest] == nil {
			l.tails[rest] = s
		}
	case !taken[name]:
		taken[name] = true
		l.names[name] = s
	}
}

// listenerAt returns the listener that accepts a connection to e.
func (c *Config) listenerAt(e netaddr.Endpoint) *listener {
	if l := c.listeners[e]; l != nil {
		return l
	}
	for at := range e.Listeners() {
		if l := c.listeners[at]; l != nil && (e.Network != netaddr.TCP || e.Addr.Is4() == at.Addr.Is4()) {
			return l
		}
	}
	return nil
}

// find returns the server with a name, in the order of nginx: exact, the longest wildcard
// at the start, the longest at the end; nil for none (nginx ngx_hash.c,
// ngx_hash_find_combined).
func (l *listener) find(host string) *block {
	if s := l.names[host]; s != nil || host == "" {
		return s
	}
	if h, ok := l.heads[host]; ok && h.whole {
		return h.server
	}
	for i := range len(host) {
		if host[i] == '.' && i > 0 {
			if h, ok := l.heads[host[i+1:]]; ok {
				return h.server
			}
		}
	}
	for i := len(host) - 1; i > 0; i-- {
		if host[i] == '.' {
			if s := l.tails[host[:i]]; s != nil {
				return s
			}
		}
	}
	return nil
}

// validHost normalises a Host header: lower case, without port and trailing dot; ok is
// false if nginx answers 400 (nginx ngx_http_request.c, ngx_http_validate_host).
func validHost(text string) (host string, ok bool) {
	end, dot := len(text), -2
	const usual, literal, rest = 0, 1, 2
	state := usual
	for i := range len(text) {
		switch ch := text[i]; {
		case ch == '.':
			if dot == i-1 {
				return "", false
			}
			dot = i
		case ch == ':' && state == usual:
			end, state = i, rest
		case ch == ':':
		case ch == '[':
			if i == 0 {
				state = literal
			}
		case ch == ']':
			if state == literal {
				end, state = i+1, rest
			}
		case ch == '/' || ch <= 0x20 || ch == 0x7f:
			return "", false
		}
	}
	if dot == end-1 && dot >= 0 {
		end--
	}
	return strings.ToLower(text[:end]), end > 0
}
