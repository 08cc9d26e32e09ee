package service

import (
	"maps"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/tree"
)

func TestBoots(t *testing.T) {
	const (
		wants = "/etc/systemd/system/multi-user.target.wants/"
		unit  = "/usr/lib/systemd/system/apache2.service"
		text  = "[Service]\nExecStart=/usr/sbin/apachectl start\n[Install]\nWantedBy=multi-user.target\n"
		web   = "[Service]\nExecStart=/opt/web/bin/httpd -DFOREGROUND\n[Install]\nWantedBy=multi-user.target\n"
	)
	for name, test := range map[string]struct {
		files         map[string]string
		starts, known bool
	}{
		"nothing is known":         {},
		"enabled":                  {map[string]string{wants + "apache2.service": text}, true, true},
		"enabled, without a unit":  {map[string]string{wants + "httpd.service": "/lib/systemd/system/httpd.service"}, true, true},
		"another one is enabled":   {map[string]string{wants + "nginx.service": ""}, false, true},
		"not enabled":              {map[string]string{wants + "cron.service": "", unit: text}, false, true},
		"a unit, and no links":     {map[string]string{unit: text}, false, false},
		"a socket starts it":       {map[string]string{wants + "cron.service": "", unit: text, "/usr/lib/systemd/system/apache2.socket": ""}, false, false},
		"masked":                   {map[string]string{"/etc/systemd/system/apache2.service": "", unit: text}, false, true},
		"masked, and enabled":      {map[string]string{"/etc/systemd/system/apache2.service": "", wants + "apache2.service": text}, false, true},
		"a unit of its own":        {map[string]string{"/etc/systemd/system/httpd-blog.service": web, wants + "httpd-blog.service": web}, true, true},
		"an exporter":              {map[string]string{wants + "apache2-exporter.service": ""}, false, true},
		"supervised":               {map[string]string{wants + "nginx.service": "", "/etc/supervisor/supervisord.conf": ""}, false, false},
		"its program is missing":   {map[string]string{"/usr/sbin/nginx": "", wants + "apache2.service": text}, false, true},
		"both programs":            {map[string]string{"/usr/sbin/nginx": "", "/usr/sbin/apache2": "", wants + "apache2.service": text}, true, true},
		"its package is removed":   {map[string]string{"/var/lib/dpkg/status": "Package: apache2\nStatus: deinstall ok config-files\n"}, false, true},
		"its package is installed": {map[string]string{"/var/lib/dpkg/status": "Package: apache2\nStatus: install ok installed\n"}, false, false},
	} {
		files := map[string]string{"/etc/passwd": "root:x:0:0::/:/bin/sh\n", "/usr/bin/.keep": "", "/etc/apache2/apache2.conf": "Listen 80\n", "/etc/nginx/nginx.conf": "events {}\n"}
		maps.Copy(files, test.files)
		on := tree.Memory(files)
		m := New(parser.Read(on, []string{"/"}), host.Collect(on, host.Overrides{}))
		if starts, known := m.Boots(servers.Apache); starts != test.starts || known != test.known {
			t.Errorf("%s: starts %t, known %t", name, starts, known)
		}
	}
}
