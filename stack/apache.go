package stack

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/aside"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// served is what one Apache does with requests for PHP, and why it does not start; nil if it does.
type served struct {
	in      *parser.Apache
	config  *handler.Config
	refusal *apachet.Refusal
}

// serve determines what every Apache does, and beside it why it does not start if that pays. It
// depends on nothing that is linked.
func serve(c *parser.Configs, f *host.Facts, pays bool) (all []served) {
	for _, a := range c.Apaches {
		var o handler.Options
		if a.Layout != nil {
			o.ServerRoot, o.RuntimeDir = a.Root+a.Layout.Root, a.Layout.RuntimeDir
		}
		if f != nil {
			o.Files = f.Files
		}
		refusal := aside.Run(pays, func() *apachet.Refusal { return apachet.Check(a.Config, f) })
		all = append(all, served{a, handler.New(a.Config, o), refusal()})
	}
	return all
}

// linkApaches adds what every Apache does, and why it does not start.
func (l *linker) linkApaches(all []served) {
	for _, one := range all {
		if one.in.Main == nil && len(one.in.Files) == 0 {
			l.unplacedAccess(one.in)
			continue
		}
		for _, p := range one.in.Problems {
			if !p.Kind.Refused() {
				l.Unknown = append(l.Unknown, source.NotChecked{At: p.At, Why: p.Message})
				l.Unseen++
			}
		}
		if one.refusal != nil {
			l.Refusals = append(l.Refusals, one.refusal)
		}
		l.linkApache(one.config, l.machines.of(one.in.Main))
	}
}

// unplacedAccess says of .htaccess files that no configuration leads to that they were not judged.
func (l *linker) unplacedAccess(a *parser.Apache) {
	for _, dir := range slices.Sorted(maps.Keys(a.Access)) {
		l.Unknown = append(l.Unknown, source.NotChecked{Path: a.Access[dir].File.Name, Why: "no apache2.conf or httpd.conf given"})
	}
}

// linkApache adds the sites and gateways of one Apache.
func (l *linker) linkApache(c *handler.Config, on *Machine) {
	front := &Front{Server: servers.Apache, Machine: on, Loose: c.Loose, At: c.At, User: accountOf(c), WorkerProcesses: c.Processes, Threads: c.Threads}
	if !front.Loose {
		l.Fronts = append(l.Fronts, front)
	}
	l.whole++
	on.apaches = append(on.apaches, l.whole)
	sites := make([]Site, len(c.Servers))
	for i, server := range c.Servers {
		site := &sites[i]
		*site = Site{Machine: on, Front: front, At: server.At, Names: server.Names, NamesAt: server.NamesAt, Whole: l.whole, WordPress: l.holdsWordPress(server)}
		site.documents, _ = server.Root.Known()
		for _, listen := range server.Listens {
			site.Listens = append(site.Listens, Listen{At: listen.At, Text: listen.At.Text(), Endpoint: listen.Endpoint, SSL: listen.SSL || server.SSL})
		}
		for _, e := range server.Unserved {
			l.leaveUnserved(on, site, e)
		}
		reached := c.Loose || len(site.Listens) > 0
		if !server.Main || reached {
			l.Sites = append(l.Sites, site)
			on.serve(site)
		}
		if !reached || server.Hidden {
			l.unasked(server)
			continue
		}
		for _, pass := range server.Passes {
			if pass.End == handler.InProcess || pass.Cause == handler.Nothing && !pass.Found {
				continue // a site without PHP, as far as the files tell
			}
			if c.Loose && server.Main && len(c.Servers) > 1 && pass.Way == handler.NoHandler {
				l.Unknown = append(l.Unknown, source.NotChecked{At: pass.At, Why: pass.Why})
				continue // only the main file, which is not given, has a site of its own there
			}
			g := l.handled(site, pass)
			l.Gateways, on.Gateways = append(l.Gateways, g), append(on.Gateways, g)
		}
	}
}

// unasked says of a virtual host whose name has a slash that nothing is judged there.
func (l *linker) unasked(server *handler.Server) {
	for i, name := range server.Names {
		if strings.Contains(name, "/") {
			l.Unknown = append(l.Unknown, source.NotChecked{At: server.NamesAt[i], Why: "no request can have the host name " + source.Excerpt(name) + ", so none gets to this virtual host"})
			return
		}
	}
}

// leaveUnserved keeps a virtual host whose address Apache does not listen at, if it certainly runs
// on the machine.
func (l *linker) leaveUnserved(on *Machine, site *Site, e netaddr.Endpoint) {
	if starts, known := l.services.Boots(servers.Apache); known && !starts || !l.configs.Machine && l.Container == nil && !ofHost(site.At.File.Name) {
		return
	}
	if on.unserved == nil {
		on.unserved = map[netaddr.Endpoint]*Site{}
	}
	if on.unserved[e] == nil {
		on.unserved[e] = site
	}
}

// accountOf is the account of the workers of an Apache: root unless both User and Group are set
// (httpd modules/arch/unix/mod_unixd.c; measured on Apache 2.4).
func accountOf(c *handler.Config) source.Setting[Account] {
	user, set := c.User.Known()
	group, grouped := c.Group.Known()
	switch {
	case c.User.Why() != "":
		return source.Unknown[Account](c.User.At(), c.User.Why())
	case c.Group.Why() != "":
		return source.Unknown[Account](c.Group.At(), c.Group.Why())
	case !set || !grouped:
		return source.Absent[Account](c.At)
	}
	return source.Written(Account{user, group}, c.User.At())
}

// holdsWordPress reports whether the document root is known to have the files of WordPress.
func (l *linker) holdsWordPress(s *handler.Server) bool {
	root, known := s.Root.Known()
	return known && l.inRoot(root)
}

// schemes are the protocols of a worker, by scheme (httpd modules/proxy).
var schemes = map[string]Protocol{"fcgi": FastCGI, "http": HTTP, "https": HTTPS, "uwsgi": UWSGI, "scgi": SCGI}

// handled returns the gateway of one way of requests for PHP through Apache.
func (l *linker) handled(site *Site, pass *handler.Pass) *Gateway {
	g := &Gateway{Machine: site.Machine, Front: site.Front, Site: site, Pass: pass, At: pass.At, Header: pass.Header, Protocol: FastCGI}
	marks := source.TemplateMark(pass.At.File.Plain(pass.Text))
	switch {
	case marks != "" && !pass.At.File.Literal:
		g.obstacle, g.Why = TemplateMark, "the address holds the template mark "+marks
	case pass.End == handler.Unknown:
		g.obstacle, g.Why = UnknownHandler, pass.Why
	case pass.End != handler.Proxied:
	case len(pass.Members) > 0:
		for i := range pass.Members {
			m := &pass.Members[i]
			g.Protocol = schemes[m.Target.Scheme]
			for _, p := range l.targets(g, &m.Target, m.At) {
				p.Backup = m.Backup
				g.Peers = append(g.Peers, p)
			}
		}
	default:
		at := pass.At
		if w := pass.Worker; w != nil && pass.Target.Socket != "" {
			at = w.At
		}
		g.Protocol = schemes[pass.Target.Scheme]
		g.Peers = l.targets(g, &pass.Target, at)
	}
	if g.Protocol == 0 { // a program of another kind, such as one of AJP
		g.notPHP = true
		g.Peers, g.Why, g.obstacle = nil, "Apache uses the protocol "+pass.Target.Scheme, UnknownProgram
	}
	g.PHP = g.Protocol == FastCGI
	l.uses(g)
	return g
}

// targets returns the peers of one target: a name gives one for each of its addresses.
func (l *linker) targets(g *Gateway, t *handler.Target, at source.Span) []*Peer {
	p := &Peer{}
	if t.Socket != "" {
		p.Network, p.Path = netaddr.Unix, t.Socket
		p.At, p.Text = inWord(at, "unix:"+t.Written, "unix:"+t.Socket)
		l.unixPeer(p)
		return []*Peer{p}
	}
	p.Network, p.Host, p.Port = netaddr.TCP, t.Host, t.Port
	host := t.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	written := host
	if t.PortWritten {
		written += ":" + strconv.Itoa(int(t.Port))
	}
	p.At, p.Text = inWord(at, written, host+":"+strconv.Itoa(int(t.Port)))
	if addr, ok := netaddr.Literal(t.Host); ok {
		if l.Container != nil && !addr.IsLoopback() {
			if r, known := l.Container.RouteTo(addr, p.Port); known {
				return p.follow(r)
			}
		}
		p.Endpoint = netaddr.TCPEndpoint(addr, p.Port).Dialed()
		return []*Peer{p}
	}
	return l.resolved(p)
}

// inWord returns where an address is written in the word of a handler or a URL, and its text
// there: the whole word, and the address as Apache uses it, if it is not in the word as it is.
func inWord(at source.Span, written, used string) (source.Span, string) {
	text := at.Text()
	i := strings.Index(strings.ToLower(text), strings.ToLower(written))
	if i < 0 || written == "" {
		return at, used
	}
	at.Start += int32(i)
	at.End = at.Start + int32(len(written))
	return at, at.Text()
}

// judgeHandled refines the faults of a gateway of Apache, once it is known what answers.
func (g *Gateway) judgeHandled() {
	if g.Pass == nil {
		return
	}
	g.tryAll()
	for _, p := range g.Peers {
		if p.Fault != Nobody && p.Fault != WrongProtocol && p.Fault != InOtherContainer && p.Fault != NobodyThere {
			continue
		}
		switch t := &g.Pass.Target; {
		case g.Pass.Worker != nil && g.Pass.Worker.Takes:
			p.Fault = TakenByWorker
		case g.Pass.Lowered && p.Network == netaddr.Unix:
			p.Fault = Lowered
		case len(g.Pass.Members) == 0 && (t.Relative || p.Network == netaddr.TCP && !t.PortWritten):
			p.Fault = Misread
		}
	}
}

// tryAll leaves only the addresses of a name that answer, if any does: Apache tries one after
// the other, and reports none that fails (httpd modules/proxy/proxy_util.c,
// ap_proxy_connect_backend; measured on Apache 2.4).
func (g *Gateway) tryAll() {
	alive := map[source.Span]bool{}
	for _, p := range g.Peers {
		if p.Network == netaddr.TCP && p.Fault == Answers {
			alive[p.At] = true
		}
	}
	kept := g.Peers[:0:0]
	for _, p := range g.Peers {
		if p.Fault == Answers || !alive[p.At] {
			kept = append(kept, p)
		}
	}
	g.Peers = kept
}

// AccessRefusal returns why Apache refuses a line of a .htaccess file, for a gateway whose Cause is
// NotAllowed. It returns nil if that is not known.
func (s *Stack) AccessRefusal(g *Gateway) *apachet.Refusal {
	if s.configs == nil || g.Front == nil {
		return nil
	}
	for _, a := range s.configs.Apaches {
		access := a.Access[path.Dir(g.At.File.Name)]
		if a.Main == g.Front.At.File && access != nil && access.File == g.At.File {
			return apachet.RefusedLine(a.Config, access, g.At, s.Facts)
		}
	}
	return nil
}
