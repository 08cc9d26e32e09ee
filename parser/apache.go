package parser

import (
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// Apache is one configuration of Apache: a main file with everything it includes, or the
// loose files of a tree that has no main file for them.
type Apache struct {
	*apache.Config
	// Layout is the one that the path fits, and Root the directory that serves as its "/", ""
	// for the root of the tree; nil if it fits none.
	Layout *httpd.Layout
	Root   string
	// Environment is what is known of the environment of Apache.
	Environment *Environment
	// Started is set if the files tell how Apache is started, so that it has no -D but those
	// of Environment.
	Started bool
	// Units are those that start it.
	Units []*systemd.Unit
	// Loose is set if there is no main file.
	Loose bool
	// Open is set if includes lead to files that could not be read: what these define is
	// unknown.
	Open bool
	// AccessCut is set if directories of the sites were not searched for .htaccess files because
	// there are too many.
	AccessCut bool

	serverRoot string
}

// All returns every directive, those inside a section after it.
func (a *Apache) All() iter.Seq[*apache.Directive] {
	return func(yield func(*apache.Directive) bool) { all(a.Directives, yield) }
}

func all(list []*apache.Directive, yield func(*apache.Directive) bool) bool {
	for _, d := range list {
		if !yield(d) || !all(d.Children, yield) {
			return false
		}
	}
	return true
}

// readApaches reads every main file, and then the files that none includes.
func (r *reader) readApaches(found *entries) {
	if !found.ofApache() {
		return
	}
	included := map[*source.File]bool{}
	var all []*Apache
	for _, f := range found.apaches {
		a := r.newApache(f)
		w := r.worldOf(a, f)
		r.take(a, w, apache.Load(f, w))
		all = append(all, a)
		for _, f := range a.Files {
			included[f] = included[f] || f != a.Main
		}
	}
	all = slices.DeleteFunc(all, func(a *Apache) bool { return included[a.Main] })
	if loose := r.looseSites(found, all, included); loose != nil {
		a := r.newApache(loose[0])
		a.Loose = true
		w := r.worldOf(a, loose[0])
		r.take(a, w, apache.LoadLoose(loose, w))
		all = append(all, a)
	}
	r.configs.Apaches = all
	r.readAccess(found)
}

// take keeps what was read for a in w, once nothing is read ahead any more.
func (r *reader) take(a *Apache, w *apacheWorld, c *apache.Config) {
	w.readers.Wait()
	a.Config = c
	a.Open = len(c.Unread) > 0
	for _, what := range c.Unread {
		role := source.RoleApache
		if what.Why == apache.OnWindows { // every file is read
			role = source.RoleApacheFragment
		}
		r.skip(what, role)
	}
	r.skipUnset(a)
}

// skipUnset says once of each variable that no file sets, where the files of variables are among
// those read, that the lines with it are not judged. Conditions, includes and handlers with one are
// said where they are judged.
func (r *reader) skipUnset(a *Apache) {
	if a.Loose || len(a.Environment.Files) == 0 {
		return
	}
	said := map[string]bool{}
	for d := range a.All() {
		switch d.Name {
		case "ifdefine", "ifmodule", "iffile", "ifdirective", "ifsection", "ifversion", "include", "includeoptional",
			"sethandler", "addhandler", "action", "proxypass", "proxypassmatch", "balancermember", "rewriterule":
			continue
		}
		if d.Maybe() != "" {
			continue
		}
		for _, w := range d.Args {
			if w.Unset() == "" || said[w.Unset()] || a.Environment.mentions(w.Unset()) {
				continue
			}
			said[w.Unset()] = true
			r.skip(source.NotChecked{At: w.At, Why: "no file sets ${" + w.Unset() + "}, and only the environment of Apache may"}, source.RoleApacheFragment)
		}
	}
}

// looseSites returns the files that no main file includes. One beside a main file, or in a
// folder of what it includes, is not loaded: it is listed.
func (r *reader) looseSites(found *entries, mains []*Apache, included map[*source.File]bool) (loose []*source.File) {
	for _, f := range found.sites {
		beside := func(a *Apache) bool { return governs(a.Main.Name, f.Name) }
		switch {
		case included[f]:
		case slices.ContainsFunc(mains, beside) && !found.named[f]:
			r.idle[f.Name] = f
		default:
			loose = append(loose, f)
		}
	}
	slices.SortFunc(loose, func(a, b *source.File) int { return strings.Compare(a.Name, b.Name) })
	return loose
}

// governs reports whether a file belongs to the installation with a main file, which then
// includes it if anything does.
func governs(main, name string) bool {
	dir := path.Dir(main)
	if path.Base(dir) == "conf" {
		dir = path.Dir(dir)
	}
	return dir != "/" && within(name, dir)
}

// newApache returns the configuration with the main file, or the first of loose files, before
// it is read.
func (r *reader) newApache(f *source.File) *Apache {
	a := &Apache{Environment: &Environment{}}
	id := r.systemID()
	if a.Layout, a.Root = httpd.LayoutOf(f.Name, id); a.Layout != nil {
		if id == "" {
			a.Layout = a.Layout.Told(func(name string) bool { return r.exists(a.Root + name) })
		}
		a.serverRoot = a.Root + a.Layout.Root
	} else {
		a.serverRoot = path.Dir(f.Name)
		if path.Base(a.serverRoot) == "conf" {
			a.serverRoot = path.Dir(a.serverRoot)
		}
	}
	r.startApache(a, f)
	return a
}

// startApache reads how Apache is started: the unit that starts it with main, and the files of
// variables.
func (r *reader) startApache(a *Apache, main *source.File) {
	if s, ok := r.starts[main.Name]; ok {
		a.Started, a.Environment.Defined = true, slices.Compact(slices.Sorted(slices.Values(s.Defined)))
		if path.IsAbs(s.Root) {
			a.serverRoot = path.Clean(s.Root)
		}
		for name, value := range s.Env {
			a.Environment.set(name, variable{value, true, true})
		}
		return
	}
	var defined []string
	known := true
	if r.loadUnits(); r.units != nil {
		for _, u := range r.units.all {
			o, ok := startsApache(u, main, a.Layout)
			if !ok {
				continue
			}
			a.Units = append(a.Units, u)
			defined = append(defined, o.Defined...)
			if path.IsAbs(o.Root) {
				a.serverRoot = path.Clean(o.Root)
			}
			known = r.readUnitEnvironment(a.Environment, u) && known
		}
	}
	r.readEnvironment(a, main)
	more, sure := a.Environment.options()
	defined = append(defined, more...)
	slices.Sort(defined)
	a.Environment.Defined = slices.Compact(defined)
	a.Started = known && sure && (a.Units != nil || a.Environment.Files != nil)
}

// readEnvironment reads the files of variables of the layout, or the one beside main, as Debian
// has it.
func (r *reader) readEnvironment(a *Apache, main *source.File) {
	names, exported := []string(nil), false
	if a.Layout != nil {
		for _, name := range a.Layout.Env {
			names = append(names, a.Root+name)
		}
		exported = a.Layout.Exported
	} else {
		dir := path.Dir(main.Name)
		names = append(names, path.Join(dir, "envvars"))
		if parent := path.Dir(dir); parent != dir && siteFolder(path.Base(dir)) {
			names = append(names, path.Join(parent, "envvars"))
		}
	}
	for _, name := range names {
		f, err := r.open(name)
		switch {
		case err != nil || slices.Contains(a.Environment.Files, f):
		case exported:
			a.Environment.readPlain(f)
		default:
			a.Environment.readShell(f)
		}
	}
}

// siteFolder reports whether a main file beside a folder of this name includes what is in it.
func siteFolder(base string) bool {
	return strings.HasSuffix(base, "-enabled") || strings.HasSuffix(base, "-available") || slices.Contains(httpd.SiteFolders, base)
}

// apacheDirs returns the directories that may have the sites of a main file: its own, and those of
// distributions beside it or beside that.
func apacheDirs(main string) (dirs []string) {
	dir := path.Dir(main)
	dirs = append(dirs, dir)
	for _, name := range httpd.SiteFolders {
		dirs = append(dirs, path.Join(dir, name))
		if path.Base(dir) == "conf" {
			dirs = append(dirs, path.Join(path.Dir(dir), name))
		}
	}
	return dirs
}

// systemID returns the ID of the system (os-release(5)); "" if unknown.
func (r *reader) systemID() string {
	if !r.machine {
		return ""
	}
	for _, name := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		f, err := r.open(name)
		if err != nil {
			continue
		}
		var e Environment
		e.readPlain(f)
		id, _ := e.Get("ID")
		return id
	}
	return ""
}

// listApaches lists the files of Apache with their roles.
func (c *Configs) listApaches(list func(role source.Role, files ...*source.File)) {
	for _, a := range c.Apaches {
		if a.Loose {
			list(source.RoleApacheFragment, a.Files...)
		}
		list(source.RoleApache, a.Files...)
		for _, dir := range slices.Sorted(maps.Keys(a.Access)) {
			list(source.RoleHtaccess, a.Access[dir].File)
		}
		list(source.RoleEnvironment, a.Environment.Files...)
	}
}
