package servers

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// The main files that images and packages start Apache with.
func TestImagesStartApache(t *testing.T) {
	for ref, want := range map[string]string{
		"httpd": "/usr/local/apache2/conf/httpd.conf", "httpd:2.4-alpine": "/usr/local/apache2/conf/httpd.conf", "httpd:alpine": "/usr/local/apache2/conf/httpd.conf",
		"php:8.3-apache": "/etc/apache2/apache2.conf", "php:7.4-apache-bullseye": "/etc/apache2/apache2.conf", "wordpress": "/etc/apache2/apache2.conf", "drupal:11": "/etc/apache2/apache2.conf",
		"webdevops/apache:alpine": "/etc/apache2/httpd.conf", "ubuntu/apache2": "/etc/apache2/apache2.conf", "bitnami/apache": "/opt/bitnami/apache/conf/httpd.conf",
		"webdevops/php-apache:8.3": "/etc/apache2/apache2.conf", "serversideup/php:8.3-fpm-apache": "/etc/apache2/apache2.conf", "mautic/mautic": "/etc/apache2/apache2.conf",
		"php:8.3-fpm": "", "nginx": "", "debian:12": "",
	} {
		m, ok := ImageOf(ref)
		if !ok || m.ApacheConf != want {
			t.Errorf("%s: got %q, want %q", ref, m.ApacheConf, want)
		}
		runs := slices.ContainsFunc(m.Programs, func(p Program) bool { return p.Server == Apache })
		if runs != (want != "") {
			t.Errorf("%s: has Apache %v", ref, runs)
		}
	}
}

// textOf returns the text of a file, and false if it is not among files.
func textOf(files []ImageFile, name string) (string, bool) {
	i := slices.IndexFunc(files, func(f ImageFile) bool { return f.Name == name })
	if i < 0 {
		return "", false
	}
	return files[i].Text, true
}

// Projects edit stock files by these lines.
func TestApacheStockLines(t *testing.T) {
	official, _ := ImageOf("httpd:2.4")
	old, _ := ImageOf("httpd:2.4.46")
	alpine, _ := Package("alpine", "3.20", "apache2")
	proxy, _ := Package("alpine", "3.20", "apache2-proxy")
	debian, _ := Package("debian", "bookworm", "apache2")
	rhel, _ := Package("rocky", "9", "httpd")
	centos, _ := Package("centos", "7", "httpd")
	bitnami, _ := ImageOf("bitnami/apache")
	for _, test := range []struct {
		files []ImageFile
		name  string
		lines []string
	}{
		{official.Files, "/usr/local/apache2/conf/httpd.conf", []string{`ServerRoot "/usr/local/apache2"`, "Listen 80", "#LoadModule proxy_module modules/mod_proxy.so", "#LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so",
			"#LoadModule rewrite_module modules/mod_rewrite.so", "LoadModule mpm_event_module modules/mod_mpm_event.so", "#LoadModule ssl_module modules/mod_ssl.so", "User www-data", "Group www-data",
			"#ServerName www.example.com:80", `DocumentRoot "/usr/local/apache2/htdocs"`, `<Directory "/usr/local/apache2/htdocs">`, "    DirectoryIndex index.html", "    AllowOverride None", "ErrorLog /proc/self/fd/2",
			"    CustomLog /proc/self/fd/1 common", "#Include conf/extra/httpd-vhosts.conf", "#Include conf/extra/httpd-ssl.conf", "    TypesConfig conf/mime.types"}},
		{old.Files, "/usr/local/apache2/conf/httpd.conf", []string{"User daemon"}},
		{alpine.Files, "/etc/apache2/httpd.conf", []string{"ServerRoot /var/www", "Listen 80", "#LoadModule rewrite_module modules/mod_rewrite.so", "LoadModule mpm_prefork_module modules/mod_mpm_prefork.so", "User apache",
			`DocumentRoot "/var/www/localhost/htdocs"`, "ErrorLog logs/error.log", "    CustomLog logs/access.log combined", "IncludeOptional /etc/apache2/conf.d/*.conf"}},
		{proxy.Files, "/etc/apache2/conf.d/proxy.conf", []string{"LoadModule proxy_module modules/mod_proxy.so", "LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so"}},
		{debian.Files, "/etc/apache2/apache2.conf", []string{"User ${APACHE_RUN_USER}", "<Directory /var/www/>", "Include ports.conf", "IncludeOptional sites-enabled/*.conf"}},
		{debian.Files, "/etc/apache2/ports.conf", []string{"Listen 80"}},
		{debian.Files, "/etc/apache2/sites-available/000-default.conf", []string{"<VirtualHost *:80>", "\tDocumentRoot /var/www/html"}},
		{debian.Files, "/etc/apache2/mods-available/proxy_fcgi.load", []string{"# Depends: proxy", "LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so"}},
		{debian.Files, "/etc/apache2/mods-available/mpm_prefork.load", []string{"# Conflicts: mpm_event mpm_worker"}},
		{debian.Files, "/etc/apache2/mods-available/dump_io.load", []string{"LoadModule dumpio_module /usr/lib/apache2/modules/mod_dumpio.so"}},
		{rhel.Files, "/etc/httpd/conf/httpd.conf", []string{`ServerRoot "/etc/httpd"`, "Listen 80", "Include conf.modules.d/*.conf", "User apache", `DocumentRoot "/var/www/html"`, "IncludeOptional conf.d/*.conf"}},
		{rhel.Files, "/etc/httpd/conf.modules.d/00-mpm.conf", []string{"#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so", "LoadModule mpm_event_module modules/mod_mpm_event.so"}},
		{rhel.Files, "/etc/httpd/conf.modules.d/00-proxy.conf", []string{"LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so"}},
		{centos.Files, "/etc/httpd/conf.modules.d/00-mpm.conf", []string{"LoadModule mpm_prefork_module modules/mod_mpm_prefork.so", "#LoadModule mpm_event_module modules/mod_mpm_event.so"}},
		{bitnami.Files, "/opt/bitnami/apache/conf/httpd.conf", []string{"Listen 8080", "LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so", "#LoadModule proxy_hcheck_module modules/mod_proxy_hcheck.so", "LoadModule rewrite_module modules/mod_rewrite.so"}},
	} {
		text, exists := textOf(test.files, test.name)
		lines := strings.Split(text, "\n")
		for _, line := range test.lines {
			if !slices.Contains(lines, line) {
				t.Errorf("%s (exists: %v) lacks the line %q", test.name, exists, line)
			}
		}
		if strings.ContainsAny(strings.NewReplacer("%{", "", "${", "").Replace(text), "{}") && !strings.Contains(text, "}i") && !strings.Contains(text, "${") {
			t.Errorf("%s: a placeholder is left", test.name)
		}
	}
}

// Every link of the layout of Debian leads to a file, and PHP runs inside Apache in the PHP images.
func TestApacheLinks(t *testing.T) {
	for ref, enabled := range map[string][]string{
		"ubuntu/apache2":                  {"mods-enabled/mpm_event.load", "mods-enabled/mime.conf", "conf-enabled/security.conf", "sites-enabled/000-default.conf"},
		"php:8.3-apache":                  {"mods-enabled/mpm_prefork.load", "mods-enabled/php.load", "conf-enabled/docker-php.conf"},
		"php:7.4-apache":                  {"mods-enabled/php7.load"},
		"webdevops/php-apache:8.3":        {"mods-enabled/proxy_fcgi.load", "mods-enabled/mpm_event.load", "sites-enabled/10-docker.conf"},
		"serversideup/php:8.3-fpm-apache": {"mods-enabled/proxy_fcgi.load", "sites-enabled/ssl-off.conf"},
	} {
		m, _ := ImageOf(ref)
		var names []string
		for _, l := range m.Links {
			target := l.Target
			if !path.IsAbs(target) {
				target = path.Join(path.Dir(l.Name), target)
			}
			names = append(names, strings.TrimPrefix(l.Name, "/etc/apache2/"))
			if _, exists := textOf(m.Files, target); !exists && strings.HasPrefix(target, "/etc/apache2") {
				t.Errorf("%s: %s leads to %s, which does not exist", ref, l.Name, target)
			}
		}
		for _, name := range enabled {
			if !slices.Contains(names, name) {
				t.Errorf("%s: %s is not enabled", ref, name)
			}
		}
		if strings.HasPrefix(ref, "php:") && slices.Contains(names, "mods-enabled/mpm_event.load") {
			t.Errorf("%s: two MPMs are enabled", ref)
		}
	}
}

// The variables of the container win over the file of the PHP images.
func TestOverridableVariables(t *testing.T) {
	m, _ := ImageOf("php:8.3-apache")
	text, _ := textOf(m.Files, "/etc/apache2/envvars")
	if want := ": ${APACHE_RUN_USER:=www-data}\nexport APACHE_RUN_USER\n"; !strings.Contains(text, want) {
		t.Errorf("got %q", text)
	}
}

func TestApachePHPFiles(t *testing.T) {
	version, files, ok := DebianModPHP("bookworm", "libapache2-mod-php")
	if !ok || version != "8.2" || files[0].Name != "/etc/apache2/mods-available/php8.2.load" || !strings.Contains(files[0].Text, "LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so") {
		t.Errorf("got %q %+v %v", version, files, ok)
	}
	if _, files, _ := DebianModPHP("", "libapache2-mod-php7.4"); len(files) == 0 || !strings.Contains(files[0].Text, "LoadModule php7_module") {
		t.Errorf("7.4: got %+v", files)
	}
	for _, name := range []string{"libapache2-mod-fcgid", "php8.2-fpm", "apache2"} {
		if _, _, ok := DebianModPHP("bookworm", name); ok {
			t.Errorf("%s is PHP inside Apache", name)
		}
	}
	if f := DebianApacheFPM("8.4"); f.Name != "/etc/apache2/conf-available/php8.4-fpm.conf" || !strings.Contains(f.Text, `SetHandler "proxy:unix:/run/php/php8.4-fpm.sock|fcgi://localhost"`) || !strings.Contains(f.Text, "!mod_php8.c") {
		t.Errorf("got %+v", f)
	}
	for main, want := range map[string]string{"/etc/php-fpm.conf": "/etc/httpd/conf.d/php.conf", "/etc/opt/remi/php83/php-fpm.conf": "/etc/httpd/conf.d/php83-php.conf", "/usr/local/etc/php-fpm.conf": ""} {
		if f, _ := RHELApachePHP("9", main); f.Name != want {
			t.Errorf("%s: got %q, want %q", main, f.Name, want)
		}
	}
	if f, ok := RHELApachePHP("7", "/etc/php-fpm.conf"); ok {
		t.Errorf("RHEL 7: got %+v", f)
	}
}
