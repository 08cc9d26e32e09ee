//go:build linux

package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/servers/httpd"
)

// Program is an installed server.
type Program struct {
	Path    string
	Version string // such as 1.22.1 or 8.2.36
}

// Programs is one nginx, one Apache and one PHP-FPM that are tested together.
type Programs struct {
	Nginx Program
	// Apache is the zero value if Apache is not installed.
	Apache Program
	// FPM runs every master whose version is not in Others.
	FPM Program
	// Others are all PHP-FPMs by minor version, such as 8.3.
	Others map[string]Program
}

// Names returns what is tested with cases: nginx 1.22.1, PHP 8.2.36. Without a case it is what
// is tested at all.
func (p Programs) Names(with ...*cases.Case) (names []string) {
	tests := func(main string) bool {
		return len(with) == 0 || slices.ContainsFunc(with, func(c *cases.Case) bool { return c.Texts()[main] != "" })
	}
	if !slices.ContainsFunc(httpd.Mains(), tests) || tests("/etc/nginx/nginx.conf") {
		names = append(names, "nginx "+p.Nginx.Version)
	}
	if slices.ContainsFunc(httpd.Mains(), tests) && p.Apache.Path != "" {
		names = append(names, "Apache "+p.Apache.Version)
	}
	return append(names, "PHP "+p.FPM.Version)
}

// For returns the PHP-FPM that runs a master of a PHP version.
func (p Programs) For(version string) Program {
	if program, ok := p.Others[version]; ok {
		return program
	}
	return p.FPM
}

var apacheVersion = regexp.MustCompile(`Apache/(\d+\.\d+\.\d+)`)

// Find returns pairs of installed nginx and PHP-FPM such that each is in at least one:
// php-fpm, php-fpm8.2, php-fpm82 and nginx on the PATH and in the usual directories of
// servers. It returns nil if nginx or PHP-FPM is missing. Apache, apache2 or httpd, may be.
func Find() []Programs {
	nginx := installed("nginx", regexp.MustCompile(`nginx/(\d+\.\d+\.\d+)`))
	fpm := installed("php-fpm*", regexp.MustCompile(`^PHP (\d+\.\d+\.\d+)`))
	if nginx == nil || fpm == nil {
		return nil
	}
	var apache Program
	if found := slices.Concat(installed("apache2", apacheVersion), installed("httpd", apacheVersion)); found != nil {
		apache = found[0]
	}
	others := map[string]Program{}
	for _, p := range fpm {
		others[p.Version[:strings.LastIndexByte(p.Version, '.')]] = p
	}
	var pairs []Programs
	for i := range max(len(nginx), len(fpm)) {
		pairs = append(pairs, Programs{nginx[min(i, len(nginx)-1)], apache, fpm[min(i, len(fpm)-1)], others})
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
