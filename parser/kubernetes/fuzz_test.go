package kubernetes

import (
	"testing"

	"github.com/wp502lint/wp502lint/internal/pieces"
	"github.com/wp502lint/wp502lint/source"
)

// maxInput is the size in bytes of the largest text that the fuzz target parses: a larger one
// only takes longer.
const maxInput = 8 << 10

// FuzzParse checks the invariants of every text: no panic, every place inside the file, and
// values whose parts are the bytes that they say they are.
func FuzzParse(f *testing.F) {
	f.Add(deployment)
	f.Add("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    b\n  c: \"d\\n\\\n   e\"\n  f: >-\n   g\n   h\n")
	f.Add("apiVersion: v1\nkind: List\nitems: &a [*a]\n")
	f.Add("apiVersion: v1\nkind: Service\nmetadata: {name: {{ a }}}\n---\n%YAML 1.1\n---\nkind: Pod # é\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxInput {
			return
		}
		f := file("/kustomization.yaml", text)
		Parse(f)
		f = file("/a.yaml", text)
		m := Parse(f)
		inside := func(s source.Span) {
			if s.File != nil && (s.Start < 0 || s.Start > s.End || int(s.End) > len(text)) {
				t.Fatalf("%q: a place from %d to %d", text, s.Start, s.End)
			}
		}
		m.each(func(_ identity, at source.Span) { inside(at) })
		for _, p := range m.Problems {
			inside(p.At)
		}
		for _, s := range append(f.Comments, f.Secrets()...) {
			inside(s)
		}
		for _, c := range m.ConfigMaps {
			for key, value := range c.Data {
				inside(c.Keys[key])
				pieces.Check(t, value)
			}
		}
	})
}
