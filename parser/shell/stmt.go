package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// stmts follows commands in order.
func (in *interp) stmts(list []*syntax.Stmt) status {
	in.status = ok
	for _, s := range list {
		if in.flow != next {
			break
		}
		in.status = in.stmt(s)
	}
	return in.status
}

// condition follows commands whose failure decides about others.
func (in *interp) condition(list []*syntax.Stmt) status {
	in.testing++
	st := in.stmts(list)
	in.testing--
	return st
}

func (in *interp) stmt(s *syntax.Stmt) status {
	in.steps++
	if spent := in.w.budget.spent(); spent || in.steps > maxSteps {
		if !in.limited {
			in.limited = true
			in.limit(s, spent)
		}
		in.flow = exits
		return assumed
	}
	if s.Negated {
		in.testing++
	}
	in.refused = false
	st := in.redirected(s)
	if s.Negated {
		in.testing--
		st = negated(st)
	}
	in.status = st
	if st == failed {
		if _, list := s.Cmd.(*syntax.BinaryCmd); !list {
			in.failedAt = in.at(s)
			if in.errexit && in.testing == 0 && !s.Negated {
				in.flow = exits
			}
		}
	}
	return st
}

// limit says that the script is not followed from s on. That the budget is spent is said
// once for all scripts that share it.
func (in *interp) limit(s *syntax.Stmt, spent bool) {
	in.w.Doubt("", in.at(s), "the rest of the script")
	p := source.Problem{At: in.at(s), Kind: source.Limit, Message: "the script has too many steps to follow"}
	if spent {
		p.Message = "the scripts up to here have too many steps, or read and write too much, to follow the rest"
	}
	if b := in.w.budget; !spent || !b.told {
		b.told = b.told || spent
		in.problem(p)
	}
}

func negated(st status) status {
	switch st {
	case ok:
		return failed
	case failed:
		return ok
	}
	return undecided
}

// backgrounded follows a command that the script does not wait for.
func (in *interp) backgrounded(cmd syntax.Command) status {
	sub := in.subshell()
	sub.background, sub.errexit = true, false
	maybe := in.w.maybe
	sub.command(cmd)
	in.w.maybe = maybe
	return ok
}

func (in *interp) command(cmd syntax.Command) status {
	switch cmd := cmd.(type) {
	case nil:
		return ok
	case *syntax.CallExpr:
		return in.call(cmd)
	case *syntax.BinaryCmd:
		return in.binary(cmd)
	case *syntax.Block:
		return in.stmts(cmd.Stmts)
	case *syntax.Subshell:
		return in.inSubshell(cmd.Stmts)
	case *syntax.IfClause:
		return in.ifClause(cmd)
	case *syntax.CaseClause:
		return in.caseClause(cmd)
	case *syntax.ForClause:
		return in.forClause(cmd)
	case *syntax.WhileClause:
		return in.whileClause(cmd)
	case *syntax.FuncDecl:
		if cmd.Name != nil {
			in.funcs[cmd.Name.Value] = function{cmd.Body, in.script}
		}
		return ok
	case *syntax.TestClause:
		return in.testClause(cmd)
	case *syntax.DeclClause:
		return in.declare(cmd)
	case *syntax.ArithmCmd:
		return in.arithmCmd(cmd)
	case *syntax.LetClause:
		st := ok
		for _, x := range cmd.Exprs {
			st = truth(in.arithm(x))
		}
		return st
	case *syntax.TimeClause:
		if cmd.Stmt == nil {
			return ok
		}
		return in.stmt(cmd.Stmt)
	}
	return assumed
}

func (in *interp) inSubshell(list []*syntax.Stmt) status {
	sub := in.subshell()
	maybe := in.w.maybe
	sub.stmts(list)
	in.w.maybe = maybe
	return in.ended(sub)
}

func (in *interp) binary(b *syntax.BinaryCmd) status {
	switch b.Op {
	case syntax.Pipe, syntax.PipeAll:
		return in.pipe(b)
	}
	in.testing++
	st := in.stmt(b.X)
	in.testing--
	if in.flow != next {
		return st
	}
	run := []status{ok, assumed}
	if b.Op == syntax.OrStmt {
		run = []status{failed}
	}
	switch {
	case st == undecided:
		second := ok
		in.branches(b.Y.Pos(), func() { second = in.stmt(b.Y) }, func() {})
		if b.Op == syntax.OrStmt {
			return second // at least one of both succeeded in a script that works
		}
		return undecided
	case st == run[0], len(run) > 1 && st == run[1]:
		return in.stmt(b.Y)
	case st == assumed: // of ||: the second is for the case that the first fails
		in.branches(b.Y.Pos(), func() { in.stmt(b.Y) }, func() {})
	}
	return st
}

// pipe follows a pipeline: what the left side prints is what the right side reads.
func (in *interp) pipe(b *syntax.BinaryCmd) status {
	left, maybe := in.subshell(), in.w.maybe
	var printed []source.Text
	left.out = &printed
	left.errexit = false
	left.stmt(b.X)
	in.w.maybe = maybe
	right := in.subshell()
	read := hole.Join(printed...)
	right.stdin = &read
	st := right.stmt(b.Y)
	in.w.maybe = maybe
	in.failedAt = right.failedAt
	return st
}

func (in *interp) ifClause(c *syntax.IfClause) status {
	if !c.ThenPos.IsValid() { // else
		return in.stmts(c.Then)
	}
	st := in.condition(c.Cond)
	if in.flow != next {
		return st
	}
	otherwise := func() {
		if c.Else != nil {
			in.status = in.ifClause(c.Else)
		} else {
			in.status = ok
		}
	}
	switch st {
	case ok:
		return in.stmts(c.Then)
	case failed:
		otherwise()
		return in.status
	}
	in.branches(c.Pos(), func() { in.stmts(c.Then) }, otherwise)
	return assumed
}

func (in *interp) caseClause(c *syntax.CaseClause) status {
	return in.caseItems(in.literal(c.Word), c.Items, c.Pos())
}

func (in *interp) caseItems(value source.Text, items []*syntax.CaseItem, at syntax.Pos) status {
	for i, item := range items {
		switch in.caseMatch(value, item) {
		case ok:
			st := in.stmts(item.Stmts)
			if item.Op == syntax.Fallthrough && i+1 < len(items) && in.flow == next {
				st = in.stmts(items[i+1].Stmts)
			}
			return st
		case undecided:
			in.branches(at, func() { in.stmts(item.Stmts) }, func() { in.caseItems(value, items[i+1:], at) })
			return assumed
		}
	}
	return ok
}

func (in *interp) caseMatch(value source.Text, item *syntax.CaseItem) status {
	st := failed
	for _, p := range item.Patterns {
		if m := in.matches(value, p); m == ok || m == undecided && st == failed {
			st = m
		}
	}
	return st
}
