package parser

import (
	"path"
	"slices"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// ReadRest is Read without the files that held reports by their resolved names: those that a
// container has are not files of the project itself.
func ReadRest(t *tree.Tree, paths []string, held func(real string) bool) *Configs {
	r := newReader(t)
	r.held = held
	found := r.findAll(paths)
	r.readAll(found)
	r.withhold(found.named)
	return r.configs
}

// ApacheStart is how a container starts an Apache.
type ApacheStart struct {
	Main string // the path of its main file
	Root string // the ServerRoot that -d sets; "" if none
	// Defined are the names that -D gives.
	Defined []string
	// Env are the variables of its environment that are known.
	Env map[string]string
}

// Running is what runs on the root of a container.
type Running struct {
	Nginx, FPM []string // the main files
	Apache     []ApacheStart
	Tunnels    []TunnelStart
	// All is set if it is not known what runs: all that is in the usual places is read.
	All bool
	// Literal is set if the servers read their files as they are.
	Literal bool
}

// ReadContainer reads the configurations of what runs on the root of a container.
func ReadContainer(t *tree.Tree, what Running) *Configs {
	r := newReader(t)
	r.machine, r.system, r.container, r.literal, r.starting = true, true, true, what.Literal, what.Tunnels
	r.configs.Machine, r.configs.System, r.configs.All = true, true, true
	found := &entries{}
	for _, name := range what.Nginx {
		r.addMain(name, source.RoleNginx, found)
	}
	for _, name := range what.FPM {
		r.addMain(name, source.RoleFPM, found)
	}
	r.starts = map[string]ApacheStart{}
	for _, s := range what.Apache {
		r.addMain(s.Main, source.RoleApache, found)
		r.starts[s.Main] = s
	}
	if what.All {
		for _, name := range r.usualPlaces() {
			r.find(name, found)
		}
	}
	r.readAll(found)
	r.listUnused(what)
	for _, n := range r.configs.Nginx {
		n.Literal = what.Literal
	}
	r.configs.Versions = nil // which PHP runs is known, or else unknown as a whole
	r.withhold(nil)
	return r.configs
}

// listUnused lists the configurations of the project that the container holds beside the main files
// of its servers, and that no server reads: sites-enabled, where only conf.d is included.
func (r *reader) listUnused(what Running) {
	met := map[string]bool{}
	for _, in := range r.configs.Files {
		if in.File != nil {
			met[in.File.Real] = true
		}
	}
	var dirs []string
	for _, main := range what.Nginx {
		dirs = append(dirs, path.Dir(main))
		for _, dir := range siteFolders {
			dirs = append(dirs, path.Join(path.Dir(main), dir))
		}
	}
	for _, main := range what.FPM {
		dirs = append(dirs, path.Join(path.Dir(main), "php-fpm.d"), path.Join(path.Dir(main), "pool.d"))
	}
	for _, s := range what.Apache {
		dirs = append(dirs, apacheDirs(s.Main)...)
	}
	for _, dir := range dirs {
		list, _ := r.tree.List(dir)
		for _, e := range list {
			if name := path.Join(dir, e.Name); e.Type != tree.Dir && candidate(name) {
				r.listIfUnused(name, met)
			}
		}
	}
}

// siteFolders are those beside nginx.conf in which distributions and images have the sites.
var siteFolders = []string{"conf.d", "http.d", "sites-available", "sites-enabled"}

// listIfUnused lists a file by its name in the project, unless it was met before.
func (r *reader) listIfUnused(name string, met map[string]bool) {
	f, err := r.open(name)
	if err != nil || f.Image != "" || met[f.Real] {
		return
	}
	met[f.Real] = true
	if at, _ := f.Span(0, len(f.Text)).Origin(); !at.IsZero() && r.guess(f).role != "" {
		r.configs.Files = append(r.configs.Files, source.Input{Path: at.File.Name, Role: source.RoleNotLoaded})
	}
}

// usualPlaces returns where a container may have configurations of nginx, Apache and PHP-FPM: the folders of
// all layouts, each once, and the main files that are in /etc itself.
func (r *reader) usualPlaces() (all []string) {
	const webdevops = "/opt/docker/etc" // which its images link into the usual places
	places := []string{webdevops}
	for _, l := range servers.Layouts {
		for _, name := range []string{l.NginxConf, l.FPMConf, l.Pools} {
			if dir := path.Dir(name); dir != "/etc" && name != "" {
				name = dir
			}
			found, _ := r.tree.Glob(servers.Glob(name))
			places = append(places, found...)
		}
	}
	for _, main := range httpd.Mains() {
		places = append(places, path.Dir(main))
	}
	slices.Sort(places) // a folder before those in it
	for _, name := range places {
		if inside := func(dir string) bool { return within(name, dir) }; r.exists(name) && !slices.ContainsFunc(all, inside) {
			all = append(all, name)
		}
	}
	return all
}

// addMain adds the main file of a server.
func (r *reader) addMain(name string, role source.Role, found *entries) {
	f, err := r.open(name)
	if err != nil {
		r.skip(source.NotChecked{Path: name, Why: err.Error()}, role)
		return
	}
	found.add(f, role)
}

// Started says that the command line of the PHP-FPM with the main file sets some settings of PHP
// (-d), or that it keeps PHP from reading php.ini (-n).
func (c *Configs) Started(main string, defined []string, noIni bool) {
	for _, m := range c.Masters {
		switch {
		case m.PHPIni == nil || m.Main.Name != main && m.Main.Real != main:
		case noIni:
			m.PHPIni = nil
		default:
			m.PHPIni.Defined = defined
		}
	}
}
