package perf

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// nginxShared returns the files of nginx for n sites that do not depend on the sites.
func nginxShared(n int) map[string]string {
	return map[string]string{
		"/etc/nginx/nginx.conf":               fmt.Sprintf(nginxConf, max(1024, 8*n)),
		"/etc/nginx/mime.types":               types("types {\n    text/html html htm;\n    text/css css;\n    application/javascript js mjs;\n", "    application/x-kind-%[1]d k%[1]d kind%[1]d;\n", "}\n"),
		"/etc/nginx/fastcgi_params":           fastcgiParams(),
		"/etc/nginx/conf.d/gzip.conf":         gzipConf,
		"/etc/nginx/conf.d/limits.conf":       "limit_req_zone $binary_remote_addr zone=login:1m rate=30r/m;\nlimit_req_status 429;\n",
		"/etc/nginx/snippets/headers.conf":    headersConf,
		"/etc/nginx/snippets/deny.conf":       denyConf,
		"/etc/nginx/snippets/assets.conf":     assetsConf,
		"/etc/nginx/snippets/php.conf":        phpConf,
		"/etc/nginx/snippets/page-cache.conf": pageCacheConf,
	}
}

// shared returns the files of the machine and of PHP.
func shared() map[string]string {
	files := map[string]string{
		"/etc/passwd":                          "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n",
		"/etc/group":                           "root:x:0:\nwww-data:x:33:\n",
		"/etc/hosts":                           "127.0.0.1 localhost\n::1 localhost\n",
		"/etc/php/8.2/fpm/php-fpm.conf":        fpmConf,
		"/etc/php/8.2/fpm/php.ini":             phpIni(),
		"/etc/php/8.2/fpm/conf.d/90-sites.ini": "; for all sites\nmax_input_vars = 5000\nupload_max_filesize = 64M\npost_max_size = 64M\n",
	}
	for i, module := range strings.Fields("opcache pdo ctype curl gd intl mbstring mysqli xml zip") {
		// Commented out, so that a server needs no shared object to read it.
		files[fmt.Sprintf("/etc/php/8.2/fpm/conf.d/%d-%s.ini", 10+i, module)] = fmt.Sprintf("; %[1]s for PHP\n;extension = %[1]s.so\n", module)
	}
	return files
}

// types returns a table of types of content: begin, a row for each of many kinds, and end.
func types(begin, row, end string) string {
	var b strings.Builder
	b.WriteString(begin)
	for i := range 60 {
		fmt.Fprintf(&b, row, i)
	}
	return b.String() + end
}

func fastcgiParams() string {
	var b strings.Builder
	for param := range strings.FieldsSeq("QUERY_STRING=query_string REQUEST_METHOD=request_method CONTENT_TYPE=content_type " +
		"CONTENT_LENGTH=content_length SCRIPT_NAME=fastcgi_script_name REQUEST_URI=request_uri DOCUMENT_URI=document_uri " +
		"DOCUMENT_ROOT=document_root SERVER_PROTOCOL=server_protocol REQUEST_SCHEME=scheme SERVER_SOFTWARE=nginx_version " +
		"REMOTE_ADDR=remote_addr REMOTE_PORT=remote_port SERVER_ADDR=server_addr SERVER_PORT=server_port SERVER_NAME=server_name") {
		name, variable, _ := strings.Cut(param, "=")
		fmt.Fprintf(&b, "fastcgi_param %-18s $%s;\n", name, variable)
	}
	return b.String() + "fastcgi_param HTTPS $https if_not_empty;\nfastcgi_param REDIRECT_STATUS 200;\n"
}

// phpIni returns a php.ini as packages ship it: many settings, and many more comment lines.
func phpIni() string {
	random := rand.New(rand.NewPCG(2, 0))
	var b strings.Builder
	b.WriteString("[PHP]\n")
	for setting := range strings.FieldsSeq("engine=On short_open_tag=Off precision=14 output_buffering=4096 implicit_flush=Off " +
		"serialize_precision=-1 expose_php=Off max_execution_time=120 max_input_time=60 memory_limit=256M " +
		"display_errors=Off display_startup_errors=Off log_errors=On ignore_repeated_errors=Off variables_order=\"GPCS\" " +
		"request_order=\"GP\" auto_globals_jit=On post_max_size=64M default_mimetype=\"text/html\" default_charset=\"UTF-8\" " +
		"file_uploads=On upload_max_filesize=64M max_file_uploads=20 allow_url_fopen=On allow_url_include=Off " +
		"default_socket_timeout=60 date.timezone=UTC session.save_handler=files session.use_cookies=1 session.name=PHPSESSID " +
		"session.gc_maxlifetime=1440 opcache.enable=1 opcache.memory_consumption=128 opcache.revalidate_freq=2 opcache.jit=disable") {
		for range 12 + random.IntN(12) {
			b.WriteByte(';')
			for range 8 + random.IntN(6) {
				b.WriteString(" " + words[random.IntN(len(words))])
			}
			b.WriteByte('\n')
		}
		name, value, _ := strings.Cut(setting, "=")
		fmt.Fprintf(&b, "%s = %s\n\n", name, value)
	}
	return b.String()
}

const nginxConf = `user www-data;
worker_processes auto;
worker_rlimit_nofile 65535;
pid @/run/nginx.pid;
error_log @/var/log/nginx/error.log warn;

events {
    worker_connections 4096;
}

http {
    sendfile on;
    keepalive_timeout 30;
    server_tokens off;
    types_hash_max_size 2048;
    server_names_hash_bucket_size 256;
    server_names_hash_max_size %d;

    client_body_temp_path @/var/lib/nginx/body;
    proxy_temp_path @/var/lib/nginx/proxy;
    fastcgi_temp_path @/var/lib/nginx/fastcgi;
    uwsgi_temp_path @/var/lib/nginx/uwsgi;
    scgi_temp_path @/var/lib/nginx/scgi;

    include @/etc/nginx/mime.types;
    default_type application/octet-stream;

    # long cookies at login
    fastcgi_buffer_size 32k;
    fastcgi_buffers 16 16k;
    fastcgi_connect_timeout 5s;
    fastcgi_read_timeout 120s;

    log_format sites '$remote_addr [$time_local] "$request" '
                     '$status $body_bytes_sent "$http_referer"';
    access_log @/var/log/nginx/access.log sites;

    include @/etc/nginx/conf.d/*.conf;
    include @/etc/nginx/sites-enabled/*.conf;
}
`

const gzipConf = `gzip on;
gzip_vary on;
gzip_comp_level 5;
gzip_min_length 256;
gzip_types text/css application/json application/javascript
           application/rss+xml image/svg+xml;
`

const headersConf = `add_header X-Frame-Options "SAMEORIGIN" always;
add_header X-Content-Type-Options "nosniff" always;
add_header Referrer-Policy "strict-origin-when-cross-origin" always;
`

const denyConf = `# what visitors may not see
location ~ /\.(?!well-known) {
    deny all;
    log_not_found off;
}
location ~* \.(?:bak|inc|ini|log|orig|sh|sql|swp|twig)$ {
    deny all;
}
location ~* /(?:uploads|files)/.*\.php$ { deny all; }
location = /xmlrpc.php { deny all; access_log off; }
location = /wp-config.php { deny all; }
`

const assetsConf = `location ~* \.(?:css|js|mjs|map)$ {
    expires 30d;
    access_log off;
    include @/etc/nginx/snippets/headers.conf;
    add_header Cache-Control "public, immutable";
}
location ~* "\.(?:jpe?g|gif|png|webp|avif|svgz?|woff2?|mp[34]){1}$" {
    expires max;
    access_log off;
}
location = /favicon.ico { log_not_found off; access_log off; }
location = /robots.txt { try_files $uri /index.php?$args; access_log off; }
`

const phpConf = `try_files $fastcgi_script_name =404;
fastcgi_split_path_info ^(.+?\.php)(/.*)$;
set $path_info $fastcgi_path_info;
fastcgi_index index.php;
include @/etc/nginx/fastcgi_params;
fastcgi_param PATH_INFO $path_info;
fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
fastcgi_param HTTP_PROXY "";
fastcgi_intercept_errors off;
`

const pageCacheConf = `# whom the page cache does not serve
set $fresh 0;
if ($request_method = POST) { set $fresh 1; }
if ($query_string != "") { set $fresh 1; }
if ($request_uri ~* "/wp-admin/|/cart/|/feed/") { set $fresh 1; }
if ($http_cookie ~* "comment_author|wordpress_[a-f0-9]+|logged_in") {
    set $fresh 1;
}
`

const fpmConf = `[global]
pid = @/run/php/php8.2-fpm.pid
error_log = @/var/log/php/fpm.log
log_level = notice
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
daemonize = yes
include = @/etc/php/8.2/fpm/pool.d/*.conf
`
