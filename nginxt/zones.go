package nginxt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// zones are what the directives of a configuration define and use by name: shared
// memory zones, for which http, stream and mail have one registry, and the directories
// that nginx makes.
type zones struct {
	memory []sharedZone
	block  int                         // the block of same
	same   map[limited]nginx.Directive // its limits
	paths  []madePath
}

// sharedZone is a definition or a use of a shared memory zone.
type sharedZone struct {
	name string
	kind zoneKind
	size int64 // bytes; 0 for a use, which has none, and unknownSize
	own  bool  // a second definition is refused even if it is equal
	d    nginx.Directive
	at   source.Span
}

// zoneKind is what a zone holds. One name cannot have two (the tag in nginx ngx_cycle.c,
// ngx_shared_memory_add).
type zoneKind struct {
	tier
	what string
}

// unknownSize is the size of a zone that a template writes or that is refused.
const unknownSize = -1

// limited is a zone that limits the requests of a block.
type limited struct {
	kind zoneKind
	name string
}

// smallestZone is the size in bytes that nginx wants for a zone at least: eight pages,
// which are larger on some machines (nginx ngx_http_limit_req_module.c and others).
const smallestZone = 8 * page

// smallestKeys is the same for the keys of a cache (nginx ngx_http_file_cache.c,
// ngx_http_file_cache_set_slot).
const smallestKeys = 2 * page

// page is the smallest page that Linux has, in bytes.
const page = 4096

// add records what a directive defines or uses.
func (z *zones) add(x *inspector, d nginx.Directive) {
	kind := zoneKind{x.tier, d.Name()}
	switch d.Name() {
	case "limit_req_zone", "limit_conn_zone":
		kind.what = strings.TrimSuffix(d.Name(), "_zone")
		z.define(x, d, kind, "zone", smallestZone)
	case "proxy_cache_path", "fastcgi_cache_path", "uwsgi_cache_path", "scgi_cache_path":
		kind.what = strings.TrimSuffix(d.Name(), "_path")
		z.define(x, d, kind, "keys_zone", smallestKeys)
	case "limit_req":
		z.limitReq(x, d, kind)
	case "limit_conn":
		z.limit(x, d, d.Arg(0), kind, d.Arg(0).String())
	case "proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache":
		if name := d.Arg(0).String(); name != "off" {
			z.memory = append(z.memory, sharedZone{name: name, kind: kind, d: d, at: d.Arg(0).Span()})
		}
	case "zone":
		z.upstream(x, d, zoneKind{x.tier, "upstream"})
	case "ssl_session_cache", "ssl_ocsp_cache":
		z.sessions(x, d, kind)
	}
}

// define reads a directive that has a zone of its own: a limit_req_zone, limit_conn_zone or
// *_cache_path. The parameter names the zone, which has at least so many bytes.
func (z *zones) define(x *inspector, d nginx.Directive, kind zoneKind, parameter string, least int64) {
	one, template := sharedZone{kind: kind, own: true, d: d, at: d.Span()}, false
	for i, w := range d.Args() {
		name, value, valued := strings.Cut(w.String(), "=")
		switch {
		case i == 0:
			continue
		case !valued:
		case name == parameter:
			one.name, one.size = z.sized(x, d, w, value, strings.ReplaceAll(parameter, "_", " "), least)
		case name == "rate" && parameter == "zone":
			x.rate(d, w, value)
		case name == "levels" && parameter == "keys_zone":
			x.levels(d, w, value)
		}
		template = template || !x.stays(w.String())
	}
	if one.name != "" {
		z.memory = append(z.memory, one)
	} else if !template {
		x.refuse(d, d.Span(), fmt.Sprintf("%s names no zone: it needs %s=NAME:SIZE", d.Name(), parameter), fmt.Sprintf("\"%s\" must have \"%s\" parameter", d.Name(), parameter))
	}
}

// sized reads a name and a size with a colon between them.
func (z *zones) sized(x *inspector, d nginx.Directive, w nginx.Word, value, what string, least int64) (name string, size int64) {
	name, text, colon := strings.Cut(value, ":")
	size, ok := nginx.Size(text)
	switch {
	case !x.stays(w.String()):
	case !colon:
		x.refuse(d, w.Span(), fmt.Sprintf("%s has no size: NAME:SIZE is wanted, such as %s:10m", source.Excerpt(w.String()), source.Excerpt(name)), fmt.Sprintf("invalid %s size \"%s\"", what, w.String()))
	case !ok:
		x.refuse(d, w.Span(), fmt.Sprintf("%s wants a size such as 10m after the name of its zone, not %q", d.Name(), text), fmt.Sprintf("invalid %s size \"%s\"", what, w.String()))
	case size < least:
		x.refuse(d, w.Span(), tooSmall(name, text, least), fmt.Sprintf("%s \"%s\" is too small", what, w.String()))
	case name != "":
		return name, size
	}
	return name, unknownSize
}

func tooSmall(name, text string, least int64) string {
	return fmt.Sprintf("%s is too small for the zone %s: nginx wants %dk at least", text, source.Excerpt(name), least>>10)
}

// rate judges the rate of a limit_req_zone.
func (x *inspector) rate(d nginx.Directive, w nginx.Word, value string) {
	digits, ok := strings.CutSuffix(value, "r/s")
	if !ok {
		digits = strings.TrimSuffix(value, "r/m")
	}
	if n, ok := nginx.Number(digits); x.stays(w.String()) && (!ok || n == 0) {
		x.refuse(d, w.Span(), fmt.Sprintf("limit_req_zone wants a rate such as 10r/s or 30r/m, not %q", value), fmt.Sprintf("invalid rate \"%s\"", w.String()))
	}
}

// levels judges the levels of a cache. nginx accepts none at all.
func (x *inspector) levels(d nginx.Directive, w nginx.Word, value string) {
	parts := strings.Split(value, ":")
	odd := len(parts) > 3 || slices.ContainsFunc(parts, func(one string) bool { return one != "1" && one != "2" })
	if odd && value != "" && x.stays(w.String()) {
		x.refuse(d, w.Span(), fmt.Sprintf("levels wants up to three numbers, each 1 or 2, such as 1:2, not %q", value), fmt.Sprintf("invalid \"levels\" \"%s\"", w.String()))
	}
}

// limitReq reads a limit_req.
func (z *zones) limitReq(x *inspector, d nginx.Directive, kind zoneKind) {
	found, template := false, false
	for _, w := range d.Args() {
		text := w.String()
		name, value, _ := strings.Cut(text, "=")
		n, number := nginx.Number(value)
		template = template || !x.stays(text)
		switch {
		case name == "zone":
			found = true
			z.limit(x, d, w, kind, value)
		case (name == "burst" || name == "delay") && (!number || n == 0) && x.stays(text) && text != name:
			x.refuse(d, w.Span(), fmt.Sprintf("%s of limit_req wants a number above 0, not %q", name, value), fmt.Sprintf("invalid %s value \"%s\"", name, text))
		}
	}
	if !found && !template {
		x.refuse(d, d.Span(), "limit_req names no zone: it needs zone=NAME", `"limit_req" must have "zone" parameter`)
	}
}

// limit records a zone that limits the requests of a block, which may name it once.
func (z *zones) limit(x *inspector, d nginx.Directive, w nginx.Word, kind zoneKind, name string) {
	z.memory = append(z.memory, sharedZone{name: name, kind: kind, d: d, at: w.Span()})
	if !x.main || !x.stays(name) {
		return
	}
	switch {
	case z.block == x.block:
	case z.same == nil, len(z.same) > maxFew: // clearing such a map repeatedly takes long
		z.same = map[limited]nginx.Directive{}
	default:
		clear(z.same)
	}
	z.block = x.block
	key := limited{kind, name}
	if first, twice := z.same[key]; twice {
		x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(),
			Message: fmt.Sprintf("a second %s for the zone %s in this block", d.Name(), source.Excerpt(name)), Says: fmt.Sprintf("\"%s\" directive is duplicate", d.Name())})
		return
	}
	z.same[key] = d
}

// upstream reads the zone of an upstream. Upstreams may share one, and one of them has its size.
func (z *zones) upstream(x *inspector, d nginx.Directive, kind zoneKind) {
	name, text := d.Arg(0).String(), d.Arg(1).String()
	size, ok := nginx.Size(text)
	switch {
	case d.NumArgs() == 1:
		size = 0
	case !x.stays(text):
		size = unknownSize
	case !ok:
		size = unknownSize
		x.refuse(d, d.Arg(1).Span(), fmt.Sprintf("zone wants a size such as 64k after its name, not %q", text), fmt.Sprintf("invalid zone size \"%s\"", text))
	case size < smallestZone:
		size = unknownSize
		x.refuse(d, d.Arg(1).Span(), tooSmall(name, text, smallestZone), fmt.Sprintf("zone \"%s\" is too small", name))
	}
	if name == "" {
		x.refuse(d, d.Arg(0).Span(), "zone wants a name", `invalid zone name ""`)
		return
	}
	z.memory = append(z.memory, sharedZone{name: name, kind: kind, size: size, d: d, at: d.Arg(0).Span()})
}

// sessions reads an ssl_session_cache or ssl_ocsp_cache. Servers may share a zone that
// all of them give one size.
func (z *zones) sessions(x *inspector, d nginx.Directive, kind zoneKind) {
	what := map[bool]string{true: "OCSP cache", false: "session cache"}[d.Name() == "ssl_ocsp_cache"]
	for _, w := range d.Args() {
		text := w.String()
		value, shared := strings.CutPrefix(text, "shared:")
		if !x.stays(text) {
			continue
		}
		name, bytes, _ := strings.Cut(value, ":")
		size, ok := nginx.Size(bytes)
		switch {
		case !shared && (what == "session cache" || text == "off"):
			continue
		case !shared || name == "" || !ok:
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants shared:NAME:SIZE, such as shared:SSL:10m, not %q", d.Name(), text), fmt.Sprintf("invalid %s \"%s\"", what, text))
			continue
		case size < smallestZone:
			x.refuse(d, w.Span(), tooSmall(name, bytes, smallestZone), fmt.Sprintf("%s \"%s\" is too small", what, text))
			continue
		}
		z.memory = append(z.memory, sharedZone{name: name, kind: kind, size: size, d: d, at: w.Span()})
	}
}

// judge finds what is defined twice or in two ways, and what is used but not defined.
func (z *zones) judge(x *inspector) {
	if !x.main || x.broken {
		return
	}
	z.judgeMemory(x)
	z.judgePaths(x)
}
