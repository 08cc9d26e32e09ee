package lint

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

func file(name, text string) *source.File { return &source.File{Name: name, Real: name, Text: text} }

// rule returns a rule that reports findings.
func rule(id string, outcomes Outcomes, findings ...Finding) *Rule {
	return &Rule{ID: id, Outcomes: outcomes, Check: func(p *Pass) {
		for _, f := range findings {
			p.Report(f)
		}
	}}
}

// told returns the findings as a reader sees them, in order.
func told(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		line := fmt.Sprintf("%s %d-%d %s %s: %s", name(f.At), f.At.Start, f.At.End, f.Rule.ID, f.Outcome, f.Message)
		for _, n := range f.Notes {
			line += "; " + n.Message
		}
		out = append(out, line)
	}
	return out
}

func check(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\ngot  %q\nwant %q", what, got, want)
	}
}

func TestRunOrder(t *testing.T) {
	a, b := file("/a", "0123456789\n"), file("/b", "0123456789\n")
	second := rule("WP202", Outcomes{Sometimes: "often", None: "now and then"},
		Finding{At: b.Span(1, 2), Message: "b"},
		Finding{At: a.Span(5, 6), Message: "a"},
		Finding{Message: "nobody wrote it"},
		Finding{At: a.Span(1, 2), Outcome: None, Message: "mild"})
	first := rule("WP201", Outcomes{BadGateway: "often", Sometimes: "now and then"},
		Finding{At: a.Span(5, 9), Message: "z"}, Finding{At: a.Span(5, 6), Message: "y"}, Finding{At: a.Span(5, 6), Message: "x"})
	rules := []*Rule{second, first}
	rep := Run(&stack.Stack{}, rules)
	check(t, "findings", told(rep.Findings), []string{
		" 0-0 WP202 502-sometimes: nobody wrote it",
		"/a 1-2 WP202 none: mild",
		"/a 5-6 WP201 502: x",
		"/a 5-6 WP201 502: y",
		"/a 5-9 WP201 502: z",
		"/a 5-6 WP202 502-sometimes: a",
		"/b 1-2 WP202 502-sometimes: b",
	})
	check(t, "rules", rep.Rules, []*Rule{first, second})
	check(t, "the rules given", rules, []*Rule{second, first})
	check(t, "verdict", rep.Verdict, BadGateway)
}

func TestRunMerges(t *testing.T) {
	snippet, twin := file("/snippet", "fastcgi_pass x;"), file("/snippet", "fastcgi_pass x;")
	at, edit := snippet.Span(13, 14), source.Edit{At: snippet.Span(13, 14), New: "y"}
	one := Finding{At: at, Message: "m", Outcome: Sometimes, Notes: []Note{{Message: "n"}}, Fixes: []Fix{{Safe: true, Edits: []source.Edit{edit}}}}
	other := one
	other.Outcome = BadGateway
	rep := Run(&stack.Stack{}, []*Rule{rule("WP201", Outcomes{BadGateway: "often", Sometimes: "now and then"}, one, other,
		Finding{At: twin.Span(13, 14), Message: "m"}, one, Finding{At: at, Message: "k"})})
	check(t, "findings", told(rep.Findings), []string{
		"/snippet 13-14 WP201 502: k",
		"/snippet 13-14 WP201 502: m; n; the same holds at 3 places that read this line",
		"/snippet 13-14 WP201 502: m",
	})
	check(t, "a fix that all offer", rep.Findings[1].Fixes, one.Fixes)

	unlike := one
	unlike.Fixes = nil
	rep = Run(&stack.Stack{}, []*Rule{rule("WP201", Outcomes{BadGateway: "often", Sometimes: "now and then"}, one, unlike)})
	check(t, "a fix that one lacks is safe", rep.Findings[0].Fixes[0].Safe, false)
	check(t, "the rule's own fix is safe", one.Fixes[0].Safe, true)
}

func TestRunNotChecked(t *testing.T) {
	a := file("/a", "0123456789\n")
	needy := &Rule{ID: "WP106", Needs: []host.Fact{host.Memory, host.Users}, Check: func(*Pass) { t.Error("it ran") }}
	shy := &Rule{ID: "WP101", Check: func(p *Pass) {
		p.NotChecked(a.Span(3, 4), "why")
		p.NotChecked(a.Span(1, 2), "why")
		p.NotChecked(a.Span(3, 4), "why")
	}}
	pipe := source.NotChecked{Path: "/pipe", Why: "a FIFO"}
	s := &stack.Stack{
		Unknown: []source.NotChecked{pipe, {At: a.Span(2, 3), Why: "a variable"}, pipe},
		Files:   []source.Input{{File: a, Path: "/a", Role: "nginx"}, {Path: "/b", Role: "not loaded"}},
		Facts:   &host.Facts{Memory: 1},
	}
	rep := Run(s, []*Rule{needy, shy})
	check(t, "not checked", rep.NotChecked, []NotChecked{
		{Rule: needy, Missing: []host.Fact{host.Users}, NotChecked: source.NotChecked{Why: "users unknown"}},
		{Rule: shy, NotChecked: source.NotChecked{At: a.Span(1, 2), Why: "why"}},
		{NotChecked: source.NotChecked{At: a.Span(2, 3), Why: "a variable"}},
		{Rule: shy, NotChecked: source.NotChecked{At: a.Span(3, 4), Why: "why"}},
		{NotChecked: source.NotChecked{Path: "/pipe", Why: "a FIFO"}},
	})
	check(t, "files", rep.Files, s.Files)
	check(t, "verdict", rep.Verdict, Unknown)

	rep = Run(&stack.Stack{}, []*Rule{needy})
	check(t, "no facts at all", rep.NotChecked[0].Missing, []host.Fact{host.Memory, host.Users})
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		outcomes []Outcome
		want     string
	}{
		{nil, "healthy"},
		{[]Outcome{None, Other}, "healthy"},
		{[]Outcome{None, Sometimes, Other}, "502-sometimes"},
		{[]Outcome{Sometimes, FPMRefuses, BadGateway}, "fpm-refuses"},
		{[]Outcome{FPMRefuses, NginxRefuses}, "nginx-refuses"},
		{[]Outcome{FPMRefuses, ApacheRefuses}, "apache-refuses"},
		{[]Outcome{SometimesUnavailable, None}, "503-sometimes"},
		{[]Outcome{SometimesUnavailable, Sometimes, SourceSent}, "source"},
		{[]Outcome{Unavailable, SourceSent}, "503"},
	} {
		var findings []Finding
		for _, o := range c.outcomes {
			findings = append(findings, Finding{Outcome: o})
		}
		check(t, fmt.Sprint(c.outcomes), verdict(findings).String(), c.want)
	}
}

func TestRunPanics(t *testing.T) {
	for _, undeclared := range []Outcome{BadGateway, Unavailable, Other, None + 1} {
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, "WP101") {
					t.Errorf("outcome %d: got panic %q, want one that names the rule", undeclared, said)
				}
			}()
			Run(&stack.Stack{}, []*Rule{rule("WP101", Outcomes{Sometimes: "often", None: "now and then"}, Finding{Outcome: undeclared})})
		}()
	}
}

func TestFingerprint(t *testing.T) {
	a, b := file("/a", "x x x"), file("/b", "x")
	print := func(id string, at source.Span, blocks, words []string) string {
		f := []Finding{{Rule: &Rule{ID: id}, At: at}}
		fingerprint(f, func(source.Span) (_, _ []string) { return blocks, words })
		return f[0].Fingerprint
	}
	server, pass := []string{"example.org"}, []string{"fastcgi_pass", "x"}
	first := print("WP201", a.Span(0, 1), server, pass)
	if len(first) != 16 || strings.Trim(first, "0123456789abcdef") != "" {
		t.Errorf("%q is not 16 hex digits", first)
	}
	check(t, "on another line", print("WP201", a.Span(2, 3), server, pass), first)
	seen := map[string]string{first: "the first"}
	for what, got := range map[string]string{
		"another rule":  print("WP202", a.Span(0, 1), server, pass),
		"another file":  print("WP201", b.Span(0, 1), server, pass),
		"another block": print("WP201", a.Span(0, 1), []string{"example.com"}, pass),
		"other words":   print("WP201", a.Span(0, 1), server, []string{"fastcgi_pass", "y"}),
		"split words":   print("WP201", a.Span(0, 1), server, []string{"fastcgi_passx"}),
		"moved words":   print("WP201", a.Span(0, 1), append(server, pass...), nil),
		"nobody":        print("WP201", source.Span{}, server, pass),
	} {
		if like := seen[got]; like != "" {
			t.Errorf("%s has the fingerprint of %s", what, like)
		}
		seen[got] = what
	}
}

func TestFingerprintOrdinal(t *testing.T) {
	a := file("/a", "x\nx\ny\n")
	r := &Rule{ID: "WP201"}
	same := func(source.Span) (_, _ []string) { return nil, []string{"x"} }
	findings := []Finding{{Rule: r, At: a.Span(0, 1)}, {Rule: r, At: a.Span(2, 3)}, {Rule: r, At: a.Span(4, 5)}}
	fingerprint(findings, same)
	fewer := []Finding{{Rule: r, At: a.Span(0, 1)}, {Rule: r, At: a.Span(4, 5)}}
	fingerprint(fewer, same)
	if findings[0].Fingerprint == findings[1].Fingerprint || findings[1].Fingerprint == findings[2].Fingerprint {
		t.Errorf("equal findings share a fingerprint: %v", findings)
	}
	check(t, "the second of two and of three", fewer[1].Fingerprint, findings[1].Fingerprint)
}

func BenchmarkRun(b *testing.B) {
	f := file("/a", strings.Repeat("fastcgi_pass x;\n", 10_000))
	for _, c := range []struct {
		name   string
		places int
	}{{"distinct", 10_000}, {"equal", 10}} {
		var findings []Finding
		for i := range 10_000 {
			at := (9_999 - i) % c.places * 16
			findings = append(findings, Finding{At: f.Span(at, at+12), Message: "no pool listens on x"})
		}
		rules := []*Rule{rule("WP201", Outcomes{BadGateway: "often", Sometimes: "now and then"}, findings...)}
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Run(&stack.Stack{}, rules)
			}
		})
	}
}

// A rule reports no more findings than a person could read in a lifetime, and says so.
func TestTooManyFindings(t *testing.T) {
	f := &source.File{Name: "/nginx.conf", Text: strings.Repeat("x", 2*maxFindings)}
	wordy := &Rule{ID: "WP998", Name: "wordy", Outcomes: Outcomes{None: "always"}, Check: func(p *Pass) {
		for i := range len(f.Text) {
			p.Report(Finding{At: f.Span(i, i+1), Message: "x"})
		}
	}}
	r := Run(&stack.Stack{Facts: &host.Facts{}}, []*Rule{wordy})
	if len(r.Findings) != maxFindings || len(r.NotChecked) != 1 || r.NotChecked[0].Rule != wordy || r.Ran()[wordy] {
		t.Errorf("%d findings, not checked %v", len(r.Findings), r.NotChecked)
	}
}
