package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
)

// variables returns the environment variable of a flag.
func variables(flag string) []string {
	return []string{"WP502LINT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
}

// text is a flag with a value, which the help calls value.
func text(name, value, usage string) cli.Flag {
	return stringFlag{&cli.StringFlag{Name: name, Usage: "`" + value + "` " + usage, EnvVars: variables(name)}}
}

func list(name, value, usage string) cli.Flag {
	return listFlag{&cli.StringSliceFlag{Name: name, Usage: "`" + value + "` " + usage, EnvVars: variables(name)}}
}

func toggle(name, usage string, short ...string) cli.Flag {
	return boolFlag{&cli.BoolFlag{Name: name, Aliases: short, Usage: usage, EnvVars: variables(name)}}
}

// common are the flags of every command. The library can add help itself, but
// reorder needs it too.
func common() []cli.Flag {
	return []cli.Flag{
		boolFlag{&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show this help"}},
		boolFlag{&cli.BoolFlag{Name: "version", Usage: "print the version"}},
	}
}

// targetFlags say what to lint and how; check and baseline take them.
func targetFlags() []cli.Flag {
	return []cli.Flag{
		text("root", "DIR", "the folder that is / for all absolute paths"),
		list("rule", "RULE", "run only these: IDs, names or patterns such as 'WP2*', with commas; repeatable"),
		list("disable", "RULE", "do not run these: IDs, names or patterns, with commas; repeatable"),
		list("overlay", "REAL=TEMP", "read TEMP in place of REAL; repeatable"),
		text("stdin-filename", "NAME", "read standard input in place of NAME"),
		text("facts", "FILE", "the facts of the host, as wp502lint facts prints them"),
		text("memory", "SIZE", "the memory of the host, such as 4GiB"),
		text("reserve", "SIZE", "the part of it that is not for PHP-FPM"),
		text("worker-memory", "SIZE", "the measured memory of one PHP-FPM worker"),
		text("baseline", "FILE", "leave out the findings that FILE accepts"),
		toggle("no-ignore", "report what comments and the project file ignore"),
		text("config", "FILE", "project file; else the nearest .wp502lint.yaml upwards"),
	}
}

// chosen returns those of flags that have one of names.
func chosen(flags []cli.Flag, names ...string) []cli.Flag {
	return slices.DeleteFunc(flags, func(f cli.Flag) bool { return !slices.Contains(names, f.Names()[0]) })
}

// checkFlags are the flags of check.
func checkFlags() []cli.Flag {
	return slices.Concat(targetFlags(), []cli.Flag{
		text("new-from", "REV", "report only what is new since the merge base of this git revision and HEAD"),
		list("format", "F[=FILE]", typo.Either(report.Names())+", on stdout or in a file; repeatable"),
		text("output", "FILE", "the file to write the report to"),
		text("fail-on", "SEVERITY", "exit 1 from error (default), warning, note; or never"),
		text("preset", "NAME", "gate: errors only; recommended (default); audit: also all that is left out"),
		fixFlag{&cli.StringFlag{Name: "fix", Usage: "make the first safe fix of each finding; --fix=all in more than 50 files too", EnvVars: variables("fix")}},
		toggle("diff", "print what --fix would change; write nothing and print no report"),
		toggle("strict", "exit 1 when something was not checked"),
		text("output-format", "LAYOUT", "how text is laid out: "+typo.Either(report.Layouts)),
		toggle("statistics", "print a table of the rules with findings in place of the findings"),
		text("color", "WHEN", "auto (default), always or never"),
		toggle("quiet", "print one line for each finding and nothing else", "q"),
		toggle("verbose", "also list the files and all that was not checked", "v"),
	}, common())
}

// readWishes reads targetFlags. Catalogue lists all rules.
func readWishes(ctx *cli.Context, catalogue []*lint.Rule) (w wishes, err error) {
	w = wishes{
		root: ctx.String("root"), config: ctx.String("config"), args: ctx.Args().Slice(),
		overlays: present(ctx.StringSlice("overlay")), stdin: ctx.String("stdin-filename"),
		accepted: ctx.String("baseline"), newFrom: ctx.String("new-from"), Options: engine.Options{Catalogue: catalogue, NoIgnore: ctx.Bool("no-ignore")},
	}
	w.lints = true
	if w.given, err = readGiven(ctx); err != nil {
		return w, err
	}
	if w.Only, err = chosenFor(catalogue, "rule", ctx.StringSlice("rule")); err != nil {
		return w, err
	}
	if w.Without, err = chosenFor(catalogue, "disable", ctx.StringSlice("disable")); err != nil {
		return w, err
	}
	if _, err := engine.Open(w.Options); err != nil {
		return w, errors.New("--disable leaves no rule to run")
	}
	w.Host, err = overrides(ctx)
	return w, err
}

// present returns values without the empty ones: an empty environment variable means
// not set.
func present(values []string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// size returns the bytes that a flag gives, 0 if it is not given.
func size(ctx *cli.Context, flag string) (int64, error) {
	value := ctx.String(flag)
	if value == "" {
		return 0, nil
	}
	bytes, err := host.ParseMemory(value)
	if err != nil {
		return 0, fmt.Errorf("--%s: %w", flag, err)
	}
	return bytes, nil
}

// overrides returns what the flags say about the host.
func overrides(ctx *cli.Context) (o host.Overrides, err error) {
	var errs [5]error
	o.Memory, errs[0] = size(ctx, "memory")
	o.Reserve, errs[1] = size(ctx, "reserve")
	o.Worker, errs[2] = size(ctx, "worker-memory")
	o.Today, errs[3] = today()
	o.Snapshot, errs[4] = readFacts(ctx.String("facts"))
	return o, cmp.Or(errs[:]...)
}

// failOn returns the least severe severity that makes the exit status 1; 0 for
// none.
func failOn(ctx *cli.Context) (lint.Severity, error) {
	value, err := oneOf(ctx, "fail-on", "error", "warning", "note", "never")
	return map[string]lint.Severity{"error": lint.Error, "warning": lint.Warning, "note": lint.Info}[value], err
}

// oneOf returns the value of a flag that takes one of words; the first is its
// default.
func oneOf(ctx *cli.Context, flag string, words ...string) (string, error) {
	value := cmp.Or(ctx.String(flag), words[0])
	return value, among("--"+flag, value, words)
}

// among returns an error for a value of what, a flag or a command, that is not one of
// words.
func among(what, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return fmt.Errorf("%s takes %s, not %q%s", what, typo.Either(words), value, typo.DidYouMean(value, words))
}
