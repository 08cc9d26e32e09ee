package lint

import (
	"fmt"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// Findings that differ only in words of the configuration have one cause.
func TestGroups(t *testing.T) {
	socket, memory := &Rule{ID: "WP201"}, &Rule{ID: "WP106"}
	file := &source.File{Name: "/a", Text: "a\nb\nc\n"}
	find := func(r *Rule, o Outcome, message string, notes ...string) Finding {
		f := Finding{Rule: r, Outcome: o, At: file.Span(0, 1), Message: message}
		for _, n := range notes {
			f.Notes = append(f.Notes, Note{Message: n})
		}
		return f
	}
	for _, c := range []struct {
		name string
		a, b Finding
		one  bool
	}{
		{"another path", find(socket, BadGateway, "no pool listens on /run/a.sock"), find(socket, BadGateway, "no pool listens on /run/b.sock"), true},
		{"another pool", find(socket, BadGateway, "pool shop may not open it"), find(socket, BadGateway, "pool blog may not open it"), true},
		{"another message", find(socket, BadGateway, "no pool listens on /a"), find(socket, BadGateway, "nothing starts the pool on /a"), false},
		{"another severity", find(socket, BadGateway, "no pool listens on /a"), find(socket, Sometimes, "no pool listens on /a"), false},
		{"another rule", find(socket, BadGateway, "it is wrong"), find(memory, BadGateway, "it is wrong"), false},
		{"another reason", find(socket, BadGateway, "no pool listens on /a", "the only pool"), find(socket, BadGateway, "no pool listens on /a", "a similar address"), false},
		{"a note more of the same", find(socket, BadGateway, "no pool", "used at /a:1"), find(socket, BadGateway, "no pool", "used at /b:2", "used at /b:3"), true},
	} {
		if got := len(Groups([]*Finding{&c.a, &c.b})) == 1; got != c.one {
			t.Errorf("%s: one group is %t, want %t", c.name, got, c.one)
		}
	}
	shared := find(socket, BadGateway, "one thing")
	shared.Common = "the upgrade"
	other := find(socket, BadGateway, "quite another thing")
	other.Common = shared.Common
	if got := Groups([]*Finding{&shared, &other}); len(got) != 1 {
		t.Errorf("%d groups of what has a common cause, want 1", len(got))
	}
}

// The most severe come first, and of one severity the first.
func TestGroupOrder(t *testing.T) {
	file := &source.File{Name: "/a", Text: "abc"}
	other := &source.File{Name: "/b", Text: "abc"}
	fix := []Fix{{Title: "risky", Edits: []source.Edit{{At: file.Span(0, 1)}}}, {Title: "safe", Safe: true, Edits: []source.Edit{{At: file.Span(1, 2)}, {At: file.Span(1, 2)}, {At: file.Span(2, 3)}}}}
	a, b := &Rule{ID: "WP101"}, &Rule{ID: "WP201"}
	got := ""
	groups := Groups([]*Finding{
		{Rule: a, Outcome: None, At: file.Span(0, 1), Message: "note"},
		{Rule: b, Outcome: BadGateway, At: file.Span(1, 2), Message: "error", Fixes: fix},
		{Rule: a, Outcome: BadGateway, At: file.Span(2, 3), Message: "later"},
		{Rule: b, Outcome: BadGateway, At: other.Span(1, 2), Message: "error", Fixes: fix},
	})
	for _, g := range groups {
		fixable, places := g.Fixable()
		got += fmt.Sprintln(g.Severity, g.Rule.ID, len(g.Findings), "in", g.Files(), "fixable", fixable, "at", places)
	}
	want := "error WP201 2 in 2 fixable 2 at 2\nerror WP101 1 in 1 fixable 0 at 0\nnote WP101 1 in 1 fixable 0 at 0\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
