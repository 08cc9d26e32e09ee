package handler

import (
	"slices"
	"strings"
)

// finish sets where a pass leads: its target, the worker that Apache takes for it, and the
// worker's parameters; or why Apache answers itself.
//
// handler is set if a handler names the target, and not a URL that is put in the place of the
// request's: without a module for it the file is sent.
func (m *model) finish(sc *scope, p *Pass, parsed parsed, handler bool) {
	module := schemeModules[parsed.Scheme]
	p.Named = parsed.Socket
	switch {
	case parsed.bad:
		p.End, p.Cause, p.Status, p.Target = Answered, Misread, 400, parsed.Target
	case parsed.alien && p.Way == RewriteRule:
		// It is a path of the server itself to mod_rewrite, to which Apache connects again and
		// again (httpd modules/mappers/mod_rewrite.c, fully_qualify_uri; measured on Apache 2.4).
		p.End, p.Cause, p.Status = Answered, NotAProxy, 503
	case parsed.alien:
		p.End, p.Cause, p.Status = Answered, NotAProxy, 500
	case m.modules.absent("proxy_module") && handler:
		p.End, p.Cause, p.Module = Sent, ModuleMissing, "proxy_module"
	case m.modules.absent(module) && handler:
		p.End, p.Cause, p.Module = Sent, ModuleMissing, module
	case m.modules.absent(module):
		p.End, p.Cause, p.Status, p.Module = Answered, ModuleMissing, 500, module
	case parsed.Scheme == "balancer":
		m.balanced(sc, p, parsed)
		return
	default:
		p.End = Proxied
	}
	if p.End != Proxied && p.Cause != Misread {
		p.Target = parsed.Target
		return
	}
	if p.End != Proxied {
		return
	}
	p.Target = parsed.Target
	w := m.worker(sc, parsed)
	m.take(p, w, handler || p.Way == RewriteRule)
	p.worker = w
	if handler && p.End == Proxied && p.Target.Scheme == "fcgi" && strings.Trim(parsed.rest, "/") != "" && sc.last("proxyfcgisetenvif") == nil {
		p.End, p.Cause, p.Status = Answered, PathAfterName, 404
	}
}

// take sets the worker of a pass. Its socket replaces the one that the handler names; a ProxyPass
// has no other socket than that of its worker (httpd modules/proxy/proxy_util.c,
// ap_proxy_determine_connection; measured on Apache 2.4).
func (m *model) take(p *Pass, w *worker, request bool) {
	if w == nil {
		return
	}
	if w.why != "" {
		p.End, p.Why = Unknown, w.why
	}
	taken := w.Worker
	switch own := p.Target; {
	case w.Target.Socket != "":
		taken.Takes = own.Socket != "" && own.Socket != w.Target.Socket
		p.Target = w.Target
		p.Target.Scheme = own.Scheme
	case !request && own.Socket != "":
		taken.Takes = true
		p.Target = w.Target
	}
	p.Worker = &taken
}

// worker returns the worker for a URL: that of the longest name, and of equal ones that of the
// main server (httpd modules/proxy/mod_proxy.c, merge_proxy_config).
func (m *model) worker(sc *scope, p parsed) *worker {
	if len(sc.workers.list)+len(m.main.workers.list) == 0 {
		return nil
	}
	url := p.url + p.file
	own := sc.workers.find(url, prefixes|expressions)
	if sc.main == nil || sc.isolated() {
		return own
	}
	if main := m.main.workers.find(url, prefixes|expressions); main != nil && (own == nil || len(main.name) >= len(own.name)) {
		return main
	}
	return own
}

// isolated reports whether a virtual host does not have the workers of the main server.
func (sc *scope) isolated() bool { return sc.off("balancerinherit") && sc.off("proxypassinherit") }

// off reports whether a directive turns off what is on by default.
func (sc *scope) off(name string) bool {
	d := sc.last(name)
	return d != nil && strings.EqualFold(d.Arg(0), "off")
}

// balanced sets the members of a balancer.
func (m *model) balanced(sc *scope, p *Pass, parsed parsed) {
	p.Target = parsed.Target
	p.Target.Port, p.Target.PortWritten = 0, false
	b := sc.balancers[balancerName("balancer://"+parsed.Host)]
	switch {
	case b == nil && m.missing() != "":
		p.Why = m.missing()
		return
	case b == nil:
		p.End, p.Cause, p.Status = Answered, NoMember, 500
		return
	case len(b.list) == 0:
		p.End, p.Cause, p.Status = Answered, NoMember, 503
		return
	case b.why != "":
		p.Why = b.why
		return
	}
	p.End = Proxied
	for _, w := range b.list {
		if w.why != "" {
			p.End, p.Why = Unknown, w.why
		}
		own, status := w.Worker, w.status()
		if !strings.ContainsAny(status, "DSN") {
			p.Members = append(p.Members, Member{At: w.At, Target: w.Target, Worker: &own, Backup: strings.ContainsAny(status, "HR")})
		}
	}
	if len(p.Members) == 0 {
		p.End, p.Cause, p.Status = Answered, NoMember, 503
	}
	if i := slices.IndexFunc(b.list, func(w *worker) bool { return !m.modules.absent(schemeModules[w.Target.Scheme]) }); i >= 0 {
		p.worker = b.list[i]
	}
}
