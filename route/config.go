package route

import (
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// Kind is what is known of a path.
type Kind uint8

// The kinds of paths.
const (
	Unknown Kind = iota
	Missing
	Regular
	Dir
)

// Options are what a Config needs to know beside the files.
type Options struct {
	// Endpoints reads the address of a listen directive; an endpoint that is zero is unknown.
	Endpoints func(text string) []netaddr.Endpoint
	// Files says what a path is; nil if nothing is known of any.
	Files func(name string) Kind
	// Partial is set if other files may define servers too.
	Partial bool
}

// Config is the configuration of one nginx. Its methods may be called concurrently.
type Config struct {
	parsed  *parser.Nginx
	options Options
	http    *block

	listeners map[netaddr.Endpoint]*listener
	servers   map[nginx.Directive]*block // nil for one that was not read yet
	mu        sync.Mutex                 // of regexes
	reading   sync.Mutex                 // of servers
	spare     []nginx.Directive          // buffer for read
	prepared  sync.Once
	regexes   map[regexKey]*expression
	spent     int // directives that were copied for includes
	// subrequests is set if nginx may make some; they skip the access phase.
	subrequests bool
	why         string // why nothing is decided; "" if something may be

	assignedOnce  sync.Once
	assignedNames map[string]bool // see assigned
}

// maxItems limits how many directives are read, includes followed.
const maxItems = 200_000

// New reads the configuration of a main file, or that of fragments which are included
// together.
func New(parsed *parser.Nginx, files []*nginx.File, options Options) *Config {
	c := &Config{parsed: parsed, options: options, listeners: map[netaddr.Endpoint]*listener{}, regexes: map[regexKey]*expression{}}
	c.http = &block{}
	for _, d := range c.top(files) {
		switch {
		case parsed.Main != nil && d.Name() == "http" && d.HasBlock():
			c.http.d = d
			c.http.items = c.expand(c.http.items, d)
		case parsed.Main == nil:
			c.http.items = append(c.http.items, d)
		}
	}
	c.http.index(c)
	c.servers = make(map[nginx.Directive]*block, len(c.http.items))
	for _, d := range c.http.items {
		if d.Name() == "server" && d.HasBlock() {
			c.servers[d] = nil
		}
	}
	return c
}

// server returns a server, nil for a block that is not one. It is read when it is first
// needed: most never are.
func (c *Config) server(d nginx.Directive) *block {
	c.reading.Lock()
	defer c.reading.Unlock()
	s, is := c.servers[d]
	if s == nil && is {
		s = &block{d: d, parent: c.http}
		c.servers[d] = s
		s.read(c)
	}
	return s
}

// prepare reads all servers and their addresses.
func (c *Config) prepare() {
	c.prepared.Do(func() {
		for _, d := range c.http.items {
			if s := c.server(d); s != nil {
				c.listen(s)
			}
		}
		for _, l := range c.listeners {
			l.index()
			l.mark()
		}
	})
}

// top returns the directives at the top level, includes followed.
func (c *Config) top(files []*nginx.File) (all []nginx.Directive) {
	for _, f := range files {
		for d := range f.Directives() {
			all = c.add(all, d, 0)
		}
	}
	return all
}

// expand appends the directives in a block to all, includes followed.
func (c *Config) expand(all []nginx.Directive, d nginx.Directive) []nginx.Directive {
	for child := range d.Children() {
		all = c.add(all, child, 0)
	}
	return all
}

// maxIncludes limits how deep files are nested.
const maxIncludes = 50

func (c *Config) add(all []nginx.Directive, d nginx.Directive, depth int) []nginx.Directive {
	if c.spent++; c.spent > maxItems {
		c.why = "the configuration is too large"
		return all
	}
	if !d.IsInclude() {
		return append(all, d)
	}
	if depth == maxIncludes {
		c.why = "the includes are nested too deep"
		return all
	}
	of := c.parsed.Includes[c.parsed.Index(d.File())]
	n := d.IncludesBefore()
	if n >= len(of) {
		return all
	}
	for _, i := range c.parsed.Lists[of[n]] {
		for child := range c.parsed.Files[i].Directives() {
			all = c.add(all, child, depth+1)
		}
	}
	return all
}

// block is a http, server, location, if or limit_except block.
type block struct {
	d        nginx.Directive
	parent   *block
	modifier string // of a location
	name     string // of a location, and of the location around an if; "" for a server
	items    []nginx.Directive
	noname   bool // an if or limit_except

	// listens is set if an address of a server is known, and selected if nginx may select
	// the server there for a request; see mark.
	listens, selected bool
	strange           bool // see mayLead

	inside    map[nginx.Directive]*block // the blocks directly in it
	once      sync.Once
	own       map[string][]nginx.Directive // see of
	gather    sync.Once
	targets   []string // see mayLead
	order     sync.Once
	firsts    map[[2]string]*block // see shadows
	sweeps    *block               // the first expression that matches every path
	turn      int                  // among the expressions of its parent
	codes     []code
	exact     map[string]*block
	prefixes  map[string]*block
	redirects map[string]bool // names without the last slash, of locations with a *_pass
	regexes   []*block
	named     map[string]*block
	limited   *block // limit_except
	methods   nginx.Directive
	handler   nginx.Directive   // the last directive that sets a content handler
	access    []nginx.Directive // allow and deny
	alien     nginx.Directive   // the first directive whose effect is not known
	foreign   []nginx.Directive // those in effect, also of the blocks around it, one of a kind
}

// code is a directive of the rewrite module, with the block of an if.
type code struct {
	d     nginx.Directive
	inner *block
}

// read collects the directives of a block and of the blocks inside it.
func (b *block) read(c *Config) {
	c.spare = c.expand(c.spare[:0], b.d)
	b.items = slices.Clone(c.spare)
	b.index(c)
	depth := 0
	for p := b.parent; p != nil; p = p.parent {
		depth++
	}
	if depth > maxIncludes {
		c.why = "the blocks are nested too deep"
		return
	}
	for _, d := range b.items {
		switch name := d.Name(); {
		case name == "location" && d.HasBlock():
			b.locate(c, d)
		case name == "if" && d.HasBlock():
			inner := &block{d: d, parent: b, modifier: b.modifier, name: b.name, noname: true}
			inner.read(c)
			b.keep(inner)
			b.codes = append(b.codes, code{d, inner})
		case name == "limit_except" && d.HasBlock():
			b.limited, b.methods = &block{d: d, parent: b, modifier: b.modifier, name: b.name, noname: true}, d
			b.limited.read(c)
			b.keep(b.limited)
		case name == "set", name == "return", name == "rewrite", name == "break":
			b.codes = append(b.codes, code{d: d})
		}
	}
}

// keep remembers a block inside b.
func (b *block) keep(inner *block) {
	if b.inside == nil {
		b.inside = map[nginx.Directive]*block{}
	}
	b.inside[inner.d] = inner
}

// locate adds a location.
func (b *block) locate(c *Config, d nginx.Directive) {
	l := &block{d: d, parent: b}
	l.modifier, l.name = nginxt.LocationName(d)
	l.read(c)
	b.keep(l)
	add := func(to *map[string]*block, name string) {
		if *to == nil {
			*to = map[string]*block{}
		}
		if (*to)[name] == nil {
			(*to)[name] = l
		}
	}
	switch l.modifier {
	case "@":
		add(&b.named, l.name)
		return
	case "~", "~*":
		b.regexes = append(b.regexes, l)
		return
	case "=":
		add(&b.exact, l.name)
	default:
		add(&b.prefixes, l.name)
	}
	if name, ok := strings.CutSuffix(l.name, "/"); ok && redirecting(l.handlers()) {
		if b.redirects == nil {
			b.redirects = map[string]bool{}
		}
		b.redirects[name] = true
	}
}

// handlers returns the directives of b itself that set a content handler.
func (b *block) handlers() (all []nginx.Directive) {
	for _, d := range b.items {
		if Handler(d.Name()) {
			all = append(all, d)
		}
	}
	return all
}

// redirecting reports whether one of the handlers makes nginx redirect from the name of its
// location without the last slash.
func redirecting(handlers []nginx.Directive) bool {
	for _, d := range handlers {
		if Pass(d.Name()) {
			return true
		}
	}
	return false
}

// Pass reports whether a directive hands requests on to other servers.
func Pass(name string) bool {
	switch name {
	case "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass":
		return true
	}
	return false
}

// Handler reports whether a directive of nginx sets the content handler of its location.
func Handler(name string) bool {
	switch name {
	case "empty_gif", "stub_status", "mp4", "flv", "perl", "js_content", "content_by_lua", "content_by_lua_block", "content_by_lua_file", "hls", "f4f", "api", "internal_redirect", "tunnel_pass":
		return true
	}
	return Pass(name)
}

// deciding reports whether a directive may answer a request or change its course in a way
// that is not modelled.
func deciding(name string) bool {
	switch name {
	case "auth_request", "auth_jwt", "auth_delay_by", "js_access", "random_index", "dav_methods", "post_action",
		"rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file", "access_by_lua", "access_by_lua_block", "access_by_lua_file",
		"server_rewrite_by_lua_block", "server_rewrite_by_lua_file", "modsecurity", "perl_modules", "secure_download", "auth_pam", "auth_ldap", "auth_oidc":
		return true
	}
	return false
}

// index sets handler, access, alien and foreign.
func (b *block) index(c *Config) {
	if b.parent != nil {
		b.foreign = b.parent.foreign[:len(b.parent.foreign):len(b.parent.foreign)]
	}
	for _, d := range b.items {
		name := d.Name()
		if Handler(name) {
			b.handler = d
		}
		if decides := deciding(name); decides || d.Key() == 0 {
			b.strangers(d, decides)
		}
		switch name {
		case "allow", "deny":
			b.access = append(b.access, d)
		case "auth_request", "mirror", "ssi", "add_before_body", "add_after_body":
			c.subrequests = true
		}
	}
}

// strangers adds d, whose effect is not known, to alien and foreign. One of those that nothing
// turns off is enough.
func (b *block) strangers(d nginx.Directive, decides bool) {
	same := func(outer nginx.Directive) bool {
		return outer.Name() == d.Name() || !decides && !deciding(outer.Name())
	}
	if decides && d.Arg(0).String() == "off" {
		b.foreign = slices.DeleteFunc(slices.Clone(b.foreign), same)
		return
	}
	if b.alien.IsZero() {
		b.alien = d
	}
	if !slices.ContainsFunc(b.foreign, same) {
		b.foreign = append(b.foreign, d)
	}
}

// location returns the innermost location that b is in; nil for none.
func (b *block) location() *block {
	for ; b != nil && b.d.Name() != "location"; b = b.parent {
	}
	return b
}
