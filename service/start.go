// Package service says what systemd and the packages of a machine make of its
// configurations: which PHP-FPM masters start, at boot or ever, with which options, as
// which account, and what they see of the file system.
package service

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Machine is what the files tell about the services of one machine.
type Machine struct {
	configs *parser.Configs
	facts   *host.Facts // may be nil
	// started are the units with their commands, in their order.
	started []started
	// bootDirs are the directories below /run that are made at boot, and lines the commands of
	// units, which may make more.
	bootDirs map[string]bool
	lines    []string
	// programs reports whether the programs of servers are among the files.
	programs bool
}

// New returns the services of the machine of c.
func New(c *parser.Configs, f *host.Facts) *Machine {
	m := &Machine{configs: c, facts: f, bootDirs: map[string]bool{}}
	for _, u := range c.Units {
		m.started = append(m.started, started{u, command(u)})
	}
	m.readBootDirs()
	m.programs = m.has("/usr/sbin/nginx") || f != nil && f.Files.Live()
	for _, master := range c.Masters {
		m.programs = m.programs || m.has(programOf(master))
	}
	return m
}

func (m *Machine) has(name string) bool {
	if m.facts == nil || name == "" {
		return false
	}
	exists, _ := m.facts.Files.Exists(name)
	return exists
}

// lacks reports whether a program is certainly missing: programs are among the files, and it
// is not.
func (m *Machine) lacks(program string) bool {
	return m.programs && path.IsAbs(program) && m.facts != nil && m.facts.Files.Missing(program)
}

// programOf returns the program that a layout has for a master; "" if that is not known.
func programOf(c *parser.Master) string {
	if c.Layout == nil || c.Layout.Program == "" {
		return ""
	}
	return c.Root + servers.At(c.Layout.Program, c.Number)
}

// Start is how a machine starts one master.
type Start struct {
	// Never is why it certainly does not run, as a sentence; "" if it may.
	Never string
	// NotAtBoot is why it does not run after the next boot; "" if it may.
	NotAtBoot string
	// At is what tells the reason: the unit. It is zero if nothing of the files does.
	At source.Span
	// Units are those that start it.
	Units []*systemd.Unit
	// Options are those of the command line that starts it; zero if it is not known.
	Options parser.FPMOptions
}

// Of returns how the machine starts a master. Without any evidence it may run.
func (m *Machine) Of(c *parser.Master) (s Start) {
	var by []started
	for _, one := range m.started {
		if one.runs(c) {
			by, s.Units = append(by, one), append(s.Units, one.unit)
		}
	}
	if len(by) == 1 {
		s.Options = by[0].options
		s.At = by[0].unit.Files[0].Span(0, 0)
	}
	if !m.configs.Machine || c.Root != "" || m.running(c) {
		return s
	}
	masked := ""
	var other *started
	if len(by) == 0 {
		masked, other = m.masked(c), m.instead(c)
	}
	switch {
	case m.removed(c, by):
		s.Never = phpOf(c) + " was removed: its configuration is left, and its program is not"
	case other != nil:
		s.Never = fmt.Sprintf("%s starts PHP-FPM with %s, and not with %s", other.unit.Name, other.options.Main(), c.Main.Name)
		s.At = other.at
	case masked == "" && !m.disabled(s.Units), m.supervised():
	case masked != "":
		s.Never = masked + " is masked, so systemd does not start " + phpOf(c)
	default:
		s.NotAtBoot = s.Units[0].Name + " is not enabled"
	}
	return s
}

// Process is a server as its unit starts it.
type Process struct {
	// As is the account that it starts as; nil for root, and if Known is not set.
	As    *host.Process
	Known bool
	// View is what it sees of the file system.
	View *View
	// NoChown is the setting because of which it may not give a file to another account,
	// though it is root; nil if it may.
	NoChown *Setting
}

// Process returns a master as its only unit starts it; without a unit, as root.
func (m *Machine) Process(s Start) (p Process) {
	if len(s.Units) != 1 {
		return Process{Known: len(s.Units) == 0 && m.configs.Machine}
	}
	u := s.Units[0]
	p.View = ViewOf(u)
	p.As, p.Known = Account(u, m.facts)
	if u.All("Service", "AmbientCapabilities") != nil && p.As != nil {
		return Process{View: p.View} // it may have some rights of root
	}
	if by, lacks := Lacks(u, "CAP_CHOWN"); lacks && p.As == nil && p.Known {
		p.NoChown = &by
	}
	return p
}

// phpOf names the PHP of a master.
func phpOf(c *parser.Master) string {
	if c.Version == "" {
		return "the PHP-FPM of " + c.Main.Name
	}
	return "PHP " + c.Version
}

// running reports whether a master certainly runs, or did when the facts were taken.
func (m *Machine) running(c *parser.Master) bool {
	return m.facts != nil && slices.ContainsFunc(m.facts.PHP, func(p host.PHPSnapshot) bool { return p.Config == c.Main.Name })
}

// removed reports whether the program of a master is certainly not installed.
func (m *Machine) removed(c *parser.Master, by []started) bool {
	if len(by) > 0 {
		return !slices.ContainsFunc(by, func(s started) bool { return !m.lacks(s.program) })
	}
	program := programOf(c)
	if program == "" || m.has(program) {
		return false
	}
	return m.lacks(program) && !m.elsewhere(c) || c.Layout.Package != "" && m.facts != nil && m.facts.LeftBehind(servers.At(c.Layout.Package, c.Number))
}

// programFolders are where programs of PHP-FPM are outside of the layouts.
var programFolders = []string{"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/*/sbin", "/opt/*/sbin", "/opt/*/*/sbin"}

// elsewhere reports whether a program that the layout does not have may start a master: one of its
// version, or one without a version in its name that is not of another master.
func (m *Machine) elsewhere(c *parser.Master) bool {
	for _, folder := range programFolders {
		for _, name := range m.facts.Files.Glob(folder + "/php*fpm*") {
			name = m.facts.Files.Leads(name)
			base := path.Base(name)
			if named(base, c.Version) || !strings.ContainsAny(base, "0123456789") && !m.taken(name, c) {
				return true
			}
		}
	}
	return false
}

// taken reports whether a program is that of the layout or of the unit of another master.
func (m *Machine) taken(program string, c *parser.Master) bool {
	return slices.ContainsFunc(m.configs.Masters, func(other *parser.Master) bool { return other != c && programOf(other) == program }) ||
		slices.ContainsFunc(m.started, func(s started) bool { return s.program == program && s.options.Main() != "" })
}

// instead returns the unit that starts the program of a master with another main file; nil if
// none does.
func (m *Machine) instead(c *parser.Master) *started {
	program := programOf(c)
	if c.Loose || program == "" {
		return nil
	}
	for i := range m.started {
		if s := &m.started[i]; s.program == program && m.has(s.options.Main()) {
			return s
		}
	}
	return nil
}

// supervised reports whether another program than systemd may start servers.
func (m *Machine) supervised() bool {
	return slices.ContainsFunc([]string{"/etc/supervisor", "/etc/supervisord.conf", "/etc/supervisord.d", "/etc/monit", "/etc/monitrc", "/etc/service", "/etc/sv", "/etc/s6", "/etc/runit", "/etc/init.d/openrc", "/etc/rc.local", "/etc/rc.d/rc.local"}, m.has)
}

// masked returns the masked unit of a master; "" for none.
func (m *Machine) masked(c *parser.Master) string {
	for _, name := range m.configs.Masked {
		if named(name, c.Version) {
			return name
		}
	}
	return ""
}

// disabled reports whether nothing starts the units of a master at boot, as far as systemd is
// concerned: each could be enabled, and is not.
func (m *Machine) disabled(units []*systemd.Unit) bool {
	if !m.configs.WantsKnown || len(units) == 0 {
		return false
	}
	for _, u := range units {
		_, wanted := u.Get("Install", "WantedBy")
		_, required := u.Get("Install", "RequiredBy")
		names := []string{u.Name}
		for _, e := range u.All("Install", "Alias") {
			names = append(names, strings.Fields(e.Value)...)
		}
		if !wanted && !required || slices.ContainsFunc(names, func(name string) bool { return slices.Contains(m.configs.Wanted, name) }) || m.pulled(u) {
			return false
		}
	}
	return true
}

// pulled reports whether another unit of a server or a socket starts u.
func (m *Machine) pulled(u *systemd.Unit) bool {
	name := strings.TrimSuffix(u.Name, ".service")
	for _, dir := range []string{"/etc/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/"} {
		for _, ext := range []string{".socket", ".timer", ".path"} {
			if m.has(dir + name + ext) {
				return true
			}
		}
	}
	for _, other := range m.configs.Units {
		for _, key := range []string{"Wants", "Requires", "BindsTo", "Upholds"} {
			for _, e := range other.All("Unit", key) {
				if slices.Contains(strings.Fields(e.Value), u.Name) {
					return true
				}
			}
		}
	}
	return false
}
