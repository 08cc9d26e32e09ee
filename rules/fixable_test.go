package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
)

// Fixable is true of the examples and the cases: a rule that is has a finding
// with a safe fix, and no other rule has one.
func TestFixable(t *testing.T) {
	fixed := map[*lint.Rule]string{}
	note := func(name string, c *cases.Case) {
		for _, f := range cases.Lint(c, All).Findings {
			if slices.ContainsFunc(f.Fixes, func(x lint.Fix) bool { return x.Safe }) {
				fixed[f.Rule] = name
			}
		}
	}
	for _, r := range All {
		bad, _ := examples(t, r)
		note(r.ID, bad)
	}
	names, err := filepath.Glob("../testdata/configs/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		note(name, parse(t, string(text)))
	}
	for _, r := range Explained() {
		if in, ok := fixed[r]; ok != r.Fixable {
			t.Errorf("%s (%s) is fixable: %t, but the cases say %t (%s)", r.ID, r.Name, r.Fixable, ok, in)
		}
	}
}
