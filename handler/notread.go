package handler

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// without finds why a file has no handler: one is written where it does not take effect. It makes
// the end unknown if lines may be missing.
func (m *model) without(sc *scope, r *request, s *state, p *Pass) *Pass {
	if why := first(m.missing(), sc.why); why != "" {
		p.End, p.Cause, p.Why = Unknown, NoCause, why
	}
	if p.End != Sent {
		return p
	}
	if p.Cause == NoneSet {
		return m.instead(sc, s, p)
	}
	for _, l := range s.ignored {
		if d := l.handles(); d != nil {
			m.unread(p, s, d)
			return p
		}
	}
	for _, d := range m.skipped {
		if skips(d, sc) {
			m.skip(p, d)
			return p
		}
	}
	_, known := sc.server.Root.Known()
	switch {
	case p.Cause != Nothing:
	case !known:
		p.End, p.Why = Unknown, first(sc.server.Root.Why(), "the document root is not set")
	case !r.found:
		p.End, p.Why = Unknown, "no PHP file is known below the document root"
	}
	return p
}

// instead finds the handler that SetHandler None makes room for: panels clear what a directory
// inherits before they set their own there.
func (m *model) instead(sc *scope, s *state, p *Pass) *Pass {
	for _, d := range m.skipped {
		inside := proxyIn(d.Children)
		if dir := directoryOf(inside); skips(d, sc) && dir != "" && dir == directoryOf(s.set.d) && inside.At.Start > s.set.d.At.Start && inside.At.File == s.set.d.At.File {
			m.skip(p, d)
			break
		}
	}
	return p
}

// directoryOf returns the path of the innermost <Directory> around d; "" for none.
func directoryOf(d *apache.Directive) string {
	for d = d.Parent; d != nil; d = d.Parent {
		if d.Name == "directory" {
			return path.Clean(d.Arg(0))
		}
	}
	return ""
}

// unread makes p a request whose handler d is in a .htaccess file that AllowOverride does not let
// Apache read.
func (m *model) unread(p *Pass, s *state, d *apache.Directive) {
	p.by, p.Way, p.Cause, p.Text, p.Handler = nil, SetHandler, NotRead, d.Arg(0), word(d, 0)
	p.At = p.Handler
	if s.override != nil {
		p.At, p.Header = word(s.override, 0), s.override.At
	}
	p.Skipped = "AllowOverride keeps Apache from reading " + d.At.File.Name
}

// skip makes p a request whose handler is in the section d, which does not hold.
func (m *model) skip(p *Pass, d *apache.Directive) {
	inside := proxyIn(d.Children)
	p.by = d
	p.At, p.Header, p.Cause, p.Text, p.Handler = word(d, 0), d.At, NotRead, inside.Arg(0), word(inside, 0)
	name := d.Arg(0)
	opening := "<" + source.Excerpt(spelledSection[d.Name]+" "+name) + ">"
	p.Skipped = opening + " does not hold"
	if d.Name != "ifmodule" || strings.HasPrefix(name, "!") {
		return
	}
	module := httpd.ModuleNamed(name)
	if module == nil {
		if p.Right = moduleLike(name); p.Right != "" {
			p.Skipped = opening + " names no module"
		}
		return
	}
	switch is, known := m.modules.loaded(module.Name); {
	case is:
		p.Skipped = opening + " is above the LoadModule line of " + module.Name
	case known && strings.HasPrefix(module.Name, "proxy_"): // one that the handler needs
		url, _ := strings.CutPrefix(strings.ToLower(inside.Arg(0)), "proxy:")
		p.Target = m.parseHandler(url).Target
		p.Cause, p.Skipped, p.Module = ModuleMissing, "", module.Name
	}
}

// spelledSection are sections as httpd spells them.
var spelledSection = map[string]string{
	"ifmodule": "IfModule", "ifdefine": "IfDefine", "ifversion": "IfVersion", "iffile": "IfFile", "ifdirective": "IfDirective", "ifsection": "IfSection",
}

// moduleLike returns the name of the module that is likely meant: with another case, or without
// .c; "" for none.
func moduleLike(name string) string {
	for m := range httpd.Modules() {
		switch {
		case strings.EqualFold(name, m.Name):
			return m.Name
		case strings.EqualFold(name, m.Source), strings.EqualFold(name+".c", m.Source):
			return m.Source
		}
	}
	return ""
}

// handles returns the first directive of a layer that makes a FastCGI proxy the handler.
func (l *layer) handles() *apache.Directive {
	if l.set != nil && fastcgi(l.set.Arg(0)) {
		return l.set
	}
	if l.rare != nil {
		for _, d := range l.mime {
			if d.Name == "addhandler" && fastcgi(d.Arg(0)) {
				return d
			}
		}
	}
	for _, f := range l.files {
		if d := f.handles(); d != nil {
			return d
		}
	}
	return nil
}

func fastcgi(text string) bool {
	text = strings.ToLower(text)
	return strings.HasPrefix(text, "proxy:") && strings.Contains(text, "fcgi:") || strings.HasPrefix(text, "proxy:balancer:")
}

// skips reports whether a section that does not hold is one of a server.
func skips(d *apache.Directive, sc *scope) bool {
	for outer := d.Parent; outer != nil; outer = outer.Parent {
		if outer.Name == "virtualhost" && outer != sc.d {
			return false
		}
	}
	return true
}

// proxyIn returns the first directive that makes a FastCGI proxy the handler; nil for none.
func proxyIn(items []*apache.Directive) *apache.Directive {
	for _, d := range items {
		if (d.Name == "sethandler" || d.Name == "addhandler") && fastcgi(d.Arg(0)) {
			return d
		}
		if inside := proxyIn(d.Children); inside != nil {
			return inside
		}
	}
	return nil
}
