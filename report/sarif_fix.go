package report

import (
	"cmp"
	"fmt"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// advice returns what a message says after the notes of f: the log lines, and the fix that is made.
func (s *sarifWriter) advice(f *lint.Finding, say func(string) string) (says []string) {
	for _, line := range f.Log {
		says = append(says, fmt.Sprintf("%s will write: %s", author(f, line), escaped(say(line))))
	}
	if len(f.Fixes) > 0 {
		says = append(says, "fix: "+escaped(say(cmp.Or(f.SafeFix(), &f.Fixes[0]).Title)))
	}
	return says
}

// fixes returns the fixes of f that a program can apply: those whose texts are printed as they are,
// without a secret or a byte that is not UTF-8.
func (s *sarifWriter) fixes(f *lint.Finding, say func(string) string) (all []*sarif.Fix) {
	mask := s.secrets.of(f)
	for _, x := range f.Fixes {
		fix := sarif.NewFix().WithDescriptionText(escaped(say(x.Title)))
		changes := map[*source.File]*sarif.ArtifactChange{}
		whole := len(x.Edits) > 0
		for _, e := range x.Edits {
			whole = whole && valid(masked(e, mask)) == e.New
			change := changes[e.At.File]
			if change == nil {
				change = sarif.NewArtifactChange(sarif.NewSimpleArtifactLocation(uri(s.o.uri(e.At.File))))
				changes[e.At.File] = change
				fix.AddArtifactChanges(change)
			}
			change.WithReplacement(sarif.NewReplacement(region(e.At)).WithInsertedContent(sarif.NewArtifactContent().WithText(e.New)))
		}
		if whole {
			all = append(all, fix)
		}
	}
	return all
}

// region returns the region of a place.
func region(at source.Span) *sarif.Region {
	begin, finish := at.Begin(), at.Finish()
	return sarif.NewSimpleRegion(begin.Line, finish.Line).WithStartColumn(begin.Column).WithEndColumn(finish.Column)
}
