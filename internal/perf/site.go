package perf

import (
	"fmt"
	"strings"
)

// nginx returns the site's nginx file. The site's random numbers are restarted each
// time, so that the text is always the same.
func (s *site) nginx() string {
	again := newSite(s.number)
	random, shape := again.random, s.number%5
	pass := s.target
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, written by the panel: changes are lost\n", s.host)
	if shape == 1 {
		pass = "pool_" + s.name
		fmt.Fprintf(&b, "upstream %s {\n    server %s;\n}\n\n", pass, s.target)
	}
	if shape == 2 {
		fmt.Fprintf(&b, "server {\n    listen 80;\n    listen [::]:80;\n    server_name old.%[1]s;\n    return 301 http://%[1]s$request_uri;\n}\n\n", s.host)
	}
	fmt.Fprintf(&b, siteHead, s.host, s.name, 16<<random.IntN(4))
	if shape == 3 {
		b.WriteString("    include @/etc/nginx/snippets/page-cache.conf;\n")
	}
	b.WriteString("\n    location / {\n        try_files $uri $uri/ /index.php?$args;\n    }\n")
	if random.IntN(10) < 6 {
		fmt.Fprintf(&b, siteLogin, 3+random.IntN(8), pass)
	}
	if random.IntN(10) < 3 {
		b.WriteString(siteSitemap)
	}
	fmt.Fprintf(&b, sitePHP, pass)
	if random.IntN(2) == 0 {
		b.WriteString("        fastcgi_buffer_size 32k;\n        fastcgi_buffers 16 32k;\n")
	}
	b.WriteString(siteTail)
	return b.String()
}

// pool returns the site's PHP-FPM file.
func (s *site) pool() string {
	name := s.name
	if s.fault == collision {
		name = newSite(s.number - 1).name
	}
	var b strings.Builder
	fmt.Fprintf(&b, poolHead, s.host, name, s.listen)
	if strings.HasPrefix(s.listen, "127.") {
		b.WriteString("listen.allowed_clients = 127.0.0.1\n")
	} else {
		b.WriteString("listen.owner = www-data\nlisten.group = www-data\nlisten.mode = 0660\n")
	}
	children := 4 + s.number%5*4
	if s.number%3 == 0 {
		fmt.Fprintf(&b, "\npm = ondemand\npm.max_children = %d\npm.process_idle_timeout = 10s\n", children)
	} else {
		fmt.Fprintf(&b, "\npm = dynamic\npm.max_children = %d\npm.start_servers = 2\npm.min_spare_servers = 1\npm.max_spare_servers = 3\n", children)
	}
	fmt.Fprintf(&b, poolTail, s.name, 128<<(s.number%3))
	return b.String()
}

const siteHead = `server {
    listen 80;
    listen [::]:80;
    # listen 443 ssl;
    # ssl_certificate /etc/letsencrypt/live/%[1]s/fullchain.pem;
    # ssl_certificate_key /etc/letsencrypt/live/%[1]s/privkey.pem;
    server_name %[1]s www.%[1]s;
    root /var/www/%[2]s/htdocs;
    index index.php index.html;

    client_max_body_size %[3]dm;
    include @/etc/nginx/snippets/headers.conf;
    include @/etc/nginx/snippets/deny.conf;
    include @/etc/nginx/snippets/assets.conf;
`

const siteLogin = `
    # Few people log in more often than this.
    location = /wp-login.php {
        limit_req zone=login burst=%d nodelay;
        include @/etc/nginx/snippets/php.conf;
        fastcgi_pass %s;
    }
`

const siteSitemap = `
    rewrite ^/sitemap_index\.xml$ /index.php?sitemap=1 last;
    rewrite "^/([a-z_]+)-sitemap([0-9]{0,3})\.xml$" /index.php?sitemap=$1&page=$2 last;
`

const sitePHP = `
    location ~ \.php$ {
        include @/etc/nginx/snippets/php.conf;
        fastcgi_pass %s;
        fastcgi_read_timeout 120s;
`

const siteTail = `    }

    error_page 404 /index.php;
    error_page 500 502 503 504 /50x.html;
    location = /50x.html {
        root /usr/share/nginx/html;
        internal;
    }
}
`

const poolHead = `; the pool of %s
[%s]

; who runs the workers
user = www-data
group = www-data

; where nginx finds them
listen = %s
`

const poolTail = `pm.max_requests = 500
;pm.status_path = /fpm-status

; no request may take longer
request_terminate_timeout = 300s
request_slowlog_timeout = 10s
slowlog = @/var/log/php/slow.log

; what workers print goes to the log of the master
catch_workers_output = yes
decorate_workers_output = no
security.limit_extensions = .php

chdir = /
env[TMPDIR] = /var/www/%[1]s/tmp

php_admin_value[open_basedir] = /var/www/%[1]s:/usr/share/php:/tmp
php_admin_value[upload_tmp_dir] = /var/www/%[1]s/tmp
php_admin_value[memory_limit] = %[2]dM
php_admin_flag[log_errors] = on
php_value[max_execution_time] = 120
`
