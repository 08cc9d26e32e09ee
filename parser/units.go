package parser

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
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

// loadUnits reads the units of nginx, Apache and PHP-FPM of a tree that is laid out like a
// machine, and which of them the machine starts at boot.
func (r *reader) loadUnits() {
	if !r.system || r.container || r.units != nil {
		return
	}
	r.units = &units{at: map[string]bool{}, real: map[string]bool{}}
	r.readWants()
	for i, dir := range unitDirs {
		list, err := r.tree.List(dir)
		if err != nil {
			continue
		}
		r.configs.Packaged = r.configs.Packaged || i >= len(unitDirs)-2
		for _, e := range list {
			if e.Type != tree.Dir && (serverUnit(e.Name) || tunnelUnit(e.Name)) && !r.units.at[e.Name] && len(r.units.all) < maxUnits {
				r.units.at[e.Name] = true
				r.loadUnit(dir, e.Name)
			}
		}
	}
}

// units are the units of nginx, Apache and PHP-FPM, and those of cloudflared.
type units struct {
	all     []*systemd.Unit
	tunnels []*systemd.Unit
	by      map[string]unitStart // by the main file of PHP-FPM
	at      map[string]bool      // by name
	real    map[string]bool      // by resolved file: an alias is a link to the unit
}

// add keeps a unit.
func (u *units) add(unit *systemd.Unit) {
	if tunnelUnit(unit.Name) {
		u.tunnels = append(u.tunnels, unit)
		return
	}
	u.all = append(u.all, unit)
}

// loadUnit reads a unit of a directory: a template as its instances that the machine wants.
func (r *reader) loadUnit(dir, name string) {
	f, err := r.openUnit(path.Join(dir, name))
	switch {
	case f == nil && err == nil:
		r.configs.Masked = append(r.configs.Masked, name)
		return
	case err != nil || r.units.real[f.Real]:
		return
	}
	r.units.real[f.Real] = true
	if !strings.Contains(name, "@.") {
		r.units.add(systemd.Load(name, append([]*source.File{f}, r.dropIns(name)...)))
		return
	}
	for _, wanted := range r.configs.Wanted {
		if template, _, ok := systemd.Template(wanted); ok && template == name && !r.units.at[wanted] {
			r.units.at[wanted] = true
			files := append([]*source.File{f}, r.dropIns(name, wanted)...)
			r.units.add(systemd.Load(wanted, files))
		}
	}
}

// openUnit opens the file of a unit; nil without an error if the unit is masked: an empty file,
// or a link to /dev/null (systemd.unit(5)). A copy of a tree may have the target of a link
// as the text of a file.
func (r *reader) openUnit(name string) (*source.File, error) {
	const null = "/dev/null"
	if r.tree.Leads(name) == null {
		return nil, nil
	}
	f, err := r.open(name)
	if err != nil {
		return nil, err
	}
	switch text := strings.TrimSpace(f.Text); {
	case text == "", text == null:
		return nil, nil
	case text[0] == '/' && !strings.Contains(text, "\n"):
		return r.open(text)
	}
	return f, nil
}

// readWants lists the units that others start: the links in the directories NAME.wants,
// NAME.requires and NAME.upholds.
func (r *reader) readWants() {
	for i, dir := range unitDirs {
		list, _ := r.tree.List(dir)
		for n, folder := range list {
			switch path.Ext(folder.Name) {
			case ".wants", ".requires", ".upholds":
			case ".target", ".service", ".timer", ".path":
				if i == 0 && n < maxUnits && !serverUnit(folder.Name) {
					r.readWanting(path.Join(dir, folder.Name))
				}
				continue
			default:
				continue
			}
			names, err := r.tree.List(path.Join(dir, folder.Name))
			r.configs.WantsKnown = r.configs.WantsKnown || err == nil && i == 0 && len(names) > 0
			for _, e := range names {
				if serverUnit(e.Name) {
					r.configs.Wanted = append(r.configs.Wanted, e.Name)
				}
			}
		}
	}
}

// readWanting adds the units that a unit of the administrator starts.
func (r *reader) readWanting(name string) {
	text, err := r.tree.Open(name)
	if err != nil || !slices.ContainsFunc([]string{"fpm", "nginx", "apache", "httpd"}, func(server string) bool { return strings.Contains(text.Content, server) }) {
		return
	}
	for line := range strings.Lines(text.Content) {
		key, value, _ := strings.Cut(line, "=")
		switch strings.TrimSpace(key) {
		case "Wants", "Requires", "BindsTo", "Upholds", "Unit":
			r.configs.Wanted = append(r.configs.Wanted, strings.Fields(value)...)
		}
	}
}

// readUnits keeps the units, and reads the directories that systemd creates at boot.
func (r *reader) readUnits() {
	if !r.system || len(r.configs.Nginx) == 0 && len(r.configs.Apaches) == 0 && len(r.configs.Masters) == 0 {
		return
	}
	r.loadUnits()
	if r.units != nil {
		r.configs.Units = r.units.all
	}
	r.readTmpfiles()
}

// findUnits adds the php-fpm.conf that the units name, if the search of dir is one for what
// the machine runs.
func (r *reader) findUnits(dir string, found *entries) {
	if dir != "/" && dir != "/etc" && !within(unitDirs[0], dir) || r.held != nil {
		return
	}
	r.loadUnits()
	if r.units == nil {
		return
	}
	for _, s := range r.units.starts() {
		if f, err := r.open(s.options.Main()); err == nil {
			found.add(f, source.RoleFPM)
		}
	}
	add := func(names []string, role source.Role) {
		for _, name := range names {
			if f, err := r.open(name); err == nil {
				found.add(f, role)
			}
		}
	}
	if found.nginx == nil {
		add(r.units.nginxMains(), source.RoleNginx)
	}
	if found.apaches == nil {
		add(r.units.apacheMains(), source.RoleApache)
	}
}

// nginxMains returns the main files that the command lines of nginx name: -c.
func (u *units) nginxMains() (names []string) {
	for _, unit := range u.all {
		for _, c := range unit.Commands() {
			name := ParseNginxOptions(c.Args).Config
			if strings.HasPrefix(path.Base(c.Program), "nginx") && path.IsAbs(name) && !c.Open(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// apacheMains returns the main files that the command lines of Apache name: -f.
func (u *units) apacheMains() (names []string) {
	for _, unit := range u.all {
		for _, c := range unit.Commands() {
			o := ParseApacheOptions(c.Args)
			if name := o.Main(); ApacheProgram(c.Program) && path.IsAbs(name) && !c.Open(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// ApacheProgram reports whether a program is Apache, or a script that starts it: apache2,
// httpd-prefork, apachectl.
func ApacheProgram(name string) bool {
	base := path.Base(name)
	return strings.Contains(base, "apache") || strings.HasPrefix(base, "httpd")
}

// unitStart is the command line with which a unit starts PHP-FPM with a main file.
type unitStart struct {
	program string
	options FPMOptions
}

// starts returns the command lines that name a main file.
func (u *units) starts() (all []unitStart) {
	for _, unit := range u.all {
		for _, c := range unit.Commands() {
			o := ParseFPMOptions(c.Args)
			if main := o.Main(); strings.Contains(path.Base(c.Program), "fpm") && path.IsAbs(main) && !c.Open(main) {
				all = append(all, unitStart{c.Program, o})
			}
		}
	}
	return all
}

// startOf returns the command line with which a unit starts PHP-FPM with main; zero for none.
func (r *reader) startOf(main *source.File) unitStart {
	if r.loadUnits(); r.units == nil {
		return unitStart{}
	}
	if r.units.by == nil {
		r.units.by = map[string]unitStart{}
		for _, s := range r.units.starts() {
			r.units.by[s.options.Main()] = s
		}
	}
	if s, ok := r.units.by[main.Name]; ok {
		return s
	}
	return r.units.by[main.Real]
}

// startedBy sets what the command line of a master tells: -p replaces the directories of
// relative paths, -c php.ini, and a program outside of every layout was built with the folder
// around its own as its prefix, as a rule (php-src sapi/fpm/fpm/fpm_conf.c). -d overrides
// php.ini, and -n keeps PHP from reading one (measured on PHP-FPM 8.2).
func (m *Master) startedBy(s unitStart) {
	if m.Layout == nil {
		m.builtFor(s.program)
	}
	switch o := s.options; {
	case path.IsAbs(o.Prefix):
		m.Prefix, m.State = path.Clean(o.Prefix), path.Clean(o.Prefix)
	case m.Layout == nil && path.IsAbs(s.program):
		if m.Prefix = path.Dir(path.Dir(s.program)); m.Prefix == "/usr" {
			m.State = "/var"
		} else {
			m.State = path.Join(m.Prefix, "var")
		}
	}
	m.defined, m.noIni = s.options.Defined, s.options.NoIni
	if ini := s.options.PHPIni; path.IsAbs(ini) {
		if m.iniFile = ini; !strings.HasSuffix(ini, ".ini") {
			m.iniFile = path.Join(ini, "php.ini")
		}
	}
}

// builtFor sets the layout and the version of a master with a main file in no layout from the
// program that reads it: another file does not change what was built into it.
func (m *Master) builtFor(program string) {
	for i := range servers.Layouts {
		l := &servers.Layouts[i]
		if number, ok := servers.NumberIn(l.Program, program); ok {
			m.Layout, m.Number, m.Version = l, number, versionOf(number)
			m.Prefix, m.State = servers.At(l.Prefix, number), servers.At(l.State, number)
			return
		}
	}
}

// serverUnit reports whether a unit of this name may run nginx, Apache or PHP-FPM.
func serverUnit(name string) bool {
	return strings.HasSuffix(name, ".service") &&
		(strings.Contains(name, "fpm") || strings.Contains(name, "nginx") || strings.Contains(name, "openresty") || apacheUnit(name))
}

// apacheUnit reports whether a unit of this name may run Apache: apache2.service,
// httpd24-httpd.service, httpd@blog.service, but not lighttpd.service or the unit of Debian that
// cleans a cache.
func apacheUnit(name string) bool {
	return strings.HasPrefix(name, "apache2") || strings.HasPrefix(name, "httpd") || name == "apache.service"
}

// dropIns returns the files of NAME.d and of service.d, which is of every service, in the
// order of their names; of two files of one name, the one in the first directory applies.
func (r *reader) dropIns(units ...string) (files []*source.File) {
	byName := map[string]string{}
	for _, dir := range unitDirs {
		for _, folder := range append(units, "service") {
			list, err := r.tree.List(path.Join(dir, folder+".d"))
			if err != nil {
				continue
			}
			for _, e := range list {
				if strings.HasSuffix(e.Name, ".conf") && byName[e.Name] == "" {
					byName[e.Name] = path.Join(dir, folder+".d", e.Name)
				}
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
