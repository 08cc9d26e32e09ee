package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// UnknownAccount reports users and groups that PHP-FPM cannot find or refuses.
var UnknownAccount = &lint.Rule{
	ID:       "WP306",
	Name:     "unknown-account",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.UnknownAccount},
	Summary:  "A pool names a user or group that does not exist, or root, or one that may not own its socket.",
	Why:      "PHP-FPM looks up `user`, `group` and, for a unix socket, `listen.owner`, `listen.group` and the names of `listen.acl_users` and `listen.acl_groups` at startup, and refuses to start when one is missing. It happens when a pool is copied from a system where the web server runs as `nginx` or `apache` to one where it runs as `www-data`. A number needs no account, except in an ACL. Workers may not be `root`, and an empty `user =` means root. `php-fpm -t` detects neither of the last two. A PHP-FPM that does not start as root (`User=` in its unit, `USER` of a container), or without CAP_CHOWN, may not give its socket to another account. With `listen.owner` or `listen.group` set to one, it does not start either.",
	Fix:      "Name an account that exists, or create it. For a PHP-FPM that does not start as root, leave out `listen.owner`, and let `listen.group` name one of its groups.",
	Verify: []string{
		"php-fpm8.3 -t",
		"getent passwd USER; getent group GROUP",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#user",
		fpmManual + "#group",
		fpmManual + "#listen-owner",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = nginx
;      ^^^^^ WP306 there is no user nginx, which user names
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
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
`,
	Logs: []*servers.Signature{
		servers.FPMUserUnknown, servers.FPMGroupUnknown, servers.FPMChownDenied, servers.FPMRootRefused,
	},
	Check: checkEntries,
}
