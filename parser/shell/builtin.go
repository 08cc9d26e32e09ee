package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

func (c *call) cd() status {
	dir := source.Text{}
	for _, a := range c.args {
		if !strings.HasPrefix(a.String, "-") {
			dir = a
		}
	}
	switch {
	case len(c.args) > 0 && c.args[len(c.args)-1].String == "-":
		c.dir = c.vars["OLDPWD"].value.String
		if c.dir == "" {
			c.dir = hole.Mark
		}
		return ok
	case dir.String == "":
		dir = c.variable("HOME", hole.New(c.span))
	}
	c.set("OLDPWD", hole.Plain(c.dir))
	c.dir = c.abs(dir.String)
	if hole.In(dir) || strings.Contains(c.dir, hole.Mark) {
		c.dir = hole.Mark
		return assumed
	}
	switch c.w.Stat(c.dir) {
	case Dir:
		return ok
	}
	return assumed // something that was not understood may have made it
}

// refuse is false: a command that only fails.
func (c *call) refuse() status {
	c.refused = true
	return failed
}

// lacks is how a command ends for which a file is missing, or in the way.
func (c *call) lacks() status {
	if c.works {
		return assumed
	}
	return failed
}

func (c *call) exit() status {
	st := c.status
	if len(c.args) > 0 {
		st = undecided
		if n, err := strconv.Atoi(c.args[0].String); err == nil {
			st = decided(n == 0)
		}
	}
	c.flow = exits
	c.leaves = st != failed
	if st == failed {
		c.failedAt, c.refused = c.span, true
	}
	c.status = st
	return st
}

func (c *call) returns() status {
	st := c.exit()
	c.flow, c.leaves = returns, false
	return st
}

func (c *call) breaks(f flow) status {
	c.flow, c.levels = f, 1
	if len(c.args) > 0 {
		if n, err := strconv.Atoi(c.args[0].String); err == nil && n > 0 {
			c.levels = n
		}
	}
	return ok
}

// setOptions is set: options and positional parameters.
func (c *call) setOptions() status {
	for i, a := range c.args {
		option := a.String
		switch {
		case option == "--":
			c.parameters(c.args[i+1:])
			return ok
		case option == "-o" || option == "+o":
			if i+1 < len(c.args) && c.args[i+1].String == "errexit" {
				c.errexit = option == "-o"
			}
		case strings.HasPrefix(option, "-"), strings.HasPrefix(option, "+"):
			if strings.Contains(option, "e") {
				c.errexit = option[0] == '-'
			}
			if strings.HasSuffix(option, "o") && i+1 < len(c.args) && c.args[i+1].String == "errexit" {
				c.errexit = option[0] == '-'
			}
		case i > 0 && strings.HasSuffix(c.args[i-1].String, "o") && strings.HasPrefix(c.args[i-1].String, "-"):
		default:
			c.parameters(c.args[i:])
			return ok
		}
	}
	return ok
}

func (c *call) parameters(values []source.Text) {
	first := hole.Plain("")
	if len(c.interp.args) > 0 {
		first = c.interp.args[0]
	}
	c.interp.args = append([]source.Text{first}, values...)
}

func (c *call) shift() status {
	n := 1
	if len(c.args) > 0 {
		n, _ = strconv.Atoi(c.args[0].String)
	}
	rest := c.interp.args
	if n < 0 || n >= len(rest) {
		return failed
	}
	c.interp.args = append([]source.Text{rest[0]}, rest[1+n:]...)
	return ok
}

func (c *call) unset() status {
	for _, a := range c.args {
		delete(c.vars, a.String)
	}
	return ok
}

// exportWords is export where the parser sees a command: after "command" or "env".
func (c *call) exportWords() status {
	for _, a := range c.args {
		name, _, isAssignment := strings.Cut(a.String, "=")
		if syntax.ValidName(name) {
			if c.name == "local" {
				c.hide(name, c.name)
			}
			if isAssignment {
				c.set(name, a.Slice(len(name)+1, len(a.String)))
			}
			c.export(name, c.name == "export")
		}
	}
	return ok
}

// eval reads its arguments as commands.
func (c *call) eval() status { return c.source(hole.Spaced(c.args)) }

// source follows a text as commands of the same shell.
func (in *interp) source(text source.Text) status {
	if hole.In(text) || in.depth >= maxDepth {
		return assumed
	}
	script := ofText(text)
	file, problem := parse(script, in.flavor)
	if problem != nil {
		in.problem(*problem)
		return assumed
	}
	in.depth++
	old := in.script
	in.script = script
	st := in.stmts(file.Stmts)
	in.script = old
	in.depth--
	return st
}

// ofText returns the script that a text is. Its places lead back to the origins of the text.
func ofText(text source.Text) Script {
	if len(text.Pieces) == 0 {
		return Script{Text: text.String}
	}
	if len(text.Pieces) == 1 && text.Pieces[0].Same {
		return Script{Text: text.String, At: text.Pieces[0].From}
	}
	return Whole(text.File(""))
}

// sourced is source, which dash does not have.
func (c *call) sourced() status {
	if c.flavor == Dash {
		return failed
	}
	return c.dot()
}

// dot is . and source.
func (c *call) dot() status {
	if len(c.args) == 0 {
		return failed
	}
	name := c.abs(c.args[0].String)
	if strings.Contains(name, hole.Mark) {
		return assumed
	}
	if c.w.Stat(name) == Missing {
		return c.lacks()
	}
	text, known := c.w.Read(name)
	if !known {
		return assumed
	}
	st := c.source(text)
	if c.flow == returns {
		c.flow = next
	}
	return st
}

// read takes a line of standard input.
func (c *call) read() status {
	var names []string
	for _, a := range c.args {
		if !strings.HasPrefix(a.String, "-") {
			names = append(names, a.String)
		}
	}
	if c.stdin == nil || hole.In(*c.stdin) {
		for _, name := range names {
			c.set(name, hole.New(c.span))
		}
		return undecided
	}
	if c.stdin.String == "" {
		return failed
	}
	line := *c.stdin
	if n := strings.IndexByte(line.String, '\n'); n >= 0 {
		*c.stdin, line = line.Slice(n+1, len(line.String)), line.Slice(0, n)
	} else {
		*c.stdin = source.Text{}
	}
	separators := c.separators()
	for i, name := range names {
		line = line.Slice(len(line.String)-len(strings.TrimLeft(line.String, separators)), len(line.String))
		n := strings.IndexAny(line.String, separators)
		if n < 0 || separators == "" || i == len(names)-1 {
			n = len(line.String)
		}
		value := line.Slice(0, n)
		c.set(name, value.Slice(0, len(strings.TrimRight(value.String, separators))))
		line = line.Slice(n, len(line.String))
	}
	return ok
}
