//go:build linux

package lab

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
)

// Prover holds rules to their word on real servers.
type Prover struct {
	Programs Programs
	// Rules judge a bad example whose fix is proven.
	Rules []*lint.Rule
	// Stages bring about the circumstances of rules whose outcome is
	// 502-sometimes, by ID.
	Stages map[string]Stage
	// Forms are cases that show further forms of what a rule is about, by the
	// name of the rule and that of the case: a log line need not come from the
	// bad example.
	Forms map[string][]Form
}

// Form is a case and where it stands.
type Form struct {
	Name    string
	Archive string
}

// Rule proves one rule. The error says everything in which the rule and the
// servers differ.
func (p *Prover) Rule(r *lint.Rule) (Proof, error) {
	proof := Proof{Rule: r.ID, Outcome: r.Outcome.String(), Servers: p.Programs.Names(), Unproven: r.Unproven}
	bad, err := cases.Parse([]byte(r.Bad))
	if err != nil {
		return proof, fmt.Errorf("Bad: %w", err)
	}
	good, err := cases.Parse([]byte(r.Good))
	if err != nil {
		return proof, fmt.Errorf("Good: %w", err)
	}
	healthy, err := p.healthy(r, good)
	if err != nil {
		return proof, fmt.Errorf("Good: %w", err)
	}
	proof.Good = healthy.String()
	if r.Unproven != "" {
		return proof, nil
	}
	broken, err := Try(bad, p.Programs, p.stage(r))
	if err != nil {
		return proof, fmt.Errorf("Bad: %w", err)
	}
	proof.Bad = broken.String()
	logs, logErr := p.logs(r, broken)
	proof.Logs = logs
	fixed, fixErr := p.fixed(r, bad)
	proof.Fixed = fixed
	return proof, errors.Join(p.outcome(r, bad, broken, healthy), logErr, fixErr)
}

// stage returns the stage of a rule that has one.
func (p *Prover) stage(r *lint.Rule) Stage {
	if r.Outcome != lint.Sometimes {
		return nil
	}
	return p.Stages[r.ID]
}

// healthy tries a good example: it starts, answers 200, and the servers write
// none of the rule's lines.
func (p *Prover) healthy(r *lint.Rule, good *cases.Case) (*Trial, error) {
	t, err := Try(good, p.Programs, nil)
	if err != nil {
		return nil, err
	}
	errs := []error{t.Holds(good)}
	if !t.has(200) {
		errs = append(errs, fmt.Errorf("no request is answered 200: %s%s", t, t.last(lint.Nginx)))
	}
	for _, log := range r.Logs {
		if line, ok := t.Match(log); ok {
			errs = append(errs, fmt.Errorf("the log expression %s matches what a healthy %s writes: %s", log.Pattern, log.By, line))
		}
	}
	return t, errors.Join(errs...)
}

// outcome compares the outcome of a rule with what its bad example did.
func (p *Prover) outcome(r *lint.Rule, bad *cases.Case, broken, healthy *Trial) error {
	expected := *bad
	expected.NginxRefuses = r.Outcome == lint.NginxRefuses
	expected.FPMRefuses = r.Outcome == lint.FPMRefuses
	errs := []error{broken.Holds(&expected)}
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("Bad: the outcome is %s, but "+format, append([]any{r.Outcome}, args...)...))
	}
	switch r.Outcome {
	case lint.BadGateway:
		if !broken.has(502) {
			wrong("no request is answered 502: %s", broken)
		}
	case lint.Sometimes:
		if !broken.Staged {
			wrong("the lab has no stage for it and the rule no Unproven")
		}
	case lint.Other, lint.None:
		if broken.String() != healthy.String() {
			wrong("Bad does %s and Good %s", broken, healthy)
		}
		if broken.has(502) {
			wrong("a request is answered 502: %s", broken)
		}
	}
	return errors.Join(errs...)
}

// logs finds a line for every log expression of a rule: of its bad example, or
// else of one of its further forms.
func (p *Prover) logs(r *lint.Rule, broken *Trial) (seen []Seen, err error) {
	missing := slices.Clone(r.Logs)
	look := func(t *Trial, from string) {
		missing = slices.DeleteFunc(missing, func(log lint.Log) bool {
			line, ok := t.Match(log)
			if ok {
				seen = append(seen, Seen{log.By, log.Pattern, undated(line), from})
			}
			return ok
		})
	}
	look(broken, "Bad")
	for _, form := range p.Forms[r.Name] {
		if len(missing) == 0 {
			break
		}
		c, err := cases.Parse([]byte(form.Archive))
		if err != nil {
			return seen, fmt.Errorf("%s: %w", form.Name, err)
		}
		if !Claims(c) {
			continue
		}
		if t, err := Try(c, p.Programs, nil); err == nil {
			look(t, path.Base(form.Name))
		}
	}
	var errs []error
	for _, log := range missing {
		errs = append(errs, fmt.Errorf("no line of %s matches the log expression %s%s", log.By, log.Pattern, broken.last(log.By)))
	}
	return seen, errors.Join(errs...)
}

// Claims reports whether the header of a case says anything that servers can
// confirm.
func Claims(c *cases.Case) bool { return c.NginxRefuses || c.FPMRefuses || len(c.Requests) > 0 }

// dated is the time of a line, and the numbers of process, thread and
// connection.
var dated = regexp.MustCompile(`^\[?\d{2,4}[-/]\w+[-/]\d{2,4} [\d:]+\]? |\d+#\d+: (?:\*\d+ )?`)

// undated returns a line without what differs from run to run.
func undated(line string) string { return strings.TrimSpace(dated.ReplaceAllString(line, "")) }

// fixed tries a bad example with the safe fix of a rule.
func (p *Prover) fixed(r *lint.Rule, bad *cases.Case) (string, error) {
	var findings []lint.Finding
	for _, f := range cases.Lint(bad, p.Rules).Findings {
		if f.Rule == r {
			findings = append(findings, f)
		}
	}
	repaired := *bad
	repaired.Header.NginxRefuses, repaired.Header.FPMRefuses, repaired.Requests = false, false, nil
	repaired.Files = slices.Clone(bad.Files)
	texts := fix.Apply(findings)
	if len(texts) == 0 {
		return "", nil
	}
	for f, text := range texts {
		i := slices.IndexFunc(repaired.Files, func(x cases.File) bool { return x.Name == f.Real })
		if i < 0 {
			i, repaired.Files = len(repaired.Files), append(repaired.Files, cases.File{Name: f.Real})
		}
		repaired.Files[i].Text = text
	}
	for _, request := range requestsOf(bad) {
		request.Status, request.Times = 200, 1
		repaired.Requests = append(repaired.Requests, request)
	}
	t, err := Try(&repaired, p.Programs, nil)
	if err != nil {
		return "", fmt.Errorf("the safe fix: %w", err)
	}
	if err := t.Holds(&repaired); err != nil {
		return t.String(), fmt.Errorf("the safe fix: %w", err)
	}
	return t.String(), nil
}
