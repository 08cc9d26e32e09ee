package route

import (
	"cmp"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// phase is a phase of nginx in which a request continues.
type phase uint8

const (
	serverRewrite phase = iota
	findConfig
	rewrite
	access
	content
	ended
)

// maxChanges is how often the URI may change (nginx ngx_http_request.h,
// NGX_HTTP_MAX_URI_CHANGES).
const maxChanges = 10

// walk is the processing of one request, with one choice for each open question.
type walk struct {
	c    *Config
	req  Request
	host string

	bits   []bool // the choices of this walk
	asked  int
	chosen map[string]bool
	doubt  string // the first open question

	server, loc *block
	handler     nginx.Directive
	next        phase
	method      string
	uri         string
	args        value
	vars        map[string]value
	seen        map[string]value // the latest values of variables
	stale       bool             // use them
	groups      captured
	escaped     bool // the request line has %-escapes or a plus

	internal, changed   bool
	ownURI, ownLocation bool // valid_unparsed_uri and valid_location of nginx
	inErrorPage         bool
	changes             int
	status              int // err_status of nginx
	steps               []Step
	answer              Answer
}

// choose answers an open question, the same way each time that it arises in a walk.
func (w *walk) choose(key, why string) bool {
	if v, ok := w.chosen[key]; ok {
		return v
	}
	if w.asked == len(w.bits) {
		w.bits = append(w.bits, false)
	}
	v := w.bits[w.asked]
	w.asked++
	if w.chosen == nil {
		w.chosen = map[string]bool{}
	}
	w.chosen[key] = v
	w.doubt = cmp.Or(w.doubt, why)
	return v
}

// end ends the walk.
func (w *walk) end(a Answer) {
	a.URI, a.Args, a.Method, a.Steps = w.uri, w.args.text, w.method, w.steps
	a.Why = cmp.Or(a.Why, w.doubt)
	if w.server != nil {
		a.Server = w.server.d
	}
	if w.loc != nil {
		a.Block = w.loc.d
		if l := w.loc.location(); l != nil {
			a.Location = l.d
		}
	}
	w.answer, w.next = a, ended
}

func (w *walk) undecided(why string) { w.end(Answer{Why: why}) }

// route processes the request.
func (w *walk) route() Answer {
	w.method = cmp.Or(w.req.Method, "GET")
	w.req.Method = w.method
	w.changes, w.ownURI, w.ownLocation = maxChanges+1, true, true
	if w.begin(); w.next != ended {
		w.run()
	}
	w.bits = w.bits[:w.asked]
	return w.answer
}

// begin selects the server and reads the URI.
func (w *walk) begin() {
	w.c.prepare()
	l := w.c.listenerAt(w.req.Endpoint)
	switch {
	case w.c.why != "":
		w.undecided(w.c.why)
		return
	case l == nil:
		w.undecided("no server listens on " + w.req.Endpoint.String())
		return
	}
	w.server, w.loc = l.fallback, l.fallback
	var ok bool
	w.uri, w.args.text, w.escaped, ok = parsePath(w.req.URI, l.fallback.on("merge_slashes", true))
	if !ok || !strings.HasPrefix(w.req.URI, "/") || strings.ContainsAny(w.req.URI, " \x00\t\r\n\x7f") {
		w.uri, w.args = "", value{}
		w.fail(400)
		return
	}
	if w.req.Host != "" {
		if w.host, ok = validHost(w.req.Host); !ok {
			w.fail(400)
			return
		}
	}
	if !w.selectServer(l) {
		return
	}
	w.update(w.server)
	if w.req.TLS != l.tls {
		if w.req.TLS {
			w.undecided("the address is served without TLS")
			return
		}
		w.fail(497)
	}
}

// selectServer sets the server that the Host header selects.
func (w *walk) selectServer(l *listener) bool {
	if l.unsure != "" {
		w.undecided(l.unsure)
		return false
	}
	if s := l.find(w.host); s != nil {
		w.server = s
		return true
	}
	for _, r := range l.regexes {
		if w.host == "" {
			break
		}
		if w.match(r.text, strings.ToLower(r.text) != r.text, value{text: w.host}) {
			w.server = r.server
			return true
		}
	}
	if w.c.options.Partial {
		w.undecided("another file may define the default server")
		return false
	}
	return true
}

// update makes the configuration of a block take effect (nginx ngx_http_core_module.c,
// ngx_http_update_location_config).
func (w *walk) update(b *block) {
	if b.limited != nil && !w.listed(b) {
		b = b.limited
	}
	w.loc = b
	w.steps = append(w.steps, Step{b.d, w.uri})
	handler := b.handler
	if handler.IsZero() && b.d.Name() == "limit_except" && Pass(b.parent.handler.Name()) {
		handler = b.parent.handler
	}
	if !handler.IsZero() && b.d.Name() != "server" {
		w.handler = handler
	}
}

// listed reports whether limit_except names the method.
func (w *walk) listed(b *block) bool {
	for _, a := range b.methods.Args() {
		name := strings.ToUpper(a.String())
		if name == w.method || name == "GET" && w.method == "HEAD" {
			return true
		}
	}
	return false
}

// maxPhases limits the length of a walk; nginx ends one sooner.
const maxPhases = 200

// run passes the request from phase to phase.
func (w *walk) run() {
	for n := 0; w.next != ended; n++ {
		if n > maxPhases {
			w.undecided("the request does not come to an end")
			return
		}
		if len(w.loc.foreign) > 0 {
			w.undecided("cannot tell what " + w.loc.foreign[0].Name() + " does")
			return
		}
		switch w.next {
		case serverRewrite:
			w.next = findConfig
			w.script(w.server)
		case findConfig:
			w.find()
		case rewrite:
			w.rewritten()
		case access:
			w.next = content
			w.access()
		case content:
			w.content()
		}
	}
}

// find is the phase that selects the location.
func (w *walk) find() {
	w.handler, w.changed, w.loc = nginx.Directive{}, false, w.server
	result := w.locate()
	if !w.internal && len(w.loc.all("internal")) > 0 {
		w.fail(404)
		return
	}
	w.next = rewrite
	if w.update(w.loc); result == redirect {
		w.fail(301)
	}
}

// rewritten is the rewrite phase of the location, and what follows a change of the URI.
func (w *walk) rewritten() {
	w.next = access
	if w.loc != w.server {
		w.script(w.loc)
	}
	if w.next != access || !w.changed {
		return
	}
	if w.changes--; w.changes == 0 {
		w.fail(500)
		return
	}
	w.next = findConfig
}

// internally redirects to another URI (nginx ngx_http_core_module.c,
// ngx_http_internal_redirect).
func (w *walk) internally(uri string, args value) {
	if w.changes--; w.changes == 0 {
		w.fail(500)
		return
	}
	w.uri, w.args = uri, args
	w.internal, w.ownURI, w.ownLocation = true, false, true
	w.update(w.server)
	w.next = serverRewrite
}

// toNamed continues in a named location (nginx ngx_http_core_module.c,
// ngx_http_named_location).
func (w *walk) toNamed(name string) {
	l := w.server.named[name]
	if w.changes--; w.changes == 0 || l == nil {
		w.fail(500)
		return
	}
	w.internal, w.changed, w.handler = true, false, nginx.Directive{}
	w.update(l)
	w.next = rewrite
}

// fail answers with an error, or any other status that error_page may replace (nginx
// ngx_http_special_response.c, ngx_http_special_response_handler).
func (w *walk) fail(status int) {
	w.failBy(status, nginx.Directive{})
}

func (w *walk) failBy(status int, by nginx.Directive) {
	if status == 444 {
		w.end(Answer{End: Closed, By: by})
		return
	}
	w.status = status
	pages := w.loc.all("error_page")
	if !w.inErrorPage && w.changes != 0 && len(pages) > 0 {
		w.inErrorPage = !w.loc.on("recursive_error_pages", false)
		for _, d := range pages {
			if names(d, status) {
				w.errorPage(d, by)
				return
			}
		}
	}
	w.end(Answer{End: Responded, Status: shown(w.status), By: by})
}

// shown returns the status that a client sees (nginx ngx_http_special_response.c).
func shown(status int) int {
	switch status {
	case 494, 495, 496, 497:
		return 400
	}
	return status
}
