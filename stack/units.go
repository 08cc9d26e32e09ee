package stack

import (
	"slices"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
)

// UnitsFor returns the units that run a web server.
func (s *Stack) UnitsFor(web servers.Server) (list []*service.Unit) {
	for _, u := range s.Units {
		if u.Runs == web {
			list = append(list, u)
		}
	}
	return list
}

// UnitsOf returns the units that run one PHP-FPM master.
func (s *Stack) UnitsOf(m *Master) (list []*service.Unit) {
	for _, u := range s.Units {
		if u.Starts(m.start) {
			list = append(list, u)
		}
	}
	return list
}

// Boots reports whether systemd starts a web server at boot, and whether that is known.
func (s *Stack) Boots(web servers.Server) (starts, known bool) { return s.services.Boots(web) }

// BootDir reports whether a directory below /run is created at boot, and whether
// that is known.
func (s *Stack) BootDir(dir string) (made, known bool) {
	if s.services == nil {
		return false, false
	}
	return s.services.BootDir(dir)
}

// private judges the sockets in directories that only one of both sides sees.
func (l *linker) private() {
	bySystemd := sync.OnceValue(l.Systemd)
	units := map[servers.Server][]*service.Unit{servers.Nginx: l.UnitsFor(servers.Nginx), servers.Apache: l.UnitsFor(servers.Apache)}
	for _, g := range l.Gateways {
		web := units[g.Front.Server]
		for _, p := range g.Peers {
			if p.Endpoint.Network != netaddr.Unix || p.Site != nil || p.Fault != Answers && p.Fault != Elsewhere {
				continue
			}
			units := web
			if p.Pool != nil && p.Endpoint.InTmp() {
				fpm := l.UnitsOf(p.Pool.Master)
				if l.MayHideTmp(g, p.Pool.Master) && !bySystemd() {
					p.obstacle = UnknownTmp
				}
				units = append(slices.Clip(web), fpm...)
			}
			for _, u := range units {
				if by, ok := u.Hides(p.Endpoint.Path, p.Endpoint.InTmp()); ok {
					hidden := by // by itself stays on the stack
					p.Fault, p.Unit, p.Hidden = OwnTmp, u, &hidden
					break
				}
			}
		}
	}
}

// MayHideTmp reports whether the unit of a web server or of a master is not among the files, so
// that it may have a /tmp of its own.
func (s *Stack) MayHideTmp(g *Gateway, m *Master) bool {
	return len(s.UnitsFor(g.Front.Server)) == 0 && !scripted(g.Front.At) || len(s.UnitsOf(m)) == 0 && !scripted(m.At)
}

func scripted(main source.Span) bool { return main.File != nil && servers.Scripted(main.File.Name) }

// unitProcess returns the account that the unit of a web server starts it as; nil for root, and
// if there is not one unit.
func (s *Stack) unitProcess(web servers.Server) *host.Process {
	units := s.UnitsFor(web)
	if len(units) != 1 || s.Container != nil {
		return nil
	}
	as, _ := units[0].Account(s.Facts)
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
