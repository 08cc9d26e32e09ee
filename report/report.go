// Package report writes a lint.Report in the formats that people and programs
// read, one file for each.
package report

import (
	"io"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Format writes r to w. Its output depends only on r and o. The error is that
// of w.
type Format func(w io.Writer, r *lint.Report, o Options) error

// Formats are all formats by name.
var Formats = map[string]Format{
	"text":   Text,
	"json":   JSON,
	"sarif":  SARIF,
	"github": GitHub,
	"gitlab": GitLab,
	"junit":  JUnit,
}

// Names returns the names of the formats, the default first.
func Names() []string { return []string{"text", "json", "sarif", "github", "gitlab", "junit"} }

// Options are what a format needs besides the report. The zero Options is
// usable.
type Options struct {
	// Version of the program; "" if unknown.
	Version string
	// Path returns the path to print for a file: relative to the current
	// directory when the file is below it, else absolute. For a file that was
	// not loaded only Name and Real are set. nil: the file's Name.
	Path func(*source.File) string
	// URI returns the path by which code scanning, GitHub and GitLab find the
	// file: relative to the root of the repository, symbolic links resolved, not
	// yet percent-encoded; absolute for a file outside. nil: as Path.
	URI func(*source.File) string
	// Notice is called with what a format leaves out because its readers refuse more: one
	// sentence, lower case, no full stop. nil: it is only in the report itself.
	Notice func(string)
	// Fix is set when the caller has a flag --fix: Text then names it with the
	// fix that it applies.
	Fix bool
	// MostFixed is how many files --fix changes, where --fix=all changes more; 0: any number.
	MostFixed int
	// Mend is the command that makes the safe fixes of what a diagnosis names; "":
	// wp502lint check --fix.
	Mend string
	// Color turns on ANSI colours, in text only.
	Color bool
	// Terminal is set when the text goes to a terminal: the name of a rule is a link to its page
	// then, which is spelled out elsewhere.
	Terminal bool
	// Width is how many columns a page has; 0: 80.
	Width int
	// Layout is how text lays findings out. Statistics replaces them by a table, a line a rule.
	Layout     Layout
	Statistics bool
	// Verbose adds the files and everything that was not checked. Quiet leaves
	// only the first line of each finding. Both apply to text, and to the lines
	// of github that are not annotations.
	Verbose, Quiet bool
}

// Layout is how much of each finding text prints.
type Layout uint8

// The layouts.
const (
	// Grouped prints findings of one cause as one block, and few lines of many causes.
	Grouped Layout = iota
	// Full prints every finding with its line, notes and fixes.
	Full
	// Concise prints the first line of every finding.
	Concise
)

// Layouts are the names of the layouts, the default first.
var Layouts = []string{Grouped: "grouped", Full: "full", Concise: "concise"}

func (o Options) path(f *source.File) string {
	if o.Path == nil {
		return f.Name
	}
	return o.Path(f)
}

func (o Options) uri(f *source.File) string {
	if o.URI == nil {
		return o.path(f)
	}
	return o.URI(f)
}

// anchor returns the start of the first file that was read: the place of a finding
// without one, for a format that requires a place. It is zero when no file was
// read.
func anchor(r *lint.Report) source.Span {
	i := slices.IndexFunc(r.Files, func(f source.Input) bool { return f.File != nil })
	if i < 0 {
		return source.Span{}
	}
	return r.Files[i].File.Span(0, 0)
}

// unloaded returns a placeholder for a file that was not loaded.
func unloaded(path string) *source.File { return &source.File{Name: path, Real: path} }
