package yamltext

import (
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/source"
	"go.yaml.in/yaml/v3"
)

// The places of any document are in it, and what is said to be the same bytes is.
func FuzzScalar(f *testing.F) {
	for _, text := range []string{
		"a: b # c\n", "a: 'b''c'\n", "a: \"b\\tc\\\n  d\"\n", "a: |2-\n    b\n   c\n\n", "a: >\n  b\n\n   c\r\n  d\n",
		"\uFEFFé: &x !!str ü\nb: *x\n", "{a: [b, {c: d}]}\n---\ne\n", "a:\u2028  b\n", "? a\n: b\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var top yaml.Node
		if yaml.Unmarshal([]byte(text), &top) != nil || len(text) > 10_000 {
			return
		}
		d := New(&source.File{Name: "/f.yaml", Real: "/f.yaml", Text: text}, 0, len(text))
		var visit func(n *yaml.Node)
		visit = func(n *yaml.Node) {
			d.Head(n)
			if n.Kind == yaml.ScalarNode {
				value, at := d.Scalar(n)
				checkScalar(t, n, value, at)
			}
			for _, child := range n.Content {
				visit(child)
			}
		}
		visit(&top)
		for _, at := range d.Comments([]*yaml.Node{&top}) {
			if at.Text()[0] != '#' {
				t.Errorf("a comment is %q", at.Text())
			}
		}
	})
}

func checkScalar(t *testing.T, n *yaml.Node, value source.Text, at source.Span) {
	if value.String != n.Value {
		t.Errorf("%q is %q", n.Value, value.String)
	}
	if at.Start > at.End || int(at.End) > len(at.File.Text) {
		t.Errorf("%q is at %d to %d", n.Value, at.Start, at.End)
	}
	pieces.Check(t, value)
}
