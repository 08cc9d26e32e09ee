//go:build linux

package lab

import (
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/wp502lint/wp502lint/lint"
)

// InCells calls do with every number below n, in as many cells as there are
// processors, and returns what went wrong. It needs root.
func InCells(n int, do func(c *Cell, i int) error) error {
	numbers := make(chan int, n)
	for i := range n {
		numbers <- i
	}
	close(numbers)
	workers := make([]error, runtime.NumCPU())
	var group sync.WaitGroup
	for w := range workers {
		// The goroutine ends with the thread that is in the namespaces.
		group.Go(func() {
			c, err := NewCell()
			if err != nil {
				workers[w] = err
				return
			}
			for i := range numbers {
				workers[w] = errors.Join(workers[w], do(c, i))
			}
			workers[w] = errors.Join(workers[w], c.Close())
		})
	}
	group.Wait()
	return errors.Join(workers...)
}

// Chances tries n mutants from a seed on, of each stack in turn, and returns
// what came of them in the order of the seeds. Those that could not be tried are
// left out, and are in the error. Tally(chances).JSON() is what
// docs/proofs.json keeps of them.
func Chances(stacks []*Stack, first uint64, n int, rules []*lint.Rule) ([]*Chance, error) {
	chances := make([]*Chance, n)
	err := InCells(n, func(c *Cell, i int) (err error) {
		seed := first + uint64(i)
		chances[i], err = c.Run(stacks[seed%uint64(len(stacks))], seed, rules)
		return err
	})
	return slices.DeleteFunc(chances, func(c *Chance) bool { return c == nil }), err
}
