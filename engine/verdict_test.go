package engine_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/tree"
)

const (
	mainFile   = "/etc/nginx/nginx.conf"
	fpmFile    = "/etc/php/8.3/fpm/php-fpm.conf"
	apacheFile = "/etc/apache2/apache2.conf"
	handler    = `SetHandler "proxy:unix:/run/php.sock|fcgi://localhost"`
	poolText   = "[global]\n[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = ondemand\npm.max_children = 5\n"
)

// machine returns the texts of a machine whose PHP listens on TCP and whose nginx has the
// given locations of PHP.
func machine(passes ...string) map[string]string {
	text := "user www-data;\nevents {}\nhttp {\nfastcgi_buffer_size 32k;\nfastcgi_buffers 16 16k;\n"
	for i, pass := range passes {
		text += fmt.Sprintf("server { server_name s%d; location ~ \\.php$ { %s } }\n", i, pass)
	}
	return map[string]string{
		"/etc/passwd": "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\n", "/etc/group": "www-data:x:33:\n",
		mainFile: text + "}\n", fpmFile: poolText,
	}
}

// apache returns the texts of a machine like that of machine whose web server is Apache, with a
// pool that listens on a socket.
func apache() map[string]string {
	text := "ServerRoot /etc/apache2\nListen 80\nUser www-data\nGroup www-data\nDocumentRoot /srv\n"
	for _, name := range []string{"mpm_event", "authz_core", "mime", "proxy", "proxy_fcgi"} {
		text += "LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n"
	}
	return with(machine(), mainFile, "", "/etc/mime.types", "text/html html\n", "/srv/index.php", "<?php\n",
		apacheFile, text+"<FilesMatch \\.php$>\n"+handler+"\n</FilesMatch>\n",
		fpmFile, strings.ReplaceAll(poolText, "127.0.0.1:9000", "/run/php.sock\nlisten.owner = www-data"))
}

// with returns texts with others, and without those that are "".
func with(texts map[string]string, others ...string) map[string]string {
	for i := 0; i < len(others); i += 2 {
		texts[others[i]] = others[i+1]
	}
	maps.DeleteFunc(texts, func(_, text string) bool { return text == "" })
	return texts
}

// repository returns texts as a repository has them: not below /etc.
func repository(texts map[string]string) map[string]string {
	return map[string]string{"/conf/nginx.conf": texts[mainFile], "/conf/php-fpm.conf": texts[fpmFile]}
}

const answered = "fastcgi_pass 127.0.0.1:9000;"

// verdicts are machines and projects with their verdict, how many of their PHP locations
// are judged, and why the others are not.
var verdicts = []struct {
	name  string
	texts map[string]string
	paths []string // nil: all
	want  string
}{
	{"all judged", machine(answered, answered), nil, "healthy: 2 of 2"},
	{"a part of it, which knows the pools", machine(answered), []string{"/etc"}, "healthy: 1 of 1"},
	{"a fault is judged", machine("fastcgi_pass 127.0.0.1:9001;", "fastcgi_pass php:9000;"), nil,
		"502: 1 of 2, 1 cannot resolve host \"php\" offline (pass --facts of a host whose /etc/hosts has it)"},

	{"no pool given", machine(answered), []string{"/etc/nginx"}, "unknown: 0 of 1, 1 no pool given (add /etc/php, or / for the whole machine)"},
	{"no pool given, RHEL", with(machine(answered), fpmFile, "", "/etc/php-fpm.d/www.conf", poolText), []string{"/etc/nginx"},
		"unknown: 0 of 1, 1 no pool given (add /etc/php-fpm.d, or / for the whole machine)"},
	{"no pool at all", with(machine(answered), fpmFile, ""), nil, "unknown: 0 of 1, 1 no pool found (name the folder of PHP-FPM's configuration)"},
	{"no pool in a project", map[string]string{"/conf/nginx.conf": machine(answered)[mainFile]}, nil,
		"unknown: 0 of 1, 1 no pool found (add its file, or the compose file that runs it)"},
	{"no pool given in a project", map[string]string{"/conf/nginx.conf": machine(answered)[mainFile]}, []string{"/conf"},
		"unknown: 0 of 1, 1 no pool given (add its file)"},
	{"one version not read, and a known socket", with(machine(answered), "/etc/php/7.4/fpm/pool.d/old.conf", "[old]\nlisten = 9100\n"), nil, "healthy: 1 of 1"},
	{"one version not read, and no known socket", with(machine("fastcgi_pass 127.0.0.1:9100;"), "/etc/php/7.4/fpm/pool.d/old.conf", "[old]\nlisten = 9001\n"), nil,
		"502-sometimes: 1 of 1"},

	{"a host name in a project", repository(machine("fastcgi_pass php:9000;")), nil,
		"unknown: 0 of 1, 1 cannot resolve host \"php\" offline (add the compose file that defines it)"},
	{"a socket between two machines of a project", map[string]string{"/a/nginx.conf": machine("fastcgi_pass unix:/run/a.sock;")[mainFile], "/b/nginx.conf": machine()[mainFile],
		"/c/www.conf": "[www]\nuser = www-data\nlisten = /run/a.sock\npm = static\npm.max_children = 5\n"}, nil,
		"unknown: 0 of 1, 1 PHP may be on another machine of the project (add the compose file that runs both)"},
	{"a host name in a variable", machine("set $token secret.example:9000; fastcgi_pass $token; resolver 192.0.2.53;"), nil,
		"unknown: 0 of 1, 1 cannot resolve a host name offline (pass --facts of a host whose /etc/hosts has it)"},
	{"a pool that lets only its container in, with an image that is not known", map[string]string{
		"/compose.yaml": "services:\n  web: {image: nginx:1.27, volumes: ['./site.conf:/etc/nginx/conf.d/default.conf'], depends_on: [php]}\n" +
			"  php: {image: shop/php, volumes: ['./www.conf:/usr/local/etc/php-fpm.d/www.conf']}\n",
		"/site.conf": "server { location ~ \\.php$ { fastcgi_pass php:9000; } }\n",
		"/www.conf":  "[www]\nuser = www-data\nlisten = 9000\nlisten.allowed_clients = 127.0.0.1\npm = static\npm.max_children = 5\n",
	}, nil, "unknown: 0 of 1, 1 what runs in a container is unknown (wp502lint machines shows what is known)"},
	{"another machine", machine("fastcgi_pass 192.0.2.1:9000;", answered), nil, "unknown: 1 of 2, 1 PHP may be on another machine (check there that it listens)"},
	{"a variable", machine("set $s 127.0.0.1:9000; if ($args) { set $s 127.0.0.1:9001; } fastcgi_pass $s;"), nil, "unknown: 0 of 1, 1 the address depends on a variable (send a request to test it)"},
	{"a template mark", machine("fastcgi_pass unix:@SOCKET@;"), nil, "unknown: 0 of 1, 1 the address is a template mark (lint what the template makes, with --overlay)"},
	{"the variable of a pool", with(machine(answered), fpmFile, "[global]\n[www]\nuser = www-data\nlisten = ${SOCK}\npm = static\npm.max_children = 5\n"), nil,
		"unknown: 0 of 1, 1 the address of a pool is unknown (set listen to a fixed address)"},
	{"the most frequent first", machine("fastcgi_pass php:9000;", "fastcgi_pass 192.0.2.1:9000;", "fastcgi_pass 192.0.2.2:9000;"), nil,
		"unknown: 0 of 3, 2 PHP may be on another machine (check there that it listens), 1 cannot resolve host \"php\" offline (pass --facts of a host whose /etc/hosts has it)"},
	{"access unknown", with(machine("fastcgi_pass unix:/run/php.sock;"), "/etc/passwd", "", "/etc/group", "",
		fpmFile, "[global]\n[www]\nuser = www-data\nlisten = /run/php.sock\npm = static\npm.max_children = 5\nlisten.group = web\n"), nil,
		"unknown: 0 of 1, 1 access to the socket is unknown (add /etc/passwd and /etc/group, or pass --facts)"},

	{"no nginx.conf", with(machine(), mainFile, "", "/etc/nginx/conf.d/site.conf", "server { location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; } }\n",
		fpmFile, strings.ReplaceAll(poolText, "127.0.0.1:9000", "/run/php.sock")), []string{"/etc/nginx/conf.d/site.conf", "/etc/php"},
		"unknown: 0 of 1, 1 no nginx.conf given, so its account is unknown (add the nginx.conf)"},
	{"no user in nginx.conf", with(machine("fastcgi_pass unix:/run/php.sock;"), mainFile, "events {}\nhttp { server { location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; } } }\n",
		fpmFile, strings.ReplaceAll(poolText, "127.0.0.1:9000", "/run/php.sock\nlisten.owner = www-data")), nil,
		"unknown: 0 of 1, 1 the account of nginx is unknown (set user in nginx.conf, or nginx-user in .wp502lint.yaml)"},

	{"not known to be PHP", with(machine(), mainFile, "events {}\nhttp { server { location /x { fastcgi_pass 127.0.0.1:9100; } } }\n"), nil,
		"unknown: 0 of 1, 1 not known to be PHP (check that its program listens)"},
	{"known not to be PHP", with(machine(), mainFile, "events {}\nhttp { server { location /x { fastcgi_pass unix:/run/fcgiwrap.sock; } } }\n"), nil, "healthy: 0 of 0"},
	{"never reached", machine("return 403; fastcgi_pass php:9000;", answered), nil, "healthy: 1 of 1"},
	{"an upstream judged in part", with(machine(), mainFile, "events {}\nhttp { upstream u { server 127.0.0.1:9000; server 192.0.2.1:9000; }\n"+
		"server { location ~ \\.php$ { fastcgi_pass u; } } }\n"), nil, "unknown: 0 of 1, 1 PHP may be on another machine (check there that it listens)"},
	{"what is down is not used", with(machine(), mainFile, "user www-data;\nevents {}\nhttp { upstream u { server 127.0.0.1:9000; server 192.0.2.1:9000 down; }\n"+
		"server { location ~ \\.php$ { fastcgi_pass u; } } }\n"), nil, "healthy: 1 of 1"},
	{"an upstream of another file", map[string]string{"/conf/site.conf": "server { location ~ \\.php$ { fastcgi_pass u; } }\n"}, nil,
		"unknown: 0 of 1, 1 its upstream is in no file given (add the file that defines it)"},

	{"only pools", with(machine(), mainFile, ""), nil, "unknown: 0 of 0, 0 no configuration of nginx or Apache found (name its folder)"},
	{"only pools given", machine(answered), []string{"/etc/php"}, "unknown: 0 of 0, 0 no configuration of nginx or Apache given (add /etc/nginx, or / for the whole machine)"},
	{"a machine without PHP locations", machine(), nil, "healthy: 0 of 0"},
	{"a project without PHP locations", repository(machine()), nil, "unknown: 0 of 0, 0 none is in the files given (add the file that has one)"},
	{"nothing", map[string]string{}, nil, "unknown: 0 of 0, 0 no configuration of nginx or Apache found (name its folder)"},
	{"an include that is missing from a project", repository(with(machine(answered), mainFile, "events {}\nhttp { include sites/a.conf;\n"+
		"server { location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; } } }\n")), nil, "unknown: 1 of 1, 0 a file was not read in full (--verbose names it)"},
	{"only pools given of a machine with Apache", apache(), []string{"/etc/php"},
		"unknown: 0 of 0, 0 no configuration of nginx or Apache given (add /etc/apache2, or / for the whole machine)"},
	{"Apache", apache(), nil, "healthy: 1 of 1"},
	{"Apache, no user", with(apache(), apacheFile, strings.ReplaceAll(apache()[apacheFile], "User www-data", "User ${RUN_USER}")), nil,
		"unknown: 0 of 1, 1 the account of Apache is unknown (set User and Group in its main file)"},
	{"Apache, a port under an option that is unknown", with(apache(), apacheFile, strings.Replace(apache()[apacheFile], "Listen 80\n", "<IfDefine SITE>\nListen 80\n</IfDefine>\n", 1)+
		"<VirtualHost *:80>\nServerName a\nDocumentRoot /srv\n</VirtualHost>\n"), nil, "healthy: 1 of 1"},
	{"a site of Apache", map[string]string{"/conf/shop.conf": "<VirtualHost *:80>\nDocumentRoot /srv\n<FilesMatch \\.php$>\n" + handler + "\n</FilesMatch>\n</VirtualHost>\n",
		"/conf/www.conf": apache()[fpmFile]}, nil,
		"unknown: 0 of 1, 1 access to the socket is unknown (add /etc/passwd and /etc/group, or pass --facts)"},
	{"a site of Apache without a handler", map[string]string{"/conf/shop.conf": "<VirtualHost *:80>\nDocumentRoot /srv\nErrorDocument 404 /x\n</VirtualHost>\n"}, nil,
		"unknown: 0 of 1, 1 no apache2.conf or httpd.conf given, so its handlers are unknown (add the one that includes the site)"},
	{"a handler of Apache", map[string]string{"/conf/shop.conf": "<FilesMatch \\.php$>\n" + handler + "\n</FilesMatch>\n"}, nil,
		"unknown: 0 of 1, 1 no pool found (add its file, or the compose file that runs it)"},
	{"a path that cannot be read", machine(answered), []string{"/etc", "/none"}, "unknown: 1 of 1, 0 a file was not read in full (--verbose names it)"},
}

// healthy is said only where every place that passes PHP requests on is judged.
func TestVerdict(t *testing.T) {
	for _, test := range verdicts {
		r := open(t, engine.Options{Tree: tree.Memory(test.texts), Paths: test.paths}).Lint(nil)
		if got := verdictOf(r); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func verdictOf(r *engine.Result) string {
	c := r.Gateways
	text := fmt.Sprintf("%s: %d of %d", r.Verdict, c.Judged, c.PHP)
	for _, reason := range c.Reasons {
		text += fmt.Sprintf(", %d %s (%s)", reason.Count, reason.Why, reason.Next)
	}
	return text
}

// What the user hides stays judged, and what no rule reports does not.
func TestVerdictOfChoices(t *testing.T) {
	dead := machine("fastcgi_pass 127.0.0.1:9001;")
	ignored := with(maps.Clone(dead), mainFile, "# wp502lint:ignore-file WP201 -- a test\n"+dead[mainFile])
	lintOf := func(texts, typed map[string]string, without ...*lint.Rule) *engine.Result {
		return open(t, engine.Options{Tree: tree.Memory(texts), Without: without}).Lint(typed)
	}
	for _, test := range []struct {
		name string
		got  *engine.Result
		want string
	}{
		{"as it is", lintOf(dead, nil), "502: 1 of 1"},
		{"the rule is off", lintOf(dead, nil, rules.SocketMismatch),
			"unknown: 0 of 1, 1 the rule about what is wrong there is off (run all rules)"},
		{"ignored", lintOf(ignored, nil), "healthy: 1 of 1"},
		{"a text that nothing loads", lintOf(ignored, map[string]string{"/etc/nginx/new.conf": "server {}"}),
			"unknown: 1 of 1, 0 nothing loads a text that was given (give it the path of a file that is loaded)"},
	} {
		if got := verdictOf(test.got); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}
