package fpmt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// mark returns the # or // at the start of text.
func mark(text string) string {
	switch {
	case strings.HasPrefix(text, "#"):
		return "#"
	case strings.HasPrefix(text, "//"):
		return "//"
	}
	return ""
}

// hashLine reports a line that was meant as a comment.
func (j *judge) hashLine(e *fpm.Entry) {
	says := line(e, servers.RefuseUnknown, e.KeyAt().Text())
	switch {
	case e.Bare():
		says = line(e, servers.RefuseNull)
	case e.Indexed() && j.scope == servers.FPMGlobal:
		says = line(e, servers.RefuseGlobal)
	case e.Indexed():
		says = line(e, servers.RefuseArray, e.KeyAt().Text())
	}
	j.spoil(e)
	j.missing(hashBad(e.KeyAt(), says))
}

// hashBad is the refusal of a line that starts with # or //.
func hashBad(start source.Span, says string) Refusal {
	m := mark(start.Text())
	at := start.Sub(0, len(m))
	return Refusal{
		Fault:   HashComment,
		At:      at,
		Message: fmt.Sprintf("%s starts no comment in a PHP-FPM file, and PHP-FPM refuses the line", m),
		Says:    says,
		Fixes:   []source.Fix{{Title: "start the comment with ;", Safe: true, Edits: []source.Edit{{At: at, New: ";"}}}},
	}
}

// hashTail returns the offset in a value, as written, of a # or // after a blank, or -1
// if there is none.
func hashTail(v ini.Value) int {
	if v.Form&(ini.Quoted|ini.SingleQuoted) != 0 {
		return -1
	}
	text := v.At.Text()
	for i := 1; i < len(text); i++ {
		if (text[i-1] == ' ' || text[i-1] == '\t') && mark(text[i:]) != "" {
			return i
		}
	}
	return -1
}

// blameHash turns b, a refusal of the value of e, into one of the # at from.
func (j *judge) blameHash(e *fpm.Entry, from int, b *Refusal) {
	value := e.Value().At
	m := mark(value.Text()[from:])
	b.Fault = HashComment
	b.At = value.Sub(from, int(value.End-value.Start))
	b.Notes = nil
	switch {
	case b.Says != "":
		b.Message = fmt.Sprintf("%s starts no comment in a PHP-FPM file: it is a part of %s, which PHP-FPM refuses", m, e.Key())
	default:
		b.Message = fmt.Sprintf("%s starts no comment in a PHP-FPM file: it is a part of %s", m, spelled(e))
	}
	b.Fixes = []source.Fix{{Title: "start the comment with ;", Safe: e.Directive != servers.KeyListen, Edits: []source.Edit{{At: b.At.Sub(0, len(m)), New: ";"}}}}
}

// unquoted judges the spelling of v, the value of e: a # after it, and operators in it that
// PHP-FPM evaluates.
func (j *judge) unquoted(e *fpm.Entry, v ini.Value) {
	switch {
	case e.Simple():
	case hashTail(v) >= 0:
		b := Refusal{Fault: HashComment}
		if e.Directive == servers.KeyListen && strings.Contains(v.Text, ":") && !e.Lost {
			b.Says = servers.RefuseService.Line()
		}
		j.report(e, b)
	case v.Form&ini.Expression != 0 && !constants.MatchString(v.At.Text()):
		b := Refusal{Fault: NeedsQuotes, Message: fmt.Sprintf("PHP-FPM calculates %s: an unquoted %s is an operator", spelled(e), operator(v.At.Text())), Fixes: quote(v.At, freeText(e))}
		if v.Why == "" {
			b.Message = fmt.Sprintf("PHP-FPM reads %s for %s: an unquoted %s is an operator", v.Text, spelled(e), operator(v.At.Text()))
		}
		j.aside(e, b)
	case cut(v):
		at := v.At.File.Line(v.At.Begin().Line)
		at.Start = v.At.Start
		j.aside(e, Refusal{Fault: NeedsQuotes, At: at, Message: fmt.Sprintf("PHP-FPM reads %s only up to the ;, which starts a comment", spelled(e)), Fixes: quote(at, freeText(e))})
	}
}

// constants matches an expression that is intended, such as
// E_ALL & ~E_DEPRECATED.
var constants = lazyregexp.New(`^[\s~!(]*([A-Z][A-Z0-9_]*|\d+)([\s|&^)]+[\s~!(]*([A-Z][A-Z0-9_]*|\d+))*[\s)]*$`)

// cut reports whether a ; ends the value in the middle of a text.
func cut(v ini.Value) bool {
	rest := v.At.File.Text[v.At.End:]
	return v.At.Start < v.At.End && v.Form&(ini.Quoted|ini.SingleQuoted) == 0 &&
		len(rest) > 1 && rest[0] == ';' && !strings.ContainsAny(rest[1:2], " \t\r\n;")
}

// operators are the characters that are not text outside quotes.
const operators = "|&^~!()="

// operator returns the first operator in a value as written.
func operator(text string) string {
	if i := strings.IndexAny(text, operators); i >= 0 {
		return text[i : i+1]
	}
	return ""
}

// freeText reports whether PHP-FPM accepts any text for e, so that no other text makes it
// refuse to start or moves a listen.
func freeText(e *fpm.Entry) bool {
	return e.Indexed() && (e.Directive == servers.KeyEnv || e.Directive == servers.KeyPHPValue || e.Directive == servers.KeyPHPAdminValue)
}

// quote returns the edit that puts a value in double quotes, or nil if it would have to
// be changed inside them.
func quote(at source.Span, safe bool) []source.Fix {
	text := at.Text()
	if strings.ContainsAny(text, `"'\$`) {
		return nil
	}
	return []source.Fix{{Title: "put the value in double quotes", Safe: safe, Edits: []source.Edit{{At: at, New: `"` + text + `"`}}}}
}

// assignment matches a line with a value that has no quotes.
var assignment = lazyregexp.New(`^\s*[A-Za-z_][\w.]*(?:\[[^\]]*\])?\s*=\s*([^"';\r\n]*[^"';\s])`)

// explainSyntax replaces the syntax errors of lines whose intention is clear: comments
// with the wrong mark, and values that need quotes.
func (x *inspector) explainSyntax() {
	for _, p := range x.master.Problems {
		if p.Kind != source.Syntax {
			continue
		}
		if r, ok := explain(p.At, p.Message); ok {
			x.Explained[p] = true
			x.add(r)
		}
	}
}

// explains marks the problem of a kind at a place as one that a refusal describes better.
func (x *inspector) explains(kind source.Kind, at source.Span) {
	for _, p := range x.master.Problems {
		if p.Kind == kind && p.At == at {
			x.Explained[p] = true
		}
	}
}

// explain describes what is wrong with the line of at, for which PHP-FPM reports the
// syntax error message.
func explain(at source.Span, message string) (b Refusal, ok bool) {
	physical := at.File.Line(at.Begin().Line)
	if at.Start == at.End && int(at.Start) == len(at.File.Text) && at.Start > 0 && physical.Start == physical.End {
		return Refusal{}, false
	}
	text := physical.Text()
	says := "PHP:  " + message
	blank := len(text) - len(strings.TrimLeft(text, " \t"))
	if mark(text[blank:]) != "" {
		return hashBad(physical.Sub(blank, len(text)), says), true
	}
	found := assignment.FindStringSubmatchIndex(text)
	if found == nil || !strings.ContainsAny(text[found[2]:found[3]], operators) {
		return Refusal{}, false
	}
	value := physical.Sub(found[2], found[3])
	return Refusal{
		Fault:   NeedsQuotes,
		At:      value,
		Message: fmt.Sprintf("PHP-FPM cannot read this value: an unquoted %s is an operator", operator(value.Text())),
		Says:    says,
		Fixes:   quote(value, true),
	}, true
}
