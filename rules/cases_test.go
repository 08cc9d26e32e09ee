package rules_test

import (
	"path/filepath"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	. "github.com/wp502lint/wp502lint/rules"
)

const caseDir = "../testdata/configs"

func TestCases(t *testing.T) { cases.Run(t, caseDir, All) }

// TestCasesOfEveryRule keeps a rule from being added without cases: cases.Run
// checks only the folders that exist.
func TestCasesOfEveryRule(t *testing.T) {
	for _, rule := range All {
		found, err := filepath.Glob(filepath.Join(caseDir, rule.Name, "*.txtar"))
		if err != nil || len(found) == 0 {
			t.Errorf("%s has no cases in %s (%v)", rule.ID, filepath.Join(caseDir, rule.Name), err)
		}
	}
}
