package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/typo"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/rules"
)

// explained returns all rules that have a page.
func (c command) explained() []*lint.Rule { return slices.Concat(c.rules, c.runTime) }

const rulesHelp = `List every rule with its outcomes. A rule with "at run time" is one that only a
log shows: check does not run it.

  wp502lint rules
  wp502lint rules --format json`

func rulesCommand(c command) *cli.Command {
	format := stringFlag{&cli.StringFlag{Name: "format", Usage: "`F` text (default) or json"}}
	return &cli.Command{
		Name: "rules", Description: rulesHelp, Flags: append([]cli.Flag{format}, common()...),
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() > 0 {
				return fmt.Errorf("rules takes no %q; \"wp502lint explain RULE\" shows one rule", ctx.Args().First())
			}
			format, err := oneOf(ctx, "format", "text", "json")
			if err != nil {
				return err
			}
			if format == "json" {
				return rulesJSON(ctx.App.Writer, c.explained())
			}
			return rulesText(ctx.App.Writer, c.explained())
		},
	}
}

func rulesText(w io.Writer, rules []*lint.Rule) error {
	width := 0
	for _, r := range rules {
		width = max(width, len(r.Name))
	}
	for _, r := range rules {
		if _, err := fmt.Fprintf(w, "%s  %-*s  %-13s  %s\n", r.ID, width, r.Name, r.Outcomes.Worst(), r.Summary); err != nil {
			return err
		}
		for outcome, when := range r.Outcomes.All() {
			if when == lint.Always {
				break
			}
			if _, err := fmt.Fprintf(w, "%*s  %-13s  %s: %s\n", len(r.ID)+2+width, "", outcome, outcome.Severity(), when); err != nil {
				return err
			}
		}
	}
	return nil
}

// ruleJSON is a rule as scripts read it.
type ruleJSON struct {
	Rule     string        `json:"rule"`
	Name     string        `json:"name"`
	Severity string        `json:"severity"`
	Outcome  string        `json:"outcome"`  // the worst, as severity
	Outcomes []outcomeJSON `json:"outcomes"` // worst first
	Cause    uint8         `json:"cause"`
	Summary  string        `json:"summary"`
	Needs    []host.Fact   `json:"needs,omitempty"`
	URL      string        `json:"url"`
}

type outcomeJSON struct {
	Outcome  string `json:"outcome"`
	Severity string `json:"severity"`
	When     string `json:"when"`
}

func rulesJSON(w io.Writer, rules []*lint.Rule) error {
	out := struct {
		Version int        `json:"version"`
		Rules   []ruleJSON `json:"rules"`
	}{1, []ruleJSON{}}
	for _, r := range rules {
		worst := r.Outcomes.Worst()
		rule := ruleJSON{
			Rule: r.ID, Name: r.Name, Severity: worst.Severity().String(), Outcome: worst.String(),
			Cause: uint8(r.Cause), Summary: r.Summary, Needs: r.Needs, URL: docs.URL(r),
		}
		for outcome, when := range r.Outcomes.All() {
			rule.Outcomes = append(rule.Outcomes, outcomeJSON{outcome.String(), outcome.Severity().String(), when})
		}
		out.Rules = append(out.Rules, rule)
	}
	return report.WriteJSON(w, out)
}

const explainHelp = `Show the page of a rule: a failing example, a correct one, the reason, and the
log lines that the servers write. Of a line of a log, say what it means.

  wp502lint explain WP201
  wp502lint explain socket-mismatch
  wp502lint explain 'connect() to unix:/run/php/a.sock failed (2: ...'`

func explainCommand(c command) *cli.Command {
	return &cli.Command{
		Name: "explain", Description: explainHelp, Flags: append(chosen(diagnoseFlags(), "in", "root", "config"), common()...),
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() != 1 {
				return errors.New("explain needs a rule or a line of a log, e.g. wp502lint explain WP201")
			}
			if isLine(ctx.Args().First(), logs.Options{}) {
				o, err := readDiagnoseOptions(ctx, c)
				if err != nil {
					return err
				}
				return c.diagnose(ctx.App.Writer, o)
			}
			rule, err := lookup(c.explained(), ctx.Args().First())
			if err != nil {
				return err
			}
			return report.Page(ctx.App.Writer, docs.Page(rule, c.explained()), c.pageOptions())
		},
	}
}

// lookup returns the rule with that ID or name, in upper or lower case.
func lookup(rules []*lint.Rule, name string) (*lint.Rule, error) {
	if r := lint.Named(rules, name); r != nil {
		return r, nil
	}
	hint := cmp.Or(typo.DidYouMean(name, lint.Names(rules)), `; "wp502lint rules" lists them`)
	switch {
	case strings.Contains(name, ","):
		hint = "; name one at a time"
	case strings.ContainsAny(name, "/."):
		hint = "; to read a log: wp502lint diagnose " + name
	}
	return nil, fmt.Errorf("there is no rule %q%s", name, hint)
}

// lookupAll returns the rules with names. Names may be separated by blanks, so that one
// environment variable holds several.
func lookupAll(catalogue []*lint.Rule, flag string, names []string) (found []*lint.Rule, err error) {
	for _, name := range strings.Fields(strings.Join(names, " ")) {
		r, err := lookup(catalogue, name)
		if err != nil && lint.Named(rules.RunTime, name) != nil {
			return nil, fmt.Errorf("--%s: check does not run %s, which only a log shows", flag, name)
		}
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		found = append(found, r)
	}
	return found, nil
}
