package cloudflare

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Dated is a fact that Cloudflare can change at any time.
type Dated[T any] struct {
	Value T
	// Read is the day on which the page was read, and Page its address.
	Read, Page string
}

// Ranges are the addresses from which Cloudflare connects to origins.
var Ranges = Dated[[]netip.Prefix]{prefixes(`173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20
188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22
2400:cb00::/32 2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29 2c0f:f248::/32`),
	"2026-08-22", "https://www.cloudflare.com/ips/"}

// Ports are those of origins to which Cloudflare connects, without TLS and then with it: the port of
// the request, unless a rule at Cloudflare changes it.
var Ports = Dated[[]uint16]{
	[]uint16{80, 8080, 8880, 2052, 2082, 2086, 2095, 443, 2053, 2083, 2087, 2096, 8443},
	"2026-08-22", "https://developers.cloudflare.com/fundamentals/reference/network-ports/",
}

// ReadTimeout is how long Cloudflare waits for the header of a response before it answers 524.
// Enterprise plans may set more.
var ReadTimeout = Dated[time.Duration]{
	120 * time.Second,
	"2026-07-23", "https://developers.cloudflare.com/fundamentals/reference/connection-limits/",
}

// BodyLimits are the largest bodies of requests, in bytes, before Cloudflare answers 413: on the
// plans Free and Pro, and on Business. Enterprise plans may set theirs.
var BodyLimits = Dated[[2]int64]{
	[2]int64{100 << 20, 200 << 20},
	"2026-11-29", "https://developers.cloudflare.com/workers/platform/limits/#request-limits",
}

// RealIPHeaders are the headers in which Cloudflare sends the address of the visitor, in lower case.
var RealIPHeaders = Dated[[]string]{
	[]string{"cf-connecting-ip", "cf-connecting-ipv6", "cf-pseudo-ipv4", "true-client-ip", "x-forwarded-for"},
	"2026-08-22", "https://developers.cloudflare.com/fundamentals/reference/http-headers/",
}

func prefixes(text string) (all []netip.Prefix) {
	for word := range strings.FieldsSeq(text) {
		all = append(all, netip.MustParsePrefix(word))
	}
	return all
}

// Owns reports whether an address is one from which Cloudflare connects to origins.
func Owns(a netip.Addr) bool {
	return slices.ContainsFunc(Ranges.Value, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
