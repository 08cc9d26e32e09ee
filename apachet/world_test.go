package apachet

import (
	"errors"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// world is Debian's Apache with the files of a tree.
type world struct{ *tree.Tree }

func (w world) Open(name string) (*source.File, error) {
	f, err := w.File(name)
	if errors.Is(err, tree.ErrIsDir) {
		err = apache.ErrNotRegular
	}
	return f, err
}

func (w world) Stat(name string) apache.Type {
	info, err := w.Tree.Stat(name)
	switch {
	case err != nil:
		return apache.Missing
	case info.Type == tree.File:
		return apache.Regular
	case info.Type == tree.Dir:
		return apache.Directory
	}
	return apache.Other
}

func (w world) List(dir string) (entries []apache.Entry, err error) {
	list, err := w.Tree.List(dir)
	for _, e := range list {
		kind := apache.Other
		switch e.Type {
		case tree.File:
			kind = apache.Regular
		case tree.Dir:
			kind = apache.Directory
		case tree.Link:
			kind = apache.Link
		}
		entries = append(entries, apache.Entry{Name: e.Name, Type: kind})
	}
	return entries, err
}

func (world) Environment(string) (string, bool, bool) { return "", false, true }
func (world) Defined(string) (bool, bool)             { return false, true }
func (world) Version() string                         { return "2.4.71" }
func (world) Ahead(string) *apache.Page               { return nil }
func (world) ServerRoot() string                      { return "/etc/apache2" }

func (world) Builtin(name string) bool {
	m := httpd.ModuleNamed(name)
	return m != nil && m.Built
}

// loaded reads the configuration with the main file of a tree.
func loaded(t testing.TB, files *tree.Tree, main string) (*apache.Config, *host.Facts) {
	t.Helper()
	f, err := files.File(main)
	if err != nil {
		t.Fatal(err)
	}
	return apache.Load(f, world{files}), host.Collect(files, host.Overrides{})
}
