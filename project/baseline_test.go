package project

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

func TestBaseline(t *testing.T) {
	rule := &lint.Rule{ID: "WP901", Name: "word"}
	a, b := &source.File{Name: "/a", Text: "x"}, &source.File{Name: "/b", Text: "x"}
	finding := func(f *source.File, print string) lint.Finding {
		return lint.Finding{Rule: rule, At: f.Span(0, 1), Fingerprint: print, Outcome: lint.BadGateway}
	}
	old := []lint.Finding{finding(b, "2"), finding(a, "1"), {Rule: rule, Fingerprint: "3"}}
	var text strings.Builder
	if err := NewBaseline(old).Write(&text); err != nil {
		t.Fatal(err)
	}
	want := `{"version": 1, "findings": [
  {"fingerprint":"3","rule":"WP901","name":"word","at":""},
  {"fingerprint":"1","rule":"WP901","name":"word","at":"/a"},
  {"fingerprint":"2","rule":"WP901","name":"word","at":"/b"}
]}
`
	if text.String() != want {
		t.Errorf("got  %s\nwant %s", text.String(), want)
	}
	baseline, err := ReadBaseline(text.String())
	if err != nil {
		t.Fatal(err)
	}
	r := &lint.Report{Rules: []*lint.Rule{rule}, Findings: []lint.Finding{finding(a, "1"), finding(b, "4")}, Verdict: lint.BadGateway}
	gone := baseline.Apply(r)
	if len(gone) != 2 || gone[0].Fingerprint != "3" || gone[1].Fingerprint != "2" {
		t.Errorf("gone: %v", gone)
	}
	if r.Accepted != 1 || len(r.Findings) != 1 || r.Findings[0].Fingerprint != "4" || r.Verdict != lint.BadGateway {
		t.Errorf("left: %+v", r)
	}
	r.NotChecked = []lint.NotChecked{{NotChecked: source.NotChecked{Path: "/c", Why: "it cannot be read"}}}
	if gone := baseline.Apply(r); len(gone) > 0 {
		t.Errorf("gone where not everything was read: %v", gone)
	}
	if gone := baseline.Apply(&lint.Report{}); len(gone) > 0 {
		t.Errorf("gone where the rule did not run: %v", gone)
	}
	NewBaseline(r.Findings).Apply(r)
	if r.Accepted != 2 || len(r.Findings) != 0 || r.Verdict != 0 {
		t.Errorf("left: %+v", r)
	}
}

func TestBrokenBaselines(t *testing.T) {
	for text, want := range map[string]string{
		"":                 `not a baseline file; create one with "wp502lint baseline write"`,
		"[]":               `not a baseline file; create one with "wp502lint baseline write"`,
		`{"version": 2}`:   `a baseline of version 2, not 1; create a new one with "wp502lint baseline write"`,
		`{"findings": []}`: `a baseline of version 0, not 1; create a new one with "wp502lint baseline write"`,
	} {
		if _, err := ReadBaseline(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if b, err := ReadBaseline(`{"version": 1, "findings": []}`); err != nil || len(b.Findings) != 0 {
		t.Errorf("an empty one: %v", err)
	}
}
