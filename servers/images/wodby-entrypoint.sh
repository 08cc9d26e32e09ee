#!/bin/bash
case "${NGINX_VHOST_PRESET}" in
  php | wordpress | laravel | matomo | drupal*)
    cat > /etc/nginx/upstream.conf <<CONF
upstream php {
    server ${NGINX_BACKEND_HOST:-php}:${NGINX_BACKEND_PORT:-9000} fail_timeout=${NGINX_BACKEND_FAIL_TIMEOUT:-0};
}
CONF
    cat > /etc/nginx/preset.conf <<'CONF'
include fastcgi.conf;
index index.php index.html;
location / {
    try_files $uri $uri/ /index.php?$args;
}
location ~ [^/]\.php(/|$) {
    fastcgi_split_path_info ^(.+?\.php)(/.*)$;
    fastcgi_pass php;
}
CONF
    ;;
esac
exec "$@"
