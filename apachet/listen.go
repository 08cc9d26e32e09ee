package apachet

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/apache"
)

// addressPort is an address and a port as APR reads them (apr_parse_addr_port).
type addressPort struct {
	host string // "" for none
	port uint16 // 0 for none
	zone string // the interface of an address of IPv6
}

// parseAddressPort reads an address and a port; ok is false if APR refuses them.
func parseAddressPort(text string) (a addressPort, ok bool) {
	host := strings.TrimRight(text, "0123456789")
	digits := text[len(host):]
	switch {
	case host == "":
		a.port, ok = portOf(digits)
		return a, ok
	case strings.HasSuffix(host, ":") && digits != "":
		if a.port, ok = portOf(digits); !ok || host == ":" {
			return a, false
		}
		text = host[:len(host)-1]
	}
	a.host = text
	if !strings.HasPrefix(text, "[") {
		return a, true
	}
	if strings.IndexByte(text, ']') != len(text)-1 {
		return a, false
	}
	var scoped bool
	a.host, a.zone, scoped = strings.Cut(text[1:len(text)-1], "%")
	addr, err := netip.ParseAddr(a.host)
	return a, err == nil && addr.Is6() && (!scoped || a.zone != "")
}

// portOf reads a port of digits.
func portOf(digits string) (uint16, bool) {
	n := apache.Int(digits)
	return uint16(n), 0 < n && n < 1<<16
}

// listener is one Listen line.
type listener struct {
	d *apache.Directive
	addressPort
}

// listen judges Listen (httpd server/listen.c, ap_set_listener).
func (x *checker) listen(d *apache.Directive, s state) *Refusal {
	if x.unset(d) {
		return nil
	}
	word := d.Arg(0)
	a, ok := parseAddressPort(word)
	switch {
	case len(d.Args) == 0, word == "", len(d.Args) > 2:
		return refuse(d, -1, "Listen takes one or two words, and "+given(d), "Listen requires 1 or 2 arguments.")
	case !ok:
		return refuse(d, 0, expected(d, "a port from 1 to 65535, or an address and a port", word), "Invalid address or port")
	case a.port == 0:
		return refuse(d, 0, quoted(word)+" in Listen has no port", "Port must be specified")
	}
	switch a.host {
	case "*":
		a.host = ""
	case "_default_":
		return refuse(d, 0, "Listen does not know _default_, which is for <VirtualHost>; the port alone is every address", "Listen setup failed")
	}
	for _, l := range x.listens {
		if l.addressPort != a || s.unsure { // loose files need not be of one server
			continue
		}
		r := refusal(Listen, d, d.Args[0].At, "a second Listen for "+word, "Cannot define multiple Listeners on the same IP:port")
		return noted(r, l.d, "the first is here")
	}
	if !x.mayResolve(a.host) {
		return refuse(d, 0, "cannot resolve host "+quoted(a.host)+" of Listen", "Listen setup failed")
	}
	x.listens = append(x.listens, listener{d, a})
	return nil
}

// mayResolve reports whether a host may have an address: one that certainly has none is
// neither an address nor a host name.
func (x *checker) mayResolve(host string) bool {
	if host == "" || x.facts != nil && len(x.facts.Lookup(host)) > 0 {
		return true
	}
	if _, ok := literal(host); ok {
		return true
	}
	return !netaddr.NotHostName(host)
}

// literal reads an address as the resolver of the C library does.
func literal(host string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.WithZone(""), true
	}
	return netaddr.Literal(host)
}

// virtualHost judges the addresses of <VirtualHost> (httpd server/vhost.c, get_addresses). A
// name that has no address is only logged.
func (x *checker) virtualHost(d *apache.Directive, _ state) *Refusal {
	for i, w := range d.Args {
		word := w.Text
		if word == "" {
			return nil // it ends the list
		}
		if rest, ok := strings.CutSuffix(word, ":*"); ok {
			word = rest
		}
		a, ok := parseAddressPort(word)
		switch {
		case !ok:
			return refuse(d, i, "<VirtualHost> takes an address and a port from 1 to 65535, not "+quoted(w.Text), "The address or port is invalid")
		case a.host == "":
			return refuse(d, i, quoted(w.Text)+" in <VirtualHost> has no address; *:"+w.Text+" is any", "Missing address for VirtualHost")
		}
	}
	return nil
}
