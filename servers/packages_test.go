package servers

import (
	"path"
	"slices"
	"strings"
	"testing"
)

func TestPackages(t *testing.T) {
	tests := []struct{ distribution, release, name, package_, php, program, conf string }{
		{"debian", "bookworm", "nginx", "nginx", "", "/usr/sbin/nginx", "/etc/nginx/nginx.conf"},
		{"debian", "bookworm", "nginx-light=1.22.1-9", "nginx-light", "", "/usr/sbin/nginx", "/etc/nginx/nginx.conf"},
		{"debian", "bookworm", "php-fpm", "php8.2-fpm", "8.2", "/usr/sbin/php-fpm8.2", "/etc/php/8.2/fpm/php-fpm.conf"},
		{"debian", "trixie", "php-fpm", "php8.4-fpm", "8.4", "/usr/sbin/php-fpm8.4", "/etc/php/8.4/fpm/php-fpm.conf"},
		{"debian", "bullseye", "php-fpm", "php7.4-fpm", "7.4", "/usr/sbin/php-fpm7.4", "/etc/php/7.4/fpm/php-fpm.conf"},
		{"debian", "bookworm", "php8.5-fpm", "php8.5-fpm", "8.5", "/usr/sbin/php-fpm8.5", "/etc/php/8.5/fpm/php-fpm.conf"},
		{"debian", "jessie", "php5-fpm", "php5-fpm", "5", "/usr/sbin/php5-fpm", "/etc/php5/fpm/php-fpm.conf"},
		{"ubuntu", "20.04", "php-fpm", "php7.4-fpm", "7.4", "/usr/sbin/php-fpm7.4", "/etc/php/7.4/fpm/php-fpm.conf"},
		{"ubuntu", "22.04", "php-fpm", "php8.1-fpm", "8.1", "/usr/sbin/php-fpm8.1", "/etc/php/8.1/fpm/php-fpm.conf"},
		{"ubuntu", "24.04", "php-fpm", "php8.3-fpm", "8.3", "/usr/sbin/php-fpm8.3", "/etc/php/8.3/fpm/php-fpm.conf"},
		{"debian", "bookworm", "apache2", "apache2", "", "/usr/sbin/apache2", "/etc/apache2/apache2.conf"},
		{"ubuntu", "24.04", "apache2=2.4.58-1ubuntu8", "apache2", "", "/usr/sbin/apache2", "/etc/apache2/apache2.conf"},
		{"alpine", "3.20", "apache2", "apache2", "", "/usr/sbin/httpd", "/etc/apache2/httpd.conf"},
		{"rocky", "9", "httpd", "httpd", "", "/usr/sbin/httpd", "/etc/httpd/conf/httpd.conf"},
		{"centos", "7", "httpd", "httpd", "", "/usr/sbin/httpd", "/etc/httpd/conf/httpd.conf"},
		{"alpine", "3.20", "nginx", "nginx", "", "/usr/sbin/nginx", "/etc/nginx/nginx.conf"},
		{"alpine", "3.20", "php83-fpm", "php83-fpm", "8.3", "/usr/sbin/php-fpm83", "/etc/php83/php-fpm.conf"},
		{"alpine", "3.20", "php-fpm", "php83-fpm", "8.3", "/usr/sbin/php-fpm83", "/etc/php83/php-fpm.conf"},
		{"alpine", "", "php82-fpm@community", "php82-fpm", "8.2", "/usr/sbin/php-fpm82", "/etc/php82/php-fpm.conf"},
		{"alpine", "3.14", "php8-fpm", "php8-fpm", "8.0", "/usr/sbin/php-fpm8", "/etc/php8/php-fpm.conf"},
		{"rocky", "9", "nginx", "nginx", "", "/usr/sbin/nginx", "/etc/nginx/nginx.conf"},
		{"rocky", "9", "php-fpm", "php-fpm", "8.0", "/usr/sbin/php-fpm", "/etc/php-fpm.conf"},
		{"almalinux", "9", "php83-php-fpm", "php83-php-fpm", "8.3", "/opt/remi/php83/root/usr/sbin/php-fpm", "/etc/opt/remi/php83/php-fpm.conf"},
	}
	for _, tt := range tests {
		p, ok := Package(tt.distribution, tt.release, tt.name)
		if !ok || len(p.Programs) == 0 {
			t.Errorf("%s %s: no package %s", tt.distribution, tt.release, tt.name)
			continue
		}
		got := []string{p.Name, p.PHP, p.Programs[0].Path, p.Programs[0].Conf}
		if want := []string{tt.package_, tt.php, tt.program, tt.conf}; !slices.Equal(got, want) {
			t.Errorf("%s %s %s: got %q, want %q", tt.distribution, tt.release, tt.name, got, want)
		}
		checkPackage(t, tt.distribution+" "+tt.release+" "+tt.name, p)
	}
	checkPackage(t, "nginx.org", NginxOrgPackage(""))
}

// checkPackage checks that a program finds its file, and that no file is in a folder below
// /run that only a boot makes.
func checkPackage(t *testing.T, what string, p PackageFiles) {
	t.Helper()
	checkFiles(t, what, p.Files, p.Links, p.Complete, nil)
	for _, q := range p.Programs {
		if !path.IsAbs(q.Path) || !slices.ContainsFunc(p.Files, func(f ImageFile) bool { return f.Name == q.Conf }) {
			t.Errorf("%s: %s reads %s, which does not exist", what, q.Path, q.Conf)
		}
	}
	for _, f := range p.Files {
		if f.Name == "/run/php" || f.Name == "/run/php-fpm" {
			t.Errorf("%s: %s exists", what, f.Name)
		}
		if strings.Contains(f.Text, "{V}") || strings.Contains(f.Text, "{listen") {
			t.Errorf("%s: a placeholder is left in %s", what, f.Name)
		}
	}
}

// A program that supervisord's file does not include does not run.
func TestSupervisor(t *testing.T) {
	for distribution, want := range map[string][2]string{
		"debian": {"/etc/supervisor/supervisord.conf", "files = /etc/supervisor/conf.d/*.conf"},
		"alpine": {"/etc/supervisord.conf", "files = /etc/supervisor.d/*.ini"},
		"rocky":  {"/etc/supervisord.conf", "files = supervisord.d/*.ini"},
	} {
		p, _ := Package(distribution, "", "supervisor")
		if p.Files[0].Name != want[0] || !strings.Contains(p.Files[0].Text, want[1]) {
			t.Errorf("%s: %+v", distribution, p.Files[0])
		}
		checkPackage(t, distribution, p)
	}
}

func TestOtherPackages(t *testing.T) {
	for _, p := range [][3]string{
		{"debian", "bookworm", "php8.2-cli"}, {"debian", "bookworm", "curl"}, {"debian", "", "php-fpm"}, {"alpine", "3.20", "php83"}, {"alpine", "3.20", "nginx-mod-stream"},
		{"rocky", "9", "php"}, {"", "", "nginx"}, {"alpine", "3.20", "php8.3-fpm"}, {"debian", "bookworm", "php83-fpm"},
	} {
		if got, ok := Package(p[0], p[1], p[2]); ok {
			t.Errorf("%q is the package %s", p, got.Name)
		}
	}
}

// Where sites are, and what nginx does with conf.d, changed three times on Alpine.
func TestAlpineSites(t *testing.T) {
	type layout struct {
		sites, confd string // conf.d: included, link or none
		run          bool   // /run/nginx exists
	}
	tests := map[string]layout{
		"3.12": {"/etc/nginx/conf.d", "", false}, "3.13": {"/etc/nginx/http.d", "link", false},
		"3.14": {"/etc/nginx/http.d", "", true}, "3.15": {"/etc/nginx/http.d", "included", true}, "3.20": {"/etc/nginx/http.d", "included", true}, "": {"/etc/nginx/http.d", "included", true},
	}
	for release, want := range tests {
		p, _ := Package("alpine", release, "nginx")
		got := layout{sites: p.Complete[1]}
		for _, f := range p.Files {
			got.run = got.run || f.Name == "/run/nginx"
			if f.Name == "/etc/nginx/nginx.conf" && strings.Contains(f.Text, "\ninclude /etc/nginx/conf.d/*.conf;") {
				got.confd = "included"
			}
		}
		if len(p.Links) > 0 {
			got.confd = "link"
		}
		if got != want {
			t.Errorf("Alpine %s: got %+v, want %+v", release, got, want)
		}
	}
}
