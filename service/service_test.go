package service

import (
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
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

func TestServer(t *testing.T) {
	for program, want := range map[string]servers.Server{
		"/usr/sbin/php-fpm8.3 -F": servers.FPM, "/usr/sbin/nginx -g daemon": servers.Nginx, "/usr/bin/openresty": servers.Nginx,
		"/usr/sbin/apachectl start": servers.Apache, "/usr/sbin/httpd -DFOREGROUND": servers.Apache, "/usr/sbin/httpd-prefork": servers.Apache,
		"/usr/sbin/start_apache2 -DSYSTEMD": servers.Apache, "/usr/sbin/lighttpd -D": "", "/usr/bin/htcacheclean": "",
	} {
		u := systemd.Load("a.service", []*source.File{{Name: "/u", Text: "[Service]\nPrivateTmp=yes\nProtectHome=yes\nExecStart=" + program + "\n"}})
		if got := Server(u); got != want {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
		_, hidden := newUnit(u).Hides("/home/a/php.sock", false)
		if web := want == servers.Nginx || want == servers.Apache; hidden != web {
			t.Errorf("%s: a socket in /home is hidden: %t, want %t", program, hidden, web)
		}
		if _, hidden := newUnit(u).Hides("/tmp/php.sock", true); !hidden {
			t.Errorf("%s: a socket in /tmp is not hidden", program)
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
