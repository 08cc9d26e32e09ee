package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

// settle prints the difference, writes the files, or both. It returns the report
// about the files as they are afterwards, even with an error.
func (c command) settle(stdout io.Writer, in *inspection, r *engine.Result, m *engine.Mending, o options) (*engine.Result, error) {
	for _, f := range m.Refused {
		c.complain("%s: the fix of %s is not made: it would leave as many findings or more", placed(in.scene.shown(f.At.File), f.At), f.Rule.ID)
	}
	if o.diff {
		if err := c.printDiff(stdout, in.scene, m); err != nil {
			return r, err
		}
	}
	if !o.fix {
		return r, nil
	}
	changes := make([]change, len(m.Changes))
	for i, x := range m.Changes {
		real := x.Before.Real
		changes[i] = change{filepath.Join(resolved(in.scene.root), real), in.scene.shown(&source.File{Name: real}), x.Before.Text, x.After.Text}
	}
	if err := rewrite(changes); err != nil {
		return in.lint(), err
	}
	if len(changes) > 0 {
		c.complain("%s fixed in %s", report.Count(len(r.Findings)-len(m.After.Findings), "finding"), some(changes))
	}
	return m.After, nil
}

// some names the files of changes, or only the first ones of many.
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

// printDiff prints what changes. A fix of a link changes its target, so the
// difference names the target, as a URI does.
func (c command) printDiff(stdout io.Writer, s *scene, m *engine.Mending) error {
	hides := false
	for _, x := range m.Changes {
		hidden, err := report.Diff(stdout, x.Before, x.After, report.Options{Path: s.uri})
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
