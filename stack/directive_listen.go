package stack

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/parser/nginx"
)

// listen judges a listen of http (nginx ngx_http_core_module.c,
// ngx_http_core_listen; measured on nginx 1.22).
func (x *inspector) listen(d nginx.Directive) {
	address := d.Arg(0)
	if text, ok := x.literal(address); ok {
		if why := x.refusedListen(text); why != "" {
			x.refuse(d, address.Span(), listenMessage(text, why), fmt.Sprintf("%s in \"%s\" of the \"listen\" directive", why, text))
		}
	}
	for i, w := range d.Args() {
		text, ok := x.literal(w)
		if i == 0 || !ok {
			continue
		}
		if why := refusedOption(text); why != "" {
			x.refuse(d, w.Span(), fmt.Sprintf("listen takes no %s behind its address", shown(text)), fmt.Sprintf("%s \"%s\"", why, text))
		}
	}
}

func listenMessage(text, why string) string {
	switch {
	case why == "host not found":
		return fmt.Sprintf("nginx cannot listen on %s: it is neither a port nor an address, and no host has that name", shown(text))
	case strings.HasPrefix(text, "/"):
		return fmt.Sprintf("nginx cannot listen on %s: a path needs unix: in front", shown(text))
	}
	return fmt.Sprintf("nginx cannot listen on %s: %s", shown(text), why)
}

// refusedListen returns what nginx says against the address of a listen, and ""
// for one that it takes (nginx ngx_inet.c, ngx_parse_url).
func (x *inspector) refusedListen(text string) string {
	switch {
	case len(text) >= 5 && strings.EqualFold(text[:5], "unix:"):
		if text[5:] == "" {
			return "no path in the unix domain socket"
		}
		return ""
	case strings.ContainsAny(text, "/?"):
		return "invalid host"
	}
	host, ports, found := strings.Cut(text, ":")
	if strings.HasPrefix(text, "[") {
		inner, behind, closed := strings.Cut(text[1:], "]")
		if !closed || behind != "" && behind[0] != ':' {
			return "invalid host"
		}
		if addr, err := netip.ParseAddr(inner); err != nil || !addr.Is6() {
			return "invalid IPv6 address"
		}
		return refusedPorts(strings.TrimPrefix(behind, ":"), behind != "")
	}
	if !found && strings.Trim(text, "0123456789-") == "" && text != "" && text[0] != '-' && text[len(text)-1] != '-' {
		return refusedPorts(text, true)
	}
	if why := refusedPorts(ports, found); why != "" {
		return why
	}
	if _, numeric := nginxLiteral(host); host == "*" || numeric {
		return ""
	}
	if host == "" {
		return "no host"
	}
	if nginx.HasVariable(host) || x.nobodyKnows(host) {
		return "host not found"
	}
	return ""
}

// refusedPorts judges a port, or a range such as 80-82.
func refusedPorts(text string, written bool) string {
	if !written {
		return ""
	}
	first, last, ranged := strings.Cut(text, "-")
	from, ok := port(first)
	to, also := from, true
	if ranged {
		to, also = port(last)
	}
	switch {
	case !ok || !also:
		return "invalid port"
	case from > to:
		return "invalid port range"
	}
	return ""
}

// listenFlags are the parameters of listen without a value, those of versions
// after 1.22 included.
const listenFlags = " default_server default bind ssl http2 proxy_protocol deferred reuseport quic http3 multipath "

// refusedOption returns what nginx says against a parameter of listen.
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
