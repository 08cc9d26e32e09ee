package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
)

// The first proof: every rule is declared whole.
func TestDeclared(t *testing.T) {
	if err := lint.Validate(Explained()); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(Explained(), func(a, b *lint.Rule) int { return compare(a.ID, b.ID) }) {
		t.Error("the rules are not in order of ID")
	}
	for _, r := range Explained() {
		if (r.Cause == lint.RunTime) != slices.Contains(RunTime, r) {
			t.Errorf("%s is in the wrong list", r.ID)
		}
	}
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// The frame under every example is healthy.
func TestFrameIsSilent(t *testing.T) {
	report := cases.Lint(cases.Frame(), All)
	for _, f := range report.Findings {
		t.Errorf("the frame: %s: %s", f.Rule.ID, f.Message)
	}
	for _, n := range report.NotChecked {
		if n.Missing == nil {
			t.Errorf("the frame: not checked: %s", n.Why)
		}
	}
}

// The second proof: Bad fires this rule and no other, Good fires none.
func TestExamples(t *testing.T) {
	for _, rule := range All {
		t.Run(rule.ID, func(t *testing.T) {
			bad, good := examples(t, rule)
			report := cases.Lint(bad, All)
			if got := string(cases.Draw(bad, report)); got != rule.Bad {
				t.Errorf("Bad is drawn as\n%s\nwant\n%s", got, rule.Bad)
			}
			worst := lint.None + 1
			for _, f := range report.Findings {
				if f.Rule != rule {
					t.Errorf("Bad fires %s as well: %s", f.Rule.ID, f.Message)
				}
				worst = min(worst, f.Outcome)
			}
			if worst != rule.Outcomes.Worst() {
				t.Errorf("Bad shows %s, want the worst that the rule reports, %s", worst, rule.Outcomes.Worst())
			}
			for _, f := range cases.Lint(good, All).Findings {
				t.Errorf("Good fires %s: %s", f.Rule.ID, f.Message)
			}
			for _, f := range good.Files {
				if text, both := bad.Texts()[f.Name]; both && text == f.Text {
					t.Errorf("Good repeats %s, which does not differ from Bad", f.Name)
				}
			}
		})
	}
}

// The third proof: the safe fix of Bad gives Good, byte for byte, and fixing it
// again changes nothing.
func TestFixes(t *testing.T) {
	for _, rule := range All {
		t.Run(rule.ID, func(t *testing.T) {
			bad, good := examples(t, rule)
			texts := fix.Apply(cases.Lint(bad, All).Findings)
			if len(texts) == 0 {
				return
			}
			want := good.Texts()
			for f, text := range texts {
				if text != want[f.Real] {
					t.Errorf("%s is fixed to\n%s\nwant\n%s", f.Real, text, want[f.Real])
				}
			}
			if again := fix.Apply(cases.Lint(good, All).Findings); len(again) > 0 {
				t.Errorf("Good is fixed as well: %v", again)
			}
		})
	}
}

// The pages and the table of the README are those of the rules.
func TestPages(t *testing.T) {
	for _, rule := range Explained() {
		fresh(t, filepath.Join("..", docs.Path(rule)), docs.Page(rule, Explained()))
	}
	pages, err := filepath.Glob("../docs/rules/*.md")
	if err != nil || len(pages) != len(Explained()) {
		t.Errorf("%d pages for %d rules (%v)", len(pages), len(Explained()), err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	fresh(t, "../README.md", docs.Readme(string(readme), Explained()))
}

// fresh compares a generated file, or writes it with UPDATE=1.
func fresh(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err == nil && string(got) == want {
		return
	}
	if os.Getenv("UPDATE") != "1" {
		t.Errorf("%s is stale; UPDATE=1 go test ./rules writes it anew", name)
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}

func examples(t testing.TB, rule *lint.Rule) (bad, good *cases.Case) {
	t.Helper()
	bad, good, err := cases.Examples(rule)
	if err != nil {
		t.Fatal(err)
	}
	return bad, good
}

func parse(t *testing.T, archive string) *cases.Case {
	t.Helper()
	c, err := cases.Parse([]byte(archive))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
