//go:build linux

package lab

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// TestIncidents lets incidents happen on real servers, and has diagnose say from their logs what happened.
func TestIncidents(t *testing.T) {
	programs := needServers(t)
	if os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	t.Run("stage", func(t *testing.T) {
		for _, i := range incidents() {
			t.Run(i.name, func(t *testing.T) {
				t.Parallel()
				r := i.staged(t, programs[0])
				i.judge(t, r)
				for name, by := range writers {
					if by != servers.Kernel { // the lab plays the kernel
						seenRows.lines(linesOf(r.Logs[name]))
					}
				}
			})
		}
	})
}

// staged lets an incident happen and returns what was observed.
func (i *incident) staged(t *testing.T, p Programs) *Result {
	t.Helper()
	if _, _, err := i.located(); err != nil {
		t.Fatal(err)
	}
	h, err := i.host(p)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Try(h)
	if err != nil {
		t.Fatal(err)
	}
	got := statuses(r.Answers)
	if missing := i.lacks(r.Logs); missing != nil {
		t.Errorf("no line of %q", missing)
	}
	if i.status != 0 && got[i.status] == 0 || i.control() && got[502] != 0 {
		t.Errorf("clients got %v, want %d", got, i.status)
	}
	if t.Failed() || *verbose {
		t.Logf("clients got %v", got)
		for _, name := range slices.Sorted(maps.Keys(r.Logs)) {
			t.Logf("%s:\n%s", name, r.Logs[name])
		}
	}
	return r
}

// judge compares what diagnose says about an incident with what happened: about its logs as the
// servers wrote them, and about each transformation of them.
func (i *incident) judge(t *testing.T, r *Result) {
	t.Helper()
	config, err := i.checked()
	if err != nil {
		t.Fatal(err)
	}
	files := i.given(r.Logs)
	compare := func(how string, files []logFile) {
		d, err := diagnosed(files, config)
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range i.wrong(d, r.Answers) {
			t.Errorf("logs %s: %s", how, wrong)
		}
		if t.Failed() || *verbose {
			t.Logf("logs %s:\n%s", how, describe(d))
		}
	}
	compare("as they are", files)
	for _, transformation := range transformations {
		compare(transformation.name, transformation.of(files))
	}
}
