package fpmt

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// Clients is listen.allowed_clients of a pool on a TCP port.
type Clients struct {
	At source.Span
	// Addrs are the entries that PHP-FPM can read, and Unread those that it
	// cannot: names, networks, and addresses with a blank.
	Addrs  []netip.Addr
	Unread []string
}

// ReadClients reads the value of listen.allowed_clients, which is written at at. It is
// a comma-separated list of entries for inet_pton (php-src main/fastcgi.c,
// fcgi_set_allowed_clients); an empty one allows no client (measured on PHP-FPM 8.2).
func ReadClients(text string, at source.Span) *Clients {
	c := &Clients{At: at}
	for entry := range strings.SplitSeq(text, ",") {
		if addr, err := netip.ParseAddr(entry); err == nil && addr.Zone() == "" {
			c.Addrs = append(c.Addrs, addr)
		} else if entry != "" {
			c.Unread = append(c.Unread, entry)
		}
	}
	return c
}

// Admits reports whether PHP-FPM accepts a connection from an address. Of an IPv6
// address it compares only the first 12 bytes (php-src main/fastcgi.c,
// fcgi_is_allowed).
func (c *Clients) Admits(from netip.Addr) bool {
	for _, addr := range c.Addrs {
		if addr.Unmap() == from {
			return true
		}
		if addr.Is6() && from.Is6() {
			a, b := addr.As16(), from.As16()
			if [12]byte(a[:12]) == [12]byte(b[:12]) {
				return true
			}
		}
	}
	return false
}
