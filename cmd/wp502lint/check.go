package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
)

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

// options are the flags and arguments of check. All are valid, except that paths
// are not checked yet.
type options struct {
	wishes
	sinks          []sink
	failOn         lint.Severity // 0: never
	fix, diff      bool
	all            bool // --fix=all: in any number of files
	strict         bool
	color          string
	layout         report.Layout
	statistics     bool
	quiet, verbose bool
}

func readOptions(ctx *cli.Context, c command) (o options, err error) {
	var errs [6]error
	o.wishes, errs[0] = readWishes(ctx, c.rules)
	o.sinks, errs[1] = sinks(ctx.StringSlice("format"), ctx.String("output"))
	o.failOn, errs[2] = failOn(ctx)
	o.color, errs[3] = oneOf(ctx, "color", "auto", "always", "never")
	layout, err := oneOf(ctx, "output-format", report.Layouts...)
	o.layout, errs[5] = report.Layout(slices.Index(report.Layouts, layout)), err
	o.statistics = ctx.Bool("statistics")
	o.audits = true
	o.quiet, o.verbose = ctx.Bool("quiet"), ctx.Bool("verbose")
	o.strict, o.diff = ctx.Bool("strict"), ctx.Bool("diff")
	if value := ctx.String("fix"); value != "" {
		o.fix, o.all, errs[4] = readFix("WP502LINT_FIX", value)
		o.fix = o.fix && !o.diff
	}
	switch {
	case o.quiet && o.verbose:
		err = errors.New("--quiet and --verbose exclude each other")
	case o.fix && (len(o.overlays) > 0 || o.stdin != ""):
		err = errors.New("--fix cannot write to a file that --overlay or --stdin-filename replaces; --diff prints what it would change")
	}
	return o, cmp.Or(append(errs[:], err)...)
}

// check lints as o says and returns nil, errFindings or another error.
func (c command) check(stdout io.Writer, o options) error {
	in, err := c.inspect(o.wishes)
	if err != nil {
		return err
	}
	if err := o.adopt(in.Project); err != nil {
		return err
	}
	for _, sink := range o.sinks {
		if err := sink.ready(in.scene); err != nil {
			return err
		}
	}
	r := in.lint()
	if err := in.compared(); err != nil {
		return err
	}
	var mended *engine.Mending
	switch {
	case o.fix && !in.sound:
		c.complain("nothing fixed: the project file is not valid")
	case o.fix || o.diff:
		mended = in.engine.Mend(r)
	}
	trouble := c.complaints(in, r)
	if mended != nil {
		settled, err := c.settle(stdout, in, r, mended, o)
		if err != nil {
			c.complain("%v", err)
			trouble = true
		}
		r = settled
	}
	if r.Milder > 0 && !o.quiet {
		c.complain("%s not reported: warnings and notes (preset gate)", report.Count(r.Milder, "finding"))
	}
	if err := c.report(stdout, in.scene, r.Report, o); err != nil {
		return err
	}
	switch {
	case trouble:
		return errSaid
	case failed(r.Report, o):
		return errFindings
	}
	return nil
}

// report writes every report. It leaves out a text about no files on stdout, and a report
// there after a diff.
func (c command) report(stdout io.Writer, s *scene, r *lint.Report, o options) error {
	for _, sink := range o.sinks {
		if sink.stdout() && (o.diff || forPeople(sink.format) && !loaded(r)) {
			continue
		}
		look := report.Options{
			Version: version(), Path: s.shown, URI: s.uri,
			Notice: func(why string) { c.complain("%s", why) },
			Color:  o.color == "always" || sink.stdout() && colored(o.color, c.stdout),
			Layout: o.layout, Statistics: o.statistics, Terminal: sink.stdout() && terminal(c.stdout),
			Quiet: o.quiet, Verbose: o.verbose, Fix: true, MostFixed: maxFixed,
		}
		if err := sink.write(stdout, r, look); err != nil {
			return err
		}
		if err := summarize(sink, r, look); err != nil {
			return err
		}
	}
	return nil
}

func forPeople(format string) bool { return format == "text" || format == "github" }

// summarize adds a summary of the job to the file that GitHub Actions shows it from,
// after what earlier commands of the step wrote.
func summarize(s sink, r *lint.Report, o report.Options) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if s.format != "github" || name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return summaryError(unopened(err))
	}
	if err := finish(f, func(w io.Writer) error { return report.GitHubSummary(w, r, o) }); err != nil {
		return summaryError(err)
	}
	return nil
}

func summaryError(err error) error {
	return fmt.Errorf("cannot write the summary of the job, GITHUB_STEP_SUMMARY=%s: %w", os.Getenv("GITHUB_STEP_SUMMARY"), err)
}

// complaints prints the problems with paths and reports whether there were any:
// paths that could not be read, or nothing to lint.
func (c command) complaints(in *inspection, r *engine.Result) bool {
	s := in.scene
	failed := c.failures(in, r)
	if loaded(r.Report) {
		return failed || !in.sound
	}
	for _, n := range r.NotChecked {
		if n.Path != "" {
			c.complain("%s: not checked: %s", s.shown(&source.File{Name: n.Path}), n.Why)
		}
	}
	access := func(f source.Input) bool { return path.Base(f.Path) == ".htaccess" }
	unloaded := slices.DeleteFunc(slices.Clone(r.Files), func(f source.Input) bool { return f.File != nil || access(f) })
	if n := len(unloaded); n > 0 {
		c.complain("nothing loads %s; name the file to lint it (%d in all)", s.shown(&source.File{Name: unloaded[0].Path}), n)
	}
	if empty := s.read(); len(empty) > 0 {
		why := "no configuration of nginx, Apache or PHP-FPM found; name a file or a folder that has one"
		switch {
		case slices.ContainsFunc(r.Files, func(f source.Input) bool { return f.Role.Describes() }):
			why = "no container is known to run nginx, Apache or PHP-FPM with a configuration of the project; \"wp502lint machines\" shows what is known"
		case slices.ContainsFunc(r.Files, access):
			why = "only .htaccess files found; add the apache2.conf or httpd.conf that leads to them"
		}
		c.complain("nothing to lint in %s: %s", strings.Join(empty, ", "), why)
	}
	return true
}

// failures prints what is wrong with paths, and reports whether anything is.
func (c command) failures(in *inspection, r *engine.Result) bool {
	all := append(in.outside, in.scene.failures(r)...)
	for _, why := range all {
		c.complain("%s", why)
	}
	return len(all) > 0
}

// loaded reports whether there was anything to lint: files that only describe machines are
// nothing by themselves, but for the rules of a tunnel. A finding that is left out was found.
func loaded(r *lint.Report) bool {
	return len(r.Findings)+r.Ignored+r.Accepted+r.Older > 0 || r.Gateways.PHP+r.Tunnels > 0 ||
		slices.ContainsFunc(r.Files, func(f source.Input) bool { return f.File != nil && !f.Role.Describes() })
}

// failed reports whether r makes the exit status 1.
func failed(r *lint.Report, o options) bool {
	if o.strict && (len(r.NotChecked) > 0 || !r.Gateways.Complete()) {
		return true
	}
	return slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Severity() <= o.failOn })
}
