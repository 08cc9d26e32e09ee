package nginxt

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// This file judges the blocks of data, and the lines of geo and split_clients.

// table judges a block of data, such as map, in http or stream.
func (x *inspector) table(d nginx.Directive, v visit) {
	if v.context&(servers.NginxHTTP|servers.NginxStream) == 0 {
		return
	}
	x.named(d)
	name := d.Name()
	if name == "map" || name == "split_clients" || name == "geo" && d.NumArgs() == 2 {
		x.compiled(d, d.Arg(0), d.Arg(0).String())
	}
	switch name {
	case "map":
		x.lookupTable(d)
		return
	case "geo":
		x.networks(d)
	case "split_clients":
		x.percentages(d)
	}
	for line := range d.Children() {
		x.flat(line)
	}
}

// flat judges an include in a block of data, which has no nested blocks.
func (x *inspector) flat(line nginx.Directive) {
	if !line.IsInclude() || !x.main {
		return
	}
	for _, f := range x.filesOf(line) {
		for d := range f.Directives() {
			if d.HasBlock() && !f.quiet {
				x.refuse(d, d.NameWord().Span(), fmt.Sprintf("%s has a body in braces, and the block that includes it holds lines only", d.Name()), `unexpected "{"`)
				return
			}
		}
	}
}

// networks judges the lines of a geo (nginx ngx_http_geo_module.c, ngx_http_geo).
func (x *inspector) networks(block nginx.Directive) {
	if !x.main || x.quiet(block.File()) {
		return
	}
	ranges := false
	x.inside(block, func(line nginx.Directive) {
		name, bare := line.Name(), line.NumArgs() == 0
		switch {
		case x.quiet(line.File()) || line.HasBlock() || source.TemplateMark(line.Span().Text()) != "":
		case bare && name == "ranges":
			ranges = true
		case bare && (name == "proxy_recursive" || name == "volatile" && !servers.Older(x.version, "1.29.3")):
		case line.NumArgs() != 1:
			x.refuse(block, line.Span(), "a line of a geo has a network and a value, and nothing else", "invalid number of the geo parameters")
		default:
			x.network(block, line, ranges)
		}
	})
}

// network judges a line of a geo that has a network.
func (x *inspector) network(block, line nginx.Directive, ranges bool) {
	at := line.NameWord()
	switch name := at.String(); {
	case name == "default":
		return
	case name == "delete", name == "proxy":
		at, ranges = line.Arg(0), ranges && name == "delete"
	}
	text := at.String()
	switch {
	case !x.stays(text):
	case ranges && !addressRange(text):
		x.refuse(block, at.Span(), fmt.Sprintf("a geo with ranges wants two IPv4 addresses such as 10.0.0.1-10.0.0.9, not %s", source.Excerpt(text)), fmt.Sprintf("invalid range \"%s\"", text))
	case !ranges && !isNetwork(text):
		x.refuse(block, at.Span(), fmt.Sprintf("a geo wants an address or a network, not %s", source.Excerpt(text)), fmt.Sprintf("invalid network \"%s\"", text))
	}
}

// addressRange reports whether text is a range of IPv4 addresses.
func addressRange(text string) bool {
	first, last, ranged := strings.Cut(text, "-")
	from, ok := netaddr.NginxIPv4(first)
	to, also := netaddr.NginxIPv4(last)
	broadcast := netip.AddrFrom4([4]byte{255, 255, 255, 255})
	return ranged && ok && also && from.Compare(to) <= 0 && from != broadcast && to != broadcast
}

// isNetwork reports whether text is an address or a network (nginx ngx_inet.c, ngx_ptocidr).
func isNetwork(text string) bool {
	host, bits, masked := strings.Cut(text, "/")
	addr, err := netip.ParseAddr(host)
	ok := err == nil && addr.Zone() == ""
	if !ok {
		addr, ok = netaddr.NginxIPv4(host)
	}
	if n, number := nginx.Number(bits); ok && masked {
		ok = number && n <= int64(addr.BitLen())
	}
	return ok
}

// percentages judges the lines of a split_clients (nginx ngx_http_split_clients_module.c).
func (x *inspector) percentages(block nginx.Directive) {
	if !x.main || x.quiet(block.File()) {
		return
	}
	sum := int64(0)
	x.inside(block, func(line nginx.Directive) {
		text := line.Name()
		switch {
		case x.quiet(line.File()) || line.HasBlock() || !x.stays(text):
			return
		case text == "*":
			sum = wholeShare
			return
		}
		n, ok := share(text)
		if !ok {
			x.refuse(block, line.NameWord().Span(), fmt.Sprintf("split_clients wants shares such as 0.5%% or *, not %s", source.Excerpt(text)), fmt.Sprintf("invalid percent value \"%s\"", text))
			return
		}
		if sum += n; sum > wholeShare && sum-n <= wholeShare {
			x.refuse(block, line.NameWord().Span(), "the shares of this split_clients are more than 100%", "percent total is greater than 100%")
		}
	})
}

// wholeShare is 100 % in hundredths.
const wholeShare = 10000

// share reads a percentage with up to two decimals, in hundredths (nginx ngx_string.c,
// ngx_atofp).
func share(text string) (n int64, ok bool) {
	digits, percent := strings.CutSuffix(text, "%")
	whole, decimals, _ := strings.Cut(digits, ".")
	if len(decimals) > 2 || whole+decimals == "" {
		return 0, false
	}
	n, ok = nginx.Number(whole + decimals + "00"[len(decimals):])
	return n, ok && percent && n > 0
}

// realIP judges the address of set_real_ip_from, which may be a host name as well.
func (x *inspector) realIP(d nginx.Directive) {
	text, ok := x.literal(d.Arg(0))
	if !ok || text == "unix:" || isNetwork(text) || source.Stub(text) {
		return
	}
	if _, numeric := netaddr.Literal(text); text == "" || strings.Contains(text, "/") || !numeric && x.unresolvable(strings.Trim(text, "[]")) {
		x.refuse(d, d.Arg(0).Span(), fmt.Sprintf("set_real_ip_from wants an address, a network or unix:, not %q", text), fmt.Sprintf("host not found in set_real_ip_from \"%s\"", text))
	}
}
