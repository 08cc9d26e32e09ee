package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// both and either are the status of two tests.
func both(a, b status) status {
	switch {
	case a == failed || b == failed:
		return failed
	case a == ok && b == ok:
		return ok
	}
	return undecided
}

func either(a, b status) status { return negated(both(negated(a), negated(b))) }

// testClause is [[ … ]].
func (in *interp) testClause(c *syntax.TestClause) status {
	if in.flavor == Dash {
		return failed // the command [[ does not exist
	}
	return in.test(c.X)
}

func (in *interp) test(x syntax.TestExpr) status {
	switch x := x.(type) {
	case *syntax.Word:
		return in.nonEmpty(in.literal(x))
	case *syntax.ParenTest:
		return in.test(x.X)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return negated(in.test(x.X))
		}
		if word, isWord := x.X.(*syntax.Word); isWord {
			return in.unaryTest(x.Op.String(), in.literal(word), in.mayBeSet(word))
		}
	case *syntax.BinaryTest:
		return in.binaryTest(x)
	}
	return undecided
}

func (in *interp) binaryTest(x *syntax.BinaryTest) status {
	switch x.Op {
	case syntax.AndTest:
		return both(in.test(x.X), in.test(x.Y))
	case syntax.OrTest:
		return either(in.test(x.X), in.test(x.Y))
	}
	left, isWord := x.X.(*syntax.Word)
	right, isWord2 := x.Y.(*syntax.Word)
	if !isWord || !isWord2 {
		return undecided
	}
	value := in.literal(left)
	switch x.Op {
	case syntax.TsMatchShort, syntax.TsMatch:
		return in.fits(value, in.asField(right))
	case syntax.TsNoMatch:
		return negated(in.fits(value, in.asField(right)))
	case syntax.TsReMatch:
		by := in.literal(right)
		re, err := regexp.Compile(by.String)
		if err != nil || hole.In(by) || hole.In(value) {
			return undecided
		}
		return decided(re.MatchString(value.String))
	}
	return in.compare(x.Op.String(), value, in.literal(right))
}

// mayBeSet reports whether a word is a variable that only an environment that is not known
// may set.
func (in *interp) mayBeSet(word *syntax.Word) bool {
	set := false
	syntax.Walk(word, func(n syntax.Node) bool {
		if p, isParam := n.(*syntax.ParamExp); isParam && p.Param != nil && p.Exp == nil {
			_, unset := in.lookup(p)
			set = set || unset && in.open
		}
		return true
	})
	return set
}

func (in *interp) nonEmpty(t source.Text) status {
	if t.String == "" {
		return failed
	}
	if strings.Trim(t.String, hole.Mark) == "" {
		return undecided
	}
	return ok
}

// unaryTest is a test of one word: -f name.
func (in *interp) unaryTest(op string, value source.Text, open bool) status {
	switch op {
	case "-z", "-n":
		st := in.nonEmpty(value)
		if open {
			st = undecided
		}
		if op == "-z" {
			st = negated(st)
		}
		return st
	case "-v":
		_, isSet := in.vars[value.String]
		if !isSet && in.open {
			return undecided
		}
		return decided(isSet)
	case "-e", "-f", "-d", "-L", "-h", "-s", "-r", "-w", "-x":
		return in.exists(op, value)
	}
	return undecided
}

// exists is a test of a file.
func (in *interp) exists(op string, value source.Text) status {
	if hole.In(value) {
		return undecided
	}
	if value.String == "" {
		return failed
	}
	name := in.abs(value.String)
	if strings.Contains(name, hole.Mark) || ofKernel(name) {
		return undecided
	}
	if op == "-L" || op == "-h" {
		kind := in.w.Lstat(name)
		if kind == Unknown {
			return undecided
		}
		return decided(kind == Link)
	}
	switch kind := in.w.Stat(name); {
	case kind == Unknown:
		return undecided
	case kind == Missing:
		return failed
	case op == "-d":
		return decided(kind == Dir)
	case op == "-f":
		return decided(kind == File)
	case op == "-s" && kind == File:
		text, known := in.w.Read(name)
		if !known {
			return undecided
		}
		return in.nonEmpty(text)
	case op == "-x" && kind == File:
		return undecided
	}
	return ok
}

// compare is a test of two words.
func (in *interp) compare(op string, a, b source.Text) status {
	switch op {
	case "=", "==", "!=":
		st := undecided
		switch {
		case !hole.In(a) && !hole.In(b):
			st = decided(a.String == b.String)
		case !hole.In(b) && !possible(a.String, field{{b, quoted}}), !hole.In(a) && !possible(b.String, field{{a, quoted}}):
			st = failed
		}
		if op == "!=" {
			st = negated(st)
		}
		return st
	case "<", ">":
		if hole.In(a) || hole.In(b) {
			return undecided
		}
		return decided(op == "<" && a.String < b.String || op == ">" && a.String > b.String)
	}
	x, knownX := in.integer(a)
	y, knownY := in.integer(b)
	if !knownX || !knownY {
		return undecided
	}
	switch op {
	case "-eq":
		return decided(x == y)
	case "-ne":
		return decided(x != y)
	case "-lt":
		return decided(x < y)
	case "-le":
		return decided(x <= y)
	case "-gt":
		return decided(x > y)
	case "-ge":
		return decided(x >= y)
	}
	return undecided
}

// bracketTest is [ … ] and test.
func (c *call) bracketTest() status {
	args := c.args
	if c.name == "[" && len(args) > 0 && args[len(args)-1].String == "]" {
		args = args[:len(args)-1]
	}
	t := tester{in: c.interp, args: args, open: c.mayBeSet}
	st := t.or()
	if t.at < len(args) {
		return undecided
	}
	return st
}

// tester reads the arguments of test (POSIX.1-2017, with -a, -o and parentheses).
type tester struct {
	in    *interp
	args  []source.Text
	at    int
	depth int
	open  bool
}

func (t *tester) peek(offset int) string {
	if t.at+offset < len(t.args) {
		return t.args[t.at+offset].String
	}
	return ""
}

func (t *tester) or() status {
	st := t.and()
	for t.peek(0) == "-o" {
		t.at++
		st = either(st, t.and())
	}
	return st
}

func (t *tester) and() status {
	st := t.not()
	for t.peek(0) == "-a" {
		t.at++
		st = both(st, t.not())
	}
	return st
}

func (t *tester) not() status {
	if t.depth++; t.depth > maxDepth {
		return undecided
	}
	defer func() { t.depth-- }()
	if t.peek(0) == "!" && len(t.args)-t.at > 1 {
		t.at++
		return negated(t.not())
	}
	return t.primary()
}

func (t *tester) primary() status {
	left := len(t.args) - t.at
	switch {
	case left == 0:
		return failed
	case left >= 3 && comparison(t.peek(1)):
		a, op, b := t.args[t.at], t.peek(1), t.args[t.at+2]
		t.at += 3
		if t.open && (a.String == "" || b.String == "") {
			return undecided
		}
		return t.in.compare(op, a, b)
	case t.peek(0) == "(" && left >= 3:
		t.at++
		st := t.or()
		t.at++ // )
		return st
	case left >= 2 && len(t.peek(0)) == 2 && t.peek(0)[0] == '-':
		op, value := t.peek(0), t.args[t.at+1]
		t.at += 2
		return t.in.unaryTest(op, value, t.open && value.String == "")
	}
	value := t.args[t.at]
	t.at++
	if t.open && value.String == "" {
		return undecided
	}
	return t.in.nonEmpty(value)
}

func comparison(op string) bool {
	switch op {
	case "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef":
		return true
	}
	return false
}
