package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// PMArithmetic reports dynamic pools whose numbers contradict each other.
var PMArithmetic = &lint.Rule{
	ID:       "WP304",
	Name:     "pm-arithmetic",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.SpareArithmetic},
	Summary:  "The numbers of workers of a dynamic pool contradict each other.",
	Why: "With `pm = dynamic` PHP-FPM requires 1 ≤ `pm.min_spare_servers` ≤ `pm.max_spare_servers` ≤ `pm.max_children`, and `pm.start_servers` between the two spare numbers unless it is 0 or missing. Otherwise it refuses to start, with all pools. " +
		"It happens when `pm.max_children` is lowered to save memory and the rest stays as it was. With `pm = static` and `ondemand` these numbers are ignored.",
	Fix: "Write `pm.min_spare_servers` ≤ `pm.start_servers` ≤ `pm.max_spare_servers` ≤ `pm.max_children`, or use `pm = ondemand`, which needs only `pm.max_children`.",
	Verify: []string{
		"php-fpm8.3 -t",
		"grep -rnE '^ *pm' /etc/php/*/fpm/pool.d",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#pm.start-servers",
		fpmManual + "#pm.min-spare-servers",
		fpmManual + "#pm.max-spare-servers",
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
pm = dynamic
pm.max_children = 4
;                 - WP304 pm.max_children is 4
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 6
;                      ^ WP304 pm.max_spare_servers is 6, more than pm.max_children, which is 4
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = dynamic
pm.max_children = 4
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
`,
	Logs: []*servers.Signature{
		servers.FPMSpareAboveChildren, servers.FPMSpareOrder, servers.FPMStartServers, servers.FPMMinSpareInvalid,
		servers.FPMMaxSpareInvalid,
	},
	Check: checkEntries,
}
