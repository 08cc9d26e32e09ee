package firewall

import (
	"net/netip"
	"slices"
	"sort"
	"strings"
)

// interval is a run of addresses of one family, both ends included.
type interval struct{ first, last netip.Addr }

// addresses is a set of addresses: intervals in order, IPv4 before IPv6, of which no
// two overlap.
type addresses []interval

var (
	everyIPv4    = addresses{intervalOf(netip.MustParsePrefix("0.0.0.0/0"))}
	everyIPv6    = addresses{intervalOf(netip.MustParsePrefix("::/0"))}
	everyAddress = addresses{everyIPv4[0], everyIPv6[0]}
)

// intervalOf returns the addresses of a prefix.
func intervalOf(p netip.Prefix) interval {
	first := p.Masked().Addr()
	raw := first.AsSlice()
	for bit := p.Bits(); bit < first.BitLen(); bit++ {
		raw[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(raw)
	return interval{first, last}
}

// parseInterval reads an address, a prefix with its length or its mask, or a range.
func parseInterval(text string) (i interval, ok bool) {
	if first, last, ok := strings.Cut(text, "-"); ok {
		return parseRange(first, last)
	}
	host, mask, masked := strings.Cut(text, "/")
	a, err := netip.ParseAddr(host)
	if err != nil || a.Zone() != "" {
		return interval{}, false
	}
	bits := a.BitLen()
	if masked {
		if bits, ok = maskBits(a, mask); !ok {
			return interval{}, false
		}
	}
	return intervalOf(netip.PrefixFrom(a, bits)), true
}

func parseRange(first, last string) (i interval, ok bool) {
	a, err := netip.ParseAddr(strings.TrimSpace(first))
	b, err2 := netip.ParseAddr(strings.TrimSpace(last))
	ok = err == nil && err2 == nil && a.BitLen() == b.BitLen() && a.Compare(b) <= 0 && a.Zone()+b.Zone() == ""
	return interval{a, b}, ok
}

// maskBits reads the length of a prefix, or a mask such as 255.255.255.0.
func maskBits(a netip.Addr, text string) (bits int, ok bool) {
	if p, err := netip.ParsePrefix(a.String() + "/" + text); err == nil {
		return p.Bits(), true
	}
	mask, err := netip.ParseAddr(text)
	if err != nil || mask.BitLen() != a.BitLen() {
		return 0, false
	}
	raw := mask.AsSlice()
	for bits < mask.BitLen() && raw[bits/8]&(0x80>>(bits%8)) != 0 {
		bits++
	}
	// A mask with holes is not a prefix.
	all := interval{mask, mask}
	return bits, intervalOf(netip.PrefixFrom(mask, bits)).first == all.first
}

func (a addresses) clone() addresses { return slices.Clone(a) }

// union returns the set of what is in any of the intervals, which it sorts.
func union(list []interval) (set addresses) {
	slices.SortFunc(list, func(a, b interval) int { return a.first.Compare(b.first) })
	for _, i := range list {
		n := len(set)
		if n > 0 && set[n-1].last.BitLen() == i.first.BitLen() && i.first.Compare(next(set[n-1].last, i.first)) <= 0 {
			if i.last.Compare(set[n-1].last) > 0 {
				set[n-1].last = i.last
			}
			continue
		}
		set = append(set, i)
	}
	return set
}

// next returns the address after a, and end if a is the last of its family.
func next(a, end netip.Addr) netip.Addr {
	if n := a.Next(); n.IsValid() {
		return n
	}
	return end
}

// within returns the parts of i that are in the set.
func (a addresses) within(i interval) (parts addresses) {
	from := sort.Search(len(a), func(n int) bool { return a[n].last.Compare(i.first) >= 0 })
	for _, own := range a[from:] {
		if own.first.Compare(i.last) > 0 {
			break
		}
		parts = append(parts, interval{later(own.first, i.first), earlier(own.last, i.last)})
	}
	return parts
}

// intersect returns what is in both sets.
func (a addresses) intersect(b addresses) (set addresses) {
	if len(a) > len(b) {
		a, b = b, a
	}
	for _, i := range a {
		set = append(set, b.within(i)...)
	}
	return set
}

// minus returns what is in a and not in b.
func (a addresses) minus(b addresses) (set addresses) {
	for _, i := range a {
		set = append(set, i.minus(b.within(i))...)
	}
	return set
}

// minus returns what parts, which are in i and in order, leave of it.
func (i interval) minus(parts addresses) (rest addresses) {
	from := i.first
	for _, p := range parts {
		if from.Compare(p.first) < 0 {
			rest = append(rest, interval{from, p.first.Prev()})
		}
		if p.last == i.last {
			return rest
		}
		from = p.last.Next()
	}
	return append(rest, interval{from, i.last})
}

func later(a, b netip.Addr) netip.Addr {
	if a.Compare(b) > 0 {
		return a
	}
	return b
}

func earlier(a, b netip.Addr) netip.Addr {
	if a.Compare(b) < 0 {
		return a
	}
	return b
}
