// Package report is the outside of a lint.Report: one file for each format in
// which people and programs read it.
package report

import (
	"io"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// Format writes r to w. What it writes depends on r and o alone. The error is
// w's.
type Format func(w io.Writer, r *lint.Report, o Options) error

// Formats are all formats by the names that a user gives.
var Formats = map[string]Format{
	"text":   Text,
	"json":   JSON,
	"sarif":  SARIF,
	"github": GitHub,
	"gitlab": GitLab,
	"junit":  JUnit,
}

// Names returns the names of the formats, the default first.
func Names() []string { return slices.Clone(names) }

var names = []string{"text", "json", "sarif", "github", "gitlab", "junit"}

// Options are what a format cannot know from the report. The zero Options is
// usable.
type Options struct {
	// Version of the program; "" if unknown.
	Version string
	// Path returns the path by which a person standing here opens the file:
	// relative to the current directory when it lies below, else absolute.
	// The file may be one that was never loaded: only Name and Real are set
	// then. nil: the file's Name.
	Path func(*source.File) string
	// URI returns the path by which code scanning, GitHub and GitLab find the
	// file: relative to the root of the repository, symbolic links resolved, not
	// yet percent-encoded; absolute for a file outside. nil: as Path.
	URI func(*source.File) string
	// Fix is set when the caller has a flag --fix: what people read then names
	// it beside the fix that it applies.
	Fix bool
	// Color turns on ANSI colours, in text only.
	Color bool
	// Verbose adds the files and everything that was not checked, Quiet leaves
	// nothing but the first line of each finding; in text, and in the lines of
	// github that are no annotations.
	Verbose, Quiet bool
}

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

// anchor returns the start of the first file that was read, where a finding stands
// that nobody wrote when a format wants a place for every one. It is zero when no
// file was read.
func anchor(r *lint.Report) source.Span {
	i := slices.IndexFunc(r.Files, func(f source.Input) bool { return f.File != nil })
	if i < 0 {
		return source.Span{}
	}
	return r.Files[i].File.Span(0, 0)
}

// unloaded returns a file that was not loaded, for want of a better one.
func unloaded(path string) *source.File { return &source.File{Name: path, Real: path} }
