package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// What starts of the containers of a Dockerfile with Apache, and on which it is built.
const (
	apacheOnDebian = "FROM debian:12\nRUN apt-get update && apt-get install -y apache2 php8.2-fpm\nCOPY . /\n"
	official       = "apache /usr/local/apache2/conf/httpd.conf"
	packaged       = "apache /etc/apache2/apache2.conf"
	withFPM        = ", fpm /etc/php/8.2/fpm/php-fpm.conf"
)

// apacheStarts are the ways to start it, and where it then has its main file.
var apacheStarts = []struct {
	file  string
	files []string
	want  string
}{
	{"FROM httpd:2.4\n", nil, official},
	{"FROM httpd:2.4-alpine\nCMD [\"httpd\", \"-D\", \"FOREGROUND\"]\n", nil, official},
	{"FROM httpd\nCOPY . /\nENTRYPOINT [\"/start.sh\"]\n", []string{"/start.sh", "#!/bin/sh\nset -e\nsed -i 's/a/b/' /usr/local/apache2/conf/httpd.conf\nhttpd-foreground\n"}, official},
	{"FROM httpd\nCMD apachectl -f /srv/my.conf -D FOREGROUND\n", nil, "apache /srv/my.conf"},
	{"FROM httpd\nCMD httpd -f conf/my.conf -DFOREGROUND\n", nil, "apache /usr/local/apache2/conf/my.conf"},
	{"FROM httpd\nCMD httpd -d /srv -X\n", nil, "apache /srv/conf/httpd.conf"},
	{"FROM httpd\nCMD httpd -t\n", nil, "not known: cannot tell what starts Apache"},
	{"FROM httpd\nCMD [\"httpd-foreground\", \"-c\", \"Include /srv/x.conf\"]\n", nil, official + ", not known: directives on the command line of Apache are not read"},
	{"FROM httpd\nCMD [\"httpd-foreground\", \"-c\", \"ErrorLog /dev/stderr\"]\n", nil, official},
	{"FROM php:8.3-apache\n", nil, packaged},
	{"FROM php:8.3-apache\nCMD [\"-DSTAGING\"]\n", nil, packaged},
	{"FROM php:8.3-apache\nCMD [\"php\", \"artisan\", \"queue:work\"]\n", nil, ""},
	{"FROM wordpress\n", nil, packaged},
	{"FROM drupal:11\n", nil, packaged},
	{"FROM ubuntu/apache2\n", nil, packaged},
	{"FROM bitnami/apache:2.4\n", nil, "apache /opt/bitnami/apache/conf/httpd.conf"},
	{"FROM webdevops/php-apache:8.3\n", nil, packaged + ", fpm /usr/local/etc/php-fpm.conf"},
	{"FROM serversideup/php:8.3-fpm-apache\n", nil, packaged + ", fpm /usr/local/etc/php-fpm.conf"},
	{apacheOnDebian + "CMD php-fpm8.2 && apache2ctl -DFOREGROUND\n", nil, packaged + withFPM},
	{apacheOnDebian + "CMD service php8.2-fpm start && service apache2 start && sleep infinity\n", nil, packaged + withFPM},
	{apacheOnDebian + "CMD [\"bash\", \"-c\", \"source /etc/apache2/envvars && exec apache2 -D FOREGROUND\"]\n", nil, packaged},
	{apacheOnDebian + "RUN apt-get install -y supervisor\nCMD [\"supervisord\", \"-n\"]\n", []string{"/etc/supervisor/conf.d/all.conf",
		"[program:apache]\ncommand=/bin/bash -c \"source /etc/apache2/envvars && exec /usr/sbin/apache2 -DFOREGROUND\"\n[program:php]\ncommand=php-fpm8.2 -F\n"}, packaged + withFPM},
	{apacheOnDebian + "CMD apache2ctl -d /etc/apache2-a -DFOREGROUND\n", nil, "apache /etc/apache2-a/apache2.conf"},
	{"FROM alpine:3.20\nRUN apk add apache2 php83-fpm\nCMD php-fpm83 && httpd -D FOREGROUND\n", nil, "apache /etc/apache2/httpd.conf, fpm /etc/php83/php-fpm.conf"},
	{"FROM rockylinux:9\nRUN dnf install -y httpd php-fpm\nCMD php-fpm && /usr/sbin/httpd -DFOREGROUND\n", nil, "apache /etc/httpd/conf/httpd.conf, fpm /etc/php-fpm.conf"},
	{apacheOnDebian + "CMD [\"/start.sh\"]\n", []string{"/start.sh", "#!/bin/bash\nif [[ ! -d /data/mysql ]]; then mysqld --initialize-insecure; fi\nexec apachectl -DFOREGROUND\n"}, packaged},
	{"FROM debian:12\nRUN apt-get install -y php\nCMD apachectl -D FOREGROUND\n", nil, packaged},
}

func TestStartsApache(t *testing.T) {
	for _, test := range apacheStarts {
		m := booted(t, composedOf(test.file, test.files...))
		if got := started(m); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.file, got, test.want)
		}
		if len(m.Apache) > 0 && !m.Others {
			t.Errorf("%s: nothing else may listen", test.file)
		}
	}
}

// enabled lists the links that Apache reads, by their names.
func enabled(t *testing.T, m *Machine, kind string) []string {
	t.Helper()
	names, err := m.Tree.Glob("/etc/apache2/" + kind + "-enabled/*")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		_, err := m.Tree.Open(name)
		base := name[strings.LastIndexByte(name, '/')+1:]
		if err != nil {
			base += " (not known)"
		}
		all = append(all, base)
	}
	slices.Sort(all)
	return all
}

// a2enmod and its kin act on the links of Debian's layout (measured on apache2 2.4.71 of Debian).
func TestEnableApache(t *testing.T) {
	tests := []struct {
		name, run string
		more      []string // files of the project
		kind      string
		with      []string
		without   []string
	}{
		{"a module with another one", "a2enmod proxy_fcgi", nil, "mods", []string{"proxy.conf", "proxy.load", "proxy_fcgi.load"}, nil},
		{"several, of which one needs a third", "a2enmod -q ssl rewrite.load", nil, "mods", []string{"ssl.load", "ssl.conf", "socache_shmcb.load", "rewrite.load"}, nil},
		{"all that match", "a2enmod 'lbmethod_by*'", nil, "mods", []string{"lbmethod_bytraffic.load", "slotmem_shm.load"}, []string{"lbmethod_heartbeat.load"}},
		{"a second MPM", "a2enmod mpm_prefork", nil, "mods", []string{"mpm_event.load"}, []string{"mpm_prefork.load"}},
		{"another MPM", "a2dismod mpm_event && a2enmod mpm_prefork", nil, "mods", []string{"mpm_prefork.load", "mpm_prefork.conf"}, []string{"mpm_event.load", "mpm_event.conf"}},
		{"an essential module", "a2dismod mime; a2dismod -f autoindex", nil, "mods", []string{"mime.load"}, []string{"autoindex.load", "autoindex.conf"}},
		{"a module that others need", "a2dismod authz_core", nil, "mods", []string{"authz_core.load", "authz_host.load"}, nil},
		{"with those", "a2dismod -f authz_core", nil, "mods", nil, []string{"authz_core.load", "authz_host.load", "authz_user.load"}},
		{"CGI with threads", "a2enmod cgi", nil, "mods", []string{"cgid.load", "cgid.conf"}, []string{"cgi.load"}},
		{"a module of nowhere", "a2enmod security2", nil, "mods", []string{"security2.load (not known)"}, nil},
		{"PHP-FPM", "a2enconf php8.2-fpm", nil, "conf", []string{"php8.2-fpm.conf", "security.conf"}, nil},
		{"not by itself", "true", nil, "conf", []string{"charset.conf"}, []string{"php8.2-fpm.conf"}},
		{"a configuration", "a2disconf security other-vhosts-access-log.conf", nil, "conf", []string{"charset.conf"}, []string{"security.conf", "other-vhosts-access-log.conf"}},
		{"a site", "a2dissite 000-default && a2ensite app.conf", []string{"/etc/apache2/sites-available/app.conf", "x"}, "sites", []string{"app.conf"}, []string{"000-default.conf"}},
		{"all sites", "a2dissite '*'", nil, "sites", nil, []string{"000-default.conf"}},
		{"a link by hand", "ln -s ../mods-available/rewrite.load /etc/apache2/mods-enabled/rewrite.load", nil, "mods", []string{"rewrite.load"}, nil},
	}
	for _, test := range tests {
		m := booted(t, composedOf("FROM debian:12\nRUN apt-get install -y apache2 php8.2-fpm\nCOPY . /\nRUN "+test.run+"\nCMD apache2ctl -DFOREGROUND\n", test.more...))
		got := enabled(t, m, test.kind)
		for _, name := range test.with {
			if !slices.Contains(got, name) {
				t.Errorf("%s: %s is not in %q", test.name, name, got)
			}
		}
		for _, name := range test.without {
			if slices.Contains(got, name) {
				t.Errorf("%s: %s is in %q", test.name, name, got)
			}
		}
	}
}

// Modules of a project may depend on each other without end.
func TestModulesThatNeedEachOther(t *testing.T) {
	files := composedOf("FROM debian:12\nRUN apt-get install -y apache2\nCOPY . /\nRUN a2enmod m0\nCMD apache2ctl -DFOREGROUND\n")
	needs := "# Depends:"
	for i := range 40 {
		needs += fmt.Sprintf(" m%d", i)
	}
	for i := range 40 {
		files[fmt.Sprintf("/etc/apache2/mods-available/m%d.load", i)] = needs + "\n"
	}
	for _, more := range []string{"", "RUN a2dismod -f m0\n"} {
		files["/Dockerfile"] = strings.Replace(files["/Dockerfile"], "CMD", more+"CMD", 1)
		mods := enabled(t, booted(t, files), "mods")
		if got := slices.Contains(mods, "m39.load"); got != (more == "") {
			t.Errorf("%q: m39 is enabled: %v", more, got)
		}
	}
}

// PHP inside Apache comes with mpm_prefork (libapache2-mod-php8.2, postinst).
func TestModPHP(t *testing.T) {
	for packages, want := range map[string]bool{"libapache2-mod-php": true, "apache2 php8.2": true, "apache2 php": true, "apache2 php php-fpm": false, "apache2 php8.2-fpm php8.2-cli": false} {
		m := booted(t, composedOf("FROM debian:12\nRUN apt-get install -y "+packages+"\nCMD apache2ctl -DFOREGROUND\n"))
		mods := enabled(t, m, "mods")
		got := []bool{slices.Contains(mods, "php8.2.load"), slices.Contains(mods, "mpm_prefork.load"), !slices.Contains(mods, "mpm_event.load")}
		if !slices.Equal(got, []bool{want, want, want}) {
			t.Errorf("%s: got %v, want %v; %q", packages, got, want, mods)
		}
	}
	m := booted(t, composedOf("FROM alpine:3.20\nRUN apk add apache2-proxy php83-apache2\nCMD httpd -DFOREGROUND\n"))
	for _, name := range []string{"/etc/apache2/conf.d/proxy.conf", "/etc/apache2/conf.d/php83-module.conf", "/etc/apache2/httpd.conf"} {
		if _, err := m.Tree.Open(name); err != nil {
			t.Error(err)
		}
	}
	for _, from := range []string{"centos:7", "rockylinux:9"} {
		m = booted(t, composedOf("FROM "+from+"\nRUN yum install -y httpd php\nCMD httpd -DFOREGROUND\n"))
		if _, err := m.Tree.Open("/etc/httpd/conf.d/php.conf"); err == nil || m.Tree.Missing("/etc/httpd/conf.d/php.conf") {
			t.Errorf("%s: what PHP brings is known", from)
		}
	}
	m = booted(t, composedOf("FROM rockylinux:9\nRUN dnf install -y php-fpm && dnf install -y httpd\nCMD httpd -DFOREGROUND\n"))
	if text, err := m.Tree.Open("/etc/httpd/conf.d/php.conf"); err != nil || !strings.Contains(text.Content, "unix:/run/php-fpm/www.sock|fcgi://localhost") {
		t.Errorf("got %q, %v", text.Content, err)
	}
}

// PHP runs inside the Apache of some images and packages, and so in no PHP-FPM.
func TestPHPInsideApache(t *testing.T) {
	for file, want := range map[string]bool{
		"FROM php:8.3-apache\n": true, "FROM php:7.4-apache\n": true, "FROM wordpress\n": true, "FROM httpd\n": false, "FROM webdevops/php-apache:8.3\n": false,
		"FROM php:8.3-apache\nRUN a2dismod php\n":                                                                                                                         false,
		"FROM alpine:3.20\nRUN apk add php83-apache2\nCMD httpd -DFOREGROUND\n":                                                                                           true,
		"FROM httpd\nRUN echo 'LoadModule php_module modules/libphp.so' >> conf/httpd.conf\n":                                                                             true,
		"FROM httpd\nRUN echo '#LoadModule php_module modules/libphp.so' >> conf/httpd.conf\n":                                                                            false,
		"FROM debian:12\nRUN apt-get install -y apache2-dev apache2 && cd /usr/src/php && ./configure --with-apxs2 && make && make install\nCMD apachectl -DFOREGROUND\n": true,
		"FROM httpd\nRUN cd /usr/src/php-7.4.33 && ./configure --with-apxs2=/usr/local/apache2/bin/apxs && make && make install\n":                                        true,
		"FROM httpd\nRUN cd /usr/src/php-8.4.1 && ./configure --enable-fpm && make && make install\n":                                                                     false,
		"FROM debian:12\nRUN apt-get install -y apache2 php8.2-fpm\nCMD apachectl -DFOREGROUND\n":                                                                         false,
		"FROM debian:12\nRUN apt-get install -y apache2 libapache2-mod-php\nCMD apachectl -DFOREGROUND\n":                                                                 true,
	} {
		m := booted(t, composedOf(file))
		if len(m.Apache) != 1 || m.Apache[0].ModPHP != want {
			t.Errorf("%s: got %+v, want %v", file, m.Apache, want)
		}
	}
}

// What is not known of a package may handle PHP.
func TestModuleOfUnknownPackage(t *testing.T) {
	for packages, want := range map[string]string{"libapache2-mod-php$V": "php.load (not known)", "apache2 libapache2-mod-auth-mellon": "auth_mellon.load (not known)", "libapache2-mod-fcgid": "fcgid.load", "php$V apache2": "php.load (not known)"} {
		m := booted(t, composedOf("FROM debian:12\nARG V\nRUN apt-get install -y "+packages+"\nCMD apache2ctl -DFOREGROUND\n"))
		if mods := enabled(t, m, "mods"); !slices.Contains(mods, want) {
			t.Errorf("%s: %s is not in %q", packages, want, mods)
		}
	}
}

// A condition that cannot be decided leaves open what is enabled.
func TestEnableMaybe(t *testing.T) {
	m := booted(t, composedOf("FROM debian:12\nRUN apt-get install -y apache2\nRUN if curl -f https://example.com; then a2enmod rewrite; fi\nCMD apache2ctl -DFOREGROUND\n"))
	if _, doubted := m.Tree.DoubtOf("/etc/apache2/mods-enabled/rewrite.load"); !doubted {
		t.Error("it is not in doubt whether rewrite is enabled")
	}
}

// Lines of stock files that projects edit.
func TestEditHttpdConf(t *testing.T) {
	for _, test := range []struct{ file, name, want string }{
		{"FROM httpd:2.4\nRUN sed -i -e 's/^#\\(LoadModule .*mod_proxy.so\\)/\\1/' -e 's/#LoadModule proxy_fcgi_module/LoadModule proxy_fcgi_module/' conf/httpd.conf\n",
			"/usr/local/apache2/conf/httpd.conf", "\nLoadModule proxy_module modules/mod_proxy.so\n"},
		{"FROM httpd:2.4\nRUN sed -i 's/#LoadModule proxy_fcgi_module/LoadModule proxy_fcgi_module/' /usr/local/apache2/conf/httpd.conf\n", "/usr/local/apache2/conf/httpd.conf", "\nLoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so\n"},
		{"FROM httpd:alpine\nRUN sed -i '/LoadModule proxy_fcgi_module/s/^#//g' conf/httpd.conf && echo 'Include conf/extra/app.conf' >> conf/httpd.conf\n", "/usr/local/apache2/conf/httpd.conf", "\nInclude conf/extra/app.conf\n"},
		{"FROM php:8.3-apache\nENV APACHE_DOCUMENT_ROOT=/srv\nRUN sed -ri -e 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' /etc/apache2/sites-available/*.conf\n", "/etc/apache2/sites-enabled/000-default.conf", "\tDocumentRoot ${APACHE_DOCUMENT_ROOT}\n"},
		{"FROM php:8.3-apache\nRUN sed -i 's/Listen 80/Listen 8080/' /etc/apache2/ports.conf\n", "/etc/apache2/ports.conf", "Listen 8080\n"},
		{"FROM alpine:3.20\nRUN apk add apache2 && sed -i 's#^DocumentRoot \".*#DocumentRoot \"/srv\"#g' /etc/apache2/httpd.conf\nCMD httpd -DFOREGROUND\n", "/etc/apache2/httpd.conf", "\nDocumentRoot \"/srv\"\n"},
	} {
		m := booted(t, composedOf(test.file))
		text, err := m.Tree.Open(test.name)
		if _, doubted := m.Tree.DoubtOf(test.name); err != nil || doubted || !strings.Contains("\n"+text.Content, test.want) {
			t.Errorf("%s: %v, doubt %v: %q is not in %q", test.file, err, doubted, test.want, text.Content)
		}
	}
}

// Apache starts in the environment of its script, which reads a file of variables, or in that of
// the container.
func TestApacheEnvironment(t *testing.T) {
	const debian = "FROM debian:12\nRUN apt-get install -y apache2\n"
	for _, test := range []struct {
		file string
		want map[string]string
	}{
		{"FROM php:8.3-apache\nENV APACHE_RUN_USER=app APACHE_DOCUMENT_ROOT=/srv\n", map[string]string{"APACHE_RUN_USER": "app", "APACHE_RUN_GROUP": "www-data", "APACHE_RUN_DIR": "/var/run/apache2", "APACHE_DOCUMENT_ROOT": "/srv"}},
		{debian + "ENV APACHE_RUN_USER=app\nCMD apache2ctl -DFOREGROUND\n", map[string]string{"APACHE_RUN_USER": "www-data", "APACHE_LOG_DIR": "/var/log/apache2"}},
		{debian + "CMD service apache2 start && sleep infinity\n", map[string]string{"APACHE_RUN_USER": "www-data"}},
		{debian + "CMD [\"apache2\", \"-DFOREGROUND\"]\n", map[string]string{"APACHE_RUN_USER": "", "APACHE_RUN_DIR": ""}},
		{debian + "CMD . /etc/apache2/envvars && apache2 -DFOREGROUND\n", map[string]string{"APACHE_RUN_DIR": "/var/run/apache2"}},
		{debian + "RUN echo 'export APACHE_RUN_USER=app' >> /etc/apache2/envvars\nCMD apachectl -DFOREGROUND\n", map[string]string{"APACHE_RUN_USER": "app"}},
	} {
		m := booted(t, composedOf(test.file))
		if len(m.Apache) != 1 {
			t.Errorf("%s: got %s", test.file, started(m))
			continue
		}
		got := maps.Clone(test.want)
		for name := range got {
			got[name] = m.Apache[0].Env[name]
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.file, got, test.want)
		}
	}
	m := booted(t, composedOf(debian+"CMD apache2ctl -DFOREGROUND\n"))
	if info, err := m.Tree.Stat("/run/apache2"); err != nil || info.Type != tree.Dir {
		t.Errorf("/run/apache2: %v", err)
	}
}

// The account and the defines that Apache starts with.
func TestApacheStart(t *testing.T) {
	m := booted(t, composedOf("FROM httpd:2.4\nUSER 7:8\nCMD httpd -DFOREGROUND -D APP -d /srv\n"))
	got := m.RunAs(servers.Apache)
	got.At = source.Span{}
	if want := (Account{UID: 7, GID: 8, Known: true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if s := m.Apache[0]; s.Prefix != "/srv" || !slices.Equal(s.Defined, []string{"FOREGROUND", "APP"}) {
		t.Errorf("got %+v", s)
	}
}

// The tasks of an application run in a container of its image without its servers.
func TestTasksOfImage(t *testing.T) {
	for _, image := range []string{"nextcloud:apache", "nextcloud:fpm"} {
		m := booted(t, map[string]string{"/compose.yaml": "services:\n  cron:\n    image: " + image + "\n    entrypoint: /cron.sh\n"})
		if got := started(m); got != "" {
			t.Errorf("%s: got %s", image, got)
		}
	}
}
