#!/usr/bin/env bash
# Tests the role php_upgrade on one host: .ci/ansible starts it in namespaces of its
# own, without a network but loopback, and exports its functions and scratch. The host
# is this machine with other files laid over it: nginx and PHP-FPM really run, and
# what they answer is requested. Its PHP 8.4 is the PHP 8.2 of the machine under
# another name. The servers end with the process namespace.
set -euo pipefail
name=$1 shared=$scratch
scratch=$shared/hosts/$name
root=$scratch/fs/root
# shellcheck disable=SC2034 # for the functions of .ci/ansible
tree=$name

# On the fs of the host nothing is shared with the machine that a server writes to.
mkdir -p "$scratch"/{fs,tmp}
mount -t tmpfs tmpfs "$scratch/fs"
mkdir "$scratch"/fs/{upper,work,root}
mount -t overlay -o "lowerdir=/,upperdir=$scratch/fs/upper,workdir=$scratch/fs/work" overlay "$root"
for folder in run tmp dev; do
    mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"
done
mount --bind /proc "$root/proc"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/urandom" c 1 9
mkdir -m 1777 "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mkdir -p "$root/run/php" "$root$shared"
mount --bind "$shared" "$root$shared"
ip link set lo up

# The two PHP-FPM as Debian packages them.
rm -rf "$root"/etc/php "$root"/etc/nginx/sites-enabled "$root"/etc/systemd/system
mkdir -p "$root"/etc/php "$root"/etc/nginx/sites-enabled "$root"/etc/systemd/system "$root"/var/log/nginx
cp -a /etc/php/8.2 "$root/etc/php"
rm -f "$root"/etc/php/8.2/fpm/conf.d/*xdebug*
cp -a "$root/etc/php/8.2" "$root/etc/php/8.4"
cp -a /usr/lib/php/8.2 "$root/usr/lib/php/8.4"
find "$root/etc/php/8.4" "$root/usr/lib/php/8.4" -type f -exec sed -i 's/8\.2/8.4/g' {} +
find "$root/etc/php/8.4" -type l | while IFS= read -r link; do
    ln -sfn "$(readlink "$link" | sed 's/8\.2/8.4/')" "$link"
done
sed 's/8\.2/8.4/g; s/ 82$/ 84/' /lib/systemd/system/php8.2-fpm.service >"$root/lib/systemd/system/php8.4-fpm.service"
ln -s php-fpm8.2 "$root/usr/sbin/php-fpm8.4"
ln -s "$shared/bin/wp502lint" "$root/usr/local/bin"

# A systemctl that starts, reloads and stops them by their pid. A file /run/no-UNIT
# makes a command fail on that unit, and /run/hang-UNIT keeps it from ending.
cat >"$root/usr/bin/systemctl" <<'END'
#!/bin/bash
do=$1 unit=${2-} version=${2#php} version=${version%-fpm}
echo "$*" >>/run/calls
if [ -e "/run/hang-$unit" ]; then sleep 600; fi
case $do in
enable | disable | daemon-reload) exit ;;
esac
if [ -e "/run/no-$unit" ]; then
    echo "Job for $unit.service failed because the control process exited with error code." >&2
    exit 1
fi
case $unit in
nginx) pidfile=/run/nginx.pid start=(nginx) signal=HUP ;;
php*-fpm) pidfile=/run/php/php$version-fpm.pid signal=USR2
    start=(env "PHP_INI_SCAN_DIR=/etc/php/$version/fpm/conf.d" "php-fpm$version" -c "/etc/php/$version/fpm/php.ini" --fpm-config "/etc/php/$version/fpm/php-fpm.conf") ;;
*) echo "Unit $unit.service not found." >&2 && exit 5 ;;
esac
pid=$(cat $pidfile 2>/dev/null) && kill -0 "$pid" 2>/dev/null || pid=''
stop() {
    if [ -n "$pid" ]; then
        kill -TERM "$pid"
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
        pid=''
    fi
}
start() {
    if [ -z "$pid" ]; then "${start[@]}" >/run/output 2>&1 </dev/null || { cat /run/output >&2 && exit 1; }; fi
}
case $do in
start) start ;;
stop) stop ;;
restart) stop && start ;;
reload) kill -$signal "$pid" ;;
reload-or-restart) if [ -n "$pid" ]; then kill -$signal "$pid"; else start; fi ;;
is-active) [ -n "$pid" ] ;;
*) exit 1 ;;
esac
END
# An nginx that refuses its files if it is told to.
cat >"$root/usr/local/sbin/nginx" <<'END'
#!/bin/sh
if [ -e /run/no-nginx-t ] && [ "$1" = -t ]; then
    rm -f "$(cat /run/no-nginx-t)"
    echo 'nginx: [emerg] a test wants this' >&2
    exit 1
fi
exec /usr/sbin/nginx "$@"
END
chmod 755 "$root/usr/bin/systemctl" "$root/usr/local/sbin/nginx"
inside() { chroot "$root" /usr/bin/env -i HOME="$HOME" PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"; }

# site writes a site that passes to $2 and says which PHP answers. /run/fail-8.4 makes
# PHP 8.4 fail.
site() {
    mkdir -p "$root/var/www/$1"
    cat >"$root/var/www/$1/index.php" <<'END'
<?php
preg_match('#/etc/php/([0-9.]+)/#', php_ini_loaded_file(), $m);
if (file_exists("/run/fail-$m[1]")) {
    http_response_code(500);
}
echo "$_SERVER[SERVER_NAME] $m[1]";
END
    cat >"$root/etc/nginx/sites-available/$1" <<END
server {
    listen 80;
    server_name $1.test;
    root /var/www/$1;
    index index.php;
    location ~ \.php\$ {
        include snippets/fastcgi-php.conf;
        fastcgi_pass $2;
    }
}
END
    ln -s "../sites-available/$1" "$root/etc/nginx/sites-enabled/$1"
    sites+=("$1")
}
# Not ondemand: on a busy machine such a pool left a request waiting that came as its
# idle worker ended.
pool() {
    cat >"$root/etc/php/8.2/fpm/pool.d/$1.conf" <<END
; The pool of $1.
[$1]
user = www-data
group = www-data
listen = $2
listen.owner = www-data
listen.group = www-data
pm = static
pm.max_children = 1
END
}
sites=() more='{}'

# The stock pool, settings of php.ini and of the unit, and sites by links.
host_stock() {
    site shop unix:/run/php/php8.2-fpm.sock
    site blog unix:/run/php/php8.2-fpm.sock
    sed -i 's/^memory_limit = .*/memory_limit = 256M/' "$root/etc/php/8.2/fpm/php.ini"
    mkdir "$root/etc/systemd/system/php8.2-fpm.service.d"
    printf '[Service]\nLimitNOFILE=4096\n' >"$root/etc/systemd/system/php8.2-fpm.service.d/limits.conf"
    wanted='daemon-reload; enable php8.4-fpm; restart php8.4-fpm; reload nginx'
}

# Thirty sites with a pool each.
host_many() {
    for i in {01..30}; do
        site "s$i" "unix:/run/php/php8.2-fpm-s$i.sock"
        pool "s$i" "/run/php/php8.2-fpm-s$i.sock"
    done
    wanted='enable php8.4-fpm; restart php8.4-fpm; reload nginx'
}

# Sockets without a version, an upstream and a map. The old PHP-FPM stops.
host_users() {
    cat >"$root/etc/nginx/conf.d/php.conf" <<'END'
upstream php-alice {
    server unix:/run/php/alice.sock;
}
map $host $pool {
    default unix:/run/php/alice.sock;
    bob.test unix:/run/php/bob.sock;
}
END
    site alice php-alice
    # shellcheck disable=SC2016 # a variable of nginx
    site bob '$pool'
    pool alice /run/php/alice.sock
    pool bob /run/php/bob.sock
    more='{"php_upgrade_drop_old": true}'
    wanted='enable php8.4-fpm; restart php8.4-fpm; reload nginx; stop php8.2-fpm; disable php8.2-fpm'
}

# upgrade runs the playbook with further variables, as JSON, and flags.
mapfile -t settings < <(env | grep '^ANSIBLE_\|^PYTHON\|^NO_COLOR=')
upgrade() {
    status=0
    # shellcheck disable=SC2016 # for the inner shell
    inside "${settings[@]}" LC_ALL=C.UTF-8 TMPDIR="$scratch/tmp" sh -c 'cd "$0" && exec "$@"' "$shared/work" \
        ansible-playbook -i "$shared/example" wp502lint.wp502lint.php_upgrade \
        -e ansible_remote_tmp="$scratch/tmp/ansible" -e "$common" -e "$more" -e "${1:-{\}}" "${@:2}" >"$scratch/log" 2>&1 </dev/null || status=$?
}

# What the host has: the files and, with a second argument, when they were touched.
files() {
    state "$root/etc" "${1-}"
    find "$root/var/lib/wp502lint" 2>/dev/null || :
}
note() { ever=$(files ever) was=$(files) && rm -f "$root/run/calls"; }
untouched() {
    same 'something happened to the host' "$ever" "$(files ever)"
    called ''
}
restored() {
    same 'the host is not as it was' "$was" "$(files)"
    [ "$ever" != "$(files ever)" ] || fail 'nothing was written that had to be put back'
    answer 8.2
}
called() { same 'what was called' "$1" "$(if [ -e "$root/run/calls" ]; then paste -sd ';' "$root/run/calls" | sed 's/;/; /g'; fi)"; }
answer() {
    for site in "${sites[@]}"; do
        same "the answer of $site" "$site.test $1" "$(curl -sS --max-time 30 --noproxy '*' -H "Host: $site.test" http://127.0.0.1/index.php)"
    done
}
# load requests all sites until it is stopped, and notes each status. A reload of nginx
# may close a connection that has sent nothing yet, which a client opens again.
load() {
    local answer code
    while :; do
        for site in "${sites[@]}"; do
            code=0
            answer=$(curl -s -o /dev/null -w '%{http_code}' --max-time 30 --noproxy '*' -H "Host: $site.test" http://127.0.0.1/index.php) || code=$?
            case $code in
            0) echo "$answer" ;;
            52 | 56) ;;
            *) echo "curl ends with $code" ;;
            esac
            sleep 0.02
        done
    done >"$scratch/statuses"
}

"host_$name"
addresses=$(printf '{"url": "http://127.0.0.1/index.php", "host": "%s.test"}, ' "${sites[@]:0:3}")
common='{"ansible_become": false, "php_upgrade_packages": [], "php_upgrade_retries": 1, "php_upgrade_delay": 1, "php_upgrade_urls": ['${addresses%, }']}'
find "$root"/etc/{nginx,php,systemd} -exec touch -h -d '2024-02-03 04:05:06.789' {} +
chown 4711:4712 "$root/etc/nginx/sites-available/${sites[0]}"
chmod 640 "$root/etc/nginx/sites-available/${sites[0]}"
for unit in php8.2-fpm php8.4-fpm nginx; do
    inside systemctl start $unit
done
answer 8.2

step "$name: what would change"
note
upgrade '{}' --check --diff
passes "$name with --check" 1
grep -qE '^-(        fastcgi_pass|    server) unix:' "$scratch/log" || fail 'no difference is shown'
untouched

case $name in
stock)
    upgrade '{}' --check
    passes 'without --diff' 1
    says '"edit /etc/nginx/sites-available/shop"'
    says '"run systemctl reload nginx"'
    silent '+++ '
    untouched

    step 'stock: the plan is refused'
    printf '[extra]\nlisten = /run/php/extra.sock\nuser = www-data\npm = sometimes\npm.max_children = 2\n' >"$root/etc/php/8.4/fpm/pool.d/extra.conf"
    note
    upgrade
    refuses 'a plan that is refused' '/etc/php/8.4/fpm/pool.d/extra.conf:4: ' 'nothing was changed' 'next: '
    brief
    untouched
    rm "$root/etc/php/8.4/fpm/pool.d/extra.conf"

    step 'stock: a site that nobody served before'
    site gone unix:/run/php/gone.sock
    sites=("${sites[@]:0:2}")
    note
    upgrade
    refuses 'an error of before' 'sites-enabled/gone:8: ' 'nothing was changed' 'php_upgrade_ignore_existing: true'
    brief
    untouched
    more='{"php_upgrade_ignore_existing": true}'

    step 'stock: a site that fails with the new PHP, and a page that does not exist'
    touch "$root/run/fail-8.4"
    upgrade '{"php_upgrade_urls": [{"url": "http://127.0.0.1/index.php", "host": "shop.test"}, {"url": "http://127.0.0.1/nothing.php", "host": "blog.test"},
        {"url": "http://127.0.0.1/nothing.php", "host": "shop.test", "status": 404}]}'
    refuses 'a site that fails' 'failed: Request the addresses' 'shop.test http://127.0.0.1/index.php Status code was 500' \
        'blog.test http://127.0.0.1/nothing.php Status code was 404' 'restored /etc/nginx/sites-available/' \
        'everything is as before'
    brief
    restored
    rm "$root/run/fail-8.4"
    ;;
many)
    step 'many: a run that is interrupted'
    note
    touch "$root/run/hang-php8.4-fpm"
    set -m # a process group of its own
    upgrade &
    upgrading=$!
    set +m
    for ((i = 0; i < 600; i++)); do
        if grep -qs '^enable' "$root/run/calls"; then break; fi
        sleep 0.1
    done
    kill -KILL -- "-$upgrading"
    wait "$upgrading" 2>/dev/null || :
    rm "$root/run/hang-php8.4-fpm"
    [ -e "$root/var/lib/wp502lint/upgrade/plan.json" ] || fail 'there is no journal'
    same 'the mode of the journal' 700 "$(stat -c %a "$root/var/lib/wp502lint/upgrade")"
    grep -q php8.4 "$root/etc/nginx/sites-available/s01" || fail 'it was interrupted too early'
    upgrade '{}' --check
    passes 'an interrupted run with --check' 1
    says 'an earlier run was interrupted'

    step 'many: nginx refuses, also afterwards'
    # The next run first puts everything back. nginx refuses twice: what is new, and then
    # also what was there.
    echo /run/nothing >"$root/run/no-nginx-t"
    upgrade
    refuses 'what cannot be undone' 'an earlier run was interrupted, and its changes cannot be undone' 'a test wants this' '/var/lib/wp502lint/upgrade has the files'
    brief
    rm "$root/run/no-nginx-t"
    inside sh /var/lib/wp502lint/upgrade/journal.sh restore >"$scratch/log" 2>&1 || fail 'the restoration by hand'
    restored
    [ ! -e "$root/var/lib/wp502lint" ] || fail 'the journal is still there'
    note
    echo /run/nothing >"$root/run/no-nginx-t"
    upgrade
    refuses 'an nginx that refuses' 'failed: nginx -t' 'a test wants this' 'restoring failed too:' '/var/lib/wp502lint/upgrade has the files as they were'
    brief
    rm "$root/run/no-nginx-t"
    ;;
users)
    step 'users: a new PHP-FPM that does not start'
    note
    touch "$root/run/no-php8.4-fpm"
    upgrade
    refuses 'a new PHP-FPM that does not start' 'failed: systemctl restart php8.4-fpm' 'Job for php8.4-fpm.service failed' 'everything is as before' \
        'failed, but no site uses it: systemctl restart php8.4-fpm'
    brief
    restored
    rm "$root/run/no-php8.4-fpm"

    step 'users: nginx refuses its files once'
    inside systemctl restart php8.4-fpm
    note
    echo /run/no-nginx-t >"$root/run/no-nginx-t"
    upgrade
    refuses 'an nginx that refuses' 'failed: nginx -t' 'a test wants this' 'removed /etc/php/8.4/fpm/pool.d/alice.conf' 'everything is as before'
    brief
    restored
    ;;
esac

step "$name: the upgrade, under load"
rm -f "$root/run/calls"
load &
loading=$!
upgrade
[ "$status" -eq 0 ] || fail "$name: ansible-playbook ends with $status, want 0"
kill "$loading"
wait "$loading" || :
case $name in
many) says 'an earlier run was interrupted, and its changes were undone first' ;;
*) called "$wanted" ;;
esac
answer 8.4
same 'the statuses under load' 200 "$(sort -u "$scratch/statuses")"
printf '%s: %d requests meanwhile, each 200\n' "$name" "$(wc -l <"$scratch/statuses")"
[ ! -e "$root/var/lib/wp502lint" ] || fail 'the journal is still there'
same 'owner and mode' '640 4711:4712' "$(stat -c '%a %u:%g' "$root/etc/nginx/sites-available/${sites[0]}")"
if [ "$name" = users ] && inside systemctl is-active php8.2-fpm; then fail 'the old PHP-FPM still runs'; fi

step "$name: again"
note
upgrade '{}' --diff
passes "$name again" 0
silent '+++ '
untouched
answer 8.4
step "$name: all is well"
