package lint

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/internal/linediff"
	"github.com/wp502lint/wp502lint/source"
)

// Since leaves out of a report what a change did not bring: findings on lines that it did not
// touch, which existed before it as well.
type Since struct {
	// Base is the report of the same run on the files as they were.
	Base *Report
	// Before returns a file as it was, under its old name if it was only renamed; nil for a
	// new one.
	Before func(*source.File) *source.File

	older map[string]findings // what the first report left out, by fingerprint; nil before it
}

// unchanged is the message of the note at the place that a finding is about, when another
// place of it is what changed.
const unchanged = "the finding is about this line, which did not change"

// Apply leaves out the older findings of rep and counts them. A finding that stays moves to its
// first note on a changed line, unless its own line changed, and says that note first. The verdict
// covers the findings that stay.
//
// The first call decides which findings are older. Later ones, which may be at the same time,
// are for the same files after fixes: a fix changes lines as well.
func (s *Since) Apply(rep *Report) {
	c := &changes{before: s.Before, lines: map[*source.File][]bool{}}
	var old func(*Finding) bool
	if s.older == nil {
		old = s.decide(c)
	} else {
		old = s.again()
	}
	rep.Older += rep.leaveOut(old)
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if at := c.note(f); at >= 0 && !c.touch(f.At) {
			f.move(at)
		}
	}
	order := fileOrder(rep.Findings)
	slices.SortStableFunc(rep.Findings, func(a, b Finding) int { return comparePlace(order, a, b) })
}

// move moves f to the place of one of its notes. Its message comes first, and the other with its
// line: words such as "this line" in either are about their own place.
func (f *Finding) move(note int) {
	here := f.Notes[note]
	f.Notes = slices.Delete(slices.Clone(f.Notes), note, note+1)
	where := ""
	if !f.At.IsZero() {
		f.Notes = slices.Insert(f.Notes, 0, Note{At: f.At, Message: unchanged})
		where = fmt.Sprintf("at line %d, ", f.At.Begin().Line)
		if f.At.File != here.At.File {
			where = fmt.Sprintf("at %s:%d, ", path.Base(f.At.File.Name), f.At.Begin().Line)
		}
	}
	f.Message = here.Message + "; " + where + f.Message
	f.At = here.At
}

// again returns whether the next finding is one of those that the first report left out.
func (s *Since) again() (old func(*Finding) bool) {
	left := maps.Clone(s.older)
	return func(f *Finding) bool { return take(left, f.Fingerprint, f) }
}

// decide returns whether the next finding is older. What it says is set in older.
func (s *Since) decide(c *changes) (old func(*Finding) bool) {
	s.older = map[string]findings{}
	known, moved := map[string]findings{}, map[identity]findings{}
	for i := range s.Base.Findings {
		f := &s.Base.Findings[i]
		known[f.Fingerprint] = append(known[f.Fingerprint], f)
		moved[identify(f, f.At.File)] = append(moved[identify(f, f.At.File)], f)
	}
	return func(f *Finding) bool {
		before := take(known, f.Fingerprint, f)
		if was := c.renamed(f.At.File); was != nil && !before {
			before = take(moved, identify(f, was), f)
		}
		if !before || c.touch(f.At) || c.note(f) >= 0 {
			return false
		}
		same := *f // f moves in the report
		s.older[f.Fingerprint] = append(s.older[f.Fingerprint], &same)
		return true
	}
}

// findings are those that cannot be told apart but by how bad they are: neither outcome nor
// severity is a part of a fingerprint.
type findings []*Finding

// take removes one from all[key] that is at least as bad as f, the least bad of them. ok is
// false if none is: f got worse. The lists themselves stay, for other calls.
func take[K comparable](all map[K]findings, key K, f *Finding) (ok bool) {
	list, at := all[key], -1
	for i, g := range list {
		if g.Outcome <= f.Outcome && g.Severity() <= f.Severity() && (at < 0 || g.Outcome > list[at].Outcome) {
			at = i
		}
	}
	if at >= 0 {
		all[key] = slices.Concat(list[:at], list[at+1:])
	}
	return at >= 0
}

// identity identifies a finding in a file whose lines are the same under another name, which
// is a part of a fingerprint.
type identity struct {
	rule       *Rule
	file       string
	start, end source.Position // the line ends may differ
	lacks      string
}

// identify returns the identity of f in a file, which may be nil.
func identify(f *Finding, file *source.File) identity {
	id := identity{rule: f.Rule, start: f.At.Begin(), end: f.At.Finish(), lacks: f.Lacks}
	if file != nil {
		id.file = file.Real
	}
	return id
}

// changes are the lines that a change touched.
type changes struct {
	before func(*source.File) *source.File
	lines  map[*source.File][]bool // from the first line; nil: all
}

// of returns the lines of f that changed.
func (c *changes) of(f *source.File) []bool {
	lines, known := c.lines[f]
	if !known {
		if was := c.before(f); was != nil {
			lines = linediff.Changed(was.Text, f.Text)
		}
		c.lines[f] = lines
	}
	return lines
}

// renamed returns f as it was under another name; nil if it was not renamed, or is nil.
func (c *changes) renamed(f *source.File) *source.File {
	if f == nil {
		return nil
	}
	if was := c.before(f); was != nil && was.Real != f.Real && !slices.Contains(c.of(f), true) {
		return was
	}
	return nil
}

// touch reports whether a line of at changed. A finding without a place has no line.
func (c *changes) touch(at source.Span) bool {
	if at.IsZero() {
		return false
	}
	lines := c.of(at.File)
	if lines == nil {
		return true
	}
	first, last := at.File.LineAt(int(at.Start)), at.File.LineAt(int(max(at.Start, at.End-1)))
	return slices.Contains(lines[first-1:last], true)
}

// note returns the index of the first note of f on a changed line; -1 if there is none.
func (c *changes) note(f *Finding) int {
	return slices.IndexFunc(f.Notes, func(n Note) bool { return c.touch(n.At) })
}
