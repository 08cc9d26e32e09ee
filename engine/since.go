package engine

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// since lints Base, to compare what is found in now with it. The baseline accepts nothing there:
// what it accepts is left out already. A finding of any severity there is older.
func (e *Engine) since(now *tree.Tree) *lint.Since {
	base := e.options.Base.Fresh()
	o := e.options
	o.Baseline, o.Least = nil, 0
	if o.BaseProject != nil {
		o.Project = o.BaseProject
	}
	was := o.engine().lint(view{tree: base, facts: host.Collect(base, o.overrides())}, nil)
	// A file that only has another name now did not change.
	earlier := map[string]*source.File{} // by text
	for _, in := range was.Files {
		if in.File == nil {
			continue
		}
		// Today's name may lead through a new link to another file.
		if info, err := now.Stat(in.Real); errors.Is(err, fs.ErrNotExist) || err == nil && info.Real != in.Real {
			earlier[unix(in.Text)] = in.File
		}
	}
	return &lint.Since{Base: was.Report, Before: func(f *source.File) *source.File {
		before, err := base.File(f.Real)
		if errors.Is(err, fs.ErrNotExist) {
			return earlier[unix(f.Text)]
		}
		return before // nil if it cannot be read
	}}
}

// unix returns a text with the line ends of Unix. git may convert them.
func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
