package stack

import (
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
)

// edgeLines are the directives in effect in a block of nginx that matter where Cloudflare passes its
// requests on. Blocks that add none share those of the block around them.
type edgeLines struct {
	trusted                      []Trusted         // set_real_ip_from
	edge                         source.Span       // the first of them with addresses of Cloudflare; zero for none
	access                       []AccessRule      // allow and deny
	misread                      bool              // one of them is not understood
	lengths                      []nginx.Directive // add_header
	realHeader, limit, satisfied nginx.Directive   // real_ip_header, client_max_body_size, satisfy
}

// edgeKind is one of the lists of edgeLines.
type edgeKind uint8

const (
	edgeOwn edgeKind = 1 << iota // the block has lines of its own
	edgeReal
	edgeAccess
	edgeLengths
)

// addEdge adds a directive of the block itself: the first of a list replaces the list of the blocks
// around it. own has the lists that the block has.
func (s *scope) addEdge(d nginx.Directive, own edgeKind) edgeKind {
	// Of a location only Content-Length matters, and other headers only where they replace one.
	switch header := d.Name() == "add_header"; {
	case !header && !s.location.IsZero(), header && !setsLength(d) && (s.edge == nil || s.edge.lengths == nil):
		return own
	}
	if own&edgeOwn == 0 {
		e := &edgeLines{}
		if s.edge != nil {
			*e = *s.edge
		}
		own, s.edge = edgeOwn, e
	}
	first := func(kind edgeKind) bool {
		is := own&kind == 0
		own |= kind
		return is
	}
	switch e := s.edge; d.Name() {
	case "set_real_ip_from":
		if first(edgeReal) {
			e.trusted, e.edge = nil, source.Span{}
		}
		e.trust(d)
	case "allow", "deny":
		if first(edgeAccess) {
			e.access, e.misread = nil, false
		}
		e.admit(d)
	case "add_header":
		if first(edgeLengths) {
			e.lengths = nil
		}
		e.lengths = append(e.lengths, d)
	case "real_ip_header":
		e.realHeader = d
	case "client_max_body_size":
		e.limit = d
	case "satisfy":
		e.satisfied = d
	}
	return own
}

// setsLength reports whether a directive adds a Content-Length to responses.
func setsLength(d nginx.Directive) bool {
	return d.Name() == "add_header" && strings.EqualFold(d.Arg(0).String(), "Content-Length")
}

// maxLengths limits how many lines a site keeps.
const maxLengths = 20

// lengthsOf adds the add_header lines of the blocks of a site that set Content-Length.
func (site *Site) lengthsOf(blocks []*scope) {
	var last *nginx.Directive
	for _, s := range blocks {
		if s.edge == nil || len(s.edge.lengths) == 0 || &s.edge.lengths[0] == last {
			continue
		}
		last = &s.edge.lengths[0]
		for _, d := range s.edge.lengths {
			if len(site.Lengths) < maxLengths && setsLength(d) && !slices.Contains(site.Lengths, d.Span()) {
				site.Lengths = append(site.Lengths, d.Span())
			}
		}
	}
}

// Edge is what shows that Cloudflare itself connects to a site, not a tunnel.
type Edge struct {
	At  source.Span // zero for the project file
	Why string
}

// Proxied returns what shows that Cloudflare connects to the site; ok is false if nothing does, or if
// no address of the site can be reached from outside.
func (s *Site) Proxied() (e Edge, ok bool) {
	if !s.public() || s.Front.Server != servers.Nginx {
		return e, false
	}
	if s.edge != nil && !s.edge.edge.IsZero() {
		return Edge{s.edge.edge, "the addresses of visitors come from Cloudflare here"}, true
	}
	for _, line := range s.TLSLines("ssl_client_certificate") {
		if base := strings.ToLower(path.Base(line.Path)); strings.Contains(base, "cloudflare") || strings.Contains(base, "origin-pull") || strings.Contains(base, "origin_pull") {
			return Edge{line.At, "Authenticated Origin Pulls are set up here"}, true
		}
	}
	if f := s.Machine.Facts; f != nil && f.Cloudflare && len(s.Tunnels) == 0 {
		return Edge{Why: "the project file says that the sites use Cloudflare"}, true
	}
	return e, false
}

// public reports whether the site listens on an address other than the loopback.
func (s *Site) public() bool {
	return slices.ContainsFunc(s.Listens, func(l Listen) bool {
		return l.Endpoint.Network == netaddr.TCP && !l.Endpoint.Addr.IsLoopback() && !l.UDP
	})
}

// Trusted is one set_real_ip_from.
type Trusted struct {
	At   source.Span
	From netip.Prefix
}

// RealIP returns the addresses that nginx trusts to name the visitor, and the header in which they
// do, in lower case: that of X-Real-IP by default, which Cloudflare does not send.
func (s *Site) RealIP() (from []Trusted, header string) {
	if s.edge == nil {
		return nil, ""
	}
	header = "x-real-ip"
	if d := s.edge.realHeader; !d.IsZero() {
		header = strings.ToLower(d.Arg(0).String())
	}
	return s.edge.trusted, header
}

// trust adds a set_real_ip_from.
func (e *edgeLines) trust(d nginx.Directive) {
	p, ok := prefixOf(d.Arg(0).String())
	if !ok {
		return
	}
	e.trusted = append(e.trusted, Trusted{d.Span(), p})
	if e.edge.IsZero() && cloudflare.Owns(p.Addr()) {
		e.edge = d.Span()
	}
}

// admit adds an allow or deny. unix: concerns no address.
func (e *edgeLines) admit(d nginx.Directive) {
	text := d.Arg(0).String()
	rule := AccessRule{At: d.Span(), Allow: d.Name() == "allow", All: text == "all"}
	p, ok := prefixOf(text)
	switch rule.From = p; {
	case ok || rule.All:
		e.access = append(e.access, rule)
	case text != "unix:":
		e.misread = true
	}
}

// prefixOf reads an address or a range.
func prefixOf(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	addr, err := netip.ParseAddr(text)
	return netip.PrefixFrom(addr, addr.BitLen()), err == nil
}

// AccessRule is one allow or deny.
type AccessRule struct {
	At    source.Span
	Allow bool
	All   bool
	From  netip.Prefix // unless All
}

// Access returns the allow and deny lines in effect in the server block, in order. known is false if
// something else may let a request pass, or if a line is not understood.
func (s *Site) Access() (rules []AccessRule, known bool) {
	if s.edge == nil {
		return nil, true
	}
	return s.edge.access, !s.edge.misread && s.edge.satisfied.Arg(0).String() != "any"
}

// BodyLimit is client_max_body_size of the server block in bytes, 0 for no limit; absent if it is
// not set.
func (s *Site) BodyLimit() source.Setting[int64] {
	if s.edge == nil || s.edge.limit.IsZero() {
		return source.Absent[int64](s.At)
	}
	d := s.edge.limit
	if size, ok := nginx.Offset(d.Arg(0).String()); ok {
		return source.Written(size, d.Span())
	}
	return source.Unknown[int64](d.Span(), "nginx does not take the value of client_max_body_size")
}
