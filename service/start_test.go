package service

import (
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/tree"
)

const (
	masterText = "[global]\ninclude = /etc/php/%/fpm/pool.d/*.conf\n[www]\nuser = www-data\nlisten = /run/%.sock\npm = static\npm.max_children = 1\n"
	unitText   = "[Service]\nExecStart=/usr/sbin/php-fpm8.3 -F -R --fpm-config /etc/php/8.3/fpm/php-fpm.conf\n[Install]\nWantedBy=multi-user.target\n"
)

// startTests are machines, and why PHP-FPM 8.3 does not run on them.
func startTests() map[string]startTest {
	files := func(more ...string) map[string]string {
		all := map[string]string{
			"/etc/passwd": "root:x:0:0::/:/bin/sh\n", "/usr/bin/.keep": "", "/etc/php/8.3/fpm/php-fpm.conf": masterText,
			"/usr/sbin/nginx": "", "/usr/sbin/php-fpm8.3": "", "/usr/lib/systemd/system/php8.3-fpm.service": unitText,
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	without := func(all map[string]string, names ...string) map[string]string {
		for _, name := range names {
			delete(all, name)
		}
		return all
	}
	const unit, program = "/usr/lib/systemd/system/php8.3-fpm.service", "/usr/sbin/php-fpm8.3"
	const removed, masked = "PHP 8.3 was removed: its configuration is left, and its program is not", "php8.3-fpm.service is masked, so systemd does not start PHP 8.3"
	const wants = "/etc/systemd/system/multi-user.target.wants/"
	return map[string]startTest{
		"installed":                   {files: files()},
		"no program and no unit":      {files: without(files(), unit, program), never: removed},
		"a unit without its program":  {files: without(files(), program), never: removed},
		"built from source":           {files: without(files("/usr/local/sbin/php-fpm", ""), unit, program)},
		"built with its version":      {files: without(files("/opt/php83/sbin/php-fpm8.3", ""), unit, program)},
		"another version":             {files: without(files("/usr/sbin/php-fpm8.4", ""), unit, program), never: removed},
		"wanted by a target":          {files: files(wants+"nginx.service", "", "/etc/systemd/system/web.target", "[Unit]\nWants=php8.3-fpm.service\n")},
		"no programs in the tree":     {files: without(files(), unit, program, "/usr/sbin/nginx")},
		"no unit":                     {files: without(files(), unit)},
		"another program of the unit": {files: without(files(unit, "[Service]\nExecStart=/opt/php/sbin/php-fpm -y /etc/php/8.3/fpm/php-fpm.conf\n", "/opt/php/sbin/php-fpm", ""), program)},
		"config-files":                {files: without(files("/var/lib/dpkg/status", "Package: php8.3-fpm\nStatus: deinstall ok config-files\n"), unit, program, "/usr/sbin/nginx"), never: removed},
		"installed for dpkg":          {files: without(files("/var/lib/dpkg/status", "Package: php8.3-fpm\nStatus: install ok installed\n"), unit, program, "/usr/sbin/nginx")},
		"masked":                      {files: files("/etc/systemd/system/php8.3-fpm.service", ""), never: masked},
		"masked, and supervised":      {files: files("/etc/systemd/system/php8.3-fpm.service", "", "/etc/supervisor/supervisord.conf", "")},
		"enabled":                     {files: files(wants+"php8.3-fpm.service", unit)},
		"not enabled":                 {files: files(wants+"nginx.service", ""), notAtBoot: "php8.3-fpm.service is not enabled"},
		"not enabled, with a socket":  {files: files(wants+"nginx.service", "", "/etc/systemd/system/php8.3-fpm.socket", "")},
		"nothing to enable":           {files: files(wants+"nginx.service", "", unit, "[Service]\nExecStart=/usr/sbin/php-fpm8.3\n")},
		"another main file": {
			files: files(unit, "[Service]\nExecStart=/usr/sbin/php-fpm8.3 -y /srv/fpm.conf\n", "/srv/fpm.conf", masterText),
			never: "php8.3-fpm.service starts PHP-FPM with /srv/fpm.conf, and not with /etc/php/8.3/fpm/php-fpm.conf",
		},
	}
}

type startTest struct {
	files            map[string]string
	never, notAtBoot string
}

func TestStart(t *testing.T) {
	for name, test := range startTests() {
		on := tree.Memory(test.files)
		c := parser.Read(on, []string{"/"})
		if len(c.Masters) == 0 {
			t.Fatalf("%s: no master", name)
		}
		for _, m := range c.Masters {
			if m.Main.Name != "/etc/php/8.3/fpm/php-fpm.conf" {
				continue
			}
			if s := New(c, host.Collect(on, host.Overrides{})).Of(m); s.Never != test.never || s.NotAtBoot != test.notAtBoot {
				t.Errorf("%s: never %q, not at boot %q", name, s.Never, s.NotAtBoot)
			}
		}
	}
}
