package apache

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// truth is whether a condition holds. With why it is not certain: worded to follow "not
// checked: ".
type truth struct {
	holds bool
	why   string
}

// conditional handles a section that acts while it is read: one that is put in place if it
// holds, and skipped if not, and a macro. rest is the line after its name, for IfVersion.
func (r *reader) conditional(in *input, d *Directive, rest string) bool {
	var t truth
	switch d.Name {
	case "ifmodule", "ifdefine", "iffile", "ifdirective", "ifsection":
		t = r.condition(in, d)
	case "ifversion":
		if m := r.module("version_module"); !m.holds && m.why == "" {
			return false
		}
		t = r.version(d, rest)
	case "macro":
		if m := r.module("macro_module"); !m.holds && m.why == "" {
			return false
		}
		if r.mayOpen(in, d) {
			r.macro(in, d, rest)
		}
		return true
	default:
		return false
	}
	if !t.holds && t.why == "" {
		r.skip(in, d)
		return true
	}
	if r.mayOpen(in, d) {
		in.open = append(in.open, frame{d: d, kids: len(r.kids), holds: true, grown: in.grown, doubt: r.doubt})
		in.grown = false
		if r.doubt == "" {
			r.doubt = t.why
		}
	}
	return true
}

// mayOpen reports whether another section may open.
func (r *reader) mayOpen(in *input, d *Directive) bool { return r.mayOpenIn(len(in.open), d) }

func (r *reader) mayOpenIn(depth int, d *Directive) bool {
	if depth >= maxDepth {
		r.stop(d.At, "sections are nested more than 1,000 deep; the rest was not looked at")
	}
	return !r.stopped
}

// condition decides a section with one word (httpd server/core.c, start_ifmod and its kin).
func (r *reader) condition(in *input, d *Directive) truth {
	text, not := strings.CutPrefix(d.Raw(), "!")
	start, end, _ := word(text, 0)
	arg := decode(text[start:end])
	switch {
	case d.Unclosed:
		r.refuseIn(d, d.At, "<"+d.spelled()+"> directive missing closing '>'")
		return truth{why: "the condition is not readable"}
	case arg == "":
		r.refuseIn(d, d.At, "<"+d.spelled()+"> directive requires additional arguments")
		return truth{why: "the condition is not readable"}
	}
	for _, w := range d.Args[:1] {
		if w.Unset() != "" {
			return truth{why: "${" + w.Unset() + "} is not known"}
		}
	}
	var t truth
	switch d.Name {
	case "ifmodule":
		if r.loose {
			return r.looseModule(in, arg, not)
		}
		t = r.module(arg)
	case "ifdefine":
		t = r.defined(arg)
	case "iffile":
		t = r.exists(arg)
	default:
		t = r.knows(arg, d.Name == "ifsection")
	}
	if not {
		t.holds = !t.holds
	}
	return t
}

// defined reports whether a name is defined by Define or by -D.
func (r *reader) defined(name string) truth {
	if t, ok := r.defines[name]; ok {
		return t
	}
	if r.w == nil {
		return truth{why: "the start of Apache is not known"}
	}
	yes, known := r.w.Defined(name)
	if !known {
		return truth{yes, "whether Apache is started with -D " + name + " is not known"}
	}
	return truth{holds: yes}
}

// exists is the test of IfFile, when Apache starts.
func (r *reader) exists(name string) truth {
	unknown := truth{why: "whether " + name + " exists is not known"}
	if r.w == nil || windows(name) || !strings.HasPrefix(name, "/") && (r.root == "" || windows(r.root)) {
		return unknown
	}
	switch r.w.Stat(r.relative(name)) {
	case Unknown:
		return unknown
	case Missing:
		return truth{}
	}
	return truth{holds: true}
}

// knows is the test of IfDirective and IfSection: whether a module above brings the name.
func (r *reader) knows(name string, section bool) truth {
	if section {
		name = "<" + name
	}
	var modules []string
	for _, row := range httpd.Directives(name) {
		modules = append(modules, row.Modules...)
	}
	for _, m := range httpd.Bringing(name) {
		modules = append(modules, m.Name)
	}
	t := truth{}
	if len(modules) == 0 && r.third() {
		t.why = "whether a module has " + name + " is not known"
	}
	for _, module := range modules {
		if m := r.module(module); m.holds && m.why == "" {
			return m
		} else if m.why != "" {
			t = m
		}
	}
	return t
}

// third reports whether a module may be loaded whose directives the tables do not have.
func (r *reader) third() bool {
	if r.lacks != "" {
		return true
	}
	for name := range r.modules {
		if m := httpd.ModuleNamed(name); m == nil || !m.Own && !m.Whole {
			return true
		}
	}
	return false
}

// skip reads over a section that does not hold. What is inside is kept apart: nothing in it
// acts, but its sections must close (httpd server/config.c, ap_soak_end_container).
func (r *reader) skip(in *input, d *Directive) {
	grown := in.grown
	in.grown = false
	defer func() { in.grown = grown }()
	s := skipper{in: in, outer: d, open: []skipped{{d: d, name: "<" + d.Name, kids: len(r.kids)}}}
	var l line
	for !r.stopped && len(s.open) > 0 {
		if !in.next(&l) {
			r.refuse(source.Syntax, d.NameAt(), d.Line(), "Expected </"+r.nameOf(s.open[len(s.open)-1])+"> before end of configuration")
			break
		}
		if r.lines++; r.lines > maxLines {
			r.stop(l.at, tooManyLines)
			break
		}
		r.skipLine(&s, &l)
	}
	for len(s.open) > 0 {
		r.leaveSkipped(&s)
	}
	r.c.Skipped = append(r.c.Skipped, d)
}

// skipper is a section that is skipped, with those inside that are open.
type skipper struct {
	in    *input
	outer *Directive
	open  []skipped
}

type skipped struct {
	d    *Directive
	name string // with the <
	kids int
}

func (r *reader) nameOf(s skipped) string {
	if fold(s.name[1:], s.d.Name) {
		return s.d.spelled()
	}
	return s.name[1:]
}

func (r *reader) leaveSkipped(s *skipper) {
	top := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	top.d.Children = r.keepDirectives(r.kids[top.kids:])
	r.kids = r.kids[:top.kids]
}

// skipLine reads one line of a section that is skipped.
func (r *reader) skipLine(s *skipper, l *line) {
	if l.text == "" {
		return
	}
	if r.hidden(s.in, l) {
		return
	}
	if l.text[0] == '#' {
		r.comment(s.in, l)
		return
	}
	start, end, next := word(l.text, 0)
	if start == end {
		return
	}
	name := decode(l.text[start:end])
	if strings.HasPrefix(name, "</") {
		top := s.open[len(s.open)-1]
		shut := name[:len(name)-1]
		if len(shut) < 2 || !fold(shut[2:], top.name[1:]) {
			r.refuse(source.Syntax, l.span(start, end), s.outer.Line(), "Expected </"+r.nameOf(top)+"> but saw "+shut+">")
			for i := len(s.open) - 1; i > 0; i-- { // go on as if what is open inside was closed
				if len(shut) > 2 && fold(shut[2:], s.open[i-1].name[1:]) {
					r.leaveSkipped(s)
					break
				}
			}
			if len(s.open) == 1 && (len(shut) < 3 || !fold(shut[2:], s.outer.Name)) {
				return
			}
		}
		r.leaveSkipped(s)
		return
	}
	if r.full(l.at) {
		return
	}
	r.skipDirective(s, l, name, next == len(l.text))
}

// skipDirective keeps a directive or a section that is skipped. Apache does not look at the
// variables in it.
func (r *reader) skipDirective(s *skipper, l *line, name string, alone bool) {
	section := strings.HasPrefix(name, "<")
	opens := name
	if section && alone && len(name) > 1 && strings.HasSuffix(name, ">") {
		opens = name[:len(name)-1]
	}
	r.resolve(l)
	l.masked(s.in)
	start, end, next := word(l.mask, 0)
	var d *Directive
	if section {
		d = r.header(s.in, l, name, start, end, next)
	} else {
		d = r.make(s.in, l, name, start, end, next, len(l.text))
	}
	d.Parent = s.open[len(s.open)-1].d
	r.kids = append(r.kids, d)
	if section && r.mayOpenIn(len(s.open), d) {
		s.open = append(s.open, skipped{d: d, name: opens, kids: len(r.kids)})
	}
}
