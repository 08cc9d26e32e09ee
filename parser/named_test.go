package parser

import (
	"fmt"
	"testing"
)

func TestNamed(t *testing.T) {
	files := map[string]string{
		"/n/nginx.conf":         "events {}\nhttp { include sites-enabled/*; }",
		"/n/sites-available/a":  "server { fastcgi_pass unix:/a; }",
		"/n/sites-enabled/a":    "-> ../sites-available/a",
		"/n/snippets/php.conf":  "fastcgi_index index.php;",
		"/p/php-fpm.conf":       "[global]\ninclude = /p/pool.d/*.conf\n",
		"/p/pool.d/a.conf":      "[a]\nlisten = 1\n",
		"/p/pool.d/b.conf":      "[b]\nlisten = 2\n",
		"/q/c.conf":             "[c]\nlisten = 3\npm = static\n",
		"/q/www.conf.default":   "[www]\nlisten = 4\n",
		"/n/other.conf.example": "server {}",
	}
	site := "nginx /n/nginx.conf\n  /n/sites-enabled/a\n"
	testReadings(t, []reading{
		{"a main file", files, []string{"/n/nginx.conf"}, site},
		{"twice, and by another name", files, []string{"/n/nginx.conf", "/n//nginx.conf", "/n/../n/nginx.conf"}, site},
		{"a site and its main file", files, []string{"/n/sites-enabled/a", "/n/nginx.conf"}, site},
		{"a site by both names", files, []string{"/n/sites-available/a", "/n/sites-enabled/a"}, "fragment /n/sites-available/a\n"},
		{"a file of no known role", files, []string{"/n/snippets/php.conf"}, "fragment /n/snippets/php.conf\n"},
		{"a sample by name", files, []string{"/n/other.conf.example", "/q/www.conf.default"}, "fragment /n/other.conf.example\npools /q/www.conf.default\n  [www]\n"},
		{"a relative name", files, []string{"n/nginx.conf"}, "nginx /n/nginx.conf\n  /n/sites-enabled/a\n"},
		{"pools by name", files, []string{"/p/pool.d/b.conf", "/p/pool.d/a.conf"}, "pools /p/pool.d/a.conf together\n  /p/pool.d/b.conf\n  [a]\n  [b]\nnamed\n"},
		{"a pool by name and others by their folder", files, []string{"/p/pool.d/a.conf", "/q"},
			"pools /p/pool.d/a.conf together\n  [a]\npools /q/c.conf\n  [c]\nnot loaded /q/www.conf.default\n"},
		{"a pool and the master that includes it", files, []string{"/p/pool.d/a.conf", "/p/php-fpm.conf"},
			"master /p/php-fpm.conf\n  /p/pool.d/a.conf\n  /p/pool.d/b.conf\n  [a]\n  [b]\nnamed\n"},
		{"what is not there", files, []string{"/gone", "/n/nginx.conf/x", "/n/nginx.conf"},
			site + "failed /gone: no such file\nfailed /n/nginx.conf/x: a part of its path is not a directory\n"},
		{"nothing", files, []string{}, ""},
	})
}

func TestNamedStrangers(t *testing.T) {
	neither := ": not a configuration of nginx, Apache or PHP-FPM"
	files := map[string]string{}
	for _, test := range []struct{ name, text, want string }{
		{"docker-compose.yml", "services:\n  web:\n    image: nginx\n", "failed /docker-compose.yml" + neither + " but a Compose file\n"},
		{"Dockerfile", "FROM nginx\n", "failed /Dockerfile" + neither + " but a Dockerfile\n"},
		{"build/web", "FROM nginx\n", "failed /build/web" + neither + " but a Dockerfile\n"},
		{"app.service", "", "failed /app.service" + neither + " but a systemd unit\n"},
		{"limits.conf", "[Service]\nUser=a\n", "failed /limits.conf" + neither + " but a systemd unit\n"},
		{"key.conf", "-----BEGIN PRIVATE KEY-----\nx\n", "failed /key.conf" + neither + " but a certificate or a key\n"},
		{"pip.conf", "[global]\ntimeout = 60\n", "failed /pip.conf" + neither + "\n"},
		{"notes", "nothing to see here\n", "failed /notes" + neither + "\n"},
		{"README", "# a title\n", "failed /README" + neither + "\n"},
		{"bin", "\x7fELF\x02\x00\xff", "failed /bin" + neither + "\n"},
		{"site.conf", "<VirtualHost *:80>\nDocumentRoot /srv\n</VirtualHost>\n", "apache\n  /site.conf\n"},
		{".htaccess", "Options -Indexes\n", "apache\n  access /.htaccess\n"},
		{"php.ini", "[PHP]\nmemory_limit = 1G\n", "failed /php.ini: a php.ini is read with the php-fpm.conf or the pool files of its PHP; name those, too\n"},
		{"empty.conf", "", "fragment /empty.conf\n"},
		{"comment.conf", "# server {}\n", "fragment /comment.conf\n"},
		{"www.conf", "; [www]\n; listen = 9000\n", "pools /www.conf\nnamed\n"},
		{"sites-enabled/off", "# server {}\n", "fragment /sites-enabled/off\n"},
		{"mark.conf.j2", "{{ site }}\n", "fragment /mark.conf.j2\nproblem at /mark.conf.j2:1 a template mark produces directives that are not known\n"},
		{"pool.conf.j2", "{% for p in pools %}\n[{{ p }}]\npm = static\n{% endfor %}\n", "pools /pool.conf.j2 incomplete\n  [{{ p }}]\nproblem at /pool.conf.j2:1 a template mark produces lines that are not known\nnamed\n"},
		{"limit.conf", "client_max_body_size 8m;\n", "fragment /limit.conf\n"},
		{"allow.inc", "allow 192.0.2.0/24;\ndeny all;\n", "fragment /allow.inc\n"},
		{"fastcgi_params", "fastcgi_param QUERY_STRING $query_string;\n", "fragment /fastcgi_params\n"},
		{"mime.types", "types { text/html html; }\n", "fragment /mime.types\n"},
		{"broken.conf", "server { listen 80 }\n", "fragment /broken.conf\nproblem at /broken.conf:1 unexpected \"}\"\n"},
		{"etc/nginx/nginx.conf", "worker_processes\n", "nginx /etc/nginx/nginx.conf\nproblem at /etc/nginx/nginx.conf:1 not an nginx configuration\n"},
		{"etc/php-fpm.d/a.conf", "; [www]\n", "pools /etc/php-fpm.d/a.conf (RHEL, Rocky, Fedora) together\nnamed\n"},
		{"conf/php-fpm.conf", "[global]\npid = /run/a.pid\n", "master /conf/php-fpm.conf\n"},
	} {
		name := "/" + test.name
		files[name] = test.text
		if got := describe(Read(plant(map[string]string{name: test.text}), []string{name})); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
	files["/main.conf"] = "events {}\nhttp { include notes; }"
	got := describe(Read(plant(files), []string{"/main.conf", "/notes"}))
	if want := "nginx /main.conf\n  /notes\nproblem at /notes:1 not an nginx configuration\n"; got != want {
		t.Errorf("one that another loads: got\n%s\nwant\n%s", got, want)
	}
}

// A file is opened once, however many names lead to it.
func TestOpenedOnce(t *testing.T) {
	files := map[string]string{"/etc/nginx/nginx.conf": "events {}\nhttp { include sites-enabled/*; include conf.d/*.conf; }"}
	for i := range 50 {
		files[fmt.Sprintf("/etc/nginx/sites-available/%d", i)] = "server { include snippets/php.conf; }"
		files[fmt.Sprintf("/etc/nginx/sites-enabled/%d", i)] = fmt.Sprintf("-> ../sites-available/%d", i)
		files[fmt.Sprintf("/etc/nginx/conf.d/%d.conf", i)] = fmt.Sprintf("-> /etc/nginx/sites-enabled/%d", i)
	}
	files["/etc/nginx/snippets/php.conf"] = "fastcgi_pass unix:/a;"
	machine := plant(files)
	c := Read(machine, []string{"/", "/etc/nginx/sites-available", "/etc/nginx/conf.d/7.conf"})
	if got, want := machine.Opened(), 52; got != want {
		t.Errorf("%d files were opened, want %d", got, want)
	}
	if got, want := len(c.Nginx[0].Files), 52; got != want {
		t.Errorf("%d files were read, want %d", got, want)
	}
	seen := map[string]bool{}
	for _, f := range c.Files {
		if seen[f.Path] {
			t.Errorf("%s is listed twice", f.Path)
		}
		seen[f.Path] = true
		if f.File != nil && (f.Path != f.Name || f.Real != "/etc/nginx/nginx.conf" && f.Real == "") {
			t.Errorf("%s: name %s, real %s", f.Path, f.Name, f.Real)
		}
	}
}

// The absolute prefix in a main file of a repository means the directory of that file,
// unless the tree has the real one.
func TestBeside(t *testing.T) {
	main := "events {}\nhttp { include /etc/nginx/conf.d/*.conf; include /etc/nginx/extra.conf; }"
	testReadings(t, []reading{
		{"beside the main file", map[string]string{"/docker/nginx.conf": main, "/docker/conf.d/a.conf": "server {}", "/docker/extra.conf": "gzip on;"}, nil,
			"nginx /docker/nginx.conf\n  /docker/conf.d/a.conf\n  /docker/extra.conf\n"},
		{"with more of the prefix", map[string]string{"/docker/nginx.conf": main, "/docker/nginx/conf.d/a.conf": "server {}", "/docker/etc/nginx/extra.conf": "gzip on;"}, nil,
			"nginx /docker/nginx.conf\n  /docker/nginx/conf.d/a.conf\n  /docker/etc/nginx/extra.conf\n"},
		{"the real one is there", map[string]string{"/etc/nginx/nginx.conf": main, "/etc/nginx/conf.d/a.conf": "server {}", "/etc/nginx/extra.conf": "", "/conf.d/b.conf": "server {}"}, nil,
			"nginx /etc/nginx/nginx.conf\n  /etc/nginx/conf.d/a.conf\n  /etc/nginx/extra.conf\n"},
		{"none of them", map[string]string{"/docker/nginx.conf": main}, nil,
			"nginx /docker/nginx.conf\nunread at /docker/nginx.conf:2 /etc/nginx/extra.conf: no such file\n"},
		{"in a folder with brackets", map[string]string{"/app/[id]/nginx.conf": main, "/app/[id]/conf.d/a.conf": "server {}", "/app/[id]/extra.conf": ""}, nil,
			"nginx /app/[id]/nginx.conf\n  /app/[id]/conf.d/a.conf\n  /app/[id]/extra.conf\n"},
		{"on a whole machine a missing file is a refusal", map[string]string{"/etc/passwd": "", "/usr/bin/sh": "", "/etc/nginx/nginx.conf": main}, nil,
			`nginx /etc/nginx/nginx.conf
problem at /etc/nginx/nginx.conf:2 nginx cannot open /etc/nginx/extra.conf: no such file or directory
`},
		{"on a part of one it may be a file of a package", map[string]string{"/etc/passwd": "", "/etc/nginx/nginx.conf": main}, nil,
			"nginx /etc/nginx/nginx.conf\nunread at /etc/nginx/nginx.conf:2 /etc/nginx/extra.conf: no such file\n"},
		{"but not where nothing is known about the folder", map[string]string{"/etc/passwd": "", "/etc/nginx/nginx.conf": "events {}\ninclude /data/x.conf;"}, nil,
			"nginx /etc/nginx/nginx.conf\nunread at /etc/nginx/nginx.conf:2 /data/x.conf: no such file\n"},
	})
}

// phpIniHost is a Debian host with the php.ini files of PHP version v.
func phpIniHost(v string) map[string]string {
	return map[string]string{
		"/etc/php/" + v + "/fpm/php-fpm.conf":      "[global]\ninclude=/etc/php/" + v + "/fpm/pool.d/*.conf\n",
		"/etc/php/" + v + "/fpm/pool.d/www.conf":   poolText,
		"/etc/php/" + v + "/fpm/php.ini":           "a = php.ini",
		"/etc/php/" + v + "/fpm/conf.d/20-x.ini":   "-> ../../mods-available/x.ini",
		"/etc/php/" + v + "/fpm/conf.d/9-y.ini":    "a = y",
		"/etc/php/" + v + "/fpm/conf.d/readme":     "",
		"/etc/php/" + v + "/fpm/conf.d/gone.ini":   "-> nowhere",
		"/etc/php/" + v + "/mods-available/x.ini":  "a = x",
		"/etc/php/" + v + "/cli/php.ini":           "a = cli",
		"/etc/php/" + v + "/cli/conf.d/20-cli.ini": "a = cli",
	}
}

func TestPHPIni(t *testing.T) {
	want := `master /etc/php/8.2/fpm/php-fpm.conf (Debian, Ubuntu) PHP 8.2
  /etc/php/8.2/fpm/pool.d/www.conf
  [www]
  ini /etc/php/8.2/fpm/php.ini
  ini /etc/php/8.2/fpm/conf.d/20-x.ini
  ini /etc/php/8.2/fpm/conf.d/9-y.ini
`
	pool := phpIniHost("8.2")
	delete(pool, "/etc/php/8.2/fpm/php-fpm.conf")
	inRepository := map[string]string{}
	for name, text := range pool {
		inRepository["/rootfs"+name] = text
	}
	elsewhere := phpIniHost("8.2")
	elsewhere["/srv/php-fpm.conf"] = "[global]\npid = x\n"
	testReadings(t, []reading{
		{"in order", phpIniHost("8.2"), nil, want},
		{"of a pool file that is named", pool, []string{"/etc/php/8.2/fpm/pool.d/www.conf"}, `pools /etc/php/8.2/fpm/pool.d/www.conf (Debian, Ubuntu) PHP 8.2 together
  [www]
  ini /etc/php/8.2/fpm/php.ini
  ini /etc/php/8.2/fpm/conf.d/20-x.ini
  ini /etc/php/8.2/fpm/conf.d/9-y.ini
also PHP 8.2
named
`},
		{"of a pool file below another root", inRepository, []string{"/rootfs/etc/php/8.2/fpm/pool.d/www.conf"}, `pools /rootfs/etc/php/8.2/fpm/pool.d/www.conf (Debian, Ubuntu) PHP 8.2 together
  [www]
  ini /rootfs/etc/php/8.2/fpm/php.ini
  ini /rootfs/etc/php/8.2/fpm/conf.d/20-x.ini
  ini /rootfs/etc/php/8.2/fpm/conf.d/9-y.ini
named
`},
		{"of a main file elsewhere, with one PHP-FPM there", elsewhere, []string{"/srv/php-fpm.conf"}, `master /srv/php-fpm.conf PHP 8.2
  ini /etc/php/8.2/fpm/php.ini
  ini /etc/php/8.2/fpm/conf.d/20-x.ini
  ini /etc/php/8.2/fpm/conf.d/9-y.ini
`},
	})
}
