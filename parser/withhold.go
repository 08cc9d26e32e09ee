package parser

import (
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/source"
)

// withhold marks the files that do not look like what a server reads them as. named are
// those that the user names one by one: of any other file, an include or a link in
// the tree may have led to a list of passwords. It also marks the tables of secrets.
func (r *reader) withhold(named map[*source.File]bool) {
	for _, n := range r.configs.Nginx {
		tables, secrets, found := n.reached(n.table), n.reached(n.secret), false
		for i, f := range n.Files {
			f.SecretTable = secrets[i]
			if f.Foreign(named[f.Source] || tables[i]) {
				f.Source.Withheld, found = true, true
			}
		}
		if found {
			n.includers(r.includers)
		}
	}
	for _, a := range r.configs.Apaches {
		a.withhold(named, r.includers)
	}
	for _, m := range r.configs.Masters {
		for _, f := range m.Files {
			if r.fpm[f].Foreign(named[f]) {
				f.Withheld = true
			}
		}
		if m.PHPIni != nil {
			for _, f := range m.PHPIni.Foreign {
				f.Withheld = f.Withheld || !named[f]
			}
		}
	}
	for i := range r.configs.Files {
		if in := &r.configs.Files[i]; in.File != nil && in.Withheld {
			in.By = r.includers[in.File]
		}
	}
}

// withhold marks the files that do not look like those of Apache. It adds to by the argument of
// the include of each.
func (a *Apache) withhold(named map[*source.File]bool, by map[*source.File]source.Span) {
	files := slices.Clone(a.Files)
	for _, access := range a.Access {
		files = append(files, access.File)
	}
	foreign := make([]bool, len(files))
	concurrently(len(files), func(i int) { foreign[i] = !named[files[i]] && a.Foreign(files[i]) })
	kept := files[:0]
	for i, f := range files {
		if foreign[i] {
			kept = append(kept, f)
		}
	}
	if files = kept; len(files) == 0 {
		return
	}
	root := a.serverRoot
	for d := range a.All() {
		switch d.Name {
		case "serverroot":
			root = d.Arg(0)
		case "include", "includeoptional":
			for _, f := range files {
				if includes(path.Join(root, d.Arg(0)), d.Arg(0), f.Name) {
					included(by, f, d.Args[0].At)
				}
			}
		}
	}
	for _, f := range files {
		f.Withheld = true
	}
}

// includes reports whether an include of Apache, relative to its root or absolute, leads to a
// file, or to a directory that has it.
func includes(joined, arg, name string) bool {
	if path.IsAbs(arg) {
		joined = path.Clean(arg)
	}
	ok, err := path.Match(joined, name)
	return ok && err == nil || name == joined || within(name, joined)
}

// reached returns for each of Files whether one of some lists leads to it, directly or not.
func (n *Nginx) reached(lists []bool) []bool {
	reached := make([]bool, len(n.Files))
	var todo []int32
	for list, files := range n.Lists {
		if lists[list] {
			todo = append(todo, files...)
		}
	}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if reached[f] {
			continue
		}
		reached[f] = true
		for _, list := range n.Includes[f] {
			todo = append(todo, n.Lists[list]...)
		}
	}
	return reached
}

// includers adds to by, for each file of n, the argument of the first include of it.
func (n *Nginx) includers(by map[*source.File]source.Span) {
	met := make([]bool, len(n.Lists))
	for i, f := range n.Files {
		for k, d := range f.Includes() {
			list := n.Includes[i][k]
			if met[list] {
				continue
			}
			met[list] = true
			for _, file := range n.Lists[list] {
				included(by, n.Files[file].Source, d.Arg(0).Span())
			}
		}
	}
}

// included adds to by that the argument at includes f, unless another one does.
func included(by map[*source.File]source.Span, f *source.File, at source.Span) {
	if _, met := by[f]; !met && f != at.File {
		by[f] = at
	}
}
