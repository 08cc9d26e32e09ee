package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// checkEntries is the check of a rule that owns faults of PHP-FPM entries.
func checkEntries(p *lint.Pass) {
	missing := once[host.Fact]{}
	for _, m := range p.Stack.Masters {
		for i := range m.Refused {
			if r := &m.Refused[i]; p.Claims(r.Fault) {
				p.Report(entryFinding(r))
			}
		}
		for _, u := range m.Untold {
			switch {
			case !p.Claims(u.Fault):
			case u.Needs == "":
				p.NotChecked(u.At, u.Why)
			case missing.first(u.Needs):
				p.Missing(u.Needs)
			}
		}
	}
}

// checkProblems returns the check of a rule that owns one kind of problem: what
// a server cannot read.
func checkProblems(kind source.Kind) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for _, problem := range p.Stack.Problems {
			if problem.Kind == kind {
				p.Report(lint.Finding{Outcome: unread[problem.By], At: problem.At, Message: problem.Message})
			}
		}
	}
}

// unread is what comes of a file that a server cannot read.
var unread = map[servers.Server]lint.Outcome{servers.Nginx: lint.NginxRefuses, servers.Apache: lint.ApacheRefuses, servers.FPM: lint.FPMRefuses, servers.PHP: lint.None, servers.Engine: lint.Other}

// entryFinding is the finding about a refusal. PHP-FPM refuses to start, or
// what it reads is harmless.
func entryFinding(r *fpmt.Refusal) lint.Finding {
	f := lint.Finding{Outcome: lint.None, At: r.At, Message: r.Message, Notes: r.Notes, Fixes: r.Fixes}
	if r.Says != "" {
		f.Outcome, f.Log = lint.FPMRefuses, []string{r.Says}
	}
	if r.Fault == fpmt.MissingEntry {
		f.Lacks = r.Key
	}
	return f
}
