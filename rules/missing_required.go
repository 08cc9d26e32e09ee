package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// MissingRequired reports pools without an entry that PHP-FPM requires.
var MissingRequired = &lint.Rule{
	ID:       "WP305",
	Name:     "missing-required",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.MissingEntry},
	Summary:  "An entry that every pool needs is missing, so PHP-FPM does not start.",
	Why: "Every pool needs `listen`, `pm` and `pm.max_children`, and also `user` when the master starts as root. Pools do not inherit them from each other. A single pool without one keeps all pools of the master from starting. " +
		"The header left over from a deleted pool is such a pool.",
	Fix: "Add the entry, or remove the pool with its header.",
	Verify: []string{
		"php-fpm8.3 -t",
		`grep -rnE '^ *(\[|listen|pm|user)' /etc/php/*/fpm/pool.d`,
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#listen",
		fpmManual + "#pm",
		fpmManual + "#user",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
;^^^ WP305 pool www has no pm.max_children
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
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
		servers.FPMListenMissing, servers.FPMManagerMissing, servers.FPMMaxChildrenInvalid, servers.FPMUserMissing,
	},
	Check: checkEntries,
}
