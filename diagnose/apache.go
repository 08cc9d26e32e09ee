package diagnose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// location is what a line of Apache without an address tells about where its request went.
type location struct {
	server, port, host string
	http               bool
}

// locate finds the address and the site of failures of Apache whose lines name neither, as most
// do not: the site is that of the page that led to the request, and the address the only one that
// the gateways of what the line tells have.
func (c *Config) locate(all []*failure) {
	x := c.indexed()
	for _, f := range all {
		if f.web() != servers.Apache {
			continue
		}
		if f.server == "" && x.sites[f.host] {
			f.server = f.host
		}
		if f.row.Sign == servers.NameNotResolved {
			f.upstream = f.detail
		}
		switch {
		case f.upstream == "" && f.row != servers.ApacheOriginError:
			f.upstream = x.locate(location{f.server, f.port, f.detail, false})
		case strings.HasPrefix(f.upstream, "http://") && len(c.using(f)) == 0:
			// The name after the bar, with the port of the scheme.
			host, _, _ := strings.Cut(bare(f.upstream), ":")
			if address := x.locate(location{f.server, f.port, host, true}); address != "" {
				f.upstream = "http://" + address
			}
		}
	}
}

// restate gives failures of Apache the status that an access log shows, where versions differ: a name
// that is not resolved is a 502 before 2.4.59 (httpd modules/proxy/proxy_util.c,
// ap_proxy_determine_connection).
func (v *Evidence) restate(all []*failure) {
	bad := v.answeredWith(502)
	row := *servers.ApacheNameNotResolved
	row.Status = 502
	for _, f := range all {
		if f.row == servers.ApacheNameNotResolved && near(bad, f.at) {
			f.row = &row
		}
	}
}

// answeredWith returns the times at which the access logs show a status.
func (v *Evidence) answeredWith(status int) map[second]bool {
	all := map[second]bool{}
	for k := range v.access {
		if k.status == status && k.at != never {
			all[k.at] = true
		}
	}
	return all
}

// locate returns the only address of the gateways of Apache at a location; "" if there
// are several, or none.
func (x *index) locate(l location) string {
	address, known := x.located[l]
	if known {
		return address
	}
	var all []string
	for _, g := range x.allGateways {
		if webOf(g) != servers.Apache || l.http != (g.Protocol != stack.FastCGI) || unreached(g) || !l.has(g) {
			continue
		}
		for _, p := range g.Peers {
			if name := spelled(p.Endpoint); !p.Endpoint.IsZero() && !slices.Contains(all, name) && len(all) < 2 {
				all = append(all, name)
			}
		}
	}
	if len(all) == 1 {
		address = all[0]
	}
	if len(x.located) < maxURLs {
		x.located[l] = address
	}
	return address
}

// has reports whether the requests of a location may use a gateway.
func (l location) has(g *stack.Gateway) bool {
	switch {
	case l.server != "" && (g.Site == nil || !slices.Contains(g.Site.Names, l.server)):
		return false
	case l.port != "" && (g.Site == nil || !slices.ContainsFunc(g.Site.Listens, func(on stack.Listen) bool {
		return strings.HasSuffix(on.Endpoint.String(), ":"+l.port)
	})):
		return false
	}
	return l.host == "" || g.Pass != nil && strings.EqualFold(g.Pass.Target.Host, l.host) ||
		slices.ContainsFunc(g.Peers, func(p *stack.Peer) bool { return strings.EqualFold(p.Host, l.host) })
}

// unreached reports whether no request reaches the site of a gateway of Apache, as the main server
// where virtual hosts have all ports.
func unreached(g *stack.Gateway) bool {
	return g.Pass != nil && g.Site != nil && len(g.Site.Listens) == 0
}

// addHosts notes the names after the bar of handlers, and those of balancers, under which Apache
// writes of them.
func (x *index) addHosts(g *stack.Gateway) {
	if g.Pass == nil {
		return
	}
	add(x.gateways, g.Pass.Target.Host, g)
	for _, m := range g.Pass.Members {
		add(x.gateways, m.Target.Host, g)
	}
}

// addWebs notes which files are those of which web server.
func (x *index) addWebs(stacks []*stack.Stack) {
	add := func(at source.Span, web servers.Server) {
		if !at.IsZero() && web != "" {
			x.webs[at.File.Name] = web
		}
	}
	for _, s := range stacks {
		for _, f := range s.Fronts {
			add(f.At, f.Server)
		}
		for _, site := range s.Sites {
			if site.Front != nil {
				add(site.At, site.Front.Server)
			}
		}
	}
	for _, g := range x.allGateways {
		add(g.At, webOf(g))
	}
}

// ofWeb returns the findings that may be about a web server: not those about a line of another one.
func (c *Config) ofWeb(all []lint.Finding, web servers.Server) []lint.Finding {
	if web == "" {
		return all
	}
	webs := c.indexed().webs
	return slices.DeleteFunc(slices.Clone(all), func(f lint.Finding) bool {
		own, other := false, false
		for _, at := range append([]source.Span{f.At}, spansOf(f.Notes)...) {
			if !at.IsZero() && webs[at.File.Name] != "" {
				own, other = own || webs[at.File.Name] == web, other || webs[at.File.Name] != web
			}
		}
		return other && !own
	})
}

func spansOf(notes []source.Note) (all []source.Span) {
	for _, n := range notes {
		all = append(all, n.At)
	}
	return all
}

// hasPeerAt reports whether the address of a peer is written at a place: that of a worker or of a
// member of a balancer.
func hasPeerAt(g *stack.Gateway, at source.Span) bool {
	return slices.ContainsFunc(g.Peers, func(p *stack.Peer) bool { return p.At == at })
}

// undefinedIn returns the words of Apache with variables that may be the address of f, which has the
// name of one: Apache leaves it as it is where nothing defines it (httpd server/core.c,
// ap_resolve_env).
func (c *Config) undefinedIn(f *failure) (places []source.Span) {
	if f.web() != servers.Apache || !strings.Contains(f.upstream, "${") {
		return nil
	}
	for _, g := range c.gateways() {
		if webOf(g) == servers.Apache && strings.Contains(g.At.Text(), "${") && len(places) < maxLines {
			places = append(places, g.At)
		}
	}
	return places
}

// consequence explains a line that follows from an earlier one which is not among the lines.
func (j *judge) consequence(f *failure) verdict {
	switch f.row {
	case servers.ApacheNotConnected:
		for _, c := range []*Cause{socketMismatch, socketPermission, socketMode} {
			if found := severe(j.config.deciding(c, f)); len(found) > 0 {
				return certainly(c, found)
			}
		}
		if v, ok := j.refused(f); ok {
			return v
		}
		if j.ended(f.at) {
			return j.down(f)
		}
		v := because(socketMismatch)
		v.or = fpmDown
		return v
	case servers.ApacheDispatchFailed:
		return j.cut(f)
	case servers.ApacheOriginError:
		return because(originClosed)
	case servers.ApacheAnswerRefused, servers.ApacheHeaderUnread, servers.ApacheSCGIHeader:
		return answeredOtherwise(f, because(brokenHeader))
	case servers.ApacheTLSNotSent:
		return answeredOtherwise(f, because(tlsName))
	}
	return because(undecided)
}

// answeredOtherwise returns v for a failure for which no client got a 502, or a 503 in its place.
func answeredOtherwise(f *failure, v verdict) verdict {
	if f.row.Status != 502 && f.row.Status != 503 && v.number > 0 {
		v.number = 0
	}
	return v
}

// inner returns a failure of Apache of which a failure of the nginx before it is a consequence:
// nothing else answers at the address, and Apache failed at that time; nil for none.
func (j *judge) inner(f *failure) *failure {
	if f.web() != servers.Nginx || !strings.HasPrefix(f.upstream, "http") || f.at == never || !j.mayBeApache(f) {
		return nil
	}
	for _, n := range []second{0, -1, 1, -2, 2} {
		if a := j.ofApache[f.at+n]; a != nil {
			return a
		}
	}
	return nil
}

// innermost returns the failures of Apache by their time: the first, one that is not a consequence if
// there is any.
func innermost(all []*failure) map[second]*failure {
	first := map[second]*failure{}
	for _, f := range all {
		if f.web() != servers.Apache || f.at == never || f.row.Status < 500 {
			continue
		}
		if known := first[f.at]; known == nil || known.row.Sign == servers.BackendFailed && f.row.Sign != servers.BackendFailed {
			first[f.at] = f
		}
	}
	return first
}

// mayBeApache reports whether a failure of nginx is about an address at which Apache listens, as
// far as the files tell.
func (j *judge) mayBeApache(f *failure) bool {
	known := false
	for _, g := range j.config.using(f) {
		for _, p := range g.Peers {
			if p.Site == nil || p.Site.Front == nil || !slices.Contains(namesOf(p), bare(f.upstream)) {
				continue
			}
			if known = true; p.Site.Front.Server == servers.Apache {
				return true
			}
		}
	}
	return !known
}

// follows adds a failure of nginx to the incident of the failure of Apache that it follows from. The
// requests are counted there.
func (j *judge) follows(f, inner *failure) {
	v := j.noticed(inner, j.explain(inner))
	if inner.row.Sign == servers.BackendFailed {
		v = j.consequence(inner)
	}
	i := j.incident(incidentKey{v.cause, v.number, j.aboutOf(inner, v)})
	if i.some == nil {
		i.some = inner
	}
	i.during(f.at)
	i.Sites = include(i.Sites, f.server)
	i.quote(f.line())
}

// stoppedApache explains a connection of nginx to an Apache that does not run: it refuses its
// files.
func (j *judge) stoppedApache(f *failure) (v verdict, ok bool) {
	marks := j.refusedBy(servers.Apache)
	if f.web() != servers.Nginx || !strings.HasPrefix(f.upstream, "http") || len(marks) == 0 || !j.mayBeApache(f) {
		return v, false
	}
	v = certainly(j.refusalOf(marks[0]), j.config.refusing(lint.ApacheRefuses))
	v.marks = marks
	return v, true
}

// refusedBy returns the lines with which a web server refuses its files.
func (j *judge) refusedBy(web servers.Server) (marks []*mark) {
	for _, m := range j.signs[servers.WebRefused] {
		if m.Row.By == web && len(marks) < maxNear {
			marks = append(marks, m)
		}
	}
	return marks
}

// refusalOf returns the cause that a web server shows which refuses its files. Apache writes that it
// reads them anew in the line before, and ends if it refuses them then (measured on Apache 2.4).
func (j *judge) refusalOf(m *mark) *Cause {
	if m.Row.By != servers.Apache {
		return nginxRefuse
	}
	for _, reload := range j.signs[servers.WebReloading] {
		if reload.At.File == m.At.File && reload.At.Line < m.At.Line && m.At.Line <= reload.At.Line+3 {
			return apacheReload
		}
	}
	return apacheRefuse
}

// handled returns what a gateway of Apache has besides its address that decides about a cause.
func handled(c *Cause, g *stack.Gateway) (notes []source.Note) {
	add := func(at source.Span, message string) {
		if !at.IsZero() {
			notes = append(notes, source.Note{At: at, Message: message})
		}
	}
	switch c {
	case timeout, terminateTimeout:
		if s := g.Pass.Timeout; s.Written() {
			if d, known := s.Known(); known {
				add(s.At(), "Apache waits "+strconv.FormatFloat(d.Seconds(), 'f', -1, 64)+" s for an answer")
			}
		}
	case workerLimit:
		if g.Pass.Max.Written() {
			add(g.Pass.Max.At(), "each process of Apache has this many connections")
		}
		if g.Pass.Acquire.Written() {
			add(g.Pass.Acquire.At(), "a request waits this long for one of them")
		}
	}
	if c == timeout || c == recycled {
		if on, _ := g.Pass.Reuse.Known(); on {
			add(g.Pass.Reuse.At(), "Apache keeps connections, each of which occupies a worker of PHP-FPM")
		}
	}
	return notes
}
