package stack

import "github.com/wp502lint/wp502lint/host"

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

// nginxVersion returns the version of nginx from the facts or the user; "" if unknown.
func (l *linker) nginxVersion() string {
	if l.Facts == nil {
		return ""
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
