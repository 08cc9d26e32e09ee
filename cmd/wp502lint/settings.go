package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
)

// given are the flags of check, or their variables, that win over the project file.
type given struct {
	failOn, strict, format, output string // "": not given
	preset                         string
}

// readGiven reads the flags that a project file may set as well.
func readGiven(ctx *cli.Context) (g given, err error) {
	g = given{failOn: ctx.String("fail-on"), output: ctx.String("output"), preset: ctx.String("preset")}
	if ctx.IsSet("strict") {
		g.strict = fmt.Sprint(ctx.Bool("strict"))
	}
	if formats := present(ctx.StringSlice("format")); len(formats) > 0 {
		g.format = formats[0]
	}
	if g.preset == "" {
		return g, nil
	}
	if err := among("--preset", g.preset, project.Presets); err != nil {
		return g, err
	}
	if project.Mutes(g.preset, g.failOn) {
		return g, fmt.Errorf("--preset gate reports errors only, so --fail-on %s has no effect", g.failOn)
	}
	return g, nil
}

// adopt sets what the project file says and no flag does, and then what the preset means.
func (o *options) adopt(c *project.Config) (err error) {
	if o.given.preset == "" && project.Mutes(c.Preset, o.given.failOn) {
		return fmt.Errorf("the preset gate of the project file reports errors only, so --fail-on %s has no effect; --preset recommended reports all", o.given.failOn)
	}
	if o.given.failOn == "" && c.FailOn != nil {
		o.failOn = *c.FailOn
	}
	if o.given.strict == "" {
		o.strict = c.Strict
	}
	if o.given.format == "" && c.Format != "" {
		if o.sinks, err = sinks([]string{c.Format}, o.given.output); err != nil {
			return err
		}
	}
	switch o.preset(c) {
	case project.Gate:
		o.failOn = min(o.failOn, lint.Error)
	case project.Audit:
		o.verbose = !o.quiet
	}
	return nil
}

// preset returns the preset of a run.
func (w *wishes) preset(c *project.Config) string {
	if w.given.preset != "" {
		return w.given.preset
	}
	return c.Preset
}

// accept sets what the preset leaves out, and chooses the baseline of the project file, if no
// flag names one.
func (in *inspection) accept(file projectFile) error {
	if in.preset(in.Project) == project.Gate && in.audits {
		in.Least = lint.Error
	}
	if in.preset(in.Project) == project.Audit && in.audits {
		in.NoIgnore = true
		if len(in.Only) == 0 {
			in.Only = in.Catalogue
		}
		return nil // a baseline that the user names is more specific than a preset
	}
	if in.accepted != "" || in.Project.Baseline == "" || !in.lints {
		return nil
	}
	name := filepath.Join(file.folder, in.Project.Baseline)
	if filepath.IsAbs(in.Project.Baseline) {
		name = in.Project.Baseline
	}
	if err := file.stays("baseline", in.Project.Baseline, name); err != nil {
		return err
	}
	in.accepted = asOpened(name, in.scene.cwd)
	return nil
}
