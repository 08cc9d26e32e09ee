//go:build linux

package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
)

// Program is an installed server.
type Program struct {
	Path    string
	Version string // such as 1.22.1 or 8.2.36
}

// Programs is one nginx and one PHP-FPM that are tested together.
type Programs struct {
	Nginx Program
	// FPM runs every master whose version is not in Others.
	FPM Program
	// Others are all PHP-FPMs by minor version, such as 8.3.
	Others map[string]Program
}

// Names returns what is tested: nginx 1.22.1, PHP 8.2.36.
func (p Programs) Names() []string {
	return []string{"nginx " + p.Nginx.Version, "PHP " + p.FPM.Version}
}

// For returns the PHP-FPM that runs a master of a PHP version.
func (p Programs) For(version string) Program {
	if program, ok := p.Others[version]; ok {
		return program
	}
	return p.FPM
}

// Find returns pairs of installed nginx and PHP-FPM such that each is in at least one:
// php-fpm, php-fpm8.2, php-fpm82 and nginx on the PATH and in the usual directories of
// servers. It returns nil if nginx or PHP-FPM is missing.
func Find() []Programs {
	nginx := installed("nginx", regexp.MustCompile(`nginx/(\d+\.\d+\.\d+)`))
	fpm := installed("php-fpm*", regexp.MustCompile(`^PHP (\d+\.\d+\.\d+)`))
	if nginx == nil || fpm == nil {
		return nil
	}
	others := map[string]Program{}
	for _, p := range fpm {
		others[p.Version[:strings.LastIndexByte(p.Version, '.')]] = p
	}
	var pairs []Programs
	for i := range max(len(nginx), len(fpm)) {
		pairs = append(pairs, Programs{nginx[min(i, len(nginx)-1)], fpm[min(i, len(fpm)-1)], others})
	}
	return pairs
}

// installed returns the programs that match a pattern of names, one per version,
// the oldest first.
func installed(pattern string, version *regexp.Regexp) []Program {
	var found []Program
	dirs := append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin")
	for _, dir := range dirs {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			out, err := exec.Command(name, "-v").CombinedOutput()
			m := version.FindSubmatch(out)
			if err != nil || m == nil {
				continue
			}
			p := Program{name, string(m[1])}
			if !slices.ContainsFunc(found, func(q Program) bool { return q.Version == p.Version }) {
				found = append(found, p)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Program) int { return servers.CompareVersions(a.Version, b.Version) })
	return found
}
