package firewall

import (
	"slices"
	"strings"
)

// condition adds to a rule that what it compares is in a set, or is not.
type condition func(r *rule, set *nftSet, not bool)

// compare reads the values of a condition: an operator, and a value, a list, a set or a
// map. It returns false for what it does not understand.
func (r *nftReader) compare(what string, c condition) bool {
	if r.skip("vmap") {
		return r.vmap(c)
	}
	if r.skip("set") { // of a mark, which no verdict depends on but by a condition of its own
		t := r.take()
		return t.text != "" && strings.Trim(t.text, "0123456789abcdefx") == ""
	}
	operator := r.operator()
	set := r.values()
	switch {
	case set == nil:
		return false
	case set.open != "":
		c(&r.rule, &nftSet{}, true) // for the family and the protocol that it implies
		r.doubtful(set.open)
	case operator == "" || operator == "!=":
		c(&r.rule, set, operator == "!=")
	default:
		return r.ordered(operator, set, c)
	}
	return true
}

// operators are the comparisons, by their names and signs.
var operators = map[string]string{
	"==": "", "eq": "", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">=",
}

func (r *nftReader) operator() string {
	if r.next == len(r.words) || r.words[r.next].quoted {
		return ""
	}
	sign, ok := operators[r.words[r.next].text]
	if ok {
		r.next++
	}
	return sign
}

// ordered compares with < and its like, which are ranges of ports.
func (r *nftReader) ordered(operator string, set *nftSet, c condition) bool {
	list, ok := set.ports()
	if !ok || len(list) != 1 || list[0].first != list[0].last {
		return false
	}
	text := set.elements[0].key.text
	below := token{text: "-" + text}
	above := token{text: text + "-"}
	t, not := below, operator == ">"
	if operator == "<" || operator == ">=" {
		t, not = above, operator == "<"
	}
	c(&r.rule, &nftSet{elements: []element{{key: t}}}, not)
	return true
}

// values reads a value, a list, or a set in braces or by its name; nil for anything else.
func (r *nftReader) values() *nftSet {
	switch {
	case r.peek("{"):
		return &nftSet{elements: r.p.elements(r.braces())}
	case r.next == len(r.words):
		return nil
	}
	t := r.words[r.next]
	if name, ok := strings.CutPrefix(t.text, "@"); ok && !t.quoted {
		r.next++
		return r.table.find(r.p, name)
	}
	if !t.quoted && (strings.Contains(signs+".:-", t.text[:1]) || slices.Contains(computed, t.text)) {
		return nil
	}
	set := &nftSet{}
	for _, t := range r.list() {
		set.elements = append(set.elements, element{key: t})
	}
	if r.peek("/") || r.peek("-") || r.peek("|") || r.peek("&") || r.peek(".") {
		return nil
	}
	return set
}

// computed are words that a value does not consist of: it is taken from the packet, or is missing.
var computed = strings.Fields("th ct meta mark fib vlan numgen jhash symhash osf rt socket " +
	"accept drop reject return continue jump goto counter log limit comment set map and or xor lshift rshift")

// find returns the set of a name. Each time, its elements are compared.
func (t *nftTable) find(p *nft, name string) *nftSet {
	set := t.sets[name]
	if set == nil {
		return &nftSet{open: "the set " + quoted(name) + " is missing"}
	}
	if p.budget -= len(set.elements); p.budget < 0 {
		return &nftSet{open: "the sets of the file are too large"}
	}
	return set
}

// braces returns the tokens of a set in braces.
func (r *nftReader) braces() (list []token) {
	depth := 0
	for r.next < len(r.words) {
		t := r.take()
		list = append(list, t)
		switch {
		case t.is("{"):
			depth++
		case t.is("}"):
			depth--
		}
		if depth == 0 {
			break
		}
	}
	return list
}

// vmap reads a map of verdicts: each element is a rule of its own, and no two match the
// same connection.
func (r *nftReader) vmap(c condition) bool {
	if !r.peek("{") {
		return false
	}
	for _, e := range r.p.elements(r.braces()) {
		one := &nftReader{rule: r.rule, words: e.value}
		one.ports = slices.Clip(one.ports)
		if e.key.is("*") || e.odd || !one.verdict(one.take()) {
			one.unreadable("the map in the rule is not understood")
		} else {
			c(&one.rule, &nftSet{elements: []element{{key: e.key}}}, false)
		}
		if !one.never && one.action != pass {
			r.more = append(r.more, one.rule)
		}
	}
	r.done = true
	return true
}

// holds adds a condition that is known.
func (r *rule) holds(yes bool) {
	if !yes {
		r.never = true
	}
}

// truth tells of a word whether a new connection has it. known is false if the files do
// not tell.
type truth func(word string) (yes, known bool)

// words returns the condition that one of the words of a set is true.
func wordsAre(what string, is truth) condition {
	return func(r *rule, set *nftSet, not bool) {
		words, ok := set.words()
		unknown := !ok
		for _, w := range words {
			yes, known := is(w)
			if yes {
				r.holds(!not)
				return
			}
			unknown = unknown || !known
		}
		if unknown {
			r.dependsOn(what)
			return
		}
		r.holds(not)
	}
}

// oneOf is the truth of words of which some are true, and of which all others are known.
func oneOf(yes, no string) truth {
	all := strings.Fields(yes)
	others := strings.Fields(no)
	return func(word string) (bool, bool) {
		return slices.Contains(all, word), slices.Contains(others, word)
	}
}

// depends returns the condition on what the files do not tell.
func depends(what string) condition {
	return func(r *rule, _ *nftSet, _ bool) { r.dependsOn(what) }
}

// fromClient returns the condition on the address of the client.
func fromClient(family addresses) condition {
	return func(r *rule, set *nftSet, not bool) {
		r.restrict(family)
		from, ok := set.addresses(family)
		switch {
		case !ok:
			r.dependsOn("an address that is not a number")
		case not:
			r.restrict(family.minus(from))
		default:
			r.restrict(from)
		}
	}
}

// toPort is the condition on the port of the host.
func toPort(r *rule, set *nftSet, not bool) {
	list, ok := set.ports()
	if !ok {
		r.dependsOn("a port that is not a number")
		return
	}
	r.ports = append(r.ports, portMatch{list, not})
}

// fromPort is the condition on the port of the client.
func fromPort(r *rule, set *nftSet, not bool) {
	list, ok := set.ports()
	if !ok {
		r.dependsOn("a port that is not a number")
		return
	}
	r.clientPort(portMatch{list, not}, "the port of the client")
}
