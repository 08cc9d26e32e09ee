package filter

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// editor is sed at work on one text.
type editor struct {
	program []*command
	lines   []source.Text
	quiet   bool
	span    source.Span // of the command

	out     []source.Text
	at      int         // the line that is read next
	space   source.Text // the pattern space
	hold    source.Text
	ended   bool // the last line of space has a line end
	last    match
	changed bool // for t
	steps   int
	after   []source.Text // what a adds
	certain bool          // that the command is for the line
	again   bool          // the next cycle starts with the pattern space as it is
}

// maxSteps limits the work on one text: the commands that run, and the bytes that they
// make.
const maxSteps = 1 << 22

// Run runs the program on a text, for sed -n if quiet is set. A line that the program may
// have changed in a way that is not known has a hole; at is what that leads to.
func (p *Sed) Run(text source.Text, quiet bool, at source.Span) source.Text {
	if hole.All(text) {
		return text
	}
	for _, c := range p.commands {
		c.active = false
	}
	e := &editor{program: p.commands, lines: text.Lines(), quiet: quiet || p.quiet, span: at}
	for more := true; more && (e.again || e.at < len(e.lines)); {
		if !e.again {
			e.take()
		}
		e.again = false
		more = e.cycle()
	}
	if e.steps > maxSteps {
		return hole.New(at)
	}
	return hole.Join(e.out...)
}

// take reads the next line into the pattern space.
func (e *editor) take() {
	line := e.lines[e.at]
	e.at++
	n := len(line.String)
	e.ended = strings.HasSuffix(line.String, "\n")
	if e.ended {
		n--
	}
	e.space = line.Slice(0, n)
}

// print prints a text as a line.
func (e *editor) print(t source.Text) {
	e.out = append(e.out, t)
	if e.ended || e.at < len(e.lines) {
		e.out = append(e.out, e.lineEnd())
	}
}

// lineEnd returns the line end of the line that was read last, with its place.
func (e *editor) lineEnd() source.Text {
	line := e.lines[e.at-1]
	if n := len(line.String); strings.HasSuffix(line.String, "\n") {
		return line.Slice(n-1, n)
	}
	return hole.Plain("\n")
}

// finish ends a cycle.
func (e *editor) finish(prints bool) {
	if prints && !e.quiet {
		e.print(e.space)
	}
	e.appended()
}

func (e *editor) appended() {
	if len(e.after) > 0 && len(e.out) > 0 && !e.ended {
		e.out = append(e.out, hole.Plain("\n"))
	}
	e.out = append(e.out, e.after...)
	e.after = nil
}

// cycle runs the program once. It reports whether there is a next cycle.
func (e *editor) cycle() bool {
	for i := 0; i < len(e.program); i++ {
		c := e.program[i]
		if e.steps++; e.steps > maxSteps {
			return false
		}
		if !e.applies(c) {
			if c.name == '{' {
				i = c.end
			}
			continue
		}
		switch c.name {
		case 'b', 't', 'T':
			if e.jumps(c) {
				i = e.label(c.text.String)
			}
		case 'n', 'N':
			if e.at >= len(e.lines) {
				e.finish(true)
				return false
			}
			e.next(c.name == 'N')
		case 'd', 'D', 'c', 'q', 'Q':
			return e.leave(c)
		default:
			e.simple(c)
		}
	}
	e.finish(true)
	return true
}

// applies reports whether a command runs on the line. One that only may run, or of which
// the effect is not known, leaves a doubt.
func (e *editor) applies(c *command) bool {
	selected, certain := e.selects(c)
	e.certain = certain
	if !selected || c.name == 's' || certain && c.certain {
		return selected
	}
	e.doubt()
	return certain && c.name == '{'
}

// leave runs a command that ends the cycle. It reports whether there is a next one.
func (e *editor) leave(c *command) bool {
	switch c.name {
	case 'd':
		e.finish(hole.In(e.space)) // a line that is not known may be another one
	case 'D':
		e.deleteFirst()
	case 'c':
		if c.to == nil || c.not || !c.active { // one text for a whole range
			e.out = append(e.out, c.text)
		}
		e.finish(false)
	default:
		e.finish(c.name == 'q')
		return false
	}
	return true
}

// jumps reports whether b, t or T jumps.
func (e *editor) jumps(c *command) bool {
	if c.name == 'b' {
		return true
	}
	changed := e.changed
	e.changed = false
	return changed == (c.name == 't')
}

// label returns the index of a label; the end of the program for none.
func (e *editor) label(name string) int {
	for i, c := range e.program {
		if c.name == ':' && c.text.String == name {
			return i
		}
	}
	return len(e.program)
}

// simple runs a command that does not leave the cycle.
func (e *editor) simple(c *command) {
	switch c.name {
	case 's':
		e.substitute(c)
	case 'y':
		e.replaceBytes(c)
	case 'a':
		e.after = append(e.after, c.text)
	case 'i':
		e.out = append(e.out, c.text)
	case 'p':
		e.print(e.space)
	case 'P':
		first, _, _ := strings.Cut(e.space.String, "\n")
		e.print(e.space.Slice(0, len(first)))
	case '=':
		e.out = append(e.out, source.Made(strconv.Itoa(e.at)+"\n", c.at))
	case 'h':
		e.hold = e.space
	case 'H':
		e.hold = hole.Join(e.hold, hole.Plain("\n"), e.space)
	case 'g':
		e.space = e.hold
	case 'G':
		e.space = hole.Join(e.space, hole.Plain("\n"), e.hold)
	case 'x':
		e.space, e.hold = e.hold, e.space
	}
	e.steps += len(e.space.String) + len(e.hold.String)
}

// next reads the next line: in place of the pattern space, which is printed, or after it.
func (e *editor) next(append bool) {
	if !append {
		e.finish(true)
		e.take()
		return
	}
	before, end := e.space, e.lineEnd()
	e.take()
	e.space = hole.Join(before, end, e.space)
	e.steps += len(e.space.String)
}

// deleteFirst is D: it deletes the first line of the pattern space, and starts the next
// cycle with the rest.
func (e *editor) deleteFirst() {
	n := strings.IndexByte(e.space.String, '\n')
	if n < 0 {
		e.finish(false)
		return
	}
	e.appended()
	e.space, e.again = e.space.Slice(n+1, len(e.space.String)), true
}

// doubt marks the line, which a command may change in a way that is not known.
func (e *editor) doubt() { e.space = hole.Doubt(e.space, e.span) }

// selects reports whether a command applies to the line.
func (e *editor) selects(c *command) (selected, certain bool) {
	switch {
	case c.from == nil:
		return !c.not, true
	case c.to == nil:
		selected, certain = e.fits(c.from)
	default:
		selected, certain = e.inRange(c)
	}
	if c.not {
		selected = !selected || !certain
	}
	return selected, certain
}

func (e *editor) inRange(c *command) (selected, certain bool) {
	if !c.active {
		if c.from.line == 0 && c.from.match == nil && !c.from.last { // 0,/re/
			if e.at != 1 {
				return false, true
			}
			done, certain := e.fits(c.to)
			c.active = !done
			c.last = 0
			return true, certain
		}
		selected, certain = e.fits(c.from)
		if !selected {
			return false, certain
		}
		switch {
		case c.to.plus > 0:
			c.last = e.at + c.to.plus
		case c.to.every > 0:
			c.last = (e.at + c.to.every - 1) / c.to.every * c.to.every
		case c.to.match == nil && !c.to.last:
			c.last = c.to.line
		default:
			c.last, c.active = 0, !c.to.last || e.at < len(e.lines)
			return true, certain
		}
		c.active = c.last > e.at
		return true, certain
	}
	if c.last > 0 {
		c.active = e.at < c.last
		return e.at <= c.last, true
	}
	done, certain := e.fits(c.to)
	c.active = !done
	return true, certain
}

// fits reports whether an address is that of the line.
func (e *editor) fits(a *address) (yes, certain bool) {
	switch {
	case a.match != nil:
		m := e.remembered(*a.match)
		if m.re == nil {
			return true, false
		}
		return m.re.MatchString(e.space.String), m.certain
	case a.last:
		return e.at == len(e.lines), true
	case a.step > 0:
		return e.at >= a.line && (e.at-a.line)%a.step == 0, true
	}
	return e.at == a.line, true
}

// remembered returns the expression of a command: an empty one is the one before.
func (e *editor) remembered(m match) match {
	if m.re == nil {
		return e.last
	}
	e.last = m
	return m
}

// substitute is s.
func (e *editor) substitute(c *command) {
	m := e.remembered(c.match)
	if m.re == nil {
		e.doubt()
		return
	}
	if !m.certain || !c.certain || !e.certain {
		if m.re.MatchString(e.space.String) {
			e.doubt()
		}
		return
	}
	out, changed := e.substituted(c, m.re)
	if !changed {
		return
	}
	e.space, e.changed = out, true
	e.steps += len(out.String)
	if c.print {
		e.print(e.space)
	}
}

// substituted returns the pattern space with the matches replaced.
func (e *editor) substituted(c *command, re *regexp.Regexp) (out source.Text, changed bool) {
	var parts []source.Text
	at := 0
	for i, m := range re.FindAllStringSubmatchIndex(e.space.String, -1) {
		if i+1 < c.nth {
			continue
		}
		parts = append(parts, e.space.Slice(at, m[0]))
		for _, part := range c.with {
			switch {
			case part.group < 0:
				parts = append(parts, part.text)
			case 2*part.group+1 < len(m) && m[2*part.group] >= 0:
				parts = append(parts, e.space.Slice(m[2*part.group], m[2*part.group+1]))
			}
		}
		at, changed = m[1], true
		if !c.all {
			break
		}
	}
	return hole.Join(append(parts, e.space.Slice(at, len(e.space.String)))...), changed
}

// replaceBytes is y.
func (e *editor) replaceBytes(c *command) {
	var parts []source.Text
	at := 0
	for i := range len(e.space.String) {
		n := strings.IndexByte(c.text.String, e.space.String[i])
		if n < 0 {
			continue
		}
		parts = append(parts, e.space.Slice(at, i), source.Made(c.by[n:n+1], c.at))
		at = i + 1
	}
	e.space = hole.Join(append(parts, e.space.Slice(at, len(e.space.String)))...)
}
