package handler

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

// listenOf reads [address:]port [protocol] (httpd server/listen.c, ap_set_listener). A port alone
// is every address.
func listenOf(words []apache.Word, at source.Span, why string) Listen {
	l := Listen{At: at}
	if len(words) == 0 || why != "" || words[0].Unset() != "" {
		return l
	}
	host, port := splitPort(words[0].Text)
	n, ok := netaddr.Port(port)
	if !ok {
		return l
	}
	l.SSL = n == 443
	if len(words) > 1 {
		l.SSL = strings.EqualFold(words[1].Text, "https")
	}
	addr := netip.IPv6Unspecified()
	if host != "" && host != "*" {
		if addr, ok = literal4or6(host); !ok {
			return l
		}
	}
	l.Endpoint = netaddr.TCPEndpoint(addr, n)
	return l
}

// splitPort splits host:port; the port alone has no host, and [::1] has no port.
func splitPort(text string) (host, port string) {
	host = strings.TrimRight(text, "0123456789")
	if port = text[len(host):]; host == "" {
		return "", port
	}
	if name, ok := strings.CutSuffix(host, ":"); ok {
		return name, port
	}
	if name, ok := strings.CutSuffix(text, ":*"); ok {
		return name, ""
	}
	return text, ""
}

// literal4or6 reads an address, an IPv6 one with or without brackets.
func literal4or6(host string) (netip.Addr, bool) {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if host == "localhost" {
		return netaddr.Loopback4, true
	}
	addr, err := netip.ParseAddr(host)
	return addr.Unmap(), err == nil
}

// hostAddress reads an address of <VirtualHost>; ok is false for a host name, which only a
// resolver knows.
func hostAddress(text string) (a address, ok bool) {
	host, port := splitPort(text)
	a.port, _ = netaddr.Port(port)
	if host == "" && port != "" { // a number alone is an address in one part
		host, a.port = text, 0
	}
	if host == "*" || strings.EqualFold(host, "_default_") {
		return a, true
	}
	a.addr, ok = literal4or6(host)
	if ok && a.addr.IsUnspecified() {
		a.addr = netip.Addr{}
	}
	return a, ok
}
