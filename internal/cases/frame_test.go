package cases_test

import (
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
)

func TestFramesAreHealthy(t *testing.T) {
	for name, frame := range map[string]*cases.Case{"nginx": cases.Frame(), "Apache": cases.ApacheFrame()} {
		t.Run(name, func(t *testing.T) { isHealthy(t, frame) })
	}
}

func isHealthy(t *testing.T, frame *cases.Case) {
	t.Helper()
	report := cases.Lint(frame, rules.All)
	for _, f := range report.Findings {
		t.Errorf("%s %s: %s: %s", f.Rule.ID, f.At.File.Name, f.Message, f.At.Text())
	}
	for _, n := range report.NotChecked {
		if n.Missing == nil {
			t.Errorf("not checked: %s %s: %s", n.Path, n.At.Text(), n.Why)
		}
	}
}
