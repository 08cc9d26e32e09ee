package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
)

// spellings are the marks of template languages and of scripts that fill in a file.
var spellings = []string{
	"{{ x }}", "{{x.y | default('z')}}", "{{#x}}", "{% if x %}", "{# x #}", "<%= x %>", "<%= @x -%>", "<% if x %>",
	"<?php echo $x; ?>", "<?= $x ?>", "[% x %]", "[[X]]", "[[ x ]]", "{$x}", "%{x}", "#{x}", "{x}", "<X>", "<some-host>", "((X))",
	"##X##", "@@X@@", "%%X%%", "@X_Y@", "%PORT%", "__X__", "__x__", "!X!", "~x~", "%(x)s", "${X}", "$X", "${X:-8}", "{{ if .X }}", "{{ .X }}",
	"<tmpl_var name='x'>", "<tmpl_if name='x'>", "</tmpl_if>", "<TMPL_VAR x>",
	"VALET_PROXY_HOST", "USER-NAME", "@x_y@", "${var.x}", `${lookup(x, "y")}`, "${X:?y}", "$(X)",
}

// ofApache are the spellings that Apache has itself: for sections, and for what it fills in.
var ofApache = []string{"<X>", "<some-host>", "%{x}"}

// place is where a mark is put: old of the frame's file becomes text, with the mark for
// MARK.
type place struct{ name, file, old, text string }

const (
	mainConf  = "/etc/nginx/nginx.conf"
	siteConf  = "/etc/nginx/sites-enabled/blog.conf"
	poolConf  = "/etc/php/8.3/fpm/pool.d/www.conf"
	fpmConf   = "/etc/php/8.3/fpm/php-fpm.conf"
	phpIni    = "/etc/php/8.3/fpm/php.ini"
	rootLine  = "    root /var/www/blog;"
	indexLine = "    index index.php;"
	passLine  = "        fastcgi_pass unix:/run/php/php8.3-fpm.sock;"
)

var places = []place{
	{"server_name", siteConf, "server_name blog.example;", "server_name MARK;"},
	{"part of server_name", siteConf, "server_name blog.example;", "server_name www.MARK.example MARK;"},
	{"listen", siteConf, "listen 80;", "listen MARK;"},
	{"port of listen", siteConf, "listen 80;", "listen 127.0.0.1:MARK;"},
	{"option of listen", siteConf, "listen 80;", "listen 80 MARK;"},
	{"root", siteConf, "root /var/www/blog;", "root MARK;"},
	{"part of root", siteConf, "root /var/www/blog;", "root /var/www/MARK/public;"},
	{"fastcgi_pass", siteConf, "unix:/run/php/php8.3-fpm.sock", "MARK"},
	{"socket of fastcgi_pass", siteConf, "unix:/run/php/php8.3-fpm.sock", "unix:MARK"},
	{"part of a socket", siteConf, "unix:/run/php/php8.3-fpm.sock", "unix:/run/php/MARK.sock"},
	{"host of fastcgi_pass", siteConf, "unix:/run/php/php8.3-fpm.sock", "MARK:9000"},
	{"port of fastcgi_pass", siteConf, "unix:/run/php/php8.3-fpm.sock", "127.0.0.1:MARK"},
	{"host and port", siteConf, "unix:/run/php/php8.3-fpm.sock", "MARK:MARK"},
	{"proxy_pass", siteConf, passLine, "proxy_pass MARK;"},
	{"host of proxy_pass", siteConf, passLine, "proxy_pass http://MARK:8080;"},
	{"port of proxy_pass", siteConf, passLine, "proxy_pass http://10.0.0.1:MARK;"},
	{"path of proxy_pass", siteConf, "location / {\n        try_files $uri $uri/ /index.php?$args;", "location / {\n        proxy_pass http://10.0.0.1/MARK;"},
	{"upstream server", siteConf, "server {", "upstream app { server MARK; }\nserver {\n    location /a { proxy_pass http://app; }"},
	{"port of an upstream server", siteConf, "server {", "upstream app { server 10.0.0.1:MARK; }\nserver {\n    location /a { proxy_pass http://app; }"},
	{"parameter of an upstream server", siteConf, "server {", "upstream app { server 10.0.0.1:80 MARK; }\nserver {\n    location /a { proxy_pass http://app; }"},
	{"name of an upstream", siteConf, "server {", "upstream MARK { server 10.0.0.1:80; }\nserver {\n    location /a { proxy_pass http://MARK; }"},
	{"include", siteConf, indexLine, "    include MARK;"},
	{"part of an include", siteConf, indexLine, "    include /etc/nginx/MARK/x.conf;"},
	{"size", siteConf, indexLine, "    client_max_body_size MARK;"},
	{"part of a size", siteConf, indexLine, "    client_max_body_size MARKm;"},
	{"several words", siteConf, indexLine, "    fastcgi_buffers MARK;"},
	{"second word", siteConf, indexLine, "    fastcgi_buffers 8 MARK;"},
	{"time", siteConf, indexLine, "    fastcgi_read_timeout MARK;"},
	{"part of a time", siteConf, indexLine, "    fastcgi_read_timeout MARKs;"},
	{"flag", siteConf, indexLine, "    fastcgi_buffering MARK;"},
	{"number", mainConf, "worker_connections 768;", "worker_connections MARK;"},
	{"line", siteConf, rootLine, "MARK"},
	{"line that ends", siteConf, rootLine, "    MARK;"},
	{"line of a listen", siteConf, "    listen 80;", "    MARK"},
	{"line of a pass", siteConf, passLine, "        MARK"},
	{"line of http", mainConf, "    default_type application/octet-stream;", "    MARK"},
	{"line of the main block", mainConf, "worker_processes auto;", "MARK"},
	{"line of the user", mainConf, "user www-data;", "MARK"},
	{"line of the events", mainConf, "events {\n    worker_connections 768;\n}", "MARK"},
	{"line before all", siteConf, "server {", "MARK\nserver {"},
	{"name of a directive", siteConf, indexLine, "    MARK index.php;"},
	{"part of a name", siteConf, indexLine, "    fastcgi_MARK 8;"},
	{"name of a block", siteConf, "location / {", "MARK / {"},
	{"argument of a block", siteConf, "location / {", "location /MARK {"},
	{"whole argument of a block", siteConf, "location / {", "location MARK {"},
	{"expression", siteConf, `location ~ \.php$ {`, `location ~ ^/MARK\.php$ {`},
	{"user", mainConf, "user www-data;", "user MARK;"},
	{"worker_processes", mainConf, "worker_processes auto;", "worker_processes MARK;"},
	{"pid", mainConf, "/run/nginx.pid", "MARK"},
	{"error_log", mainConf, "error_log /var/log/nginx/error.log;", "error_log /var/log/MARK/error.log MARK;"},
	{"access_log", mainConf, "access_log /var/log/nginx/access.log;", "access_log MARK;"},
	{"format", mainConf, "access_log /var/log/nginx/access.log;", "access_log /var/log/nginx/access.log MARK;"},
	{"certificate", siteConf, "listen 80;", "listen 443 ssl;\n    ssl_certificate MARK;\n    ssl_certificate_key /etc/MARK.key;"},
	{"resolver", siteConf, indexLine, "    resolver MARK valid=MARK;"},
	{"value of a parameter", siteConf, indexLine, "    fastcgi_param APP_ENV MARK;"},
	{"value in quotes", siteConf, indexLine, `    fastcgi_param APP_ENV "a MARK";`},
	{"return", siteConf, indexLine, "    location /r { return 301 https://MARK$request_uri; }"},
	{"status", siteConf, indexLine, "    location /r { return MARK; }"},
	{"allow", siteConf, indexLine, "    location /r { allow MARK; deny all; }"},

	{"name of a pool", poolConf, "[www]", "[MARK]"},
	{"part of the name of a pool", poolConf, "[www]", "[www-MARK]"},
	{"listen of a pool", poolConf, "listen = /run/php/php8.3-fpm.sock", "listen = MARK"},
	{"part of the socket of a pool", poolConf, "listen = /run/php/php8.3-fpm.sock", "listen = /run/php/MARK.sock"},
	{"port of a pool", poolConf, "listen = /run/php/php8.3-fpm.sock", "listen = 127.0.0.1:MARK"},
	{"user of a pool", poolConf, "user = www-data", "user = MARK"},
	{"owner of a socket", poolConf, "listen.owner = www-data", "listen.owner = MARK"},
	{"mode of a socket", poolConf, "listen.mode = 0660", "listen.mode = MARK"},
	{"pm", poolConf, "pm = dynamic", "pm = MARK"},
	{"pm.max_children", poolConf, "pm.max_children = 5", "pm.max_children = MARK"},
	{"part of pm.max_children", poolConf, "pm.max_children = 5", "pm.max_children = MARK0"},
	{"pm.start_servers", poolConf, "pm.start_servers = 2", "pm.start_servers = MARK"},
	{"flag of a pool", poolConf, "catch_workers_output = yes", "catch_workers_output = MARK"},
	{"time of a pool", poolConf, "catch_workers_output = yes", "request_terminate_timeout = MARKs"},
	{"path of a pool", poolConf, "catch_workers_output = yes", "chdir = /var/www/MARK\nslowlog = MARK"},
	{"env", poolConf, "catch_workers_output = yes", "env[APP] = MARK"},
	{"env in quotes", poolConf, "catch_workers_output = yes", `env[APP] = "MARK"`},
	{"php_admin_value", poolConf, "catch_workers_output = yes", "php_admin_value[memory_limit] = MARK"},
	{"php_admin_flag", poolConf, "catch_workers_output = yes", "php_admin_flag[log_errors] = MARK"},
	{"allowed clients", poolConf, "catch_workers_output = yes", "listen.allowed_clients = MARK"},
	{"line of a pool", poolConf, "catch_workers_output = yes", "MARK"},
	{"line of a listen of a pool", poolConf, "listen = /run/php/php8.3-fpm.sock", "MARK"},
	{"key of a pool", poolConf, "catch_workers_output = yes", "MARK = yes"},
	{"line before a pool", poolConf, "[www]", "MARK\n[www]"},
	{"include of a master", fpmConf, "include = /etc/php/8.3/fpm/pool.d/*.conf", "include = MARK\ninclude = /etc/php/8.3/fpm/pool.d/*.conf"},
	{"part of an include of a master", fpmConf, "include = /etc/php/8.3/fpm/pool.d/*.conf", "include = /etc/MARK/8.3/fpm/pool.d/*.conf"},
	{"pid of a master", fpmConf, "/run/php/php8.3-fpm.pid", "MARK"},
	{"error_log of a master", fpmConf, "/var/log/php8.3-fpm.log", "/var/MARK/php8.3-fpm.log"},
	{"number of a master", fpmConf, "emergency_restart_threshold = 10", "emergency_restart_threshold = MARK"},
	{"time of a master", fpmConf, "process_control_timeout = 10s", "process_control_timeout = MARK"},
	{"level of a master", fpmConf, "process_control_timeout = 10s", "process_control_timeout = 10s\nlog_level = MARK"},
	{"line of a master", fpmConf, "process_control_timeout = 10s", "MARK"},
	{"memory_limit", phpIni, "128M", "MARK"},
	{"part of memory_limit", phpIni, "128M", "MARKM"},
	{"flag of php.ini", phpIni, "display_errors = Off", "display_errors = MARK"},
	{"line of php.ini", phpIni, "display_errors = Off", "MARK"},
}

// apachePlaces are those of the frame with Apache.
var apachePlaces = []place{
	{"socket", apachePHP, "/run/php/php8.3-fpm.sock", "MARK"},
	{"part of a socket", apachePHP, "/run/php/php8.3-fpm.sock", "/run/php/MARK.sock"},
	{"handler", apachePHP, "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost", "MARK"},
	{"handler without quotes", apachePHP, `"proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"`, "MARK"},
	{"host and port", apachePHP, "unix:/run/php/php8.3-fpm.sock|fcgi://localhost", "fcgi://MARK:MARK"},
	{"port", apachePHP, "unix:/run/php/php8.3-fpm.sock|fcgi://localhost", "fcgi://127.0.0.1:MARK"},
	{"name of a worker", apachePHP, "fcgi://localhost", "fcgi://MARK"},
	{"expression of a section", apachePHP, `".+\.ph(?:ar|p|tml)$"`, `"^MARK\.php$"`},
	{"name of a module", apachePHP, "<IfModule proxy_fcgi_module>", "<IfModule MARK>"},
	{"line of a handler", apachePHP, `        SetHandler "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"`, "MARK"},
	{"address of a virtual host", apacheSite, "*:80", "MARK:80"},
	{"port of a virtual host", apacheSite, "*:80", "*:MARK"},
	{"virtual host", apacheSite, "*:80", "MARK"},
	{"server name", apacheSite, "blog.example", "MARK"},
	{"part of a server name", apacheSite, "blog.example", "www.MARK.example:80"},
	{"aliases", apacheSite, "ServerName blog.example", "ServerAlias MARK www.MARK"},
	{"root", apacheSite, "/var/www/blog", "MARK"},
	{"part of the root", apacheSite, "/var/www/blog", `"/var/www/MARK/public"`},
	{"log", apacheSite, "${APACHE_LOG_DIR}/error.log", "MARK"},
	{"part of a log", apacheSite, "${APACHE_LOG_DIR}/access.log", "/var/log/MARK/access.log"},
	{"format", apacheSite, "access.log combined", `access.log "%h MARK"`},
	{"line", apacheSite, "    ServerName blog.example", "MARK"},
	{"line before all", apacheSite, "<VirtualHost", "MARK\n<VirtualHost"},
	{"name of a directive", apacheSite, "ServerName blog.example", "MARK blog.example"},
	{"directory", apacheSite, "    ServerName", "    <Directory MARK>\n    AllowOverride MARK\n    Options MARK\n    </Directory>\n    ServerName"},
	{"proxy", apacheSite, "    ServerName", "    ProxyPassMatch ^/(.*\\.php)$ fcgi://MARK/var/www/blog/$1\n    ServerName"},
	{"proxy to a server", apacheSite, "    ServerName", "    ProxyPass /api http://MARK:8080/\n    ProxyPass /b MARK\n    ServerName"},
	{"timeout of a worker", apacheSite, "    ServerName", "    <Proxy fcgi://localhost>\n    ProxySet timeout=MARK\n    </Proxy>\n    ServerName"},
	{"timeout", apacheConf, "Timeout 300", "Timeout MARK"},
	{"user", apacheConf, "${APACHE_RUN_USER}", "MARK"},
	{"level", apacheConf, "LogLevel warn", "LogLevel MARK"},
	{"include", apacheConf, "IncludeOptional sites-enabled/*.conf", "IncludeOptional sites-enabled/*.conf\nInclude MARK"},
	{"part of an include", apacheConf, "IncludeOptional sites-enabled/*.conf", "IncludeOptional sites-enabled/*.conf\nInclude vhosts/MARK.conf"},
	{"file of an error log", apacheConf, "${APACHE_LOG_DIR}/error.log", "/var/MARK/error.log"},
	{"module", apacheConf, "IncludeOptional mods-enabled/*.load", "IncludeOptional mods-enabled/*.load\nLoadModule MARK_module modules/mod_MARK.so"},
	{"variable", apacheConf, "Timeout 300", "Define X MARK\nTimeout ${X}"},
	{"port of a listen", "/etc/apache2/ports.conf", "Listen 80", "Listen 80\nListen MARK"},
	{"address of a listen", "/etc/apache2/ports.conf", "Listen 80", "Listen 80\nListen MARK:8080"},
	{"workers", "/etc/apache2/mods-enabled/mpm_event.conf", "150", "MARK"},
}

const (
	apacheConf = "/etc/apache2/apache2.conf"
	apacheSite = "/etc/apache2/sites-enabled/blog.conf"
	apachePHP  = "/etc/apache2/conf-enabled/php8.3-fpm.conf"
)

// controls are faults that are found in the same file, whatever a mark does beside them.
var controls = map[string]string{
	mainConf:   "\nworker_rlimit_nofile many;\n",
	apacheSite: "\n<VirtualHost *:81>\n    KeepAliveTimeout many\n</VirtualHost>\n",
	siteConf:   "\nserver {\n    listen 80;\n    server_name control.example;\n    fastcgi_buffers 8;\n}\n",
	poolConf:   "\n[control]\nuser = www-data\ngroup = www-data\nlisten = 127.0.0.1:9123\npm = bogus\npm.max_children = 5\n",
	fpmConf:    "\n[control]\nuser = www-data\ngroup = www-data\nlisten = 127.0.0.1:9123\npm = bogus\npm.max_children = 5\n",
}

// TestTemplateMarks puts every spelling of a mark into every place of the healthy frame:
// there is no error, and a fault beside it is still found.
func TestTemplateMarks(t *testing.T) {
	t.Run("nginx", func(t *testing.T) { testMarks(t, "", cases.Frame().Texts(), places) })
	t.Run("apache", func(t *testing.T) { testMarks(t, "frame: apache\n", cases.ApacheFrame().Texts(), apachePlaces) })
}

func testMarks(t *testing.T, header string, frame map[string]string, places []place) {
	for _, at := range places {
		for _, mark := range spellings {
			if bare(mark) && !mayBeBare(at.text) || header != "" && slices.Contains(ofApache, mark) {
				continue
			}
			text := strings.Replace(frame[at.file], at.old, strings.ReplaceAll(at.text, "MARK", mark), 1)
			if text == frame[at.file] {
				t.Fatalf("%s: %s has no %q", at.name, at.file, at.old)
			}
			for _, f := range certain(t, header, at.file, text) {
				t.Errorf("%s: %q: %s", at.name, mark, f)
			}
			if control := controls[at.file]; control != "" {
				if found := certain(t, header, at.file, text+control); len(found) != 1 {
					t.Errorf("%s: %q: with a fault in the same file: %q", at.name, mark, found)
				}
			}
		}
	}
}

// A line that a template may leave out is not one too many: to remove it would break the other
// way to render the file.
func TestTemplateAlternatives(t *testing.T) {
	for open, end := range map[string]string{"{% if a %}": "{% endif %}", "<tmpl_if name='a'>": "</tmpl_if>", "<% if a %>": "<% end %>"} {
		listens := open + "\nlisten = 127.0.0.1:9000\n" + end + "\n" + open + "\nlisten = /run/php/php8.3-fpm.sock\n" + end + "\n"
		text := strings.Replace(cases.Frame().Texts()[poolConf], "listen = /run/php/php8.3-fpm.sock\n", listens, 1)
		c, err := cases.Parse([]byte("-- " + poolConf[1:] + " --\n" + text))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range cases.Lint(c, rules.All).Findings {
			t.Errorf("%s: %s:%d: %s %s", open, f.At.File.Name, f.At.Begin().Line, f.Rule.ID, f.Message)
		}
	}
}

// bare reports whether a mark has no sign that ends it, so that a letter after it would
// be a part of its name.
func bare(mark string) bool {
	return mark == "$X" || strings.Trim(mark, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == ""
}

// mayBeBare reports whether a text is a place for such a mark: not a part of a word, and
// not a line.
func mayBeBare(text string) bool {
	_, after, _ := strings.Cut(text, "MARK")
	return after == "" && strings.Contains(text, "=") || after != "" && strings.IndexByte("; :/.\"", after[0]) >= 0 && strings.TrimLeft(text, " ") != "MARK;" && !strings.HasPrefix(text, "MARK")
}

// certain returns the errors for the frame with another text of a file.
func certain(t *testing.T, header, name, text string) (errors []string) {
	c, err := cases.Parse([]byte(header + "-- " + name[1:] + " --\n" + text))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range cases.Lint(c, rules.All).Findings {
		if f.Severity() == lint.Error {
			errors = append(errors, fmt.Sprintf("%s:%d: %s %s", f.At.File.Name, f.At.Begin().Line, f.Rule.ID, f.Message))
		}
	}
	return errors
}
