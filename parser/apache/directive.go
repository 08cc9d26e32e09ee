package apache

import (
	"strings"

	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// line does what Apache does with one line (httpd server/config.c, ap_build_config_sub).
func (r *reader) line(in *input, l *line) {
	if l.text == "" {
		return
	}
	if r.hidden(in, l) {
		return
	}
	if l.text[0] == '#' {
		r.comment(in, l)
		return
	}
	if n := len(in.open); n > 0 && in.open[n-1].holds && strings.HasPrefix(l.text, "</") && r.ends(l.text[2:], in.open[n-1].d) {
		r.leave(in)
		return
	}
	r.resolve(l)
	l.masked(in)
	start, end, next := word(l.mask, 0)
	name := decode(l.text[start:end])
	if name == "" { // Apache passes over it
		return
	}
	r.c.Rendered = r.c.Rendered || strings.HasPrefix(name, "${") // envsubst may fill it in
	switch {
	case strings.HasPrefix(name, "</"):
		r.close(in, l, name, end)
	case r.full(l.at):
	case strings.HasPrefix(name, "<"):
		r.section(in, l, name, start, end, next)
	default:
		r.simple(in, l, name, start, end, next)
	}
}

// ends reports whether text is what follows </ at the end of section d.
func (r *reader) ends(text string, d *Directive) bool {
	return len(text) == len(d.Name)+1 && text[len(text)-1] == '>' && fold(text[:len(text)-1], d.Name)
}

// full reports whether no more directives are kept.
func (r *reader) full(at source.Span) bool {
	if r.order >= maxDirectives {
		r.stop(at, "more than 524,287 directives; the rest was not looked at")
	}
	return r.stopped
}

// masked sets the text that is split into words.
func (l *line) masked(in *input) {
	if l.mask = l.text; in.marks {
		l.mask = mask(l.text)
	}
}

// comment records a comment.
func (r *reader) comment(in *input, l *line) {
	if l.made || in.read > 1 {
		return
	}
	in.src.Comments = append(in.src.Comments, l.at)
}

// parent returns the section that a directive is in, those that were read away aside;
// enclosing is false if it is outside the innermost of those (ap_build_cont_config starts
// with none).
func (in *input) parent() (d *Directive, enclosing bool) {
	n := len(in.open)
	if n > 0 && !in.open[n-1].holds {
		return in.open[n-1].d, true
	}
	for n--; n >= 0; n-- {
		if !in.open[n].holds {
			return in.open[n].d, false
		}
	}
	return in.outer, false
}

// condition returns the innermost section around that was read away.
func (in *input) condition() *Directive {
	for n := len(in.open) - 1; n >= 0; n-- {
		if in.open[n].holds {
			return in.open[n].d
		}
	}
	return in.outerIf
}

// make makes the directive of a line; the words are those of l.text[from:to].
func (r *reader) make(in *input, l *line, name string, start, end, from, to int) *Directive {
	d := in.readAhead(l, end, to)
	switch {
	case d == nil:
		d = r.directive()
		d.Args = r.wordsOf(l, from, to)
	case in.read > 1: // the words are the same each time
		words := d.Args
		d = r.directive()
		d.Args = words
	}
	d.Order = r.order
	r.order++
	d.Name = r.lowerName(name)
	d.At = l.at
	if n := len(d.Args); n == 0 && to == from {
		d.At = l.span(start, end)
	}
	d.nameEnd, d.rawEnd = int32(end), int32(to)
	d.Parent, _ = in.parent()
	d.If = in.condition()
	maybe := r.doubt
	if maybe == "" {
		maybe = l.doubt
	}
	if l.made || l.pieces != nil || maybe != "" {
		d.detail = &detail{nameAt: l.span(start, end), line: l.last, raw: l.text[from:to], maybe: maybe}
	}
	if n := len(in.uses); n > 0 && l.made {
		d.detail.use = in.uses[n-1].use
	} else if l.made {
		d.detail.use = in.lastUse
	}
	return d
}

// simple is a directive that is not a section.
func (r *reader) simple(in *input, l *line, name string, start, end, next int) {
	if name != "" && name[len(name)-1] == '>' && (len(name) < 2 || name[1] != '/') {
		name = name[:len(name)-1]
	}
	d := r.make(in, l, name, start, end, next, len(l.text))
	r.kids = append(r.kids, d)
	r.act(in, d)
}

// section is the start of a section.
func (r *reader) section(in *input, l *line, name string, start, end, next int) {
	d := r.header(in, l, name, start, end, next)
	rest := l.text[next:]
	if rest == "" {
		rest = ">" // as Apache has it
	}
	if r.conditional(in, d, rest) || r.raw(in, d) {
		return
	}
	r.kids = append(r.kids, d)
	if !r.mayOpen(in, d) {
		return
	}
	in.open = append(in.open, frame{d: d, kids: len(r.kids)})
	r.lateProblems(d)
}

// header makes the directive of a line <name args>. The last > of the line ends it, and what
// follows is ignored (measured on Apache 2.4).
func (r *reader) header(in *input, l *line, name string, start, end, next int) *Directive {
	name = strings.TrimSuffix(name[1:], ">")
	end, to, closed := l.header(end, next)
	d := r.make(in, l, name, start, end, next, to)
	d.At, d.Section, d.Unclosed = l.at, true, !closed
	return d
}

// header returns where the name of a section and where its words end, whose line has its name
// before end and the words from next on, and whether a > ends them.
func (l *line) header(end, next int) (nameEnd, to int, closed bool) {
	if l.text[end-1] == '>' {
		end--
	}
	if next == len(l.text) {
		return end, next, true
	}
	if n := strings.LastIndexByte(l.mask[next:], '>'); n >= 0 {
		return end, next + n, true
	}
	return end, len(l.text), false
}

// close is the end of a section.
func (r *reader) close(in *input, l *line, name string, end int) {
	at := l.span(0, end)
	d, enclosing := in.parent()
	if !enclosing || len(in.open) == 0 {
		r.refuse(source.Syntax, at, l.last, name+" without matching <"+name[2:]+" section")
		r.unmatched(in, name)
		return
	}
	if !strings.HasSuffix(name, ">") {
		r.refuse(source.Syntax, at, l.last, name+"> directive missing closing '>'")
		if fold(name[2:], d.Name) {
			r.leave(in)
		}
		return
	}
	if !fold(name[2:len(name)-1], d.Name) {
		r.refuse(source.Syntax, at, l.last, "Expected </"+d.spelled()+"> but saw "+name)
		r.unmatched(in, name)
		return
	}
	r.leave(in)
}

// unmatched goes on after an end without its start: it closes a section around, if that has
// the name.
func (r *reader) unmatched(in *input, name string) {
	name = strings.TrimSuffix(name[2:], ">")
	for n := len(in.open) - 1; n >= 0; n-- {
		if fold(name, in.open[n].d.Name) {
			for len(in.open) > n {
				r.leave(in)
			}
			return
		}
	}
}

// act does what a directive does while it is read.
func (r *reader) act(in *input, d *Directive) {
	if r.access != nil {
		r.actInAccess(d)
		return
	}
	switch d.Name {
	case "=pod", "=over", "=back":
		r.pod(in)
	case "include", "includeoptional":
		r.include(in, d)
	case "define":
		r.define(d)
	case "undefine":
		r.undefine(d)
	case "loadmodule":
		r.loadModule(d)
	case "serverroot":
		r.serverRoot(d)
	case "use":
		r.use(in, d)
	case "undefmacro":
		r.undefMacro(d)
	case "error":
		r.reportLate(d, d.errorText())
	}
}

// actInAccess is act in a .htaccess file, where most of these are refused (httpd
// server/config.c, invoke_cmd: no override allows them).
func (r *reader) actInAccess(d *Directive) {
	switch d.Name {
	case "include", "includeoptional", "define", "undefine", "loadmodule", "serverroot":
		r.refuseIn(d, d.NameAt(), d.spelled()+" not allowed here")
	case "error":
		r.reportLate(d, d.errorText())
	}
}

// errorText is the text with which Error stops Apache (httpd server/core.c, generate_error). Apache
// prints nothing if the text is two quotes.
func (d *Directive) errorText() string {
	text := d.Raw()
	switch n := len(text); {
	case n == 0:
		return "The Error directive was used with no message."
	case text == `""` || text == "''":
		return "The Error directive was used with an empty message."
	case n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0]:
		return text[1 : n-1]
	}
	return text
}

// spelled returns the name as Apache prints it: a known one as Apache spells it, any other
// as written.
func (d *Directive) spelled() string {
	name := d.Name
	if d.Section {
		name = "<" + name
	}
	if rows := httpd.Directives(name); len(rows) > 0 {
		return strings.TrimPrefix(rows[0].Name, "<")
	}
	written := strings.TrimSuffix(strings.TrimPrefix(decode(d.NameAt().Text()), "<"), ">")
	if !fold(written, d.Name) { // it has a variable or goes on in the next line
		return d.Name
	}
	return written
}
