package bundle

import (
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// keeps reports whether an address stays as it is. before is the text before it.
type keeps func(a netip.Addr, before string) bool

// own reports whether an address is one of every machine.
func own(a netip.Addr) bool { return a.IsLoopback() || a.IsUnspecified() }

// shared is the range for carriers (RFC 6598), private too.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// private keeps the addresses of private networks.
func private(a netip.Addr, _ string) bool {
	return own(a) || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || shared.Contains(a)
}

// ofServers keeps the private addresses that the configuration names, and those that a server is
// said to listen on or to connect to.
func (m *masker) ofServers(a netip.Addr, before string) bool {
	if own(a) {
		return true
	}
	if !private(a, before) {
		return false
	}
	before = strings.TrimSuffix(before, "[")
	for _, sign := range []string{"://", "dial tcp ", "resolver: ", "address '", "bind() to ", "connect() to ", "connect to ", "remote server ", "listen on "} {
		if strings.HasSuffix(before, sign) {
			return true
		}
	}
	return m.known[a]
}

// encodedColons are those of an IPv6 address in a URI.
var encodedColons = lazyregexp.New(`(?i)[0-9a-f]{0,4}(?:%3a[0-9a-f]{0,4}){2,7}`)

// addresses replaces IP addresses by their names, unless keep keeps them.
func (m *masker) addresses(s string, keep keeps) string {
	s = encodedColons.ReplaceAllStringFunc(s, func(found string) string {
		return strings.ReplaceAll(strings.ReplaceAll(found, "%3a", ":"), "%3A", ":")
	})
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if !ofAddress(s[i]) {
			i++
			continue
		}
		end := i
		for end < len(s) && ofAddress(s[end]) {
			end++
		}
		for from := i; from < end; {
			a, start, stop, ok := addressIn(s, from, end)
			if !ok {
				break
			}
			if !keep(a, s[:start]) {
				b.WriteString(s[done:start])
				b.WriteString(m.name(a.String(), false))
				done = stop
			}
			from = stop
		}
		i = end
	}
	return b.String() + s[done:]
}

func ofAddress(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' || c == ':' || c == '.'
}

// addressIn finds the first IP address in s[from:end], which consists of the characters of
// addresses. It may have a port after it, and other words before it.
func addressIn(s string, from, end int) (a netip.Addr, start, stop int, ok bool) {
	for start = from; start < end; start++ {
		if start > 0 && isWord(s[start-1]) || s[start] == '.' || s[start] == ':' && !strings.HasPrefix(s[start:end], "::") {
			continue
		}
		// The longest first: an IPv6 address begins with shorter ones.
		for stop = end; stop > start+1; stop-- {
			if stop < len(s) && isWord(s[stop]) || stop < end && s[stop] == '.' && stop+1 < end && isDigit(s[stop+1]) {
				continue
			}
			if a, ok = parseAddress(s[start:stop]); ok && (start == 0 || s[start-1] != '.' || a.Is6()) {
				return a, start, stop, true
			}
			if stop-start > 64 { // longer than any address
				stop = start + 64
			}
		}
	}
	return a, 0, 0, false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// parseAddress reads an IP address. An IPv4 address may have zeros before its numbers. The names of
// classes, such as A::b, are not addresses.
func parseAddress(text string) (a netip.Addr, ok bool) {
	if strings.Count(text, ":") < 2 {
		parts := strings.Split(text, ".")
		if len(parts) != 4 {
			return a, false
		}
		var four [4]byte
		for i, part := range parts {
			n := 0
			for _, c := range []byte(part) {
				if !isDigit(c) || n > 255 {
					return a, false
				}
				n = n*10 + int(c-'0')
			}
			if part == "" || len(part) > 3 || n > 255 {
				return a, false
			}
			four[i] = byte(n)
		}
		return netip.AddrFrom4(four), true
	}
	a, err := netip.ParseAddr(text)
	return a.Unmap(), err == nil && (strings.ContainsAny(text, "0123456789") || strings.Count(text, ":") > 3)
}
