package parser

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// maxWalk limits how many directory entries a walk looks at.
const maxWalk = 1_000_000

// find adds the entries for a path given by name.
func (r *reader) find(name string, found *entries) {
	info, err := r.tree.Stat(name)
	if err != nil {
		r.fail(name, err.Error())
		return
	}
	if info.Type == tree.Dir {
		r.findIn(name, found)
		return
	}
	r.findFile(name, found)
}

func (r *reader) fail(name, why string) {
	r.configs.Failed = append(r.configs.Failed, Failure{Path: name, Why: why})
}

// findIn adds the entries of a directory: those of the known layouts at or below it,
// and, for a server without any, those that a walk finds.
func (r *reader) findIn(dir string, found *entries) {
	list, err := r.tree.List(dir)
	if err != nil {
		r.fail(dir, err.Error())
		return
	}
	var layouts entries
	for i := range servers.Layouts {
		l := &servers.Layouts[i]
		r.addLayout(dir, list, l.NginxConf, source.RoleNginx, &layouts)
		r.addLayout(dir, list, l.FPMConf, source.RoleFPM, &layouts)
	}
	for i := range servers.Layouts {
		if layouts.masters == nil {
			r.addLayout(dir, list, servers.Layouts[i].Pools, source.RolePool, &layouts)
		}
	}
	for _, main := range httpd.Mains() {
		r.addLayout(dir, list, main, source.RoleApache, &layouts)
	}
	r.findUnits(dir, &layouts)
	r.findTunnels(dir, found)
	if r.system && layouts.any() {
		r.findOther(dir, &layouts)
		found.merge(&layouts)
		r.laidOut = true
		return
	}
	var walked entries
	r.walk(dir, &walked)
	found.merge(&layouts)
	found.merge(&walked)
}

// findOther searches for the server that no layout has, by the names of main files: walks
// of a whole machine, file by file, would take long.
func (r *reader) findOther(dir string, found *entries) {
	if found.nginx != nil && (found.masters != nil || found.pools != nil) {
		return
	}
	budget := maxWalk / 10
	for _, top := range otherTops {
		if within(top, dir) {
			r.walkMains(top, &budget, found)
		} else if within(dir, top) {
			r.walkMains(dir, &budget, found)
		}
	}
}

// otherTops are where packagers, panels and administrators put configurations.
var otherTops = []string{"/etc", "/usr/local", "/opt", "/srv", "/www", "/var/packages", "/volume1"}

// maxMainDepth is how many folders deep a main file may be.
const maxMainDepth = 9

// walkMains adds the main files of the server that found lacks.
func (r *reader) walkMains(top string, budget *int, found *entries) {
	for dirs := []string{top}; len(dirs) > 0; {
		dir := dirs[0]
		dirs = dirs[1:]
		list, err := r.tree.List(dir)
		if *budget -= len(list); err != nil || *budget < 0 {
			continue
		}
		for _, e := range list {
			switch {
			case e.Type == tree.Dir:
				if name := path.Join(dir, e.Name); !Skipped(e.Name) && !ofSamples(e.Name) && e.Name != "share" && e.Name != "lib" && strings.Count(name, "/") < maxMainDepth {
					dirs = append(dirs, name)
				}
			case found.nginx == nil && e.Name == "nginx.conf", found.masters == nil && e.Name == "php-fpm.conf",
				found.nginx == nil && found.apaches == nil && httpd.MainName(e.Name):
				r.addMainAt(path.Join(dir, e.Name), found)
			}
		}
	}
}

// addMainAt adds a main file that a walk found, if its content proves what it is.
func (r *reader) addMainAt(name string, found *entries) {
	if r.elsewhere(name) {
		return
	}
	f, err := r.open(name)
	if err != nil {
		return
	}
	g := r.guess(f)
	switch {
	case !g.proved && !g.master:
	case g.role == source.RoleFPM && found.masters == nil, g.role == source.RoleNginx && found.nginx == nil,
		g.role == source.RoleApache && found.apaches == nil:
		found.add(f, g.role)
	}
}

// addLayout adds the files of one path of a layout: at the path itself if dir is
// above it, and below dir if dir holds a root file system. list are the entries of dir.
func (r *reader) addLayout(dir string, list []tree.Entry, pattern string, role source.Role, found *entries) {
	if pattern == "" {
		return
	}
	fixed, _, _ := strings.Cut(pattern, "{")
	var names []string
	if within(pattern, dir) {
		names, _ = r.tree.Glob(servers.Glob(pattern))
	} else if strings.HasPrefix(dir, fixed) && below(servers.Glob(pattern), dir) {
		names, _ = r.tree.Glob(servers.Glob(pattern))
		inside := names[:0]
		for _, name := range names {
			if within(name, dir) {
				inside = append(inside, name)
			}
		}
		names = inside
	}
	if dir != "/" && hasTop(list, pattern) {
		more, _ := r.tree.Glob(tree.EscapeGlob(dir) + servers.Glob(pattern))
		names = append(names, more...)
	}
	for _, name := range names {
		if r.elsewhere(name) || !matchesTail(pattern, name) {
			continue
		}
		if f, err := r.open(name); err == nil {
			found.add(f, role)
		} else {
			r.skip(source.NotChecked{Path: name, Why: err.Error()}, role)
		}
	}
}

// hasTop reports whether the entries of a directory have the first folder of a path.
func hasTop(list []tree.Entry, name string) bool {
	top, _, _ := strings.Cut(name[1:], "/")
	return slices.ContainsFunc(list, func(e tree.Entry) bool { return e.Name == top })
}

// within reports whether name is dir or lies below it.
func within(name, dir string) bool {
	return dir == "/" || name == dir || strings.HasPrefix(name, dir+"/")
}

// below reports whether dir may be one of the parent directories of the paths that
// glob matches.
func below(glob, dir string) bool {
	depth := strings.Count(dir, "/")
	parts := strings.SplitN(glob, "/", depth+2)
	if len(parts) < depth+2 {
		return false
	}
	ok, err := path.Match(strings.Join(parts[:depth+1], "/"), dir)
	return ok && err == nil
}

// merge adds the entries of other after those of e.
func (e *entries) merge(other *entries) {
	for _, f := range other.nginx {
		e.add(f, source.RoleNginx)
	}
	for _, f := range other.masters {
		e.add(f, source.RoleFPM)
	}
	for _, f := range other.pools {
		e.add(f, source.RolePool)
	}
	for _, f := range other.fragments {
		e.add(f, source.RoleFragment)
	}
	for _, f := range other.apaches {
		e.add(f, source.RoleApache)
	}
	for _, f := range other.sites {
		e.add(f, source.RoleApacheFragment)
	}
	for _, f := range other.access {
		e.add(f, source.RoleHtaccess)
	}
	for _, f := range other.tunnels {
		e.add(f, source.RoleTunnel)
	}
}

// walk adds every file below dir whose content belongs to nginx, Apache or PHP-FPM.
func (r *reader) walk(top string, found *entries) {
	budget := maxWalk
	for dirs := []string{top}; len(dirs) > 0; {
		dir := dirs[len(dirs)-1]
		dirs = dirs[:len(dirs)-1]
		list, err := r.tree.List(dir)
		if err != nil {
			r.skip(source.NotChecked{Path: dir, Why: err.Error()}, "")
			continue
		}
		if budget -= len(list); budget < 0 {
			r.skip(source.NotChecked{Path: dir, Why: "too many files below " + top + "; the rest was not looked at"}, "")
			return
		}
		var below []string
		for _, e := range list {
			name := path.Join(dir, e.Name)
			switch {
			case e.Type == tree.Dir && !Skipped(e.Name):
				below = append(below, name)
			case e.Type == tree.File && e.Name == accessFile && len(r.access) < maxAccessFiles && !r.elsewhere(name):
				r.access = append(r.access, name)
			case e.Type != tree.Dir && candidate(name):
				r.consider(name, sample(strings.TrimPrefix(name, top)), found)
			case (!r.machine || top != "/" && top != "/etc") && tunnelName(e, name):
				r.considerTunnel(name, sample(strings.TrimPrefix(name, top)), found)
			}
		}
		for i := len(below) - 1; i >= 0; i-- {
			dirs = append(dirs, below[i])
		}
	}
}

// consider adds the named file if its content proves that it belongs to one of the servers.
func (r *reader) consider(name string, sample bool, found *entries) {
	if r.elsewhere(name) {
		return
	}
	f, err := r.open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, tree.ErrIsDir): // a link to a missing file or to a directory
		return
	case err != nil:
		r.skip(source.NotChecked{Path: name, Why: err.Error()}, "")
		return
	}
	g := r.guess(f)
	if g.role == "" && !sample {
		if role := r.roleOfTemplate(f); role != "" {
			found.add(f, role)
			return
		}
	}
	switch {
	case g.role == "":
	case sample, !g.proved:
		r.idle[name] = f
	default:
		found.add(f, g.role)
	}
}

// elsewhere reports whether a container has the file.
func (r *reader) elsewhere(name string) bool {
	if r.held == nil {
		return false
	}
	at, err := r.tree.Place(name)
	return err == nil && r.held(at.Real)
}

// Skipped reports whether a walk skips a directory unless it is named: it holds what is not
// the project's own.
func Skipped(name string) bool {
	switch name {
	case ".git", "node_modules", "vendor", "testdata":
		return true
	}
	return false
}

// candidate reports whether a walk reads files of this name.
func candidate(name string) bool {
	base := path.Base(name)
	switch ext := path.Ext(base); {
	case ext == ".conf", ext == ".ini", strings.Contains(base, ".conf."), ext == ".vhost":
		return true
	case ext == "" || sitesFolder(name):
		return sitesFolder(name)
	}
	return false
}

func sitesFolder(name string) bool { return strings.HasPrefix(path.Base(path.Dir(name)), "sites-") }

// sample reports whether a file is a sample or a copy and is not loaded as it is. name
// is relative to the start of a walk: its parent directories tell nothing. The official
// image of nginx makes conf.d/site.conf of templates/site.conf.template when it starts.
func sample(name string) bool {
	dir, base := path.Split(name)
	if folder := strings.TrimSuffix(dir, "templates/"); folder != dir && strings.HasSuffix(base, ".conf.template") {
		return ofSamples(folder)
	}
	return ofSamples(dir) || sampleName(base)
}

// ofSamples reports whether a directory holds samples or copies.
func ofSamples(dir string) bool {
	for folder := range strings.SplitSeq(strings.ToLower(dir), "/") {
		switch folder {
		case "sites-available", "conf-available", "mods-available", "backup", "backups", "sample", "samples", "example", "examples", "templates":
			return true
		}
	}
	return false
}

// sampleName is sample for a name without its directory.
func sampleName(base string) bool {
	base = strings.ToLower(base)
	if strings.HasSuffix(base, "~") {
		return true
	}
	_, rest, _ := strings.Cut(base, ".")
	before, last := "", rest
	if i := strings.LastIndexByte(rest, '.'); i >= 0 {
		before, last = rest[:i], rest[i+1:]
	}
	switch {
	case before == "":
		return copied(last)
	case last == "conf" || last == "ini" || last == "vhost" || last == "yml" || last == "yaml":
		return copied(before[strings.LastIndexByte(before, '.')+1:])
	}
	return copied(last)
}

// copied reports whether a part of a name marks a copy: www.conf.default,
// nginx.example.conf, site.conf.bak2, php.ini.dpkg-dist. A host name in a file name
// does not: www.example.com.conf.
func copied(part string) bool {
	isLetter := func(r rune) bool { return 'a' <= r && r <= 'z' }
	word := part
	if end := strings.IndexFunc(part, func(r rune) bool { return !isLetter(r) }); end >= 0 {
		word = part[:end]
	}
	switch word {
	case "default", "sample", "example", "dist", "bak", "orig", "old", "save", "disabled", "template", "tmpl", "tpl":
		return strings.IndexFunc(part[len(word):], isLetter) < 0
	case "dpkg":
		return strings.HasPrefix(part, "dpkg-")
	}
	return part == "rpmnew" || part == "rpmsave"
}
