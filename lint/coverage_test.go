package lint

import (
	"testing"

	"github.com/wp502lint/wp502lint/stack"
)

// Every obstacle has words and a next step.
func TestReasons(t *testing.T) {
	for o := stack.NoObstacle + 1; o <= stack.NotLookedAt; o++ {
		if r := reasonOf(&stack.Stack{}, o, "php"); r.Why == "" || r.Next == "" {
			t.Errorf("obstacle %d: %+v", o, r)
		}
	}
}
