//go:build linux

package lab

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/lint"
)

// ForEach calls do with every number below n, with as many concurrent calls as there
// are processors, and returns the errors.
func ForEach(n int, do func(i int) error) error {
	errs := make([]error, n)
	slots := make(chan struct{}, runtime.NumCPU())
	var group sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			errs[i] = do(i)
			<-slots
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// TryMutants tries n mutants from a seed on, of each stack in turn, and returns the
// trials in the order of the seeds. Those that could not be tried are missing, and
// are in the error. docs/proofs.json stores Count(trials).
func TryMutants(stacks []*Stack, first uint64, n int, rules []*lint.Rule) ([]*Trial, error) {
	trials := make([]*Trial, n)
	err := ForEach(n, func(i int) (err error) {
		seed := first + uint64(i)
		trials[i], err = stacks[seed%uint64(len(stacks))].tryMutant(seed, rules)
		return err
	})
	return slices.DeleteFunc(trials, func(t *Trial) bool { return t == nil }), err
}

// tryMutant tries one mutant of a healthy stack, with the requests of the healthy stack
// and those of its own sites.
func (s *Stack) tryMutant(seed uint64, rules []*lint.Rule) (*Trial, error) {
	m := s.Mutate(seed)
	model := m.Case.Link()
	h := *s.Host
	h.Files, h.Links, h.Modes = m.Case.Files, m.Case.Links, m.Case.Modes
	h.Requests = s.requests(m.Case, model)
	if h.Apache != nil {
		h.Apache = apacheCommand(h.Files, s.Main, s.programs) // its logs are elsewhere
	}
	result, err := Try(&h)
	if err != nil {
		return nil, fmt.Errorf("%s\n%s%w", m, m.Diff, err)
	}
	return Judge(m, s.Model, model, lint.Run(model, rules), result, rules), nil
}

// hasty is the timeout of an answer to a request of a mutant.
const hasty = 2 * time.Second
