package apachet

import (
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

var (
	unmatched = lazyregexp.New(`^</(\S*)> without matching`)
	unclosed  = lazyregexp.New(`^<(\S*)> was not closed`)
	crossed   = lazyregexp.New(`^Expected </(\S*)> but saw </(\S*)>`)
)

// moved points a refusal of a section at the line that a person must edit: one that ends in a
// backslash, so that httpd joins the start or the end of the section to it, be it a comment
// (httpd server/util.c, ap_varbuf_cfg_getline), or one with a blank after its <.
func moved(r *Refusal, p apache.Problem) *Refusal {
	f, at := p.At.File, int(p.At.Start)
	var found source.Span
	why := "; a backslash joins it to the line before"
	if m := unmatched.FindStringSubmatch(p.Message); m != nil {
		found = joinedTo(f, 0, at, "<"+m[1])
	} else if m := unclosed.FindStringSubmatch(p.Message); m != nil {
		found = joinedTo(f, at, len(f.Text), "</"+m[1])
	} else if m := crossed.FindStringSubmatch(p.Message); m != nil && m[1] == "" {
		found, why = blankAfter(f, at), "; a section has no blank after <"
	} else if m != nil {
		if found = joinedTo(f, 0, at, "</"+m[1]); found.IsZero() {
			found = joinedTo(f, 0, at, "<"+m[2])
		}
	}
	if found.IsZero() {
		return r
	}
	r.At, r.Line = found, p.Line
	r.Message += why
	return r
}

// joinedTo returns the line of f that ends in a backslash before a line that starts with
// what, the last one between two places; zero for none.
func joinedTo(f *source.File, from, to int, what string) (found source.Span) {
	first, last := f.LineAt(from), min(f.LineAt(to), f.Lines())
	for n := last; n > first; n-- {
		text := strings.TrimLeft(f.Line(n).Text(), " \t")
		if len(text) >= len(what) && strings.EqualFold(text[:len(what)], what) && strings.HasSuffix(f.Line(n-1).Text(), `\`) {
			return f.Line(n - 1)
		}
	}
	return source.Span{}
}

var blank = lazyregexp.New(`^[ \t]*<[ \t]`)

// blankAfter returns the last line before a place that has a blank after its <.
func blankAfter(f *source.File, before int) source.Span {
	for n := f.LineAt(before); n > 0; n-- {
		if blank.MatchString(f.Line(n).Text()) {
			return f.Line(n)
		}
	}
	return source.Span{}
}

// afterComment returns the directive that was meant to go on with d: it is joined to a
// comment, which ends it, on the line before; nil for none.
func afterComment(d, last *apache.Directive) *apache.Directive {
	if last == nil || last.Use() != nil || d.Use() != nil || last.At.File != d.At.File {
		return nil
	}
	f := d.At.File
	line := f.LineAt(int(last.Line().Start))
	if f.LineAt(int(d.At.Start)) != line+1 || f.LineAt(int(last.At.Start)) == line || !strings.HasPrefix(strings.TrimLeft(f.Line(line).Text(), " \t"), "#") {
		return nil
	}
	return last
}
