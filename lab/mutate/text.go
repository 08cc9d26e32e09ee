package mutate

import (
	"fmt"
	"strings"
)

// renameKey changes the name of a setting.
func (d *draft) renameKey(p place) string {
	old := p.text()
	names := []string{d.misspell(old), d.misspell(old), strings.ToUpper(old), `"` + old + `"`, "#" + old, ";" + old, strings.ReplaceAll(old, "_", "-"), strings.ReplaceAll(old, ".", "_"), " " + old, "-" + old}
	switch p.syntax() {
	case iniSyntax:
		names = append(names, "listen", "pm.max_children", "include", "error_log", "user", "process_control_timeout", "php_value["+old+"]", "env["+old+"]", old+"[]")
	case apacheSyntax:
		names = append(names, "SetHandler", "AddHandler", "AddType", "ProxyPass", "ProxyPassMatch", "Include", "Listen", "<Files", "Define", "php_value")
	default:
		names = append(names, "fastcgi_pass", "proxy_pass", "listen", "include", "server", "location", "uwsgi_pass", "error_log")
	}
	new := pick(d, names)
	if new == old {
		return ""
	}
	p.set(new)
	return fmt.Sprintf("%s is renamed to %s", p.where(), new)
}

func (d *draft) deleteStatement(p place) string {
	p.set("")
	return p.where() + " is deleted"
}

func (d *draft) duplicateStatement(p place) string {
	p.set(p.text() + "\n" + p.text())
	return p.where() + " is written twice"
}

// duplicateChanged repeats a setting with another value.
func (d *draft) duplicateChanged(p place) string {
	old := p.text()
	var values []place
	for _, v := range p.values() {
		if p.from <= v.from && v.to <= p.to {
			values = append(values, v)
		}
	}
	v := pick(d, values)
	if v.draftFile == nil {
		return ""
	}
	new := d.another(v)
	copied := old[:v.from-p.from] + new + old[v.to-p.from:]
	if d.IntN(2) == 0 {
		p.set(old + "\n" + copied)
		return fmt.Sprintf("%s is written again after it, with %q", p.where(), new)
	}
	p.set(copied + "\n" + old)
	return fmt.Sprintf("%s is written before as well, with %q", p.where(), new)
}

func (d *draft) commentStatement(p place) string {
	sign := pick(d, []string{"#", "; ", "# ", ";", "//", "-- ", "/* "})
	p.set(sign + p.text())
	return fmt.Sprintf("%s gets %q in front", p.where(), sign)
}

// moveStatement moves a setting to another file, block or place.
func (d *draft) moveStatement() string {
	from := d.file()
	p := pick(d, from.statements())
	to := d.file()
	if p.draftFile == nil || from.syntax() != to.syntax() {
		return ""
	}
	what, text := p.where(), p.text()
	if d.IntN(3) > 0 {
		p.set("")
	}
	places := to.statements()
	offset := len(to.text)
	if d.IntN(4) > 0 && len(places) > 0 {
		offset = pick(d, places).from
	}
	what += " goes to " + to.at(offset)
	to.replace(offset, offset, "\n"+text+"\n")
	return what
}

// strangers are settings that are inserted where they may not belong.
var strangers = map[syntax][]string{
	apacheSyntax: apacheStrangers,
	nginxSyntax: {
		"fastcgi_pass unix:/run/php/php8.3-fpm.sock;", "proxy_pass http://127.0.0.1:8080;", "listen 80;", "listen [::]:80;", "listen 80 default_server;", "fastcgi_read_timeout 1s;", "internal;",
		"include /etc/nginx/missing.conf;", "include conf.d/*.conf;", "return 404;", "deny all;", "fastcgi_buffer_size 128k;", "fastcgi_buffers 4 4k;", "proxy_buffer_size 128k;", "fastcgi_keep_conn on;",
		"resolver 127.0.0.1;", "set $php_sock unix:/run/none.sock;", "upstream php { server 127.0.0.1:9000; }", "server { }", "user nobody;", "location ~ \\.php$ { }", "ssl_certificate /etc/x.pem;",
		"fastcgi_param PHP_VALUE \"memory_limit=1M\";", "daemon on;", "default_type text/html;", "events { }", "foo;", "{", "}", ";", "error_page 502 =200 /index.html;",
		"load_module modules/none.so;", "server_name a b;", "satisfy any;", "fastcgi_index index.php;",
		"hash $uri;", "ip_hash;", "random two;", "least_conn;", "zone pool 64k;", "zone small 4k;", "keepalive 4;", "server 127.0.0.1:8080 backup;", "server a=b;", "upstream empty { }",
		"limit_req_zone $uri zone=logins:1m rate=1r/s;", "limit_req_zone $uri zone=extra:1m rate=1r/s;", "limit_req zone=none;", "limit_req zone=logins burst=0;", "limit_conn none 10;", "limit_conn_zone $uri zone=logins:1m;",
		"fastcgi_cache none;", "fastcgi_cache_path /var/cache/nginx/pages keys_zone=again:1m;", "proxy_cache_path /var/cache/nginx/more levels=1:2:3:4 keys_zone=more:1m;", "ssl_session_cache shared:tls:9m;",
		"if ($uri = /x) { return 404; }", "if ($uri == /x) { return 404; }", "if (!$uri) { return 404; }", "if ($http_x && $http_y) { return 404; }", "map $uri $extra { default $nosuch; }", "map \"${uri}\" $extra { /a 1; }",
		"geo $where { default 0; 300.1.1.1 1; }", "split_clients $uri $half { 50% a; 60% b; }", "set $uri x;", "set $nosuch2 $nosuch3;", "rewrite ^/a /b last;", "rewrite ^/(a /b;", "rewrite ^/a \"\";", "return 200 $nosuch;",
		"server_name very-long-name-of-a-site-on-this-host-of-ours.example;", "server_names_hash_bucket_size 32;", "types_hash_max_size 0;", "variables_hash_bucket_size 32;", "worker_connections 1;", "use kqueue;", "kqueue_changes 10;",
		"root $realpath_root;", "resolver $nosuch;", "access_log /var/log/nginx/x.log nosuch;", "access_log /var/log/nginx/x.log combined flush=1s;", "access_log syslog:server=;", "access_log /etc/passwd/x.log;",
		"ssl_certificate /etc/passwd;", "ssl_protocols TLSv1.9;", "ssl_ciphers nosuch;", "ssl_dhparam /etc/ssl/none.pem;", "ssl_verify_client on;", "listen 443 ssl;", "listen 80 so_keepalive=x;", "listen 80 setfib=1;",
		"listen [::ffff:127.0.0.1]:81;", "listen nosuchhost:80;", "limit_except FOO { deny all; }", "open_file_cache max=0;", "request_pool_size 16;", "set_real_ip_from nosuchhost;", "fastcgi_buffer_size 128;", "fastcgi_bind 127.0.0.2;",
		"charset_map a b { zz 01; }", "log_format timed $uri;", "log_format Timed $uri;", "error_page 99 /x;", "expires 30x;", "gzip_comp_level 10;", "client_body_buffer_size 1q;", "map_hash_max_size 4096;",
	},
	iniSyntax: {
		"listen = /run/php/php8.3-fpm.sock", "listen = 127.0.0.1:9000", "listen.mode = 0600", "listen.owner = nobody", "listen.group = nogroup", "listen.acl_users = www-data", "pm = static", "[www]", "[global]", "[zz]",
		"include = /etc/php/8.3/fpm/pool.d/*.conf", "include = /etc/nowhere/*.conf", "emergency_restart_threshold = 3", "emergency_restart_interval = 10s", "process_control_timeout = 3", "request_terminate_timeout = 5s",
		"request_slowlog_timeout = 1s", "user = nobody", "chdir = /etc/nowhere", "chroot = /srv", "env[PATH] = /bin", "env[X] =", "php_value[a] = b", "php_flag[x] = maybe", "process.max = 1", "rlimit_files = 5",
		"pm.status_path = status", "ping.path = /p", "access.log = /etc/nowhere/x.log", "catch_workers_output = no", "pm.status_listen = 127.0.0.1:9000", "hello", "# hello", "; hello", "php_admin_value[memory_limit] = 1G",
		"log_level = alert", "daemonize = no", "access.format = %Z", "pm.max_spare_servers = 1", "security.limit_extensions = .txt", "prefix = /srv", "pm.process_idle_timeout = 0", "listen.backlog = 0",
		"zend_extension = xdebug.so", "events.mechanism = poll", "php_admin_value[opcache.enable] = 0", "clear_env = no",
		"rlimit_files = -1", "rlimit_files = 99999999", "rlimit_core = unlimited", "events.mechanism = kqueue", "events.mechanism =", "pm.status_listen =", "pm.status_listen = 127.0.0.1:9009", "chroot = /etc/passwd",
		"chdir = /etc/passwd", "access.log = /etc/passwd/x.log", "browscap = /etc/nowhere/browscap.ini", "opcache.preload = /etc/nowhere.php", "process.priority = 30", "process.priority = -5", "listen.backlog = -1",
		"emergency_restart_threshold = -1", "request_slowlog_trace_depth = 0", "pm.max_spawn_rate = 0", "syslog.facility = nosuch", "log_limit = 100", "log_buffering = maybe", "decorate_workers_output = no",
	},
}

func (d *draft) insertStatement() string {
	f := d.file()
	text := pick(d, strangers[f.syntax()])
	places := f.statements()
	offset := len(f.text)
	if len(places) > 0 && d.IntN(5) > 0 {
		offset = pick(d, places).from
	}
	what := fmt.Sprintf("%s gets %q", f.at(offset), text)
	f.replace(offset, offset, text+"\n")
	return what
}

// breakTerminator removes or doubles the terminator of a setting.
func (d *draft) breakTerminator() string {
	f := d.file()
	places := f.statements()
	if f.syntax() != iniSyntax && d.IntN(3) == 0 {
		places = f.blocks()
	}
	p := pick(d, places)
	if p.draftFile == nil {
		return ""
	}
	switch p.syntax() {
	case apacheSyntax:
		return d.breakLine(p)
	case iniSyntax:
		new := pick(d, []string{strings.Replace(p.text(), "=", "", 1), strings.Replace(p.text(), "=", ":", 1), strings.Replace(p.text(), "=", "==", 1), strings.Replace(p.text(), "=", " = \n", 1), p.text() + ";", p.text() + " \\", p.text() + "]", "=" + p.text()})
		p.set(new)
		return fmt.Sprintf("%s becomes %q", p.where(), new)
	}
	end := p.text()[len(p.text())-1:]
	new := pick(d, []string{"", "", end + end, " " + end, end + " " + end, "}", ";", ","})
	p.replace(p.to-1, p.to, new)
	return fmt.Sprintf("%s ends with %q", p.where(), new)
}

// layoutStatement changes blanks and comments around a setting.
func (d *draft) layoutStatement(p place) string {
	old := p.text()
	new := pick(d, []string{
		"    " + old, "\t" + old, old + "   ", old + " # note", old + " ; note", old + "\r", "\n\n" + old, strings.Replace(old, " ", "\t", 1), strings.Replace(old, " ", "\n", 1),
		strings.Replace(old, " ", "\u00a0", 1), strings.ReplaceAll(old, " ", ""), strings.Replace(old, " ", "  ", 1), old + "\n# note", "; note\n" + old, old + "#note", "\v" + old, old + "\x00",
	})
	p.set(new)
	return fmt.Sprintf("%s is laid out as %q", p.where(), new)
}

func (d *draft) deleteBlock(p place) string {
	p.set("")
	return p.where() + " is deleted with all that is in it"
}

func (d *draft) duplicateBlock(p place) string {
	what, text := p.where(), p.text()
	to, offset := p.draftFile, p.to
	if d.IntN(3) == 0 {
		if to = d.file(); to.syntax() != p.syntax() {
			return ""
		}
		offset = len(to.text)
	}
	what += " is copied to " + to.at(offset)
	to.replace(offset, offset, "\n"+text+"\n")
	return what
}

func (d *draft) swapBlocks() string {
	f := d.file()
	blocks := f.blocks()
	a, b := pick(d, blocks), pick(d, blocks)
	if a.draftFile == nil || a.to > b.from {
		return ""
	}
	what := fmt.Sprintf("%s and %s change places", a.where(), b.where())
	first, second := a.text(), b.text()
	b.set(first)
	a.set(second)
	return what
}

// renamePool changes the name of a pool.
func (d *draft) renamePool() string {
	var pools []place
	for _, f := range d.files {
		if f.weight() == 0 || f.syntax() != iniSyntax {
			continue
		}
		for _, p := range f.blocks() {
			p.to = p.from + strings.IndexByte(f.text[p.from:], ']') + 1
			if p.from < p.to {
				pools = append(pools, p)
			}
		}
	}
	p, q := pick(d, pools), pick(d, pools)
	if p.draftFile == nil {
		return ""
	}
	name := strings.Trim(q.text(), "[]")
	new := pick(d, []string{
		"[" + name + "]", "[" + strings.ToUpper(name) + "]", "[ " + name + " ]", `["` + name + `"]`, "[www]", "[global]", "[a/b]", "[]", "[" + name, name + "]", " [" + name + "]",
		"[" + name + "] ; note", "[" + name + "] # note", "[x y]", "[a.b-c_d]", "[a;b]", "[[" + name + "]]", "['" + name + "']",
	})
	p.set(new)
	return fmt.Sprintf("%s becomes %s", p.where(), new)
}
