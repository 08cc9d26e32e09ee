package parser

import (
	"maps"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

func TestSample(t *testing.T) {
	for name, want := range map[string]bool{
		"nginx.conf": false, "default.conf": false, "sites-enabled/default": false, "sites-enabled/example.com": false,
		"www.example.com.conf": false, "savethewhales.org.conf": false, "www.oldtown.de.conf": false, "bak.ery.org.conf": false,
		"old/nginx.conf": false, "example.conf": false, "docker/nginx.prod.conf": false, "nginx.conf.j2": false,
		"www.conf.default": true, "nginx.example.conf": true, "nginx.conf.example": true, "php.ini.dpkg-dist": true, "a.conf.rpmnew": true,
		"a.conf~": true, "a.conf.bak": true, "a.conf.BAK2": true, "a.conf.old-2024": true, "a.sample.ini": true, "nginx.conf.template": true,
		"sites-available/a": true, "mods-available/a.conf": true, "conf-available/a.conf": true, "backup/nginx.conf": true, "a/Examples/b/nginx.conf": true, "templates/default.conf": true,
		"templates/default.conf.template": false, "examples/templates/default.conf.template": true, "templates/default.conf.j2": true,
	} {
		if got := sample(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestWalk(t *testing.T) {
	testReadings(t, []reading{
		{"a repository", map[string]string{
			"/docker/nginx/nginx.conf":       "events {}\nhttp { include conf.d/*.conf; }",
			"/docker/nginx/conf.d/site.conf": "server {}",
			"/docker/php/www.conf":           poolText,
			"/docker/php/php.ini":            "memory_limit = 1G",
			"/docker/php/www.conf.default":   poolText,
			"/README":                        "server {}",
			"/compose.yaml":                  "server {}",
			"/.git/x.conf":                   "server {}", "/node_modules/x.conf": "server {}", "/vendor/x.conf": "server {}", "/testdata/x.conf": "server {}",
			"/other/nginx.conf.bak": mainText,
		}, nil, `nginx /docker/nginx/nginx.conf
  /docker/nginx/conf.d/site.conf
pools /docker/php/www.conf
  [www]
not loaded /docker/php/php.ini
not loaded /docker/php/www.conf.default
not loaded /other/nginx.conf.bak
`},
		{"a folder that is passed over is walked when it is named", map[string]string{"/vendor/testdata/x.conf": "server {}", "/vendor/x.conf": "server {}"}, []string{"/vendor"},
			"fragment /vendor/x.conf\n"},
		{"a folder above the one that is named does not make samples", map[string]string{"/home/examples/a/nginx.conf": mainText}, []string{"/home/examples/a"},
			"nginx /home/examples/a/nginx.conf\n"},
		{"sites that are available, by name", map[string]string{"/x/sites-available/a": "server {}"}, []string{"/x/sites-available"},
			"fragment /x/sites-available/a\n"},
		{"sites", map[string]string{
			"/n/sites-available/a": "server {}", "/n/sites-available/b": "server {}", "/n/sites-enabled/a": "-> ../sites-available/a",
			"/n/sites-enabled/notes": "nothing in here",
		}, nil, "fragment /n/sites-available/a\nnot loaded /n/sites-available/b\n"},
		{"links", map[string]string{
			"/a/x.conf": "-> gone", "/a/dir.conf": "-> ../b", "/a/loop.conf": "-> loop.conf", "/a/up.conf": "-> ../../../etc/x.conf", "/b/x.conf": "server {}",
		}, nil, "fragment /b/x.conf\nunread /a/loop.conf: more than 40 symbolic links on its path\nunread /a/up.conf: symbolic link leads outside the root (--root)\n"},
		{"a template of nginx's image", map[string]string{"/docker/templates/site.conf.template": "server { listen 80; }", "/helm/templates/site.conf": "server { listen 80; }"}, nil,
			"fragment /docker/templates/site.conf.template\nnot loaded /helm/templates/site.conf\n"},
		{"what may belong to a server", map[string]string{"/a.conf": "gzip on;\n", "/b.conf": "[www]\nuser = x\n", "/c.conf": "server { x; listen 80 }"}, nil,
			"not loaded /a.conf\nnot loaded /b.conf\nnot loaded /c.conf\n"},
		{"files of Apache", map[string]string{
			"/web/a.conf": "<VirtualHost *:80>\n  DocumentRoot /srv\n</VirtualHost>\n", "/web/b.conf": "LoadModule proxy_module modules/mod_proxy.so\n",
			"/httpd.conf": "ServerName a\nRewriteEngine on\n", "/proftpd.conf": "<VirtualHost 192.0.2.1>\nServerName a\n</VirtualHost>\n", "/sites-available/c.conf": "DocumentRoot /srv\n",
		}, nil, "apache\n  /httpd.conf\n  /web/a.conf\n  /web/b.conf\nnot loaded /sites-available/c.conf\n"},
		{"nothing", map[string]string{"/readme.md": "server {}"}, nil, ""},
	})
}

func TestNotRegular(t *testing.T) {
	machine := tree.Memory(map[string]string{"/a/site.conf": "server { include fifo; }"})
	for name, kind := range map[string]tree.Type{"/a/x.conf": tree.FIFO, "/a/y.conf": tree.Device, "/a/z.conf": tree.Socket, "/a/fifo": tree.FIFO} {
		machine.Set(name, tree.Info{Type: kind})
	}
	want := `fragment /a/site.conf
unread /a/x.conf: is a FIFO
unread /a/y.conf: is a device
unread /a/z.conf: is a socket
unread at /a/site.conf:1 /a/fifo: is a FIFO
`
	if got := describe(Read(machine, []string{"/"})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFragments(t *testing.T) {
	testReadings(t, []reading{
		{"of several folders, each with its own names", map[string]string{
			"/one/site.conf": "server { include php.inc; }", "/one/php.inc": "fastcgi_pass a:1;",
			"/two/sites-enabled/site": "server { include snippets/php.inc; include /etc/nginx/snippets/tls.inc; }",
			"/two/snippets/php.inc":   "fastcgi_pass b:1;", "/two/snippets/tls.inc": "x y;",
		}, nil, `fragment /one/site.conf
fragment /two/sites-enabled/site
  /one/php.inc
  /two/snippets/php.inc
  /two/snippets/tls.inc
`},
		{"that include each other", map[string]string{"/a.conf": "include b.conf;\nserver {}", "/b.conf": "server {}"}, nil,
			"fragment /a.conf\n  /b.conf\n"},
		{"that include each other in a circle", map[string]string{"/a.conf": "include b.conf;\nserver {}", "/b.conf": "include a.conf;\nserver {}"}, nil,
			`fragment /a.conf
  /b.conf
problem at /b.conf:1 /a.conf includes itself through this line: nginx opens it until it has too many open files
`},
		{"what stock packages have", map[string]string{"/site.conf": "server { include fastcgi_params; include mime.types; include gone.inc; }"}, nil,
			"fragment /site.conf\nunread at /site.conf:1 /gone.inc: no such file\n"},
	})
}

func TestMasters(t *testing.T) {
	include := func(name string) string { return "[global]\nlog_limit = 2048\ninclude = " + name + "\n" }
	testReadings(t, []reading{
		{"included by another", map[string]string{"/a.conf": include("/b.conf"), "/b.conf": include("/c.conf"), "/c.conf": poolText}, nil,
			"master /a.conf\n  /b.conf\n  /c.conf\n  [www]\n"},
		{"that include each other", map[string]string{"/a.conf": include("/b.conf"), "/b.conf": include("/a.conf")}, nil,
			`master /a.conf incomplete
  /b.conf
problem at /a.conf:3 failed to include more than 5 files recursively
`},
		{"that includes itself", map[string]string{"/a.conf": include("/a.conf")}, nil,
			"master /a.conf incomplete\nproblem at /a.conf:3 failed to include more than 5 files recursively\n"},
		{"with its pools beside it", map[string]string{"/php/php-fpm.conf": include("/usr/local/etc/php-fpm.d/*.conf"), "/php/php-fpm.d/www.conf": poolText}, nil,
			"master /php/php-fpm.conf\n  /php/php-fpm.d/www.conf\n  [www]\n"},
		{"whose pools are elsewhere", map[string]string{"/php/php-fpm.conf": include("/etc/php-fpm.d/*.conf")}, nil,
			"master /php/php-fpm.conf incomplete\nproblem at /php/php-fpm.conf:3 /etc/php-fpm.d: no such file\n"},
		{"whose only pool is elsewhere", map[string]string{"/php/php-fpm.conf": include("/etc/php-fpm.d/www.conf")}, nil,
			"master /php/php-fpm.conf incomplete\nproblem at /php/php-fpm.conf:3 /etc/php-fpm.d/www.conf: no such file\n"},
		{"of the official image", map[string]string{"/usr/local/etc/php-fpm.conf": include("etc/php-fpm.d/*.conf"), "/usr/local/etc/php-fpm.d/docker.conf": poolText}, nil,
			"master /usr/local/etc/php-fpm.conf (official PHP images)\n  /usr/local/etc/php-fpm.d/docker.conf\n  [www]\n"},
		{"whose prefix is not known", map[string]string{"/etc/php83rc/php-fpm.conf": include("x/*.conf")}, nil,
			"master /etc/php83rc/php-fpm.conf (RunCloud) PHP 8.3 incomplete\nproblem at /etc/php83rc/php-fpm.conf:3 the base directory of x/*.conf is unknown\n"},
		{"pools of one folder and others", map[string]string{
			"/x/pool.d/b.conf": "[b]\nlisten = 2\n", "/x/pool.d/a.conf": "[a]\nlisten = 1\n", "/y/c.conf": "[c]\nlisten = 3\npm = static\n", "/y/d.conf": "[d]\nlisten = 4\npm = static\n",
		}, nil, `pools /x/pool.d/a.conf together
  /x/pool.d/b.conf
  [a]
  [b]
pools /y/c.conf
  [c]
pools /y/d.conf
  [d]
`},
	})
}

// A unit names the php-fpm.conf that it starts, its prefix and its php.ini.
func TestUnitNamesMaster(t *testing.T) {
	unit := "[Service]\nExecStart=/opt/php/8/sbin/php-fpm -F -y /srv/blog/fpm.conf -c /srv/blog\n"
	files := map[string]string{
		"/etc/nginx/nginx.conf": mainText, "/srv/blog/fpm.conf": "[global]\ninclude = etc/www.conf\n",
		"/opt/php/8/etc/www.conf": poolText, "/srv/blog/php.ini": "a = 1\n",
		"/etc/passwd": "", "/etc/systemd/system/php-fpm-blog.service": unit,
	}
	want := `nginx /etc/nginx/nginx.conf
master /srv/blog/fpm.conf
  /opt/php/8/etc/www.conf
  [www]
  ini /srv/blog/php.ini
`
	with := func(name, text string) map[string]string {
		all := maps.Clone(files)
		all[name] = text
		return all
	}
	prefixed := with("/etc/systemd/system/php-fpm-blog.service.d/p.conf", "[Service]\nExecStart=\nExecStart=/opt/php/8/sbin/php-fpm -p /srv/blog -y /srv/blog/fpm.conf -c /srv/blog/php.ini\n")
	prefixed["/srv/blog/etc/www.conf"] = poolText
	testReadings(t, []reading{
		{"of a program with its own prefix", files, []string{"/"}, want},
		{"of NixOS", map[string]string{
			"/etc/systemd/system/nginx.service":       "[Service]\nExecStart=/nix/store/a-nginx/bin/nginx -c '/nix/store/b-nginx.conf'\n",
			"/etc/systemd/system/phpfpm-blog.service": "[Service]\nExecStart=/nix/store/c-php/bin/php-fpm -y /nix/store/d-phpfpm-blog.conf -c /nix/store/e-php.ini\n",
			"/nix/store/b-nginx.conf":                 mainText, "/nix/store/d-phpfpm-blog.conf": poolText, "/nix/store/e-php.ini": "a = 1\n",
			"/etc/passwd": "",
		}, []string{"/"}, "nginx /nix/store/b-nginx.conf\nmaster /nix/store/d-phpfpm-blog.conf\n  [www]\n  ini /nix/store/e-php.ini\n"},
		{"from etc", files, []string{"/etc"}, want},
		{"with another prefix", prefixed, []string{"/"}, strings.Replace(want, "/opt/php/8", "/srv/blog", 1)},
		{"and nginx alone is asked for", files, []string{"/etc/nginx"}, "nginx /etc/nginx/nginx.conf\n"},
	})
}

// The server that no layout has is found by the name of its main file.
func TestOtherServer(t *testing.T) {
	pool := "[global]\npid = /run/fpm.pid\n" + poolText
	testReadings(t, []reading{
		{"PHP-FPM built from source", map[string]string{"/etc/nginx/nginx.conf": mainText, "/opt/web/php-8.2.9/etc/php-fpm.conf": pool, "/etc/passwd": ""}, []string{"/"},
			"nginx /etc/nginx/nginx.conf\nmaster /opt/web/php-8.2.9/etc/php-fpm.conf\n  [www]\n"},
		{"nginx of a panel", map[string]string{"/etc/php-fpm.conf": pool, "/opt/panel/nginx/conf/nginx.conf": mainText}, []string{"/"},
			"nginx /opt/panel/nginx/conf/nginx.conf\nmaster /etc/php-fpm.conf (RHEL, Rocky, Fedora)\n  [www]\n"},
		{"samples and other programs", map[string]string{
			"/etc/nginx/nginx.conf": mainText, "/opt/web/examples/php-fpm.conf": pool, "/etc/tmpfiles.d/php-fpm.conf": "d /run/php-fpm 755 root root\n",
			"/usr/local/share/php/php-fpm.conf": pool,
		}, []string{"/"}, "nginx /etc/nginx/nginx.conf\n"},
	})
}
