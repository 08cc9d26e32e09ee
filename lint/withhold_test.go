package lint

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Nothing of a file that is withheld is in a report: one finding, the worst, says what it is not.
func TestWithhold(t *testing.T) {
	site, key := file("/site", "server {}\n"), file("/key", "user hunter2;\npass hunter2;\n")
	key.Withheld = true
	mild := rule("WP202", Outcomes{None: "always"}, Finding{At: key.Span(0, 4), Message: "hunter2"})
	worse := rule("WP203", Outcomes{NginxRefuses: "always"},
		Finding{At: key.Span(15, 19), Message: "hunter2", Log: []string{"hunter2"}, Notes: []Note{{Message: "hunter2"}}},
		Finding{At: site.Span(0, 6), Message: "a", Notes: []Note{{At: key.Span(0, 4), Message: "hunter2"}, {At: site.Span(7, 8), Message: "kept"}},
			Fixes: []Fix{{Title: "x", Safe: true, Edits: []source.Edit{{At: key.Span(0, 4), New: "y"}}}, {Title: "kept"}}})
	s := &stack.Stack{Files: []source.Input{{File: site, Path: "/site", Role: "nginx"}, {File: key, Path: "/key", Role: "pool"}},
		Unknown: []source.NotChecked{{At: key.Span(5, 12), Why: "hunter2"}, {At: site.Span(0, 6), Why: "else"}}}
	rep := Run(s, []*Rule{mild, worse})
	check(t, "findings", told(rep.Findings), []string{
		"/key 0-0 WP203 nginx-refuses: not a PHP-FPM configuration",
		"/site 0-6 WP203 nginx-refuses: a; kept",
	})
	if f := rep.Findings[0]; f.Log != nil || f.Notes != nil || f.Fixes != nil {
		t.Errorf("it has more: %+v", f)
	}
	if f := rep.Findings[1].Fixes; len(f) != 1 || f[0].Title != "kept" {
		t.Errorf("the fixes are %+v", f)
	}
	for i, want := range []NotChecked{
		{NotChecked: source.NotChecked{At: key.Span(0, 0), Why: "not a PHP-FPM configuration"}}, {NotChecked: source.NotChecked{At: site.Span(0, 6), Why: "else"}},
	} {
		check(t, "not checked", rep.NotChecked[i], want)
	}

	was := rep.Findings[0].Fingerprint
	key.Text = "user other;\npass other;\n"
	if is := Run(s, []*Rule{mild, worse}).Findings[0].Fingerprint; is != was {
		t.Errorf("the fingerprint %s became %s with another password", was, is)
	}
}
