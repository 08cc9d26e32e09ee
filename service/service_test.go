package service

import (
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

func unitOf(text string) *systemd.Unit {
	return systemd.Load("php8.3-fpm.service", []*source.File{{Name: "/u", Text: "[Service]\nExecStart=/usr/sbin/php-fpm8.3 -F\n" + text}})
}

func TestView(t *testing.T) {
	for _, test := range []struct {
		unit, path string
		want       Sight
		by         string
	}{
		{"", "/home/a/x.sock", Plain, ""},
		{"ProtectHome=yes\n", "/home/a", Hidden, "ProtectHome=yes"},
		{"ProtectHome=yes\n", "/home", ReadOnly, "ProtectHome=yes"},
		{"ProtectHome=yes\n", "/homes/a", Plain, ""},
		{"ProtectHome=yes\nReadWritePaths=/home/a\n", "/home/a", Hidden, "ProtectHome=yes"},
		{"ProtectHome=tmpfs\nBindPaths=/home/a\n", "/home/a/run", Plain, ""},
		{"ProtectHome=read-only\n", "/root/x", ReadOnly, "ProtectHome=read-only"},
		{"ProtectHome=read-only\nReadWritePaths=/home/a\n", "/home/a/run", Plain, ""},
		{"ProtectSystem=yes\n", "/etc/x", Plain, ""},
		{"ProtectSystem=true\n", "/usr/x", ReadOnly, "ProtectSystem=true"},
		{"ProtectSystem=full\n", "/etc/x", ReadOnly, "ProtectSystem=full"},
		{"ProtectSystem=full\n", "/var/log/x", Plain, ""},
		{"ProtectSystem=strict\n", "/var/log/x", ReadOnly, "ProtectSystem=strict"},
		{"ProtectSystem=strict\n", "/home/x", Plain, ""},
		{"ProtectSystem=strict\nPrivateTmp=yes\n", "/tmp/x", Plain, ""},
		{"ProtectSystem=strict\nLogsDirectory=php blog\n", "/var/log/blog/x", Plain, ""},
		{"ProtectSystem=strict\nReadWritePaths=-/srv +/var/log\n", "/var/log/x", Plain, ""},
		{"ProtectSystem=strict\nReadWritePaths=/var/log\nReadWritePaths=\n", "/var/log/x", ReadOnly, "ProtectSystem=strict"},
		{"ReadOnlyPaths=/srv\nReadWritePaths=/srv/run\n", "/srv/x", ReadOnly, "ReadOnlyPaths=/srv"},
		{"InaccessiblePaths=/srv\n", "/srv/run/x", Hidden, "InaccessiblePaths=/srv"},
		{"BindPaths=/data:/srv\n", "/srv/x", Unknown, "BindPaths=/data:/srv"},
		{"DynamicUser=yes\n", "/var/log/x", Unknown, "DynamicUser=yes"},
		{"RootDirectory=/srv/root\nProtectHome=yes\n", "/home/x", Unknown, ""},
		{"ProtectHome=yes\nExecStart=\nExecStart=+/usr/sbin/php-fpm8.3\n", "/home/x", Plain, ""},
	} {
		if got, by := ViewOf(unitOf(test.unit)).Of(test.path); got != test.want || by.Text != test.by {
			t.Errorf("%q: %s is %d because of %q, want %d, %q", test.unit, test.path, got, by.Text, test.want, test.by)
		}
	}
}

func TestLacks(t *testing.T) {
	for unit, want := range map[string]bool{
		"":                                   false,
		"CapabilityBoundingSet=CAP_SETUID\n": true,
		"CapabilityBoundingSet=CAP_SETUID\nCapabilityBoundingSet=cap_chown\n":      false,
		"CapabilityBoundingSet=~CAP_SYS_ADMIN\n":                                   false,
		"CapabilityBoundingSet=~CAP_CHOWN\n":                                       true,
		"CapabilityBoundingSet=CAP_CHOWN\nCapabilityBoundingSet=~CAP_CHOWN\n":      true,
		"CapabilityBoundingSet=CAP_SETUID\nExecStart=\nExecStart=+/sbin/php-fpm\n": false,
	} {
		if _, got := Lacks(unitOf(unit), "CAP_CHOWN"); got != want {
			t.Errorf("%q: %v", unit, got)
		}
	}
}

func TestAccount(t *testing.T) {
	facts := &host.Facts{
		Users:  host.ParseUsers("root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n"),
		Groups: host.ParseGroups("root:x:0:\nwww-data:x:33:\nweb:x:40:\n"),
	}
	for unit, want := range map[string]string{
		"":                                 "root",
		"User=root\n":                      "root",
		"User=www-data\n":                  "www-data",
		"User=33\n":                        "www-data",
		"User=nobody-knows\n":              "unknown",
		"User=www-data\nGroup=none\n":      "unknown",
		"DynamicUser=yes\n":                "unknown",
		"User=www-data\nDynamicUser=yes\n": "unknown",
		"User=www-data\nSupplementaryGroups=web\n": "www-data",
	} {
		as, known := Account(unitOf(unit), facts)
		got := "root"
		switch {
		case !known:
			got = "unknown"
		case as != nil:
			got = as.Name
		}
		if got != want {
			t.Errorf("%q starts as %s, want %s", unit, got, want)
		}
	}
}

const (
	masterText = "[global]\ninclude = /etc/php/%/fpm/pool.d/*.conf\n[www]\nuser = www-data\nlisten = /run/%.sock\npm = static\npm.max_children = 1\n"
	unitText   = "[Service]\nExecStart=/usr/sbin/php-fpm8.3 -F -R --fpm-config /etc/php/8.3/fpm/php-fpm.conf\n[Install]\nWantedBy=multi-user.target\n"
)

func TestStart(t *testing.T) {
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
	for name, test := range map[string]struct {
		files            map[string]string
		never, notAtBoot string
	}{
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
	} {
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
