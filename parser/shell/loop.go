package shell

import (
	"maps"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// maxRounds is how often a loop with a condition is followed.
const maxRounds = 1000

func (in *interp) forClause(c *syntax.ForClause) status {
	defer in.loop()()
	switch loop := c.Loop.(type) {
	case *syntax.WordIter:
		items := in.args[min(1, len(in.args)):]
		if loop.InPos.IsValid() {
			items = in.fields(loop.Items)
		}
		for _, item := range items {
			in.set(loop.Name.Value, item)
			if !in.round(c.Do) {
				break
			}
		}
	case *syntax.CStyleLoop:
		if loop.Init != nil {
			in.arithm(loop.Init)
		}
		in.rounds(c.Do, c.Pos(), func() status {
			if loop.Cond == nil {
				return ok
			}
			return truth(in.arithm(loop.Cond))
		}, func() {
			if loop.Post != nil {
				in.arithm(loop.Post)
			}
		})
	}
	return ok
}

func (in *interp) whileClause(c *syntax.WhileClause) status {
	defer in.loop()()
	in.rounds(c.Do, c.Pos(), func() status {
		st := in.condition(c.Cond)
		if c.Until {
			st = negated(st)
		}
		return st
	}, func() {})
	return ok
}

// loop starts a loop. What it returns ends it: a break under a condition that cannot be
// decided makes the rest of the loop uncertain, not what follows it.
func (in *interp) loop() func() {
	maybe := in.w.maybe
	return func() { in.w.maybe = maybe }
}

// rounds follows a loop with a condition. One that cannot be decided is followed once.
func (in *interp) rounds(body []*syntax.Stmt, at syntax.Pos, condition func() status, after func()) {
	maybe := in.w.maybe
	for range maxRounds {
		before := in.state()
		switch st := condition(); {
		case in.flow != next, st == failed:
			return
		case st != ok:
			in.branches(at, func() { in.round(body) }, func() {})
			return
		}
		if !in.round(body) {
			return
		}
		if after(); in.state() == before {
			if in.w.maybe == maybe { // else something that is not known may end it
				in.waits()
			}
			return
		}
	}
}

// state changes with everything that may decide a condition.
func (in *interp) state() (n int) {
	for _, v := range in.vars {
		n += len(v.value.String)*31 + len(v.list)
		for i := range len(v.value.String) {
			n = n*31 + int(v.value.String[i])
		}
	}
	if in.stdin != nil {
		n += len(in.stdin.String)
	}
	return n + in.w.changes
}

// round follows the body of a loop once. It reports whether the loop goes on.
func (in *interp) round(body []*syntax.Stmt) bool {
	in.stmts(body)
	switch in.flow {
	case next:
		return true
	case breaks, continues:
		again := in.flow == continues
		if in.levels--; in.levels > 0 {
			return false // of an outer loop
		}
		in.flow = next
		return again
	}
	return false
}

// branches follows two ways of which one is taken: what they change is not certain.
func (in *interp) branches(at syntax.Pos, ways ...func()) {
	where := in.script.span(at, at)
	before := in.subshell().vars
	start, dir, args, flows := in.dir, in.dir, in.args, next
	other := false // the arguments are not the same after all ways
	var after []map[string]variable
	in.w.maybe++
	for _, way := range ways {
		in.vars, in.dir, in.args, in.flow = maps.Clone(before), start, args, next
		way()
		if in.flow == next {
			after = append(after, in.vars)
		} else {
			flows = max(flows, in.flow)
		}
		if in.flow == next && in.dir != start {
			dir = hole.Mark
		}
		other = other || in.flow == next && !same(in.args, args)
	}
	in.w.maybe--
	in.dir, in.args = dir, args
	if other {
		in.args = []source.Text{args[0], hole.New(where)}
	}
	in.vars = before
	if len(after) > 0 {
		in.vars = merged(after, where)
	}
	in.flow = next
	if len(after) == 0 {
		in.flow = flows
	} else if flows != next && (flows != exits || in.leaves) {
		in.w.maybe++ // until what it leaves ends
	}
	in.leaves = false
}

// same reports whether two lists have the same texts.
func same(a, b []source.Text) bool {
	return slices.EqualFunc(a, b, func(x, y source.Text) bool { return x.String == y.String })
}

// merged returns the variables after one of several ways. One that is not the same after
// all of them is not known.
func merged(ways []map[string]variable, at source.Span) map[string]variable {
	out := ways[0]
	for _, way := range ways[1:] {
		for name, v := range way {
			old, isSet := out[name]
			if !isSet || old.value.String != v.value.String || len(old.list) != len(v.list) {
				out[name] = variable{value: hole.New(at), exported: v.exported || old.exported}
			}
		}
		for name, v := range out {
			if _, isSet := way[name]; !isSet {
				out[name] = variable{value: hole.New(at), exported: v.exported}
			}
		}
	}
	return out
}
