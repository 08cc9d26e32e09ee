package apachet

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/servers/httpd"
	"github.com/wp502lint/wp502lint/source"
)

// presence is whether a module is loaded.
type presence uint8

const (
	absent presence = iota
	possible
	present
)

// modules are those of one configuration.
type modules struct {
	known  map[string]presence // by name
	loads  []apache.Module     // those that load one, in order
	built  build
	sealed bool // no other module is loaded
	// foreign is set if one is loaded that may bring directives which are not in the table, and
	// others if one is that may know other words of Require.
	foreign, others bool
}

// build is how httpd was compiled.
type build uint8

const (
	unknownBuild build = iota
	debian             // with some modules compiled in, see httpd.Module.Built
	shared             // RHEL, Alpine: with hardly any, and MPMs to load
)

var mpms = []string{"mpm_event_module", "mpm_prefork_module", "mpm_worker_module"}

// loadedBy returns the modules that c loads.
func loadedBy(c *apache.Config, f *host.Facts) modules {
	left := leftOut(c, f)
	m := modules{known: map[string]presence{}, built: buildOf(c), sealed: sealed(c, left != "")}
	for built := range httpd.Modules() {
		switch {
		case built.Always, built.Built && m.built == debian:
			m.known[built.Name] = present
		case built.Built:
			m.known[built.Name] = possible
		}
	}
	if m.built == unknownBuild && !loadsMPM.MatchString(left) { // from source the MPM is compiled in unless --enable-mpms-shared is given
		for _, mpm := range mpms {
			m.add(mpm, possible)
		}
	}
	for _, load := range c.Modules {
		if load.At.Maybe() != "" {
			m.add(load.Name, possible)
			continue
		}
		if m.known[load.Name] != present {
			m.loads = append(m.loads, load)
		}
		m.add(load.Name, present)
	}
	return m
}

// leftOut returns the LoadModule lines of the distribution, if nothing includes any of them; "" for
// none.
func leftOut(c *apache.Config, f *host.Facts) string {
	if c.Main == nil || len(c.Modules) > 0 || f == nil {
		return ""
	}
	dir := path.Dir(c.Main.Name)
	if path.Base(dir) == "conf" {
		dir = path.Dir(dir)
	}
	var lines []string
	for _, pattern := range []string{"/mods-enabled/*.load", "/conf.modules.d/*.conf"} {
		for _, name := range f.Files.Glob(dir + pattern) {
			text, _ := f.Files.Text(name) // "" if it is not known
			lines = append(lines, loadLine.FindAllString(text, -1)...)
		}
	}
	return strings.Join(lines, "\n")
}

// loadLine matches a line that loads a module, and loadsMPM one that loads an MPM.
var (
	loadLine = lazyregexp.New(`(?mi)^[ \t]*LoadModule[ \t]+\w+`)
	loadsMPM = lazyregexp.New(`(?mi)[ \t]mpm_\w+_module$`)
)

// sealed reports whether every LoadModule line was read. A configuration without one is a part
// of another, unless those of its system are left out, or httpd has everything compiled in.
func sealed(c *apache.Config, leftOut bool) bool {
	return c.Main != nil && len(c.Unread) == 0 && (len(c.Modules) > 0 || leftOut) &&
		!slices.ContainsFunc(c.Problems, func(p apache.Problem) bool { return !p.Kind.Refused() }) &&
		!slices.ContainsFunc(c.Files, linkText)
}

// linkText reports whether the text of a file is only a path: a symbolic link that was copied,
// or checked out by git, where there are none.
func linkText(f *source.File) bool {
	return strings.Contains(f.Text, "/") && !strings.ContainsAny(f.Text, " \t\r\n<")
}

func (m *modules) add(name string, p presence) {
	m.known[name] = max(m.known[name], p)
	row := httpd.ModuleNamed(name)
	m.foreign = m.foreign || row == nil
	m.others = m.others || row == nil || !row.Own && !row.Whole
}

// builtIn reports whether a module is certainly compiled in.
func (m *modules) builtIn(name string) bool {
	row := httpd.ModuleNamed(name)
	return row != nil && (row.Always || row.Built && m.built == debian)
}

const debianRoot, debianObjects = "/etc/apache2", "/usr/lib/apache2/modules/"

// buildOf returns how httpd was compiled, from where its files are: those of Debian and Ubuntu
// (package apache2-bin), RHEL and Alpine. cPanel and an httpd from source have others.
func buildOf(c *apache.Config) build {
	for _, m := range c.Modules {
		if strings.HasPrefix(m.File, debianObjects) {
			return debian
		}
	}
	if c.Main == nil {
		return unknownBuild
	}
	switch c.Main.Name {
	case debianRoot + "/apache2.conf":
		return debian
	case "/etc/httpd/conf/httpd.conf":
		return shared
	case "/etc/apache2/httpd.conf": // Alpine loads an MPM; openSUSE and Gentoo compile one in
		if slices.ContainsFunc(c.Modules, func(m apache.Module) bool { return strings.HasPrefix(m.Name, "mpm_") }) {
			return shared
		}
	}
	return unknownBuild
}

// of returns whether the module of a name is loaded.
func (m *modules) of(name string) presence {
	p := m.known[name]
	if p == absent && !m.sealed {
		return possible
	}
	return p
}

// anyOf returns whether one of some modules is loaded.
func (m *modules) anyOf(names []string) presence {
	p := absent
	for _, name := range names {
		p = max(p, m.of(name))
	}
	return p
}

// load judges a LoadModule, with those before it (httpd modules/core/mod_so.c, load_module).
func (x *checker) load(before map[string]bool, load apache.Module) *Refusal {
	d := load.At
	row := httpd.ModuleNamed(load.Name)
	at := d.At
	switch {
	case before[load.Name]:
		return nil // a warning
	case x.modules.builtIn(load.Name) && row.Name != "core_module" && row.Name != "http_module":
		return refusal(Module, d, at, short(load.Name)+" is compiled into this Apache and cannot be loaded again", "module "+load.Name+" is built-in and can't be loaded")
	}
	if x.missing(load.File) {
		return refusal(Module, d, at, "the module file "+quoted(load.File)+" does not exist",
			"Cannot load "+d.Arg(1)+" into server: "+load.File+": cannot open shared object file: No such file or directory")
	}
	if other := holds(path.Base(load.File)); other != nil && other.Own && (row == nil || row.Own) && other.Name != load.Name {
		return refusal(Module, d, at, quoted(path.Base(load.File))+" holds "+other.Name+", not "+load.Name,
			"Can't locate API module structure `"+load.Name+"' in file "+load.File)
	}
	if row == nil {
		return nil
	}
	for _, need := range row.Needs {
		if x.modules.sealed && !before[need] && x.modules.known[need] != possible {
			r := refusal(Module, d, at, short(load.Name)+" needs "+short(need)+", which no LoadModule line before it loads",
				"Cannot load "+d.Arg(1)+" into server: "+load.File+": undefined symbol")
			r.Module = need
			return r
		}
	}
	return nil
}

// missing reports whether an object does not exist: its directory has others, but not it.
func (x *checker) missing(file string) bool {
	if x.facts == nil || x.facts.Files == nil || strings.ContainsAny(file, `*?[\`) {
		return false
	}
	exists, _ := x.facts.Files.Exists(file)
	return !exists && len(x.facts.Files.Glob(path.Dir(file)+"/*")) > 0
}

// holds returns the module in an object; nil for an unknown one.
func holds(object string) *httpd.Module {
	for m := range httpd.Modules() {
		if m.Object == object && object != "" {
			return m
		}
	}
	return nil
}

// short returns the name of a module as it is called: mod_proxy for proxy_module.
func short(module string) string {
	if phpModule.MatchString(module) {
		return "mod_php"
	}
	if m := httpd.ModuleNamed(module); m != nil && m.Object != "" {
		return strings.TrimSuffix(m.Object, ".so")
	}
	return "mod_" + httpd.Short(module)
}

// mpms returns the LoadModule lines of MPMs.
func (x *checker) mpms() (all []apache.Module) {
	for _, m := range x.modules.loads {
		if row := httpd.ModuleNamed(m.Name); row != nil && row.MPM {
			all = append(all, m)
		}
	}
	return all
}

var phpModule = lazyregexp.New(`^php\d*_module$`)

// processes judges the MPM, once all is read (httpd server/mpm_common.c, ap_check_mpm), and
// that mod_php can run in it (PHP sapi/apache2handler/sapi_apache2.c, php_pre_config; measured
// on Apache 2.4). The PHP of distributions is not made for threads, unless it has zts in its
// name; one that was compiled for an httpd with threads is.
func (x *checker) processes() *Refusal {
	mpms := x.mpms()
	switch {
	case len(mpms) > 1:
		r := refusal(Module, mpms[1].At, mpms[1].At.At, "a second MPM, "+httpd.Short(mpms[1].Name)+", is loaded", "Configuration error: More than one MPM loaded.")
		return noted(r, mpms[0].At, httpd.Short(mpms[0].Name)+" is loaded here")
	case len(mpms) == 0:
		return x.noMPM()
	case mpms[0].Name != "mpm_event_module" && mpms[0].Name != "mpm_worker_module":
		return nil
	}
	i := slices.IndexFunc(x.modules.loads, func(m apache.Module) bool { return phpModule.MatchString(m.Name) })
	if i < 0 || !x.modules.distributed(x.modules.loads[i].File) || strings.Contains(path.Base(x.modules.loads[i].File), "zts") {
		return nil
	}
	php := x.modules.loads[i].At
	r := refusal(Module, php, php.At, "mod_php needs mpm_prefork, and "+httpd.Short(mpms[0].Name)+" is loaded",
		"Apache is running a threaded MPM, but your PHP Module is not compiled to be threadsafe.  You need to recompile PHP.")
	return noted(r, mpms[0].At, "the MPM is loaded here")
}

// distributed reports whether an object is of a package of the distribution.
func (m *modules) distributed(file string) bool {
	return m.built == shared || m.built == debian && strings.HasPrefix(file, debianObjects)
}

// noMPM returns that no MPM is loaded, if httpd has none compiled in.
func (x *checker) noMPM() *Refusal {
	if !x.modules.sealed {
		return nil
	}
	for m := range httpd.Modules() {
		if m.MPM && x.modules.known[m.Name] != absent {
			return nil
		}
	}
	if x.modules.foreign {
		return nil
	}
	r := x.omits(Module, "no LoadModule line loads an MPM, such as mpm_event", "Configuration error: No MPM loaded.")
	r.Module = "mpm_event_module"
	return r
}
