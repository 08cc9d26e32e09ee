package service

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Unit is a systemd service that runs nginx, Apache or PHP-FPM.
type Unit struct {
	Name string
	At   source.Span // the first byte of its file
	Runs servers.Server
	// PrivateTmp is whether the service has its own /tmp and /var/tmp.
	PrivateTmp source.Setting[bool]
	// MemoryMax is the memory limit in bytes; absent if there is none.
	MemoryMax source.Setting[int64]
	// BeforeDNS is set if the service starts once at boot and waits for no unit after which
	// host names can be resolved (systemd.special(7)).
	BeforeDNS bool

	text   *systemd.Unit
	view   *View
	shares bool // JoinsNamespaceOf
}

// Units returns the services of the machine.
func (m *Machine) Units() (list []*Unit) {
	for _, c := range m.configs.Units {
		list = append(list, newUnit(c))
	}
	return list
}

func newUnit(c *systemd.Unit) *Unit {
	u := &Unit{Name: c.Name, At: c.Files[0].Span(0, 0), Runs: Server(c), BeforeDNS: beforeDNS(c), text: c, view: ViewOf(c)}
	_, u.shares = c.Get("Unit", "JoinsNamespaceOf")
	u.PrivateTmp = source.Default(false, u.At)
	if e, ok := c.Get("Service", "PrivateTmp"); ok {
		private, isBool := systemd.Bool(e.Value)
		u.PrivateTmp = source.Written(private || !isBool && e.Value == "disconnected", e.At)
	}
	u.MemoryMax = source.Absent[int64](u.At)
	for _, key := range []string{"MemoryLimit", "MemoryMax"} {
		if e, ok := c.Get("Service", key); ok {
			if n, ok := systemd.Size(e.Value); ok && n > 0 {
				u.MemoryMax = source.Written(n, e.At)
			}
		}
	}
	return u
}

// beforeDNS returns Unit.BeforeDNS. A file without any order may be a part of a unit.
func beforeDNS(c *systemd.Unit) bool {
	restart, _ := c.Get("Service", "Restart")
	after := c.All("Unit", "After")
	return len(after) > 0 && (restart.Value == "" || restart.Value == "no") && !slices.ContainsFunc(after, func(e systemd.Entry) bool {
		return strings.Contains(e.Value, "network-online.target") || strings.Contains(e.Value, "nss-lookup.target") || strings.Contains(e.Value, ".service")
	})
}

// Starts reports whether the unit is one of those that start a master.
func (u *Unit) Starts(s Start) bool { return slices.Contains(s.Units, u.text) }

// Sees returns what the service sees at a path with its links resolved, and why.
func (u *Unit) Sees(name string) (Sight, Setting) { return u.view.Of(name) }

// Account is the function Account for the unit.
func (u *Unit) Account(f *host.Facts) (as *host.Process, known bool) { return Account(u.text, f) }

// Hides returns the setting because of which the service does not see a socket that another one
// makes at name. inTmp is set if name is in /tmp or /var/tmp.
func (u *Unit) Hides(name string, inTmp bool) (by Setting, ok bool) {
	if private, _ := u.PrivateTmp.Known(); private && !u.shares && inTmp {
		return Setting{Unit: u.Name, Text: "PrivateTmp", At: u.PrivateTmp.At()}, true
	}
	if u.Runs != servers.Nginx && u.Runs != servers.Apache {
		return by, false // PHP-FPM does not start then
	}
	sight, by := u.view.Of(path.Dir(name))
	return by, sight == Hidden
}

// WithDynamicUsers returns the facts of a machine on which systemd makes up the accounts
// of units with DynamicUser= when they start (systemd.exec(5)): names that are in no
// file may exist.
func WithDynamicUsers(units []*systemd.Unit, f *host.Facts) *host.Facts {
	dynamic := func(u *systemd.Unit) bool {
		on, _ := isDynamic(u)
		return on
	}
	if f == nil || !slices.ContainsFunc(units, dynamic) {
		return f
	}
	more := *f
	more.Users.Elsewhere, more.Groups.Elsewhere = true, true
	return &more
}

// readBootDirs collects what is made at boot.
func (m *Machine) readBootDirs() {
	for _, d := range m.configs.BootDirs {
		m.bootDirs[d.Path] = true
	}
	for _, u := range m.configs.Units {
		for _, e := range u.All("Service", "RuntimeDirectory") {
			for _, name := range strings.Fields(e.Value) {
				name, _, _ = strings.Cut(name, ":")
				m.bootDirs[path.Join("/run", name)] = true
			}
		}
		for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
			for _, e := range u.All("Service", key) {
				m.lines = append(m.lines, e.Value)
			}
		}
	}
}

// BootDir reports whether a directory below /run is created at boot, and whether
// that is known.
func (m *Machine) BootDir(dir string) (made, known bool) {
	made = m.bootDirs[dir] || slices.ContainsFunc(m.lines, func(line string) bool { return strings.Contains(line, dir) })
	return made, made || m.configs.Packaged
}
