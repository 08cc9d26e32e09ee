package shell

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// scriptFile follows a file that is executed. isScript is not set if it is not a script
// of a shell of which the text is known.
func (c *call) scriptFile(name string) (st status, isScript bool) {
	if strings.Contains(name, hole.Mark) || c.w.Stat(name) != File {
		return ok, false
	}
	text, known := c.w.Read(name)
	if !known {
		return ok, false
	}
	if line, _, _ := strings.Cut(text.String, "\n"); strings.HasPrefix(line, "#!") && strings.Contains(line, "execlineb") {
		script := ofText(oneLine(text))
		script.execline = true
		return c.child(script, c.sh, false, []source.Text{c.word}), true
	}
	flavor, options, isScript := c.interpreter(text.String)
	if !isScript {
		return ok, false
	}
	return c.child(ofText(text), flavor, strings.Contains(options, "e"), append([]source.Text{c.word}, c.args...)), true
}

// interpreter reads the first line of a script: which shell, and its options.
func (c *call) interpreter(text string) (flavor Flavor, options string, isShell bool) {
	line, _, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(line, "#!") {
		return c.sh, "", text != "" && text[0] < 0x7f && !strings.Contains(line, hole.Mark)
	}
	for _, word := range strings.Fields(line[2:]) {
		if strings.HasPrefix(word, "-") {
			options += word
			continue
		}
		switch path.Base(word) {
		case "sh":
			flavor, isShell = c.sh, true
		case "dash":
			flavor, isShell = Dash, true
		case "ash", "busybox":
			flavor, isShell = Ash, true
		case "bash", "ksh", "zsh":
			flavor, isShell = Bash, true
		}
	}
	if strings.HasPrefix(options, "--") {
		options = ""
	}
	return flavor, options, isShell
}

// child follows a script in a process of its own.
func (c *call) child(s Script, flavor Flavor, errexit bool, args []source.Text) status {
	if c.depth >= maxDepth {
		return assumed
	}
	c.depth++
	defer func() { c.depth-- }()
	sub := c.subshell()
	for name, v := range sub.vars {
		if !v.exported {
			delete(sub.vars, name)
		}
	}
	funcs := c.funcs
	c.funcs = map[string]function{}
	sub.script, sub.flavor, sub.errexit, sub.testing, sub.args = s, flavor, errexit, 0, args
	exec, background := sub.exec, sub.background
	sub.exec, sub.background = false, false
	sub.run()
	c.funcs = funcs
	c.exec, c.background = exec, background
	if c.exec || sub.stays {
		c.flow, c.leaves, c.stays = exits, true, sub.stays
	}
	if background {
		c.flow, c.stays = next, false
		return ok
	}
	return c.ended(sub)
}

// shell is sh, bash …: a script, or commands after -c.
func (c *call) shell() status {
	flavor := Bash
	switch c.name {
	case "sh":
		flavor = c.sh
	case "dash":
		flavor = Dash
	case "ash":
		flavor = Ash
	}
	errexit, commands, rest := shellOptions(c.args)
	switch {
	case len(rest) == 0:
		if c.stdin != nil && !hole.In(*c.stdin) {
			return c.child(ofText(*c.stdin), flavor, errexit, []source.Text{c.word})
		}
		if c.exec {
			return c.start()
		}
		return assumed
	case commands && hole.In(rest[0]):
		c.doubt(rest[0])
		return assumed
	case commands:
		args := rest[1:]
		if len(args) == 0 {
			args = []source.Text{c.word}
		}
		return c.child(ofText(rest[0]), flavor, errexit, args)
	}
	name := c.abs(rest[0].String)
	if strings.Contains(name, hole.Mark) {
		return c.unknown()
	}
	text, known := c.w.Read(name)
	if !known {
		return c.unknown()
	}
	return c.child(ofText(text), flavor, errexit, rest)
}

// shellOptions splits the arguments of a shell: whether -e and -c are given, and the rest.
func shellOptions(args []source.Text) (errexit, commands bool, rest []source.Text) {
	rest = args
	for len(rest) > 0 && (strings.HasPrefix(rest[0].String, "-") || strings.HasPrefix(rest[0].String, "+")) {
		option := rest[0].String
		rest = rest[1:]
		switch {
		case option == "--":
			return errexit, commands, rest
		case strings.HasPrefix(option, "--"):
			continue
		case option[0] == '-':
			errexit = errexit || strings.Contains(option, "e")
			commands = commands || strings.Contains(option, "c")
		}
		if strings.HasSuffix(option, "o") && len(rest) > 0 {
			errexit = errexit || rest[0].String == "errexit"
			rest = rest[1:]
		}
	}
	return errexit, commands, rest
}
