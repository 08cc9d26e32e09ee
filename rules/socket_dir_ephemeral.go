package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketDirEphemeral reports socket directories that are gone after a reboot.
var SocketDirEphemeral = &lint.Rule{
	ID:       "WP314",
	Name:     "socket-dir-ephemeral",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:  "Nothing creates the directory of a pool's socket at boot, so PHP-FPM does not start after a reboot.",
	Why:      "`/run` is empty after a boot. A directory made there by hand lasts until the next boot. After that PHP-FPM cannot create its socket, refuses to start, and all its pools are down. `php-fpm -t` does not notice.",
	Fix:      "Let systemd create the directory: `RuntimeDirectory=NAME` in a drop-in of the unit of PHP-FPM, or a line such as `d /run/NAME 0755 www-data www-data` in a file in `/etc/tmpfiles.d`. Or move the socket to the directory of the package, `/run/php` or `/run/php-fpm`.",
	Verify: []string{
		"systemctl cat UNIT | grep RuntimeDirectory",
		"systemd-tmpfiles --cat-config | grep /run/NAME",
		"findmnt -T /run/NAME",
		"journalctl -u UNIT -b --no-pager | grep 'unable to bind'",
	},
	Sources: []string{
		systemdExec + "#RuntimeDirectory=",
		"https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/blog/php.sock;
    }
}
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/blog/php.sock
;        ^^^^^^^^^^^^^^^^^^ WP314 nothing creates /run/blog when the machine boots, and PHP-FPM does not start without it
listen.owner = www-data
pm = ondemand
pm.max_children = 5
-- usr/lib/systemd/system/php8.3-fpm.service --
[Service]
ExecStart=/usr/sbin/php-fpm8.3 --nodaemonize --fpm-config /etc/php/8.3/fpm/php-fpm.conf
-- run/blog/.keep --
`,
	Good: `
-- etc/systemd/system/php8.3-fpm.service.d/blog.conf --
[Service]
RuntimeDirectory=blog
`,
	Logs:     []*servers.Signature{servers.FPMSocketNotCreated},
	Unproven: "it needs a boot of the machine; that PHP-FPM does not start without the directory was measured on PHP-FPM 8.2",
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			checkSocketDir(p, pool)
		}
	},
}

func checkSocketDir(p *lint.Pass, pool *stack.Pool) {
	e := pool.Listen.Endpoint
	dir := path.Dir(e.Path)
	if e.Network != netaddr.Unix || !strings.HasPrefix(dir, "/run/") {
		return
	}
	built := service.Built(pool.Master.Start())
	if slices.Contains(servers.BootDirs, dir) && !built {
		return
	}
	switch made, known := p.Stack.BootDir(dir); {
	case made:
	case !known && !built:
		p.NotChecked(pool.Listen.At, "whether something creates "+dir+" when the machine boots is not known: the units and tmpfiles.d of its packages are not among the files")
	default:
		p.Report(lint.Finding{
			At:      pool.Listen.At,
			Message: fmt.Sprintf("nothing creates %s when the machine boots, and PHP-FPM does not start without it", dir),
			Log:     []string{fmt.Sprintf("ERROR: unable to bind listening socket for address '%s': No such file or directory (2)", pool.Listen.Text)},
		})
	}
}
