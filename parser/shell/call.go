package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// call is a simple command with its arguments.
type call struct {
	*interp
	name string        // without its directory
	word source.Text   // as it is written
	args []source.Text // without the name
	span source.Span   // the whole command
	// mayBeSet is set if a variable in it has no value, but an environment that is not
	// known may give it one.
	mayBeSet bool
}

// writers are the commands that write the text of their arguments.
var writers = []string{"sed", "echo", "printf"}

// call follows a simple command.
func (in *interp) call(x *syntax.CallExpr) status {
	if len(x.Args) == 0 {
		in.status = ok
		for _, a := range x.Assigns {
			in.assign(a, false)
		}
		return in.status
	}
	in.writes = in.settable && slices.Contains(writers, x.Args[0].Lit())
	args := in.fields(x.Args)
	in.writes = false
	if len(args) == 0 {
		return ok
	}
	saved := map[string]variable{}
	for _, a := range x.Assigns {
		if a.Name != nil {
			saved[a.Name.Value] = in.vars[a.Name.Value]
			in.assign(a, true)
		}
	}
	mayBeSet := false
	for _, word := range x.Args {
		mayBeSet = mayBeSet || in.open && in.mayBeSet(word)
	}
	st := in.execute(args, in.at(x), mayBeSet)
	in.restore(saved)
	return st
}

// restore gives variables back the values that they had; the zero variable was not set.
func (in *interp) restore(saved map[string]variable) {
	for name, v := range saved {
		if v.value.String == "" && !v.exported {
			delete(in.vars, name)
		} else {
			in.vars[name] = v
		}
	}
}

// execute follows a command that is expanded: the name and its arguments.
func (in *interp) execute(args []source.Text, at source.Span, mayBeSet bool) status {
	in.steps++
	if len(args) == 0 || in.steps > maxSteps {
		return assumed
	}
	c := &call{in, path.Base(args[0].String), args[0], args[1:], at, mayBeSet}
	defer func(outer string) { in.w.command = outer }(in.w.command)
	in.w.command = hole.Name(c.name)
	if hole.In(c.word) || c.word.String == "" {
		return c.unknown()
	}
	if f, isFunction := in.funcs[c.word.String]; isFunction {
		return c.function(f)
	}
	if strings.Contains(c.word.String, "/") {
		if st, isScript := c.scriptFile(in.abs(c.word.String)); isScript {
			return st
		}
	}
	if strings.Contains(c.word.String, "/init.d/") {
		return c.service()
	}
	if run := lookup(c.name); run != nil {
		return run(c)
	}
	if !strings.Contains(c.word.String, "/") {
		for _, dir := range []string{"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"} {
			if st, isScript := c.scriptFile(dir + c.name); isScript {
				return st
			}
		}
	}
	if run := servers(c.name); run != nil {
		return run(c)
	}
	return c.unknown()
}

// function calls a function of the script.
func (c *call) function(f function) status {
	in := c.interp
	if in.depth >= maxDepth {
		return assumed
	}
	in.depth++
	args, script, maybe := in.args, in.script, in.w.maybe
	first := hole.Plain("")
	if len(args) > 0 {
		first = args[0]
	}
	in.args, in.script = append([]source.Text{first}, c.args...), f.script
	outer := in.local
	in.local = map[string]variable{}
	st := in.stmt(f.body)
	in.restore(in.local)
	in.local = outer
	if in.flow == returns {
		in.flow, st = next, in.status
	}
	in.args, in.script, in.w.maybe = args, script, maybe
	in.depth--
	return st
}

// set gives a variable a value.
func (in *interp) set(name string, value source.Text) {
	v := in.vars[name]
	v.value, v.list = value, nil
	in.vars[name] = v
}

// assign follows an assignment.
func (in *interp) assign(a *syntax.Assign, export bool) {
	if a.Name == nil {
		return
	}
	name := a.Name.Value
	v := in.vars[name]
	v.exported = v.exported || export
	switch {
	case a.Naked:
	case a.Array != nil:
		var list []*syntax.Word
		for _, element := range a.Array.Elems {
			if element.Value != nil {
				list = append(list, element.Value)
			}
		}
		values := in.fields(list)
		if a.Append {
			values = append(append([]source.Text{}, v.list...), values...)
		}
		v.list = values
		v.value = source.Text{}
		if len(values) > 0 {
			v.value = values[0]
		} else {
			v.list = nil
		}
	case a.Index != nil:
		v.value, v.list = hole.New(in.at(a)), nil
	case a.Append:
		v.value = hole.Join(v.value, in.literal(a.Value))
	default:
		v.value, v.list = in.literal(a.Value), nil
	}
	in.vars[name] = v
}

// declare is export, local, readonly and declare.
func (in *interp) declare(d *syntax.DeclClause) status {
	export := d.Variant.Value == "export"
	for _, a := range d.Args {
		if a.Name != nil {
			in.hide(a.Name.Value, d.Variant.Value)
			in.assign(a, export)
			continue
		}
		if name, value, isAssignment := strings.Cut(in.literal(a.Value).String, "="); isAssignment && syntax.ValidName(name) {
			t := in.literal(a.Value)
			in.set(name, t.Slice(len(t.String)-len(value), len(t.String)))
			in.export(name, export)
		}
	}
	return ok
}

// hide remembers a variable that a declaration makes one of the function.
func (in *interp) hide(name, by string) {
	if by == "export" || by == "readonly" || in.local == nil {
		return
	}
	if _, hidden := in.local[name]; !hidden {
		in.local[name] = in.vars[name]
		delete(in.vars, name)
	}
}

func (in *interp) export(name string, export bool) {
	v := in.vars[name]
	v.exported = v.exported || export
	in.vars[name] = v
}
