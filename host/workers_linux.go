package host

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/prometheus/procfs"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
)

// workerLine and masterLine are the titles of PHP-FPM's processes (php-src
// fpm_env.c, fpm_env_setproctitle).
var (
	workerLine = lazyregexp.New(`^php-fpm: pool (.+?)\s*$`)
	masterLine = lazyregexp.New(`^php-fpm: master process \((.+)\)\s*$`)
	versionIn  = lazyregexp.New(`php-fpm-?(\d\.\d)$`)
	twoDigits  = lazyregexp.New(`php(?:-fpm)?(\d)(\d)`)
	module     = lazyregexp.New(`/(?:php[^/]*/(?:.*/)?)?(?:\d{8}|no-debug-non-zts-\d{8}|modules|extensions)/(?:[^/]+/)?([a-z0-9_]+)\.so$`)
)

// takeWorkers measures the workers of every pool, and adds the PHP of their
// masters.
func (s *Snapshot) takeWorkers() {
	all, err := procfs.AllProcs()
	if err != nil {
		return
	}
	masters := map[int]string{} // config by process
	pools := map[[2]string]*PoolSnapshot{}
	for _, p := range all {
		if m := masterLine.FindStringSubmatch(title(p)); m != nil {
			masters[p.PID] = m[1]
			s.PHP = append(s.PHP, phpOf(p, m[1]))
		}
	}
	for _, p := range all {
		m := workerLine.FindStringSubmatch(title(p))
		if m == nil {
			continue
		}
		config := ""
		if stat, err := p.Stat(); err == nil {
			config = masters[stat.PPID]
		}
		key := [2]string{config, m[1]}
		if pools[key] == nil {
			pools[key] = &PoolSnapshot{Pool: m[1], Config: config}
		}
		pools[key].measure(p)
	}
	for _, pool := range pools {
		s.Pools = append(s.Pools, *pool)
	}
	slices.SortFunc(s.Pools, func(a, b PoolSnapshot) int {
		return cmp.Or(strings.Compare(a.Config, b.Config), strings.Compare(a.Pool, b.Pool))
	})
	slices.SortFunc(s.PHP, func(a, b PHPSnapshot) int { return strings.Compare(a.Config, b.Config) })
}

// title is the title of a process.
func title(p procfs.Proc) string {
	line, err := p.CmdLine()
	if err != nil || len(line) == 0 {
		return ""
	}
	return line[0]
}

// measure adds one worker. Only root and its own account may read its maps;
// every account may read its status.
func (s *PoolSnapshot) measure(p procfs.Proc) {
	status, err := p.NewStatus()
	if err != nil {
		return
	}
	s.Workers++
	s.RSS = max(s.RSS, int64(status.VmRSS))
	s.Shared = max(s.Shared, int64(status.RssShmem))
	if maps, err := p.ProcSMapsRollup(); err == nil {
		s.PSS = max(s.PSS, int64(maps.Pss))
		s.Private = max(s.Private, int64(maps.PrivateClean+maps.PrivateDirty))
	}
}

// phpOf finds the version of a master in the name of its program, else in the
// path of its configuration, and its modules among the files that it has
// mapped.
func phpOf(p procfs.Proc, config string) PHPSnapshot {
	php := PHPSnapshot{Config: config}
	exe, _ := p.Executable()
	exe = strings.TrimSuffix(exe, " (deleted)")
	switch {
	case versionIn.MatchString(exe):
		php.Version = versionIn.FindStringSubmatch(exe)[1]
	case twoDigits.MatchString(exe):
		m := twoDigits.FindStringSubmatch(exe)
		php.Version = m[1] + "." + m[2]
	}
	maps, _ := p.ProcMaps()
	met := map[string]bool{}
	for _, m := range maps {
		if found := module.FindStringSubmatch(m.Pathname); found != nil && path.Ext(m.Pathname) == ".so" && !met[found[1]] {
			met[found[1]] = true
			php.Modules = append(php.Modules, found[1])
		}
	}
	slices.Sort(php.Modules)
	return php
}
