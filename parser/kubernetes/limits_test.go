package kubernetes

import (
	"fmt"
	"strings"
	"testing"
)

// chain returns n anchors, each of a text with ten aliases to the one before it.
func chain(name, first, with string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s0: &%s0 %s\n", name, name, first)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "%s%d: &%s%d %s\n", name, i, name, i, fmt.Sprintf(with, strings.Repeat(fmt.Sprintf("*%s%d,", name, i-1), 10)))
	}
	return b.String()
}

// Few bytes must not become much work or many results.
func TestLimits(t *testing.T) {
	const aliases = "aliases make more values than are read; the rest was not read"
	conf := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for _, tt := range []struct{ name, text, want string }{
		{"aliases that nothing reads", conf + chain("x", "[a]", "[%s]", 30), ""},
		{"merge keys", conf + chain("x", "{a: b}", "{<<: [%s]}", 30) + "data: {<<: *x29}\n", aliases},
		{"lists in lists", "apiVersion: v1\nkind: List\n" + chain("x", "{apiVersion: v1, kind: Pod, metadata: {name: a}}", "{kind: List, items: [%s]}", 10) + "items: [*x4]\n", aliases},
		{"list in itself", "apiVersion: v1\nkind: List\nitems: [&a {kind: List, items: [*a]}]\n", "lists more than 5 deep are not read"},
		{"deep", conf + "data: " + strings.Repeat("[", 20_000), "more than 10,000 levels of nesting, so this document is not read"},
		{"long", conf + strings.Repeat("#", maxText), "manifests of more than 8 MiB are not read"},
	} {
		m := Parse(file("/a.yaml", tt.text))
		got := ""
		if len(m.Problems) > 0 {
			got = m.Problems[0].Message
		}
		if got != tt.want || len(m.Problems) > 1 || len(m.Pods) > 2000 {
			t.Errorf("%s: %d pods, %d problems, the first is %q, want %q", tt.name, len(m.Pods), len(m.Problems), got, tt.want)
		}
	}
	if m := Parse(file("/a.yaml", strings.Repeat(conf+"a: [\n---\n", 200))); len(m.Problems) != maxProblems {
		t.Errorf("%d problems, want %d", len(m.Problems), maxProblems)
	}
}

// Kustomizations that use each other many times make no more objects than allowed.
func TestLayers(t *testing.T) {
	files := map[string]string{"/k0/kustomization.yaml": "configMapGenerator: [{name: a}]\n"}
	for i := 1; i < 40; i++ {
		files[fmt.Sprintf("/k%d/kustomization.yaml", i)] = "resources: [" + strings.Repeat(fmt.Sprintf("../k%d,", i-1), 10) + "]\n"
	}
	open, names := project(files)
	all := Load(open, names)
	if len(all) != 1 || len(all[0].ConfigMaps) > maxObjects || !all[0].Partial {
		t.Errorf("%d deployments", len(all))
	}
}
