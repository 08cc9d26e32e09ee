//go:build linux

package lab

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lab/mutate"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// maxMissed limits for how many mutants of a hundred the linter may miss a certain failure: a
// variable that only the environment may have, a port that both servers claim.
const maxMissed = 3

func apacheStacks(t *testing.T) []*Stack { return stacksIn(t, "testdata/apache") }

// TestApacheStacksAreHealthy boots every healthy stack with Apache: each of its sites works,
// also the ones that its header names.
func TestApacheStacksAreHealthy(t *testing.T) {
	p := needApache(t)
	stacks := apacheStacks(t)
	areHealthy(t, stacks)
	for _, s := range stacks {
		if s.Costly() {
			t.Errorf("%s is too costly", s.Name)
		}
		r, err := TryCase(s.Case, p, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Holds(s.Case); err != nil || len(s.Case.Requests) == 0 {
			t.Errorf("%s, with %d requests: %v", s.Name, len(s.Case.Requests), err)
		}
	}
}

// TestApacheMutants tries mutants of the healthy stacks with Apache, and compares what the
// linter says of them. -mutants and -seed try others than those of the gate.
func TestApacheMutants(t *testing.T) {
	needApache(t)
	first, n := uint64(1), 300
	switch {
	case *mutants > 0:
		first, n = *seed, *mutants
	case os.Getenv("WP502LINT_LAB") != "1":
		t.Skip("only in the lab")
	}
	begin := time.Now()
	trials, err := TryMutants(apacheStacks(t), first, n, rules.All)
	if err != nil {
		t.Error(err)
	}
	seen := Happened(trials)
	t.Logf("%d mutants from seed %d in %.0f s: %v", len(trials), first, time.Since(begin).Seconds(), seen)
	for _, o := range []lint.Outcome{0, lint.ApacheRefuses, lint.FPMRefuses, lint.Unavailable, lint.SourceSent, lint.Other} {
		if seen[o.String()] == 0 && n >= 200 {
			t.Errorf("no mutant shows %s", o)
		}
	}
	missed := 0
	for _, trial := range trials {
		if trial.Result.Answers == nil && trial.Result.Refusals == nil {
			t.Errorf("nothing happened to %s", trial.Mutant)
		}
		if *verbose || trial.Class != Right {
			t.Log(trial)
		}
		if *mutants == 0 && trial.Class == FalseError {
			t.Errorf("%s: %s", trial.Class, trial.Mutant)
		}
		if trial.Class == Missed {
			missed++
		}
	}
	if *mutants == 0 && 100*missed > maxMissed*len(trials) {
		t.Errorf("the linter says nothing of %d mutants of %d, more than %d %%", missed, len(trials), maxMissed)
	}
	if *mutants > 0 && os.Getenv("UPDATE") == "1" {
		keep(t, func(f *Figures) { f.ApacheMutants = Count(trials) })
	}
}

// TestApacheMutantsAreRepeatable creates each mutant twice.
func TestApacheMutantsAreRepeatable(t *testing.T) {
	stacks := apacheStacks(t)
	kinds, changed := map[string]bool{}, map[string]bool{}
	for seed := range uint64(600) {
		s := stacks[seed%uint64(len(stacks))]
		a, b := s.Mutate(seed), s.Mutate(seed)
		if a.Diff != b.Diff || a.String() != b.String() || a.Diff == "" {
			t.Errorf("seed %d: %s and %s", seed, a, b)
		}
		kinds[a.Diff] = true
		for _, what := range a.Changes {
			name, _, _ := strings.Cut(strings.Fields(what)[0], ":")
			changed[name] = true
		}
	}
	if len(kinds) < 550 {
		t.Errorf("600 seeds made %d mutants", len(kinds))
	}
	for _, name := range []string{"/etc/apache2/apache2.conf", "/etc/apache2/mods-enabled/proxy_fcgi.load", "/var/www/blog/.htaccess", "/etc/php/8.3/fpm/pool.d/www.conf", "/etc/httpd/conf.d/php.conf"} {
		if !changed[name] {
			t.Errorf("no mutant changes %s, only %q", name, slices.Sorted(maps.Keys(changed)))
		}
	}
}

// TestJudgeApache compares predictions with what Apache does.
func TestJudgeApache(t *testing.T) {
	refuses := Result{Apache: true, Refusals: map[servers.Server]string{servers.Apache: "exit status 1"}, Lines: map[servers.Server][]string{servers.Apache: {
		"AH00558: apache2: Could not reliably determine the server's fully qualified domain name", "AH00526: Syntax error on line 2 of /etc/apache2/ports.conf:", "Invalid command 'Lsten', perhaps misspelled",
	}}}
	dead := answered(Answer{Status: 503})
	dead.Apache, dead.Lines = true, map[servers.Server][]string{servers.Apache: {"[proxy:error] [pid 1:tid 2] " + servers.ApacheConnectNoSocket.Example}}
	sent := answered(Answer{Status: 200, Source: true})
	sent.Apache = true
	rule := &lint.Rule{ID: "WP201", Logs: []*servers.Signature{servers.ApacheConnectNoSocket}, Outcomes: lint.Outcomes{lint.SourceSent: lint.Always}}
	for _, test := range []struct {
		predicted lint.Outcome
		result    Result
		want      Class
		line      string
	}{
		{lint.Unavailable, dead, Right, dead.Lines[servers.Apache][0]},
		{0, dead, Missed, dead.Lines[servers.Apache][0]},
		{lint.SometimesUnavailable, dead, Right, dead.Lines[servers.Apache][0]},
		{lint.ApacheRefuses, refuses, Right, "AH00526: Syntax error on line 2 of /etc/apache2/ports.conf: Invalid command 'Lsten', perhaps misspelled"},
		{lint.ApacheRefuses, dead, FalseError, dead.Lines[servers.Apache][0]},
		{lint.SourceSent, sent, Right, ""},
		{0, sent, Missed, ""},
		{lint.SourceSent, answered(Answer{Status: 200}), FalseError, ""},
	} {
		report := &lint.Report{Verdict: test.predicted}
		if test.predicted != 0 {
			report.Findings = []lint.Finding{{Rule: rule, Outcome: test.predicted}}
		}
		trial := Judge(&mutate.Mutant{Case: &cases.Case{Files: []cases.File{{Name: "/etc/apache2/x"}, {Name: "/run/php/x"}}}}, &stack.Stack{}, &stack.Stack{}, report, &test.result, []*lint.Rule{rule})
		if trial.Class != test.want || trial.Line != test.line {
			t.Errorf("%s predicted of %s: got %s %q, want %s %q", test.predicted, fmt.Sprint(&test.result), trial.Class, trial.Line, test.want, test.line)
		}
	}
}
