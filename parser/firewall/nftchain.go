package firewall

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// chain reads the inside of a chain. One of the same name goes on.
func (p *nft) chain(t *nftTable, head statement) {
	name := head.tokens[1].text
	i := slices.IndexFunc(t.chains, func(c *nftChain) bool { return c.name == name })
	if i < 0 {
		if i = len(t.chains); i == maxChains {
			p.fail("the table has too many chains", head.at)
		}
		t.chains = append(t.chains, &nftChain{chain: chain{name: name}, policy: rule{action: accept}})
	}
	c := t.chains[i]
	p.each(head, func(s statement, open bool) {
		switch {
		case open:
			p.fail("the block is not understood", s.at)
		case s.begins("type"):
			p.hook(c, s)
		case s.begins("policy") && len(s.tokens) == 2:
			p.policy(c, s)
		case s.begins("include"):
			p.fail("another file is included", s.at)
		case s.begins("define"):
			p.define(s)
		case s.begins("flags"), s.begins("comment"):
		case s.begins("devices"), s.begins("device"):
			c.device = true
		default:
			c.statements = append(c.statements, s)
		}
	})
}

// hook reads the type of a base chain: type filter hook input priority filter.
func (p *nft) hook(c *nftChain, s statement) {
	if len(s.tokens) < 6 || !s.tokens[2].is("hook") {
		p.fail("the type of the chain is not understood", s.at)
		return
	}
	c.kind, c.hook = s.tokens[1].text, s.tokens[3].text
	rest := s.tokens[4:]
	if i := slices.IndexFunc(rest, func(t token) bool { return t.is("priority") }); i > 0 {
		c.device, rest = true, rest[i:]
	}
	level, ok := priority(rest[1:])
	if !ok || !rest[0].is("priority") {
		p.fail("the priority of the chain is not understood", s.at)
	}
	if c.level = level; c.policy.at.IsZero() {
		c.policy.at = s.at
	}
}

// priorities are the names of priorities (nft(8), "CHAINS").
var priorities = map[string]int{"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}

// priority reads a number, or a name and what is added to it.
func priority(list []token) (level int, ok bool) {
	var text strings.Builder
	for _, t := range list {
		text.WriteString(t.text)
	}
	rest := text.String()
	name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))]
	if name != "" {
		if level, ok = priorities[name]; !ok || rest == name {
			return level, ok
		}
	}
	n, err := strconv.Atoi(rest[len(name):])
	return level + n, err == nil
}

func (p *nft) policy(c *nftChain, s statement) {
	switch c.policy.at = s.at; s.tokens[1].text {
	case "accept":
		c.policy.action = accept
	case "drop":
		c.policy.action = drop
	default:
		p.fail("the policy is not understood", s.at)
	}
}

// nftHooks are those that a new connection to the host passes, in their order.
var nftHooks = map[string]int{"ingress": 1, "prerouting": 2, "input": 3}

// rules reads the rules of all tables and links them.
func (p *nft) rules() *Rules {
	type ordered struct {
		hook, level int
		base        *base
	}
	var bases []ordered
	for _, t := range p.tables {
		p.read(t)
		for _, c := range t.chains {
			if n := nftHooks[c.hook]; n > 0 && !t.dormant && t.family != "arp" {
				bases = append(bases, ordered{n, c.level, t.entry(c)})
			}
		}
	}
	if p.problem.why != "" {
		return unread(everyAddress, p.problem)
	}
	slices.Reverse(bases) // of two with the same priority, the kernel runs the later one first
	slices.SortStableFunc(bases, func(a, b ordered) int {
		return cmp.Or(cmp.Compare(a.hook, b.hook), cmp.Compare(a.level, b.level))
	})
	all := &Rules{covers: everyAddress}
	for _, o := range bases {
		all.bases = append(all.bases, o.base)
	}
	return all
}

// families are the addresses of which tables see packets.
var families = map[string]addresses{"ip": everyIPv4, "ip6": everyIPv6, "inet": everyAddress, "netdev": everyAddress, "bridge": everyAddress}

// entry returns the base of a chain. That of a bridge or a device sees only what arrives there.
func (t *nftTable) entry(c *nftChain) *base {
	gate := ""
	if t.family == "bridge" || t.family == "netdev" || c.device {
		gate = "the chain " + quoted(c.name) + " sees only packets of some network interfaces"
	}
	return entry(families[t.family], &c.chain, c.policy, gate)
}

// read reads the rules of a table.
func (p *nft) read(t *nftTable) {
	if families[t.family] == nil && t.family != "arp" {
		p.fail("the family "+quoted(t.family)+" of a table is unknown", p.file.Span(0, 0))
		return
	}
	for _, c := range t.chains {
		t.linked[c.name] = &c.chain
		known := t.tracking(c)
		for _, s := range c.statements {
			c.rules = append(c.rules, p.rule(t, known, s)...)
		}
	}
	for _, c := range t.chains {
		link(c.rules, t.linked)
	}
}

// early reports whether the kernel runs the chain before it tracks connections.
func (c *nftChain) early() bool {
	return c.hook == "ingress" || c.hook == "prerouting" && c.level <= trackedFrom
}

// tracking returns what the conditions of a chain may know of a connection.
func (t *nftTable) tracking(c *nftChain) tracking {
	switch {
	case c.early():
		return untracked
	case c.hook == "" && slices.ContainsFunc(t.chains, (*nftChain).early):
		return either
	}
	return tracked
}
