package firewall

import (
	"slices"
	"strings"
)

// nftReader reads one rule of nft: conditions and statements from left to right, of which
// a verdict is the last.
type nftReader struct {
	rule
	p        *nft
	table    *nftTable
	tracking tracking
	words    []token
	next     int
	done     bool
	more     []rule // of a verdict map: one for each element
}

// rule returns the rules that a statement is; none if it decides nothing.
func (p *nft) rule(t *nftTable, k tracking, s statement) []rule {
	r := &nftReader{rule: rule{at: s.at, from: families[t.family]}, p: p, table: t, tracking: k, words: s.tokens}
	for n := 0; r.next < len(r.words) && !r.done && !r.never; n++ {
		if n == maxConditions {
			r.strange(r.next)
			break
		}
		r.statement()
	}
	if r.never || r.action == pass {
		return r.more
	}
	return append(r.more, r.rule)
}

// peek reports whether the next token is a word or sign.
func (r *nftReader) peek(text string) bool {
	return r.next < len(r.words) && r.words[r.next].is(text)
}

// skip goes on after the next token if it is a word or sign.
func (r *nftReader) skip(text string) bool {
	ok := r.peek(text)
	if ok {
		r.next++
	}
	return ok
}

// take returns the next token, and one without text at the end.
func (r *nftReader) take() (t token) {
	if r.next < len(r.words) {
		t = r.words[r.next]
		r.next++
	}
	return t
}

// statement reads one condition or statement.
func (r *nftReader) statement() {
	from := r.next
	t := r.take()
	switch {
	case t.quoted:
		r.strange(from)
	case r.verdict(t):
		r.done = true
	case slices.Contains(nftUnsettling, t.text):
		r.unreadable("the statement " + t.text + " may change what becomes of the connection")
		r.done = true
	case slices.Contains(nftProtocols, t.text):
		r.never = true
	default:
		if read := nftReaders[t.text]; read == nil || !read(r, t.text) {
			r.strange(from)
		}
	}
}

// verdict reads a verdict that starts with t, as a rule or a map has it.
func (r *nftReader) verdict(t token) bool {
	switch t.text {
	case "accept":
		r.action = accept
	case "drop":
		r.action = drop
	case "reject":
		r.action = reject
	case "return":
		r.action = leave
	case "continue":
		r.action = pass
	case "jump":
		r.action, r.to = jump, r.take().text
	case "goto":
		r.action, r.to = moveTo, r.take().text
	default:
		return false
	}
	return true
}

// nftUnsettling are the statements that lead a connection elsewhere, let another program
// decide, or change its state.
var nftUnsettling = []string{"queue", "dnat", "redirect", "tproxy", "synproxy", "notrack", "fwd", "snat", "masquerade"}

// nftProtocols are those whose conditions no packet of TCP meets.
var nftProtocols = []string{"udp", "udplite", "icmp", "icmpv6", "igmp", "sctp", "dccp", "esp", "ah", "comp", "arp"}

// nftReaders read what starts with a word. They return false for what they do not understand.
var nftReaders = map[string]func(r *nftReader, word string) bool{
	"counter": (*nftReader).counter, "log": (*nftReader).log, "comment": (*nftReader).comment,
	"limit": (*nftReader).limit, "add": (*nftReader).update, "update": (*nftReader).update,
	"ip": (*nftReader).network, "ip6": (*nftReader).network, "tcp": (*nftReader).transport, "th": (*nftReader).transport,
	"ct": (*nftReader).connection, "meta": (*nftReader).meta, "fib": (*nftReader).route, "ether": (*nftReader).other, "vlan": (*nftReader).other,
	"iif": (*nftReader).unqualified, "iifname": (*nftReader).unqualified, "pkttype": (*nftReader).unqualified,
	"mark": (*nftReader).unqualified, "iifgroup": (*nftReader).unqualified, "iiftype": (*nftReader).unqualified,
	"nftrace": (*nftReader).unqualified, "skuid": (*nftReader).unqualified, "skgid": (*nftReader).unqualified,
}

// strange reads the rest of a rule of which something is not understood. If it has one
// verdict, the rule may give that one.
func (r *nftReader) strange(from int) {
	what := quoted(r.words[min(from, len(r.words)-1)].text)
	r.done, r.next = true, from
	found, depth := rule{}, 0
	for r.next < len(r.words) {
		t := r.take()
		switch other := (&nftReader{words: r.words, next: r.next}); {
		case t.is("{"):
			depth++
		case t.is("}"):
			depth--
		case t.is("vmap"), t.is("map"), !t.quoted && slices.Contains(nftUnsettling, t.text):
			found.action = anything
		case depth == 0 && !t.quoted && other.verdict(t):
			if found.action != pass {
				other.action = anything
			}
			found = other.rule
		}
	}
	if found.action == pass || found.action == anything {
		r.unreadable(what + " in the rule is not understood")
		return
	}
	r.dependsOn(what)
	r.action, r.to = found.action, found.to
}

func (r *nftReader) counter(string) bool {
	switch {
	case r.peek("packets"):
		r.next += 4 // packets 0 bytes 0
	case r.peek("name"):
		r.next += 2
	}
	return true
}

func (r *nftReader) comment(string) bool {
	r.take()
	return true
}

// logOptions have one value each.
var logOptions = []string{"prefix", "level", "group", "snaplen", "queue-threshold"}

func (r *nftReader) log(string) bool {
	for r.next < len(r.words) {
		switch t := r.words[r.next]; {
		case !t.quoted && slices.Contains(logOptions, t.text):
			r.next += 2
		case t.is("flags"):
			r.next++
			if !r.skip("tcp") {
				r.skip("ip")
			}
			r.list()
		default:
			return true
		}
	}
	return true
}

// limit reads a rate, such as over 10 mbytes/second burst 5 packets.
func (r *nftReader) limit(string) bool {
	r.dependsOn("limit")
	if r.skip("name") {
		r.take()
		return true
	}
	if !r.skip("rate") {
		return false
	}
	r.skip("over")
	if t := r.take(); !strings.Contains(t.text, "/") {
		r.take()
	}
	if r.skip("burst") {
		r.next += 2
	}
	return true
}

// update reads what a rule adds to a set, which may hold a limit.
func (r *nftReader) update(word string) bool {
	if t := r.take(); !strings.HasPrefix(t.text, "@") || !r.skip("{") {
		return false
	}
	for r.next < len(r.words) && !r.skip("}") {
		r.next++
	}
	r.dependsOn(word)
	return true
}

// list reads words with commas between them.
func (r *nftReader) list() (list []token) {
	list = append(list, r.take())
	for r.skip(",") {
		list = append(list, r.take())
	}
	return list
}
