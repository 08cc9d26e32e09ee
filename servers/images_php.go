package servers

import (
	"slices"
	"strings"
)

// PHPLayout is how the official PHP-FPM images divide the settings of the pool www over the
// files of php-fpm.d. It decides whether a listen in www.conf takes effect.
//
// Source: docker-library/php, pull requests 1635 (9 January 2026) and 1648 (16 January
// 2026), and its Dockerfiles of every version; measured with PHP-FPM 8.2.
type PHPLayout int

const (
	// LayoutNone: the image is not based on an official PHP-FPM image.
	LayoutNone PHPLayout = iota
	// LayoutOld: zz-docker.conf sets listen = 9000 and is read last, so that it wins over
	// the listen of www.conf.
	LayoutOld
	// LayoutNew: docker.conf sets listen = 9000 and is read first; listen is commented out
	// in www.conf, so that one in www.conf or in a later file takes effect.
	LayoutNew
	// LayoutUnknown: one of the two; the reference does not tell when the image was built.
	LayoutUnknown
)

// phpFamilies are the official image and those that are built on it.
var phpFamilies = []family{
	{names: []string{"php"}, image: phpOfficial, variants: true, open: true},
}

// phpVariants are the words of tags that say which program an image of PHP starts.
var phpVariants = []string{"fpm", "apache", "cli", "zts"}

// newLayout is the first release of each branch with LayoutNew. Branches before 8.2 ended
// with LayoutOld.
var newLayout = map[string]string{"8.2": "8.2.31", "8.3": "8.3.30", "8.4": "8.4.17", "8.5": "8.5.2"}

// PHPPools is the folder of the pools in the official images.
const PHPPools = "/usr/local/etc/php-fpm.d"

// PHPListen returns the address that a file of PHPPools sets for pool www in a layout; "" for
// none.
func PHPListen(layout PHPLayout, name string) string {
	switch {
	case layout == LayoutOld && name == "www.conf":
		return "127.0.0.1:9000"
	case layout == LayoutOld && name == "zz-docker.conf", layout == LayoutNew && name == "docker.conf":
		return "9000"
	}
	return ""
}

// lastBuilt are the variants that were no longer built when LayoutNew came: what their
// floating tags name is from before.
var lastBuilt = []string{
	"wheezy", "jessie", "stretch", "buster", "bullseye", // bullseye: 686f9529, August 2025
	"alpine3.4", "alpine3.5", "alpine3.6", "alpine3.7", "alpine3.8", "alpine3.9", "alpine3.10", "alpine3.11", "alpine3.12", "alpine3.13",
	"alpine3.14", "alpine3.15", "alpine3.16", "alpine3.17", "alpine3.18", "alpine3.19", "alpine3.20", "alpine3.21", // 8b6304d5, December 2025
}

// suites are the oldest and the newest release of a distribution that images are built on.
type suites struct{ first, last string }

// phpSuites are the releases of Debian and of Alpine for which each branch has had images
// (docker-library/php at 445bf414, and its history). A last one of "" is not known to be the last.
var phpSuites = []struct {
	branch         string
	debian, alpine suites
}{
	{"5.6", suites{"jessie", "stretch"}, suites{"3.4", "3.8"}},
	{"7.0", suites{"jessie", "stretch"}, suites{"3.4", "3.8"}},
	{"7.1", suites{"jessie", "buster"}, suites{"3.4", "3.10"}},
	{"7.2", suites{"stretch", "buster"}, suites{"3.6", "3.12"}},
	{"7.3", suites{"stretch", "bullseye"}, suites{"3.8", "3.15"}},
	{"7.4", suites{"buster", "bullseye"}, suites{"3.10", "3.16"}},
	{"8.0", suites{"buster", "bullseye"}, suites{"3.12", "3.16"}},
	{"8.1", suites{"buster", ""}, suites{"3.14", "3.22"}},
	{"8.2", suites{"buster", ""}, suites{"3.16", ""}},
	{"8.3", suites{"bullseye", ""}, suites{"3.17", ""}},
	{"8.4", suites{"bullseye", ""}, suites{"3.19", ""}},
	{"8.5", suites{"bookworm", ""}, suites{"3.21", ""}},
}

// PHPSuite returns the release that is nearest to suite, such as buster or alpine3.16, and that
// the official images of a branch of PHP have a tag for. It is suite itself if that is one, if
// it is newer than this table, or if the branch or the suite is not known.
func PHPSuite(branch, suite string) string {
	for _, built := range phpSuites {
		if built.branch != branch {
			continue
		}
		if release, ok := strings.CutPrefix(suite, "alpine"); ok && isVersion(release) {
			return "alpine" + built.alpine.nearest(release, Older)
		}
		if slices.Contains(debianReleases, suite) {
			return built.debian.nearest(suite, func(a, b string) bool { return slices.Index(debianReleases, a) < slices.Index(debianReleases, b) })
		}
	}
	return suite
}

// nearest returns the release of s that is nearest to another.
func (s suites) nearest(release string, older func(a, b string) bool) string {
	switch {
	case older(release, s.first):
		return s.first
	case s.last != "" && older(s.last, release):
		return s.last
	}
	return release
}

// layoutOf returns the layout of an image of PHP version (8.3 or 8.3.12) whose tag t names
// a variant. A version without a patch level is a floating tag: today's image.
func layoutOf(version string, t imageTag) PHPLayout {
	branch := minor(version)
	first, dated := newLayout[branch]
	switch {
	case t.digest:
		return LayoutUnknown
	case version != "" && Older(branch, "8.2"):
		return LayoutOld
	case slices.ContainsFunc(t.words, func(word string) bool { return slices.Contains(lastBuilt, word) }):
		return LayoutOld
	case t.unversioned:
		return LayoutUnknown
	case dated && Older(version, first):
		return LayoutOld
	}
	return LayoutNew
}

// phpBranch returns the version that a tag names, with a floating 8 as the last branch of
// PHP 8; "" for the newest.
func phpBranch(t imageTag) string {
	last := map[string]string{"5": "5.6", "7": "7.4", "8": "8.5"}
	if branch := last[t.version]; branch != "" {
		return branch
	}
	return t.version
}

// phpOfficial is the official image itself, whose document root is empty: the application of
// an image that is built on it is in the image, or comes at startup.
func phpOfficial(t imageTag) Image {
	m := phpImage(t)
	m.Complete = append(m.Complete, "/var/www/html")
	if !t.has("apache") {
		m.knowLogs()
	}
	return m
}

// phpImage is the official image (docker-library/php at 445bf414, and its history).
func phpImage(t imageTag) Image {
	return phpImageOf(t, layoutOf(phpBranch(t), t))
}

// phpImageOf is the image of a tag, with that layout if it has PHP-FPM.
func phpImageOf(t imageTag, layout PHPLayout) Image {
	m := base(t.distribution(phpDebian(phpBranch(t))))
	m.PHP = phpBranch(t)
	if m.Distribution == "alpine" {
		m.addAccount("www-data", 82, 82)
	}
	m.add(dirs("/usr/local/etc/php", "/usr/local/etc/php/conf.d", "/var/www")...)
	owner, _ := accountOf(m, "www-data")
	m.add(ImageFile{Name: "/var/www/html", UID: owner.UID, GID: owner.GID, Mode: 0o777, Dir: true})
	m.add(phpInis("/usr/local/etc/php/php.ini-")...)
	m.Absent = []string{"/etc/nginx", "/etc/php", "/usr/sbin/nginx", "/usr/local/etc/php/php.ini"}
	m.Entrypoint, m.Entry, m.WorkDir = []string{"docker-php-entrypoint"}, EntryPHP, "/var/www/html"
	m.Env = map[string]string{"PHP_INI_DIR": "/usr/local/etc/php"}
	if t.isPatch() {
		m.Env["PHP_VERSION"] = t.version
	}
	switch {
	case t.has("fpm"):
		phpFPM(&m, layout)
	case t.has("apache"):
		phpApache(&m)
	default:
		m.Command, m.Other = []string{"php", "-a"}, "the PHP shell"
	}
	return m
}

// phpFPM adds PHP-FPM.
func phpFPM(m *Image, layout PHPLayout) {
	const pools = "/usr/local/etc/php-fpm.d/"
	docker, listen, last := "docker-listen.conf", ";listen = 127.0.0.1:9000", "zz-docker.conf"
	switch {
	case layout == LayoutOld:
		docker, listen, last = "docker.conf", "listen = 127.0.0.1:9000", "zz-docker-listen.conf"
	case !Older(m.PHP, "8.6") && m.PHP != "":
		last = "zz-docker-global.conf" // docker-library/php drops [www] there with 8.6
	}
	m.Layout = layout
	m.add(dirs("/usr/local/etc/php-fpm.d")...)
	m.add(
		file("/usr/local/etc/php-fpm.conf", fpmConf("etc/php-fpm.d/*.conf", ";pid = run/php-fpm.pid", ";error_log = log/php-fpm.log")),
		file(pools+"www.conf", fpmPool("www-data", "www-data", listen, ";listen.owner = www-data", ";listen.group = www-data")),
		file(pools+"www.conf.default", fpmPool("www-data", "www-data", "listen = 127.0.0.1:9000", ";listen.owner = www-data", ";listen.group = www-data")),
		file(pools+"docker.conf", phpDocker(docker, m.PHP)),
		file(pools+"zz-docker.conf", stock(last)),
	)
	if !Older(m.PHP, "7.4") {
		m.add(file("/usr/local/etc/php/conf.d/docker-fpm.ini", "fastcgi.logging = Off\n"))
	}
	m.Complete = append(m.Complete, "/usr/local/etc/php-fpm.d")
	if layout == LayoutUnknown {
		m.Uncertain = []string{pools + "www.conf", pools + "docker.conf", pools + "zz-docker.conf"}
	}
	m.FPMConf = "/usr/local/etc/php-fpm.conf"
	m.Programs = []Program{{FPM, "/usr/local/sbin/php-fpm", m.FPMConf}}
	m.Command, m.Exposed, m.StopSignal = []string{"php-fpm"}, []int{9000}, "SIGQUIT"
}

// phpDocker returns docker.conf for a version of PHP: two of its settings came with 7.3.
func phpDocker(name, php string) string {
	if Older(php, "7.3") {
		return stock(name, "log_limit = 8192\n", "", "decorate_workers_output = no\n", "")
	}
	return stock(name)
}

// phpDebian returns the release of Debian below a floating tag of PHP's image, or below the
// last image of a branch that has ended.
func phpDebian(version string) string {
	releases := []struct{ from, name string }{
		{"8.2", "trixie"}, {"8.1", "bookworm"}, {"7.3", "bullseye"}, {"7.1", "buster"}, {"5.6", "stretch"}, {"5", "jessie"},
	}
	for _, r := range releases {
		if version == "" || !Older(version, r.from) {
			return r.name
		}
	}
	return ""
}

// fpmConf returns a php-fpm.conf as PHP ships it, with the lines that packagers change.
func fpmConf(pools, pid, log string) string {
	return stock("php-fpm.conf", "{pools}", pools, "{pid}", pid, "{error_log}", log)
}

// fpmPool returns a www.conf as PHP ships it, likewise.
func fpmPool(user, group, listen, owner, ownerGroup string) string {
	return stock("www.conf", "{user}", user, "{group}", group, "{listen}", listen, "{listen.owner}", owner, "{listen.group}", ownerGroup)
}

// phpInis returns the two examples that PHP ships. PHP reads neither.
func phpInis(prefix string) []ImageFile {
	return []ImageFile{
		file(prefix+"production", stock("php.ini", "{expose_php}", "On", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")),
		file(prefix+"development", stock("php.ini", "{expose_php}", "On", "{error_reporting}", "E_ALL", "{display_errors}", "On")),
	}
}
