package firewall

import (
	"slices"
	"strings"
)

// tracking is what the conditions of a chain may know of a connection.
type tracking uint8

// A chain that the kernel runs before it tracks connections sees all as invalid (Linux
// nft_ct.c, nft_ct_get_eval). Another chain may be one that it jumps to.
const (
	tracked tracking = iota
	untracked
	either
)

// trackedFrom is the priority at which the kernel tracks connections, in the hook prerouting.
const trackedFrom = -200

// states has the condition on the state of a connection, of which the packet is the first.
var states = map[tracking]condition{
	tracked:   wordsAre("ct state", oneOf("new", "established related invalid untracked")),
	untracked: wordsAre("ct state", oneOf("invalid", "established related new untracked")),
	either:    depends("ct state"),
}

// protocol is the truth of the names and numbers of protocols. A range of numbers, or one
// that is not decimal, is not read.
func protocol(word string) (yes, known bool) {
	named := strings.Trim(word[:min(len(word), 1)], "0123456789") != ""
	return word == "tcp" || word == "6", named || strings.Trim(word, "0123456789") == "" && !strings.HasPrefix(word, "0")
}

// arrival is the truth of the interface that a connection arrives on.
func arrival(word string) (yes, known bool) { return false, internal(word) }

// metas are the keys of meta that are understood.
var metas = map[string]condition{
	"l4proto": wordsAre("meta l4proto", protocol),
	"nfproto": families4and6, "protocol": families4and6,
	"iif": wordsAre("the network interface", arrival), "iifname": wordsAre("the network interface", arrival),
	"pkttype": wordsAre("meta pkttype", oneOf("host unicast", "broadcast multicast other")),
}

// families4and6 is the condition that a packet is of a family.
func families4and6(r *rule, set *nftSet, not bool) {
	var from addresses
	for _, e := range set.elements {
		switch e.key.text {
		case "ipv4", "ip":
			from = append(from, everyIPv4...)
		case "ipv6", "ip6":
			from = append(from, everyIPv6...)
		case "arp", "vlan":
		default:
			r.dependsOn("meta protocol")
			return
		}
	}
	if from = union(from); not {
		from = everyAddress.minus(from)
	}
	r.restrict(from)
}

func (r *nftReader) meta(string) bool { return r.unqualified(r.take().text) }

// unqualified reads a key of meta, the word itself not before it.
func (r *nftReader) unqualified(key string) bool {
	if c := metas[key]; c != nil {
		return r.compare(key, c)
	}
	return r.compare(key, depends("meta "+quoted(key)))
}

// network reads a condition on the header of IP.
func (r *nftReader) network(word string) bool {
	family := everyIPv4
	if word == "ip6" {
		family = everyIPv6
	}
	key := r.take().text
	r.restrict(family)
	switch key {
	case "saddr":
		return r.compare(key, fromClient(family))
	case "protocol", "nexthdr":
		return r.compare(key, metas["l4proto"])
	}
	return r.compare(key, depends(word+" "+quoted(key)))
}

// transport reads a condition on the header of TCP, which th is for any protocol.
func (r *nftReader) transport(word string) bool {
	switch key := r.take().text; key {
	case "dport":
		return r.compare(key, toPort)
	case "sport":
		return r.compare(key, fromPort)
	case "flags":
		return r.flags()
	case "option":
		return false
	default:
		return r.compare(key, depends(word+" "+quoted(key)))
	}
}

// connection reads a condition on the connection that is tracked.
func (r *nftReader) connection(string) bool {
	key := r.take().text
	switch {
	case key == "state":
		return r.compare(key, states[r.tracking])
	case r.tracking != tracked:
		return false
	}
	switch key {
	case "direction":
		return r.compare(key, wordsAre("ct direction", oneOf("original", "reply")))
	case "count":
		r.skip("over")
		return r.compare(key, depends("ct count"))
	case "original", "reply":
		return false
	default:
		return r.compare(key, depends("ct "+quoted(key)))
	}
}

// other reads a condition on what is below IP.
func (r *nftReader) other(word string) bool {
	key := r.take().text
	return r.compare(key, depends(word+" "+quoted(key)))
}

// route reads what the routing table says: the address of a connection to the host is local.
func (r *nftReader) route(string) bool {
	of := r.take().text
	for r.skip(".") {
		if t := r.take(); of != "daddr" || !t.is("iif") {
			of = "more"
		}
	}
	key := r.take().text
	if of == "daddr" && key == "type" {
		return r.compare(key, wordsAre("fib", oneOf("local", "unicast broadcast multicast anycast blackhole unreachable prohibit")))
	}
	return r.compare(key, depends("fib"))
}

// flags reads a condition on the flags of TCP, with the mask before or after them. The
// first packet of a connection has SYN, and may have those of congestion besides.
func (r *nftReader) flags() bool {
	var mask []string
	masked := r.skip("&")
	if masked {
		mask = r.names()
	}
	at := r.next
	not := r.operator() == "!="
	implied := r.next == at
	if r.peek("{") || r.peek("vmap") || r.peek("@") {
		r.next = at
		return r.compare("flags", depends("tcp flags"))
	}
	want := r.names()
	if !masked && r.skip("/") {
		mask, masked, implied = r.names(), true, false
	}
	switch {
	case implied && masked:
		return false
	case implied:
		if !slices.Contains(want, "syn") && (slices.Contains(want, "ecn") || slices.Contains(want, "cwr")) {
			r.dependsOn("tcp flags")
			return true
		}
		r.holds(slices.Contains(want, "syn"))
	default:
		r.masked(mask, want, masked, not)
	}
	return true
}

// masked adds the condition that of the flags in mask a packet has those of want.
func (r *nftReader) masked(mask, want []string, masked, not bool) {
	const names = "fin syn rst psh ack urg"
	for _, name := range mask {
		masked = masked && slices.Contains(strings.Fields(names), name)
	}
	empty := len(want) == 1 && slices.Contains([]string{"0", "0x0", "0x00"}, want[0])
	for _, name := range want {
		masked = masked && (empty || slices.Contains(strings.Fields(names), name))
	}
	if !masked {
		r.dependsOn("tcp flags")
		return
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if slices.Contains(mask, "syn") {
		r.holds((len(want) == 1 && want[0] == "syn") != not)
		return
	}
	r.holds(empty != not)
}

// names reads the names of flags: a, (a|b), a | b or a,b.
func (r *nftReader) names() (list []string) {
	r.skip("(")
	list = append(list, r.take().text)
	for r.skip("|") || r.skip(",") {
		list = append(list, r.take().text)
	}
	r.skip(")")
	return list
}
