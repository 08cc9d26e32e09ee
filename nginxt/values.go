package nginxt

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// values judges the arguments of a directive that is not a block.
func (x *inspector) values(d nginx.Directive, row *servers.NginxDirective, check argumentCheck, v visit) {
	if x.quiet(d.File()) {
		return
	}
	if row.Vars != 0 {
		x.variables(d, row)
	}
	switch {
	case row.Value == servers.NginxBuffers:
		x.buffers(d, row)
	case row.Value != 0 && !(row.Of != "" && row.OfFrom == 0 && row.Takes(0, d.Arg(0).String())):
		x.value(d, row)
	}
	if row.Of != "" && (row.Value == 0 || row.OfFrom > 0) {
		x.words(d, row)
	}
	if check != nil {
		check(x, d, row, v)
	}
}

// buffers judges a number and a size.
func (x *inspector) buffers(d nginx.Directive, row *servers.NginxDirective) {
	number, size := d.Arg(0).String(), d.Arg(1).String()
	if n, ok := nginx.Number(number); (!ok || n == 0) && x.stays(number) {
		x.add(Refusal{At: d.Arg(0).Span(), Fault: WrongValue, Name: row.Name, Text: number, Want: row.Value})
	} else if n, ok := nginx.Size(size); (!ok || n == 0) && x.stays(size) {
		x.add(Refusal{At: d.Arg(1).Span(), Fault: WrongValue, Name: row.Name, Text: size, Want: row.Value})
	}
}

// value judges a first argument that has a type.
func (x *inspector) value(d nginx.Directive, row *servers.NginxDirective) {
	text := d.Arg(0).String()
	switch {
	case !takes(row.Value, text):
		if !x.stays(text) || row.Vars.In(0) && nginx.HasVariable(text) {
			return
		}
		bad := Refusal{At: d.Arg(0).Span(), Fault: WrongValue, Name: row.Name, Text: text, Want: row.Value}
		if row.OfFrom == 0 {
			bad.Or = row.Of
		}
		x.add(bad)
	case row.Range != "":
		if n, _ := nginx.Number(text); !row.InRange(n) {
			low, high, _ := strings.Cut(row.Range, "-")
			x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%s wants a number from %s to %s, not %s", row.Name, low, high, text), fmt.Sprintf("value must be between %s and %s", low, high))
		}
	}
}

// takes reports whether nginx accepts a value of a type.
func takes(kind servers.NginxValue, text string) (ok bool) {
	switch kind {
	case servers.NginxFlag:
		return strings.EqualFold(text, "on") || strings.EqualFold(text, "off")
	case servers.NginxSize:
		_, ok = nginx.Size(text)
	case servers.NginxOffset:
		_, ok = nginx.Offset(text)
	case servers.NginxTime:
		_, ok = nginx.Duration(text)
	case servers.NginxSeconds:
		ok = nginx.Seconds(text)
	default:
		_, ok = nginx.Number(text)
	}
	return ok
}

// proxyPass judges a proxy_pass with a URI in a location whose prefix nginx cannot
// replace (nginx ngx_http_proxy_module.c, ngx_http_proxy_pass).
func (x *inspector) proxyPass(d nginx.Directive, _ *servers.NginxDirective, v visit) {
	text := d.Arg(0).String()
	if _, _, uri, ok := netaddr.SplitURL(text); ok && !x.stream && source.TemplateMark(text) == "" {
		x.compiled(d, d.Arg(0), uri)
	}
	if !v.noURI || v.context&(servers.NginxStreamServer|servers.NginxServer) != 0 || nginx.HasVariable(text) || source.TemplateMark(text) != "" {
		return
	}
	if _, _, uri, ok := netaddr.SplitURL(text); ok && uri != "" {
		x.add(Refusal{At: d.Arg(0).Span(), Fault: PassWithURI, Name: d.Name(), Text: uri})
	}
}

// serverParams are the parameters of a server in an upstream (nginx
// ngx_http_upstream.c). Those without a type have no value, or any.
var serverParams = map[string]servers.NginxValue{
	"weight": servers.NginxNumber, "max_fails": servers.NginxNumber, "max_conns": servers.NginxNumber, "fail_timeout": servers.NginxTime,
	"backup": 0, "down": 0, "resolve": 0, "service": 0, "slow_start": 0, "route": 0, "drain": 0, "id": 0, "sid": 0,
}

// parameters judges what follows the address of a server. A name that resembles
// none of nginx's may belong to another module.
func (x *inspector) parameters(d nginx.Directive) {
	for i, w := range d.Args() {
		text := w.String()
		if i == 0 || !x.stays(text) {
			continue
		}
		name, value, valued := strings.Cut(text, "=")
		kind, known := serverParams[name]
		bad := Refusal{At: w.Span(), Fault: BadParameter, Name: d.Name(), Text: w.String()}
		switch {
		case !known && (strings.ContainsAny(name, ":/.$") || strings.Trim(name, "0123456789") == ""):
		case !known:
			// The parameters that other builds add have a value.
			if bad.Near = nearParams(name); len(bad.Near) == 0 && valued {
				continue
			}
		case kind != 0 && (!valued || !takes(kind, value) || name == "weight" && strings.Trim(value, "0") == ""):
		case (name == "backup" || name == "down") && valued:
		default:
			continue
		}
		x.add(bad)
	}
}

// nearParams returns the parameters that name was probably meant to be. Names of up to
// three letters are left out: they resemble too many.
func nearParams(name string) []string {
	near := typo.Near(strings.ToLower(name), maps.Keys(serverParams))
	return slices.DeleteFunc(near, func(known string) bool { return len(known) <= 3 })
}
