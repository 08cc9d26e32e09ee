package handler

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// needsFile reports whether a way is one only if a file exists that goes it: without a .php file
// in a directory nothing of it is sent.
func (p *Pass) needsFile() bool {
	switch p.Way {
	case ProxyPass, ProxyPassMatch, RewriteRule:
		return false
	}
	return p.End == Sent || p.End == Answered && p.Cause != Misread && p.Cause != NotAllowed
}

// byName reports whether a handler is that of a file with a name: in a directory that does not exist
// Apache sees the name of that directory instead, and answers 404 (httpd server/request.c,
// ap_directory_walk; measured on Apache 2.4).
func (p *Pass) byName() bool {
	if p.Way == AddHandler {
		return true
	}
	if p.Way != SetHandler || p.by == nil {
		return false
	}
	for d := p.by.Parent; d != nil; d = d.Parent {
		if d.Name == "files" || d.Name == "filesmatch" {
			return true
		}
	}
	return false
}

// inherited reports whether what becomes of a request is said outside of its virtual host: it is
// nothing that the site is about.
func (m *model) inherited(sc *scope, p *Pass) bool {
	if p.by == nil || sc.main == nil {
		return false
	}
	for d := p.by; d != nil; d = d.Parent {
		if d == sc.d {
			return false
		}
	}
	for _, a := range m.c.Access {
		if a.File == p.by.At.File {
			return false
		}
	}
	return true
}

// relevant leaves out files that nothing is about if the server handles others: a site may name
// its scripts one by one. Those that an Alias leads to are not of the site, such as phpMyAdmin.
func relevant(all []*Pass) []*Pass {
	handled, own := false, false
	for _, p := range all {
		handled = handled || p.Cause == NoCause
		own = own || p.Cause == NoCause && !p.aliased
	}
	return slices.DeleteFunc(all, func(p *Pass) bool {
		return p.Cause == Nothing && (own || handled && (p.aliased || !p.Found))
	})
}

// pass returns what becomes of one request; nil if it does not get as far as a handler.
func (m *model) pass(sc *scope, r *request) *Pass {
	o := m.rewriteServer(sc, r)
	if o.ends {
		return nil
	}
	if o.local != "" {
		r = m.moved(sc, r, o)
	}
	if p, done := m.forwarded(sc, r, o); done {
		return p
	}
	s := &state{}
	m.begin(sc, s)
	m.walk(sc, r, s)
	if !s.refused.IsZero() {
		return &Pass{End: Answered, At: s.refused, Header: s.refused, Cause: NotAllowed, Status: 500}
	}
	if s.access == denied || m.redirected(sc, r, s) {
		return nil
	}
	may := first(o.may, s.may)
	if !o.final {
		o := m.rewriteDirectory(sc, s, r)
		if o.ends {
			return nil
		} else if o.proxied != nil {
			return m.rewritten(sc, r, o)
		}
		may = first(may, o.may)
	}
	p := m.handled(sc, r, s)
	if p != nil && p.End == Sent && strings.Contains(r.file, `"`) {
		return nil // 404: the quote is a typing mistake in the document root, and no directory has it
	}
	if p != nil && p.End == Sent && may != "" && (p.Cause == Nothing || p.Cause == TypeAlone) {
		return &Pass{Way: p.Way, At: p.At, Header: p.Header, Text: p.Text, Why: may}
	}
	return p
}

// forwarded returns what becomes of a request that a RewriteRule of the server or a ProxyPass hands on,
// whatever its file is; nil if nobody may send it.
func (m *model) forwarded(sc *scope, r *request, o outcome) (p *Pass, done bool) {
	s := &state{}
	m.walkLocations(sc, r, s)
	switch {
	case o.proxied != nil:
		p, done = m.rewritten(sc, r, o), true
	case o.local == "" || o.passes:
		p, done = m.translate(sc, r, s)
	}
	if s.access == denied {
		p = nil
	}
	return p, done
}

// moved is a request that a RewriteRule of the server gives another path: that of a file if it is
// below the document root already, else that of a URL (httpd modules/mappers/mod_rewrite.c,
// hook_uri2file).
func (m *model) moved(sc *scope, r *request, o outcome) *request {
	root, _ := sc.server.Root.Known()
	to := request{uri: r.uri, file: o.local, found: r.found, host: r.host, action: r.action}
	switch {
	case o.passes:
		to = m.requestsOf(sc).request(o.local, r.host)
		to.found, to.action = r.found, r.action
	case root != "" && !below(o.local, root):
		to.file = root + o.local
	}
	return &to
}

// rewritten is the way of a request that a RewriteRule hands on.
func (m *model) rewritten(sc *scope, r *request, o outcome) *Pass {
	p := &Pass{Way: RewriteRule, Why: o.why, Text: o.url, Header: sc.server.At}
	p.At = word(o.proxied, 1)
	if d := o.proxied.Parent; d != nil {
		p.Header = d.At
	}
	if o.why != "" {
		return p
	}
	if o.away {
		p.End, p.Cause, p.Status, p.Text = Answered, NotProxied, 302, o.proxied.Arg(1)
		return p
	}
	if o.handler != "" {
		p.At, p.Text = word(o.proxied, 2), o.handler
		return m.run(sc, r, p, strings.ToLower(o.handler))
	}
	if m.modules.absent("proxy_module") {
		p.End, p.Cause, p.Status, p.Module = Answered, ModuleMissing, 403, "proxy_module"
		return p
	}
	m.finish(sc, p, m.parseHandler(o.url), false)
	return p
}

// word returns where argument i of d is written; d itself if there is none.
func word(d *apache.Directive, i int) source.Span {
	if i < len(d.Args) {
		return d.Args[i].At
	}
	return d.At
}

// translate runs ProxyPass and ProxyPassMatch: that of a location first, then those of the main
// server, then those of the virtual host (httpd modules/proxy/mod_proxy.c, proxy_trans; measured
// on Apache 2.4). done is set if one takes the request.
func (m *model) translate(sc *scope, r *request, s *state) (p *Pass, done bool) {
	if d := s.pass.d; d != nil {
		if p, done, stop := m.proxyPass(sc, r, s.pass, pathOf(d.Parent), d.Args); done || stop {
			return p, done
		}
	}
	for _, one := range sc.both {
		m.steps -= len(one.passLines)
		for _, d := range one.passLines {
			if len(d.Args) < 2 {
				continue
			}
			p, done, stop := m.proxyPass(sc, r, ref{d, one.server.At, maybe(d)}, d.Arg(0), d.Args[1:])
			if done || stop {
				return p, done
			}
		}
	}
	return nil, false
}

// proxyPass runs one line; stop is set if it says that the handler decides.
func (m *model) proxyPass(sc *scope, r *request, line ref, from string, args []apache.Word) (p *Pass, done, stop bool) {
	d := line.d
	regex := byExpression(d)
	if from == "~" && len(args) > 1 {
		from, args, regex = args[0].Text, args[1:], true
	}
	if len(args) == 0 {
		return nil, false, false
	}
	hit, rest, groups := false, "", []string(nil)
	if regex {
		var why string
		hit, groups, why = m.search(from, false, r.uri)
		line.why, rest = first(line.why, why), r.uri
	} else if hit = below(r.uri, from) && from != ""; hit {
		rest = r.uri[len(from):]
	}
	if !hit {
		return nil, false, false
	}
	p = &Pass{Way: ProxyPass, At: args[0].At, Header: line.header, Text: args[0].Text}
	if d.Name == "proxypassmatch" {
		p.Way = ProxyPassMatch
	}
	if args[0].Text == "!" && line.why == "" {
		return nil, false, true
	}
	why := first(line.why, m.unknownWord(args[:1]))
	if sc.unproxied || sc.main != nil && sc.main.unproxied {
		why = first(why, "no-proxy is set for some requests")
	}
	if p.Why = why; why != "" {
		return p, true, false
	}
	url := args[0].Text
	if regex {
		url = substitute(url, groups)
	}
	if url == args[0].Text {
		url += rest
	}
	m.finish(sc, p, m.parseWorker(url), false)
	return p, true, false
}

// lines returns the directives of the given names, in order.
func (sc *scope) lines(a, b string) []*apache.Directive {
	first, second := sc.items.of(a), sc.items.of(b)
	all := make([]*apache.Directive, 0, len(first)+len(second))
	for len(first) > 0 && len(second) > 0 {
		if first[0].Order <= second[0].Order {
			all, first = append(all, first[0]), first[1:]
		} else {
			all, second = append(all, second[0]), second[1:]
		}
	}
	return append(append(all, first...), second...)
}

// redirected reports whether Redirect lines answer the request; s.may is why others may.
func (m *model) redirected(sc *scope, r *request, s *state) bool {
	about := func(d *apache.Directive) bool {
		is, why := m.redirects(d, r)
		s.may = first(s.may, why)
		return is
	}
	for _, one := range sc.both {
		m.steps -= len(one.moves)
		if slices.ContainsFunc(one.moves, about) {
			return true
		}
	}
	return slices.ContainsFunc(s.redirects, about)
}

// redirects reports whether a Redirect is about the request; with why it may be (httpd
// modules/mappers/mod_alias.c, try_alias_list).
func (m *model) redirects(d *apache.Directive, r *request) (is bool, why string) {
	args := d.Args
	if why := maybe(d); why != "" || len(args) == 0 {
		return false, why
	}
	if len(args) > 1 && redirectStatus(args[0].Text) {
		args = args[1:]
	}
	if d.Name == "redirectmatch" {
		re := m.compile(args[0].Text, false)
		if re == nil {
			return false, "a RedirectMatch may answer first"
		}
		return re.MatchString(r.uri), ""
	}
	if d.Parent != nil && d.Parent.Name != "virtualhost" && !strings.HasPrefix(args[0].Text, "/") {
		return true, "" // a <Location> gives the path
	}
	return strings.HasPrefix(args[0].Text, "/") && below(r.uri, args[0].Text), ""
}

// redirectStatus reports whether a word is the status of a Redirect.
func redirectStatus(word string) bool {
	switch strings.ToLower(word) {
	case "permanent", "temp", "seeother", "gone":
		return true
	}
	return word != "" && strings.Trim(word, "0123456789") == ""
}

// parameters sets Timeout, Reuse, Max and Acquire of a pass.
func (m *model) parameters(sc *scope, p *Pass) {
	w := p.worker
	p.Timeout = m.timeout(sc)
	p.Reuse = source.Default(false, p.At)
	p.Max = m.out.Threads
	p.Acquire = source.Absent[time.Duration](p.At)
	if w == nil {
		return
	}
	if s, ok := w.time("timeout", seconds); ok {
		p.Timeout = s
	}
	if s, ok := w.time("acquire", milliseconds); ok {
		p.Acquire = s
	}
	// Processes of one thread have one connection each (httpd modules/proxy/proxy_util.c,
	// ap_proxy_initialize_worker).
	threads, _ := m.out.Threads.Known()
	if n, ok := w.params["max"]; ok && threads != 1 && n.text != "0" {
		if p.Max = source.Written(int64(apache.Int(n.text)), n.at); n.why != "" {
			p.Max = source.Unknown[int64](n.at, n.why)
		}
	}
	reuse, ok := w.params["enablereuse"]
	switch {
	case ok && reuse.why != "":
		p.Reuse = source.Unknown[bool](reuse.at, reuse.why)
	case ok:
		p.Reuse = source.Written(strings.EqualFold(reuse.text, "on") && !w.unsteady, reuse.at)
	case cmp.Or(w.Target.Scheme, p.Target.Scheme) != "fcgi" && !w.dollar: // that of a member of a balancer
		p.Reuse = source.Default(true, p.At)
	}
}
