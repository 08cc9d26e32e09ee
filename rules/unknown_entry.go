package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// UnknownEntry reports entries that PHP-FPM does not know in their section.
var UnknownEntry = &lint.Rule{
	ID:       "WP302",
	Name:     "unknown-entry",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.UnknownEntry},
	Summary:  "An entry is unknown to PHP-FPM, or not allowed in its section.",
	Why: "PHP-FPM refuses its whole configuration for one unknown name, and every site is down. The name may be misspelled, belong to a newer PHP, belong in `[global]` or in a pool, or need something that PHP was built without: " +
		"the official images have no `listen.acl_users`. A line of `[global]` after `include =` belongs to the last pool of the included files, since the end of a file does not close a section.",
	Fix: "Correct the name, or move the line to the section that it belongs to. Keep `include` the last line of `[global]`.",
	Verify: []string{
		"php-fpm8.3 -t",
		"grep -rnwE 'include|ENTRY' /etc/php/*/fpm --include='*.conf'",
		"php-fpm8.3 -v",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual,
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
pm.max_childs = 5
; ^8:1-14 WP302 PHP-FPM does not know pm.max_childs; did you mean pm.max_children?
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
		servers.FPMUnknownEntry, servers.FPMUnknownArray, servers.FPMValueNull, servers.FPMKeyMissing,
		servers.FPMKeysIgnored, servers.FPMArrayInGlobal,
	},
	Check: checkEntries,
}
