package shell

import (
	"cmp"
	"errors"
	"maps"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/source"
)

// The limits of a run. A script of a container is far below each.
const (
	maxSteps = 20_000  // commands
	maxDepth = 40      // functions, scripts and substitutions in one another
	maxText  = 1 << 20 // bytes of a script
	maxOpen  = 5_000   // opening brackets and words of a script: the parser is recursive
)

// status is how a command ends, as far as it is known.
type status uint8

const (
	ok        status = iota
	failed           // for certain
	assumed          // not understood; it succeeds in a script that works
	undecided        // a test of something that is not known
)

// flow is why the commands that follow do not run.
type flow uint8

const (
	next flow = iota
	breaks
	continues
	returns
	exits
)

// variable is a variable of a shell.
type variable struct {
	value    source.Text
	exported bool
	list     []source.Text // of an array of bash; nil for another variable
}

// interp is a shell that follows one script. A subshell is a copy with variables of its
// own.
type interp struct {
	*shared
	script Script
	vars   map[string]variable
	open   bool
	// settable is Env.Settable, and writes is set while the words of a command are expanded that
	// writes them.
	settable, writes bool
	dir              string
	args             []source.Text
	flavor           Flavor
	errexit          bool
	testing          int // depth of conditions, in which a failure does not end the script

	out   *[]source.Text // where standard output goes; nil: to nowhere that matters
	stdin *source.Text   // nil: nothing that is known to be empty or not

	status   status
	failedAt source.Span
	flow     flow
	levels   int                 // of loops that break or continue leaves
	local    map[string]variable // what local hides until the function returns

	background, exec bool
	user             string
	stays            bool // the script does not end by itself
}

// shared is what all shells of a run have in common.
type shared struct {
	w      *guard
	result *Result
	funcs  map[string]function
	steps  int
	// limited is set if it was said that there are too many.
	limited bool
	depth   int
	sh      Flavor
	works   bool
	// refused is set if the command that failed last is one that only fails.
	refused bool
	// leaves is set if the way that was followed last ends the script as intended.
	leaves bool
}

// function is a function that a script declares.
type function struct {
	body   *syntax.Stmt
	script Script
}

func newInterp(s Script, env *Env, w World) *interp {
	in := &interp{
		shared: &shared{w: &guard{World: w, budget: cmp.Or(env.Budget, NewBudget())}, result: &Result{}, funcs: map[string]function{}, sh: env.Sh, works: env.Works},
		script: s, vars: map[string]variable{}, open: env.Open, settable: env.Settable, dir: env.Dir, args: env.Args, flavor: env.Flavor, errexit: env.Exit,
	}
	for name, value := range env.Vars {
		in.vars[name] = variable{value: value, exported: true}
	}
	if in.dir == "" {
		in.dir = "/"
	}
	return in
}

// exported returns the variables that a program inherits.
func (in *interp) exported() map[string]source.Text {
	vars := map[string]source.Text{}
	for name, v := range in.vars {
		if v.exported {
			vars[name] = v.value
		}
	}
	return vars
}

// run follows the whole script.
func (in *interp) run() {
	file, problem := parse(in.script, in.flavor)
	if problem != nil {
		if !in.script.execline {
			in.problem(*problem)
		}
		in.doubtScript()
		in.status = assumed
		return
	}
	maybe := in.w.maybe
	in.stmts(file.Stmts)
	in.w.maybe = maybe
}

func (in *interp) problem(p source.Problem) {
	const enough = 20
	if len(in.result.Problems) < enough {
		in.result.Problems = append(in.result.Problems, p)
	}
}

// parse reads a script.
func parse(s Script, flavor Flavor) (*syntax.File, *source.Problem) {
	if len(s.Text) > maxText || nesting(s.Text) > maxOpen {
		return nil, &source.Problem{At: s.head(), Kind: source.Limit, Message: "the script is too long or too deep to read"}
	}
	variants := []syntax.LangVariant{syntax.LangBash, syntax.LangPOSIX}
	if flavor == Dash {
		variants = []syntax.LangVariant{syntax.LangPOSIX, syntax.LangBash}
	}
	var first error
	for _, variant := range variants {
		file, err := syntax.NewParser(syntax.Variant(variant)).Parse(strings.NewReader(s.Text), "")
		if err == nil {
			return file, nil
		}
		if first == nil {
			first = err
		}
	}
	at, message := s.head(), "invalid shell syntax"
	if e := (syntax.ParseError{}); errors.As(first, &e) {
		at, message = s.span(e.Pos, e.Pos), "invalid shell syntax: "+e.Text
	}
	return nil, &source.Problem{At: at, Kind: source.Syntax, Message: message}
}

// nesting returns an upper limit of how deep a script is nested.
func nesting(text string) (n int) {
	for i := range len(text) {
		switch text[i] {
		case '(', '{', '`', '!', '|': // a list and a pipeline nest to the left
			n++
		}
	}
	n += strings.Count(text, "&&")
	for _, word := range []string{"if", "while", "until", "for", "case", "select", "time", "coproc", "function"} {
		n += strings.Count(text, word)
	}
	return n
}

// head returns the place where s starts.
func (s Script) head() source.Span {
	if s.At.IsZero() {
		return s.At
	}
	return s.At.Head()
}

// span returns the place of a part of s.
func (s Script) span(from, to syntax.Pos) source.Span {
	start := min(int(from.Offset()), len(s.Text))
	return s.sub(start, max(start, min(int(to.Offset()), len(s.Text))))
}

func (s Script) sub(from, to int) source.Span {
	if s.At.IsZero() {
		return s.At
	}
	return s.At.Sub(from, to)
}

// part returns the text of a part of s.
func (s Script) part(from, to int) source.Text {
	if from >= to {
		return source.Text{}
	}
	return source.Made(s.Text[from:to], s.sub(from, to))
}

// at returns the place in the project that a person edits to change a part of the script.
func (in *interp) at(n syntax.Node) source.Span {
	at, _ := in.script.span(n.Pos(), n.End()).Origin()
	return at
}

// subshell returns a shell with a copy of the variables.
func (in *interp) subshell() *interp {
	sub := *in
	sub.vars = maps.Clone(in.vars)
	return &sub
}

// ended takes over from a subshell how it ended.
func (in *interp) ended(sub *interp) status {
	in.failedAt = sub.failedAt
	return sub.status
}

// print adds to standard output.
func (in *interp) print(texts ...source.Text) {
	if in.out == nil {
		return
	}
	for _, t := range texts {
		if t.String != "" {
			*in.out = append(*in.out, t)
		}
	}
}
