package rules

import (
	"fmt"
	"net/netip"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// ListenConflict reports listen directives that nginx or Apache does not accept together.
var ListenConflict = &lint.Rule{
	ID:       "WP401",
	Name:     "listen-conflict",
	Former:   []string{"nginx-duplicate-listen"},
	Apache:   true,
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always},
	Faults:   []lint.Fault{apachet.Listen},
	Summary:  "Two listen directives contradict each other, so the web server does not start.",
	Why: "nginx refuses the same address twice in one server, in any spelling (`80`, `*:80`, `0.0.0.0:80`). It also refuses a second `default_server` for an address, and socket options such as `backlog` or `reuseport` on more than one listen of an address, even equal ones. " +
		"A second `default_server` usually comes from a backup file that `include sites-enabled/*` matches. `[::]:80 ipv6only=off` also takes IPv4, so another `listen 80` cannot be bound; `nginx -t` passes. A pool of PHP-FPM at the address of a `listen` keeps nginx or Apache from starting in the same way, and so do nginx and Apache on one machine: whichever starts second fails. " +
		"Apache refuses the same `Listen` twice, and does not start without one. `Listen 8080` with `Listen 127.0.0.1:8080` passes `apachectl configtest` and fails at the start, as does a port that another program has. Containers with one network namespace (a pod, `network_mode: host` or `service:`) share its ports.",
	Fix: "Keep one of the two. Name `default_server` and socket options once for each address, and move backup copies out of the directories that nginx includes. In Apache, write one `Listen` for each port, and none for a port that a pool or another program has.",
	Verify: []string{
		"nginx -t",
		"grep -rnE '^ *listen ' /etc/nginx",
		"apachectl configtest",
		"grep -rn Listen /etc/apache2",
		"ss -tlnp | grep PORT",
		"ls -l /etc/nginx/sites-enabled /etc/nginx/conf.d",
	},
	Sources: []string{
		nginxHTTP + "#listen",
		apacheCommon + "#listen",
	},
	Bad: `
nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80 default_server;
#   ------------------------ WP401 the first one
    server_name blog.example;
    root /var/www/blog;
}
-- etc/nginx/sites-enabled/shop.conf --
server {
    listen 80 default_server;
#   ^^^^^^^^^^^^^^^^^^^^^^^^ WP401 a second default server for 0.0.0.0:80
    server_name shop.example;
    root /var/www/shop;
}
`,
	Good: `
-- etc/nginx/sites-enabled/shop.conf --
server {
    listen 80;
    server_name shop.example;
    root /var/www/shop;
}
`,
	Logs: []*servers.Signature{
		servers.NginxListenTwice, servers.NginxDefaultServerTwice, servers.NginxListenOptionsTwice,
		servers.NginxAddressInUse, servers.ApacheListenTwice, servers.ApacheAddressInUse, servers.ApacheNotBound,
		servers.ApacheNoListener,
	},
	Check: checkListens,
}

// socket is one address of nginx in one configuration. Two spellings of a unix
// path are two sockets to nginx.
type socket struct {
	whole    int
	endpoint netaddr.Endpoint
	udp      bool
	spelling string // of a unix path
}

func socketAt(site *stack.Site, listen *stack.Listen) socket {
	s := socket{whole: site.Whole, endpoint: listen.Endpoint, udp: listen.UDP}
	if s.endpoint.Network == netaddr.Unix {
		s.spelling = listen.Text
	}
	return s
}

// claims are the first listen directives of a socket to set what may be set
// once.
type claims struct {
	endpoint          netaddr.Endpoint
	site              *stack.Site // the last site that listens there
	first             source.Span // its first listen
	fallback, options source.Span
	reuse             bool // reuseport
}

func checkListens(p *lint.Pass) {
	checkApacheRefuses(p)
	sockets := map[socket]*claims{}
	spellings := map[socket]*stack.Listen{} // without the spelling
	for site := range nginxSites(p.Stack) {
		for i := range site.Listens {
			listen := &site.Listens[i]
			if listen.Endpoint.Network == 0 {
				continue
			}
			key := socketAt(site, listen)
			c := sockets[key]
			if c == nil {
				c = &claims{endpoint: listen.Endpoint}
				sockets[key] = c
				if v4 := key; v4.endpoint.Addr.Is4() {
					v4.endpoint.Addr = netip.Addr{}
					if sockets[v4] == nil {
						sockets[v4] = c
					}
				}
			}
			c.add(p, site, listen)
			if key.spelling != "" {
				twoSpellings(p, spellings, key, listen)
			}
		}
	}
	for site := range nginxSites(p.Stack) {
		for i := range site.Listens {
			overlap(p, sockets, socketAt(site, &site.Listens[i]), &site.Listens[i])
		}
	}
	takenByPool(p)
	takenByApache(p)
	takenByMate(p)
}

// bindFailed is what nginx logs.
const bindFailed = "[emerg] bind() to %s failed (98: Address already in use)"

// twoSpellings reports a unix socket that has two names: nginx binds it twice.
func twoSpellings(p *lint.Pass, first map[socket]*stack.Listen, key socket, listen *stack.Listen) {
	key.spelling = ""
	other := first[key]
	if other == nil {
		first[key] = listen
	} else if other.Text != listen.Text {
		p.Report(lint.Finding{
			At:      listen.At,
			Message: fmt.Sprintf("%s and %s are one socket, which nginx cannot bind twice", listen.Text, other.Text),
			Notes:   []lint.Note{{At: other.At, Message: "the first one"}},
			Log:     []string{fmt.Sprintf(bindFailed, listen.Text)},
		})
	}
}

// takenByPool reports an address of a web server that a pool listens on as well: the
// second to start fails. A master that refuses its configuration listens on
// nothing.
func takenByPool(p *lint.Pass) {
	ports, paths := map[uint16][]*stack.Listener{}, map[string]*stack.Listener{}
	apacheStarts, known := p.Stack.Boots(servers.Apache)
	for _, listener := range p.Stack.Listeners {
		if known && !apacheStarts && listener.Sites[0].Front.Server == servers.Apache {
			continue
		}
		if e := listener.Endpoint; e.Network == netaddr.Unix {
			paths[e.Path] = listener
		} else {
			ports[e.Port] = append(ports[e.Port], listener)
		}
	}
	for b := range bounds(p.Stack) {
		if b.pool.Master.Refuses {
			continue
		}
		if listener := paths[b.listen.Endpoint.Path]; listener != nil {
			taken(p, listener, b)
		}
		for _, listener := range ports[b.listen.Endpoint.Port] {
			if mayShare(b.listen.Endpoint, listener) {
				if p.Stack.SameHost(listener.Sites[0], b.pool) {
					p.NotChecked(b.listen.At, fmt.Sprintf("Listen %s of Apache has this port too: PHP-FPM cannot listen here if Apache starts before pool %s", listenOf(listener).Text, b.pool.Name))
				}
			} else if meets(b.listen.Endpoint, listener) {
				taken(p, listener, b)
			}
		}
	}
}

// meets reports whether a pool and a web server bind one TCP address. A wildcard of nginx takes one
// family, that of a pool may take both, and that of Apache takes both (measured on Apache 2.4).
func meets(pool netaddr.Endpoint, listener *stack.Listener) bool {
	web := listener.Endpoint
	return pool.Network == netaddr.TCP && (pool.Addr == web.Addr || covers(pool, web) || bothFamilies(listener) ||
		web.Addr.IsUnspecified() && web.Addr.Is4() == pool.Addr.Is4())
}

// mayShare reports whether Apache starts beside a pool that has one address of IPv6, if the pool is first:
// see portAlone.
func mayShare(pool netaddr.Endpoint, listener *stack.Listener) bool {
	return pool.Network == netaddr.TCP && pool.Addr.Is6() && !pool.Addr.IsUnspecified() && bothFamilies(listener) && portAlone(listenOf(listener))
}

// bothFamilies reports whether Apache listens on every address of IPv6, and so of IPv4.
func bothFamilies(l *stack.Listener) bool {
	return l.Endpoint.Addr == netip.IPv6Unspecified() && l.Sites[0].Front.Server == servers.Apache
}

// unbound is the finding that a web server cannot bind the address of a listener, without a message.
func unbound(l *stack.Listener) lint.Finding {
	if l.Sites[0].Front.Server == servers.Apache {
		return lint.Finding{Outcome: lint.ApacheRefuses, Log: []string{"(98)Address already in use: AH00072: make_sock: could not bind to address " + l.Endpoint.String()}}
	}
	return lint.Finding{Log: []string{fmt.Sprintf(bindFailed, l.Endpoint)}}
}

// taken reports the first listen of a web server on the address of a pool.
func taken(p *lint.Pass, listener *stack.Listener, b bound) {
	for _, site := range listener.Sites {
		for _, listen := range site.Listens {
			if listen.Endpoint != listener.Endpoint || listen.UDP || !p.Stack.SameHost(site, b.pool) {
				continue
			}
			f := unbound(listener)
			f.At = listen.At
			f.Message = fmt.Sprintf("%s and pool %s cannot both listen on %s", site.Front.Name(), b.pool.Name, bindable(listener.Endpoint))
			f.Notes = []lint.Note{{At: b.listen.At, Message: fmt.Sprintf("pool %s listens here%s", b.pool.Name, b.purpose())}}
			p.Report(f)
			return
		}
	}
}

// overlap reports a listen that cannot be bound because another one takes its
// address: an IPv6 wildcard that takes IPv4 as well, or an address with options
// of its own, which nginx does not leave to the wildcard of the port (nginx
// ngx_http.c, ngx_http_init_listening; measured on Linux).
func overlap(p *lint.Pass, sockets map[socket]*claims, key socket, listen *stack.Listen) {
	e := listen.Endpoint
	message := "%s with ipv6only=off takes IPv4 as well, and another listen takes %s"
	switch {
	case e.Network != netaddr.TCP:
		return
	case !listen.V6Only && e.Addr == netip.IPv6Unspecified():
		key.endpoint.Addr = netip.Addr{} // the first of IPv4
	case listen.Options && !e.Addr.IsUnspecified():
		message = "%s gets a socket of its own by its options, and another listen takes %s"
		key.endpoint.Addr = netip.IPv4Unspecified()
		if e.Addr.Is6() {
			key.endpoint.Addr = netip.IPv6Unspecified()
		}
	default:
		return
	}
	c := sockets[key]
	if c == nil || c.reuse && listen.ReusePort {
		return
	}
	late := c.endpoint // nginx binds wildcards last
	if !late.Addr.IsUnspecified() {
		late = e
	}
	p.Report(lint.Finding{
		At:      listen.At,
		Message: fmt.Sprintf(message, listen.Text, bindable(c.endpoint)),
		Notes:   []lint.Note{{At: c.first, Message: "the other listen"}},
		Log:     []string{fmt.Sprintf(bindFailed, late)},
	})
}

// clash is why nginx refuses a second listen: in our words and in its own (nginx
// ngx_http.c and ngx_http_core_module.c).
type clash struct{ message, says string }

var (
	twiceInServer = clash{"a second listen on %s in the same server", "[emerg] a duplicate listen %s"}
	secondDefault = clash{"a second default server for %s", "[emerg] a duplicate default server for %s"}
	secondOptions = clash{"socket options for %s are set by a second listen", "[emerg] duplicate listen options for %s"}
)

// add records a listen directive of the socket, and reports why nginx refuses
// it.
func (c *claims) add(p *lint.Pass, site *stack.Site, listen *stack.Listen) {
	why, first := clash{}, source.Span{}
	switch {
	case c.site == site:
		why, first = twiceInServer, c.first
	case listen.Default && !c.fallback.IsZero():
		why, first = secondDefault, c.fallback
	case listen.Options && !c.options.IsZero():
		why, first = secondOptions, c.options
	}
	c.reuse = c.reuse || listen.ReusePort
	if c.site != site {
		c.site, c.first = site, listen.At
	}
	if listen.Default && c.fallback.IsZero() {
		c.fallback = listen.At
	}
	if listen.Options && c.options.IsZero() {
		c.options = listen.At
	}
	if !first.IsZero() {
		p.Report(lint.Finding{
			At:      listen.At,
			Message: fmt.Sprintf(why.message, bindable(listen.Endpoint)),
			Notes:   []lint.Note{{At: first, Message: "the first one"}},
			Log:     []string{fmt.Sprintf(why.says, listen.Endpoint)},
		})
	}
}

// bindable spells what nginx binds. Its [::] is IPv6 alone, unlike that of
// PHP-FPM.
func bindable(e netaddr.Endpoint) string {
	if e.Network == netaddr.TCP {
		return e.String()
	}
	return plain(e)
}
