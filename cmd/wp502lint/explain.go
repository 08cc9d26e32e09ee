package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
)

const explainHelp = `Show the pages of rules: what you see, what to check now, the fix, and why.
Or explain a line of a log.

  wp502lint explain WP201                also 201, wp201, socket-mismatch
  wp502lint explain WP201 'WP3*'         several: IDs, names, patterns
  wp502lint explain 'connect() to unix:/run/php/a.sock failed (2: ...'`

func explainCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "explain", Description: explainHelp, Flags: append(chosen(diagnoseFlags(), "in", "root", "config"), common()...),
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() == 0 {
				return errors.New("explain needs a rule, e.g. wp502lint explain WP201; or a line of a log")
			}
			if ctx.NArg() == 1 && isLine(ctx.Args().First(), logs.Options{}) {
				o, err := readDiagnoseOptions(ctx, c)
				if err != nil {
					return err
				}
				return c.diagnose(ctx.App.Writer, o)
			}
			return c.explain(ctx.App.Writer, ctx.Args().Slice())
		},
	}
}

// pageRule is how many columns the line between two pages has.
const pageRule = 40

// explain prints the pages of rules, with a line between two.
func (c command) explain(w io.Writer, words []string) error {
	chosen, err := chosenRules(c.explained(), words)
	if err != nil {
		return fmt.Errorf("%w%s", err, explainHint(c.explained(), words))
	}
	for i, r := range chosen {
		if i > 0 {
			if _, err := fmt.Fprintf(w, "\n%s\n\n", strings.Repeat("-", pageRule)); err != nil {
				return err
			}
		}
		if err := report.Page(w, docs.Page(r, c.explained()), c.pageOptions()); err != nil {
			return err
		}
	}
	return nil
}

// explainHint returns what may have been meant by the first of words that is not a rule.
func explainHint(catalogue []*lint.Rule, words []string) string {
	for _, word := range splitWords(words) {
		if _, err := matching(catalogue, word); err == nil {
			continue
		}
		switch {
		case len(words) > 1 && strings.ContainsAny(word, "():/"):
			return "; a line of a log needs quotes around it"
		case strings.ContainsAny(word, "/."):
			return "; to read a log: wp502lint diagnose " + word
		}
		break
	}
	return ""
}
