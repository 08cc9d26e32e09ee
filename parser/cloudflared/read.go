package cloudflared

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/yamltext"
	"github.com/wp502lint/wp502lint/servers/cloudflare"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// reader reads one file.
type reader struct {
	config *Config
	doc    *yamltext.Document
	merged int // members that merge keys brought
}

// The limits of what aliases and merge keys make of a few bytes, of how deep unknown values are
// followed, and of what is reported.
const (
	maxMerged   = 100_000
	maxDepth    = 50
	maxRefusals = 100
)

// parse returns the top of the first document, the only one that cloudflared reads; nil without.
func (r *reader) parse() *yaml.Node {
	f := r.config.File
	r.doc = yamltext.New(f, 0, len(f.Text))
	var n yaml.Node
	err := yaml.NewDecoder(strings.NewReader(f.Text)).Decode(&n)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.broken(err)
		return nil
	}
	f.Comments = r.doc.Comments(n.Content[:1])
	switch at, templated := r.template(); {
	case templated:
		r.problem(at, source.Template, templateWhy)
		return nil
	case loops(n.Content[0], map[*yaml.Node]bool{}):
		r.problem(f.Span(0, 0), source.Syntax, "an alias is inside its own anchor")
		return nil
	}
	return n.Content[0]
}

const templateWhy = "a template of YAML cannot be read before it is rendered"

// template returns the first mark of a template outside of comments.
func (r *reader) template() (at source.Span, found bool) {
	f := r.config.File
	for from := 0; ; {
		n := strings.IndexByte(f.Text[from:], '{')
		if n < 0 {
			return at, false
		}
		from += n
		at = f.Span(from, min(from+2, len(f.Text)))
		if word := at.Text(); (word == "{{" || word == "{%") && !f.Commented(at) {
			return at, true
		}
		from++
	}
}

// loops reports whether an alias is inside its own anchor. open are the nodes that are followed,
// and those that were, as false.
func loops(n *yaml.Node, open map[*yaml.Node]bool) bool {
	n = resolved(n)
	if followed, met := open[n]; met {
		return followed
	}
	open[n] = true
	for _, child := range n.Content {
		if loops(child, open) {
			return true
		}
	}
	open[n] = false
	return false
}

func (r *reader) problem(at source.Span, kind source.Kind, message string) {
	r.config.Problems = append(r.config.Problems, source.Problem{At: at, Kind: kind, Message: message})
}

// broken reports what is not YAML, or a template of it.
func (r *reader) broken(err error) {
	f := r.config.File
	at := f.Span(0, 0)
	line, message := yamltext.Failure(err)
	if line > 0 {
		at = r.doc.Line(line)
	}
	if _, marked := source.FindMark(f.Text, 0); marked {
		r.problem(at, source.Template, templateWhy)
		return
	}
	r.problem(at, source.Syntax, "invalid YAML: "+message)
}

// refuse adds a reason for which cloudflared does not start.
func (r *reader) refuse(at source.Span, reason Reason, format string, args ...any) {
	if len(r.config.Refusals) < maxRefusals {
		r.config.Refusals = append(r.config.Refusals, Refusal{at, reason, fmt.Sprintf(format, args...)})
	}
}

// member is a key of a mapping with its value.
type member struct {
	name  string
	at    source.Span
	value *yaml.Node
}

// members returns the keys of a mapping as cloudflared reads them into one of its own structures:
// in order, those of merge keys last. It is nil for another value, which is refused.
func (r *reader) members(n *yaml.Node, name string) (all []member) {
	n = resolved(n)
	switch {
	case null(n):
		return nil
	case n.Kind != yaml.MappingNode:
		r.refuse(r.span(n), WrongValue, "%s is not a mapping", name)
		return nil
	}
	met := map[string]bool{}
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch key, at := resolved(key), r.span(key); {
		case null(key):
		case key.Kind != yaml.ScalarNode:
			r.refuse(at, WrongValue, "a key is not a text")
		case met[key.Value]:
			r.refuse(at, WrongValue, "%s is set twice", key.Value)
		case key.ShortTag() == "!!merge":
			met[key.Value] = true
			merges = append(merges, n.Content[i+1])
		default:
			met[key.Value] = true
			all = append(all, member{key.Value, at, n.Content[i+1]})
		}
	}
	for _, m := range merges {
		all = r.merge(m, all, met)
	}
	return all
}

// merge adds the members of a merge key that are not set yet.
func (r *reader) merge(n *yaml.Node, all []member, met map[string]bool) []member {
	n = resolved(n)
	switch {
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			all = r.merge(item, all, met)
		}
		return all
	case n.Kind != yaml.MappingNode || r.merged > maxMerged:
		return all
	}
	more := r.members(n, "<<")
	r.merged += len(more) + 1
	for _, m := range more {
		if !met[m.name] {
			met[m.name] = true
			all = append(all, m)
		}
	}
	return all
}

// items returns the items of a list; nil for another value, which is refused.
func (r *reader) items(n *yaml.Node, name string) []*yaml.Node {
	n = resolved(n)
	switch {
	case null(n):
		return nil
	case n.Kind != yaml.SequenceNode:
		r.refuse(r.span(n), WrongValue, "%s is not a list", name)
		return nil
	}
	return n.Content
}

// resolved returns the node that an alias represents.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// null reports whether a node has no value, so that cloudflared leaves its key alone.
func null(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// span returns the place of a node: the text of a scalar, and the first byte of a list or a mapping.
func (r *reader) span(n *yaml.Node) source.Span {
	if n.Kind == yaml.ScalarNode {
		_, at := r.doc.Scalar(n)
		return at
	}
	start := r.doc.Content(n)
	return r.config.File.Span(start, min(start+1, len(r.config.File.Text)))
}

// text reads a scalar as a text.
func (r *reader) text(m member) Value {
	n := resolved(m.value)
	switch {
	case null(n):
		return Value{}
	case n.Kind != yaml.ScalarNode:
		r.refuse(r.span(n), WrongValue, "%s is not a text", m.name)
		return Value{}
	}
	return Value{n.Value, r.span(n)}
}

// top reads the whole file.
func (r *reader) top(n *yaml.Node) {
	c := r.config
	var origin Origin
	var rules []*yaml.Node
	for _, m := range r.members(n, "the file") {
		c.own = c.own || ownKey(m.name)
		switch m.name {
		case "tunnel":
			c.Tunnel = r.text(m)
		case "url":
			c.URL = r.text(m)
		case "unix-socket":
			c.Socket = r.text(m)
		case "hello-world":
			c.Hello = r.text(m)
		case "token":
			r.text(m)
		case "originRequest":
			origin = r.origin(m)
		case "warp-routing":
			r.origin(m)
		case "ingress":
			rules = r.items(m.value, m.name)
		default:
			r.twice(m.value, maxDepth)
		}
	}
	for _, item := range rules {
		r.rule(item, origin)
	}
	if c.listed = len(rules) > 0; !c.listed {
		c.single()
	}
}

// ownKey reports whether a key at the top is one that configurations of cloudflared have, and
// others do not.
func ownKey(name string) bool {
	switch name {
	case "tunnel", "ingress", "originRequest", "warp-routing", "credentials-file", "no-autoupdate", "unix-socket", "hello-world":
		return true
	}
	return false
}

// rule reads an ingress rule.
func (r *reader) rule(n *yaml.Node, of Origin) {
	rule := &Rule{Index: len(r.config.Rules), At: r.span(resolved(n)), Origin: of}
	keys := keysOf("ingress")
	for i, m := range r.members(n, "an ingress rule") {
		if i == 0 {
			rule.At = m.at
		}
		switch m.name {
		case "hostname":
			rule.Host = r.text(m)
		case "path":
			rule.Path = r.text(m)
		case "service":
			rule.Service = r.text(m)
		case "originRequest":
			rule.own = r.origin(m)
			rule.Origin = rule.own.over(of)
		default:
			r.unused(m, keys)
		}
	}
	r.config.Rules = append(r.config.Rules, rule)
}

// twice refuses keys that are set twice in the value of a key that a flag has, or that is not
// known: cloudflared reads all of it.
func (r *reader) twice(n *yaml.Node, depth int) {
	if n = resolved(n); depth == 0 || r.merged > maxMerged {
		return
	}
	r.merged++
	switch n.Kind {
	case yaml.MappingNode:
		for _, m := range r.members(n, "a value") {
			r.twice(m.value, depth-1)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			r.twice(item, depth-1)
		}
	}
}

// unused records a key that cloudflared ignores.
func (r *reader) unused(m member, keys []cloudflare.Key) {
	u := Unused{Name: m.name, At: m.at}
	for _, k := range keys {
		u.Known = append(u.Known, k.Name)
	}
	r.config.Unused = append(r.config.Unused, u)
}

// keysOf returns the keys of the mapping at a key of the whole file.
func keysOf(name string) []cloudflare.Key {
	i := slices.IndexFunc(cloudflare.Keys, func(k cloudflare.Key) bool { return k.Name == name })
	return cloudflare.Keys[i].Keys
}
