//go:build linux

package lab

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/stack"
)

var (
	mutants  = flag.Int("mutants", 0, "try this many mutants instead of the usual ones")
	seed     = flag.Uint64("seed", 1, "the first seed of -mutants")
	onlyName = flag.String("stack", "", "make mutants of this stack only")
	verbose  = flag.Bool("chances", false, "print every mutant, not only those that were not foretold")
)

// stacksOf reads the healthy stacks.
func stacksOf(t *testing.T) []*Stack {
	t.Helper()
	stacks, err := Stacks("testdata/stacks")
	if err != nil {
		t.Fatal(err)
	}
	if *onlyName != "" {
		stacks = slices.DeleteFunc(stacks, func(s *Stack) bool { return s.Name != *onlyName })
	}
	return stacks
}

// needCells skips the test where there is no root or no server.
func needCells(t *testing.T) {
	t.Helper()
	var missing []string
	if os.Geteuid() != 0 {
		missing = append(missing, "root")
	}
	for _, name := range []string{"/usr/sbin/nginx", "/usr/sbin/php-fpm8.2"} {
		if _, err := os.Stat(name); err != nil {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) == 0:
	case os.Getenv("WP502LINT_LAB") == "1":
		t.Fatal("missing: " + strings.Join(missing, ", "))
	default:
		t.Skip("missing: " + strings.Join(missing, ", "))
	}
}

// TestStacksAreCheap makes sure that the healthy stacks do not count as what a
// mutant may not be.
func TestStacksAreCheap(t *testing.T) {
	for _, s := range stacksOf(t) {
		if newDraft(s, nil).tooCostly() {
			t.Errorf("%s is too costly", s.Name)
		}
	}
}

// TestStacksAreSilent holds the linter to the healthy stacks: notes at most.
func TestStacksAreSilent(t *testing.T) {
	for _, s := range stacksOf(t) {
		for _, f := range s.Report(rules.All).Findings {
			if f.Outcome <= lint.Sometimes {
				t.Errorf("%s: %s %s at %s: %s", s.Name, f.Rule.ID, f.Outcome, f.At.Text(), f.Message)
			}
		}
	}
}

// TestStacksAreHealthy boots every healthy stack.
func TestStacksAreHealthy(t *testing.T) {
	needCells(t)
	stacks := stacksOf(t)
	err := InCells(len(stacks), func(c *Cell, i int) error {
		s := stacks[i]
		fate, err := c.Try(s.Case, s.Masters, s.nginx, asks(s.Model))
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		var sick []string
		for _, r := range fate.Answers {
			if r.Status != 200 {
				sick = append(sick, fmt.Sprintf("%v%s%s -> %d %s", r.Request.Endpoint, r.Request.Host, r.Request.Path, r.Status, r.Err))
			}
		}
		if fate.NginxRefuses || fate.FPMRefuses || sick != nil || len(fate.Answers) == 0 {
			return fmt.Errorf("%s: %v\n%s\n%s", s.Name, sick, strings.Join(fate.NginxLines, "\n"), strings.Join(fate.FPMLines, "\n"))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// try runs n mutants from a seed on, and returns what came of them.
func try(t *testing.T, first uint64, n int) []*Chance {
	t.Helper()
	begin := time.Now()
	chances, err := Chances(stacksOf(t), first, n, rules.All)
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d mutants from seed %d in %.0f s\n%s", len(chances), first, time.Since(begin).Seconds(), Tally(chances))
	return chances
}

// TestChance compares predictions with what happens to mutants. The seeds of
// the gate never change; those of the day are only printed.
func TestChance(t *testing.T) {
	needCells(t)
	if *mutants > 0 {
		chances := try(t, *seed, *mutants)
		for _, c := range chances {
			if *verbose || c.Class != Right {
				t.Log(c)
			}
		}
		if os.Getenv("UPDATE") == "1" {
			keep(t, Tally(chances))
		}
		return
	}
	if os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	for _, c := range try(t, 1, 200) {
		switch {
		case c.Class != FalseError && c.Class != Missed:
		case c.Class == Missed && whyMissed(c) != "":
			t.Logf("understood: %s\n%s", whyMissed(c), c)
		default:
			t.Error(c)
		}
	}
}

// keep writes the figures of mutants beside those of the rules.
func keep(t *testing.T, o *Odds) {
	t.Helper()
	f, err := ReadFigures(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	f.Mutants = o.JSON()
	if err := f.Write(figuresFile); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pageFile, []byte(f.Page()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestChanceOfTheDay tries other mutants every day, and never fails for what it
// sees.
func TestChanceOfTheDay(t *testing.T) {
	needCells(t)
	if *mutants > 0 || os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	day, err := strconv.ParseUint(time.Now().UTC().Format("20060102"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range try(t, day*1000, 50) {
		if c.Class == FalseError || c.Class == Missed {
			t.Log(c)
		}
	}
}

// understood are lines of faults that a rule claims and does not see, each with
// the reason why that stays so.
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
	{regexp.MustCompile(`connect\(\) to unix:/run/php/php-fpm\.sock `), "Debian makes this name for the socket of one of its versions, and a package may have done so"},
}

func whyMissed(c *Chance) string {
	for _, u := range understood {
		if u.line.MatchString(c.Line) {
			return u.why
		}
	}
	return ""
}

// TestMutateIsRepeatable makes each mutant twice.
func TestMutateIsRepeatable(t *testing.T) {
	stacks := stacksOf(t)
	kinds := map[string]bool{}
	for seed := range uint64(300) {
		s := stacks[seed%uint64(len(stacks))]
		a, b := Mutate(s, seed), Mutate(s, seed)
		if a.Diff != b.Diff || a.String() != b.String() || a.Diff == "" {
			t.Errorf("seed %d: %s and %s", seed, a, b)
		}
		kinds[a.Diff] = true
	}
	if len(kinds) < 250 {
		t.Errorf("300 seeds made %d mutants", len(kinds))
	}
}

// TestFamilies holds the table of log lines to rules that are or will be there.
func TestFamilies(t *testing.T) {
	ids := map[string]bool{}
	for _, signs := range families {
		for _, s := range signs {
			ids[s.rule] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if !slices.Contains([]string{"none", untold, dropped}, id) && (len(id) != 5 || !strings.HasPrefix(id, "WP")) {
			t.Errorf("%q is no ID of a rule", id)
		}
	}
}

// TestJudge compares predictions with fates of every kind.
func TestJudge(t *testing.T) {
	refuses := Fate{FPMRefuses: true, FPMLines: []string{"ERROR: [pool www] cannot get uid for user 'x'"}}
	bad := Fate{Answers: []Reply{{Status: 502}}, NginxLines: []string{"[crit] 2#2: *1 connect() to unix:/run/x.sock failed (2: No such file or directory)"}}
	well := Fate{Answers: []Reply{{Status: 200}, {Status: 504}}}
	shipped := []*lint.Rule{{ID: "WP201"}}
	for _, test := range []struct {
		name      string
		predicted lint.Outcome
		fate      Fate
		want      Class
	}{
		{"foreseen", lint.BadGateway, bad, Right},
		{"healthy", 0, well, Right},
		{"a soft alarm", lint.Sometimes, well, Right},
		{"a false alarm", lint.BadGateway, well, FalseError},
		{"a request that was not handed on", lint.BadGateway, Fate{Answers: []Reply{{Status: 404, Own: true}}}, Untold},
		{"a server that starts", lint.FPMRefuses, bad, FalseError},
		{"a fault of a rule", 0, bad, Missed},
		{"foreseen for some requests", lint.Sometimes, bad, Right},
		{"a milder outcome than there was", lint.BadGateway, refuses, Uncovered},
		{"a fault of no rule", 0, refuses, Uncovered},
		{"either refusal of both", lint.FPMRefuses, Fate{NginxRefuses: true, FPMRefuses: true}, Right},
		{"the other refusal", lint.NginxRefuses, refuses, FalseError},
	} {
		report := &lint.Report{Verdict: test.predicted}
		if test.predicted != 0 {
			report.Findings = []lint.Finding{{Rule: shipped[0], Outcome: test.predicted}}
		}
		m := &Mutant{Case: &cases.Case{}}
		if got := Judge(m, &stack.Stack{}, &stack.Stack{}, report, test.fate, shipped).Class; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
