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

	starts []string // the commands of ExecStart and similar settings
	shares bool     // JoinsNamespaceOf
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
	u := &Unit{Name: c.Name, At: c.Files[0].Span(0, 0)}
	for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
		for _, e := range c.All("Service", key) {
			u.starts = append(u.starts, e.Value)
			if key == "ExecStart" {
				u.Runs = program(e.Value)
			}
		}
	}
	for _, e := range c.All("Service", "RuntimeDirectory") {
		for _, name := range strings.Fields(e.Value) {
			name, _, _ = strings.Cut(name, ":")
			l.bootDirs[path.Join("/run", name)] = true
		}
	}
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
	l.Units = append(l.Units, u)
}

// program returns the server that an ExecStart line starts; 0 for none.
func program(line string) servers.Server {
	fields := strings.Fields(strings.TrimLeft(line, "@-:+!"))
	if len(fields) == 0 {
		return ""
	}
	switch base := path.Base(fields[0]); {
	case strings.Contains(base, "fpm"):
		return servers.FPM
	case strings.Contains(base, "nginx"), base == "openresty":
		return servers.Nginx
	}
	return ""
}

// UnitsOf returns the units that run a server: those of one PHP-FPM master, or for nil
// all of nginx.
func (s *Stack) UnitsOf(m *Master) (list []*Unit) {
	for _, u := range s.Units {
		if u.Runs == servers.Nginx && m == nil || u.Runs == servers.FPM && m != nil && u.starts != nil && u.runs(m) {
			list = append(list, u)
		}
	}
	return list
}

// runs reports whether the unit starts a master. Its ExecStart names the main file;
// without one, the unit or its program has the version of the master's PHP in its
// name, or there is no version.
func (u *Unit) runs(m *Master) bool {
	named := false
	for _, line := range u.starts {
		fields := strings.Fields(line)
		for i, field := range fields {
			file, long := strings.CutPrefix(field, "--fpm-config=")
			if (field == "-y" || field == "--fpm-config") && i+1 < len(fields) {
				file, long = fields[i+1], true
			}
			if long {
				named = true
				if file == m.At.File.Name || file == m.At.File.Real {
					return true
				}
			}
		}
	}
	if named {
		return false
	}
	if m.Version == "" {
		return !strings.ContainsAny(u.Name, "0123456789")
	}
	return strings.Contains(u.Name, m.Version) || strings.Contains(u.Name, strings.ReplaceAll(m.Version, ".", "")) || !strings.ContainsAny(u.Name, "0123456789")
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

// private judges the sockets in a /tmp that only one of both sides sees.
func (l *linker) private() {
	bySystemd := sync.OnceValue(l.Systemd)
	for _, g := range l.Gateways {
		if g.Protocol != FastCGI {
			continue
		}
		for _, p := range g.Peers {
			if p.Fault != Answers || p.Pool == nil || !p.Endpoint.InTmp() {
				continue
			}
			nginx, fpm := l.UnitsOf(nil), l.UnitsOf(p.Pool.Master)
			if (len(nginx) == 0 || len(fpm) == 0) && !bySystemd() {
				p.obstacle = UnknownTmp
			}
			for _, u := range append(nginx, fpm...) {
				if private, _ := u.PrivateTmp.Known(); private && !u.shares {
					p.Fault, p.Unit = OwnTmp, u
					break
				}
			}
		}
	}
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
