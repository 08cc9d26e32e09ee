//go:build linux

package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
)

// forms returns the cases of each rule, those of the lab first.
func forms(t *testing.T) map[string][]Form {
	t.Helper()
	found := map[string][]Form{}
	for _, pattern := range []string{"testdata/forms/*/*.txtar", "../testdata/configs/*/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rule := filepath.Base(filepath.Dir(name))
			found[rule] = append(found[rule], Form{filepath.ToSlash(name), string(text)})
		}
	}
	return found
}

// The fourth proof: real servers do what every rule says.
func TestRules(t *testing.T) {
	programs, forms := needServers(t), forms(t)
	proofs := make([][]Proof, len(rules.All))
	t.Run("prove", func(t *testing.T) {
		for i, rule := range rules.All {
			t.Run(rule.ID, func(t *testing.T) {
				t.Parallel()
				for _, p := range programs {
					prover := &Prover{Programs: p, Rules: rules.All, Stages: Stages, Forms: forms}
					proof, err := prover.Rule(rule)
					if err != nil {
						t.Error(err)
					}
					t.Logf("%+v", proof)
					proofs[i] = append(proofs[i], proof)
				}
			})
		}
	})
}

// What the headers of the cases say is what real servers do.
func TestCases(t *testing.T) {
	programs := needServers(t)
	var mu sync.Mutex
	for _, list := range forms(t) {
		for _, form := range list {
			t.Run(strings.TrimPrefix(form.Name, "../testdata/configs/"), func(t *testing.T) {
				t.Parallel()
				c, err := cases.Parse([]byte(form.Archive))
				if err != nil {
					t.Fatal(err)
				}
				if !Claims(c) {
					return
				}
				trial, err := Try(c, programs[0], nil)
				if u := (*Unstaged)(nil); errors.As(err, &u) {
					t.Log(err)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := trial.Holds(c); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
			})
		}
	}
}

var _ = lint.Nginx
