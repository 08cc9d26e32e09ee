package route

import (
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// passed ends with a *_pass. An if without one has that of the location around it; if
// another if has set the handler, it has no address, and nginx answers 500 (measured on
// nginx 1.22).
func (w *walk) passed() {
	name := w.handler.Name()
	for b := w.loc; b != nil; b = b.parent {
		if own := b.of(name); len(own) > 0 {
			a := Answer{End: Passed, By: own[len(own)-1], Status: w.status}
			if name == "proxy_pass" {
				a.Sent, a.SentHost = w.sentURI(a.By), w.sentHost(a.By)
			}
			w.end(a)
			return
		}
		if !b.noname {
			break
		}
	}
	w.fail(500)
}

// sentURI returns the request URI that the origin receives, "" if it is unknown (nginx
// ngx_http_proxy_module.c, ngx_http_proxy_create_request).
func (w *walk) sentURI(d nginx.Directive) string {
	text := d.Arg(0).String()
	whole := w.eval(text, false)
	_, _, uri, ok := netaddr.SplitURL(whole.text)
	switch {
	case !ok || whole.why != "":
		return ""
	case nginx.HasVariable(text) && strings.HasPrefix(uri, "/"):
		return uri
	case nginx.HasVariable(text) && uri != "":
		return ""
	}
	if uri == "" && w.ownURI {
		return w.req.URI
	}
	if w.args.why != "" {
		return ""
	}
	sent := w.uri
	if uri != "" && w.ownLocation {
		sent = w.uri[min(len(w.uri), len(w.loc.name)):]
	}
	if w.escaped || w.internal {
		sent = escape(sent, false)
	}
	if uri != "" && w.ownLocation {
		sent = uri + sent
	}
	if w.args.text != "" {
		sent += "?" + w.args.text
	}
	return sent
}

// sentHost returns the Host header that the origin receives, "" if it is unknown.
func (w *walk) sentHost(d nginx.Directive) string {
	whole := w.eval(d.Arg(0).String(), false)
	_, address, _, ok := netaddr.SplitURL(whole.text)
	if !ok || whole.why != "" {
		return ""
	}
	if _, unix := netaddr.CutUnix(address); unix {
		address = "localhost"
	}
	for _, h := range w.loc.all("proxy_set_header") {
		if strings.EqualFold(h.Arg(0).String(), "Host") {
			text := strings.ReplaceAll(h.Arg(1).String(), "$proxy_host", address)
			return w.eval(text, false).text
		}
	}
	return address
}
