package apache

import (
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// refuse records a text that Apache refuses. In a template it may be the template's.
func (r *reader) refuse(kind source.Kind, at, line source.Span, message string) {
	r.report(Problem{source.Problem{At: at, Kind: kind, Message: message}, line, false, r.order})
}

// refuseIn is refuse for what a directive does. It is not certain in a section that may not
// hold.
func (r *reader) refuseIn(d *Directive, at source.Span, message string) {
	r.refuseKind(d, at, source.Syntax, message)
}

func (r *reader) refuseKind(d *Directive, at source.Span, kind source.Kind, message string) {
	if d.Maybe() != "" {
		r.c.Unread = append(r.c.Unread, source.NotChecked{At: at, Why: d.Maybe()})
		return
	}
	r.refuse(kind, at, d.Line(), message)
}

func (r *reader) report(p Problem) {
	if f := r.files[p.At.File.Name]; f != nil && p.Kind != source.Template {
		if mark := f.blame(p.At); !mark.IsZero() {
			r.templateProblem(f, mark)
			return
		}
		if f.problems++; f.problems > maxProblems {
			return
		}
	}
	if p.Late {
		r.late = append(r.late, p)
		return
	}
	r.c.Problems = append(r.c.Problems, p)
}

// reportLate records what Apache refuses when it processes the directives.
func (r *reader) reportLate(d *Directive, message string) {
	if d.Maybe() == "" {
		r.report(Problem{source.Problem{At: d.At, Message: message}, d.Line(), true, d.Order})
	}
}

// takes reports whether d has from least to most words, of which the first ones are not empty
// (httpd server/config.c, invoke_cmd), and refuses it otherwise.
func (r *reader) takes(d *Directive, least, most int, message string) bool {
	ok := least <= len(d.Args) && len(d.Args) <= most
	for i := range min(least, len(d.Args)) {
		ok = ok && d.Args[i].Text != ""
	}
	if !ok {
		r.refuseIn(d, d.At, d.spelled()+" "+message)
	}
	return ok
}

// lateProblems are the mistakes in the line of a section that Apache finds when it processes
// it, which are the same for nearly all (httpd server/core.c, unclosed_directive and
// missing_container_arg).
func (r *reader) lateProblems(d *Directive) {
	if !d.Unclosed && d.Raw() != "" || len(httpd.Directives("<"+d.Name)) == 0 {
		return
	}
	switch d.Name {
	case "macro", "else", "requireall", "requireany", "requirenone", "proxy", "proxymatch":
		if !d.Unclosed {
			return
		}
	}
	if d.Unclosed {
		r.reportLate(d, "<"+d.spelled()+"> directive missing closing '>'")
		return
	}
	r.reportLate(d, "<"+d.spelled()+"> directive requires additional arguments")
}
