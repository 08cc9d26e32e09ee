package netaddr

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Literal reads host as an address, as getaddrinfo(3) does before any lookup:
// IPv6, or IPv4 in one of the forms of inet_aton(3). These are one to four
// numbers, decimal, octal or hexadecimal; the last one fills the remaining bytes.
// 127.1 is 127.0.0.1, and 9000 is 0.0.35.40.
func Literal(host string) (addr netip.Addr, ok bool) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr, true
	}
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return addr, false
	}
	var number uint64
	for i, part := range parts {
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		base := 10
		if hex := strings.TrimPrefix(strings.TrimPrefix(part, "0x"), "0X"); hex != part {
			part, base = hex, 16
		} else if strings.HasPrefix(part, "0") {
			base = 8
		}
		n, err := strconv.ParseUint(part, base, bits)
		if err != nil {
			return addr, false
		}
		number = number<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(number >> 24), byte(number >> 16), byte(number >> 8), byte(number)}), true
}

// NginxLiteral reads host as nginx does before any lookup: itself, and then
// with getaddrinfo(3).
func NginxLiteral(host string) (addr netip.Addr, ok bool) {
	if addr, ok = NginxIPv4(host); ok {
		return addr, true
	}
	return Literal(host)
}

// NginxIPv4 reads an IPv4 address as nginx itself does: with three dots; a
// number between them may be missing and is never octal (nginx ngx_inet.c,
// ngx_inet_addr).
func NginxIPv4(host string) (addr netip.Addr, ok bool) {
	if strings.Count(host, ".") != 3 || strings.Trim(host, "0123456789.") != "" {
		return addr, false
	}
	var bytes [4]byte
	for i, part := range strings.Split(host, ".") {
		n, err := strconv.ParseUint("0"+part, 10, 8)
		if err != nil {
			return addr, false
		}
		bytes[i] = byte(n)
	}
	return netip.AddrFrom4(bytes), true
}

// NotHostName reports whether no resolver can resolve a name that is not in
// /etc/hosts: a name that is reserved to have no address (RFC 6761), that is a
// malformed address, that has an invalid byte, or whose labels do not fit a question
// to a name server (glibc resolv/ns_name.c, ns_name_pton; musl src/network/res_mkquery.c).
func NotHostName(host string) bool {
	lower := strings.ToLower(strings.TrimSuffix(host, "."))
	return lower == "invalid" || strings.HasSuffix(lower, ".invalid") ||
		strings.Trim(lower, "0123456789.") == "" || misspelt(lower) || strings.IndexFunc(lower, notInHostName) >= 0 || !fits(lower)
}

// The longest label and the longest name that a name server can look up, in bytes
// (RFC 1035, 2.3.4; a name takes two more than it has letters).
const (
	maxLabel = 63
	maxName  = 253
)

// fits reports whether the labels of a name, which has no dot at its end, have a length.
func fits(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel {
			return false
		}
	}
	return len(name) <= maxName
}

// misspelt reports whether the last two of at least three labels of a name are numbers, as
// in 127q.0.0.1: no domain at the top is a number.
func misspelt(name string) bool {
	labels := strings.Split(name, ".")
	n := len(labels)
	return n > 2 && labels[n-1] != "" && strings.Trim(labels[n-1]+labels[n-2], "0123456789") == ""
}

// notInHostName reports whether c is invalid in a host name. Letters beyond ASCII
// are valid, for resolvers of internationalized names.
func notInHostName(c rune) bool {
	return c < utf8.RuneSelf && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.", c)
}

// Port reads a port as both servers do: decimal, 1 to 65535.
func Port(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, false
	}
	return uint16(n), n > 0
}
