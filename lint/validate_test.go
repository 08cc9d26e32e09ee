package lint

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// sound returns a valid rule.
func sound() *Rule {
	return &Rule{
		ID: "WP201", Name: "socket-mismatch", Cause: Address, Outcomes: Outcomes{BadGateway: Always},
		Summary: "s", Why: "w", Fix: "f", Bad: "-- a --\n", Good: "prose\n-- a --\n",
		Logs:  []servers.Log{{By: servers.Nginx, Pattern: `unix:(?P<path>\S+)`, Example: "unix:/a"}},
		Check: func(*Pass) {},
	}
}

func TestValidate(t *testing.T) {
	other := sound()
	other.ID, other.Name = "WP202", "socket-permission"
	if err := Validate([]*Rule{sound(), other}); err != nil {
		t.Errorf("two sound rules: %v", err)
	}
	for _, c := range []struct {
		want  string // "": the rule stays valid
		spoil func(*Rule)
	}{
		{"not WP and three digits", func(r *Rule) { r.ID = "WP20" }},
		{"not WP and three digits", func(r *Rule) { r.ID = "WP2010" }},
		{"first digit", func(r *Rule) { r.ID = "WP301" }},
		{"name of the product", func(r *Rule) { r.ID, r.Cause = "WP502", Edge }},
		{"kebab-case", func(r *Rule) { r.Name = "Socket-mismatch" }},
		{"kebab-case", func(r *Rule) { r.Name = "socket--mismatch" }},
		{"kebab-case", func(r *Rule) { r.Name = "" }},
		{"none of the six", func(r *Rule) { r.Outcomes = Outcomes{} }},
		{"none of the six", func(r *Rule) { r.Outcomes[0] = Always }},
		{"none of the seven", func(r *Rule) { r.ID, r.Cause = "WP701", 7 }},
		{"summary", func(r *Rule) { r.Summary = "" }},
		{"summary", func(r *Rule) { r.Summary = "a\nb" }},
		{"why", func(r *Rule) { r.Why = " \n" }},
		{"how to fix", func(r *Rule) { r.Fix = "" }},
		{"bad example", func(r *Rule) { r.Bad = "-- a\n" }},
		{"good example", func(r *Rule) { r.Good = "" }},
		{"checks nothing", func(r *Rule) { r.Check = nil }},
		{"no log line", func(r *Rule) { r.Logs = nil }},
		{"", func(r *Rule) { r.Logs, r.Unproven = nil, "it takes a second machine" }},
		{"", func(r *Rule) { r.Logs, r.Outcomes = nil, Outcomes{Other: Always} }},
		{"by no server", func(r *Rule) { r.Logs[0].By = "apache" }},
		{"missing closing )", func(r *Rule) { r.Logs[0].Pattern = "(" }},
		{"invalid or unsupported Perl syntax", func(r *Rule) { r.Logs[0].Pattern = "(?=a)" }},
		{"more than one line", func(r *Rule) { r.Logs[0].Pattern = "a\nb" }},
		{"every line", func(r *Rule) { r.Logs[0].Pattern = "a*" }},
		{"does not match its example", func(r *Rule) { r.Logs[0].Example = "unix: /a" }},
		{"the group site", func(r *Rule) { r.Logs[0].Pattern = "(?P<site>a)" }},
	} {
		r := sound()
		c.spoil(r)
		err := Validate([]*Rule{r})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestValidateUnique(t *testing.T) {
	name := sound()
	name.ID = "WP202"
	id := sound()
	id.Name = "other"
	err := Validate([]*Rule{sound(), name, id})
	want := "rule WP202: the name socket-mismatch is given twice\nrule WP201: the ID is given twice"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
