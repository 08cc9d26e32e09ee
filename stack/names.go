package stack

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// names are what *_pass may name in one configuration: upstreams, and the
// variables that http {} defines.
type names struct {
	upstreams map[string]*Upstream       // by name in lower case: nginx ignores case
	maps      map[string]values          // by variable, the values of its map
	varies    map[string]bool            // variables that geo and similar directives define
	choices   map[string][]nginxt.Choice // by variable, the lines of its map, geo or split_clients
	fragment  bool                       // the main file was not given
	open      bool                       // a file that was not read may define an upstream

	variables *nginxt.Variables
	statics   map[upstreamKey]bool  // addresses without variables
	hosts     map[string][]*Gateway // those addresses, by host
}

// upstreamKey is an address without a variable, which nginx turns into an upstream.
type upstreamKey struct {
	host string // in lower case
	port uint16
}

// values are the possible values of a variable, as far as relevant.
type values struct {
	first   string
	any     bool
	several bool // one differs from first
}

// or returns v with one more value.
func (v values) or(text string) values {
	if !v.any {
		return values{first: text, any: true}
	}
	v.several = v.several || text != v.first
	return v
}

// names collects the upstreams and variables of http {}.
func (r *reader) names(http *scope) *names {
	n := &names{
		upstreams: map[string]*Upstream{},
		maps:      map[string]values{},
		varies:    map[string]bool{},
		choices:   map[string][]nginxt.Choice{},
		fragment:  r.config.Main == nil,
		open:      r.config.Main == nil || r.config.Open || r.rendered,
		variables: r.variables,
		statics:   map[upstreamKey]bool{},
		hosts:     map[string][]*Gateway{},
	}
	for _, it := range http.items {
		if !it.d.HasBlock() {
			continue
		}
		switch it.keyword {
		case kwUpstream:
			r.addUpstream(n, http, it.d)
		case kwMap:
			r.addMap(n, it.d)
		case kwVariable:
			last := it.d.Arg(it.d.NumArgs() - 1).String()
			n.varies[strings.TrimPrefix(last, "$")] = true
			n.addChoices(it.d)
		}
	}
	return n
}

// addMap keeps the values of a map block.
func (r *reader) addMap(n *names, d nginx.Directive) {
	name := strings.TrimPrefix(d.Arg(1).String(), "$")
	fallback := "" // the value that nginx uses without a default
	n.addChoices(d)
	for entry := range d.Children() {
		if !r.linker.look(entry, 1) {
			n.varies[name] = true
			return
		}
		switch entry.Name() {
		case "hostnames", "volatile":
		case "include":
			n.varies[name] = true
		case "default":
			fallback = entry.Arg(0).String()
		default:
			n.maps[name] = n.maps[name].or(entry.Arg(0).String())
		}
	}
	n.maps[name] = n.maps[name].or(fallback)
}

// sets are the values that set directives assign to variables in one server block.
type sets struct {
	unread []*scope // read when an address has a variable: most have none
	values map[string]values
	places map[place]bool
}

// place is a block that sets a variable.
type place struct {
	name  string
	block *scope
}

// sure reports whether a variable is set for every request that reaches the block
// here: by the server itself, or on the way from the innermost location. Otherwise it
// may be empty (nginx ngx_http_rewrite_module.c).
func (s *sets) sure(name string, here *scope) bool {
	s.read()
	for ; here != nil; here = here.executed() {
		if s.places[place{name, here}] {
			return true
		}
	}
	return false
}

// of returns the values of a variable.
func (s *sets) of(name string) values {
	s.read()
	return s.values[name]
}

func (s *sets) read() {
	for _, block := range s.unread {
		s.add(block)
	}
	s.unread = nil
}

// forget discards all values, and takes those of other blocks.
func (s *sets) forget(blocks []*scope) {
	s.unread = blocks
	if len(s.places) > 100 { // clearing such a map repeatedly takes long
		*s = sets{unread: blocks}
	}
	if len(s.places) > 0 {
		clear(s.values)
		clear(s.places)
	}
}

// add keeps the set directives of a block.
func (s *sets) add(block *scope) {
	if !block.sets {
		return
	}
	for _, it := range block.items {
		if it.keyword != kwSet || it.d.NumArgs() != 2 {
			continue
		}
		if s.values == nil {
			s.values = map[string]values{}
			s.places = map[place]bool{}
		}
		name := strings.TrimPrefix(it.d.Arg(0).String(), "$")
		s.places[place{name, block}] = true
		s.values[name] = s.values[name].or(it.d.Arg(1).String())
	}
}

const (
	// maxNesting limits the depth of variables in the values of variables.
	maxNesting = 8
	// maxExpanded limits the length of an expanded text in bytes. It exceeds any address.
	maxExpanded = 4096
)

// expand replaces the variables of text with their values, if each has only one
// possible value in the block here. Otherwise why names the one that has not.
func (n *names) expand(text string, s *sets, here *scope) (value, why string) {
	for range maxNesting {
		if !nginx.HasVariable(text) {
			return text, ""
		}
		var out strings.Builder
		found := false
		for part := range nginx.Variables(text) {
			value := part.Text
			if part.Variable != "" {
				found = true
				if value, why = n.value(part.Variable, s, here); why != "" {
					return "", why
				}
			}
			if out.WriteString(value); out.Len() > maxExpanded {
				return "", "its value is longer than 4096 bytes"
			}
		}
		if !found {
			return "", "a $ names no variable"
		}
		text = out.String()
	}
	return "", "its variables refer to each other"
}

// value returns the only possible value of a variable in the block here.
func (n *names) value(name string, s *sets, here *scope) (value, why string) {
	set, mapped := s.of(name), n.maps[name]
	switch {
	case name[0] >= '0' && name[0] <= '9':
		return "", "$" + name + " is a part of the request"
	case n.varies[name], set.any && mapped.any, set.several, mapped.several:
		return "", "$" + name + " has several possible values"
	case set.any && !s.sure(name, here):
		return "", "$" + name + " is set for some requests only"
	case set.any:
		return set.first, ""
	case mapped.any:
		return mapped.first, ""
	}
	return "", "the value of $" + name + " is not in the files"
}

// undefined returns the first variable of an address that is certainly undefined, or
// "" if there is none.
func (n *names) undefined(text string) string {
	if n.open {
		return ""
	}
	for part := range nginx.Variables(text) {
		if n.variables.Undefined(part) {
			return part.Variable
		}
	}
	return ""
}

// addUpstream adds an upstream block of http with its servers. nginx refuses one without a
// name, and a server without an address.
func (r *reader) addUpstream(n *names, http *scope, d nginx.Directive) {
	if d.NumArgs() == 0 {
		return
	}
	u := &Upstream{Name: d.Arg(0).String(), At: d.Arg(0).Span()}
	s := r.collect(http, d)
	for _, it := range s.items {
		if it.keyword == kwServer && !it.d.HasBlock() && it.d.NumArgs() > 0 {
			r.addServer(u, it.d)
		}
		u.Hash = u.Hash || it.keyword == kwHash
		if len(u.Peers) >= maxPeers {
			break
		}
	}
	b := block{Effective: s.effective, at: u.At}
	u.Keepalive = setting(b, kwKeepalive, numberOf)
	u.Zone = setting(b, kwZone, textOf)
	b.why = r.front.open()
	u.Resolver = setting(b, kwResolver, wordsOf)
	key := strings.ToLower(u.Name)
	if n.upstreams[key] == nil {
		n.upstreams[key] = u
	} else if !r.front.Loose {
		u.Twin = n.upstreams[key] // fragments may be alternatives to each other
	}
	if r.linker.affords(u) {
		r.linker.Upstreams = append(r.linker.Upstreams, u)
	} else {
		u.Peers, u.Servers, u.large = nil, nil, true
	}
}

// addServer adds one server line of an upstream.
func (r *reader) addServer(u *Upstream, d nginx.Directive) {
	word := d.Arg(0)
	server := UpstreamServer{At: word.Span(), Text: word.String()}
	for i, w := range d.Args() {
		if i > 0 {
			server.Params = append(server.Params, w.String())
			server.Backup = server.Backup || w.String() == "backup"
			server.Down = server.Down || w.String() == "down"
		}
	}
	u.Servers = append(u.Servers, server)
	for _, p := range r.linker.peers(server.Text, server.At, 80) {
		switch {
		case slices.Contains(server.Params, "resolve"):
			if p.Fault == Unresolvable {
				p.Fault = Elsewhere
			}
		case !r.front.Loose && (r.config.Literal || r.linker.Container == nil) && p.obstacle == UnknownHost && nginx.HasVariable(p.Host) && !nginx.MayBeReplaced(p.Text):
			p.leave(Unresolvable, 0, "nginx replaces no variables in the server of an upstream")
			p.Name = p.Host
		}
		p.Backup, p.Down = server.Backup, server.Down
		u.Peers = append(u.Peers, p)
	}
}

// open returns why a missing setting of a block is unknown; "" if it is not. Without a main file, a
// fragment is inside a block of a file that was not given. Template marks may produce
// directives.
func (m *Front) open() string {
	switch {
	case m.Loose:
		return noMain
	case m.Rendered:
		return renderedWhy
	}
	return ""
}

const renderedWhy = "a template mark may produce it"
