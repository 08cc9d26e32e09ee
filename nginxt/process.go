package nginxt

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// priority judges worker_priority (nginx nginx.c, ngx_set_priority).
func (x *inspector) priority(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	digits := text
	if text != "" && (text[0] == '-' || text[0] == '+') {
		digits = text[1:]
	}
	if _, number := nginx.Number(digits); ok && !number {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("worker_priority wants a number such as -5, not %q", text), `"worker_priority" directive invalid number`)
	}
}

// affinity judges worker_cpu_affinity (nginx nginx.c, ngx_set_cpu_affinity).
func (x *inspector) affinity(d nginx.Directive) {
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		if strange := strings.Trim(text, "01 "); ok && strange != "" && !(i == 0 && text == "auto") {
			x.refuse(d, w.Span(), fmt.Sprintf("worker_cpu_affinity wants auto or masks such as 0101, not %q", text), fmt.Sprintf("invalid character \"%c\" in \"worker_cpu_affinity\"", strange[len(strange)-1]))
			return
		}
	}
}

// mostLevels is how many letters the folders of a temp_path have together at most.
const mostLevels = 10

// pathLevels judges the levels of a *_temp_path (nginx ngx_file.c, ngx_conf_set_path_slot).
func (x *inspector) pathLevels(d nginx.Directive) {
	sum := int64(0)
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		switch n, number := nginx.Number(text); {
		case i == 0:
		case !ok:
			return
		case !number || n == 0 || sum+n > mostLevels:
			x.refuse(d, w.Span(), fmt.Sprintf("%s wants up to three levels such as 1 2, not %q", d.Name(), text), fmt.Sprintf("\"%s\" directive invalid value", d.Name()))
			return
		default:
			sum += n
		}
	}
}

// ownAddress judges the address that a *_bind connects from (nginx ngx_inet.c,
// ngx_parse_addr_port).
func (x *inspector) ownAddress(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || text == "off" || nginx.HasVariable(text) || source.Stub(text) {
		return
	}
	host := text
	if inner, rest, bracketed := strings.Cut(strings.TrimPrefix(text, "["), "]"); bracketed && text[0] == '[' {
		host, ok = inner, rest == "" || isPort(rest)
	} else if strings.Count(text, ":") == 1 {
		host, rest, _ = strings.Cut(text, ":")
		ok = isPort(":" + rest)
	}
	_, v4 := netaddr.NginxIPv4(host)
	addr, err := netip.ParseAddr(host)
	if !ok || !v4 && (err != nil || addr.Zone() != "") {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("%s wants an address of this machine, not %q", d.Name(), text), fmt.Sprintf("invalid address \"%s\"", text))
	}
}

// isPort reports whether text is a colon and a port.
func isPort(text string) bool {
	digits, colon := strings.CutPrefix(text, ":")
	_, ok := netaddr.Port(digits)
	return colon && ok
}

// authHTTP judges the address of auth_http (nginx ngx_mail_auth_http_module.c,
// ngx_mail_auth_http). It may have a path and no port.
func (x *inspector) authHTTP(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || nginx.HasVariable(text) || source.Stub(text) || strings.HasPrefix(text, "unix:") {
		return
	}
	address := strings.TrimPrefix(text, "http://")
	if i := strings.IndexAny(address, "/?"); i >= 0 {
		address = address[:i]
	}
	a := netaddr.ParseAddress(address)
	if x.unknownHost(a) {
		a.Refusal = hostNotFound
	}
	if a.Refusal != "" {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("auth_http cannot use %s: %s", source.Excerpt(text), a.Refusal), fmt.Sprintf("%s in auth_http \"%s\"", a.Refusal, text))
	}
}

// indexes finds an empty name in an index (nginx ngx_http_index_module.c,
// ngx_http_index_set_index).
func (x *inspector) indexes(d nginx.Directive) {
	for _, w := range d.Args() {
		if w.String() == "" {
			x.refuse(d, w.Span(), "index has an empty name", `index "" in "index" directive is invalid`)
		}
	}
}
