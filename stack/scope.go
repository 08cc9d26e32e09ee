package stack

import (
	"sync"

	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/servers"
)

// keyword identifies a directive that linking uses. Others are skipped.
type keyword uint8

const (
	other keyword = iota
	kwHTTP
	kwServer
	kwLocation
	kwWordPress // a location that names a file of WordPress
	kwIf
	kwIdleIf // an if without anything relevant inside
	kwUpstream
	kwHash // of an upstream: ip_hash too
	kwMap
	kwVariable // a block whose variable depends on the request
	kwInclude
	kwListen
	kwServerName
	kwSet
	kwReturn
	kwFastCGIPass
	kwProxyPass
	kwUWSGIPass
	kwSCGIPass
	kwGRPCPass
	kwHTTP2        // the directive of nginx since 1.25.1
	kwFastCGIParam // in a sheet one of the next three
	kwScriptParam
	kwValueParam
	kwOtherParam
	kwFastCGIIndex
	kwUser
	kwRoot
	kwRewrite
	kwDeny
	kwEdge   // see edgeLines
	kwLength // add_header of Content-Length
)

// keywords are the keywords by the key of the name.
var keywords = sync.OnceValue(func() []keyword {
	table := make([]keyword, servers.NginxKeyCount())
	for _, k := range [...]struct {
		name    string
		keyword keyword
	}{
		{"http", kwHTTP}, {"server", kwServer}, {"location", kwLocation}, {"upstream", kwUpstream},
		{"if", kwIf}, {"limit_except", kwIf},
		{"ip_hash", kwHash}, {"hash", kwHash}, {"map", kwMap}, {"geo", kwVariable}, {"split_clients", kwVariable},
		{"include", kwInclude}, {"listen", kwListen}, {"server_name", kwServerName}, {"set", kwSet}, {"return", kwReturn},
		{"fastcgi_pass", kwFastCGIPass}, {"proxy_pass", kwProxyPass}, {"uwsgi_pass", kwUWSGIPass}, {"scgi_pass", kwSCGIPass},
		{"grpc_pass", kwGRPCPass}, {"http2", kwHTTP2},
		{"user", kwUser}, {"root", kwRoot}, {"rewrite", kwRewrite}, {"deny", kwDeny},
		{"set_real_ip_from", kwEdge}, {"real_ip_header", kwEdge}, {"allow", kwEdge}, {"satisfy", kwEdge}, {"client_max_body_size", kwEdge}, {"add_header", kwEdge},
		{"fastcgi_param", kwFastCGIParam}, {"fastcgi_index", kwFastCGIIndex},
		{"resolver", kwResolver}, {"error_log", kwErrorLog}, {"error_page", kwErrorPage}, {"worker_processes", kwWorkerProcesses}, {"master_process", kwMasterProcess}, {"keepalive", kwKeepalive}, {"zone", kwZone},
		{"ssl", kwSSL}, {"ssl_certificate", kwSSLCertificate}, {"ssl_certificate_key", kwSSLCertificateKey},
		{"ssl_reject_handshake", kwSSLRejectHandshake}, {"ssl_protocols", kwSSLProtocols},
	} {
		table[servers.NginxKeyOf(k.name)] = k.keyword
	}
	for i, name := range tlsSettings {
		table[servers.NginxKeyOf(name)] = firstOfTLS + keyword(i)
	}
	for _, p := range groups {
		for setting, suffix := range suffixes {
			table[servers.NginxKeyOf(prefixes[p]+suffix)] = p.of(keyword(setting))
		}
	}
	table[0] = other // not every kind of gateway has every setting
	return table
})

// keywordOf returns the keyword of a directive.
func keywordOf(d nginx.Directive) keyword { return keywords()[d.Key()] }

// item is a directive with its keyword.
type item struct {
	keyword keyword
	list    int32 // of an include: what it matches, in parser.Nginx.Lists
	d       nginx.Directive
}

// scope is one block at one place of inclusion: its directives, includes followed, and
// what takes effect there.
type scope struct {
	parent *scope
	depth  int
	block  nginx.Directive // zero for the top level of a file
	items  []item

	isLocation bool
	diverts    bool              // the block, or one around it, has a deny or a rewrite
	returns    bool              // the block itself has a return
	sets       bool              // the block itself has a set
	http2      bool              // the directive is on in the block or around it
	root       nginx.Directive   // the root in the block itself; zero for none
	location   nginx.Directive   // the innermost location; zero outside of one
	index      nginx.Directive   // the fastcgi_index in effect; zero for none
	script     nginx.Directive   // the same for fastcgi_param SCRIPT_FILENAME
	values     []nginx.Directive // the lines of fastcgi_param PHP_VALUE and PHP_ADMIN_VALUE in effect

	effective *Effective
	edge      *edgeLines // nil if no block around it has one of these lines
}

// fill sets the directives of s.
func (s *scope) fill(items []item) {
	s.items = items
	if parent := s.parent; parent != nil {
		s.diverts, s.depth, s.location, s.index, s.script, s.values, s.edge, s.http2 = parent.diverts, parent.depth+1, parent.location, parent.index, parent.script, parent.values, parent.edge, parent.http2
	}
	if s.isLocation {
		s.location = s.block
	}
	params, own := false, edgeKind(0)
	for _, it := range items {
		switch it.keyword {
		case kwEdge, kwLength:
			own = s.addEdge(it.d, own)
		case kwReturn:
			s.returns = true
		case kwDeny:
			s.diverts = true
			own = s.addEdge(it.d, own)
		case kwRewrite:
			s.diverts = s.diverts || !s.location.IsZero() || route.Redirects(it.d)
		case kwHTTP2:
			s.http2, _ = flagOf(it.d)
		case kwRoot:
			s.root = it.d
		case kwSet:
			s.sets = true
		case kwFastCGIIndex:
			s.index = it.d
		case kwScriptParam, kwValueParam, kwOtherParam:
			if !params {
				params, s.script, s.values = true, nginx.Directive{}, nil // one replaces all of the outer blocks
			}
			if it.keyword == kwScriptParam {
				s.script = it.d
			} else if it.keyword == kwValueParam {
				s.values = append(s.values, it.d)
			}
		}
	}
}

// reader collects the directives of blocks of one nginx configuration.
type reader struct {
	linker    *linker
	machine   *Machine
	config    *parser.Nginx
	rendered  bool // template marks produce some of its directives
	front     *Front
	routes    func() *route.Config
	variables *nginxt.Variables
	sheets    []sheet    // of the files of config
	latest    *sheet     // of the latest file
	included  [][]*sheet // see drafts
	effects   map[added]*Effective
	steps     slab[Effective]
	sites     slab[Site]
	gateways  slab[Gateway]
	refused   map[bufferKey]bool // sets of buffers that nginx refuses

	unused []keyword // spare capacity of sheets
	busy   []bool    // buffer for settle

	// Reused by one server after the other; see forget.
	own    []item   // buffer for collect
	items  []item   // storage for the items of scopes
	scopes []*scope // all that were made; the first lent of them are in use
	lent   int
	values sets
	blocks []*scope // buffer for linkLocations
	turn   int      // of expand
}

// scope returns an empty scope.
func (r *reader) scope(parent *scope, block nginx.Directive) *scope {
	if r.lent == len(r.scopes) {
		r.scopes = append(r.scopes, &scope{})
	}
	s := r.scopes[r.lent]
	r.lent++
	*s = scope{parent: parent, block: block, isLocation: keywordOf(block) == kwLocation}
	return s
}

// forget drops the scopes made since there were lent of them, and the items from
// index items on: nothing refers to the scopes of a linked server.
func (r *reader) forget(lent, items int) {
	r.lent, r.items = lent, r.items[:items]
}

// maxDepth limits how deep blocks are nested across files.
const maxDepth = 200

// collect returns the directives directly in a block, with includes followed.
func (r *reader) collect(parent *scope, block nginx.Directive) *scope {
	s := r.scope(parent, block)
	if parent != nil && parent.depth >= maxDepth {
		r.linker.deep(block)
		return s
	}
	if !r.linker.look(block, blockLooks) {
		return s
	}
	own, n := r.sheet(block.File()).looked(r.own[:0], block.Children())
	r.own = own
	if !r.linker.look(block, n) {
		return s
	}
	s.fill(r.expand(own))
	r.effect(s)
	return s
}

// collectFiles returns the directives at the top level of files.
func (r *reader) collectFiles(files []*nginx.File) *scope {
	var items []item
	for _, f := range files {
		items = append(items, r.expand(r.sheet(f).top)...)
	}
	s := r.scope(nil, nginx.Directive{})
	s.fill(items)
	r.effect(s)
	return s
}

// expand replaces every include among the directives of a block or of the top level of a
// file with the content of the files, in order. Includes have no cycle.
func (r *reader) expand(own []item) []item {
	from := len(r.items)
	if !hasInclude(own) {
		r.items = append(r.items, own...)
		return r.since(from)
	}
	r.turn++
	var open [8]level
	levels := append(open[:0], level{items: own})
	for len(levels) > 0 {
		top := &levels[len(levels)-1]
		switch {
		case len(top.pending) > 0:
			s := r.settled(top.pending[0])
			top.pending = top.pending[1:]
			switch {
			case !r.linker.repeats(s, r.turn) || !r.linker.place(s.file.Source, len(s.top)):
			case s.flat && len(r.items)-from+len(s.top) <= maxItems:
				r.items = append(r.items, s.top...)
			default:
				levels = append(levels, level{items: s.top})
			}
		case len(top.items) == 0:
			levels = levels[:len(levels)-1]
		default:
			it := top.items[0]
			top.items = top.items[1:]
			switch {
			case it.keyword == kwInclude:
				top.pending = r.drafts(it.list)
			case len(r.items)-from < maxItems:
				r.items = append(r.items, it)
			default:
				r.linker.crowded(it.d)
				return r.since(from)
			}
		}
	}
	return r.since(from)
}

// level is a block or a file that is being expanded.
type level struct {
	items   []item
	pending []*sheet // of the files of the latest include
}

// since returns the items from index from on.
func (r *reader) since(from int) []item { return r.items[from:len(r.items):len(r.items)] }

func hasInclude(items []item) bool {
	for _, it := range items {
		if it.keyword == kwInclude {
			return true
		}
	}
	return false
}

// executed returns the next outer block whose rewrite directives nginx runs for a
// request that reaches s: only the innermost of nested locations, and then the server
// (nginx ngx_http_core_module.c).
func (s *scope) executed() *scope {
	outer := s.parent
	if s.isLocation {
		for outer != nil && outer.isLocation {
			outer = outer.parent
		}
	}
	return outer
}

// returnsFirst reports whether a return answers every request in s before it is passed on.
func (s *scope) returnsFirst() bool {
	for ; s != nil; s = s.executed() {
		if s.returns {
			return true
		}
	}
	return false
}

// chain returns the block of s and those around it up to the server.
func (s *scope) chain() []nginx.Directive {
	blocks := make([]nginx.Directive, 0, s.depth)
	for ; s != nil && !s.block.IsZero() && keywordOf(s.block) != kwHTTP; s = s.parent {
		blocks = append(blocks, s.block)
	}
	return blocks
}
