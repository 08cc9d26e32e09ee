#!/bin/bash
usermod -u "${NEW_UID:-1000}" devilbox
groupmod -g "${NEW_GID:-1000}" devilbox
for name in /etc/php-fpm-custom.d/*.conf; do
  if [ -f "$name" ]; then
    cp "$name" "/usr/local/etc/php-fpm.d/yyy-devilbox-user-runtime-$(basename "$name")"
  fi
done
for name in /etc/php-custom.d/*.ini; do
  if [ -f "$name" ]; then
    cp "$name" "/usr/local/etc/php/conf.d/yyy-devilbox-user-runtime-$(basename "$name")"
  fi
done
exec "$@"
