package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// mending is what the safe fixes of a report make of the files.
type mending struct {
	in     *inspection
	report *lint.Report // of the files as they would be
	// texts are the new texts by the resolved names of the files, and before the
	// files as they are.
	texts  map[string]string
	before map[string]*source.File
	made   int // how many findings are gone
	// refused are findings whose fix would have made it worse.
	refused []lint.Finding
}

// maxRounds limits how often fixes are made and the result is linted again. Fixes
// that meet need a round each; every round leaves fewer findings.
const maxRounds = 100

// mend makes the first safe fix of each finding of r, and of what is left then, until
// there is none. Every step is linted again and taken back if it is no better.
func (in *inspection) mend(r *lint.Report) *mending {
	m := &mending{in: in, report: r, texts: map[string]string{}, before: map[string]*source.File{}}
	for range maxRounds {
		todo := slices.DeleteFunc(slices.Clone(m.report.Findings), func(f lint.Finding) bool { return !fixable(f) })
		if len(todo) == 0 {
			m.refused = nil
			break
		}
		before := m.report
		m.refused = m.try(todo)
		// What was refused may be right when another fix is made.
		if m.report == before {
			break
		}
	}
	m.made = len(r.Findings) - len(m.report.Findings)
	return m
}

func fixable(f lint.Finding) bool {
	return slices.ContainsFunc(f.Fixes, func(x lint.Fix) bool { return x.Safe })
}

// try makes the fixes of findings, all of them together or, if that is no better,
// one half after the other. It returns those whose fix alone is no better.
func (m *mending) try(findings []lint.Finding) (refused []lint.Finding) {
	// A fix that was made moves what stands behind it, so that findings of an older
	// report point to the wrong place: they wait for the next round.
	changed := fix.Apply(findings)
	texts, before := maps.Clone(m.texts), maps.Clone(m.before)
	for f, text := range changed {
		texts[f.Real] = text
		if before[f.Real] == nil {
			before[f.Real] = f
		}
	}
	if len(changed) > 0 {
		if r := m.in.lint(texts); better(r, m.report) {
			m.report, m.texts, m.before = r, texts, before
			return nil
		}
	}
	if len(findings) == 1 {
		return findings
	}
	half := len(findings) / 2
	report := m.report
	if refused = m.try(findings[:half]); m.report == report {
		refused = append(refused, m.try(findings[half:])...)
	}
	return refused
}

// better reports whether a has fewer errors than b, or as many and fewer warnings, or
// as many of both and fewer notes.
func better(a, b *lint.Report) bool {
	x, y := tally(a), tally(b)
	return cmp.Or(cmp.Compare(x[lint.Error], y[lint.Error]), cmp.Compare(x[lint.Warning], y[lint.Warning]), cmp.Compare(x[lint.Info], y[lint.Info])) < 0
}

// tally counts the findings of each severity, as their outcomes have it.
func tally(r *lint.Report) (n [lint.Info + 1]int) {
	for _, f := range r.Findings {
		n[f.Outcome.Severity()]++
	}
	return n
}

// settle prints the difference, writes the files, or both. It returns the report
// that counts: of the files as they are then, whatever the error.
func (c command) settle(stdout io.Writer, in *inspection, r *lint.Report, m *mending, o options) (*lint.Report, error) {
	for _, f := range m.refused {
		c.complain("%s: the fix of %s is not made: it would leave as many findings or more", placed(in.scene.shown(f.At.File), f.At), f.Rule.ID)
	}
	names := slices.Sorted(maps.Keys(m.texts))
	if o.diff {
		if err := c.printDiff(stdout, m, names); err != nil {
			return r, err
		}
	}
	if !o.fix {
		return r, nil
	}
	changes := make([]change, len(names))
	for i, name := range names {
		changes[i] = change{in.scene.disk(name), in.scene.shown(&source.File{Name: name}), m.before[name].Text, m.texts[name]}
	}
	if err := rewrite(changes); err != nil {
		return in.lint(nil), err
	}
	if len(names) > 0 {
		c.complain("%s fixed in %s", plural(m.made, "finding"), some(changes))
	}
	return m.report, nil
}

// some names the files of changes, and of many the first.
func some(changes []change) string {
	const few = 5
	var names []string
	for _, c := range changes[:min(few, len(changes))] {
		names = append(names, c.shown)
	}
	text := strings.Join(names, ", ")
	if more := len(changes) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (c command) printDiff(stdout io.Writer, m *mending, names []string) error {
	hides := false
	for _, name := range names {
		// A link keeps its target, which is what changes: the difference names that.
		before := &source.File{Name: name, Real: name, Text: m.before[name].Text, Comments: m.before[name].Comments}
		after := &source.File{Name: name, Real: name, Text: m.texts[name]}
		for _, f := range m.report.Files {
			if f.File != nil && f.File.Real == name {
				after.Comments = f.File.Comments
			}
		}
		hidden, err := report.Diff(stdout, before, after, report.Options{Path: m.in.scene.uri})
		if err != nil {
			return err
		}
		hides = hides || hidden
	}
	if hides {
		c.complain("values of secrets are not printed, so this difference cannot be applied; --fix makes the change")
	}
	return nil
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprint(n, " ", word)
}
