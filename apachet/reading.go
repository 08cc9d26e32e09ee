package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// problem returns a text that Apache refuses to read.
func problem(p apache.Problem) *Refusal {
	r := &Refusal{Fault: Syntax, At: p.At, Message: clause(p.Message), Log: p.Message}
	if p.Kind == source.Include {
		r.Fault = Include
	}
	if !sameLine(p.At, p.Line) {
		r.Line = p.Line
	}
	return moved(r, p)
}

// clause returns a message of Apache as a part of a sentence: in lower case, unless it begins with
// the name of a directive.
func clause(message string) string {
	first, _, _ := strings.Cut(message, " ")
	if len(httpd.Directives(first)) > 0 || first == "" || len(first) > 1 && strings.ToUpper(first) == first {
		return message
	}
	return strings.ToLower(message[:1]) + message[1:]
}

// reading returns the first mistake that httpd finds while it reads: a text that it cannot
// read, or a directive that acts at once and fails.
func (x *checker) reading() *Refusal {
	var first *apache.Problem
	for i, p := range x.c.Problems {
		if !p.Late && p.Kind.Refused() {
			first = &x.c.Problems[i]
			break
		}
	}
	y := reader{checker: x, before: map[string]bool{}, loads: map[*apache.Directive]apache.Module{}}
	for _, m := range x.c.Modules {
		y.loads[m.At] = m
	}
	d, r := y.read(x.c.Directives)
	switch {
	case first == nil:
		return r
	case r == nil, !follows(first, d):
		return problem(*first)
	}
	return r
}

// follows reports whether a problem comes after a directive in the order of reading.
func follows(p *apache.Problem, d *apache.Directive) bool {
	return p.Order > d.Order
}

// reader goes through the directives in the order of reading.
type reader struct {
	*checker
	before map[string]bool // the modules that are loaded so far
	loads  map[*apache.Directive]apache.Module
}

// read returns the first directive that fails while it is read.
func (y *reader) read(list []*apache.Directive) (*apache.Directive, *Refusal) {
	for _, d := range list {
		if d.Maybe() == "" {
			if r := y.acts(d); r != nil {
				return d, r
			}
		}
		if failed, r := y.read(d.Children); r != nil {
			return failed, r
		}
	}
	return nil, nil
}

// acts judges a directive that acts at once, if its module is loaded by then. Those that the
// parser acts on are in its problems.
func (y *reader) acts(d *apache.Directive) *Refusal {
	if load, ok := y.loads[d]; ok {
		r := y.load(y.before, load)
		y.before[load.Name] = true
		return r
	}
	switch d.Name {
	case "include", "includeoptional", "define", "undefine", "loadmodule", "serverroot", "use", "undefmacro":
		return nil
	}
	is := y.kind(d)
	if !is.onRead {
		return nil
	}
	for i := range is.rows {
		row := &is.rows[i]
		if module := row.Modules[0]; !row.OnRead || !y.before[module] && !y.modules.builtIn(module) {
			continue
		}
		if r := y.arguments(row, d); r != nil {
			return r
		}
		if r := y.files(d); r != nil {
			return r
		}
	}
	return nil
}
