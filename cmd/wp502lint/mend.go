package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// maxFixed is how many files --fix changes; --fix=all has no limit.
const maxFixed = 50

// settle prints the difference or writes the files. It returns the report about
// the files as they are afterwards, even with an error.
func (c command) settle(stdout io.Writer, in *inspection, r *engine.Result, m *engine.Mending, o options) (*engine.Result, error) {
	for _, f := range m.Refused {
		c.complain("%s: the fix of %s was not applied: it would leave as many findings or more", placed(in.scene.shown(f.At.File), f.At), f.Rule.ID)
	}
	if n := len(m.Untried); n > 0 {
		c.complain("%s not fixed: too many fixes do not help, so theirs were not tried; name fewer files", report.Count(n, "finding"))
	}
	if n := len(m.Stray); n > 0 {
		c.complain("%s not fixed in files that nothing loads, such as %s; name a file to fix it", report.Count(n, "finding"), in.scene.shown(m.Stray[0].At.File))
	}
	if o.diff {
		return r, c.printDiff(stdout, in.scene, m)
	}
	if n := len(m.Changes); n > maxFixed && !o.all {
		return r, fmt.Errorf("nothing fixed: the fixes change %d files, more than %d; --diff shows them, and --fix=all applies them", n, maxFixed)
	}
	changes := make([]tree.Change, len(m.Changes))
	for i, x := range m.Changes {
		changes[i] = tree.Change{Real: x.Before.Real, Old: x.Before.Text, New: x.After.Text}
	}
	if err := in.rewrite(changes); err != nil {
		return in.lint(), err
	}
	if len(changes) > 0 {
		c.complain("%s fixed in %s: %s", report.Count(len(r.Findings)-len(m.After.Findings), "finding"), report.Count(len(changes), "file"), in.some(changes))
		c.complain("%s", reloads(r, changes))
	}
	return m.After, nil
}

// reloads says how the servers come to use the changed files of r.
func reloads(r *engine.Result, changes []tree.Change) string {
	changed := map[string]bool{}
	for _, x := range changes {
		changed[x.Real] = true
	}
	const nginx, apache, fpm = "nginx -t && systemctl reload nginx", "apachectl configtest && apachectl graceful", "php-fpm -t, then a reload of PHP-FPM"
	var how []string
	for _, one := range []struct {
		command string
		roles   []source.Role
	}{
		{nginx, []source.Role{source.RoleNginx, source.RoleFragment}},
		{apache, []source.Role{source.RoleApache, source.RoleApacheFragment}},
		{fpm, []source.Role{source.RoleFPM, source.RolePool, source.RolePHPIni}},
	} {
		if slices.ContainsFunc(r.Files, func(f source.Input) bool {
			return f.File != nil && changed[f.File.Real] && slices.Contains(one.roles, f.Role)
		}) {
			how = append(how, one.command)
		}
	}
	if how == nil {
		return "the servers use the new files after a restart"
	}
	return "the servers use the new files after a reload: " + strings.Join(how, "; ")
}

// rewrite replaces files of the tree.
func (in *inspection) rewrite(changes []tree.Change) error {
	var failed *tree.ReplaceError
	if err := uninterrupted(func() error { return in.Tree.Replace(changes) }); !errors.As(err, &failed) {
		return err
	}
	name := func(real string) string { return in.scene.shown(&source.File{Name: real}) }
	if failed.Left == nil {
		return fmt.Errorf("nothing fixed: %s: %w", name(failed.Real), failed.Err)
	}
	var left []string
	for _, real := range failed.Left {
		left = append(left, name(real))
	}
	return fmt.Errorf("%s: %w; %s could not be restored", name(failed.Real), failed.Err, strings.Join(left, ", "))
}

// uninterrupted calls do, which changes files. An interrupt does not end it halfway.
func uninterrupted(do func() error) error {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	return do()
}

// some names the files of changes, or only the first ones of many.
func (in *inspection) some(changes []tree.Change) string {
	const few = 5
	var names []string
	for _, c := range changes[:min(few, len(changes))] {
		names = append(names, in.scene.shown(&source.File{Name: c.Real}))
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
		c.complain("secrets and control characters are not printed as they are, so this difference cannot be applied; --fix applies it")
	}
	return nil
}
