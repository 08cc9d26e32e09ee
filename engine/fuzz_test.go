package engine_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/project"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// The limits of what one input of FuzzTrees may cost: a recipe of more bytes and a tree
// of more bytes are skipped.
const (
	maxRecipe = 96
	maxTree   = 48 << 10
)

// FuzzTrees composes trees of several files from fragments of the cases and lints them.
// Whatever a tree holds: nothing panics, every place is inside its file, every format is
// well-formed, a second run says the same byte for byte, fixes come to rest and leave no
// more errors, and nothing outside the root is read. The failure shows the tree as an
// archive: a recipe is worth nothing once the cases change.
func FuzzTrees(f *testing.F) {
	f.Add([]byte{})
	for step := range steps {
		for i := range 3 {
			f.Add([]byte{byte(i), byte(61 * step), byte(step), byte(7 * i), byte(31 * step), 3, byte(i), 4, byte(step)})
		}
	}
	f.Fuzz(func(t *testing.T, recipe []byte) {
		if len(recipe) > maxRecipe {
			t.Skip()
		}
		if c := compose(recipe); c.size() <= maxTree {
			c.check(t)
		}
	})
}

// check lints c and checks everything that holds for every tree.
func (c *composed) check(t *testing.T) {
	defer func() {
		if why := recover(); why != nil {
			t.Errorf("panic: %v", why)
			defer panic(why)
		}
		if t.Failed() {
			t.Log(c)
		}
	}()
	e, r := c.lint(t, c.tree())
	c.spans(t, r)
	out := outputs(t, r.Report)
	wellFormed(t, r.Report, out)
	c.mend(t, e, r)
	// The rest says little about most trees, so that each tree gets a part of it.
	part := c.size() % 3
	if _, again := c.lint(t, c.tree()); part == 0 {
		same(t, outputs(t, again.Report), out)
	} else {
		same(t, outputs(t, again.Report, "json"), out)
	}
	if part == 1 && slices.ContainsFunc(c.links, func(l cases.Link) bool { return strings.Contains(l.Target, outsideDir) }) {
		c.contained(t)
	}
}

func (c *composed) lint(t *testing.T, files *tree.Tree) (*engine.Engine, *engine.Result) {
	t.Helper()
	e, err := engine.Open(engine.Options{Tree: files, Paths: c.paths, Project: c.config(), Host: host.Overrides{Today: cases.Frame().Today}})
	if err != nil {
		t.Fatal(err)
	}
	r := e.Lint(nil)
	// Rules loop over what the files hold, so many more findings than words are a rule
	// that compares everything with everything.
	if n, limit := len(r.Findings)+len(r.NotChecked), 200+c.size()/4; n > limit {
		t.Errorf("%d findings and places that are not checked in %d bytes", n, c.size())
	}
	return e, r
}

// same checks that a second run gave what the first gave.
func same(t *testing.T, second, first map[string]string) {
	t.Helper()
	for name, text := range second {
		if text != first[name] {
			t.Errorf("%s of a second run:\n%s\nof the first:\n%s", name, text, first[name])
		}
	}
}

// outputs returns r in the named formats, in all without a name. The pages of rules without a finding are left out
// of SARIF: they do not depend on the files, and take most of the time.
func outputs(t *testing.T, r *lint.Report, names ...string) map[string]string {
	t.Helper()
	brief := *r
	brief.Rules = nil
	if len(names) == 0 {
		names = append(report.Names(), quiet)
	}
	out := map[string]string{}
	for _, name := range names {
		write, o := report.Formats[name], report.Options{Verbose: true, Fix: true}
		if name == quiet {
			write, o = report.Text, report.Options{Quiet: true}
		}
		var b bytes.Buffer
		if err := write(&b, &brief, o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = b.String()
	}
	return out
}

// quiet is the text with the first line of each finding only.
const quiet = "text, quiet"

// spans checks that every place of r is inside a file of the tree.
func (c *composed) spans(t *testing.T, r *engine.Result) {
	t.Helper()
	inside := func(what string, at source.Span) {
		switch {
		case at.IsZero():
		case at.Start < 0 || at.Start > at.End || int(at.End) > len(at.File.Text):
			t.Errorf("%s: bytes %d to %d of %s, which has %d", what, at.Start, at.End, at.File.Name, len(at.File.Text))
		case at.File.Real != "/"+project.FileName && c.files[at.File.Real] != at.File.Text:
			t.Errorf("%s: %s has another text than the tree", what, at.File.Real)
		}
	}
	for _, f := range r.Findings {
		inside(f.Rule.ID, f.At)
		for _, n := range f.Notes {
			inside(f.Rule.ID, n.At)
		}
		for _, x := range f.Fixes {
			for _, edit := range x.Edits {
				inside(f.Rule.ID, edit.At)
			}
		}
	}
	for _, n := range r.NotChecked {
		inside("not checked", n.At)
	}
	for _, f := range r.Files {
		if _, ok := c.files[f.Path]; f.File != nil && !ok && !c.linked(f.Path) {
			t.Errorf("%s is not in the tree", f.Path)
		}
	}
}

// linked reports whether a link of c leads to name or to a folder above it.
func (c *composed) linked(name string) bool {
	return slices.ContainsFunc(c.links, func(l cases.Link) bool { return name == l.Name || strings.HasPrefix(name, l.Name+"/") })
}

// mend applies the fixes of r, and checks what the files are then: no more errors, and
// nothing left to fix. The new texts are linted from the start, as a second --fix does.
func (c *composed) mend(t *testing.T, e *engine.Engine, r *engine.Result) {
	t.Helper()
	once := e.Mend(r)
	if len(once.Changes) == 0 {
		return
	}
	fixed := *c
	fixed.files = maps.Clone(c.files)
	for _, change := range once.Changes {
		name := change.Before.Real
		if fixed.files[name] != change.Before.Text {
			t.Errorf("a fix changes %s, which has another text", name)
		}
		fixed.files[name] = change.After.Text
	}
	e, after := fixed.lint(t, fixed.tree())
	if was, is := errorsOf(r.Report), errorsOf(after.Report); is > was {
		t.Errorf("%d errors before the fixes, %d after them\n%s", was, is, &fixed)
	}
	same(t, outputs(t, after.Report, "json"), outputs(t, once.After.Report, "json"))
	for _, change := range e.Mend(after).Changes {
		t.Errorf("a second fix changes %s to\n%s\nfrom\n%s", change.Before.Real, change.After.Text, change.Before.Text)
	}
}

func errorsOf(r *lint.Report) (n int) {
	for _, f := range r.Findings {
		if f.Outcome.Severity() == lint.Error {
			n++
		}
	}
	return n
}

// outsideDir is what a link names that is to lead out of the root, and marker a word of
// every file there.
const (
	outsideDir = "outside"
	marker     = "marker-of-a-file-outside"
)

// contained lints c as a root on a disk, with its links to outsideDir leading to real
// files beside the root, and checks that no output has a word of them.
func (c *composed) contained(t *testing.T) {
	t.Helper()
	top := t.TempDir()
	root, out := filepath.Join(top, "root"), filepath.Join(top, outsideDir)
	write := func(name, text string) {
		// What cannot be made, such as a file below a file, is not part of the tree.
		if os.MkdirAll(filepath.Dir(name), 0o777) == nil {
			_ = os.WriteFile(name, []byte(text), 0o666)
		}
	}
	write(filepath.Join(out, "nginx.conf"), "user "+marker+";\nevents {}\nhttp { server { listen "+marker+"; } }\n")
	write(filepath.Join(out, "www.conf"), "["+marker+"]\nlisten = "+marker+"\npm = "+marker+"\n")
	for name, text := range c.files {
		write(filepath.Join(root, name), text)
	}
	for i, l := range c.links {
		target := l.Target
		if strings.Contains(target, outsideDir) {
			target = [...]string{out, strings.Repeat("../", strings.Count(l.Name, "/")) + outsideDir}[i%2]
			target += [...]string{"", "/nginx.conf", "/www.conf"}[len(l.Name)%3]
		}
		if name := filepath.Join(root, l.Name); os.MkdirAll(filepath.Dir(name), 0o777) == nil {
			_ = os.Symlink(target, name)
		}
	}
	files, err := tree.New(root)
	if err != nil {
		t.Fatal(err)
	}
	_, r := c.lint(t, files)
	for name, text := range outputs(t, r.Report) {
		if strings.Contains(text, marker) {
			t.Errorf("%s has text of a file outside the root:\n%s", name, text)
		}
	}
}

// String returns c as an archive, to become a case once it is cut down. The text of a
// file with bytes that a terminal hides is quoted as in Go.
func (c *composed) String() string {
	var b strings.Builder
	if c.paths != nil {
		fmt.Fprintf(&b, "only %q\n", c.paths)
	}
	for _, l := range c.links {
		fmt.Fprintf(&b, "link %s -> %s\n", l.Name, l.Target)
	}
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		text := c.files[name]
		if text == cases.Frame().Texts()[name] {
			continue
		}
		if !strconv.CanBackquote(strings.ReplaceAll(text, "\n", "")) {
			text = strconv.Quote(text)
		}
		fmt.Fprintf(&b, "-- %s --\n%s\n", strings.TrimPrefix(name, "/"), text)
	}
	for name := range cases.Frame().Texts() {
		if _, ok := c.files[name]; !ok {
			fmt.Fprintf(&b, "without %s\n", name)
		}
	}
	if c.project != "" {
		fmt.Fprintf(&b, "-- %s --\n%s\n", project.FileName, c.project)
	}
	return b.String()
}
