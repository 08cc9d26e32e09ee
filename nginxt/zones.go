package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// zones are the shared memory zones of a configuration and the directives that use them.
type zones struct {
	defined map[zone]nginx.Directive
	used    []usedZone
}

// zone is a shared memory zone of one kind, or an access log format, which is
// defined and used in the same way.
type zone struct{ kind, name string }

const logFormat = "log_format"

type usedZone struct {
	zone
	d  nginx.Directive
	at nginx.Word
}

// add records a directive that defines or uses a zone.
func (z *zones) add(x *inspector, d nginx.Directive, row *servers.NginxDirective, in servers.NginxContext) {
	if in&(servers.NginxStream|servers.NginxStreamServer) != 0 {
		return
	}
	switch row.Name {
	case "log_format":
		z.note(x, zone{logFormat, d.Arg(0).String()}, d)
	case "access_log":
		if text := d.Arg(1).String(); d.NumArgs() > 1 && text != "combined" && d.Arg(0).String() != "off" {
			z.used = append(z.used, usedZone{zone{logFormat, text}, d, d.Arg(1)})
		}
	case "limit_req_zone", "limit_conn_zone":
		z.define(x, strings.TrimSuffix(row.Name, "_zone"), d, "zone=")
	case "proxy_cache_path", "fastcgi_cache_path", "uwsgi_cache_path", "scgi_cache_path":
		z.define(x, strings.TrimSuffix(row.Name, "_path"), d, "keys_zone=")
	case "limit_req":
		for _, w := range d.Args() {
			if name, ok := strings.CutPrefix(w.String(), "zone="); ok {
				z.used = append(z.used, usedZone{zone{row.Name, name}, d, w})
			}
		}
	case "limit_conn":
		x.connections(d)
		z.used = append(z.used, usedZone{zone{row.Name, d.Arg(0).String()}, d, d.Arg(0)})
	case "proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache":
		if name := d.Arg(0).String(); name != "off" {
			z.used = append(z.used, usedZone{zone{row.Name, name}, d, d.Arg(0)})
		}
	}
}

func (z *zones) define(x *inspector, kind string, d nginx.Directive, prefix string) {
	for _, w := range d.Args() {
		if value, ok := strings.CutPrefix(w.String(), prefix); ok {
			name, _, _ := strings.Cut(value, ":")
			z.note(x, zone{kind, name}, d)
		}
	}
}

// note records the zone that d defines, and reports a second definition.
func (z *zones) note(x *inspector, one zone, d nginx.Directive) {
	if z.defined == nil {
		z.defined = map[zone]nginx.Directive{}
	}
	first, twice := z.defined[one]
	if !twice {
		z.defined[one] = d
		return
	}
	if x.main && !x.broken && one.kind == logFormat && source.TemplateMark(one.name) == "" {
		x.add(Refusal{At: d.Span(), Fault: RefusedArgument, Name: d.Name(), First: first.Span(),
			Message: fmt.Sprintf("a second log_format %s", source.Excerpt(one.name)), Says: fmt.Sprintf("duplicate \"log_format\" name \"%s\"", one.name)})
	}
}

// judge finds the zones that are used but not defined. A file with a syntax error, or one
// that was not read, may define any zone.
func (z *zones) judge(x *inspector) {
	if !x.main || x.broken || x.config.Open {
		return
	}
	for _, a := range z.used {
		literal := a.kind == logFormat && !nginx.MayBeReplaced(a.name) // nginx evaluates no variables in it
		if _, ok := z.defined[a.zone]; ok || nginx.HasVariable(a.name) && !literal || source.TemplateMark(a.name) != "" {
			continue
		}
		if a.kind == logFormat {
			x.refuse(a.d, a.at.Span(), fmt.Sprintf("no log_format is called %s, which access_log asks for", source.Excerpt(a.name)), fmt.Sprintf("unknown log format \"%s\"", a.name))
			continue
		}
		x.add(Refusal{At: a.at.Span(), Fault: UndefinedZone, Name: a.d.Name(), Text: a.name})
	}
}
