//go:build linux

package lab

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
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

var (
	mutants  = flag.Int("mutants", 0, "try this many mutants instead of the usual ones")
	seed     = flag.Uint64("seed", 1, "the first seed of -mutants and -pairs")
	onlyName = flag.String("stack", "", "make mutants of this stack only")
	verbose  = flag.Bool("trials", false, "print every trial, not only those that were not predicted")
)

// stacksOf reads the healthy stacks with nginx.
func stacksOf(t *testing.T) []*Stack { return stacksIn(t, "testdata/stacks") }

func stacksIn(t *testing.T, dir string) []*Stack {
	t.Helper()
	var p Programs
	if programs := Find(); programs != nil {
		p = programs[0]
	}
	stacks, err := Stacks(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	if *onlyName != "" {
		stacks = slices.DeleteFunc(stacks, func(s *Stack) bool { return s.Name != *onlyName })
	}
	return stacks
}

// TestStacksAreCheap checks that no healthy stack is itself too costly for a mutant.
func TestStacksAreCheap(t *testing.T) {
	for _, s := range stacksOf(t) {
		if s.Costly() {
			t.Errorf("%s is too costly", s.Name)
		}
	}
}

// TestStacksAreSilent checks that the linter reports at most notes on healthy stacks.
func TestStacksAreSilent(t *testing.T) {
	for _, s := range stacksOf(t) {
		for _, f := range lint.Run(s.Model, rules.All).Findings {
			if f.Outcome.Severity() < lint.Info {
				t.Errorf("%s: %s %s at %s: %s", s.Name, f.Rule.ID, f.Outcome, f.At.Text(), f.Message)
			}
		}
	}
}

// TestStacksAreHealthy boots every healthy stack.
func TestStacksAreHealthy(t *testing.T) {
	needServers(t)
	areHealthy(t, stacksOf(t))
}

func areHealthy(t *testing.T, stacks []*Stack) {
	t.Helper()
	err := ForEach(len(stacks), func(i int) error {
		s := stacks[i]
		h := *s.Host
		h.Requests = s.requests(s.Case, s.Model)
		result, err := Try(&h)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if result.String() == "" || result.Worst() != 0 || result.any(func(a Answer) bool { return a.Status != 200 }) {
			return fmt.Errorf("%s: %s\n%s\n%s", s.Name, result, strings.Join(result.Lines[result.web()], "\n"), strings.Join(result.Lines[servers.FPM], "\n"))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// try tries n mutants from a seed on.
func try(t *testing.T, first uint64, n int) []*Trial {
	t.Helper()
	begin := time.Now()
	trials, err := TryMutants(stacksOf(t), first, n, rules.All)
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d mutants from seed %d in %.0f s\n%s", len(trials), first, time.Since(begin).Seconds(), Count(trials))
	return trials
}

// TestMutants compares predictions with what happens to mutants. The seeds of the
// gate never change; those of the day are only printed.
func TestMutants(t *testing.T) {
	needServers(t)
	if *mutants > 0 {
		trials := try(t, *seed, *mutants)
		for _, trial := range trials {
			if *verbose || trial.Class != Right {
				t.Log(trial)
			}
		}
		if os.Getenv("UPDATE") == "1" {
			keep(t, func(f *Figures) { f.Mutants = Count(trials) })
		}
		return
	}
	if os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	for _, trial := range try(t, 1, 200) {
		switch {
		case trial.Class != FalseError && trial.Class != Missed:
		case trial.Class == Missed && whyMissed(trial) != "":
			t.Logf("understood: %s\n%s", whyMissed(trial), trial)
		default:
			t.Error(trial)
		}
	}
}

// keep writes the figures of mutants next to those of the rules.
func keep(t *testing.T, change func(*Figures)) {
	t.Helper()
	f, err := ReadFigures(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if err := f.Write(figuresFile); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pageFile, []byte(f.Page()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestMutantsOfTheDay tries other mutants every day, and never fails for their results.
func TestMutantsOfTheDay(t *testing.T) {
	needServers(t)
	if *mutants > 0 || os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	day, err := strconv.ParseUint(time.Now().UTC().Format("20060102"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range try(t, day*1000, 50) {
		if trial.Class == FalseError || trial.Class == Missed {
			t.Log(trial)
		}
	}
}

// understood are lines of faults that a rule claims and does not detect, each with the
// reason why that remains so.
var understood = []struct {
	line *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`open\(\) "/usr/share/nginx/`), "where a relative path of nginx leads depends on how nginx was built"},
	{regexp.MustCompile(`connect\(\) to unix:/run/php-fpm/\S+ failed \(13`), "without a user line nginx runs as whom it was built for, which is another account on the machines of this layout"},
	{regexp.MustCompile(`open\(\) "/run/.* failed \(2`), "what is below /run is made when the machine starts"},
	{regexp.MustCompile(`"daemon" directive is duplicate`), "the lab starts nginx with daemon off"},
	{regexp.MustCompile(`"keepalive" directive|"resolver(_timeout)?" directive is not allowed here`), "newer versions of nginx take it"},
	{regexp.MustCompile(`invalid parameter "[a-z]+" in `), "a server of an upstream may have a parameter of another module"},
	{regexp.MustCompile(`Cannot assign requested address`), "which addresses a machine has is not in its files"},
	{regexp.MustCompile(`getaddrinfo: Name or service not known`), "a name server may know the name"},
	{regexp.MustCompile(`connect\(\) to unix:\S+ failed .* upstream: "https?:`), "no rule judges a proxy_pass to a unix socket yet"},
	{regexp.MustCompile(`connect\(\) failed \(111.* upstream: "https?:`), "a program that is not among the files may listen there"},
	{regexp.MustCompile(`connect\(\) to unix:/run/php/php-fpm\.sock `), "Debian makes this name for the socket of one of its versions, and a package may have done so"},
}

func whyMissed(t *Trial) string {
	for _, u := range understood {
		if u.line.MatchString(t.Line) {
			return u.why
		}
	}
	return ""
}

// TestMutateIsRepeatable creates each mutant twice.
func TestMutateIsRepeatable(t *testing.T) {
	stacks := stacksOf(t)
	kinds := map[string]bool{}
	for seed := range uint64(300) {
		s := stacks[seed%uint64(len(stacks))]
		a, b := s.Mutate(seed), s.Mutate(seed)
		if a.Diff != b.Diff || a.String() != b.String() || a.Diff == "" {
			t.Errorf("seed %d: %s and %s", seed, a, b)
		}
		kinds[a.Diff] = true
	}
	if len(kinds) < 250 {
		t.Errorf("300 seeds made %d mutants", len(kinds))
	}
}

// TestJudge compares predictions with results of every kind.
func TestJudge(t *testing.T) {
	refuses := Result{Refusals: map[servers.Server]string{servers.FPM: "exit status 78"}, Lines: map[servers.Server][]string{servers.FPM: {"ERROR: [pool www] cannot get uid for user 'x'"}}}
	both := Result{Refusals: map[servers.Server]string{servers.FPM: "exit status 78", servers.Nginx: "exit status 1"}}
	bad := answered(Answer{Status: 502})
	bad.Lines = map[servers.Server][]string{servers.Nginx: {"[notice] 1#1: failed (2: x)", "[crit] 2#2: *1 connect() to unix:/run/x.sock failed (2: No such file or directory)"}}
	well := answered(Answer{Status: 200}, Answer{Status: 504})
	claims := []*lint.Rule{{ID: "WP201", Logs: []*servers.Signature{servers.NginxConnectNoSocket, {Log: servers.Log{By: servers.Nginx, Pattern: "cannot get uid"}}}}}
	for _, test := range []struct {
		name      string
		predicted lint.Outcome
		result    Result
		want      Class
	}{
		{"foreseen", lint.BadGateway, bad, Right},
		{"healthy", 0, well, Right},
		{"a soft alarm", lint.Sometimes, well, Right},
		{"a false alarm", lint.BadGateway, well, FalseError},
		{"a request that was not handed on", lint.BadGateway, answered(Answer{Status: 404, Own: true}), Untold},
		{"a server that starts", lint.FPMRefuses, bad, FalseError},
		{"a fault whose line a rule claims", 0, bad, Missed},
		{"foreseen for some requests", lint.Sometimes, bad, Right},
		{"a milder outcome than there was", lint.BadGateway, refuses, Uncovered},
		{"a fault whose line no rule claims", 0, refuses, Uncovered},
		{"either refusal of both", lint.FPMRefuses, both, Right},
		{"the other refusal", lint.NginxRefuses, refuses, FalseError},
	} {
		report := &lint.Report{Verdict: test.predicted}
		if test.predicted != 0 {
			report.Findings = []lint.Finding{{Rule: claims[0], Outcome: test.predicted}}
		}
		m := &mutate.Mutant{Case: &cases.Case{}}
		if got := Judge(m, &stack.Stack{}, &stack.Stack{}, report, &test.result, claims).Class; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func answered(answers ...Answer) Result { return Result{Answers: []Answers{{Answers: answers}}} }
