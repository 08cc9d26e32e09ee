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

// ReadProject is Read for a project that names the main files of nginx, of Apache, of
// PHP-FPM or of several. It reads what the root holds of PHP-FPM if none is named, and of the
// web servers if none of either is.
func ReadProject(t *tree.Tree, nginx, fpm, apache []string) *Configs {
	r := newReader(t)
	found := &entries{}
	for _, of := range []struct {
		paths  []string
		server servers.Server
	}{{nginx, servers.Nginx}, {apache, servers.Apache}, {fpm, servers.FPM}} {
		one := r.findAll(of.paths)
		r.rejectOthers(one, of.server)
		found.merge(one)
	}
	if web := nginx != nil || apache != nil; !web || fpm == nil {
		rest := r.findAll([]string{"/"})
		if web {
			rest.nginx, rest.fragments, rest.apaches, rest.sites = nil, nil, nil, nil
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

// rejectOthers takes the entries out that are not of a server: the project names them as its own.
func (r *reader) rejectOthers(found *entries, server servers.Server) {
	for _, one := range []struct {
		is    servers.Server
		name  string
		lists []*[]*source.File
	}{
		{servers.FPM, "PHP-FPM", []*[]*source.File{&found.masters, &found.pools}},
		{servers.Nginx, "nginx", []*[]*source.File{&found.nginx, &found.fragments}},
		{servers.Apache, "Apache", []*[]*source.File{&found.apaches, &found.sites, &found.access}},
	} {
		if one.is == server {
			continue
		}
		for _, list := range one.lists {
			for _, f := range *list {
				r.reject(f.Name, "a configuration of "+one.name+", not of "+names[server])
			}
			*list = nil
		}
	}
}

// names are the servers as they are called.
var names = map[servers.Server]string{servers.Nginx: "nginx", servers.Apache: "Apache", servers.FPM: "PHP-FPM"}

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
	r.readFirewall()
	r.configs.Versions = r.otherVersions()
	r.listFiles()
	r.refuse()
}

// entries are the files at which reading starts, each once.
type entries struct {
	nginx, fragments, masters, pools []*source.File
	apaches, sites, access           []*source.File        // of Apache: main files, others, .htaccess
	tunnels                          []*source.File        // of cloudflared
	named                            map[*source.File]bool // by the user, individually
	met                              map[*source.File]bool
}

// ofApache reports whether there is anything of Apache.
func (e *entries) ofApache() bool { return e.apaches != nil || e.sites != nil || e.access != nil }

// any reports whether a configuration of a server is among the entries.
func (e *entries) any() bool {
	return e.nginx != nil || e.apaches != nil || e.masters != nil || e.pools != nil
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
	case source.RoleApache:
		e.apaches = append(e.apaches, f)
	case source.RoleApacheFragment:
		e.sites = append(e.sites, f)
	case source.RoleHtaccess:
		e.access = append(e.access, f)
	case source.RoleTunnel:
		e.tunnels = append(e.tunnels, f)
	}
}

// read reads the entries with everything they include: nginx and PHP-FPM concurrently
// if there is much to read, since neither depends on the other.
func (r *reader) read(found *entries) {
	if found.ofApache() {
		r.loadUnits() // before anything else may, concurrently
	}
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
	r.readApaches(found)
	masters()
	r.readTunnels(found)
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
	c.listApaches(list)
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
	c.listEdge(list)
	for name, f := range r.idle {
		if !listed[f] {
			c.Files = append(c.Files, source.Input{Path: name, Role: source.RoleNotLoaded})
		}
	}
	if r.laidOut {
		r.listCopies()
	}
	if len(c.Files) == 0 { // no configuration leads to them
		for _, name := range r.access {
			c.Files = append(c.Files, source.Input{Path: name, Role: source.RoleNotLoaded})
		}
	}
	// Most globs give sorted names, and a stable sort merges what is sorted.
	slices.SortStableFunc(c.Files, func(a, b source.Input) int { return strings.Compare(a.Path, b.Path) })
}
