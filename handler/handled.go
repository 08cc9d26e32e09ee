package handler

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// handled is the way of a request that the handler of its file decides: SetHandler before
// AddHandler, and without both the type of the content (httpd server/core.c, core_override_type;
// modules/http/mod_mime.c, find_ct; measured on Apache 2.4).
func (m *model) handled(sc *scope, r *request, s *state) *Pass {
	if r.file == "" && slices.ContainsFunc(sc.both, func(one *scope) bool { return one.inDirectory }) {
		why := first(sc.server.Root.Why(), "the document root is not set")
		return &Pass{Way: NoHandler, At: sc.server.At, Header: sc.server.At, Why: why}
	}
	for _, choice := range [...]struct {
		ref
		way Way
	}{{s.set, SetHandler}, {byExtension(s.handlers, r.name()), AddHandler}} {
		if choice.d == nil {
			continue
		}
		p := m.newPass()
		p.Way, p.At, p.Header, p.Text, p.by = choice.way, word(choice.d, 0), choice.header, choice.d.Arg(0), choice.d
		if p.Why = choice.why; p.Way == AddHandler {
			p.Why = first(p.Why, m.unknownWord(choice.d.Args[:min(1, len(choice.d.Args))]))
		}
		if p.Way == SetHandler && strings.Contains(p.Text, "%{") {
			p.Why = first(p.Why, "the expression in SetHandler is evaluated at each request")
		}
		if p.Why != "" {
			return p
		}
		text := p.Text
		if p.Way == AddHandler || !strings.HasPrefix(text, "proxy:unix") {
			text = strings.ToLower(text)
		}
		switch {
		case p.Way == SetHandler && text == "none":
			continue
		case text == "default-handler" && m.turnedOff(sc, choice.header):
			return nil
		}
		if m.acted(sc, r, s, p, text) {
			return p
		}
		return m.run(sc, r, p, text)
	}
	if r.script && m.modules.runs("cgi-script") { // the handler of ScriptAlias (measured on Apache 2.4)
		return &Pass{End: InProcess, Way: NoHandler, At: sc.server.At, Header: sc.server.At}
	}
	return m.typed(sc, r, s)
}

// acted reports whether an Action gives the requests of a handler or type to a script. It is not
// followed further than to one that Apache starts.
func (m *model) acted(sc *scope, r *request, s *state, p *Pass, name string) bool {
	for _, d := range s.actions {
		if !strings.EqualFold(d.Arg(0), name) || m.modules.absent("actions_module") {
			continue
		}
		if m.starts(sc, r, d) {
			p.End = InProcess
		} else {
			p.Why = "Action hands the request on to " + source.Excerpt(d.Arg(1))
		}
		return true
	}
	return false
}

// starts reports whether the URL of an Action is that of a program which Apache starts, one that
// mod_cgi or mod_fcgid handles, or one that nobody may read.
func (m *model) starts(sc *scope, r *request, d *apache.Directive) bool {
	if is, known := m.modules.loaded("actions_module"); r.action || !is || !known || maybe(d) != "" || m.unknownWord(d.Args) != "" {
		return false
	}
	script := m.requestsOf(sc).request(d.Arg(1), r.host)
	script.action = true
	p := m.pass(sc, &script)
	return p == nil || p.End == InProcess
}

// run is what a handler does.
func (m *model) run(sc *scope, r *request, p *Pass, text string) *Pass {
	url, ok := strings.CutPrefix(text, "proxy:")
	if !ok {
		return m.runOther(p, text)
	}
	parsed := m.parseHandler(url)
	if parsed.alien {
		return m.sent(p, NotAProxy, true)
	}
	p.Lowered = parsed.Socket != "" && text != p.Text && strings.Contains(p.Text, "|") && socketOf(p.Text) != strings.ToLower(socketOf(p.Text))
	parsed.file = r.file
	if p.Lowered {
		_, parsed.Written = uriPath(socketOf(p.Text))
	}
	m.finish(sc, p, parsed, true)
	return p
}

// socketOf returns the text before the bar.
func socketOf(text string) string {
	socket, _, _ := strings.Cut(text, "|")
	_, socket, _ = strings.Cut(socket, ":")
	_, socket, _ = strings.Cut(socket, ":")
	return socket
}

// runOther is what a handler does that is not a proxy.
func (m *model) runOther(p *Pass, text string) *Pass {
	if phpHandler(text) {
		switch is, known := m.modules.php(); {
		case is && known:
			p.End = InProcess
			return p
		case is || !known:
			p.Why = first(m.modules.why, "mod_php may be loaded")
			return p
		}
		return m.sent(p, NotAProxy, false)
	}
	program := text == "cgi-script" || text == "fcgid-script"
	module, ok := handlers[text]
	switch {
	case program && m.modules.runs(text):
		p.End = InProcess
		return p
	case ok && !m.modules.absent(module), text == "cgi-script" && !m.modules.absent("cgid_module"):
		if !program {
			return nil // it is not about PHP
		}
		p.Why = "the handler " + text + " is not that of PHP-FPM"
		return p
	}
	return m.sent(p, NotAProxy, false)
}

// sent makes p a request whose text is sent, if that is certain: with text its words alone say
// it.
func (m *model) sent(p *Pass, cause Cause, text bool) *Pass {
	why := first(m.modules.why, "")
	if m.modules.foreign != "" && !text {
		why = "the module " + m.modules.foreign + " may have a handler for it"
	}
	if text {
		why = ""
	}
	if p.Why = why; why == "" {
		p.End, p.Cause = Sent, cause
	}
	return p
}

// turnedOff reports whether what takes the handler away, in the section with a header, is that of a
// .htaccess file below the document root: a site keeps PHP from running where visitors upload files.
func (m *model) turnedOff(sc *scope, header source.Span) bool {
	if header.IsZero() {
		return false
	}
	root, _ := sc.server.Root.Known()
	dir := path.Dir(header.File.Name)
	a := m.c.Access[dir]
	return a != nil && a.File == header.File && dir != root
}

// typed is the way of a request for a file without a handler.
func (m *model) typed(sc *scope, r *request, s *state) *Pass {
	t := byExtension(s.types, r.name())
	if s.force.d != nil {
		t = s.force
	}
	if t.d != nil {
		p := &Pass{Way: NoHandler, At: word(t.d, 0), Header: t.header, Text: strings.ToLower(t.d.Arg(0)), by: t.d}
		if p.Why = t.why; p.Why == "" && m.acted(sc, r, s, p, p.Text) {
			return p
		}
		if strings.HasPrefix(p.Text, "proxy:") {
			p.Why = first(p.Why, "the type is the name of a handler") // Apache takes it for one (measured on Apache 2.4)
		}
		if p.Why != "" {
			return p
		}
		is, known := m.modules.php()
		switch {
		case phpHandler(p.Text) && is && known:
			p.End = InProcess
			return p
		case phpHandler(p.Text) && (is || !known):
			p.Why = first(m.modules.why, "mod_php may be loaded")
			return p
		}
		if !phpHandler(p.Text) && m.turnedOff(sc, t.header) {
			return nil
		}
		return m.without(sc, r, s, m.sent(p, TypeAlone, false))
	}
	if m.turnedOff(sc, s.set.header) || m.turnedOff(sc, s.removed[extension(path.Ext(r.name()))]) {
		return nil
	}
	p := &Pass{Way: NoHandler, At: sc.server.At, Header: sc.server.At}
	if s.set.d != nil && (s.cleared || r.found) {
		p.Way, p.At, p.Header, p.Text, p.by = SetHandler, word(s.set.d, 0), s.set.header, s.set.d.Arg(0), s.set.d
		return m.without(sc, r, s, m.sent(p, NoneSet, false))
	}
	return m.without(sc, r, s, m.sent(p, Nothing, false))
}
