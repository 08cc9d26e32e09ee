package report

import (
	"cmp"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/wp502lint/wp502lint/lint"
)

// A screen has some 24 lines, and a log that a person scrolls through some 200: a block of one
// cause has at most blockLines, and in the layout Grouped the findings have at most allLines. Beyond
// fullLines a cause is one line.
const (
	blockLines = 24
	fullLines  = 120
	allLines   = 180
)

// alike is how many findings of one cause are a block; fewer are each printed in full.
const alike = 4

// findings writes findings, the most severe first, as the options say: a table of them, or by the
// layout all or by cause.
func (t *text) findings(all []*lint.Finding) {
	switch {
	case len(all) == 0:
	case t.o.Statistics:
		t.statistics(all)
	case t.o.Quiet:
		t.firsts(all)
	case t.o.Layout == Concise:
		t.firsts(all)
		t.print("\n")
	case t.o.Layout == Full:
		t.full(all)
	default:
		t.groups(lint.Groups(all))
	}
}

// groups writes findings by cause, in a limited number of lines.
func (t *text) groups(groups []*lint.Group) {
	used, left := 0, 0
	for _, g := range groups {
		switch {
		case used > allLines:
			left += len(g.Findings)
		case used > fullLines:
			used += t.brief(g)
		case len(g.Findings) < alike:
			used += t.full(g.Findings)
		default:
			used += t.block(g)
		}
	}
	if left > 0 {
		t.printf("and %s more (--output-format full prints all)\n", Count(left, "finding"))
	}
	if used > fullLines {
		t.print("\n")
	}
}

// full writes findings in full.
func (t *text) full(findings []*lint.Finding) (lines int) {
	for _, f := range findings {
		lines += t.finding(f) + 1
		t.print("\n")
	}
	return lines
}

// firsts writes the first lines of findings.
func (t *text) firsts(findings []*lint.Finding) {
	for _, f := range findings {
		t.first(f, t.about(f))
	}
}

// block writes findings of one cause: what they share, the first one in full, and the first lines
// of as many others as there is room for.
func (t *text) block(g *lint.Group) (lines int) {
	t.print(t.paint(severityStyles[g.Severity], t.shared(g)), "\n")
	lines = 1 + t.finding(g.Findings[0])
	others := g.Findings[1:]
	room := max(blockLines-lines-1, 2)
	if len(others) <= room+1 {
		room = len(others)
	}
	t.firsts(others[:room])
	if left := len(others) - room; left > 0 {
		t.printf("and %s more of this %s (--output-format concise lists all)\n", grouped(left), bond(g))
		lines++
	}
	t.print("\n")
	return lines + room + 1
}

// brief writes the first line of the first finding of a cause, and how many others it has.
func (t *text) brief(g *lint.Group) (lines int) {
	t.firsts(g.Findings[:1])
	if left := len(g.Findings) - 1; left > 0 {
		t.printf("and %s more of this %s\n", grouped(left), bond(g))
		return 2
	}
	return 1
}

// bond returns what findings of a group share: one cause where the rule says so, else the kind.
func bond(g *lint.Group) string {
	if g.Findings[0].Common != "" {
		return "cause"
	}
	return "kind"
}

// shared says how many findings have one cause, what it is, and what --fix changes.
func (t *text) shared(g *lint.Group) string {
	f := g.Findings[0]
	line := fmt.Sprintf("%s of one %s", Count(len(g.Findings), g.Severity.String()), bond(g))
	if n := g.Files(); n > 0 {
		line += " in " + Count(n, "file")
	}
	if f.Common != "" {
		line += ": " + t.about(f)(f.Common)
	}
	if fixable, places := g.Fixable(); fixable > 0 && t.o.Fix {
		line += fmt.Sprintf(" (%s changes %s)", t.fix, Count(places, "place"))
	}
	return line
}

// statistics writes a table of the rules that have findings.
func (t *text) statistics(all []*lint.Finding) {
	type key struct {
		rule     *lint.Rule
		severity lint.Severity
	}
	byKey := map[key]*lint.Group{}
	var rules []*lint.Group
	for _, f := range all {
		k := key{f.Rule, f.Severity()}
		if byKey[k] == nil {
			byKey[k] = &lint.Group{Rule: k.rule, Severity: k.severity}
			rules = append(rules, byKey[k])
		}
		byKey[k].Findings = append(byKey[k].Findings, f)
	}
	slices.SortStableFunc(rules, func(a, b *lint.Group) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(len(b.Findings), len(a.Findings)))
	})
	table := tabwriter.NewWriter(t, 0, 0, 2, ' ', 0)
	for _, g := range rules {
		fixable, _ := g.Fixable()
		fmt.Fprintf(table, "%s\t%s %s\tin %s\t%s fixable\n", Count(len(g.Findings), g.Severity.String()), g.Rule.ID, g.Rule.Name,
			Count(g.Files(), "file"), grouped(fixable))
	}
	table.Flush() // into memory
	if !t.o.Quiet {
		t.print("\n")
	}
}
