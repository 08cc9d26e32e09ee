package rules

import (
	"cmp"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// Naming returns the rules that name a row, the most specific first: a check before a rule
// that only a log shows, a certain failure before a possible one, then the rule that names
// the fewest rows. nil for a row that no rule names, and for nil.
func Naming(row *servers.Signature) []*lint.Rule {
	var named []*lint.Rule
	for _, r := range Explained() {
		if slices.Contains(r.Logs, row) {
			named = append(named, r)
		}
	}
	slices.SortStableFunc(named, func(a, b *lint.Rule) int {
		return cmp.Or(
			cmp.Compare(runTime(a), runTime(b)),
			cmp.Compare(a.Outcomes.Worst().Severity(), b.Outcomes.Worst().Severity()),
			cmp.Compare(lines(a), lines(b)),
		)
	})
	return named
}

// lines is how many rows a rule names. Those of nginx and of Apache are for the same faults.
func lines(r *lint.Rule) int {
	by := map[servers.Server]int{}
	for _, row := range r.Logs {
		by[row.By]++
	}
	return len(r.Logs) - min(by[servers.Nginx], by[servers.Apache])
}

// runTime is 1 for a rule that only a log shows, and 0 for a check.
func runTime(r *lint.Rule) int {
	if r.Cause == lint.RunTime {
		return 1
	}
	return 0
}
