package netaddr

import (
	"net/netip"
	"strings"
)

// Address is the text of an address as a server reads it, before it looks up a
// host name.
type Address struct {
	Text    string // as written
	Network Network
	Path    string // Unix: as written
	Host    string // TCP: a name, a literal without brackets, or *; "" for none
	Port    uint16 // TCP: 0 for none
	Last    uint16 // TCP: the last port of a range; Port when it is one port
	Refusal Refusal
}

// Refusal is why nginx refuses an address, in its words; "" for an address that
// it accepts.
type Refusal string

// The refusals (nginx ngx_inet.c, ngx_http_proxy_module.c, ngx_http_script.c).
const (
	InvalidHost      Refusal = "invalid host"
	InvalidIPv6      Refusal = "invalid IPv6 address"
	InvalidPort      Refusal = "invalid port"
	InvalidPortRange Refusal = "invalid port range"
	NoHost           Refusal = "no host"
	NoPort           Refusal = "no port"
	NoPath           Refusal = "no path in the unix domain socket"
	NoScheme         Refusal = "invalid URL prefix"
	NoVariable       Refusal = "invalid variable name"
)

// MaxSocketPath is how many bytes a path may have in a unix socket address on
// Linux (sys/un.h: 108 with the NUL after it).
const MaxSocketPath = 107

// ParseAddress reads the address of a *_pass, of a server of an upstream or of a
// resolver (nginx ngx_inet.c, ngx_parse_url; measured on nginx 1.22).
func ParseAddress(text string) Address {
	a := Address{Text: text}
	if a.unix() {
		return a
	}
	ports, written := a.splitHost()
	if written {
		a.Port, _ = Port(ports)
		a.Last = a.Port
	}
	switch {
	case a.Refusal != "":
	case strings.ContainsAny(text, "/?"):
		a.Refusal = InvalidHost
	case written && a.Port == 0:
		a.Refusal = InvalidPort
	case a.Host == "":
		a.Refusal = NoHost
	}
	return a
}

// ParseListen reads the address of a listen of nginx, which may be a port alone
// and may have a range of ports. Without a port it is 80.
func ParseListen(text string) Address {
	a := Address{Text: text}
	if a.unix() {
		return a
	}
	ports, written := a.splitHost()
	if !written && text != "" && strings.Trim(text, "0123456789-") == "" && text[0] != '-' && text[len(text)-1] != '-' {
		a.Host, ports, written = "*", text, true
	}
	if a.Port, a.Last = 80, 80; written {
		a.readPorts(ports)
	}
	if strings.ContainsAny(text, "/?") {
		a.Refusal = InvalidHost
	}
	if a.Refusal == "" && a.Host == "" {
		a.Refusal = NoHost
	}
	return a
}

// readPorts reads a port, or a range such as 80-82.
func (a *Address) readPorts(text string) {
	first, last, ranged := strings.Cut(text, "-")
	if !ranged {
		last = first
	}
	var ok, also bool
	a.Port, ok = Port(first)
	a.Last, also = Port(last)
	switch {
	case a.Refusal != "":
	case !ok || !also:
		a.Refusal = InvalidPort
	case a.Port > a.Last:
		a.Refusal = InvalidPortRange
	}
}

// unix reads unix: and a path, and reports whether a is such an address.
func (a *Address) unix() (ok bool) {
	if a.Path, ok = CutUnix(a.Text); !ok {
		return false
	}
	if a.Network = Unix; a.Path == "" {
		a.Refusal = NoPath
	}
	return true
}

// splitHost cuts the host from the start of the text, and returns the rest
// after a colon.
func (a *Address) splitHost() (ports string, written bool) {
	a.Network = TCP
	if !strings.HasPrefix(a.Text, "[") {
		a.Host, ports, written = strings.Cut(a.Text, ":")
		return ports, written
	}
	inner, rest, closed := strings.Cut(a.Text[1:], "]")
	a.Host = inner
	if !closed || rest != "" && rest[0] != ':' {
		a.Refusal = InvalidHost
	} else if addr, err := netip.ParseAddr(inner); err != nil || !addr.Is6() {
		a.Refusal = InvalidIPv6
	}
	return strings.TrimPrefix(rest, ":"), rest != ""
}

// ParsePool reads a listen value of a pool as PHP-FPM does (php-src fpm_sockets.c,
// fpm_sockets_domain_from_address): with a colon it is host:port, all digits are
// a port of every address, and anything else is the name of a unix socket. Port
// is 0 for a port that PHP-FPM refuses.
func ParsePool(text string) Address {
	a := Address{Text: text, Network: TCP}
	i := strings.LastIndexByte(text, ':')
	switch {
	case i >= 0:
		a.Host = text[:i]
		if inner, ok := strings.CutPrefix(a.Host, "["); ok && strings.HasSuffix(inner, "]") {
			a.Host = inner[:len(inner)-1]
		}
		// strtol(3) takes blanks and a plus sign before the number (measured on
		// PHP-FPM 8.2).
		a.Port, _ = Port(strings.TrimPrefix(strings.TrimLeft(text[i+1:], " \t\v\f\r"), "+"))
	case text != "" && strings.Trim(text, "0123456789") == "":
		a.Port, _ = Port(text)
	default:
		a.Network, a.Path = Unix, text
	}
	a.Last = a.Port
	return a
}

// CutUnix returns what follows unix:, which nginx takes in any case, at the start
// of text.
func CutUnix(text string) (path string, ok bool) {
	if len(text) >= 5 && strings.EqualFold(text[:5], "unix:") {
		return text[5:], true
	}
	return "", false
}

// SplitURL splits the URL of a proxy_pass: the address ends where the URI begins,
// which after a unix path takes a colon. Without a scheme it is not ok, but still
// returns the address.
func SplitURL(text string) (scheme, address, uri string, ok bool) {
	scheme, address, ok = strings.Cut(text, "://")
	if !ok {
		scheme, address = "", text
	}
	if name, unix := CutUnix(address); unix {
		name, uri, _ = strings.Cut(name, ":")
		return scheme, "unix:" + name, uri, ok
	}
	if i := strings.IndexAny(address, "/?"); i >= 0 {
		address, uri = address[:i], address[i:]
	}
	return scheme, address, uri, ok
}
