package parser

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// accessFile is the name of the files that Apache reads in the directories that it serves,
// unless AccessFileName gives another (httpd modules core, AccessFileName).
const accessFile = ".htaccess"

const (
	// maxAccessDepth is how many directories below one that is served are searched.
	maxAccessDepth = 3
	// maxAccessDirs limits how many directories below one are searched. All that a configuration
	// serves share maxAccessAll, but each has minAccessDirs.
	maxAccessDirs, maxAccessAll, minAccessDirs = 2000, 20_000, 10
	// maxServed limits how many directories that are served are looked at.
	maxServed = 2000
	// maxAccessFiles limits how many of the files one configuration has.
	maxAccessFiles = 2000
)

// served is a directory that a configuration serves, or one below it.
type served struct {
	dir   string
	top   int // the number of the one that it is below
	depth int
	bulky bool
}

// accessSearch looks for the files of the directories that a configuration serves.
type accessSearch struct {
	r     *reader
	a     *Apache
	names []string // of the files
	// looked are the directories that were searched, by resolved name, and parents those above
	// one that is served.
	looked, parents map[string]bool
	found           []string
}

// readAccess reads the .htaccess files of every configuration, and those that the user names.
func (r *reader) readAccess(found *entries) {
	for _, a := range r.configs.Apaches {
		s := &accessSearch{r: r, a: a, looked: map[string]bool{}, parents: map[string]bool{}}
		s.search()
		if a.AccessCut {
			r.skip(source.NotChecked{Path: a.Files[0].Name, Why: "some .htaccess files: its sites have too many directories to search all of them"}, source.RoleHtaccess)
		}
		for i, o := range r.openAll(s.found, nil) {
			if o.err != nil {
				r.skip(source.NotChecked{Path: s.found[i], Why: o.err.Error()}, source.RoleHtaccess)
				continue
			}
			apache.LoadAccess(o.file, a.Config, r.worldOf(a, o.file))
		}
	}
	r.readNamedAccess(found)
}

// readNamedAccess reads the .htaccess files that the user names, and that no configuration
// leads to.
func (r *reader) readNamedAccess(found *entries) {
	for _, f := range found.access {
		met := func(a *Apache) bool {
			access := a.Access[path.Dir(f.Name)]
			return access != nil && access.File == f
		}
		if slices.ContainsFunc(r.configs.Apaches, met) {
			continue
		}
		if len(r.configs.Apaches) == 0 {
			a := r.newApache(f)
			a.Loose, a.Config = true, apache.LoadLoose(nil, r.worldOf(a, f))
			r.configs.Apaches = append(r.configs.Apaches, a)
		}
		a := r.configs.Apaches[0]
		apache.LoadAccess(f, a.Config, r.worldOf(a, f))
	}
}

// search looks at the directories level by level, so that the limits leave out what is deepest.
// Only the file of a directory that is served itself is looked for if no AllowOverride lets
// Apache read others: it tells what somebody wants of the site.
func (s *accessSearch) search() {
	tops, overrides := s.tops()
	there := make([]bool, len(tops))
	concurrently(len(tops), func(i int) { there[i] = s.directory(tops[i]) })
	var dirs []served
	for i, dir := range tops {
		if !there[i] {
			continue
		}
		if overrides {
			s.above(path.Dir(dir))
		}
		dirs = append(dirs, served{dir: dir, top: i})
	}
	counts, inBulky := make([]int, len(tops)), make([]int, len(tops))
	limit := max(minAccessDirs, min(maxAccessDirs, maxAccessAll/max(1, len(dirs))))
	for ; len(dirs) > 0 && len(s.found) < maxAccessFiles; dirs = dirs[1:] {
		d := dirs[0]
		list := s.look(d.dir)
		if !overrides || d.depth == maxAccessDepth {
			continue
		}
		for _, e := range list {
			child := served{path.Join(d.dir, e.Name), d.top, d.depth + 1, bulky(e.Name)}
			switch {
			case e.Type != tree.Dir:
			case core(e.Name):
				s.byName(child.dir)
			case d.bulky && inBulky[d.top] == limit, !d.bulky && !child.bulky && counts[d.top] == limit:
				s.a.AccessCut = true
			case d.bulky:
				inBulky[d.top]++
				s.byName(child.dir)
			case child.bulky && d.depth > 0: // what is in it is not looked at
				s.byName(child.dir)
			default:
				if !child.bulky {
					counts[d.top]++
				}
				dirs = append(dirs, child)
			}
		}
	}
	s.a.AccessCut = s.a.AccessCut || len(s.found) >= maxAccessFiles
	slices.Sort(s.found)
	s.found = slices.Compact(s.found)
}

// directory reports whether name is a directory, after links. It lists it: the tree keeps the list.
func (s *accessSearch) directory(name string) bool {
	if _, err := s.r.tree.List(name); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err == nil
	}
	info, err := s.r.tree.Stat(name) // it may be one that nobody else may list
	return err == nil && info.Type == tree.Dir
}

// look adds the files of a directory, unless it was looked at before, and returns its entries.
func (s *accessSearch) look(dir string) []tree.Entry {
	real := s.r.tree.Leads(dir)
	if s.looked[real] {
		return nil
	}
	s.looked[real] = true
	list, err := s.r.tree.List(dir)
	if err != nil {
		return nil
	}
	for _, name := range s.names {
		if _, found := slices.BinarySearchFunc(list, name, func(e tree.Entry, name string) int { return strings.Compare(e.Name, name) }); found {
			s.found = append(s.found, path.Join(dir, name))
			break // Apache reads the first that exists
		}
	}
	return list
}

// byName adds the file of a directory whose entries are not listed.
func (s *accessSearch) byName(dir string) {
	for _, name := range s.names {
		if file := path.Join(dir, name); s.r.exists(file) {
			s.found = append(s.found, file)
			return
		}
	}
}

// above adds the files of the directories above one that is served, which Apache reads, too.
func (s *accessSearch) above(dir string) {
	for ; ; dir = path.Dir(dir) {
		if s.parents[dir] {
			return
		}
		s.parents[dir] = true
		s.byName(dir)
		if dir == "/" {
			return
		}
	}
}

// bulky reports whether a directory usually has very many files: uploads, caches, packages. Of the
// directories in it, those are searched that requests for PHP are tried in.
func bulky(name string) bool {
	switch name {
	case "uploads", "cache", "node_modules", "vendor", ".git", "languages", "sessions", "tmp", "logs":
		return true
	}
	return false
}

// core reports whether a directory is one of WordPress itself, in which nobody puts a .htaccess file
// but right there: hosts with many sites have far more of theirs than of all others.
func core(name string) bool { return name == "wp-admin" || name == "wp-includes" }

// tops returns the directories that the configuration names, in the order in which it does,
// and whether Apache reads .htaccess files in any directory (httpd server/core.c, AllowOverride
// and AllowOverrideList, which are None if not set).
func (s *accessSearch) tops() (dirs []string, overrides bool) {
	met := make(map[string]bool, min(len(s.a.Files), maxServed))
	add := func(dir string) {
		if dir != "" && !path.IsAbs(dir) && s.a.serverRoot != "" {
			dir = path.Join(s.a.serverRoot, dir)
		}
		if dir = path.Clean(dir); path.IsAbs(dir) && dir != "/" && !strings.ContainsAny(dir, "*?[$") && !met[dir] && len(dirs) < maxServed {
			met[dir] = true
			dirs = append(dirs, dir)
		}
	}
	for d := range s.a.All() {
		switch d.Name {
		case "documentroot":
			add(d.Arg(0))
		case "directory":
			if d.Section && d.Arg(0) != "~" {
				add(d.Arg(0))
			}
		case "alias", "scriptalias":
			add(d.Arg(1))
		case "accessfilename":
			for _, w := range d.Args {
				s.names = append(s.names, w.Text)
			}
		case "allowoverride", "allowoverridelist":
			overrides = overrides || !strings.EqualFold(d.Arg(0), "none")
		}
	}
	s.names = slices.DeleteFunc(s.names, func(name string) bool { return strings.Contains(name, "/") })
	if s.names == nil {
		s.names = []string{accessFile}
	}
	return dirs, overrides
}
