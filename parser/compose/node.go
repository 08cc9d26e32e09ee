package compose

import (
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// kind is the kind of a node.
type kind uint8

const (
	null kind = iota
	scalar
	mapping
	sequence
	reset // !reset: removes what earlier files set
)

// node is a node of a YAML document with its variables filled in. Nodes do not change
// once they are made, and an alias is the node itself, so that a document is never larger
// than it is written.
type node struct {
	kind     kind
	override bool // !override: replaces what earlier files set
	at       source.Span
	scope    *scope
	value    Value    // of a scalar
	typed    string   // a plain number or boolean as YAML prints it, if it differs: 1.10 is 1.1
	members  []member // of a mapping, by key, each once
	items    []*node  // of a sequence
	index    map[string]int
}

// member is one member of a mapping.
type member struct {
	key   string
	at    source.Span
	value *node
}

// scope is what a file is read with.
type scope struct {
	dir  string // the base of relative paths
	vars variables
	env  string // which variables they are: equal in all scopes of a project with the same ones
}

// indexed is the number of members from which on a mapping has an index.
const indexed = 16

// find returns the index of a member, and -1 for none.
func (n *node) find(key string) int {
	if len(n.members) < indexed {
		for i := range n.members {
			if n.members[i].key == key {
				return i
			}
		}
		return -1
	}
	if n.index == nil {
		n.index = make(map[string]int, len(n.members))
		for i := range n.members {
			n.index[n.members[i].key] = i
		}
	}
	if i, ok := n.index[key]; ok {
		return i
	}
	return -1
}

// get returns the value of a member, and nil if it is not set or n is not a mapping.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	if i := n.find(key); i >= 0 && n.members[i].value.kind != reset {
		return n.members[i].value
	}
	return nil
}

// set adds a member or replaces it. n is new: nothing else has seen it.
func (n *node) set(m member) {
	if i := n.find(m.key); i >= 0 {
		n.members[i] = m
		return
	}
	n.members = append(n.members, m)
	if n.index != nil {
		n.index[m.key] = len(n.members) - 1
	}
}

// without returns n without a member.
func (n *node) without(key string) *node {
	out := *n
	out.members, out.index = nil, nil
	for _, m := range n.members {
		if m.key != key {
			out.members = append(out.members, m)
		}
	}
	return &out
}

// converter makes nodes of the nodes of a YAML document.
type converter struct {
	*yamltext.Document
	scope  *scope
	filler *filler
	fail   report
	done   map[*yaml.Node]*node // those with an anchor
	merged int                  // members that merge keys brought
	// secrets are those of the file.
	secrets *secrets
}

// maxMerged limits how many members the merge keys of a document bring.
const maxMerged = 300_000

func (c *converter) node(n *yaml.Node) *node {
	if n.Kind == yaml.AliasNode {
		if n.Alias == nil {
			return &node{at: c.Head(n), scope: c.scope}
		}
		if done, ok := c.done[n.Alias]; ok && done != nil {
			return done
		}
		c.fail(c.Head(n), source.Syntax, "the alias *"+n.Value+" is inside its own anchor")
		return &node{at: c.Head(n), scope: c.scope}
	}
	if n.Anchor != "" {
		c.done[n] = nil
	}
	out := &node{scope: c.scope, at: c.Head(n), override: n.Tag == "!override"}
	switch n.Kind {
	case yaml.MappingNode:
		c.mapping(n, out)
	case yaml.SequenceNode:
		out.kind = sequence
		out.items = make([]*node, 0, len(n.Content))
		for _, item := range n.Content {
			if v := c.node(item); v.kind != reset {
				out.items = append(out.items, v)
			}
		}
	case yaml.ScalarNode:
		c.scalar(n, out)
	}
	if n.Tag == "!reset" {
		out.kind = reset
	}
	if n.Anchor != "" {
		c.done[n] = out
	}
	return out
}

func (c *converter) scalar(n *yaml.Node, out *node) {
	raw, at := c.Scalar(n)
	c.secrets.add(at)
	out.at = at
	if n.Tag == "!!null" || n.Value == "" && n.Style&^yaml.TaggedStyle == 0 {
		return
	}
	out.kind = scalar
	out.value = c.filler.expand(raw, at, c.fail, c.scope.vars)
	if n.Style == 0 && n.Tag != "!!str" {
		out.typed = typed(n)
	}
}

// typed returns how a plain number or boolean is printed where a string is wanted; ""
// for other scalars.
func typed(n *yaml.Node) string {
	var v any
	switch n.Tag {
	case "!!int", "!!float", "!!bool":
		if n.Decode(&v) != nil {
			return ""
		}
	}
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (c *converter) mapping(n *yaml.Node, out *node) {
	out.kind = mapping
	out.members = make([]member, 0, len(n.Content)/2)
	var merges []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := keyAt(c.Document, key)
		if key.Kind == yaml.ScalarNode {
			c.secrets.add(at)
		}
		if key.Kind == yaml.AliasNode && key.Alias != nil {
			key = key.Alias
		}
		if key.Anchor != "" && key.Kind == yaml.ScalarNode {
			c.node(key) // "&a key:" names the key, which the value may refer to (YAML 1.2, 6.9)
		}
		if key.Kind != yaml.ScalarNode {
			c.complexKey(key, at)
			c.node(n.Content[i+1])
			continue
		}
		value := c.node(n.Content[i+1])
		if key.Value == "<<" && key.Style == 0 {
			merges = append(merges, value)
			continue
		}
		if first := out.find(key.Value); first >= 0 {
			c.fail(at, source.Syntax, "duplicate key "+quoted(key.Value)+", first set on line "+strconv.Itoa(out.members[first].at.Begin().Line))
		}
		c.secret(key.Value, value)
		out.set(member{key.Value, at, value})
	}
	for _, m := range merges {
		c.merge(m, out)
	}
}

// complexKey reports a key that is not a scalar, which "{{ name }}" in place of a value is
// for YAML.
func (c *converter) complexKey(key *yaml.Node, at source.Span) {
	if key.Kind == yaml.MappingNode {
		if m, ok := c.mark(key); ok {
			c.fail(m, source.Template, "template marks; render the template first")
			return
		}
	}
	c.fail(at, source.Syntax, "a key is not a string")
}

// keyAt returns the place of a key, without quotes.
func keyAt(d *yamltext.Document, key *yaml.Node) source.Span {
	if key.Kind != yaml.ScalarNode {
		return d.Head(key)
	}
	_, at := d.Scalar(key)
	return at
}

// mark returns the mark of a template that a mapping in braces is a part of.
func (c *converter) mark(n *yaml.Node) (source.Span, bool) {
	text, i := c.File.Text, c.Offset(n)
	if i > 0 && text[i-1] == '{' {
		i--
	}
	if strings.HasPrefix(text[i:], "{{") {
		if m, ok := source.MarkAt(text, i); ok {
			return c.File.Span(m.Start, m.End), true
		}
	}
	return source.Span{}, false
}

// merge adds the members that a merge key brings and that out does not have.
func (c *converter) merge(from, out *node) {
	if c.merged > maxMerged {
		return
	}
	switch from.kind {
	case mapping:
		for _, m := range from.members {
			if out.find(m.key) < 0 {
				out.set(m)
			}
		}
		if c.merged += len(from.members); c.merged > maxMerged {
			c.fail(from.at, source.Limit, "merge keys bring more than 300,000 members, so the rest is not merged")
		}
	case sequence:
		for _, item := range from.items {
			if item.kind != mapping {
				c.fail(item.at, source.Syntax, `"<<" in a list of something that is not a mapping`)
				continue
			}
			c.merge(item, out)
		}
	default:
		c.fail(from.at, source.Syntax, `the value of "<<" is not a mapping`)
	}
}

// quoted returns a short text of a file in quotes.
func quoted(text string) string {
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:60], "") + source.Mask
	}
	return strconv.Quote(text)
}
