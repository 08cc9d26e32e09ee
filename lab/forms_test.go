//go:build linux

package lab

import "strings"

// furtherForms are log lines that neither a bad example nor a case produces. Each
// stops a server, which then reports only that one: a case with several of them would
// show only the first.
var furtherForms = map[string][]struct{ frame, line string }{
	"buffer-arithmetic": {{siteForm, "fastcgi_buffers 1 64k;"}},
	"directive-refused": {
		{siteForm, "limit_req zone=nobody;"},
		{siteForm, "fastcgi_split_path_info ^/a;"},
		{siteForm, "gzip_comp_level 10;"},
		{siteForm, "resolver 127.0.0.1:five;"},
		{siteForm, "add_header X-Path a$;"},
		{siteForm, "fastcgi_store on;\nfastcgi_cache one;"}, // no rule reports it
		{streamForm, "server { listen 127.0.0.1:1306; proxy_pass 127.0.0.1; }"},
		{streamForm, "upstream db { }"},
		{streamForm, "server { listen unix:/run/none/db.sock; proxy_pass 127.0.0.1:3306; }"},
		{streamForm, "upstream db { server 127.0.0.1:3306; }\nserver { listen 127.0.0.1:1306; proxy_pass db:3306; }"},
	},
	"hash-comment": {
		{poolForm, "pm.max_requests = 500 # then a new one"},
		{poolForm, "#php_admin_value[memory_limit] = 64M"},
		{poolForm, "# (for now"},
	},
	"invalid-value": {
		{poolForm, "php_admin_flag[display_errors] = maybe"},
		{poolForm, "access.suppress_path[] = status"},
		{poolForm, "pm.max_children = 0"},
		{poolForm, "process.priority = 21"},
		{poolForm, "pm = ondemand\npm.process_idle_timeout = 0"},
		{poolForm, "pm = dynamic\npm.min_spare_servers = 1\npm.max_spare_servers = 2\npm.max_spawn_rate = 0"},
		{poolForm, "slowlog = /var/log/slow.log\nrequest_slowlog_timeout = 5\nrequest_slowlog_trace_depth = -1"},
		{globalForm, "events.mechanism = kqueue"},
		{globalForm, "log_limit = 100"},
		{globalForm, "process.max = -1"},
	},
	"listen-misread": {{poolForm, "listen = 192.0.2.7:9000"}}, // an address that the host does not have
	"missing-path": {
		{poolForm, "access.log = /var/log/none/access.log"},
		{poolForm, "chroot = /srv/none"},
		{poolForm, "prefix = /srv/none"},
		{globalForm, "pid = /run/none/fpm.pid"},
	},
	"missing-required": {{bareForm, "pm.max_children = 2"}},
	"pm-arithmetic":    {{poolForm, "pm = dynamic\npm.min_spare_servers = 1\npm.max_spare_servers = 0"}},
	"status-path-form": {{poolForm, "pm.status_path = /status?full"}},
	"syntax":           {{siteForm, "root " + strings.Repeat("a", 4100) + ";"}},
	"unknown-entry": {
		{poolForm, "limits[files] = 1024"},
		{poolForm, "daemonize"},
		{poolForm, "env[] = production"},
		{poolForm, "access.suppress_path[status] = /status"},
		{globalForm, "env[APP] = production"},
	},
}

// The configurations around a line, which replaces %s.
const (
	siteForm = `nginx refuses
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
        %s
    }
}
`
	streamForm = `nginx refuses
-- etc/nginx/nginx.conf --
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events { }
stream {
%s
}
`
	poolForm = `fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = static
pm.max_children = 2
%s
`
	bareForm = `fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
%s
`
	globalForm = `fpm refuses
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
error_log = /var/log/php8.3-fpm.log
%s
include = /etc/php/8.3/fpm/pool.d/*.conf
`
)

// addFurtherForms appends them to the cases.
func addFurtherForms(found map[string][]Form) {
	for rule, forms := range furtherForms {
		for _, f := range forms {
			line := strings.ReplaceAll(f.line, "\n", ", ")
			if len(line) > 200 {
				line = line[:20] + "..."
			}
			found[rule] = append(found[rule], Form{"the line " + line, strings.Replace(f.frame, "%s", f.line, 1)})
		}
	}
}
