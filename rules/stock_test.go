package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	. "github.com/wp502lint/wp502lint/rules"
)

// maxStockNotes is how many notes a host with unchanged packages may get.
const maxStockNotes = 3

// A stock distribution configuration produces no error, no warning and few
// notes, and is healthy.
func TestStockHosts(t *testing.T) {
	hosts, err := filepath.Glob(filepath.Join(caseDir, "stock", "hosts", "*.txtar"))
	if err != nil || len(hosts) == 0 {
		t.Fatalf("no hosts (%v)", err)
	}
	for _, name := range hosts {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			c := parse(t, string(archive))
			report := cases.Lint(c, All)
			for _, f := range report.Findings {
				if f.Outcome.Severity() != lint.Info {
					t.Errorf("%s %s: %s", f.Outcome.Severity(), f.Rule.ID, f.Message)
				}
			}
			want := lint.Outcome(0)
			if strings.HasPrefix(filepath.Base(name), "php-image") {
				want = lint.Unknown // it has no nginx
			}
			if report.Verdict != want {
				t.Errorf("the verdict is %s, want %s: %+v", report.Verdict, want, report.Gateways)
			}
			if n := len(report.Findings); n > maxStockNotes {
				t.Errorf("%d notes, want at most %d", n, maxStockNotes)
			}
			if got := cases.Draw(c, report); string(got) != string(archive) {
				if os.Getenv("UPDATE") == "1" {
					if err := os.WriteFile(name, got, 0o666); err != nil {
						t.Fatal(err)
					}
					return
				}
				t.Errorf("drawn as\n%s\nUPDATE=1 redraws it", got)
			}
		})
	}
}
