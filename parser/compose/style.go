package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// end returns where a node ends in the text; -1 if that cannot be told, or if more
// text after it would change its value.
func (e *editor) end(n *yaml.Node) int {
	switch {
	case n.Kind == yaml.AliasNode:
		return int(e.Head(n).End)
	case n.Kind == yaml.ScalarNode:
		return e.scalarEnd(n)
	case n.Style&yaml.FlowStyle == 0:
		return e.lastEnd(n)
	}
	open := e.Content(n)
	if open >= len(e.File.Text) || strings.IndexByte("[{", e.File.Text[open]) < 0 { // a pair in a list
		return e.lastEnd(n)
	}
	closing := open + 1
	if len(n.Content) > 0 {
		if closing = e.lastEnd(n); closing < 0 {
			return -1
		}
	}
	closing = e.Skip(closing)
	if strings.HasPrefix(e.File.Text[closing:], ",") {
		closing = e.Skip(closing + 1)
	}
	if closing >= len(e.File.Text) || e.File.Text[closing] != e.File.Text[open]+2 { // [ and ], { and }
		return -1
	}
	return closing + 1
}

// lastEnd returns where the last entry of a mapping or list ends.
func (e *editor) lastEnd(n *yaml.Node) int {
	if len(n.Content) == 0 {
		return -1
	}
	return e.end(n.Content[len(n.Content)-1])
}

func (e *editor) scalarEnd(n *yaml.Node) int {
	raw, at := e.Scalar(n)
	quote := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	block := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	switch {
	case len(raw.Pieces) == 1 && !raw.Pieces[0].Same, block && !e.clipped(n, int(at.End)):
		return -1
	case quote:
		return int(at.End) + 1
	}
	return int(at.End)
}

// clipped reports whether the text after the last line of a block that is not blank is not a
// part of its value.
func (e *editor) clipped(n *yaml.Node, end int) bool {
	header := lineOf(e.File.Text, e.Content(n))
	value := strings.TrimRight(n.Value, "\n")
	return value != "" && !strings.ContainsAny(value[len(value)-1:], " \t\r") &&
		!strings.Contains(header, "+") && strings.Contains(e.File.Text[end:], "\n")
}

// word returns a word as a scalar in the quotes of like, or in those that it needs; like may
// be nil.
func (e *editor) word(word string, like *yaml.Node) string {
	switch {
	case like != nil && like.Style&yaml.DoubleQuotedStyle != 0:
		return `"` + word + `"`
	case like != nil && like.Style&yaml.SingleQuotedStyle != 0:
		return "'" + word + "'"
	}
	if text, err := yaml.Marshal(word); err == nil {
		return strings.TrimSuffix(string(text), "\n")
	}
	return `"` + word + `"`
}

// list returns a list of one word in the style of the nearest list in the file: another
// depends_on, one of the service, one of another service.
func (e *editor) list(service *yaml.Node, word string) form {
	var key *yaml.Node
	if len(service.Content) > 0 {
		key = service.Content[0]
		if key.Style&yaml.DoubleQuotedStyle == 0 {
			key = nil
		}
	}
	word = e.word(word, key)
	f := form{flow: "[" + word + "]", block: []string{strings.Repeat(" ", e.step(service)) + "- " + word}}
	for _, find := range []func(of, key *yaml.Node) bool{
		func(_, key *yaml.Node) bool { return key.Value == "depends_on" },
		func(of, _ *yaml.Node) bool { return of == service },
		func(_, _ *yaml.Node) bool { return true },
	} {
		if key, list := e.sample(find); list != nil {
			f.flows = list.Style&yaml.FlowStyle != 0
			f.block[0] = strings.Repeat(" ", max(0, list.Column-key.Column)) + "- " + word
			break
		}
	}
	return f
}

// argv are the keys whose lists are the words of a command, often in brackets where no
// other list is.
var argv = []string{"command", "entrypoint"}

// sample returns the first list that is a member of a service, and its key.
func (e *editor) sample(find func(of, key *yaml.Node) bool) (key, list *yaml.Node) {
	for i := 1; i < len(e.services.Content); i += 2 {
		service := e.services.Content[i]
		if service.Kind != yaml.MappingNode {
			continue
		}
		for k := 0; k+1 < len(service.Content); k += 2 {
			key, list := service.Content[k], service.Content[k+1]
			if list.Kind != yaml.SequenceNode || len(list.Content) == 0 || !find(service, key) || slices.Contains(argv, key.Value) {
				continue
			}
			if at := e.Offset(list); at < len(e.File.Text) && strings.IndexByte("[-", e.File.Text[at]) >= 0 {
				return key, list
			}
		}
	}
	return nil, nil
}

// step returns by how much a service is indented relative to its key.
func (e *editor) step(service *yaml.Node) int {
	for i := 1; i < len(e.services.Content); i += 2 {
		if e.services.Content[i] == service && len(service.Content) > 0 {
			return max(2, service.Content[0].Column-e.services.Content[i-1].Column)
		}
	}
	return 2
}

// condition returns what a mapping of depends_on has for a service that starts first, in the
// style of its last member.
func (e *editor) condition(depends *yaml.Node) form {
	f := form{flow: "{condition: service_started}", block: []string{"  condition: service_started"}}
	k := len(depends.Content) - 2
	if k < 0 {
		return f
	}
	key, value := depends.Content[k], depends.Content[k+1]
	if key.Style&yaml.DoubleQuotedStyle != 0 {
		f.flow = `{"condition": "service_started"}`
	}
	if value.Kind == yaml.MappingNode {
		f.flows = value.Style&yaml.FlowStyle != 0
		f.block[0] = strings.Repeat(" ", max(1, value.Column-key.Column)) + "condition: service_started"
	}
	return f
}
