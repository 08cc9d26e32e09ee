package mutate

import "regexp"

func match(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?m)` + pattern) }

// edits are what people change in a project.
var edits = []edit{
	// Ports, sockets and names on one side only.
	{8, anyFile, match(`\b9000\b`), []string{"9001", "9002", "9003", "8080", "80", "9000"}},
	{4, anyFile, match(`\b80\b`), []string{"8080", "81", "8000"}},
	{6, anyFile, match(`(/[\w./-]+)/([\w-]+)\.sock\b`), []string{
		"$1/fpm2.sock", "/tmp/$2.sock", "/var$1/$2.sock", "/run/$2.sock", "$1/sub/$2.sock", "$1//$2.sock", "/run/php/php-fpm.sock", "$1/$2.socket",
	}},
	// nginx.
	{10, nginxFile, match(`fastcgi_pass [^;]+;`), []string{
		"fastcgi_pass php:9000;", "fastcgi_pass 127.0.0.1:9000;", "fastcgi_pass localhost:9000;", "fastcgi_pass unix:/run/php/php-fpm.sock;",
		"fastcgi_pass unix:/var/run/php-fpm.sock;", "fastcgi_pass app:9000;", "fastcgi_pass web:9000;", "fastcgi_pass PHP:9000;", "fastcgi_pass php;",
		"fastcgi_pass php:9001;", "fastcgi_pass [::1]:9000;", "fastcgi_pass fpm:9000;", "fastcgi_pass 0.0.0.0:9000;",
		"resolver 127.0.0.11; set $$up php:9000; fastcgi_pass $$up;", "set $$up php:9000; fastcgi_pass $$up;",
		"resolver 127.0.0.11 valid=10s; set $$up php; fastcgi_pass $$up:9000;", "resolver 127.0.0.11; set $$up app; fastcgi_pass $$up:9000;",
		"fastcgi_pass host.docker.internal:9000;", "fastcgi_pass $$upstream;", "proxy_pass http://php:9000;", "proxy_pass http://php;",
		"set $$up unix:/run/php/php-fpm.sock; fastcgi_pass $$up;", "set $$up 127.0.0.1:9000; fastcgi_pass $$up;",
	}},
	{3, nginxFile, match(`((?:fastcgi_pass|proxy_pass|server) (?:https?://)?)([a-z][\w.-]*)(:\d+)?;`), []string{
		"${1}${2}2$3;", "$1$2.local$3;", "$1$2;", "$1$2:9001;", "${1}tasks.$2$3;",
	}},
	{3, nginxFile, match(`^( *)location ~ [^{]+\{`), []string{"${1}location ~ \\.php {", "${1}location / {", "${1}location ~* \\.php$$ {"}},
	{3, nginxFile, match(`^( *)server \{`), []string{
		"${1}upstream php { server php:9000; }\n${1}server {", "${1}upstream php { server 127.0.0.1:9000; }\n${1}server {",
		"${1}upstream app { server php:9000; server fpm:9000; }\n${1}server {",
		"${1}upstream php { server php:9000; server php:9001 backup; }\n${1}server {", "${1}resolver 127.0.0.11;\n${1}server {",
		"${1}user www-data;\n${1}server {",
	}},
	{3, nginxFile, match(`listen [^;]+;`), []string{
		"listen 8080;", "listen 127.0.0.1:80;", "listen [::]:80;", "listen 80 default_server; listen [::]:80;", "listen 443 ssl;", "listen 127.0.0.1:9000;",
		"listen 80; listen 9000;",
	}},
	{2, nginxFile, match(`include fastcgi_params;`), []string{
		"include fastcgi.conf;", "include snippets/fastcgi-php.conf;", "include /etc/nginx/fastcgi_params;", "include conf.d/php.inc;", "",
	}},
	{2, nginxFile, match(`^( *)location`), []string{
		"${1}include /etc/nginx/extra/*.conf;\n${1}location", "${1}include /etc/nginx/extra.conf;\n${1}location",
		"${1}access_log /var/log/site/access.log;\n${1}location", "${1}error_log /dev/stderr;\n${1}location",
	}},
	// Pools.
	{8, poolFile, match(`^( *)listen *=.*$`), []string{
		"${1}listen = 9000", "${1}listen = 127.0.0.1:9000", "${1}listen = [::]:9000", "${1}listen = 0.0.0.0:9000", "${1}listen = ::1:9000",
		"${1}listen = [::1]:9000", "${1}listen = localhost:9000", "${1}listen = php:9000", "${1}listen = php", "${1}listen = /run/php/php-fpm.sock",
		"${1}listen = /var/run/php-fpm.sock", "${1}listen = *:9000", "${1}listen = :9000", "${1}listen = web:9000", "${1};listen = 9000", "",
		"${1}listen = /sock/fpm.sock", "${1}listen = fpm.sock", "${1}listen = 9001", "${1}listen = 127.0.0.1", "${1}listen = tcp://0.0.0.0:9000",
		"${1}listen = /dev/shm/fpm.sock", "${1}listen = unix:/run/fpm.sock", "${1}listen = ::", "${1}listen = :::9000",
	}},
	{6, poolFile, match(`^( *)\[(\w+)\] *$`), []string{
		"${0}\n${1}listen.allowed_clients = 127.0.0.1", "${0}\n${1}listen.allowed_clients = 172.30.1.1", "${0}\n${1}listen.allowed_clients = any",
		"${0}\n${1}listen.allowed_clients = 172.16.0.0/12", "${0}\n${1}listen.allowed_clients = web", "${0}\n${1}listen.mode = 0660",
		"${0}\n${1}listen.mode = 0600", "${0}\n${1}listen.mode = 0666", "${0}\n${1}listen.owner = nginx",
		"${0}\n${1}listen.owner = www-data\n${1}listen.group = www-data", "${0}\n${1}listen.owner = 101",
		"${0}\n${1}listen.group = 101\n${1}listen.mode = 0660", "${0}\n${1}user = nginx", "${0}\n${1}user = nobody\n${1}group = nogroup",
		"${0}\n${1}user = root", "${0}\n${1}user = 1000\n${1}group = 1000", "${1}[app]", "${1}[global]\n${1}daemonize = yes\n${0}",
		"${1}[global]\n${1}error_log = /var/log/php/fpm.log\n${0}", "${0}\n${1}slowlog = /var/log/php/slow.log\n${1}request_slowlog_timeout = 5s",
		"${0}\n${1}access.log = /proc/self/fd/2", "${0}\n${1}chroot = /var/www/html", "${0}\n${1}chdir = /app", "${0}\n${1}pm.max_children = 5",
		"${1}[www2]\n${1}listen = 9001\n${1}pm = static\n${1}pm.max_children = 2\n${0}", "${1}[global]\n${1}include = /usr/local/etc/php-fpm.d/*.conf\n${0}",
		"${1}[global]\n${1}include = etc/extra/*.conf\n${0}", "",
	}},
	{2, poolFile, match(`^( *)pm *=.*\n`), []string{"", "${1}pm = static\n", "${1}pm = dynamic\n", "${1}pm = ondemand\n"}},
	// Compose.
	{5, composeFile, match(`image: (php|wordpress|nginx)[^\s,}]*`), []string{
		"image: php:8.3-fpm", "image: php:8.3-fpm-alpine", "image: php:8.3-cli", "image: php:8.3-apache", "image: php:8.1-fpm", "image: php:8.3.29-fpm",
		"image: php:8.3.30-fpm", "image: php:fpm", "image: php:7.4-fpm-alpine", "image: php", "image: wordpress", "image: wordpress:fpm",
		"image: nginx:1.27", "image: nginx:alpine", "image: nginxinc/nginx-unprivileged:1.27", "image: httpd:2.4", "image: php:8.4-fpm-bookworm",
		"image: redis", "image: docker.io/library/php:8.3-fpm",
	}},
	{9, composeFile, match(`^( +)(image|build): (.*)$`), []string{
		"${0}\n${1}user: \"1000\"", "${0}\n${1}user: www-data", "${0}\n${1}user: \"82:82\"", "${0}\n${1}user: nginx", "${0}\n${1}hostname: php",
		"${0}\n${1}container_name: app", "${0}\n${1}network_mode: host", "${0}\n${1}network_mode: bridge", "${0}\n${1}network_mode: none",
		"${0}\n${1}network_mode: \"service:php\"", "${0}\n${1}command: php-fpm", "${0}\n${1}command: php-fpm -F", "${0}\n${1}command: php-fpm -D",
		"${0}\n${1}command: [\"php-fpm\", \"-R\"]", "${0}\n${1}command: nginx", "${0}\n${1}command: nginx -g 'daemon off;'",
		"${0}\n${1}command: php -S 0.0.0.0:9000", "${0}\n${1}command: sleep infinity", "${0}\n${1}command: php-fpm -y /etc/fpm.conf",
		"${0}\n${1}command: sh -c \"php-fpm\"", "${0}\n${1}command: sh -c \"sed -i 's/9000/9001/' /usr/local/etc/php-fpm.d/www.conf && php-fpm\"",
		"${0}\n${1}command: sh -c \"mkdir -p /run/php && exec php-fpm\"", "${0}\n${1}command: sh -c \"php-fpm -D && nginx -g 'daemon off;'\"",
		"${0}\n${1}command: sh -c \"nginx & php-fpm\"", "${0}\n${1}command: sh -c \"nginx && php-fpm\"", "${0}\n${1}command: php-fpm -d listen=9001",
		"${0}\n${1}command: [nginx, -c, /etc/nginx/conf.d/default.conf]", "${0}\n${1}entrypoint: php-fpm", "${0}\n${1}entrypoint: []",
		"${0}\n${1}entrypoint: /bin/sh", "${0}\n${1}entrypoint: [\"docker-php-entrypoint\"]",
		"${0}\n${1}entrypoint: [\"/docker-entrypoint.sh\", \"nginx\", \"-g\", \"daemon off;\"]", "${0}\n${1}restart: always", "${0}\n${1}profiles: [debug]",
		"${0}\n${1}tmpfs: /run", "${0}\n${1}tmpfs: [/var/run/php]", "${0}\n${1}tmpfs: /etc/nginx/conf.d", "${0}\n${1}read_only: true",
		"${0}\n${1}working_dir: /app", "${0}\n${1}environment: {PHP_PORT: 9001, NGINX_PORT: 8080}", "${0}\n${1}extra_hosts: [\"php:10.0.0.5\"]",
		"${0}\n${1}links: [\"php:app\"]", "${0}\n${1}dns: 1.1.1.1", "${0}\n${1}scale: 2", "${0}\n${1}deploy: {replicas: 0}",
		"${0}\n${1}ports: [\"9001:9000\"]", "${0}\n${1}ports: [\"8080:80\"]", "${0}\n${1}expose: [9001]", "${0}\n${1}privileged: true",
		"${0}\n${1}pid: \"service:php\"", "${0}\n${1}ipc: host", "${0}\n${1}init: true",
	}},
	{5, composeFile, match(`^( +)(image|build): (.*)$`), []string{
		"${0}\n${1}networks: [front]", "${0}\n${1}networks: [default]", "${0}\n${1}networks: [default, front]",
		"${0}\n${1}networks: {default: {aliases: [app, fpm]}}", "${0}\n${1}networks: {front: {aliases: [php]}}", "${0}\n${1}volumes: [\"./:/var/www/html\"]",
		"${0}\n${1}volumes: [\"run:/run\"]", "${0}\n${1}volumes: [\"run:/run/php\"]", "${0}\n${1}volumes: [\"/run/php:/run/php\"]",
		"${0}\n${1}volumes: [\"./conf:/etc/nginx/conf.d\"]", "${0}\n${1}volumes: [\"./pool:/usr/local/etc/php-fpm.d\"]",
		"${0}\n${1}volumes: [\"conf:/usr/local/etc/php-fpm.d\"]",
	}},
	{2, composeFile, match(`\z`), []string{
		"networks:\n  front:\n", "networks:\n  default:\n    external: true\n", "networks:\n  default:\n    name: shared\n", "volumes:\n  run:\n  conf:\n",
	}},
	{5, composeFile, match(`^  ([a-z]\w*):$`), []string{"  app:", "  fpm:", "  ${1}2:", "  my_$1:", "  web:", "  php:", "  PHP:"}},
	{5, composeFile, match(`:(/[^:"'\s]+)`), []string{
		"${0}:ro", "${0}x", ":/etc/nginx/conf.d", ":/usr/local/etc/php-fpm.d/zz.conf", ":/usr/local/etc/php-fpm.d/a.conf",
		":/usr/local/etc/php-fpm.d/zzz-own.conf", ":/etc/nginx/nginx.conf", ":/etc/nginx/conf.d/other.conf", ":/usr/local/etc/php-fpm.conf",
		":/usr/local/etc/php-fpm.d", ":/run/php", ":/var/run/php", ":/run", ":/usr/local/etc/php-fpm.d/docker.conf", ":/usr/local/etc/php-fpm.d/www.conf",
		":/usr/local/etc/php-fpm.d/zz-docker.conf", ":/etc/nginx/templates/default.conf.template", ":/etc/php/8.3/fpm/pool.d/www.conf",
		":/etc/nginx/sites-enabled/default",
	}},
	{3, composeFile, match(`^( +- )"?([\w-]+):/`), []string{"${1}run:/", "${1}other:/", "${1}./$2:/", "${1}/$2:/"}},
	{6, composeFile, match(`^ +(- .*|[\w]+: \S.*)\n`), []string{""}},
	{3, composeFile, match(`^ +(depends_on|networks|volumes|links|environment|command|entrypoint|user|network_mode|ports|hostname|container_name|restart|aliases|volumes_from|extra_hosts|configs):.*\n(?: +- .*\n)*`), []string{
		"",
	}},
	{2, composeFile, match(`\bphp\b`), []string{"app", "web", "fpm"}},
	{2, composeFile, match(`\bweb\b`), []string{"nginx", "php"}},
	// Dockerfiles.
	{4, dockerfile, match(`^FROM \S+`), []string{
		"FROM php:8.3-fpm", "FROM php:8.3-fpm-alpine", "FROM php:8.3-cli", "FROM php:8.3.29-fpm", "FROM nginx:1.27", "FROM nginx:alpine", "FROM debian:12",
		"FROM php:8.3-apache", "FROM php:8.1-fpm", "FROM alpine:3.20", "FROM ubuntu:24.04", "FROM php:8.3-fpm AS base\nFROM base",
	}},
	{5, dockerfile, match(`^(COPY|ADD) (.*) (\S+)$`), []string{
		"$1 $2 /usr/local/etc/php-fpm.d/zzz.conf", "$1 $2 /usr/local/etc/php-fpm.d/a.conf", "$1 $2 /usr/local/etc/php-fpm.d/",
		"$1 $2 /usr/local/etc/php-fpm.d", "$1 $2 /etc/nginx/conf.d/", "$1 $2 /etc/nginx/conf.d/default.conf", "$1 $2 /etc/nginx/nginx.conf", "$1 $2 .",
		"$1 $2 /tmp/", "$1 $2 /usr/local/etc/php-fpm.conf", "$1 --chown=www-data:www-data $2 $3", "$1 --chmod=600 $2 $3", "$1 --from=base $2 $3", "",
	}},
	{9, dockerfile, match(`\z`), []string{
		"RUN sed -i 's/9000/9001/' /usr/local/etc/php-fpm.d/www.conf\n", "RUN sed -i 's/127.0.0.1:9000/9000/g' /usr/local/etc/php-fpm.d/*.conf\n",
		"RUN sed -i 's|^listen = .*|listen = /run/php/php-fpm.sock|' /usr/local/etc/php-fpm.d/www.conf\n",
		"RUN sed -ri 's/^;?listen = .*/listen = 0.0.0.0:9000/' /usr/local/etc/php-fpm.d/www.conf\n",
		"RUN sed -i 's/9000/9001/' /usr/local/etc/php-fpm.d/docker.conf\n", "RUN sed -i '/^listen/d' /usr/local/etc/php-fpm.d/docker.conf\n",
		"RUN sed -i 's/daemonize = no/daemonize = yes/' /usr/local/etc/php-fpm.d/docker.conf\n",
		"RUN sed -i 's/user = www-data/user = nobody/' /usr/local/etc/php-fpm.d/www.conf\n", "RUN mkdir -p /run/php && chown www-data:www-data /run/php\n",
		"RUN chown -R www-data /usr/local/etc\n", "RUN rm /usr/local/etc/php-fpm.d/docker.conf\n", "RUN rm -rf /usr/local/etc/php-fpm.d\n",
		"RUN rm -f /usr/local/etc/php-fpm.d/zz-docker.conf\n", "RUN rm /etc/nginx/conf.d/default.conf\n", "RUN rm -rf /etc/nginx/conf.d/*\n",
		"RUN echo 'listen = 9001' >> /usr/local/etc/php-fpm.d/zz-docker.conf\n", "RUN echo \"listen = 9001\" >> /usr/local/etc/php-fpm.d/www.conf\n",
		"RUN printf '[www]\\nlisten = 127.0.0.1:9000\\n' > /usr/local/etc/php-fpm.d/zzz.conf\n",
		"RUN { echo '[global]'; echo 'daemonize = yes'; } > /usr/local/etc/php-fpm.d/zzz.conf\n",
		"RUN { echo '[www]'; echo 'listen = 9001'; } | tee /usr/local/etc/php-fpm.d/zzz.conf\n",
		"RUN mv /usr/local/etc/php-fpm.d/www.conf /usr/local/etc/php-fpm.d/www.conf.bak\n",
		"RUN cp /usr/local/etc/php-fpm.d/www.conf.default /usr/local/etc/php-fpm.d/www.conf\n",
		"RUN cp /usr/local/etc/php-fpm.d/www.conf /usr/local/etc/php-fpm.d/zzz.conf\n",
		"RUN adduser --disabled-password app && sed -i 's/www-data/app/' /usr/local/etc/php-fpm.d/www.conf\n", "RUN usermod -u 1000 www-data\n",
		"RUN sed -i 's/www-data/app/g' /usr/local/etc/php-fpm.d/www.conf\n",
		"RUN for f in /usr/local/etc/php-fpm.d/*.conf; do sed -i 's/9000/9001/' $$f; done\n", "RUN ln -sf /dev/stdout /var/log/fpm.log\n", "USER www-data\n",
		"USER 1000\n", "USER nginx\n", "WORKDIR /app\n", "ENV PHP_FPM_PORT=9001\n", "ENTRYPOINT [\"php-fpm\"]\n", "ENTRYPOINT [\"docker-php-entrypoint\"]\n",
		"CMD [\"php-fpm\", \"-F\"]\n", "CMD php-fpm\n", "CMD [\"nginx\", \"-g\", \"daemon off;\"]\n", "CMD nginx\n",
		"CMD php-fpm -D && nginx -g 'daemon off;'\n", "CMD [\"php\", \"-S\", \"0.0.0.0:9000\"]\n", "CMD [\"php-fpm\", \"-D\"]\n",
		"CMD service nginx start && php-fpm\n", "VOLUME /run/php\n", "VOLUME /usr/local/etc/php-fpm.d\n", "EXPOSE 9001\n",
		"RUN apt-get update && apt-get install -y nginx\n", "RUN apk add --no-cache nginx\n", "HEALTHCHECK CMD true\n", "SHELL [\"/bin/bash\", \"-c\"]\n",
	}},
	{3, dockerfile, match(`^(RUN|COPY|ADD|CMD|ENTRYPOINT|ENV|USER|ARG) .*\n`), []string{""}},
	// Manifests.
	{5, manifest, match(`\b(port|targetPort|containerPort): *\w+`), []string{"$1: 9001", "$1: 80", "$1: 9000", "$1: fpm"}},
	{4, manifest, match(`\b(app|name|tier): *(\w[\w-]*)`), []string{"$1: web", "$1: php", "$1: ${2}x", "$1: fpm", "$1: ${2}-svc"}},
	{3, manifest, match(`mountPath: *[^\s,}]+`), []string{
		"mountPath: /etc/nginx/conf.d", "mountPath: /usr/local/etc/php-fpm.d", "mountPath: /usr/local/etc/php-fpm.d/zz.conf",
		"mountPath: /etc/nginx/nginx.conf", "mountPath: /run/php", "mountPath: /etc/nginx/conf.d/default.conf",
	}},
	{2, manifest, match(`,? *subPath: *[^\s,}]+`), []string{"", ", subPath: default.conf", ", subPath: www.conf"}},
	{2, manifest, match(`^  ([\w-]+\.conf): \|`), []string{"  x-$1: |", "  default.conf: |", "  www.conf: |", "  $1.bak: |"}},
	{4, manifest, match(`^( +)((?:- )?)image: .*$`), []string{
		"${1}${2}image: php:8.3-fpm", "${1}${2}image: php:8.3.29-fpm", "${1}${2}image: php:8.3-cli", "${1}${2}image: php:8.3-apache",
		"${1}${2}image: nginx:1.27", "${1}${2}image: php:8.3-fpm-alpine",
	}},
	{3, manifest, match(`^( +)image: .*$`), []string{
		"${0}\n${1}command: [\"php-fpm\"]", "${0}\n${1}args: [\"php-fpm\", \"-F\"]", "${0}\n${1}args: [\"-F\"]", "${0}\n${1}command: [sleep, infinity]",
		"${0}\n${1}securityContext: {runAsUser: 1000}", "${0}\n${1}command: [nginx]",
	}},
	{2, manifest, match(`^spec:$`), []string{
		"spec:\n  hostNetwork: true", "spec:\n  clusterIP: None", "spec:\n  type: NodePort", "spec:\n  replicas: 2", "spec:\n  replicas: 0",
		"spec:\n  type: ExternalName",
	}},
	{2, manifest, match(`^metadata:$`), []string{"metadata:\n  namespace: shop", "metadata:\n  namespace: default"}},
	{3, manifest, match(`^ +.*\n`), []string{""}},
}
