package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// MissingPath reports directories that PHP-FPM needs and that do not exist, or are closed to
// its account.
var MissingPath = &lint.Rule{
	ID:       "WP308",
	Name:     "missing-path",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.MissingPath},
	Summary:  "A directory that PHP-FPM needs does not exist, or PHP-FPM may not create a file in it.",
	Why:      "PHP-FPM creates sockets, logs and its pid file, but no directories. Without the directory of `listen`, `pid`, `error_log` of `[global]`, `access.log`, or `slowlog` with `request_slowlog_timeout`, it does not start. `chdir`, `chroot` and `prefix` must exist themselves. A path that leads through a file does the same. A relative path starts at the prefix that PHP was built with. `php-fpm -t` does not check the directory of a socket or of the pid file. A PHP-FPM that starts as another account than root, as in a container with `USER`, `user:` or `runAsUser`, creates them only where that account may write. Its unit may restrict it further. `ProtectHome=` empties or protects `/home`, `/root` and `/run/user`. `ProtectSystem=` makes `/usr` read-only, with `full` also `/etc`, and with `strict` everything. `ReadOnlyPaths=`, `InaccessiblePaths=` and `TemporaryFileSystem=` name more paths (systemd.exec(5)).",
	Fix:      "Create the directory, or give the account that starts PHP-FPM the right to write in it, for example with an entry in `tmpfiles.d` when it is below `/run`, or correct the path. A container that starts as another account needs the directory to belong to that account. Where a unit is strict, `RuntimeDirectory=`, `LogsDirectory=` or `ReadWritePaths=` in a drop-in opens the directory.",
	Verify: []string{
		"namei -l PATH",
		"systemctl cat UNIT | grep -E '^(User|Protect|ReadWrite|Runtime)'",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#listen",
		fpmManual + "#chdir",
		systemdExec + "#ProtectSystem=",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
access.log = /var/log/php-fpm/access.log
;            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP308 there is no directory /var/log/php-fpm for access.log
chdir = /var/www/shop
;       ^^^^^^^^^^^^^ WP308 there is no directory /var/www/shop, which chdir names
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
access.log = /var/log/php/access.log
chdir = /var/www/blog
`,
	Logs: []*servers.Signature{
		servers.FPMAccessLogUnusable, servers.FPMSlowlogUnusable, servers.FPMErrorLogUnusable, servers.FPMPIDFileUnusable,
		servers.FPMChdirMissing, servers.FPMChdirInChrootMissing, servers.FPMChrootMissing, servers.FPMPrefixMissing,
		servers.FPMSocketNotCreated, servers.FPMSocketDenied, servers.FPMAddressInUse, servers.FPMNotInitialized,
	},
	Check: checkEntries,
}
