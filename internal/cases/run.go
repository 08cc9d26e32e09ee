package cases

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
)

// Run tests every case below dir, which has one folder for each rule, named
// after it: the findings of rules must be the marks of the archive. In each
// folder the rule fires in at least one case and is silent in another. A folder
// without archives is skipped. With UPDATE=1 in the environment Run rewrites
// the archives instead.
func Run(t *testing.T, dir string, rules []*lint.Rule) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil || archives == nil {
		t.Fatalf("no cases in %s (%v)", dir, err)
	}
	folders := map[string]*folder{}
	for _, name := range archives {
		rule := filepath.Base(filepath.Dir(name))
		if !slices.ContainsFunc(rules, func(r *lint.Rule) bool { return r.Name == rule }) {
			t.Errorf("%s: no rule is called %s", name, rule)
			continue
		}
		if folders[rule] == nil {
			folders[rule] = &folder{rule: rule}
		}
		t.Run(rule+"/"+filepath.Base(name), func(t *testing.T) { folders[rule].test(t, name, rules) })
	}
	for _, f := range folders {
		if !f.fires || !f.silent {
			t.Errorf("%s/%s: has a case that fires: %t, has a silent case: %t; want both", dir, f.rule, f.fires, f.silent)
		}
	}
}

// folder is the result of the cases of one rule.
type folder struct {
	rule          string
	fires, silent bool
}

func (f *folder) test(t *testing.T, name string, rules []*lint.Rule) {
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse(want)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	report := Lint(c, rules)
	if slices.ContainsFunc(report.Findings, func(found lint.Finding) bool { return found.Rule.Name == f.rule }) {
		f.fires = true
	} else {
		f.silent = true
	}
	got := Draw(c, report)
	if bytes.Equal(got, want) {
		return
	}
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s: the linter says\n%s\nbut the archive says\n%s\nUPDATE=1 redraws it", name, got, want)
}
