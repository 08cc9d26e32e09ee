package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

const baselineHelp = `Accept the current findings, so that only new ones are reported.

  wp502lint baseline write                        accept what is found now
  wp502lint check --baseline .wp502lint-baseline.json    report what is new
  wp502lint baseline check                        check that each still exists

Findings are identified by their content: they stay accepted when lines move.
"write" writes --baseline FILE, else .wp502lint-baseline.json in the folder of
the project. "check" exits with 1 for a new finding at or above --fail-on, or
when an accepted one is gone, so that the list only gets shorter.

Flags, as check has them: --root, --rule, --disable, --overlay, --facts,
--stdin-filename, --memory, --reserve, --worker-memory, --no-ignore, --config,
--fail-on, --baseline FILE. PATHs follow "write" or "check".`

func baselineCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "baseline", Description: baselineHelp,
		Flags: slices.Concat(targetFlags(), []cli.Flag{
			text("fail-on", "SEVERITY", "exit 1 from error (default), warning, note; or never"),
		}, common()),
		Action: func(ctx *cli.Context) error {
			verb, err := verbOf(ctx, "write", "check")
			if err != nil {
				return err
			}
			w, err := readWishes(ctx, c.rules)
			if err != nil {
				return err
			}
			from, err := failOn(ctx)
			if err != nil {
				return err
			}
			w.args = w.args[1:]
			if verb == "write" {
				return c.writeBaseline(w)
			}
			return c.checkBaseline(ctx.App.Writer, w, from)
		},
	}
}

// verbOf returns the first argument of a command, which must be one of verbs.
func verbOf(ctx *cli.Context, verbs ...string) (string, error) {
	verb := ctx.Args().First()
	if verb == "" {
		return "", fmt.Errorf("%s takes %s", ctx.Command.Name, typo.Either(verbs))
	}
	return verb, among(ctx.Command.Name, verb, verbs)
}

// writeBaseline accepts all findings, and keeps entries of an older baseline that
// this run did not check. Nothing is written when a path could not be read.
func (c command) writeBaseline(w wishes) error {
	w.baselined, w.first = true, true
	in, err := c.inspect(w)
	if err != nil {
		return err
	}
	r := in.lint()
	if c.complaints(in, r) {
		return errSaid
	}
	var kept []project.Accepted
	if in.Baseline != nil {
		kept = slices.DeleteFunc(in.Baseline.Findings, func(a project.Accepted) bool { return slices.Contains(r.Gone, a) })
	}
	b, name := project.NewBaseline(r.Findings, kept...), in.accepted
	if err := replace(name, b.Write); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := report.Text(c.stderr, r.Report, report.Options{Statistics: true, Quiet: true}); err != nil {
		return err
	}
	c.complain("%s accepted in %s", report.Count(len(r.Findings)+r.Accepted, "finding"), name)
	if unjudged := report.Unjudged(&r.Gateways); unjudged != "" {
		c.complain("%s", unjudged)
	}
	return nil
}

// checkBaseline reports what is new and what is gone.
func (c command) checkBaseline(stdout io.Writer, w wishes, from lint.Severity) error {
	w.baselined = true
	in, err := c.inspect(w)
	if err != nil {
		return err
	}
	if w.given.failOn == "" && in.Project.FailOn != nil {
		from = *in.Project.FailOn
	}
	r := in.lint()
	trouble := c.complaints(in, r)
	o := options{sinks: []sink{{format: "text"}}, failOn: from}
	if err := c.report(stdout, in.scene, r.Report, o); err != nil {
		return err
	}
	for _, a := range r.Gone {
		rule := lint.Named(r.Rules, a.Rule)
		fmt.Fprintf(stdout, "%s: no longer found: %s %s\n", report.Visible(in.scene.shown(&source.File{Name: a.At})), rule.ID, rule.Name)
	}
	if len(r.Gone) > 0 {
		fmt.Fprintf(stdout, "%s no longer found; \"wp502lint baseline write\" removes them\n", report.Count(len(r.Gone), "accepted finding"))
	}
	switch {
	case trouble:
		return errSaid
	case failed(r.Report, o) || len(r.Gone) > 0:
		return errFindings
	}
	return nil
}

// readBaseline reads the baseline that the user names or that the project has; nil for
// none. It must exist, unless it is about to be written.
func (in *inspection) readBaseline() (*project.Baseline, error) {
	if in.accepted == "" && in.baselined {
		in.accepted = in.scene.baseline()
	}
	name := in.accepted
	if name == "" {
		return nil, nil
	}
	if in.first {
		if err := in.scene.planted(name); err != nil {
			return nil, fmt.Errorf("cannot write %s: %w", name, err)
		}
		if _, missing := os.Lstat(name); missing != nil {
			return nil, nil
		}
	}
	text, err := in.scene.readNamed(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("baseline %s does not exist; create one with \"wp502lint baseline write\"", name)
	case err != nil:
		return nil, fmt.Errorf("cannot read the baseline %s: %w", name, err)
	}
	b, err := project.ReadBaseline(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// baseline returns the default path of the baseline: in the folder of the project
// file or of .git, else in the current directory.
func (s *scene) baseline() string {
	return asOpened(filepath.Join(cmp.Or(s.project.folder, s.repo, s.cwd), project.BaselineName), s.cwd)
}
