package nginxt

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// listen judges the address of a listen directive of http, stream or mail, and what its
// parameters mean together (nginx ngx_http_core_module.c, ngx_http_core_listen, and the same
// of stream and mail; measured on nginx 1.22).
func (x *inspector) listen(d nginx.Directive, _ *servers.NginxDirective, v visit) {
	address := d.Arg(0)
	text := address.String()
	at := x.readListen(text)
	if at.why != "" && at.stays {
		x.refuse(d, address.Span(), listenMessage(text, at.why), fmt.Sprintf("%s in \"%s\" of the \"listen\" directive", at.why, text))
	}
	x.listensOn(d)
	x.datagrams(d)
	x.listened(d, at, v.context)
}

// words returns the arguments of a directive.
func words(d nginx.Directive) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, w := range d.Args() {
			if !yield(w.String()) {
				return
			}
		}
	}
}

// datagrams finds a parameter of TCP beside udp or quic.
func (x *inspector) datagrams(d nginx.Directive) {
	var kind string
	var stream nginx.Word
	for i := 1; i < d.NumArgs(); i++ {
		w := d.Arg(i)
		text, ok := x.literal(w)
		name, _, _ := strings.Cut(text, "=")
		switch {
		case !ok:
			return
		case text == "udp", text == "quic":
			kind = text
		case name == "fastopen", name == "backlog", name == "deferred", name == "multipath", name == "ssl", name == "http2", name == "so_keepalive", name == "proxy_protocol":
			stream = w
		}
	}
	if kind != "" && !stream.IsZero() {
		name, _, _ := strings.Cut(stream.String(), "=")
		x.refuse(d, stream.Span(), fmt.Sprintf("listen cannot have %s beside %s", name, kind), fmt.Sprintf("\"listen\" directive \"%s\" parameter is incompatible with \"%s\"", name, kind))
	}
}

func listenMessage(text string, why netaddr.Refusal) string {
	switch {
	case why == hostNotFound:
		return fmt.Sprintf("nginx cannot listen on %s: it is neither a port nor an address, and no host has that name", source.Excerpt(text))
	case strings.HasPrefix(text, "/"):
		return fmt.Sprintf("nginx cannot listen on %s: a path needs the prefix unix:", source.Excerpt(text))
	}
	return fmt.Sprintf("nginx cannot listen on %s: %s", source.Excerpt(text), why)
}

// listened is the address of a listen directive.
type listened struct {
	netaddr.Address
	addr netip.Addr      // of Host; invalid if that is not an address
	why  netaddr.Refusal // nginx's error; "" if nginx accepts it

	stays    bool // see inspector.stays
	plain    bool // it has no variables and nothing that a program replaces
	tcp, udp bool // a directive that counts listens there
}

// readListen reads the address of a listen directive. Results are cached, since most
// sites have the same addresses.
func (x *inspector) readListen(text string) *listened {
	if at := x.listens[text]; at != nil {
		return at
	}
	at := &listened{Address: netaddr.ParseListen(text), stays: x.stays(text)}
	at.plain = at.stays && !nginx.HasVariable(text) && !source.Stub(text)
	at.addr, _ = netaddr.NginxLiteral(at.Host)
	switch {
	case at.Refusal != "" || at.Network == netaddr.Unix || at.Host == "*":
		at.why = at.Refusal
	case !at.addr.IsValid() && (nginx.HasVariable(at.Host) || x.unresolvable(at.Host)):
		at.why = hostNotFound
	}
	x.listens[text] = at
	return at
}

// hostNotFound is nginx's error for a host name without an address.
const hostNotFound netaddr.Refusal = "host not found"

// serverName judges a server_name (nginx ngx_http_core_module.c,
// ngx_http_core_server_name).
func (x *inspector) serverName(d nginx.Directive, w nginx.Word) {
	text := w.String()
	expression, is := strings.CutPrefix(text, "~")
	switch {
	case is && expression == "":
		x.refuse(d, w.Span(), "server_name has no expression after ~", `empty regex in server name "~"`)
	case is:
		x.expression(d, w, expression)
	case neverName(text):
		x.refuse(d, w.Span(), fmt.Sprintf("%s is not a valid server name: * replaces whole parts only, as in *.example.com", text), fmt.Sprintf("server name \"%s\" is invalid", text))
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
