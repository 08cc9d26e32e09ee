package lint

import (
	"cmp"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// uncertain returns why a finding is not certain before a template is rendered: what it
// points at holds a mark, or depends on one; "" for any other finding. What a note says holds for
// any value that a mark is filled in with, but not if the line itself is left out.
func uncertain(f Finding, facts *host.Facts) string {
	why := func(at source.Span) string {
		if f.Outcome.Severity() == Info {
			return decided(at)
		}
		return rendered(at, facts)
	}
	reason := why(f.At)
	for _, n := range f.Notes {
		reason = cmp.Or(reason, why(n.At))
	}
	return reason
}

// unknown returns why it is not known whether a container uses what a finding is about; "" if
// it is.
func unknown(f Finding, s *stack.Stack) string {
	if why := s.Container.Settable(f.At); why != "" {
		return why
	}
	if f.Outcome.Severity() == Info || s.Container == nil {
		return ""
	}
	return s.Container.Unknown
}

// doubted returns why the texts that a finding is about may be others; "" if they are not.
func doubted(f Finding) string {
	if f.Outcome.Severity() == Info {
		return ""
	}
	if f.At.File != nil && f.At.File.Doubt != "" {
		return f.At.File.Doubt
	}
	for _, n := range f.Notes {
		if n.At.File != nil && n.At.File.Doubt != "" {
			return n.At.File.Doubt
		}
	}
	return ""
}

// maxText limits how much of a place is searched for a mark.
const maxText = 4096

// maxBefore limits how much of a line is looked at.
const maxBefore = 1000

// before returns the text between the start of the line and s.
func before(s source.Span) string {
	line := s.File.Text[max(0, s.Start-maxBefore):s.Start]
	return strings.TrimLeft(line[strings.LastIndexByte(line, '\n')+1:], " \t\r")
}

// stub reports whether s, whose text is given, may be a name in capitals that a program replaces. The name of
// a directive or a setting is not one.
func stub(s source.Span, text string, facts *host.Facts) bool {
	return !strings.ContainsAny(text, " \t\n;") && facts.Stub(text) && before(s) != ""
}

// decided returns that a template decides whether s is in its file; "" if it does not.
func decided(s source.Span) string {
	if s.File == nil || s.File.Literal {
		return ""
	}
	for _, r := range s.File.Rendered {
		if r.Start <= s.Start && s.Start < r.End {
			return "a template decides whether this is in the file"
		}
	}
	return ""
}

// section is the line of a section of Apache without a word, which looks like a mark.
var section = lazyregexp.New(`^</?[A-Za-z]+>$`)

// rendered returns what a template decides about the text of s.
func rendered(s source.Span, facts *host.Facts) string {
	if s.File == nil || s.File.Literal {
		return ""
	}
	if why := decided(s); why != "" {
		return why
	}
	text := s.Text()
	if s.File.Variables != nil && section.MatchString(text) && before(s) == "" {
		return ""
	}
	text = s.File.Plain(text[:min(len(text), maxText)])
	mark := source.TemplateMark(text)
	if mark == "" && len(text) < maxText && stub(s, text, facts) {
		mark = text
	}
	switch {
	case mark == "":
		return ""
	case s.File.Withheld:
		return "a template mark is not filled in"
	}
	return "the template mark " + source.Excerpt(mark) + " is not filled in"
}
