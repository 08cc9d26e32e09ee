package host

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

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
	masters := map[process]string{} // config by process
	pools := map[[2]string]*PoolSnapshot{}
	all := processes()
	for _, p := range all {
		if m := masterLine.FindStringSubmatch(p.title()); m != nil {
			masters[p] = m[1]
			s.PHP = append(s.PHP, phpOf(p, m[1]))
		}
	}
	for _, p := range all {
		m := workerLine.FindStringSubmatch(p.title())
		if m == nil {
			continue
		}
		status := figures(p.read("status"))
		config := masters[process(fmt.Sprintf("/proc/%d", status["PPid"]))]
		key := [2]string{config, m[1]}
		if pools[key] == nil {
			pools[key] = &PoolSnapshot{Pool: m[1], Config: config}
		}
		pools[key].measure(status, figures(p.read("smaps_rollup")))
	}
	for _, pool := range pools {
		s.Pools = append(s.Pools, *pool)
	}
	slices.SortFunc(s.Pools, func(a, b PoolSnapshot) int {
		return cmp.Or(strings.Compare(a.Config, b.Config), strings.Compare(a.Pool, b.Pool))
	})
	slices.SortFunc(s.PHP, func(a, b PHPSnapshot) int { return strings.Compare(a.Config, b.Config) })
}

// measure adds one worker by its status and the sum of its maps. Only root and its own
// account may read its maps, which are else empty; every account may read its status. Both
// are empty for a worker that has ended.
func (s *PoolSnapshot) measure(status, maps map[string]int64) {
	if len(status) == 0 {
		return
	}
	s.Workers++
	s.RSS = max(s.RSS, status["VmRSS"])
	s.Shared = max(s.Shared, status["RssShmem"])
	s.PSS = max(s.PSS, maps["Pss"])
	s.Private = max(s.Private, maps["Private_Clean"]+maps["Private_Dirty"])
}

// phpOf finds the version of a master in the path of its program, and its
// modules among the files that it has mapped.
func phpOf(p process, config string) PHPSnapshot {
	php := PHPSnapshot{Config: config}
	exe := p.executable()
	if m := versionIn.FindStringSubmatch(exe); m != nil {
		php.Version = m[1]
	} else if m := twoDigits.FindStringSubmatch(exe); m != nil {
		php.Version = m[1] + "." + m[2]
	}
	met := map[string]bool{}
	for _, name := range p.mapped() {
		if found := module.FindStringSubmatch(name); found != nil && path.Ext(name) == ".so" && !met[found[1]] {
			met[found[1]] = true
			php.Modules = append(php.Modules, found[1])
		}
	}
	slices.Sort(php.Modules)
	return php
}
