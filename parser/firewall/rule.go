package firewall

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// chain is a list of rules that others may jump to.
type chain struct {
	name  string
	rules []rule
}

// action is what a rule does with a connection that it matches.
type action uint8

const (
	pass     action = iota // the next rule follows
	accept                 // ends the base chain, and the next one follows
	drop                   // decides
	reject                 // decides
	leave                  // ends the chain, and goes on after the rule that jumped to it
	jump                   // to another chain
	moveTo                 // to another chain, which at its end leaves this one too
	anything               // cannot be read: any of these
)

// verdicts are what the actions that decide give.
var verdicts = map[action]Verdict{accept: Accepted, drop: Dropped, reject: Rejected}

// rule is one rule: its conditions, all of which hold if it matches, and its action.
type rule struct {
	at    source.Span
	from  addresses
	ports []portMatch
	// never is set for a rule that matches no new TCP connection.
	never bool
	// doubt is why it may not match though the other conditions hold, or for anything
	// why it cannot be read, worded to follow "not checked: ".
	doubt  string
	action action
	to     string // the name of the chain of a jump
	target *chain // that chain, once all are read
}

// doubtful notes the first thing that the rule needs to know.
func (r *rule) doubtful(why string) {
	if r.doubt == "" {
		r.doubt = why
	}
}

// dependsOn notes a condition that the files do not decide.
func (r *rule) dependsOn(what string) { r.doubtful("the rule depends on " + what) }

// unreadable makes the rule one that may do anything.
func (r *rule) unreadable(why string) {
	r.action, r.doubt = anything, why
}

// restrict adds the condition that the address of the client is one of a set.
func (r *rule) restrict(set addresses) {
	if r.from = r.from.intersect(set); len(r.from) == 0 {
		r.never = true
	}
}

// clientPort adds the condition that the port of the client matches.
func (r *rule) clientPort(m portMatch, option string) {
	switch all, none := m.ofClient(); {
	case none:
		r.never = true
	case !all:
		r.dependsOn(option)
	}
}

// concerns reports whether the rule may match connections to a port, and does something.
func (r *rule) concerns(port uint16) bool {
	if r.never || r.action == pass {
		return false
	}
	for _, m := range r.ports {
		if !m.holds(port) {
			return false
		}
	}
	return true
}

// cost is how many comparisons concerns may make.
func (r *rule) cost() (n int) {
	for _, m := range r.ports {
		n += len(m.list)
	}
	return n
}

// link finds the chains that rules jump to.
func link(rules []rule, chains map[string]*chain) {
	for i := range rules {
		r := &rules[i]
		if r.action != jump && r.action != moveTo {
			continue
		}
		if r.target = chains[r.to]; r.target == nil {
			r.unreadable("the chain " + quoted(r.to) + " is missing")
		}
	}
}

// entry returns the base chain that runs chain c: its rules, then its policy. gate is
// why it may not run, at the place of the policy; "" if it does.
func entry(from addresses, c *chain, policy rule, gate string) *base {
	run := rule{at: policy.at, from: everyAddress, action: jump, target: c, doubt: gate}
	policy.from = everyAddress
	if gate != "" {
		policy.doubt = gate
	}
	return &base{from, chain{c.name, []rule{run, policy}}}
}

// maxConditions is how many conditions and statements a rule may have to be read.
const maxConditions = 100

// maxQuoted is how many bytes of a word a message repeats.
const maxQuoted = 40

// quoted returns a word of a file for a message.
func quoted(word string) string {
	if len(word) > maxQuoted {
		return strconv.QuoteToASCII(word[:maxQuoted]) + "…"
	}
	if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/@ ") != "" {
		return strconv.QuoteToASCII(word)
	}
	return word
}

// interfaces are those that connections from other machines do not arrive on: the
// loopback, and the bridges that the packages of container engines make.
var interfaces = map[string]bool{
	"lo": true, "docker0": true, "docker_gwbridge": true, "podman0": true, "cni0": true,
	"cni-podman0": true, "lxcbr0": true, "lxdbr0": true, "virbr0": true,
}

// internal reports whether connections from other machines do not arrive on an
// interface. A network of Docker is a bridge with twelve digits.
func internal(name string) bool {
	digits, bridge := strings.CutPrefix(name, "br-")
	return interfaces[name] || bridge && len(digits) == 12 && strings.Trim(digits, "0123456789abcdef") == ""
}
