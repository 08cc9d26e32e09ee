package route

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
)

// verdict is what an access module says.
type verdict uint8

const (
	noOpinion verdict = iota
	allowed
	forbidden
	unauthorized
)

// access is the access phase (nginx ngx_http_core_module.c, ngx_http_core_access_phase).
// ngx_http_access_module comes before ngx_http_auth_basic_module.
func (w *walk) access() {
	satisfyAny := w.loc.get("satisfy").Arg(0).String() == "any"
	denied := 0
	for _, v := range [...]verdict{w.byAddress(), w.byPassword()} {
		status := 403
		if v == unauthorized {
			status = 401
		}
		switch {
		case v == allowed && satisfyAny:
			return
		case v != forbidden && v != unauthorized:
		case !satisfyAny:
			w.fail(status)
			return
		case denied != 401:
			denied = status
		}
	}
	if denied != 0 {
		w.fail(denied)
	}
}

// byAddress applies allow and deny.
func (w *walk) byAddress() verdict {
	for _, d := range w.loc.accessRules() {
		v := forbidden
		if d.Name() == "allow" {
			v = allowed
		}
		switch hit, known := w.covers(d.Arg(0).String()); {
		case !known:
			if w.choose("client "+d.Arg(0).String(), "the address of the client is not known") {
				return v
			}
		case hit:
			return v
		}
	}
	return noOpinion
}

// covers reports whether the address of an allow or deny covers the client.
func (w *walk) covers(text string) (hit, known bool) {
	unix := w.req.Endpoint.Network == netaddr.Unix
	if text == "all" {
		return true, true
	}
	if text == "unix:" || unix {
		return text == "unix:" && unix, true
	}
	if !w.req.Client.IsValid() || len(w.loc.all("set_real_ip_from")) > 0 {
		return false, false
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr == w.req.Client.Unmap(), true
	}
	if net, err := netip.ParsePrefix(text); err == nil {
		return net.Contains(w.req.Client.Unmap()), true
	}
	return false, false
}

// byPassword applies auth_basic, to a request without credentials.
func (w *walk) byPassword() verdict {
	realm, file := w.loc.get("auth_basic"), w.loc.get("auth_basic_user_file")
	if realm.IsZero() || file.IsZero() {
		return noOpinion
	}
	text := w.eval(realm.Arg(0).String(), false)
	switch {
	case text.why != "":
		if w.choose("realm", text.why) {
			return unauthorized
		}
		return noOpinion
	case text.text == "off":
		return noOpinion
	case w.req.Bare, w.choose("password", "the request may have a password"):
		return unauthorized
	}
	return allowed
}

// content is try_files and the content phase.
func (w *walk) content() {
	if own := w.loc.of("try_files"); len(own) > 0 {
		if w.tryFiles(own[0]); w.next != content {
			return
		}
	}
	switch name := w.handler.Name(); {
	case Pass(name):
		w.passed()
	case name == "empty_gif" || name == "stub_status":
		if w.method != "GET" && w.method != "HEAD" {
			w.fail(405)
			return
		}
		w.end(Answer{End: Handled, Status: w.statusOr(200), By: w.handler})
	case name != "":
		w.end(Answer{End: Handled, By: w.handler})
	default:
		w.file()
	}
}

// tryFiles runs try_files (nginx ngx_http_try_files_module.c).
func (w *walk) tryFiles(d nginx.Directive) {
	root, alias, cut := w.rootOf()
	if alias && !w.ownLocation {
		w.fail(500)
		return
	}
	last := d.NumArgs() - 1
	for i, a := range d.Args() {
		text := a.String()
		folder := i < last && strings.HasSuffix(text, "/")
		if folder {
			text = text[:len(text)-1]
		}
		name := w.eval(text, false)
		if alias && cut >= 0 && cut <= len(w.uri) && nginx.HasVariable(text) && name.why == "" {
			name.text = strings.TrimPrefix(name.text, w.uri[:cut])
		}
		if i == last {
			w.fallback(d, name)
			return
		}
		file := value{root.text + name.text, root.why + name.why}
		if !alias {
			file.text = strings.TrimSuffix(root.text, "/") + name.text
		}
		if !w.exists(file, folder) {
			continue
		}
		switch {
		case name.why != "":
			w.undecided(name.why)
		case !alias:
			w.uri = name.text
		case cut >= 0 && cut <= len(w.uri):
			w.uri = w.uri[:cut] + name.text
		case !folder:
			w.undecided("alias and try_files in a location with an expression")
		}
		return
	}
}

// fallback is the last argument of try_files.
func (w *walk) fallback(d nginx.Directive, to value) {
	w.steps = append(w.steps, Step{d, w.uri})
	code, isCode := strings.CutPrefix(to.text, "=")
	switch {
	case to.why != "":
		w.undecided(to.why)
	case isCode:
		status, _ := strconv.Atoi(code) // nginx refuses another text
		w.failBy(status, d)
	case strings.HasPrefix(to.text, "@"):
		w.toNamed(to.text)
	default:
		uri, args, _ := strings.Cut(to.text, "?")
		w.internally(uri, value{text: args})
	}
}

// exists reports whether a path is a directory, or anything else than a directory.
func (w *walk) exists(file value, folder bool) bool {
	switch kind := w.kind(file); {
	case kind == Unknown:
		key, why := "file "+file.text, file.why
		if why == "" {
			why = "cannot tell whether " + file.text + " exists"
		}
		if folder {
			key = "folder " + file.text
		}
		return w.choose(key, why)
	case folder:
		return kind == Dir
	default:
		return kind == Regular
	}
}

// file is the part of the content phase for files: the modules index, autoindex and static.
func (w *walk) file() {
	reading := w.method == "GET" || w.method == "HEAD" || w.method == "POST"
	folder := strings.HasSuffix(w.uri, "/")
	if folder && reading {
		if w.index(); w.next != content {
			return
		}
		if w.loc.on("autoindex", false) && w.method != "POST" {
			w.end(Answer{End: Static, Status: w.statusOr(200), File: w.path(w.uri).text})
			return
		}
	}
	switch {
	case !reading:
		w.fail(405)
	case folder:
		w.fail(403)
	default:
		w.static200()
	}
}

// static200 serves a file.
func (w *walk) static200() {
	file := w.path(w.uri)
	kind := w.kind(file)
	if w.misplaced() {
		w.fail(500)
		return
	}
	if kind == Unknown {
		kind = Missing
		if w.exists(file, false) {
			kind = Regular
		}
	}
	switch {
	case kind == Missing:
		w.fail(404)
	case kind == Dir:
		w.fail(301)
	case w.method == "POST":
		w.fail(405)
	default:
		w.end(Answer{End: Static, Status: w.statusOr(200), File: file.text})
	}
}

// statusOr returns the status that an error_page has set, or else the status of the answer.
func (w *walk) statusOr(status int) int {
	if w.status != 0 {
		return w.status
	}
	return status
}

// misplaced reports whether nginx finds no file, since a rewrite has left the location of
// an alias.
func (w *walk) misplaced() bool {
	_, alias, _ := w.rootOf()
	return alias && !w.ownLocation
}

// index runs the index module (nginx ngx_http_index_module.c).
func (w *walk) index() {
	names := []string{"index.html"}
	if own := w.loc.all("index"); len(own) > 0 {
		names = nil
		for _, d := range own {
			for _, a := range d.Args() {
				names = append(names, a.String())
			}
		}
	}
	dir := w.path(w.uri)
	tested := false
	for _, text := range names {
		w.stale = true
		name := w.eval(text, false)
		w.stale = false
		if name.why == "" && strings.HasPrefix(name.text, "/") {
			w.internally(name.text, w.args)
			return
		}
		if w.misplaced() {
			w.fail(500)
			return
		}
		file := value{dir.text + name.text, dir.why + name.why}
		if w.exists(file, false) || w.kind(file) == Dir {
			if name.why != "" {
				w.undecided(name.why)
				return
			}
			w.internally(w.uri+name.text, w.args)
			return
		}
		if !tested && !w.exists(dir, true) {
			w.fail(404)
			return
		}
		tested = true
	}
}
