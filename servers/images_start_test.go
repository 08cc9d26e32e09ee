package servers

import (
	"fmt"
	"strings"
	"testing"
)

// The main files of several images.
const (
	nginxMain     = "/etc/nginx/nginx.conf"
	fpmMain       = "/usr/local/etc/php-fpm.conf"
	openrestyMain = "/usr/local/openresty/nginx/conf/nginx.conf"
)

// imageStarts are what images start.
var imageStarts = []struct {
	ref                      string
	entry                    EntryEffect
	start                    string // entrypoint | command
	nginxConf, fpmConf, what string // the last is Other
	user                     string
	exposed                  []int
	signal                   string
}{
	{"nginx", EntryNginx, "/docker-entrypoint.sh | nginx -g daemon off;", nginxMain, "", "", "", []int{80}, "SIGQUIT"},
	{"nginx:1.19.2", EntryNginx, "/docker-entrypoint.sh | nginx -g daemon off;", nginxMain, "", "", "", []int{80}, ""},
	{"nginx:1.15.12-alpine", EntryNone, " | nginx -g daemon off;", nginxMain, "", "", "", []int{80}, ""},
	{"nginxinc/nginx-unprivileged:1.27", EntryNginx, "/docker-entrypoint.sh | nginx -g daemon off;", nginxMain, "", "", "101", []int{8080}, "SIGQUIT"},
	{"openresty/openresty:1.27.1.2-0-alpine", EntryNone, " | openresty -g daemon off;", openrestyMain, "", "", "", []int{80}, "SIGQUIT"},
	{"openresty/openresty:1.11.2.5", EntryUnknown, " | ", "", "", "", "", nil, ""},
	{"php:8.3-fpm", EntryPHP, "docker-php-entrypoint | php-fpm", "", fpmMain, "", "", []int{9000}, "SIGQUIT"},
	{"php:8.3-apache", EntryPHP, "docker-php-entrypoint | apache2-foreground", "", "", "", "", []int{80}, "SIGWINCH"},
	{"php:latest", EntryPHP, "docker-php-entrypoint | php -a", "", "", "the PHP shell", "", nil, ""},
	{"php:8.3-cli-alpine", EntryPHP, "docker-php-entrypoint | php -a", "", "", "the PHP shell", "", nil, ""},
	{"php:zts", EntryPHP, "docker-php-entrypoint | php -a", "", "", "the PHP shell", "", nil, ""},
	{"wordpress:fpm", EntryApp, "docker-entrypoint.sh | php-fpm", "", fpmMain, "", "", []int{9000}, "SIGQUIT"},
	{"wordpress", EntryApp, "docker-entrypoint.sh | apache2-foreground", "", "", "", "", []int{80}, "SIGWINCH"},
	{"drupal:10.1-php8.2-apache", EntryPHP, "docker-php-entrypoint | apache2-foreground", "", "", "", "", []int{80}, "SIGWINCH"},
	{"trafex/php-nginx", EntryNone, " | /usr/bin/supervisord -c /etc/supervisor/conf.d/supervisord.conf", nginxMain, "/etc/php85/php-fpm.conf", "", "nobody", []int{8080}, ""},
	{"serversideup/php:8.3-fpm-nginx", EntryS6, "docker-php-serversideup-entrypoint | /init", nginxMain, fpmMain, "", "www-data", []int{8080, 8443}, "SIGQUIT"},
	{"serversideup/php:8.3-fpm", EntryApp, "docker-php-serversideup-entrypoint | php-fpm", "", fpmMain, "", "www-data", []int{9000}, "SIGQUIT"},
	{"webdevops/php-nginx:8.3", EntrySupervisor, "/entrypoint | supervisord", nginxMain, fpmMain, "", "", []int{80, 443, 9000}, ""},
	{"webdevops/php-apache:8.3", EntrySupervisor, "/entrypoint | supervisord", "", fpmMain, "", "", []int{80, 443, 9000}, ""},
	{"phpdockerio/php:8.2-fpm", EntryNone, " | /usr/sbin/php-fpm8.2 -O", "", "/etc/php/8.2/fpm/php-fpm.conf", "", "", []int{9000}, "SIGQUIT"},
	{"adhocore/phpfpm:8.3a", EntryPHP, "docker-php-entrypoint | php-fpm", "", fpmMain, "", "", []int{9000}, "SIGQUIT"},
	{"mautic/mautic:5-fpm", EntryNone, "/entrypoint.sh | ", "", fpmMain, "", "", []int{9000}, "SIGQUIT"},
	{"mautic/mautic", EntryNone, "/entrypoint.sh | ", "", "", "", "", []int{80}, "SIGWINCH"},
	{"mautic/mautic:v4-fpm", EntryUnknown, " | bash", "", "", "", "", nil, ""},
	{"laradock/php-fpm:latest-8.3", EntryPHP, "docker-php-entrypoint | php-fpm", "", fpmMain, "", "", []int{9000}, "SIGQUIT"},
	{"devilbox/php-fpm:8.2-base", EntryApp, "/docker-entrypoint.sh | php-fpm", "", fpmMain, "", "", []int{9000}, ""},
	{"devilbox/php-fpm:7.4-work-0.150", EntryNone, "/docker-entrypoint.sh | /usr/bin/supervisord -c /etc/supervisor/supervisord.conf", "", fpmMain, "", "", []int{9000}, ""},
	{"devilbox/php-fpm:5.2-prod", EntryUnknown, " | bash", "", "", "", "", nil, ""},
	{"wodby/php:8.3-4.70.8", EntryApp, "/docker-entrypoint.sh | sudo -E php-fpm", "", fpmMain, "", "wodby", []int{9000}, "SIGQUIT"},
	{"wodby/nginx:1.27-5.40.1", EntryNone, "/docker-entrypoint.sh | sudo nginx", nginxMain, "", "", "wodby", []int{80}, ""},
	{"wodby/php:7.4", EntryUnknown, " | /bin/sh", "", "", "", "", nil, ""},
	{"bitnami/nginx", EntryApp, "/opt/bitnami/scripts/nginx/entrypoint.sh | /opt/bitnami/scripts/nginx/run.sh", "/opt/bitnami/nginx/conf/nginx.conf", "", "", "1001", []int{8080, 8443}, ""},
	{"phusion/baseimage:jammy-1.0.1", EntryNone, " | /sbin/my_init", "", "", "", "", nil, ""},
	{"debian:12", EntryNone, " | bash", "", "", "", "", nil, ""},
	{"alpine", EntryNone, " | /bin/sh", "", "", "", "", nil, ""},
	{"mysql:8.0", EntryUnknown, " | ", "", "", "MySQL", "", []int{3306, 33060}, ""},
	{"adminer:4.8.0-fastcgi", EntryApp, "entrypoint.sh docker-php-entrypoint | php-fpm", "", fpmMain, "", "adminer", []int{9000}, "SIGQUIT"},
	{"adminer:fastcgi", EntryApp, "entrypoint.sh docker-php-entrypoint | php-fpm", "", fpmMain, "", "adminer", []int{9000}, "SIGQUIT"},
	{"adminer:4.8.1-standalone", EntryUnknown, " | ", "", "", "Adminer on PHP's own web server", "", []int{8080}, ""},
	{"adminer", EntryUnknown, " | ", "", "", "Adminer on PHP's own web server", "", []int{8080}, ""},
}

func TestImagesStart(t *testing.T) {
	for _, tt := range imageStarts {
		m, _ := ImageOf(tt.ref)
		start := strings.Join(m.Entrypoint, " ") + " | " + strings.Join(m.Command, " ")
		got := fmt.Sprintf("%d %q %q %q %q %q %v %q", m.Entry, start, m.NginxConf, m.FPMConf, m.Other, m.User, m.Exposed, m.StopSignal)
		want := fmt.Sprintf("%d %q %q %q %q %q %v %q", tt.entry, tt.start, tt.nginxConf, tt.fpmConf, tt.what, tt.user, tt.exposed, tt.signal)
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", tt.ref, got, want)
		}
	}
}

// Sockets are judged by numbers, across containers.
func TestImageAccounts(t *testing.T) {
	tests := []struct {
		ref, name string
		uid, gid  uint32
	}{
		{"php:8.3-fpm", "www-data", 33, 33}, {"php:8.3-fpm-alpine", "www-data", 82, 82}, {"wordpress:fpm-alpine", "www-data", 82, 82},
		{"nginx", "nginx", 101, 101}, {"nginx:alpine", "nginx", 101, 101}, {"nginx:1.15.12-alpine", "nginx", 100, 101}, {"nginx:1.9", "nginx", 104, 107},
		{"nginx", "www-data", 33, 33}, {"debian:12", "www-data", 33, 33}, {"ubuntu:24.04", "ubuntu", 1000, 1000},
		{"webdevops/php:8.3", "application", 1000, 1000}, {"trafex/php-nginx", "nginx", 100, 101}, {"alpine", "nobody", 65534, 65534},
		{"openresty/openresty:bookworm", "nobody", 65534, 65534}, {"devilbox/php-fpm:8.1-work", "devilbox", 1000, 1000},
		{"wodby/php:8.3", "wodby", 1000, 1000}, {"wodby/php:8.3", "www-data", 82, 82},
	}
	for _, tt := range tests {
		m, _ := ImageOf(tt.ref)
		want := Account{tt.name, tt.uid, tt.gid}
		if got, _ := accountOf(m, tt.name); got != want {
			t.Errorf("%s: got %+v, want %+v", tt.ref, got, want)
		}
	}
	for ref, name := range map[string]string{"nginx:alpine": "www-data", "alpine": "www-data", "php:8.3-fpm": "nginx", "php:8.3-fpm-alpine": "nginx"} {
		m, _ := ImageOf(ref)
		if got, exists := accountOf(m, name); exists {
			t.Errorf("%s has %+v", ref, got)
		}
	}
}
