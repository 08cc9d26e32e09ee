package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// echo prints its arguments. Whether it reads backslashes depends on the shell.
func (c *call) echo() status {
	args, line, escapes := c.args, true, c.flavor == Dash
	for len(args) > 0 {
		option := args[0].String
		if len(option) < 2 || option[0] != '-' || strings.Trim(option[1:], "neE") != "" {
			break
		}
		if c.flavor == Dash && option != "-n" {
			break // dash has -n alone, and prints -e
		}
		if c.flavor == Sh && strings.ContainsAny(option, "eE") {
			c.print(hole.New(hole.Place(args[0], 0, len(option))))
		}
		line = line && !strings.Contains(option, "n")
		if n := strings.LastIndexAny(option, "eE"); n >= 0 {
			escapes = option[n] == 'e'
		}
		args = args[1:]
	}
	text := hole.Spaced(args)
	switch {
	case escapes:
		text = filter.Unescape(text, filter.Echo)
	case c.flavor == Sh && readsBackslash(text.String):
		text = hole.Doubt(text, hole.Place(text, 0, len(text.String)))
	}
	c.print(text)
	if line {
		c.print(hole.Plain("\n"))
	}
	return ok
}

// readsBackslash reports whether a text has a sequence that one echo replaces and another
// one does not.
func readsBackslash(text string) bool {
	for i := range len(text) - 1 {
		if text[i] == '\\' && strings.IndexByte("abcefnrtv0\\", text[i+1]) >= 0 {
			return true
		}
	}
	return false
}

// printf prints its arguments by a format, as often as it takes to use all of them.
func (c *call) printf() status {
	args := c.args
	into := ""
	for len(args) > 1 && strings.HasPrefix(args[0].String, "-") {
		if args[0].String == "-v" {
			into = args[1].String
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return failed
	}
	text := filter.Printf(args[0], args[1:])
	if into != "" {
		c.set(into, text)
		return ok
	}
	c.print(text)
	return ok
}

// cat prints files or its input.
func (c *call) cat() status {
	_, names := options(c.args, "")
	if len(names) == 0 {
		if c.stdin != nil {
			c.print(*c.stdin)
		} else {
			c.printUnknown()
		}
		return ok
	}
	st := ok
	for _, t := range names {
		text, one := c.input(t)
		c.print(text)
		if one == failed {
			st = failed
		}
	}
	return st
}

// input returns the text of a file that a command reads; - is its input.
func (c *call) input(name source.Text) (source.Text, status) {
	if name.String == "-" || name.String == "/dev/stdin" {
		if c.stdin == nil {
			return hole.NewLines(c.span), assumed
		}
		return *c.stdin, ok
	}
	file := c.abs(name.String)
	if !hole.In(name) && !strings.Contains(file, hole.Mark) && !ofKernel(file) && c.w.Stat(file) == Missing {
		return source.Text{}, failed
	}
	text := c.contents(name, c.span)
	if hole.In(text) {
		return text, assumed
	}
	return text, ok
}

// inputs returns the texts of the files that a command reads one after the other; of its
// input, if there are none.
func (c *call) inputs(names []source.Text) (source.Text, status) {
	if len(names) == 0 {
		return c.input(hole.Plain("-"))
	}
	st := ok
	var parts []source.Text
	for _, name := range names {
		text, one := c.input(name)
		if one != ok {
			st = one
		}
		parts = append(parts, text)
	}
	return hole.Join(parts...), st
}

// tee writes its input to files, and prints it.
func (c *call) tee() status {
	opts, names := options(c.args, "")
	text, _ := c.input(hole.Plain("-"))
	for _, t := range names {
		if name, known := c.file(t); known && !strings.HasPrefix(name, "/dev/") {
			c.interp.write(target{name, has(opts, "-a", "--append"), c.span}, text)
		}
	}
	c.print(text)
	return ok
}
