package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
)

// The marks in a README around the table of the rules.
const (
	Begin = "<!-- rules -->"
	End   = "<!-- /rules -->"
)

// Table returns rules in Markdown: one table for each cause, in order of ID.
// Links are relative to the root of the repository.
func Table(rules []*lint.Rule) string {
	sorted := slices.Clone(rules)
	slices.SortStableFunc(sorted, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	var p page
	for len(sorted) > 0 {
		cause, n := sorted[0].Cause, 1
		for n < len(sorted) && sorted[n].Cause == cause {
			n++
		}
		p.block(fmt.Sprintf("**WP%dxx: %s**", cause, cause))
		p.block(rows(sorted[:n]))
		sorted = sorted[n:]
	}
	return p.String()
}

func rows(rules []*lint.Rule) string {
	lines := []string{"| rule | name | fires when | outcome |", "|---|---|---|---|"}
	for _, r := range rules {
		lines = append(lines, fmt.Sprintf("| [%s](%s) | %s | %s | %s |", r.ID, Path(r), r.Name, cell(r.Summary), cell(outcomes(r))))
	}
	return strings.Join(lines, "\n")
}

// outcomes says what a rule reports and when: "error or note" with the reason for
// each.
func outcomes(r *lint.Rule) string {
	var all []string
	for outcome, when := range r.Outcomes.All() {
		all = append(all, fmt.Sprintf("%s, `%s`", outcome.Severity(), outcome))
		if other := r.WithApache(outcome); other != 0 {
			all[len(all)-1] += fmt.Sprintf(" or `%s`", other)
		}
		if when != lint.Always {
			all[len(all)-1] += ": " + when
		}
	}
	return strings.Join(all, "<br>")
}

// cell returns text as a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(strings.TrimSpace(text))
}

// Readme returns readme with the table of rules between its marks; readme
// itself when it lacks one of them.
func Readme(readme string, rules []*lint.Rule) string {
	before, rest, ok := strings.Cut(readme, Begin)
	_, after, closed := strings.Cut(rest, End)
	if !ok || !closed {
		return readme
	}
	return before + Begin + "\n\n" + Table(rules) + "\n" + End + after
}
