//go:build linux

package lab

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/deploy"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lab/mutate"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// tryProjectMutant tries a mutant of a project; nil if it cannot be staged.
func tryProjectMutant(m *mutate.Mutant, p Programs, rules []*lint.Rule) (*Trial, error) {
	report, deployments := cases.Lint(m.Case, rules), projectOf(m.Case)
	if engineRefuses(report) || len(deployments) == 0 {
		return nil, nil
	}
	result, err := TryCase(m.Case, p, "")
	switch why := NotStaged(""); {
	case errors.As(err, &why):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%s\n%s%w", m, m.Diff, err)
	}
	t := JudgeProject(m, report, result, rules)
	if t.Class == FalseError && (report.Gateways.PHP > 1 || slices.ContainsFunc(report.NotChecked, isLoose) || slices.ContainsFunc(deployments, severalNginx)) {
		t.Class = Untold // what it is about may not be what was requested
	}
	return t, nil
}

// isLoose reports whether a file is judged for itself, as it is in no container.
func isLoose(n lint.NotChecked) bool { return n.Why == "no nginx.conf given" }

// severalNginx reports whether nginx runs in several containers.
func severalNginx(d *deploy.Deployment) bool {
	n := 0
	for _, m := range d.Machines {
		n += min(len(m.Nginx), 1)
	}
	return n > 1
}

// engineRefuses reports whether the engine refuses a mount, so that a container does not start:
// the lab has no engine.
func engineRefuses(report *lint.Report) bool {
	return slices.ContainsFunc(report.Findings, func(f lint.Finding) bool {
		return strings.HasSuffix(f.Message, "the container does not start")
	})
}

// JudgeProject is Judge for a mutant of a project. A verdict of unknown leaves every fault
// untold, and a refusal of PHP-FPM also ends the name of its container, without which nginx
// refuses.
func JudgeProject(m *mutate.Mutant, report *lint.Report, result *Result, rules []*lint.Rule) *Trial {
	t := &Trial{Mutant: m, Report: report, Result: result, Class: Right}
	truth, predicted := result.Worst(), report.Verdict
	t.blame(truth, rules)
	_, fpm := result.Refusals[servers.FPM]
	served := len(result.Answers) > 0 && !result.any(func(a Answer) bool { return a.Status != 200 })
	switch {
	case t.wrongly(lint.NginxRefuses, servers.Nginx) || t.wrongly(lint.FPMRefuses, servers.FPM) || predicted == lint.BadGateway && served:
		t.Class = FalseError
	case truth == 0 || predicted == truth || predicted == lint.FPMRefuses && fpm:
	case predicted == lint.Unknown:
		t.Class = Untold
	case predicted == 0 && len(t.Claims) > 0:
		t.Class = Missed
	default:
		t.Class = Uncovered
	}
	return t
}
