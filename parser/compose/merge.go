package compose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// rule says how the values of one key in two files become one, after compose-go
// override.mergeSpecials. nil: mappings are merged by key, lists follow each other, of two
// scalars the later one takes effect.
type rule struct {
	how     how
	members map[string]*rule
	any     *rule // of members that are not in members
}

type how uint8

const (
	deep       how = iota
	replace        // the later value alone
	pairs          // NAME=VALUE lists and mappings, by name
	list           // a scalar is a list of one, a mapping one of its members
	byName         // a list of names is a mapping of them
	conditions     // likewise, of services that start first
	contexts       // build: a string is the context
)

var (
	serviceRule = &rule{members: map[string]*rule{
		"annotations": {how: pairs}, "environment": {how: pairs}, "labels": {how: pairs}, "sysctls": {how: pairs},
		"build": {how: contexts, members: map[string]*rule{
			"args": {how: pairs}, "additional_contexts": {how: pairs}, "labels": {how: pairs}, "extra_hosts": {how: list},
		}},
		"command": {how: replace}, "entrypoint": {how: replace},
		"depends_on": {how: conditions}, "networks": {how: byName}, "models": {how: byName},
		"dns": {how: list}, "dns_opt": {how: list}, "dns_search": {how: list}, "env_file": {how: list},
		"label_file": {how: list}, "extra_hosts": {how: list}, "tmpfs": {how: list},
		"healthcheck": {members: map[string]*rule{"test": {how: replace}}},
	}}
	topRule = &rule{members: map[string]*rule{"services": {any: serviceRule}}}
)

// of returns the rule of a member.
func (r *rule) of(key string) *rule {
	if r == nil {
		return nil
	}
	if m := r.members[key]; m != nil {
		return m
	}
	return r.any
}

// maxMembers limits the members and items that the merges of a project copy, and the lines
// of env files that its services read.
const maxMembers = 1_000_000

// merge returns what base is once over was read after it. Neither changes.
func (l *loader) merge(base, over *node, r *rule) *node {
	if over.override || over.kind == reset || base == nil || base.kind == reset {
		return over
	}
	how := deep
	if r != nil {
		how = r.how
	}
	switch how {
	case replace:
		return over
	case pairs:
		return l.mappings(pairsOf(base), pairsOf(over), &rule{any: &rule{how: replace}})
	case list:
		return l.lists(listOf(base), listOf(over))
	case byName:
		return l.mappings(namesOf(base), namesOf(over), r)
	case conditions:
		return l.mappings(conditionsOf(base), conditionsOf(over), r)
	case contexts:
		base, over = contextOf(base), contextOf(over)
	}
	switch {
	case over.kind == null:
		return base
	case base.kind == mapping && over.kind == mapping:
		return l.mappings(base, over, r)
	case base.kind == sequence && over.kind == sequence:
		return l.lists(base, over)
	case base.kind == mapping || base.kind == sequence:
		l.fail(over.at, source.Syntax, "this cannot be merged with "+shape[base.kind]+" that "+base.at.File.Name+" has here")
		return base
	}
	return over
}

// shape names the kinds of nodes in messages.
var shape = map[kind]string{null: "nothing", scalar: "a single value", mapping: "the mapping", sequence: "the list"}

// spend notes that n members are copied or n lines read, and reports whether they may be.
func (l *loader) spend(n int, at source.Span) bool {
	if l.copied > maxMembers {
		return false
	}
	if l.copied += n; l.copied > maxMembers {
		l.fail(at, source.Limit, "this project merges more than 1,000,000 values, so the rest is not merged")
		return false
	}
	return true
}

func (l *loader) mappings(base, over *node, r *rule) *node {
	if !l.spend(len(base.members)+len(over.members), over.at) {
		return over
	}
	out := &node{kind: mapping, at: over.at, scope: over.scope, members: make([]member, 0, len(base.members)+len(over.members))}
	for _, m := range base.members {
		if i := over.find(m.key); i >= 0 {
			v := over.members[i]
			if v.value.kind == reset {
				continue
			}
			m = member{m.key, v.at, l.merge(m.value, v.value, r.of(m.key))}
		}
		out.members = append(out.members, m)
	}
	for _, m := range over.members {
		if base.find(m.key) < 0 && m.value.kind != reset {
			out.members = append(out.members, m)
		}
	}
	return out
}

func (l *loader) lists(base, over *node) *node {
	if !l.spend(len(base.items)+len(over.items), over.at) {
		return over
	}
	out := *over
	out.kind, out.items = sequence, slices.Concat(base.items, over.items)
	return &out
}

// pairsOf returns a list of NAME=VALUE as a mapping. A name alone has no value.
func pairsOf(n *node) *node {
	if n.kind == mapping {
		return n
	}
	out := &node{kind: mapping, at: n.at, scope: n.scope}
	for _, item := range listOf(n).items {
		if item.kind != scalar {
			continue
		}
		v := item.value
		name, _, set := strings.Cut(v.Text, "=")
		value := &node{at: item.at, scope: item.scope}
		if set {
			value.kind, value.value = scalar, v.sub(len(name)+1, len(v.Text))
			value.at = value.value.At
		}
		out.set(member{name, v.sub(0, len(name)).At, value})
	}
	return out
}

// listOf returns a scalar as a list of one, and a mapping as the list of its members.
func listOf(n *node) *node {
	if n.kind == sequence {
		return n
	}
	out := &node{kind: sequence, at: n.at, scope: n.scope}
	switch n.kind {
	case scalar:
		out.items = []*node{n}
	case mapping:
		for _, m := range n.members {
			out.items = append(out.items, &node{kind: mapping, at: m.at, scope: n.scope, members: []member{m}})
		}
	}
	return out
}

// namesOf returns a list of names as a mapping of them.
func namesOf(n *node) *node {
	if n.kind == mapping {
		return n
	}
	out := &node{kind: mapping, at: n.at, scope: n.scope}
	for _, item := range listOf(n).items {
		if item.kind == scalar {
			out.set(member{item.value.Text, item.at, &node{at: item.at, scope: item.scope}})
		}
	}
	return out
}

// conditionsOf returns a list of services as a mapping of them to what the list means, which
// replaces what an earlier file says.
func conditionsOf(n *node) *node {
	if n.kind == mapping {
		return n
	}
	out := namesOf(n)
	for i, m := range out.members {
		word := func(text string) *node {
			return &node{kind: scalar, at: m.at, scope: n.scope, value: Value{Text: text, At: m.at}}
		}
		out.members[i].value = &node{kind: mapping, at: m.at, scope: n.scope, members: []member{
			{"condition", m.at, word("service_started")}, {"required", m.at, word("true")},
		}}
	}
	return out
}

// contextOf returns a build that is a string as a mapping with the context.
func contextOf(n *node) *node {
	if n.kind != scalar {
		return n
	}
	return &node{kind: mapping, at: n.at, scope: n.scope, members: []member{{"context", n.at, n}}}
}
