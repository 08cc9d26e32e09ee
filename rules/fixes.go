package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// insertBelow returns the safe fix that puts lines below the line of at. There
// is none where at is the head of a file.
func insertBelow(at source.Span, title, lines string) []lint.Fix {
	if at.Start == at.End {
		return nil
	}
	end := at.File.Line(at.Begin().Line)
	end.Start = end.End
	return []lint.Fix{{Title: title, Safe: true, Edits: []source.Edit{{At: end, New: "\n" + lines}}}}
}
