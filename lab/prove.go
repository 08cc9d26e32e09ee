//go:build linux

package lab

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fix"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// Prover checks the claims of rules on real servers.
type Prover struct {
	Programs Programs
	// Rules judge the fixed version of a bad example.
	Rules []*lint.Rule
	// Forms are cases with further forms of a rule's fault, by the name of the
	// rule: a log line need not come from the bad example.
	Forms map[string][]Form
	// Try tries a case: TryCase.
	Try func(c *cases.Case, p Programs, stage string) (*Result, error)
}

// Form is a case and its name.
type Form struct {
	Name    string
	Archive string
}

// Rule proves one rule. The error lists every difference between the rule and the servers.
func (p *Prover) Rule(r *lint.Rule) (Proof, error) {
	proof := Proof{Rule: r.ID, Outcome: r.Outcomes.Worst().String(), Unproven: r.Unproven}
	bad, good, err := cases.Examples(r)
	if err != nil {
		return proof, err
	}
	proof.Servers = p.Programs.Names(good)
	healthy, err := p.healthy(r, good)
	if err != nil {
		return proof, fmt.Errorf("example Good: %w", err)
	}
	proof.Good = healthy.String()
	if r.Unproven != "" {
		return proof, nil
	}
	broken, err := p.Try(bad, p.Programs, r.ID)
	if err != nil {
		return proof, fmt.Errorf("example Bad: %w", err)
	}
	proof.Bad = broken.String()
	logs, logErr := p.logs(r, broken)
	proof.Logs = logs
	fixed, fixErr := p.fixed(r, bad)
	proof.Fixed = fixed
	return proof, errors.Join(p.outcome(r, bad, broken, healthy), logErr, fixErr)
}

// healthy tests a good example: it starts, answers 200, and the servers write none of
// the rule's lines.
func (p *Prover) healthy(r *lint.Rule, good *cases.Case) (*Result, error) {
	t, err := p.Try(good, p.Programs, "")
	if err != nil {
		return nil, err
	}
	errs := []error{t.Holds(good)}
	if !t.has(200) {
		errs = append(errs, fmt.Errorf("no request is answered 200: %s%s", t, t.last(t.web())))
	}
	if Stages[r.ID] != nil && r.Unproven == "" {
		if staged, err := p.Try(good, p.Programs, r.ID); err != nil {
			errs = append(errs, err)
		} else if staged.Failed != "" {
			errs = append(errs, fmt.Errorf("fails under the tested condition (%s)", staged.Failed))
		}
	}
	for _, row := range r.Logs {
		if line, ok := t.Match(row); ok {
			errs = append(errs, fmt.Errorf("the row %s matches what a healthy %s writes: %s", row.Name, row.By, line))
		}
	}
	return t, errors.Join(errs...)
}

// outcome compares the outcome of a rule with the result of its bad example.
func (p *Prover) outcome(r *lint.Rule, bad *cases.Case, broken, healthy *Result) error {
	want := r.Outcomes.Worst().With(broken.web())
	expected := *bad
	expected.NginxRefuses, expected.ApacheRefuses = want == lint.NginxRefuses, want == lint.ApacheRefuses
	expected.FPMRefuses = want == lint.FPMRefuses
	errs := []error{broken.Holds(&expected)}
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("Bad: the outcome is %s, but "+format, append([]any{want}, args...)...))
	}
	switch want {
	case lint.BadGateway:
		if !broken.has(502) {
			wrong("no request is answered 502: %s", broken)
		}
	case lint.Unavailable:
		if !broken.has(503) {
			wrong("no request is answered 503: %s", broken)
		}
	case lint.SourceSent:
		if !broken.any(func(a Answer) bool { return a.Source }) {
			wrong("no request is answered with the text of a script: %s", broken)
		}
	case lint.Sometimes, lint.SometimesUnavailable:
		if broken.Failed == "" {
			wrong("nothing failed: %s (a stage in the lab: %t)", broken, Stages[r.ID] != nil)
		}
	case lint.Other:
		if broken.Failed == "" && broken.String() == healthy.String() {
			wrong("Bad and Good both do %s (a stage in the lab: %t)", broken, Stages[r.ID] != nil)
		}
	case lint.None:
		if broken.String() != healthy.String() {
			wrong("Bad does %s and Good %s", broken, healthy)
		}
	}
	if seen := broken.Worst(); seen >= lint.BadGateway && seen < want {
		wrong("a request shows %s without more: %s", seen, broken)
	}
	return errors.Join(errs...)
}

// logs finds a line for every row that a rule names: from its bad example, or else
// from one of its further forms.
func (p *Prover) logs(r *lint.Rule, broken *Result) (seen []Seen, err error) {
	missing := slices.Clone(r.Logs)
	look := func(t *Result, from string) {
		missing = slices.DeleteFunc(missing, func(row *servers.Signature) bool {
			line, ok := t.Match(row)
			if ok {
				seen = append(seen, Seen{row.By, row.Name, undated(line), from})
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
		if t, err := p.Try(c, p.Programs, ""); err == nil {
			look(t, form.Name)
		}
	}
	var errs []error
	for _, row := range missing {
		errs = append(errs, fmt.Errorf("no line of %s is one of the row %s%s", row.By, row.Name, broken.last(row.By)))
	}
	return seen, errors.Join(errs...)
}

// Claims reports whether the header of a case claims anything that servers can confirm.
func Claims(c *cases.Case) bool {
	return c.NginxRefuses || c.ApacheRefuses || c.FPMRefuses || len(c.Requests) > 0
}

// dated matches the time of a line, and the numbers of process, thread and connection.
var dated = regexp.MustCompile(`^\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] | ?\[pid \d+(?::tid \d+)?\]|^\[?\d{2,4}[-/]\w+[-/]\d{2,4} [\d:]+\]? |\d+#\d+: (?:\*\d+ )?|^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} \(\d+\): |^\d{4}-\d\d-\d\dT[\d:]{8}Z `)

// counted matches the numbers of workers and their durations.
var counted = regexp.MustCompile(`\bchild \d+|\(\d+\.\d+ sec\)`)

// clientPort matches the address of a client in a line of Apache.
var clientPort = regexp.MustCompile(`(\[client [\d.]+):\d+\]`)

// undated returns a line without the parts that differ between runs.
func undated(line string) string {
	line = clientPort.ReplaceAllString(line, "$1]")
	line = counted.ReplaceAllStringFunc(line, func(text string) string {
		if strings.HasPrefix(text, "child") {
			return "child N"
		}
		return "(N sec)"
	})
	return strings.TrimSpace(dated.ReplaceAllString(line, ""))
}

// fixed tests a bad example after the safe fix of a rule.
func (p *Prover) fixed(r *lint.Rule, bad *cases.Case) (string, error) {
	var findings []lint.Finding
	for _, f := range cases.Lint(bad, p.Rules).Findings {
		if f.Rule == r {
			findings = append(findings, f)
		}
	}
	texts := fix.Apply(findings)
	if len(texts) == 0 {
		return "", nil
	}
	repaired := *bad
	for f, text := range texts {
		repaired = *withText(&repaired, f.Real, text)
	}
	repaired.NginxRefuses, repaired.ApacheRefuses, repaired.FPMRefuses, repaired.Requests = false, false, false, nil
	for _, request := range requestsOf(bad) {
		request.Status, request.Times, request.Source = 200, 1, false
		repaired.Requests = append(repaired.Requests, request)
	}
	t, err := p.Try(&repaired, p.Programs, "")
	if err != nil {
		return "", fmt.Errorf("the safe fix: %w", err)
	}
	if err := t.Holds(&repaired); err != nil {
		return t.String(), fmt.Errorf("the safe fix: %w", err)
	}
	return t.String(), nil
}
