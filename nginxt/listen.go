package nginxt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/source"
)

// listen judges a listen directive of http (nginx ngx_http_core_module.c,
// ngx_http_core_listen; measured on nginx 1.22).
func (x *inspector) listen(d nginx.Directive) {
	address := d.Arg(0)
	text := address.String()
	if why := x.refusedListen(text); why != "" && x.stays(text) {
		x.refuse(d, address.Span(), listenMessage(text, why), fmt.Sprintf("%s in \"%s\" of the \"listen\" directive", why, text))
	}
	for i, w := range d.Args() {
		if i == 0 {
			continue
		}
		text := w.String()
		if why := refusedOption(text); why != "" && x.stays(text) {
			x.refuse(d, w.Span(), fmt.Sprintf("listen takes no %s behind its address", source.Excerpt(text)), fmt.Sprintf("%s \"%s\"", why, text))
		}
	}
}

func listenMessage(text string, why netaddr.Refusal) string {
	switch {
	case why == hostNotFound:
		return fmt.Sprintf("nginx cannot listen on %s: it is neither a port nor an address, and no host has that name", source.Excerpt(text))
	case strings.HasPrefix(text, "/"):
		return fmt.Sprintf("nginx cannot listen on %s: a path needs unix: in front", source.Excerpt(text))
	}
	return fmt.Sprintf("nginx cannot listen on %s: %s", source.Excerpt(text), why)
}

// refusedListen returns nginx's error for the address of a listen directive, "" if
// nginx accepts it. Results are cached, since most sites have the same addresses.
func (x *inspector) refusedListen(text string) netaddr.Refusal {
	why, met := x.listens[text]
	if !met {
		why = x.readListen(text)
		x.listens[text] = why
	}
	return why
}

func (x *inspector) readListen(text string) netaddr.Refusal {
	a := netaddr.ParseListen(text)
	if a.Refusal != "" || a.Network == netaddr.Unix || a.Host == "*" {
		return a.Refusal
	}
	if _, numeric := netaddr.NginxLiteral(a.Host); !numeric && (nginx.HasVariable(a.Host) || x.unresolvable(a.Host)) {
		return hostNotFound
	}
	return ""
}

// hostNotFound is nginx's error for a host name without an address.
const hostNotFound netaddr.Refusal = "host not found"

// listenFlags are the parameters of listen that have no value, including those
// added after nginx 1.22.
const listenFlags = " default_server default bind ssl http2 proxy_protocol deferred reuseport quic http3 multipath "

// refusedOption returns nginx's error for a parameter of listen.
func refusedOption(text string) string {
	name, value, valued := strings.Cut(text, "=")
	n, number := nginx.Number(value)
	switch {
	case !valued:
		if !strings.Contains(listenFlags, " "+name+" ") || name == "" {
			return "invalid parameter"
		}
	case name == "backlog" && (!number || n == 0):
		return "invalid backlog"
	case name == "fastopen" && !number:
		return "invalid fastopen"
	case name == "ipv6only" && value != "on" && value != "off":
		return "invalid parameter"
	case name == "backlog", name == "fastopen", name == "ipv6only", name == "rcvbuf", name == "sndbuf", name == "so_keepalive", name == "setfib", name == "accept_filter":
	default:
		return "invalid parameter"
	}
	return ""
}

// serverName judges a server_name (nginx ngx_http_core_module.c,
// ngx_http_core_server_name).
func (x *inspector) serverName(d nginx.Directive, w nginx.Word) {
	text := w.String()
	expression, is := strings.CutPrefix(text, "~")
	switch {
	case is && expression == "":
		x.refuse(d, w.Span(), "there is no expression behind the ~ of server_name", `empty regex in server name "~"`)
	case is:
		x.expression(d, w, expression)
	case neverName(text):
		x.refuse(d, w.Span(), fmt.Sprintf("%s is no name for a server: a star stands for whole parts, as in *.example.com", text), fmt.Sprintf("server name \"%s\" is invalid", text))
	}
}

// neverName reports whether nginx refuses a server name at any address.
func neverName(name string) bool {
	return name == "." || strings.HasPrefix(name, "*") && (len(name) < 3 || name[1] != '.')
}

// OddName reports whether nginx refuses a server name at an address that several
// servers share. There an asterisk may replace the first or the last label only, and
// no label may be empty (nginx ngx_hash.c, ngx_hash_add_key; measured on nginx
// 1.22).
func OddName(name string) bool {
	if !strings.Contains(name, "..") && !strings.Contains(name, "*") || strings.HasPrefix(name, "~") || neverName(name) || source.TemplateMark(name) != "" || nginx.HasVariable(name) {
		return false
	}
	inner := strings.TrimPrefix(name, "*.")
	if inner == name {
		inner = strings.TrimSuffix(name, ".*")
	}
	return strings.Contains(name, "..") || strings.Contains(inner, "*")
}
