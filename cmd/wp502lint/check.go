package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

const checkHelp = `Lint files and folders; without a PATH, the project.

  wp502lint check --root rootfs --format sarif=out.sarif --format text
  WP502LINT_FAIL_ON=warning wp502lint check

Every flag but help and version is also WP502LINT_... in the environment.`

func checkCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "check", Description: checkHelp, Flags: checkFlags(),
		Action: func(ctx *cli.Context) error {
			o, err := readOptions(ctx, c)
			if err != nil {
				return err
			}
			return c.check(ctx.App.Writer, o)
		},
	}
}

// options are the flags and arguments of check, all of them sound.
type options struct {
	root           string
	args           []string
	sinks          []sink
	rules          []*lint.Rule
	host           host.Overrides
	failOn         lint.Severity // 0: never
	strict         bool
	color          string
	quiet, verbose bool
}

func readOptions(ctx *cli.Context, c command) (options, error) {
	o := options{root: ctx.String("root"), args: ctx.Args().Slice(), strict: ctx.Bool("strict")}
	var errs [6]error
	o.sinks, errs[0] = sinks(ctx.StringSlice("format"), ctx.String("output"))
	o.rules, errs[1] = choose(c.rules, ctx.StringSlice("rule"), ctx.StringSlice("disable"))
	o.host, errs[2] = overrides(ctx)
	o.failOn, errs[3] = failOn(ctx)
	o.color, errs[4] = oneOf(ctx, "color", "auto", "always", "never")
	o.quiet, o.verbose, errs[5] = loudness(ctx)
	return o, cmp.Or(errs[:]...)
}

// check lints what o says and returns nil, errFindings or what went wrong.
func (c command) check(stdout io.Writer, o options) error {
	s, outside, err := look(o.root, o.args)
	if err != nil {
		return err
	}
	for _, sink := range o.sinks {
		if err := sink.ready(); err != nil {
			return err
		}
	}
	t, err := tree.New(s.root)
	if err != nil {
		return fmt.Errorf("cannot read the root %w", err)
	}
	configs := parser.Read(t, s.paths)
	r := lint.Run(stack.Link(configs, host.Collect(t, o.host)), o.rules)

	trouble := c.complaints(s, append(outside, s.failures(configs.Failed)...), r)
	if err := c.report(stdout, o, s, r); err != nil {
		return err
	}
	switch {
	case trouble:
		return errSaid
	case failed(r, o):
		return errFindings
	}
	return nil
}

// report writes every report. A text that could only say that all of nothing
// is healthy is left out.
func (c command) report(stdout io.Writer, o options, s *scene, r *lint.Report) error {
	for _, sink := range o.sinks {
		if sink.format == "text" && !loaded(r) {
			continue
		}
		err := sink.write(stdout, r, report.Options{
			Version: version(), Path: s.shown, URI: s.uri,
			Color: o.color == "always" || sink.stdout() && colored(o.color, c.stdout),
			Quiet: o.quiet, Verbose: o.verbose,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// complaints writes what was wrong with the paths and reports whether anything
// was: those that could not be read, and that nothing else was there to lint.
func (c command) complaints(s *scene, failures []string, r *lint.Report) bool {
	for _, why := range failures {
		c.complain("%s", why)
	}
	if loaded(r) {
		return len(failures) > 0
	}
	for _, n := range r.NotChecked {
		if n.Path != "" {
			c.complain("%s: not checked: %s", s.shown(&source.File{Name: n.Path}), n.Why)
		}
	}
	if n := len(r.Files); n > 0 {
		c.complain("%s is there, but nothing loads it; name the file to lint it (%d in all)", s.shown(&source.File{Name: r.Files[0].Path}), n)
	}
	if empty := s.read(); len(empty) > 0 {
		c.complain("nothing to lint in %s: no nginx.conf, site, php-fpm.conf or pool file is there; name a file or a folder that has one",
			strings.Join(empty, ", "))
	}
	return true
}

// loaded reports whether there was a file to lint.
func loaded(r *lint.Report) bool {
	return slices.ContainsFunc(r.Files, func(f lint.Role) bool { return f.File != nil })
}

// failed reports whether r makes the exit status 1.
func failed(r *lint.Report, o options) bool {
	if o.strict && len(r.NotChecked) > 0 {
		return true
	}
	return slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Severity() <= o.failOn })
}
