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
	mark := source.TemplateMark(text)
	if mark == "" && !strings.ContainsAny(text, " \t\n;") && source.Stub(text) {
		mark = text
	}
	if mark == "" {
		return ""
	}
	return "the template mark " + source.Excerpt(mark) + " is not filled in"
}
