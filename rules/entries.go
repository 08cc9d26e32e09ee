package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// checkEntries is the check of a rule that claims faults of the entries of
// PHP-FPM.
func checkEntries(p *lint.Pass) {
	for i := range p.Stack.BadEntries {
		if b := &p.Stack.BadEntries[i]; p.Claims(b.Fault) {
			reportEntry(p, b)
		}
	}
}

// reportEntry reports a bad entry, or says why it cannot be judged.
func reportEntry(p *lint.Pass, b *stack.BadEntry) {
	if b.Needs != "" {
		p.Missing(b.Needs)
		return
	}
	if b.Why != "" {
		p.NotChecked(b.At, b.Why)
		return
	}
	p.Report(entryFinding(b))
}

// entryFinding is the finding about a bad entry. PHP-FPM refuses to start, or
// what it reads is harmless.
func entryFinding(b *stack.BadEntry) lint.Finding {
	f := lint.Finding{Outcome: lint.None, At: b.At, Message: b.Message, Notes: b.Notes, Fixes: b.Fixes}
	if b.Says != "" {
		f.Outcome, f.Log = lint.FPMRefuses, []string{b.Says}
	}
	if b.Fault == stack.MissingEntry {
		f.Lacks = b.Key
	}
	return f
}
