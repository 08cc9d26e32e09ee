package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"
	"github.com/wp502lint/wp502lint/docs"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/report"
)

// explained returns all rules that have a page.
func (c command) explained() []*lint.Rule { return slices.Concat(c.rules, c.runTime) }

const rulesHelp = `List the rules: ID, name, worst severity, whether --fix can fix it, summary.
Without a RULE, all. A RULE is an ID, a name or a pattern.

  wp502lint rules
  wp502lint rules 'WP2*' socket-permission
  wp502lint rules --format json          also outcomes and what each needs

"log" instead of "fix" is a rule that only a log shows: diagnose reports it, and
check does not run it.`

func rulesCommand(c command) *cli.Command {
	format := stringFlag{&cli.StringFlag{Name: "format", Usage: "`F` text (default) or json"}}
	return &cli.Command{
		Name: "rules", Description: rulesHelp, Flags: append([]cli.Flag{format}, common()...),
		Action: func(ctx *cli.Context) error {
			format, err := oneOf(ctx, "format", "text", "json")
			if err != nil {
				return err
			}
			all := c.explained()
			if ctx.NArg() > 0 {
				if all, err = chosenRules(all, ctx.Args().Slice()); err != nil {
					return err
				}
			}
			if format == "json" {
				return rulesJSON(ctx.App.Writer, all)
			}
			return rulesText(ctx.App.Writer, all)
		},
	}
}

// columns is how wide the list of rules is, if no word is longer.
const columns = 100

func rulesText(w io.Writer, listed []*lint.Rule) error {
	width := len("NAME")
	for _, r := range listed {
		width = max(width, len(r.Name))
	}
	line := func(id, name, severity, mark, summary string) string {
		return fmt.Sprintf("%-5s  %-*s  %-8s  %-3s  %s\n", id, width, name, severity, mark, summary)
	}
	text := line("ID", "NAME", "SEVERITY", "FIX", "SUMMARY")
	for _, r := range listed {
		id, name, severity, mark := r.ID, r.Name, r.Outcomes.Worst().Severity().String(), markOf(r)
		for _, part := range report.Fill(r.Summary, columns-len(line("", "", "", "", "\b"))+len("\b\n")) {
			text += line(id, name, severity, mark, part)
			id, name, severity, mark = "", "", "", ""
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// markOf returns what the list says about how a rule can be met.
func markOf(r *lint.Rule) string {
	switch {
	case r.Fixable:
		return "fix"
	case r.Cause == lint.RunTime:
		return "log"
	}
	return ""
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
	Fixable  bool          `json:"fixable"` // --fix can fix it, or some of it
	Needs    []host.Fact   `json:"needs,omitempty"`
	URL      string        `json:"url"`
}

type outcomeJSON struct {
	Outcome  string `json:"outcome"`
	Severity string `json:"severity"`
	When     string `json:"when"`
}

func rulesJSON(w io.Writer, listed []*lint.Rule) error {
	out := struct {
		Version int        `json:"version"`
		Rules   []ruleJSON `json:"rules"`
	}{1, []ruleJSON{}}
	for _, r := range listed {
		worst := r.Outcomes.Worst()
		rule := ruleJSON{
			Rule: r.ID, Name: r.Name, Severity: worst.Severity().String(), Outcome: worst.String(),
			Cause: uint8(r.Cause), Summary: r.Summary, Fixable: r.Fixable, Needs: r.Needs, URL: docs.URL(r),
		}
		possible := r.Possible()
		for outcome, when := range possible.All() {
			rule.Outcomes = append(rule.Outcomes, outcomeJSON{outcome.String(), outcome.Severity().String(), when})
		}
		out.Rules = append(out.Rules, rule)
	}
	return report.WriteJSON(w, out)
}
