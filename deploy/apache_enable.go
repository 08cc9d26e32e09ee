package deploy

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/hole"
	"github.com/wp502lint/wp502lint/parser/shell"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// enabler makes and removes the links of Debian's layout of Apache (a2enmod of Debian's apache2).
type enabler struct {
	*world
	at source.Span
	// force is set with -f, kind is mods, conf or sites, and end is how the names of their files end.
	force     bool
	kind, end string
	// met are those that were enabled or disabled already: modules may depend on each other.
	met map[string]bool
}

// meet reports whether a name is met for the first time.
func (x *enabler) meet(name string) bool {
	if x.met == nil {
		x.met = map[string]bool{}
	}
	first := !x.met[name]
	x.met[name] = true
	return first
}

// essential are the modules that a2dismod removes only with -f.
var essential = []string{"alias", "auth_basic", "authn_file", "authz_host", "authz_user", "autoindex", "deflate", "dir", "env", "filter", "logio", "mime", "negotiation", "setenvif", "unixd", "version", "watchdog"}

// Enable implements shell.World.
func (w *world) Enable(e shell.Enabled) {
	x := &enabler{world: w, at: e.At, force: e.Force, end: ".conf"}
	verb, kind := "", ""
	if name, ok := strings.CutPrefix(e.Tool, "a2en"); ok {
		verb, kind = "en", name
	} else if name, ok := strings.CutPrefix(e.Tool, "a2dis"); ok {
		verb, kind = "dis", name
	}
	switch kind {
	case "mod":
		x.kind, x.end = "mods", ".load"
	case "conf":
		x.kind = "conf"
	case "site":
		x.kind = "sites"
	default:
		return
	}
	if e.Maybe {
		w.files.Doubt(x.dir("enabled"), e.At, e.Tool+", under a condition")
		return
	}
	for _, name := range e.Names {
		name = strings.TrimSuffix(name, x.end)
		if verb == "en" {
			x.enableAll(name)
		} else {
			x.disableAll(name)
		}
	}
}

// dir returns the directory of what is available or enabled.
func (x *enabler) dir(state string) string {
	conf := "/etc/apache2"
	if v, ok := x.env["APACHE_CONFDIR"]; ok && path.IsAbs(v.String) {
		conf = v.String
	}
	return path.Join(conf, x.kind+"-"+state)
}

// named returns the names in a directory that match a pattern.
func (x *enabler) named(dir, pattern string) (names []string) {
	found, _ := x.files.Now().Glob(path.Join(dir, pattern+x.end))
	for _, name := range found {
		names = append(names, strings.TrimSuffix(path.Base(name), x.end))
	}
	return names
}

// enableAll enables what matches a name. One that the files do not have may be among what an image
// or a package brings, so that its link leads to a file that is not known.
func (x *enabler) enableAll(pattern string) {
	names := x.named(x.dir("available"), pattern)
	if len(names) == 0 && !strings.ContainsAny(pattern, "*?[\x00") && pattern != "" {
		target := path.Join(x.dir("available"), pattern+x.end)
		x.files.PutUnknown(target, "nothing in the project brings it", x.own(0o644))
		names = []string{pattern}
	}
	for _, name := range names {
		x.enableOne(name)
	}
}

// enableOne makes the links of one, after those that a module depends on. It reports whether a
// conflict keeps it from doing so.
func (x *enabler) enableOne(name string) bool {
	if !x.meet(name) {
		return true
	}
	if x.kind == "mods" {
		if name == "cgi" && !x.enabled("mpm_prefork") {
			name = "cgid" // as a2enmod selects with an MPM that has threads
		}
		for _, other := range x.header(name, "Depends") {
			if !x.enableOne(other) {
				return false
			}
		}
		if slices.ContainsFunc(x.header(name, "Conflicts"), x.enabled) {
			return false
		}
	}
	x.link(name + x.end)
	if conf := name + ".conf"; x.kind == "mods" && x.Stat(path.Join(x.dir("available"), conf)) == shell.File {
		x.link(conf)
	}
	return true
}

func (x *enabler) link(base string) {
	name := path.Join(x.dir("enabled"), base)
	if kind := x.Lstat(name); kind == shell.Missing || kind == shell.Unknown {
		x.files.Link(name, "../"+x.kind+"-available/"+base)
	}
}

// enabled reports whether a module is enabled.
func (x *enabler) enabled(name string) bool {
	return x.Lstat(path.Join(x.dir("enabled"), name+".load")) == shell.Link
}

// header returns the words of a comment at the start of the file of a module, such as # Depends: proxy.
func (x *enabler) header(name, key string) []string {
	text, err := x.files.Now().Open(path.Join(x.dir("available"), name+".load"))
	if err != nil {
		return nil
	}
	for line := range strings.Lines(text.Content) {
		if rest, ok := strings.CutPrefix(line, "# "+key+":"); ok {
			return strings.Fields(rest)
		}
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			break
		}
	}
	return nil
}

// disableAll removes the links of what matches a name. A module that others need stays without -f, which
// removes those too.
func (x *enabler) disableAll(pattern string) {
	for _, name := range x.named(x.dir("enabled"), pattern) {
		if x.kind == "mods" && !x.force && slices.Contains(essential, name) {
			continue
		}
		x.disableOne(name)
	}
}

func (x *enabler) disableOne(name string) {
	if !x.meet(name) {
		return
	}
	if x.kind == "mods" {
		for _, other := range x.named(x.dir("enabled"), "*") {
			switch needs := slices.Contains(x.header(other, "Depends"), name); {
			case needs && !x.force:
				return
			case needs:
				x.disableOne(other)
			}
		}
		x.unlink(name + ".conf")
	}
	x.unlink(name + x.end)
}

// unlink removes a link, and no file.
func (x *enabler) unlink(base string) {
	if name := path.Join(x.dir("enabled"), base); x.Lstat(name) == shell.Link {
		x.files.Remove(name)
	}
}

// installModules adds what packages of Debian bring for Apache: its modules, and the files that the
// packages of PHP-FPM have for it.
func (w *world) installModules(p shell.Packages) {
	for _, name := range p.Names {
		if name = w.modPHP(name, p.Names); strings.HasPrefix(name, modules) && (w.base.Distribution == "debian" || w.base.Distribution == "ubuntu") {
			w.installModule(name, p)
		}
	}
	if !w.runs(servers.Apache) {
		return
	}
	w.openPHP(p)
	for _, q := range w.programs {
		if q.Server != servers.FPM {
			continue
		}
		f, ok := servers.RHELApachePHP(w.base.Release, q.Conf)
		if version, debian := strings.CutPrefix(path.Dir(q.Conf), "/etc/php/"); debian {
			f, ok = servers.DebianApacheFPM(strings.TrimSuffix(version, "/fpm")), true
		}
		if ok && w.isDirectory(path.Dir(f.Name)) && w.Lstat(f.Name) != shell.File {
			w.bring([]servers.ImageFile{f}, nil, nil)
		}
	}
}

// openPHP leaves open what the package of PHP of RHEL and Fedora brings for Apache: PHP inside it up
// to RHEL 7, later a PHP-FPM, unless the packages that it recommends are left out.
func (w *world) openPHP(p shell.Packages) {
	const dir = "/etc/httpd/conf.d"
	if !w.isDirectory(dir) || w.runs(servers.FPM) {
		return
	}
	for _, name := range p.Names {
		base, ok := "php", name == "php" || name == "mod_php"
		if collection, remi := strings.CutSuffix(name, "-php"); remi && len(collection) == len("php83") && strings.HasPrefix(collection, "php") {
			base, ok = name, true
		}
		if file := path.Join(dir, base+".conf"); ok && w.Lstat(file) != shell.File {
			w.files.PutUnknown(file, "cannot tell what package "+name+" brings", w.own(0o644))
		}
	}
}

// modules is how the packages of modules of Debian begin.
const modules = "libapache2-mod-"

// installModule adds the module of a package, which enables it. Of one that is not known, the file
// is not known either.
func (w *world) installModule(name string, p shell.Packages) {
	if !w.runs(servers.Apache) { // which each of them depends on
		w.Install(shell.Packages{Manager: p.Manager, Names: []string{"apache2"}, At: p.At})
	}
	x := &enabler{world: w, at: p.At, kind: "mods", end: ".load"}
	version, files, known := servers.DebianModPHP(w.base.Release, name)
	module := "php" + version
	if !known {
		module, _, _ = strings.Cut(strings.ReplaceAll(strings.TrimPrefix(name, modules), "-", "_"), hole.Mark)
		target := path.Join(x.dir("available"), cmp.Or(module, "any")+".load")
		if _, ok := servers.Package(w.base.Distribution, w.base.Release, name); ok || x.Stat(target) == shell.File {
			return
		}
		x.files.PutUnknown(target, "cannot tell what package "+hole.Name(name)+" brings", x.own(0o644))
		x.enableOne(cmp.Or(module, "any"))
		return
	}
	w.bring(files, nil, nil)
	for _, mpm := range []string{"mpm_event", "mpm_worker"} {
		x.disableOne(mpm)
	}
	x.enableOne(module)
}

// loadModule makes Apache load a module of PHP that is built with apxs, which enables it where Debian's
// layout is, and elsewhere adds a line after the others (httpd support/apxs.in).
func (w *world) loadModule(name string) {
	x := &enabler{world: w, kind: "mods", end: ".load"}
	if w.isDirectory(x.dir("available")) {
		w.bring([]servers.ImageFile{{Name: path.Join(x.dir("available"), name+".load"), Text: servers.ModPHP(name)}}, nil, nil)
		x.enableOne(name)
		return
	}
	p, _ := w.apacheProgram()
	text, known := w.Read(p.Conf)
	if !known {
		return
	}
	line := strings.LastIndex(text.String, "\nLoadModule ") + 1
	at := line + strings.IndexByte(text.String[line:], '\n') + 1
	added := source.Made("LoadModule "+name+"_module modules/lib"+name+".so\n", source.Span{})
	w.Edit(p.Conf, hole.Join(text.Slice(0, at), added, text.Slice(at, len(text.String))), source.Span{})
}

// modPHP returns the package that a metapackage of PHP brings: PHP inside Apache, unless another way
// to run PHP is installed or about to be (php8.2 of Debian depends on the first of
// libapache2-mod-php8.2, php8.2-fpm and php8.2-cgi).
func (w *world) modPHP(name string, all []string) string {
	version, ok := strings.CutPrefix(name, "php")
	if !ok || strings.Trim(version, "0123456789."+hole.Mark) != "" || version == "5" {
		return name
	}
	other := func(name string) bool { return strings.HasSuffix(name, "-fpm") || strings.HasSuffix(name, "-cgi") }
	if w.runs(servers.FPM) || slices.ContainsFunc(all, other) {
		return name
	}
	return modules + name
}

func (w *world) isDirectory(name string) bool {
	info, err := w.files.Now().Stat(name)
	return err == nil && info.Type == tree.Dir
}
