package lint

import (
	"slices"

	"github.com/wp502lint/wp502lint/stack"
)

// Coverage is how many of the places where a web server passes PHP requests on were judged.
// One is judged if what answers there is known, or if a rule that ran reports why nothing
// does.
type Coverage struct {
	PHP    int // the places that pass PHP requests on, or may
	Judged int // those of them that were judged
	// Reasons are why the others were not, the most frequent first, then why some may be
	// missing from PHP. nil: everything was judged.
	Reasons []Reason
	// Containers are the names of the containers that run nginx, Apache or PHP-FPM, each once.
	Containers []string
}

// Reason is why some places were not judged.
type Reason struct {
	Why   string // completes "not judged: "
	Next  string // what the user can do, an imperative; "" for nothing
	Count int    // how many places; 0 if they are not known
}

// Complete reports whether every place that passes PHP requests on is known and judged.
func (c *Coverage) Complete() bool { return len(c.Reasons) == 0 }

// Unjudged returns why a gateway of s was not judged, or one of its peers; ok is false if it
// was. peer is nil for the gateway as a whole.
func Unjudged(s *stack.Stack, g *stack.Gateway, peer *stack.Peer) (r Reason, ok bool) {
	o, host := g.Judged()
	if peer != nil {
		o, host = g.JudgedAt(peer)
	}
	if o == stack.NoObstacle {
		return Reason{}, false
	}
	return reasonOf(s, o, host), true
}

// tunnels counts the tunnels of stacks whose rules are among the files.
func tunnels(stacks []*stack.Stack) (n int) {
	for _, s := range stacks {
		for _, t := range s.Tunnels {
			if t.Config != nil {
				n++
			}
		}
	}
	return n
}

// cover computes the coverage of a run of rules on stacks.
func cover(stacks []*stack.Stack, rules []*Rule) (c Coverage) {
	type reason struct {
		in       *stack.Stack
		obstacle stack.Obstacle
		host     string
		off      bool // the rule about the fault did not run
	}
	claimed := map[Fault]bool{stack.Answers: true, stack.Elsewhere: true, stack.Untold: true}
	for _, r := range rules {
		for _, f := range r.Faults {
			claimed[f] = true
		}
	}
	count := map[reason]int{}
	var order []reason
	for _, s := range stacks {
		for _, g := range s.Gateways {
			if !g.PassesPHP() {
				continue
			}
			c.PHP++
			r := reason{in: s}
			if r.obstacle, r.host = g.Judged(); r.obstacle == stack.NoObstacle {
				r.off = slices.ContainsFunc(g.Peers, func(p *stack.Peer) bool { return !p.Down && !claimed[p.Fault] })
			}
			if r == (reason{in: s}) {
				c.Judged++
				continue
			}
			if count[r]++; count[r] == 1 {
				order = append(order, r)
			}
		}
	}
	for _, r := range order {
		said := reasonOf(r.in, r.obstacle, r.host)
		if r.off {
			said = Reason{Why: "the rule about what is wrong there is off", Next: "run all rules"}
		}
		i := slices.IndexFunc(c.Reasons, func(other Reason) bool { return other.Why == said.Why && other.Next == said.Next })
		if i < 0 {
			i = len(c.Reasons)
			c.Reasons = append(c.Reasons, said)
		}
		c.Reasons[i].Count += count[r]
	}
	slices.SortStableFunc(c.Reasons, func(a, b Reason) int { return b.Count - a.Count })
	c.Reasons = append(c.Reasons, missing(stacks, c.PHP)...)
	return c
}

// containers returns the names of the containers that run a web server or PHP-FPM.
func containers(stacks []*stack.Stack) (names []string) {
	for _, s := range stacks {
		if c := s.Container; c != nil && len(c.Nginx)+len(c.Apache)+len(c.FPM) > 0 && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
