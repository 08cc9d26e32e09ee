//go:build linux

package lab

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

var tryFile = flag.String("try", "", "print what the servers do with the case in this file, and what they write")

// TestTry tries one file: go test ./lab -run TestTry -v -args -try $PWD/case.txtar
func TestTry(t *testing.T) {
	programs := needServers(t)
	if *tryFile == "" {
		t.Skip("no case is given with -try")
	}
	text, err := os.ReadFile(*tryFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		result, err := TryCase(parseCase(t, string(text)), p, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s", strings.Join(p.Names(), ", "), result)
		for _, by := range []servers.Server{servers.Nginx, servers.Apache, servers.FPM} {
			t.Logf("%s:\n%s", by, strings.Join(result.Lines[by], "\n"))
		}
	}
}

const configs = "../testdata/configs/"

// forms returns the cases of each rule, followed by its further forms.
func forms(t *testing.T) map[string][]Form {
	t.Helper()
	names, err := filepath.Glob(configs + "*/*.txtar")
	if err != nil || names == nil {
		t.Fatalf("no cases in %s (%v)", configs, err)
	}
	found := map[string][]Form{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rule := filepath.Base(filepath.Dir(name))
		found[rule] = append(found[rule], Form{strings.TrimPrefix(filepath.ToSlash(name), configs), string(text)})
	}
	for _, list := range found {
		// Log lines of hosts come first: those of containers have addresses of the lab.
		slices.SortStableFunc(list, func(a, b Form) int {
			return strings.Count(a.Archive, "\nframe: none\n") - strings.Count(b.Archive, "\nframe: none\n")
		})
	}
	addFurtherForms(found)
	return found
}

// update changes the figures and writes them with UPDATE=1, unless the test failed.
func update(t *testing.T, change func(*Figures)) {
	t.Helper()
	if os.Getenv("UPDATE") != "1" {
		return
	}
	f, err := ReadFigures(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if err := errors.Join(f.Write(figuresFile), os.WriteFile(pageFile, []byte(f.Page()), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// The fourth proof: real servers behave as every rule says.
func TestRules(t *testing.T) {
	programs, forms := needServers(t), forms(t)
	addApacheLines(forms, rules.All)
	proofs := make([][]Proof, len(rules.All))
	t.Run("prove", func(t *testing.T) {
		for i, rule := range rules.All {
			t.Run(rule.ID, func(t *testing.T) {
				t.Parallel()
				for _, p := range programs {
					prover := &Prover{Programs: p, Rules: rules.All, Forms: forms, Try: tryOnce}
					proof, err := prover.Rule(rule)
					if err != nil {
						t.Errorf("on %s: %v", strings.Join(p.Names(), ", "), err)
						continue
					}
					if proof.Unproven != "" {
						t.Logf("not proven: %s", proof.Unproven)
					}
					proofs[i] = append(proofs[i], proof)
				}
			})
		}
	})
	update(t, func(f *Figures) { f.Rules = slices.Concat(proofs...) })
}

// Real servers behave as the headers of the cases say.
func TestCases(t *testing.T) {
	programs := needServers(t)
	var mu sync.Mutex
	var seen Cases
	t.Run("try", func(t *testing.T) {
		for _, list := range forms(t) {
			for _, form := range list {
				c := parseCase(t, form.Archive)
				if projectOf(c) != nil {
					continue // see TestContainers
				}
				t.Run(form.Name, func(t *testing.T) {
					t.Parallel()
					requests, why := tryCase(t, c, programs)
					mu.Lock()
					defer mu.Unlock()
					seen.add(form.Name, requests, why)
				})
			}
		}
	})
	seen.sort()
	t.Logf("%d cases with %d requests, not staged: %+v", seen.Confirmed, seen.Requests, seen.NotStaged)
	if seen.Confirmed == 0 {
		t.Error("no case was tried")
	}
	update(t, func(f *Figures) { f.Cases = seen })
}

// tryCase returns the number of requests of a case, -1 if its header claims nothing,
// and why it was not tried.
func tryCase(t *testing.T, c *cases.Case, programs []Programs) (requests int, why string) {
	if !Claims(c) {
		return -1, ""
	}
	for _, p := range programs {
		result, err := tryOnce(c, p, "")
		if why := notStaged(err); why != "" {
			return -1, why
		} else if err != nil {
			t.Errorf("on %s: %v", strings.Join(p.Names(), ", "), err)
		} else if err := result.Holds(c); err != nil && result.Foreign != nil {
			return -1, "PHP " + strings.Join(result.Foreign, " and ") + " is not installed"
		} else if err != nil {
			t.Errorf("on %s: %v", strings.Join(p.Names(), ", "), err)
		}
	}
	if t.Failed() {
		return -1, ""
	}
	for _, r := range c.Requests {
		requests += r.Times
	}
	return requests, ""
}
