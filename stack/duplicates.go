package stack

import (
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Duplicate is an entry that stands twice in one section of one file, with
// different values. In two files it is the usual way to override one.
type Duplicate struct {
	Pool *Pool // nil in [global]
	Key  string
	// Lost and Counts are the two lines, each from its key to its value.
	Lost, Counts source.Span
	// First is set when the first of the lines counts, as it does for env[…]
	// and php_*[…], and not the last.
	First bool
}

// duplicates finds the duplicate entries of a section.
func (j *entryJudge) duplicates() {
	for i := range j.section.Entries {
		lost := &j.section.Entries[i]
		if !lost.Lost || j.wrong[lost] || len(j.Duplicates) >= maxBad {
			continue
		}
		if d, _ := servers.FPMPlain(lost.Key(), j.scope); d == nil && !lost.Indexed() {
			continue
		}
		counts, _ := j.section.Get(lost.Key())
		if lost.Indexed() {
			counts, _ = j.section.GetIndexed(lost.Key(), lost.Index())
		}
		// A section stays open behind an include, so that a line of another file may
		// count. What that does to a listen is hardly ever meant.
		together := counts.KeyAt().File == lost.KeyAt().File || lost.Key() == "listen" && !j.pool.Merged()
		if together && counts.Value().Text != lost.Value().Text {
			j.Duplicates = append(j.Duplicates, Duplicate{j.pool, spelled(lost), lineOf(lost), lineOf(&counts), lost.Indexed()})
		}
	}
}

// lineOf returns an entry from its key to its value.
func lineOf(e *fpm.Entry) source.Span { return e.KeyAt().To(e.Value().At) }
