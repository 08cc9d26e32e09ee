package shell

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wp502lint/wp502lint/parser/filter"
	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/source"
)

// grep prints the lines that match, or tells whether there are any.
func (c *call) grep() status {
	opts, names := options(c.args, "efmABC", "regexp", "file", "max-count", "after-context", "before-context", "context")
	pattern, given := valueOf(opts, "-e", "--regexp")
	if !given && len(names) > 0 {
		pattern, names = names[0], names[1:]
	}
	text, st := c.inputs(names)
	if has(opts, "-r", "-R", "-f", "-P", "-A", "-B", "-C", "-w") || len(names) > 1 || strings.Contains(pattern.String, "\n") {
		c.printUnknown()
		return undecided
	}
	if st == failed {
		return failed
	}
	expression := pattern.String
	if has(opts, "-F") || c.name == "fgrep" {
		expression = filter.Quote(expression)
	}
	re, certain := filter.Compile(expression, has(opts, "-E") || c.name == "egrep", has(opts, "-i"))
	if re == nil || !certain {
		c.printUnknown()
		return undecided
	}
	found, maybe := filter.Grep(text, re, has(opts, "-x"), has(opts, "-v"))
	switch {
	case has(opts, "-q", "--quiet", "--silent", "-l"):
	case has(opts, "-o", "-n", "-c"):
		c.printUnknown()
	default:
		c.print(found...)
	}
	if maybe {
		return undecided
	}
	return decided(len(found) > 0)
}

// head is head and tail. tail -f does not end.
func (c *call) head() status {
	opts, names := options(c.args, "nc", "lines", "bytes")
	if c.name == "tail" && has(opts, "-f", "-F", "--follow") {
		if !c.background {
			c.waits()
		}
		return ok
	}
	text, st := c.inputs(names)
	n := 10
	for _, o := range opts {
		number := o.value.String
		if len(o.name) == 2 && o.name[1] >= '0' && o.name[1] <= '9' {
			number = strings.TrimPrefix(c.args[0].String, "-")
		}
		given, err := strconv.Atoi(number)
		if err != nil || given < 0 || strings.HasPrefix(number, "+") || o.name == "-c" || o.name == "--bytes" {
			c.printUnknown()
			return assumed
		}
		n = given
	}
	lines := text.Lines()
	if c.name == "tail" {
		lines = lines[max(len(lines)-n, 0):]
	} else {
		lines = lines[:min(n, len(lines))]
	}
	c.print(lines...)
	return st
}

// tr replaces or deletes bytes.
func (c *call) tr() status {
	opts, sets := options(c.args, "")
	text, st := c.inputs(nil)
	deletes := has(opts, "-d")
	if len(opts) > 0 && !deletes || len(sets) == 0 || !deletes && len(sets) < 2 {
		c.printUnknown()
		return assumed
	}
	to := source.Text{}
	if !deletes {
		to = sets[1]
	}
	out, understood := filter.Translate(text, sets[0], to)
	if !understood {
		c.printUnknown()
		return assumed
	}
	c.print(out)
	return st
}

// cut prints one field of each line: -d and -f.
func (c *call) cut() status {
	opts, names := options(c.args, "dfcb", "delimiter", "fields")
	text, st := c.inputs(names)
	fields, _ := valueOf(opts, "-f", "--fields")
	delimiter, given := valueOf(opts, "-d", "--delimiter")
	if !given {
		delimiter = hole.Plain("\t")
	}
	number, rest := strings.CutSuffix(fields.String, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || len(delimiter.String) != 1 || has(opts, "-c", "-b", "-s") {
		c.printUnknown()
		return assumed
	}
	c.print(filter.Cut(text, delimiter.String[0], n, rest))
	return st
}

// sortLines is sort, and sort -u.
func (c *call) sortLines() status {
	opts, names := options(c.args, "kto", "key", "field-separator")
	text, st := c.inputs(names)
	for _, o := range opts {
		if o.name != "-u" {
			c.printUnknown()
			return assumed
		}
	}
	lines := text.Lines()
	slices.SortFunc(lines, func(a, b source.Text) int { return strings.Compare(a.String, b.String) })
	if has(opts, "-u") {
		lines = slices.CompactFunc(lines, func(a, b source.Text) bool { return a.String == b.String })
	}
	c.print(lines...)
	return st
}

// count is wc: only that of lines.
func (c *call) count() status {
	opts, names := options(c.args, "")
	text, st := c.inputs(names)
	if !has(opts, "-l") || hole.In(text) || len(names) > 0 {
		c.printUnknown()
		return assumed
	}
	c.print(source.Made(strconv.Itoa(strings.Count(text.String, "\n"))+"\n", c.span))
	return st
}

// nameOf is basename and dirname.
func (c *call) nameOf() status {
	if len(c.args) == 0 || hole.In(c.args[0]) {
		c.printUnknown()
		return assumed
	}
	t := c.args[0]
	trimmed := strings.TrimRight(t.String, "/")
	n := strings.LastIndexByte(trimmed, '/')
	switch {
	case c.name == "dirname" && n < 0:
		c.print(hole.Plain(".\n"))
	case c.name == "dirname":
		c.print(t.Slice(0, max(n, 1)), hole.Plain("\n"))
	default:
		base := t.Slice(n+1, len(trimmed))
		if len(c.args) > 1 && base.String != c.args[1].String {
			base = base.Slice(0, len(strings.TrimSuffix(base.String, c.args[1].String)))
		}
		c.print(base, hole.Plain("\n"))
	}
	return ok
}

// envsubst replaces variables by their values: those that its argument names, or all.
func (c *call) envsubst() status {
	text, st := c.inputs(nil)
	var chosen []string
	for _, a := range c.args {
		if hole.In(a) {
			c.print(doubtedLines(text, c.span))
			return assumed
		}
		chosen = append(chosen, filter.References(a.String)...)
	}
	c.print(filter.Envsubst(text, func(name string, at source.Span) (source.Text, bool) {
		v, isSet := c.vars[name]
		switch {
		case len(c.args) > 0 && !slices.Contains(chosen, name):
			return source.Text{}, false
		case !isSet && (c.open || c.settable):
			return hole.New(at), true
		case !v.exported:
			return source.Text{}, true
		}
		return v.value, true
	}))
	return st
}

// doubtedLines returns a text with a doubt about each line that has a dollar sign.
func doubtedLines(t source.Text, at source.Span) source.Text {
	lines := t.Lines()
	for i, line := range lines {
		if strings.Contains(line.String, "$") {
			lines[i] = hole.Doubt(line, at)
		}
	}
	return hole.Join(lines...)
}
