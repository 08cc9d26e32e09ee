package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// merge sorts findings by file, place and rule, and merges those with the same
// rule, span and message: a file that is included at twelve places is judged
// twelve times, but has one fault.
func merge(findings []Finding) []Finding {
	order := fileOrder(findings)
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(comparePlace(order, a, b), cmp.Compare(a.Outcome, b.Outcome))
	})
	out := findings[:0]
	for len(findings) > 0 {
		n := 1
		for n < len(findings) && comparePlace(order, findings[0], findings[n]) == 0 {
			n++
		}
		one := findings[0]
		if n > 1 {
			one = mergeEqual(findings[:n])
		}
		out, findings = append(out, one), findings[n:]
	}
	return out
}

// fileOrder numbers the files in the order in which they appear. Two files can
// have the same name, in two containers.
func fileOrder(findings []Finding) map[*source.File]int {
	order := map[*source.File]int{nil: 0}
	for _, f := range findings {
		if _, ok := order[f.At.File]; !ok {
			order[f.At.File] = len(order)
		}
	}
	return order
}

func comparePlace(order map[*source.File]int, a, b Finding) int {
	if a.At.File != b.At.File {
		return cmp.Or(strings.Compare(name(a.At), name(b.At)), cmp.Compare(order[a.At.File], order[b.At.File]))
	}
	return cmp.Or(
		cmp.Compare(a.At.Start, b.At.Start),
		strings.Compare(a.Rule.ID, b.Rule.ID),
		cmp.Compare(a.At.End, b.At.End),
		strings.Compare(a.Message, b.Message),
	)
}

func name(at source.Span) string {
	if at.IsZero() {
		return ""
	}
	return at.File.Name
}

// mergeEqual returns the first of equal findings, which is the worst, with a
// note that says how many there are. A fix that is safe at one place stays safe
// only when every place offers the same.
func mergeEqual(equal []Finding) Finding {
	f := equal[0]
	if slices.ContainsFunc(equal[1:], func(g Finding) bool { return !sameFixes(f.Fixes, g.Fixes) }) {
		f.Fixes = slices.Clone(f.Fixes)
		for i := range f.Fixes {
			f.Fixes[i].Safe = false
		}
	}
	f.Notes = append(slices.Clone(f.Notes), Note{
		Message: fmt.Sprintf("the same holds at %d places that read this line", len(equal)),
	})
	return f
}

func sameFixes(a, b []Fix) bool {
	return slices.EqualFunc(a, b, func(x, y Fix) bool {
		return x.Title == y.Title && x.Safe == y.Safe && slices.Equal(x.Edits, y.Edits)
	})
}

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
	rep.Accepted += rep.leaveOut(accepted)
}

// leaveOut leaves out the findings for which out returns true, and returns how many these are.
func (rep *Report) leaveOut(out func(*Finding) bool) int {
	before := len(rep.Findings)
	rep.Findings = slices.DeleteFunc(rep.Findings, func(f Finding) bool { return out(&f) })
	rep.conclude()
	return before - len(rep.Findings)
}

// Keep leaves out the findings that are less severe than least. They count as Ignored, and as
// Milder as well. The verdict covers the others.
func (rep *Report) Keep(least Severity) {
	milder := rep.leaveOut(func(f *Finding) bool { return f.Severity() > least })
	rep.Milder += milder
	rep.Ignored += milder
}
