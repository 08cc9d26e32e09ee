package main

import (
	"strings"
	"testing"
)

// apachePlants are lines of Apache with variables whose values are secrets and are set elsewhere.
// Each has a fault, and the message is about the value.
var apachePlants = []struct{ name, place, setting, lines string }{
	{"a path", "envvars", "export DB_PASSWORD=S3cr3t", "SetHandler proxy:unix:/srv/${DB_PASSWORD}/a.sock|fcgi://localhost"},
	{"a path that Apache cleans", "envvars", "export DB_PASSWORD=S3cr3t//S3cr3t-b", "SetHandler proxy:unix:/srv/${DB_PASSWORD}/a.sock|fcgi://localhost"},
	{"a variable of the main file", "main", "Define DB_PASSWORD S3cr3t", "SetHandler proxy:unix:/srv/${DB_PASSWORD}/a.sock|fcgi://localhost"},
	{"a variable with user information", "main", "Define UPSTREAM http://u:S3cr3t@db:80", "ProxyPass / ${UPSTREAM}x:y/"},
	{"a variable of a variable", "main", "Define API_KEY S3cr3t\nDefine DIR /srv/${API_KEY}", "SetHandler proxy:unix:${DIR}/a.sock|fcgi://localhost"},
	{"a path relative to another file's", "main", "Define API_KEY S3cr3t\nDefaultRuntimeDir /srv/${API_KEY}", "SetHandler proxy:unix:a.sock|fcgi://localhost"},
	{"an address", "envvars", "export API_TOKEN='S3cr3t'", "</VirtualHost>\nListen ${API_TOKEN}:80x\n<VirtualHost *:80>"},
	{"a handler", "envvars", "export API_TOKEN=S3cr3t", "<FilesMatch \\.php$>\nSetHandler \"${API_TOKEN}\"\n</FilesMatch>"},
	{"a lower-cased handler", "envvars", "export API_TOKEN=S3cr3t", "AddHandler proxy:unix:/run/${API_TOKEN}.sock|fcgi://localhost .php"},
	{"a handler that a message cuts", "envvars", "export API_TOKEN=S3cr3t-S3cr3t", "<FilesMatch \\.php$>\nSetHandler \"unknown-handler-of-a-module-with-a-long-long-na-${API_TOKEN}\"\n</FilesMatch>"},
	{"the socket of a handler", "unit", "DB_PASSWORD=S3cr3t", "<FilesMatch \\.php$>\nSetHandler \"proxy:unix:/run/${DB_PASSWORD}.sock|fcgi://localhost\"\n</FilesMatch>"},
	{"a host name", "envvars", "export API_TOKEN=S3cr3t", "<FilesMatch \\.php$>\nSetHandler \"proxy:fcgi://${API_TOKEN}.internal:9000\"\n</FilesMatch>"},
	{"a directive", "envvars", "export DB_PASSWORD=S3cr3t", "${DB_PASSWORD} on"},
	{"an included file", "envvars", "export DB_PASSWORD=S3cr3t", "Include /srv/${DB_PASSWORD}/a.conf"},
	{"the name of a section", "envvars", "export DB_PASSWORD=S3cr3t", "<Directory ${DB_PASSWORD}>\nErrorLog x/y.log\n</Directory>"},
}

// plantedInApache is a host with Apache, lines of a site and what is set elsewhere.
func plantedInApache(place, setting, lines string) map[string]string {
	at := func(here string) string {
		if here == place {
			return setting + "\n"
		}
		return ""
	}
	return map[string]string{
		"/etc/apache2/apache2.conf": at("main") + "Listen 80\nUser www-data\nGroup www-data\n" +
			"LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n" +
			"LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so\n" +
			"LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\nLoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n" +
			"IncludeOptional sites-enabled/*.conf\nIncludeOptional /etc/apache2/sites-enabled/*.conf\n",
		"/etc/apache2/envvars":                at("envvars"),
		"/etc/apache2/env":                    at("unit"),
		"/lib/systemd/system/apache2.service": "[Service]\nEnvironmentFile=/etc/apache2/env\nExecStart=/usr/sbin/apachectl start\n",
		"/etc/systemd/system/apache2.service": "[Service]\nEnvironmentFile=/etc/apache2/env\nExecStart=/usr/sbin/apachectl start\n",
		"/etc/apache2/sites-enabled/a.conf":   "<VirtualHost *:80>\nDocumentRoot /var/www\n" + lines + "\n</VirtualHost>\n",
		"/var/www/index.php":                  "<?php\n",
		"/etc/php/8.3/fpm/php-fpm.conf":       "[global]\ninclude = /etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/w.conf":      "[www]\nuser = www-data\nlisten = /run/a.sock\nlisten.owner = www-data\npm = ondemand\npm.max_children = 5\n",
		"/etc/passwd":                         "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n",
		"/etc/group":                          "root:x:0:\nwww-data:x:33:\n",
	}
}

// TestSecretsOfVariablesStay has secrets in variables of Apache: no output has a part of one or
// depends on it, though none is in the file that a finding is about.
func TestSecretsOfVariablesStay(t *testing.T) {
	for _, p := range apachePlants {
		t.Run(p.name, func(t *testing.T) {
			got := said(t, plantedInApache(p.place, p.setting, p.lines))
			for what, text := range got {
				if strings.Contains(strings.ToLower(text), strings.ToLower(secretWord)) || strings.Contains(text, "S3cr") {
					t.Errorf("%s tells the secret:\n%s", what, text)
				}
			}
			other := said(t, plantedInApache(p.place, strings.ReplaceAll(p.setting, secretWord, "H1dd3n"), p.lines))
			for what, text := range got {
				if other[what] != text {
					t.Errorf("%s depends on the secret:\n%s\n%s", what, text, other[what])
				}
			}
			if !strings.Contains(got["check --verbose --format json"], "/etc/apache2/sites-enabled/a.conf\",\"line\"") &&
				!strings.Contains(got["check --verbose --format text"], "a.conf:3") && !strings.Contains(got["check --verbose --format text"], "a.conf:4") {
				t.Errorf("no finding is on its line:\n%s", got["check --verbose --format text"])
			}
		})
	}
}
