//go:build linux

package lab

import (
	"hash/fnv"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lab/mutate"
	"github.com/wp502lint/wp502lint/rules"
)

// mutantsOf makes n mutants of the cases that describe containers, of each in turn. Those of
// a case depend on its name and on first alone, so that another case changes none of them.
func mutantsOf(all map[string]*cases.Case, first uint64, n int) (made []*mutate.Mutant) {
	names := slices.Sorted(maps.Keys(all))
	for i := range n {
		name := names[i%len(names)]
		h := fnv.New64a()
		_, _ = h.Write([]byte(name)) // cannot fail
		made = append(made, mutate.Project(name, all[name], h.Sum64()%1_000_000+first+uint64(i/len(names))))
	}
	return made
}

// TestMutantsOfProjects compares predictions with what happens to one mutant of each project
// of the cases. -mutants and -seed try others.
func TestMutantsOfProjects(t *testing.T) {
	p := needServers(t)[0]
	if *mutants == 0 && os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	all := projects(t)
	maps.DeleteFunc(all, func(name string, _ *cases.Case) bool {
		return strings.HasPrefix(name, "WP") || *onlyName != "" && name != *onlyName // no example of a rule
	})
	first, n := uint64(1), len(all)
	if *mutants > 0 {
		first, n = *seed, *mutants
	}
	made := mutantsOf(all, first, n)
	trials := make([]*Trial, n)
	if err := ForEach(n, func(i int) (err error) {
		trials[i], err = tryProjectMutant(made[i], p, rules.All)
		return err
	}); err != nil {
		t.Error(err)
	}
	trials = slices.DeleteFunc(trials, func(trial *Trial) bool { return trial == nil })
	t.Logf("%d mutants were tried\n%s", len(trials), Count(trials))
	if len(trials) < n/2 {
		t.Errorf("only %d of %d mutants were tried", len(trials), n)
	}
	for _, trial := range trials {
		switch {
		case trial.Class != FalseError && trial.Class != Missed:
			if *verbose {
				t.Log(trial)
			}
		case trial.Class == Missed && whyMissedIn(trial) != "":
			t.Logf("understood: %s\n%s", whyMissedIn(trial), trial)
		default:
			t.Error(trial)
		}
	}
}

// understoodInProjects are understood for projects.
var understoodInProjects = []struct {
	line *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`host not found in upstream`), "nothing says beside which containers an image runs, and what uses an upstream that nothing names is not asked for"},
	{regexp.MustCompile(`the chdir path '/\w+' does not exist|open\(\) "/\w+/|bind listening socket for address '/\w+/`), "what else an image has in its root is not known"},
	{regexp.MustCompile(`Unable to globalize '/usr/local/etc/`), "what else the image of PHP has beside its php-fpm.d is not known"},
	{regexp.MustCompile(`\(13: Permission denied\)|Permission denied \(13\)`), "who owns a folder of the project, or a volume that exists, is not known"},
}

func whyMissedIn(t *Trial) string {
	for _, u := range understoodInProjects {
		if u.line.MatchString(t.Line) {
			return u.why
		}
	}
	return whyMissed(t)
}
