package lint

import "slices"

// Severity returns how severe f is: that of its outcome, unless the project sets
// another.
func (f *Finding) Severity() Severity {
	if f.Override != 0 {
		return f.Override
	}
	return f.Outcome.Severity()
}

// Override gives the findings of some rules another severity than that of their
// outcome. Outcomes and the verdict stay.
func (rep *Report) Override(severities map[*Rule]Severity) {
	for i := range rep.Findings {
		f := &rep.Findings[i]
		f.Override = severities[f.Rule]
	}
}

// Accept leaves out the accepted findings, and counts them. The verdict covers
// the others.
func (rep *Report) Accept(accepted func(*Finding) bool) {
	before := len(rep.Findings)
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f Finding) bool { return accepted(&f) })
	rep.Accepted += before - len(rep.Findings)
	rep.Verdict = verdict(rep.Findings)
}
