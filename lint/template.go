package lint

import (
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// uncertain returns why a finding is not certain before a template is rendered: what it
// points at holds a mark, or depends on one; "" for any other finding.
func uncertain(f Finding) string {
	if f.Outcome > Sometimes {
		return ""
	}
	if why := rendered(f.At); why != "" {
		return why
	}
	for _, n := range f.Notes {
		if why := rendered(n.At); why != "" {
			return why
		}
	}
	return ""
}

// maxText limits how much of a place is searched for a mark.
const maxText = 4096

// maxBefore limits how much of a line is looked at.
const maxBefore = 1000

// startsLine reports whether nothing precedes s on its line, so that it is the name of a
// directive or a setting.
func startsLine(s source.Span) bool {
	before := s.File.Text[max(0, s.Start-maxBefore):s.Start]
	return strings.TrimSpace(before[strings.LastIndexByte(before, '\n')+1:]) == ""
}

// rendered returns what a template decides about the text of s.
func rendered(s source.Span) string {
	if s.File == nil {
		return ""
	}
	for _, r := range s.File.Rendered {
		if r.Start <= s.Start && s.Start < r.End {
			return "a template decides whether this is in the file"
		}
	}
	text := s.Text()
	text = text[:min(len(text), maxText)]
	mark := source.TemplateMark(text)
	if mark == "" && !strings.ContainsAny(text, " \t\n;") && source.Stub(text) && !startsLine(s) {
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
