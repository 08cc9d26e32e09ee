package stack

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// Unit is a systemd service that runs nginx or PHP-FPM.
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

	unit   *systemd.Unit
	view   *service.View // of its processes
	starts []string      // the commands of ExecStart and similar settings
	shares bool          // JoinsNamespaceOf
}

// withDynamicUsers returns the facts of a machine on which systemd makes up the accounts
// of units with DynamicUser= when they start (systemd.exec(5)): names that are in no
// file may exist.
func withDynamicUsers(units []*systemd.Unit, f *host.Facts) *host.Facts {
	dynamic := func(u *systemd.Unit) bool {
		e, _ := u.Get("Service", "DynamicUser")
		on, _ := systemd.Bool(e.Value)
		return on
	}
	if f == nil || !slices.ContainsFunc(units, dynamic) {
		return f
	}
	more := *f
	more.Users.Elsewhere, more.Groups.Elsewhere = true, true
	return &more
}

// linkUnits adds the units, and the directories that exist after a boot.
func (l *linker) linkUnits() {
	for _, dir := range l.configs.BootDirs {
		l.bootDirs[netaddr.UnixEndpoint(dir.Path).Path] = true
	}
	for _, c := range l.configs.Units {
		l.linkUnit(c)
	}
}

func (l *linker) linkUnit(c *systemd.Unit) {
	u := &Unit{unit: c, Name: c.Name, At: c.Files[0].Span(0, 0)}
	for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
		for _, e := range c.All("Service", key) {
			u.starts = append(u.starts, e.Value)
			if key == "ExecStart" {
				u.Runs = service.Server(c)
			}
		}
	}
	for _, e := range c.All("Service", "RuntimeDirectory") {
		for _, name := range strings.Fields(e.Value) {
			name, _, _ = strings.Cut(name, ":")
			l.bootDirs[path.Join("/run", name)] = true
		}
	}
	u.view = service.ViewOf(c)
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
	u.BeforeDNS = beforeDNS(c)
	l.Units = append(l.Units, u)
}

// beforeDNS sets Unit.BeforeDNS. A file without any order may be a part of a unit.
func beforeDNS(c *systemd.Unit) bool {
	restart, _ := c.Get("Service", "Restart")
	after := c.All("Unit", "After")
	return len(after) > 0 && (restart.Value == "" || restart.Value == "no") && !slices.ContainsFunc(after, func(e systemd.Entry) bool {
		return strings.Contains(e.Value, "network-online.target") || strings.Contains(e.Value, "nss-lookup.target") || strings.Contains(e.Value, ".service")
	})
}

// UnitsOf returns the units that run a server: those of one PHP-FPM master, or for nil
// all of nginx.
func (s *Stack) UnitsOf(m *Master) (list []*Unit) {
	for _, u := range s.Units {
		if u.Runs == servers.Nginx && m == nil || m != nil && slices.Contains(m.start.Units, u.unit) {
			list = append(list, u)
		}
	}
	return list
}

// BootDir reports whether a directory below /run is created at boot, and whether
// that is known.
func (s *Stack) BootDir(dir string) (made, known bool) {
	if s.bootDirs[dir] {
		return true, true
	}
	for _, u := range s.Units {
		for _, line := range u.starts {
			if strings.Contains(line, dir) {
				return true, true
			}
		}
	}
	return false, s.configs != nil && s.configs.Packaged
}

// private judges the sockets in directories that only one of both sides sees.
func (l *linker) private() {
	bySystemd := sync.OnceValue(l.Systemd)
	nginx := l.UnitsOf(nil)
	for _, g := range l.Gateways {
		for _, p := range g.Peers {
			if p.Endpoint.Network != netaddr.Unix || p.Site != nil || p.Fault != Answers && p.Fault != Elsewhere {
				continue
			}
			units := nginx
			if p.Pool != nil && p.Endpoint.InTmp() {
				fpm := l.UnitsOf(p.Pool.Master)
				if (len(nginx) == 0 || len(fpm) == 0) && !bySystemd() {
					p.obstacle = UnknownTmp
				}
				units = append(slices.Clip(nginx), fpm...)
			}
			for _, u := range units {
				if by, ok := u.hides(p.Endpoint); ok {
					p.Fault, p.Unit, p.Hidden = OwnTmp, u, by
					break
				}
			}
		}
	}
}

// hides returns the setting because of which a service does not see the socket of another one.
func (u *Unit) hides(e netaddr.Endpoint) (by service.Setting, ok bool) {
	if private, _ := u.PrivateTmp.Known(); private && !u.shares && e.InTmp() {
		return service.Setting{Unit: u.Name, Text: "PrivateTmp", At: u.PrivateTmp.At()}, true
	}
	if u.Runs != servers.Nginx {
		return by, false // PHP-FPM does not start then
	}
	sight, by := u.view.Of(path.Dir(e.Path))
	return by, sight == service.Hidden
}

// nginxProcess returns the account that the unit of nginx starts it as; nil for root, and if
// there is not one unit.
func (s *Stack) nginxProcess() *host.Process {
	units := s.UnitsOf(nil)
	if len(units) != 1 || s.Container != nil {
		return nil
	}
	as, _ := service.Account(units[0].unit, s.Facts)
	return as
}

// Systemd reports whether the files are those of one machine that runs systemd, not of a container.
func (s *Stack) Systemd() bool {
	if s.configs == nil || !s.configs.Machine || s.Facts == nil {
		return false
	}
	for _, sign := range []string{"/.dockerenv", "/run/.containerenv", "/etc/alpine-release", "/sbin/openrc"} {
		if exists, _ := s.Facts.Files.Exists(sign); exists {
			return false
		}
	}
	for _, sign := range []string{"/etc/systemd", "/usr/lib/systemd", "/lib/systemd", "/run/systemd"} {
		if exists, _ := s.Facts.Files.Exists(sign); exists {
			return true
		}
	}
	return false
}

// versionElsewhere returns the PHP version that the files do not tell: of the running
// master with a main file, else the one the user gave; "" if unknown.
func (l *linker) versionElsewhere(main string) string {
	if l.Facts == nil {
		return ""
	}
	for _, php := range l.Facts.PHP {
		if php.Config == main {
			return php.Version
		}
	}
	return l.Facts.PHPVersion
}

// nginxVersion returns the version of the nginx that reads a configuration, from the facts
// or the user, or else from the package that brought the nginx of /etc/nginx; "" if unknown.
func (l *linker) nginxVersion(n *parser.Nginx, packaged func() string) string {
	if l.Facts == nil {
		return ""
	}
	main := n.Main
	if main == nil && len(n.Fragments) > 0 {
		main = n.Fragments[0]
	}
	if l.Facts.NginxVersion == "" && main != nil && strings.HasPrefix(main.Source.Name, "/etc/nginx/") {
		return packaged()
	}
	return l.Facts.NginxVersion
}

// Measured returns the measurements of the workers of a pool: those of its master, or
// of the only pool with this name.
func (s *Stack) Measured(p *Pool) (host.PoolSnapshot, bool) {
	if s.Facts == nil {
		return host.PoolSnapshot{}, false
	}
	var found []host.PoolSnapshot
	for _, m := range s.Facts.Pools {
		if m.Pool != p.Name || m.Workers == 0 || m.RSS <= 0 {
			continue
		}
		if m.Config == p.Master.At.File.Name {
			return m, true
		}
		found = append(found, m)
	}
	if len(found) != 1 {
		return host.PoolSnapshot{}, false
	}
	return found[0], true
}
