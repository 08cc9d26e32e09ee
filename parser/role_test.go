package parser

import (
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

func newTestReader() *reader { return newReader(tree.Memory(nil)) }

// guessCase is a file and what its role is taken for.
type guessCase struct {
	name, text string
	want       guess
}

func testGuesses(t *testing.T, tests []guessCase) {
	t.Helper()
	r := newTestReader()
	for _, test := range tests {
		got := r.guess(&source.File{Name: test.name, Text: test.text})
		if got.master = false; got != test.want {
			t.Errorf("%s %q: got %+v, want %+v", test.name, test.text, got, test.want)
		}
	}
}

func TestGuessNginx(t *testing.T) { testGuesses(t, nginxGuesses) }

func TestGuessIni(t *testing.T) { testGuesses(t, iniGuesses) }

var (
	none     = guess{}
	entry    = guess{role: source.RoleNginx, proved: true}
	fragment = guess{role: source.RoleFragment, proved: true}
	snippet  = guess{role: source.RoleFragment}
	mainFile = guess{role: source.RoleFPM, proved: true}
	pool     = guess{role: source.RolePool, proved: true}
	maybe    = guess{role: source.RolePool}
	phpIni   = guess{role: source.RolePHPIni}
)

var nginxGuesses = []guessCase{
	{"/x.conf", "events {}", entry},
	{"/x.conf", "user x;\nhttp {\n}", guess{role: source.RoleNginx}},
	{"/x.conf", "http { sendfile on; server { listen 80; } }", entry},
	{"/x.conf", "http { sendfile on\n keepalive_timeout 5; gzip on; }", entry},
	{"/nginx.conf", "http {\n}", entry},
	{"/x.conf", "http { port = 9000 }", none},
	{"/x.conf", "http { server { port = 9000 } }", none},
	{"/x.conf", "http local { listener-clients 10; };", none},
	{"/x.conf", "include \"a\"\nhttp {\n  listen = 80\n}\nserver { port: 80 }\nevents {}\n", none},
	{"/x.conf", "events {}\nhttp { server { listen 80; listen = 81; server_name a; } }", entry},
	{"/x.conf", "http on;", none},
	{"/x.conf", "server { listen 80; }\nhttp { a = 1 }", fragment},
	{"/x.conf", "server { listen 80; }", fragment},
	{"/x.conf", "\ufeffserver { listen 80; }", fragment},
	{"/x.conf", "# [www]\nserver {\n}", fragment},
	{"/x.conf", "server { lsten 80; server_name a; }", fragment},
	{"/x.conf", "server { listen 80;\n root /srv;\n index a\n}", fragment},
	{"/x.conf", "server { listen 80 }", snippet},
	{"/nginx/x.conf", "server { listen 80 }", fragment},
	{"/docker/nginx/conf.d/x.conf", "server { listen 80 }", fragment},
	{"/srv/nginx-fan/docker/conf/x.conf", "server { listen 80 }", snippet},
	{"/x.conf", "server 192.0.2.1 { keys { k; }; };", none},
	{"/x.conf", "server default { listen { type = auth } }", none},
	{"/x.conf", "server { enabled = true\n  root = \"/srv\" }", none},
	{"/x.conf", "server: { listen: 80 }", none},
	{"/x.conf", "upstream u { server a; }", fragment},
	{"/x.conf", "upstream u {}", snippet},
	{"/x.conf", "upstream u { keepalive 2; }", snippet},
	{"/x.conf", "upstream { server = a }", none},
	{"/x.conf", "map $a $b { c d; }", fragment},
	{"/x.conf", "map m { type ipv4_addr : verdict; }", none},
	{"/x.conf", "location / { }", fragment},
	{"/x.conf", "location = { lat = 1 }", none},
	{"/x.conf", "location =/a { deny all; }", fragment},
	{"/x.conf", "location = /a\n{ deny all; }", fragment},
	{"/x.conf", "location berlin { include a; hash b; };", snippet},
	{"/x.conf", "location ~ \\.php$ { include a; }", fragment},
	{"/x.conf", "server a:9000;", snippet},
	{"/x.conf", "fastcgi_pass unix:/a;", fragment},
	{"/x.conf", "my_pass a;", none},
	{"/x.conf", "gzip on;\ngzip_types a;", snippet},
	{"/x.conf", "include a;\noptions { directory b; };", none},
	{"/x.conf", "#!/bin/sh\nserver { listen 80; }", none},
	{"/x.conf", "", none},
	{"/x.conf", "\x00\x01\x02", none},
	{"/x.conf", "{{{{", none},
}

var iniGuesses = []guessCase{
	{"/www.conf", "[www]\nlisten = 9000", pool},
	{"/x.conf", "[www]\nlisten = 9000", maybe},
	{"/php-fpm.d/x.conf", "listen = yes\nanonymous_enable = no", none},
	{"/php-fpm.d/x.conf", "[a]\nlisten = 9000\nworkers = 4\nthreads = 2", none},
	{"/x.conf", "[www]\nlisten = 9000\nworkers = 4", none},
	{"/x.conf", "[www]\nlisten = 9000\npm = static\nworkers = 4", pool},
	{"/x.conf", "[a]\nlisten = 9000\n[b]\npm = static\nworkers = 4", none},
	{"/x.conf", "; comment\n[www]\npm = static", maybe},
	{"/php/x.conf", "; comment\n[www]\npm = static", pool},
	{"/x.conf", "\ufeff[www]\r\nPM.Max_Children = 2\r\nPM.max_requests = 3", pool},
	{"/fpm/x.conf", "[www]\npm.max_childs = 2", pool},
	{"/www.conf", "[www]\nphp_admin_value[memory_limit] = 1G", pool},
	{"/www.conf", "[www]\nuser = x", maybe},
	{"/php-fpm.conf", "[program:php-fpm]\nuser = x", none},
	{"/php-fpm.conf", "[x]\nuser = x\nfiles = a", none},
	{"/php-fpm.conf", "[global]\npid = x", pool}, // a part of another
	{"/etc/php/8.3/fpm/php-fpm.conf", "[global]\npid = x", mainFile},
	{"/php-fpm.conf", "[Global]\npid = x\n[www]\nlisten = 9000", mainFile},
	{"/www.conf", "[global]\nerror_log = x\n[www]\nlisten = 9000", pool},
	{"/x.conf", "[global]\nprocess_control_timeout = 5\ninclude = a", mainFile},
	{"/x.conf", "[global]\npid = x\nlog_level = error\ninclude = /etc/x/*.conf", guess{role: source.RoleFPM}},
	{"/x.conf", "[global]\nlisten = 53\nlog_level = error\ninclude = /etc/x/*.conf", none},
	{"/x.conf", "listen = YES\nuser = a", none},
	{"/x.conf", "[global]\nindex-url = a\nlog_level = error", none},
	{"/x.conf", "include = /etc/php/8.3/fpm/pool.d/*.conf", mainFile},
	{"/x.conf", "[global]\ninclude=\"pool.d/*.conf\"", mainFile},
	{"/x.conf", "[include]\nfiles = /etc/supervisor/conf.d/*.conf", none},
	{"/x.conf", "[service]\nlisten = 9000\npm = static", pool},
	{"/x.conf", "[Service]\nUser = x\nGroup = x", none},
	{"/php.ini", "[PHP]\nmemory_limit = 1G", phpIni},
	{"/php.ini", "[PHP]\nlisten = 1\npm = static", phpIni},
	{"/x.conf", "memory_limit = 1G\npost_max_size = 1G\nrequest_terminate_timeout = 5", phpIni},
	{"/10-x.ini", "; x\nzend_extension=xdebug", phpIni},
	{"/pool.ini", "[www]\nlisten = 1\npm = static", pool},
	{"/uwsgi.ini", "[uwsgi]\nlisten = 128\nsocket = :9000", none},
	{"/x.conf", "[mysqld]\nport = 3306", none},
}

func TestGuessApache(t *testing.T) { testGuesses(t, apacheGuesses) }

var (
	apacheMain = guess{role: source.RoleApache, proved: true}
	apacheSite = guess{role: source.RoleApacheFragment, proved: true}
)

var apacheGuesses = []guessCase{
	{"/etc/apache2/apache2.conf", "DefaultRuntimeDir ${X}\nPidFile a\nUser a\nInclude ports.conf\n", apacheMain},
	{"/x/web.conf", apacheText, apacheMain},
	{"/httpd.conf", "Listen 80\nUser a\n", guess{role: source.RoleApache}},
	{"/httpd.conf", "Options None\n", none},
	{"/httpd.conf", vhostText, apacheSite},
	{"/httpd.conf", "Listen 80\n" + vhostText, apacheMain},
	{"/mpm.conf", "LoadModule mpm_event_module modules/mod_mpm_event.so\n", apacheSite},
	{"/x.conf", vhostText, apacheSite},
	{"/x.conf", "\ufeff<VirtualHost *:80>\nServerName a\nServerSignature Off\n</VirtualHost>\n", apacheSite},
	{"/x.conf", "<virtualhost *:80>\nservername a\n</virtualhost>\n", apacheSite},
	{"/x.conf", "<VirtualHost {{ address }}:80>\nServerName {{ name }}\n</VirtualHost>\n", apacheSite},
	{"/x.conf", "# DocumentRoot /srv\nUser a\n", none},
	{"/x.conf", "<VirtualHost 192.0.2.1>\nServerName a\n</VirtualHost>\n", none},
	{"/x.conf", "LoadModule mod_tls.c\n<IfModule mod_tls.c>\n</IfModule>\n", none},
	{"/x.conf", "<VirtualHost *:21>\n</VirtualHost>\nServerType inetd\n", none},
	{"/x.conf", "DocumentRoot\n", none},
	{"/x.conf", "#!/bin/sh\nDocumentRoot /srv\n", none},
	{"/apache.conf", "server { listen 80; }\n# DocumentRoot /srv\n", fragment},
	{"/nginx/nginx.conf", apacheText, apacheMain},
	{"/x/.htaccess", "", guess{role: source.RoleHtaccess, proved: true}},
	{"/x/htaccess.txt", "RewriteRule a b\n", apacheSite},
}
