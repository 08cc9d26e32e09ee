package rules

import (
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// replace returns the safe fix that puts text in place of at.
func replace(at source.Span, text, title string) []lint.Fix {
	fixes := suggest(at, text, title)
	fixes[0].Safe = true
	return fixes
}

// suggest returns the fix that puts text in place of at where a person must
// decide.
func suggest(at source.Span, text, title string) []lint.Fix {
	return []lint.Fix{{Title: title, Edits: []source.Edit{{At: at, New: text}}}}
}

// insertBelow returns the safe fix that puts lines below the line of at. It is
// the zero Fix where at is the head of a file.
func insertBelow(at source.Span, title, lines string) []lint.Fix {
	if at.Start == at.End {
		return nil
	}
	end := at.File.Line(at.Begin().Line)
	end.Start = end.End
	newline := lineEnd(end)
	lines = newline + strings.ReplaceAll(lines, "\n", newline)
	return replace(end, lines, title)
}

// lineEnd returns the line end that follows at: "\r\n" or "\n".
func lineEnd(at source.Span) string {
	if strings.HasPrefix(at.File.Text[at.End:], "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// insertAfter returns the safe fix that puts a directive after the nginx
// directive at at: on its own line where at has one. It is the zero Fix where
// at does not end in a semicolon.
func insertAfter(at source.Span, title, directive string) lint.Fix {
	text := at.File.Text[at.End:]
	trimmed := strings.TrimLeft(text, " \t")
	if !strings.HasPrefix(trimmed, ";") {
		return lint.Fix{}
	}
	end := at.End + int32(len(text)-len(trimmed)) + 1
	line := at.File.Line(at.Begin().Line)
	before := at.File.Text[line.Start:at.Start]
	insert := source.Edit{At: source.Span{File: at.File, Start: end, End: end}, New: " " + directive}
	if last := at.File.Line(at.Finish().Line); strings.TrimSpace(before) == "" && end <= last.End && strings.TrimSpace(at.File.Text[end:last.End]) == "" {
		insert.New = lineEnd(last) + before + directive
	}
	return lint.Fix{Title: title, Safe: true, Edits: []source.Edit{insert}}
}
