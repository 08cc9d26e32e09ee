package route

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// names reports whether an error_page names a status.
func names(d nginx.Directive, status int) bool {
	for i, a := range d.Args() {
		if i < d.NumArgs()-1 && a.String() == strconv.Itoa(status) {
			return true
		}
	}
	return false
}

// errorPage follows an error_page (nginx ngx_http_special_response.c,
// ngx_http_send_error_page).
func (w *walk) errorPage(d, by nginx.Directive) {
	n := d.NumArgs()
	if code, ok := strings.CutPrefix(d.Arg(n-2).String(), "="); ok && n > 2 {
		w.status, _ = strconv.Atoi(code) // nginx refuses another text, and "=" is 0
	} else {
		w.status = shown(w.status)
	}
	to := w.eval(d.Arg(n-1).String(), false)
	w.steps = append(w.steps, Step{d, w.uri})
	switch {
	case to.why != "":
		w.undecided(to.why)
	case strings.HasPrefix(to.text, "/"):
		if w.method != "HEAD" {
			w.method = "GET"
		}
		uri, args, _ := strings.Cut(to.text, "?")
		w.internally(uri, value{text: args})
	case strings.HasPrefix(to.text, "@"):
		w.toNamed(to.text)
	default:
		switch w.status {
		case 301, 302, 303, 307, 308:
		default:
			w.status = 302
		}
		w.end(Answer{End: Responded, Status: w.status, By: by})
	}
}
