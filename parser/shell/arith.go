package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// number returns the value of an arithmetic expression as a text.
func (in *interp) number(x syntax.ArithmExpr, at source.Span) source.Text {
	n, known := in.arithm(x)
	if !known {
		return hole.New(at)
	}
	return source.Made(strconv.Itoa(n), at)
}

// truth returns the status of an arithmetic command.
func truth(n int, known bool) status {
	if !known {
		return undecided
	}
	return decided(n != 0)
}

func (in *interp) arithmCmd(c *syntax.ArithmCmd) status { return truth(in.arithm(c.X)) }

// arithm evaluates an arithmetic expression.
func (in *interp) arithm(x syntax.ArithmExpr) (n int, known bool) {
	switch x := x.(type) {
	case *syntax.Word:
		return in.integer(in.literal(x))
	case *syntax.ParenArithm:
		return in.arithm(x.X)
	case *syntax.UnaryArithm:
		return in.unary(x)
	case *syntax.BinaryArithm:
		if word, isWord := x.X.(*syntax.Word); isWord && assigns(x.Op) {
			return in.assignNumber(word.Lit(), x)
		}
		a, knownA := in.arithm(x.X)
		if x.Op == syntax.TernQuest {
			ways, isTernary := x.Y.(*syntax.BinaryArithm)
			switch {
			case !knownA || !isTernary:
				return 0, false
			case a != 0:
				return in.arithm(ways.X)
			}
			return in.arithm(ways.Y)
		}
		b, knownB := in.arithm(x.Y)
		if !knownA || !knownB {
			return 0, false
		}
		return computed(x.Op, a, b)
	}
	return 0, false
}

// integer returns the number that a text is, or that the variable of that name has.
func (in *interp) integer(t source.Text) (int, bool) {
	text := strings.TrimSpace(t.String)
	if n, err := strconv.ParseInt(text, 0, 0); err == nil {
		return int(n), true
	}
	if text == "" {
		return 0, true
	}
	v, isSet := in.vars[text]
	if !isSet {
		return 0, syntax.ValidName(text) && !in.open
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v.value.String), 0, 0)
	return int(n), err == nil || v.value.String == ""
}

func (in *interp) unary(x *syntax.UnaryArithm) (int, bool) {
	n, known := in.arithm(x.X)
	switch x.Op {
	case syntax.Inc, syntax.Dec:
		by := 1
		if x.Op == syntax.Dec {
			by = -1
		}
		word, isWord := x.X.(*syntax.Word)
		if !isWord {
			return 0, false
		}
		in.setNumber(word.Lit(), n+by, known, in.at(x))
		if x.Post {
			by = 0
		}
		return n + by, known
	case syntax.Not:
		if n == 0 {
			return 1, known
		}
		return 0, known
	case syntax.Minus:
		return -n, known
	case syntax.Plus:
		return n, known
	}
	return 0, false
}

func assigns(op syntax.BinAritOperator) bool {
	switch op {
	case syntax.Assgn, syntax.AddAssgn, syntax.SubAssgn, syntax.MulAssgn, syntax.QuoAssgn, syntax.RemAssgn:
		return true
	}
	return false
}

func (in *interp) assignNumber(name string, x *syntax.BinaryArithm) (int, bool) {
	n, known := in.arithm(x.Y)
	old, knownOld := in.integer(hole.Plain(name))
	switch x.Op {
	case syntax.AddAssgn:
		n, known = old+n, known && knownOld
	case syntax.SubAssgn:
		n, known = old-n, known && knownOld
	case syntax.Assgn:
	default:
		known = false
	}
	in.setNumber(name, n, known, in.at(x))
	return n, known
}

func (in *interp) setNumber(name string, n int, known bool, at source.Span) {
	value := hole.New(at)
	if known {
		value = source.Made(strconv.Itoa(n), at)
	}
	if name != "" {
		in.set(name, value)
	}
}

func computed(op syntax.BinAritOperator, a, b int) (int, bool) {
	yes := func(b bool) (int, bool) {
		if b {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case syntax.Add:
		return a + b, true
	case syntax.Sub:
		return a - b, true
	case syntax.Mul:
		return a * b, true
	case syntax.Quo, syntax.Rem:
		if b == 0 {
			return 0, false
		}
		if op == syntax.Quo {
			return a / b, true
		}
		return a % b, true
	case syntax.Eql:
		return yes(a == b)
	case syntax.Neq:
		return yes(a != b)
	case syntax.Lss:
		return yes(a < b)
	case syntax.Leq:
		return yes(a <= b)
	case syntax.Gtr:
		return yes(a > b)
	case syntax.Geq:
		return yes(a >= b)
	case syntax.AndArit:
		return yes(a != 0 && b != 0)
	case syntax.OrArit:
		return yes(a != 0 || b != 0)
	}
	return 0, false
}
