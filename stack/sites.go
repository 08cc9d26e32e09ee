package stack

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/nginxt"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// linkNginx adds the sites, upstreams and gateways of one configuration.
func (l *linker) linkNginx(n *parser.Nginx, variables *nginxt.Variables) {
	for _, f := range n.Files {
		l.problems(servers.Nginx, f.Problems)
	}
	l.problems(servers.Nginx, n.Problems)
	var main *source.File
	if n.Main != nil {
		main = n.Main.Source
	}
	machine := l.machines.of(main)
	front := &Front{Server: servers.Nginx, Machine: machine, Loose: main == nil}
	r := &reader{linker: l, machine: machine, front: front, config: n, variables: variables, sheets: make([]sheet, len(n.Files)), included: make([][]*sheet, len(n.Lists)), effects: map[added]*Effective{}, refused: map[bufferKey]bool{}}
	for _, f := range n.Files {
		for _, p := range f.Problems {
			r.rendered = r.rendered || p.Kind == source.Template
		}
	}
	if n.Main != nil {
		r.linkMain(n.Main)
		return
	}
	top := r.collectFiles(n.Fragments)
	names := r.names(top)
	l.whole++
	for _, f := range n.Fragments {
		l.whole++
		r.routes = r.routesOf([]*nginx.File{f})
		r.linkHTTP(r.collectFiles([]*nginx.File{f}), names)
	}
}

// linkMain walks a main file: only http {} passes requests on.
func (r *reader) linkMain(main *nginx.File) {
	r.linker.whole++
	r.routes = r.routesOf([]*nginx.File{main})
	top := r.collectFiles([]*nginx.File{main})
	r.front.read(main, top, r.rendered)
	r.linker.Fronts = append(r.linker.Fronts, r.front)
	for _, it := range top.items {
		if it.keyword == kwHTTP && it.d.HasBlock() {
			http := r.collect(top, it.d)
			r.linkHTTP(http, r.names(http))
		}
	}
}

// linkHTTP walks the content of http {}. In a fragment that may also be the content of a
// server or a location.
func (r *reader) linkHTTP(http *scope, names *names) {
	from := len(r.linker.Gateways)
	defer func() { r.linker.resolve(names, from) }()
	for _, it := range http.items {
		if r.linker.looks >= r.linker.mostLooks {
			return
		}
		if it.keyword == kwServer && it.d.HasBlock() {
			lent, items := r.lent, len(r.items)
			r.linkServer(r.collect(http, it.d), names)
			r.forget(lent, items)
		}
	}
	if r.config.Main == nil {
		r.linkLocations(http, nil, names)
	}
}

// linkServer adds a site and its gateways.
func (r *reader) linkServer(server *scope, names *names) {
	site := r.sites.take()
	*site = Site{Machine: r.machine, At: server.block.NameWord().Span(), Whole: r.linker.whole, Front: r.front, Effective: server.effective, Returns: server.returns, routes: r.routes, edge: server.edge}
	listens := 0
	for _, it := range server.items {
		switch it.keyword {
		case kwServerName:
			n := it.d.NumArgs()
			site.Names, site.NamesAt = slices.Grow(site.Names, n), slices.Grow(site.NamesAt, n)
			for _, w := range it.d.Args() {
				site.Names, site.NamesAt = append(site.Names, w.String()), append(site.NamesAt, w.Span())
			}
		case kwListen:
			listens++
		}
	}
	site.Listens = make([]Listen, 0, max(1, listens))
	for _, it := range server.items {
		if it.keyword == kwListen {
			site.Listens = r.linker.readSiteListens(site.Listens, it.d)
		}
	}
	if listens == 0 {
		site.Listens = append(site.Listens, Listen{At: site.At, Text: "80", Endpoint: netaddr.TCPEndpoint(netip.IPv4Unspecified(), 80)})
	}
	for i := range site.Listens {
		site.Listens[i].HTTP2 = site.Listens[i].HTTP2 || server.http2
	}
	r.linker.Sites = append(r.linker.Sites, site)
	r.machine.serve(site)
	r.linkLocations(server, site, names)
}

// linkLocations adds the gateways of a block and of the blocks inside it. A location
// does not inherit a *_pass; an if has its own or that of its location.
func (r *reader) linkLocations(top *scope, site *Site, names *names) {
	blocks := r.blocks[:0]
	for todo := append(make([]*scope, 0, 16), top); len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		blocks = append(blocks, s)
		for i := len(s.items) - 1; i >= 0; i-- {
			it := s.items[i]
			if r.linker.looks >= r.linker.mostLooks {
				break
			}
			switch it.keyword {
			case kwLocation, kwWordPress, kwIf:
				if it.d.HasBlock() {
					todo = append(todo, r.collect(s, it.d))
				}
			}
		}
	}
	r.blocks = blocks
	sets := &r.values
	sets.forget(blocks)
	if site != nil {
		r.wordpress(site, blocks)
		site.lengthsOf(blocks)
	}
	for _, s := range blocks {
		if site != nil {
			r.judgeBuffers(s)
		}
		r.linkPass(s, site, names, sets)
		if site != nil {
			r.linkGRPC(s, site, names)
		}
	}
}

// readSiteListens reads a listen directive (nginx ngx_http_core_module.c,
// ngx_http_core_listen). With a range of ports, or a host name that has several
// addresses, it gives several.
func (l *linker) readSiteListens(all []Listen, d nginx.Directive) []Listen {
	listen := Listen{At: d.Span(), Text: d.Arg(0).String(), V6Only: true}
	for i := 1; i < d.NumArgs(); i++ {
		name, value, _ := strings.Cut(d.Arg(i).String(), "=")
		switch {
		case name == "default_server" || name == "default":
			listen.Default = true
		case name == "quic":
			listen.UDP, listen.SSL = true, true
		case name == "ssl":
			listen.SSL = true
		case name == "http2":
			listen.HTTP2 = true
		case name == "proxy_protocol":
			listen.ProxyProtocol = true
		case name == "ipv6only":
			listen.V6Only, listen.Options = value != "off", true
		case socketOptions[name]:
			listen.Options = true
			listen.ReusePort = listen.ReusePort || name == "reuseport"
		}
	}
	for _, listen.Endpoint = range l.siteEndpoints(listen.Text) {
		all = append(all, listen)
	}
	return all
}

// socketOptions are the parameters of listen that belong to the socket (nginx
// ngx_http_core_module.c: those that set lsopt.set).
var socketOptions = map[string]bool{
	"bind": true, "setfib": true, "fastopen": true, "backlog": true, "rcvbuf": true, "sndbuf": true,
	"accept_filter": true, "deferred": true, "ipv6only": true, "reuseport": true, "so_keepalive": true, "multipath": true,
}

// maxPorts limits how many ports of a range are read.
const maxPorts = 1000

// siteEndpoints returns the endpoints of a listen directive. For a host name without a
// known address, the only endpoint is zero. Results are cached, since most sites have the
// same addresses.
func (l *linker) siteEndpoints(text string) []netaddr.Endpoint {
	all, met := l.endpoints[text]
	if !met {
		all = l.readEndpoints(text)
		l.endpoints[text] = all
	}
	return all
}

func (l *linker) readEndpoints(text string) (all []netaddr.Endpoint) {
	a := netaddr.ParseListen(text)
	switch {
	case a.Refusal != "":
		return []netaddr.Endpoint{{}}
	case a.Network == netaddr.Unix:
		return []netaddr.Endpoint{l.sockets.Endpoint(a.Path)}
	}
	var addrs []netip.Addr
	if a.Host == "*" {
		addrs = []netip.Addr{netip.IPv4Unspecified()}
	} else if addr, ok := netaddr.NginxLiteral(a.Host); ok {
		addrs = []netip.Addr{addr}
	} else {
		addrs = l.Facts.Lookup(a.Host)
	}
	for _, addr := range addrs {
		for n := int(a.Port); n <= int(a.Last) && len(all) < maxPorts; n++ {
			all = append(all, netaddr.TCPEndpoint(addr, uint16(n)))
		}
	}
	if len(all) == 0 {
		all = append(all, netaddr.Endpoint{})
	}
	return all
}
