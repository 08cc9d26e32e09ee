package diagnose

import (
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// Which server a finding says does not start decides which cause it is about.
func TestCauseOf(t *testing.T) {
	for outcome, want := range map[lint.Outcome]*Cause{
		lint.FPMRefuses: fpmRefused, lint.NginxRefuses: nginxRefuse, lint.ApacheRefuses: apacheRefuse,
	} {
		if got := causeOf(lint.Finding{Rule: lint.Named(rules.All, "WP001"), Outcome: outcome}); got != want {
			t.Errorf("%s: got %v, want %v", outcome, got, want)
		}
	}
}

// A line that says that a server refuses its configuration is explained by the findings about that
// server alone.
func TestRefusals(t *testing.T) {
	file := &source.File{Name: "/etc/a.conf", Text: "a\n"}
	report := &lint.Report{}
	for _, o := range []lint.Outcome{lint.NginxRefuses, lint.ApacheRefuses, lint.FPMRefuses} {
		report.Findings = append(report.Findings, lint.Finding{Rule: lint.Named(rules.All, "WP001"), Outcome: o, At: file.Span(0, 1)})
	}
	j := &judge{config: &Config{Stacks: []*stack.Stack{{}}, Report: report}}
	for _, c := range []struct {
		by   servers.Server
		sign servers.Sign
		want lint.Outcome
	}{{servers.Nginx, servers.WebRefused, lint.NginxRefuses}, {servers.Apache, servers.WebRefused, lint.ApacheRefuses}, {servers.FPM, servers.Refused, lint.FPMRefuses}} {
		row := &servers.Signature{Log: servers.Log{By: c.by}, Sign: c.sign}
		if got := j.refusals(&mark{Event: logs.Event{Row: row}}); len(got) != 1 || got[0].Outcome != c.want {
			t.Errorf("%s: got %v, want %s alone", c.by, got, c.want)
		}
	}
}
