package parser

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// apacheWorld is what one configuration of Apache refers to: the files of the tree.
type apacheWorld struct {
	r   *reader
	a   *Apache
	dir string // that of the main file, or of the first of loose files
	// main is that file: a file elsewhere with its name, such as the one that a panel writes for
	// each user, is not taken for it.
	main string
	// ahead reads the files of large directories ahead, and pages are those by name; each is read
	// when it is needed, if none of the readers has read it by then.
	ahead   apache.Ahead
	pages   map[string]func() *apache.Page
	readers sync.WaitGroup
	// listed are the names by which a directory was listed, by its resolved name.
	listed map[string][]string
}

// maxListed limits by how many names one directory is listed: two links to the directory that
// they are in give it 2^40.
const maxListed = 64

func (r *reader) worldOf(a *Apache, main *source.File) *apacheWorld {
	return &apacheWorld{r: r, a: a, dir: path.Dir(main.Name), main: main.Name, listed: map[string][]string{}, pages: map[string]func() *apache.Page{}}
}

// at returns where a path is in the tree.
func (w *apacheWorld) at(name string) string {
	base, rest := w.r.beside(name, w.dir)
	if base+rest == w.main {
		return name
	}
	return base + rest
}

// worldError is why a file cannot be read, and what kind of reason that is for the language.
type worldError struct {
	text string
	kind error
}

func (e *worldError) Error() string { return e.text }
func (e *worldError) Unwrap() error { return e.kind }

// known returns the error about a file for the language, which says of what is missing and of what
// is not regular that Apache refuses it. What is missing among the files is missing on the machine
// only if the files are all that it has there.
func (w *apacheWorld) known(name string, err error) error {
	e := &worldError{reason(name, err), err}
	switch {
	case errors.Is(err, fs.ErrNotExist) && w.r.tree.Missing(name):
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, tree.ErrOutside), errors.Is(err, tree.ErrUnknown):
		e.kind = apache.ErrUnknown
	case errors.Is(err, tree.ErrIsDir), errors.Is(err, tree.ErrNotRegular):
		e.kind = apache.ErrNotRegular
	}
	return e
}

// Open reads a file.
func (w *apacheWorld) Open(name string) (*source.File, error) {
	name = w.at(name)
	for range maxFlat {
		f, err := w.r.open(name)
		if err != nil {
			return nil, w.known(name, err)
		}
		target := w.flatTarget(f)
		if target == "" {
			return f, nil
		}
		name = target
	}
	return nil, w.known(name, tree.ErrLoop)
}

// maxFlat limits how many links that were checked out as files are followed, and maxFlatSize how
// long the target of one is, in bytes.
const maxFlat, maxFlatSize = 8, 4096

// flatTarget returns the target of a link that was checked out as a file, which git does where
// core.symlinks is off: the file holds the target and nothing else. What a2enmod and a2ensite
// make are such links; no directive of Apache starts with a dot or a slash.
func (w *apacheWorld) flatTarget(f *source.File) string {
	text := f.Text
	switch {
	case len(text) > maxFlatSize, w.r.tree.Live(), strings.ContainsAny(text, " \t\r\n\x00"):
		return ""
	case strings.HasPrefix(text, "../"), strings.HasPrefix(text, "./"):
		return path.Join(path.Dir(f.Name), text)
	case strings.HasPrefix(text, "/"):
		return path.Clean(text)
	}
	return ""
}

// Ahead returns a file that was read ahead.
func (w *apacheWorld) Ahead(name string) *apache.Page {
	if page := w.pages[name]; page != nil {
		return page()
	}
	return nil
}

// Stat returns what is at a path.
func (w *apacheWorld) Stat(name string) apache.Type {
	name = w.at(name)
	kind, err := w.r.tree.Type(name) // often known from a list
	if err == nil && kind == tree.Link {
		var info tree.Info
		info, err = w.r.tree.Stat(name)
		kind = info.Type
	}
	switch {
	case err == nil && kind == tree.File && (candidate(name) || path.Ext(name) == ".load") && !w.r.tree.Live():
		if _, err := w.Open(name); errors.Is(err, fs.ErrNotExist) {
			return apache.Missing
		}
		return apache.Regular
	case err == nil:
		return typeOf(kind)
	case errors.Is(err, fs.ErrNotExist) && w.r.tree.Missing(name):
		return apache.Missing
	}
	return apache.Unknown
}

func typeOf(t tree.Type) apache.Type {
	switch t {
	case tree.File:
		return apache.Regular
	case tree.Dir:
		return apache.Directory
	case tree.Link:
		return apache.Link
	}
	return apache.Other
}

// List returns the entries of a directory.
func (w *apacheWorld) List(dir string) ([]apache.Entry, error) {
	named := dir
	dir = w.at(dir)
	list, err := w.r.tree.List(dir)
	if err != nil {
		return nil, w.known(dir, err)
	}
	real := w.r.tree.Leads(dir)
	if names := w.listed[real]; !slices.Contains(names, dir) {
		if len(names) == maxListed {
			return nil, &worldError{dir + " is one of too many names of " + real, tree.ErrLimit}
		}
		w.listed[real] = append(names, dir)
	}
	w.readAhead(named, dir, list)
	entries := make([]apache.Entry, len(list))
	for i, e := range list {
		entries[i] = apache.Entry{Name: e.Name, Type: typeOf(e.Type)}
	}
	return entries, nil
}

// readAhead begins to read the files of a directory that is listed, if there are many: those that an
// include with a wildcard matches are needed next, one after the other. named is the directory as
// Apache names it.
func (w *apacheWorld) readAhead(named, dir string, list []tree.Entry) {
	if len(list) < few {
		return
	}
	w.r.crowd()
	makeRoom(w.r, len(list), &w.r.texts)
	makeRoom(w.r, len(list), &w.pages)
	var pages []func() *apache.Page
	for _, e := range list {
		if e.Type == tree.Dir || path.Ext(e.Name) != ".conf" {
			continue
		}
		name := path.Join(dir, e.Name)
		page := sync.OnceValue(func() *apache.Page {
			f, err := w.r.open(name)
			if err != nil || named != dir || w.flatTarget(f) != "" { // opened, and no more
				return nil
			}
			return w.ahead.Read(f)
		})
		if pages = append(pages, page); named == dir {
			w.pages[name] = page
		}
	}
	w.readers.Go(func() { concurrently(len(pages), func(i int) { pages[i]() }) })
}

// Environment returns a variable of the environment of Apache.
func (w *apacheWorld) Environment(name string) (value string, set, known bool) {
	value, known = w.a.Environment.Get(name)
	return value, known, known
}

// Defined reports whether Apache is started with -D name.
func (w *apacheWorld) Defined(name string) (yes, known bool) {
	yes = w.a.Environment.Has(name)
	return yes, yes || w.a.Started
}

// Builtin reports whether a module is compiled in.
func (w *apacheWorld) Builtin(module string) bool { return w.a.Layout.Builtin(module) }

// Version returns the version of Apache, which no file of its configuration tells.
func (w *apacheWorld) Version() string { return "" }

// ServerRoot returns what paths are relative to before a ServerRoot line.
func (w *apacheWorld) ServerRoot() string { return w.a.serverRoot }
