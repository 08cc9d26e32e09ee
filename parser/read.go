package parser

import (
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Read reads the files and directories that paths name, absolute paths inside the
// root of t, and everything they include. It never fails: what cannot be read is in
// Failed and Unread.
func Read(t *tree.Tree, paths []string) *Configs {
	r := newReader(t)
	found := r.findAll(paths)
	r.readAll(found)
	r.withhold(found.named)
	return r.configs
}

// ReadProject is Read for a project that names the main files of nginx, of PHP-FPM or
// of both. For a server without a named main file, it reads what the root holds.
func ReadProject(t *tree.Tree, nginx, fpm []string) *Configs {
	r := newReader(t)
	found, both := r.findAll(nginx), r.findAll(fpm)
	for _, f := range slices.Concat(found.masters, found.pools) {
		r.reject(f.Name, "a configuration of PHP-FPM, not of nginx")
	}
	for _, f := range slices.Concat(both.nginx, both.fragments) {
		r.reject(f.Name, "a configuration of nginx, not of PHP-FPM")
	}
	found.masters, found.pools, both.nginx, both.fragments = nil, nil, nil, nil
	found.merge(both)
	if nginx == nil || fpm == nil {
		rest := r.findAll([]string{"/"})
		if nginx != nil {
			rest.nginx, rest.fragments = nil, nil
		}
		if fpm != nil {
			rest.masters, rest.pools = nil, nil
		}
		found.merge(rest)
	}
	r.readAll(found)
	r.withhold(nil)
	if fpm != nil {
		// The project determines which PHP-FPMs exist.
		r.configs.Versions = nil
	}
	return r.configs
}

func newReader(t *tree.Tree) *reader {
	r := &reader{
		tree:      t,
		configs:   &Configs{},
		texts:     map[string]*source.File{},
		nginx:     map[*source.File]*nginx.File{},
		fpm:       map[*source.File]*fpm.File{},
		idle:      map[string]*source.File{},
		includers: map[*source.File]source.Span{},
	}
	r.system = t.Rooted()
	r.machine = t.Live() || r.exists("/etc/passwd") || r.exists("/etc/os-release")
	r.configs.Machine, r.configs.System = r.machine, r.system
	return r
}

func (r *reader) findAll(paths []string) *entries {
	var found entries
	for _, p := range paths {
		p = path.Clean(p)
		r.configs.All = r.configs.All || p == "/"
		r.find(p, &found)
	}
	return &found
}

// readAll reads the found entries and lists what was read.
func (r *reader) readAll(found *entries) {
	r.read(found)
	r.readUnits()
	r.configs.Versions = r.otherVersions()
	r.listFiles()
	r.refuse()
	r.listApache()
}

// entries are the files at which reading starts, each once.
type entries struct {
	nginx, fragments, masters, pools []*source.File
	named                            map[*source.File]bool // by the user, individually
	met                              map[*source.File]bool
}

// add files f under its role.
func (e *entries) add(f *source.File, role source.Role) {
	if e.met[f] {
		return
	}
	if e.met == nil {
		e.met = map[*source.File]bool{}
	}
	e.met[f] = true
	switch role {
	case source.RoleNginx:
		e.nginx = append(e.nginx, f)
	case source.RoleFragment:
		e.fragments = append(e.fragments, f)
	case source.RoleFPM:
		e.masters = append(e.masters, f)
	case source.RolePool:
		e.pools = append(e.pools, f)
	}
}

// read reads the entries with everything they include: nginx and PHP-FPM concurrently
// if there is much to read, since neither depends on the other.
func (r *reader) read(found *entries) {
	masters := func() { r.readMasters(found) }
	r.crowd = sync.OnceFunc(func() {
		done := make(chan struct{})
		go func(read func()) {
			defer close(done)
			read()
		}(masters)
		masters = func() { <-done }
	})
	included := map[*source.File]bool{}
	for _, f := range found.nginx {
		n := &Nginx{Main: r.parseNginx(f)}
		r.readNginx(n, []*nginx.File{n.Main})
		r.configs.Nginx = append(r.configs.Nginx, n)
		for _, f := range n.Files {
			included[f.Source] = true
		}
	}
	r.readFragments(found.fragments, included)
	masters()
}

// readFragments reads the files that no main file includes. They may include each other.
func (r *reader) readFragments(files []*source.File, included map[*source.File]bool) {
	n := &Nginx{}
	for _, f := range files {
		if !included[f] {
			n.Fragments = append(n.Fragments, r.parseNginx(f))
		}
	}
	if n.Fragments == nil {
		return
	}
	r.readNginx(n, n.Fragments)
	n.Fragments = n.outermost()
	r.configs.Nginx = append(r.configs.Nginx, n)
}

// outermost returns the fragments that no other file includes. Includes have no cycle.
func (n *Nginx) outermost() (tops []*nginx.File) {
	included := make([]bool, len(n.Files))
	for _, list := range n.Lists {
		for _, f := range list {
			included[f] = true
		}
	}
	for _, f := range n.Fragments {
		if !included[n.index[f]] {
			tops = append(tops, f)
		}
	}
	return tops
}

// readMasters reads every master, then the pool files that no master includes: those
// of a folder that a php-fpm.conf includes completely are read together, the others separately.
func (r *reader) readMasters(found *entries) {
	included := map[*source.File]bool{}
	var masters []*Master
	for _, f := range found.masters {
		m := r.master(false, f)
		masters = append(masters, m)
		for _, f := range m.Files {
			included[f] = included[f] || f != m.Main
		}
	}
	r.configs.Masters = outermost(masters, included)
	together := map[string][]*source.File{}
	var order []string
	for _, f := range found.pools {
		if included[f] {
			continue
		}
		key := f.Name
		if poolFolder(path.Dir(f.Name)) {
			key = path.Dir(f.Name)
		}
		if together[key] == nil {
			order = append(order, key)
		}
		together[key] = append(together[key], f)
	}
	for _, key := range order {
		files := together[key]
		sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
		m := r.master(true, files...)
		m.Together = poolFolder(key)
		r.configs.Masters = append(r.configs.Masters, m)
	}
	r.configs.Named = len(found.pools) > 0
	for _, f := range found.pools {
		r.configs.Named = r.configs.Named && found.named[f] && !r.hasSiblings(f, found, included)
	}
}

// outermost returns the masters that no other master includes, and the first of the
// masters that include each other.
func outermost(masters []*Master, included map[*source.File]bool) (out []*Master) {
	covered := map[*source.File]bool{}
	keep := func(m *Master) {
		out = append(out, m)
		for _, f := range m.Files {
			covered[f] = true
		}
	}
	for _, m := range masters {
		if !included[m.Main] {
			keep(m)
		}
	}
	for _, m := range masters {
		if !covered[m.Main] {
			keep(m)
		}
	}
	return out
}

// poolFolder reports whether a php-fpm.conf usually includes dir completely.
func poolFolder(dir string) bool {
	switch path.Base(dir) {
	case "pool.d", "php-fpm.d", "fpm.d":
		return true
	}
	return false
}

// otherVersions returns the PHP versions that have a PHP-FPM directory in the tree
// but of which no master was read.
func (r *reader) otherVersions() (versions []string) {
	if !r.system || len(r.configs.Masters) == 0 {
		return nil
	}
	read := map[string]bool{}
	for _, m := range r.configs.Masters {
		if !m.Loose {
			read[m.Version] = true
		}
	}
	dirs, _ := r.tree.Glob(path.Dir(servers.Glob(servers.Layouts[0].Pools)))
	for _, dir := range dirs {
		_, number, _ := layoutOf(path.Dir(dir) + "/php-fpm.conf")
		version := versionOf(number)
		if files, _ := r.tree.Glob(dir + "/*.conf"); version != "" && !read[version] && files != nil {
			versions = append(versions, version)
		}
	}
	return versions
}

// listFiles lists every file with its role.
func (r *reader) listFiles() {
	c := r.configs
	listed := make(map[*source.File]bool, len(r.texts))
	c.Files = make([]source.Input, 0, len(r.texts))
	list := func(role source.Role, files ...*source.File) {
		for _, f := range files {
			if !listed[f] {
				listed[f] = true
				c.Files = append(c.Files, source.Input{File: f, Path: f.Name, Role: role})
			}
		}
	}
	for _, n := range c.Nginx {
		for _, f := range n.Fragments {
			list(source.RoleFragment, f.Source)
		}
		for _, f := range n.Files {
			list(source.RoleNginx, f.Source)
		}
	}
	for _, m := range c.Masters {
		if !m.Loose {
			list(source.RoleFPM, m.Main)
		}
		list(source.RolePool, m.Files...)
		if m.PHPIni != nil {
			list(source.RolePHPIni, m.PHPIni.Files...)
		}
	}
	for _, u := range c.Units {
		list(source.RoleUnit, u.Files...)
	}
	for name, f := range r.idle {
		if !listed[f] {
			c.Files = append(c.Files, source.Input{Path: name, Role: source.RoleNotLoaded})
		}
	}
	if r.laidOut {
		r.listCopies()
	}
	// Most globs give sorted names, and a stable sort merges what is sorted.
	slices.SortStableFunc(c.Files, func(a, b source.Input) int { return strings.Compare(a.Path, b.Path) })
}
