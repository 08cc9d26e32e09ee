package shell

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// oneLine returns a script of execline, the language of s6, as one line, without its
// comments, for a shell: it is one command, whose arguments are the next one.
func oneLine(text source.Text) source.Text {
	lines := text.Lines()
	for i, line := range lines {
		body := strings.TrimRight(line.String, "\n")
		if strings.HasPrefix(strings.TrimSpace(body), "#") {
			body = ""
		}
		lines[i] = hole.Join(line.Slice(0, len(body)), hole.Plain(" "))
	}
	return hole.Join(append([]source.Text{hole.Plain("exec ")}, lines...)...)
}

// execline are the commands of execline that other commands follow.
func execline(name string) command {
	switch name {
	case "foreground", "background", "if", "ifthenelse":
		return (*call).block
	case "importas", "fdclose", "fdswap", "fdmove", "fdreserve", "emptyenv", "s6-envuidgid", "multisubstitute", "define", "redirfd", "pipeline", "s6-envdir":
		return (*call).chain
	}
	return nil
}

// block is foreground { … } and the like: the commands in braces run, then those after it.
func (c *call) block() status {
	inside, after := braced(c.args)
	if inside == nil {
		return c.unknown()
	}
	exec, background := c.exec, c.background
	c.exec, c.background = false, background || c.name == "background"
	if len(inside) > 0 {
		c.execute(inside, c.span, c.mayBeSet)
	}
	c.exec, c.background = exec, background
	if len(after) == 0 || c.flow != next {
		return assumed
	}
	return c.execute(after, c.span, c.mayBeSet)
}

// braced splits words into those in braces at the start and those after them; inside is
// nil if there are no braces.
func braced(words []source.Text) (inside, after []source.Text) {
	if len(words) == 0 || words[0].String != "{" {
		return nil, words
	}
	depth := 0
	for i, word := range words {
		switch word.String {
		case "{":
			depth++
		case "}":
			depth--
		}
		if depth == 0 {
			return words[1:i:i], words[i+1:]
		}
	}
	return nil, words
}

// chain is a command that changes something about the process, and then becomes the
// command in its arguments.
func (c *call) chain() status {
	operands := map[string]int{"importas": 2, "fdclose": 1, "fdswap": 2, "fdmove": 2, "fdreserve": 1, "s6-envuidgid": 1, "s6-envdir": 1, "define": 2, "redirfd": 2}[c.name]
	_, words := leading(c.args, "D")
	if inside, after := braced(words); inside != nil {
		words = after
	} else {
		words = words[min(operands, len(words)):]
	}
	if len(words) == 0 {
		return assumed
	}
	return c.execute(words, c.span, c.mayBeSet)
}
