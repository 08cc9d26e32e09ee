package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// unitDirs are the directories of units. The first that has a name wins
// (systemd.unit(5)). Packages use the last two.
var unitDirs = []string{
	"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
}

// tmpfilesDirs are the directories of tmpfiles.d files. Of two files of one name the
// first applies. Packages use the last one.
var tmpfilesDirs = []string{"/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d"}

// maxUnits limits how many units are read.
const maxUnits = 1000

// readUnits reads the units of nginx and PHP-FPM, and the directories that systemd
// creates at boot, of a tree that is laid out like a machine.
func (r *reader) readUnits() {
	if !r.system || len(r.configs.Nginx) == 0 && len(r.configs.Masters) == 0 {
		return
	}
	met := map[string]bool{}  // names
	real := map[string]bool{} // an alias is a link to the unit
	for i, dir := range unitDirs {
		list, err := r.tree.List(dir)
		if err != nil {
			continue
		}
		r.configs.Packaged = r.configs.Packaged || i >= len(unitDirs)-2
		for _, e := range list {
			if e.Type == tree.Dir || !serverUnit(e.Name) || met[e.Name] || len(r.configs.Units) >= maxUnits {
				continue
			}
			met[e.Name] = true
			f, err := r.open(path.Join(dir, e.Name))
			if err != nil || real[f.Real] { // masked, or an alias
				continue
			}
			real[f.Real] = true
			files := append([]*source.File{f}, r.dropIns(e.Name)...)
			r.configs.Units = append(r.configs.Units, systemd.Load(e.Name, files))
		}
	}
	r.readTmpfiles()
}

// serverUnit reports whether a unit of this name may run nginx or PHP-FPM.
func serverUnit(name string) bool {
	return strings.HasSuffix(name, ".service") && (strings.Contains(name, "fpm") || strings.Contains(name, "nginx") || strings.Contains(name, "openresty"))
}

// dropIns returns the files of NAME.d in the order of their names; of two files of one
// name, the one in the first directory applies.
func (r *reader) dropIns(unit string) (files []*source.File) {
	byName := map[string]string{}
	for _, dir := range unitDirs {
		list, err := r.tree.List(path.Join(dir, unit+".d"))
		if err != nil {
			continue
		}
		for _, e := range list {
			if strings.HasSuffix(e.Name, ".conf") && byName[e.Name] == "" {
				byName[e.Name] = path.Join(dir, unit+".d", e.Name)
			}
		}
	}
	return r.inOrder(byName)
}

// inOrder opens files in the order of their base names.
func (r *reader) inOrder(byName map[string]string) (files []*source.File) {
	var names []string
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if f, err := r.open(byName[name]); err == nil {
			files = append(files, f)
		}
	}
	return files
}

// readTmpfiles reads the directories that systemd-tmpfiles creates.
func (r *reader) readTmpfiles() {
	byName := map[string]string{}
	for i, dir := range tmpfilesDirs {
		list, err := r.tree.List(dir)
		if err != nil {
			continue
		}
		r.configs.Packaged = r.configs.Packaged || i == len(tmpfilesDirs)-1
		for _, e := range list {
			if strings.HasSuffix(e.Name, ".conf") && byName[e.Name] == "" {
				byName[e.Name] = path.Join(dir, e.Name)
			}
		}
	}
	for _, f := range r.inOrder(byName) {
		r.configs.BootDirs = append(r.configs.BootDirs, systemd.Tmpfiles(f)...)
	}
}
