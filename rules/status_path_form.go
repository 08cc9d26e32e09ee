package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// StatusPathForm reports status and ping paths that PHP-FPM refuses.
var StatusPathForm = &lint.Rule{
	ID:       "WP312",
	Name:     "status-path-form",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.PathForm},
	Summary:  "pm.status_path or ping.path is not a path that PHP-FPM accepts.",
	Why:      "Both are compared with the script name of a request, so PHP-FPM requires a `/` and at least one letter after it, and accepts only letters, digits and `/ _ - . ~`. Anything else keeps it from starting, with all pools. So does an empty `ping.response` together with a `ping.path`.",
	Fixable:  true,
	Fix:      "Write a path such as `/status`.",
	Verify: []string{
		"php-fpm8.3 -t",
		`grep -rnE '^ *(pm\.status_path|ping\.)' /etc/php/*/fpm/pool.d`,
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#pm.status-path",
		fpmManual + "#ping.path",
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
pm.status_path = status
;                ^^^^^^ WP312 pm.status_path is status, and PHP-FPM wants a leading /
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
pm.status_path = /status
`,
	Logs: []*servers.Signature{
		servers.FPMPathWithoutSlash, servers.FPMPathTooShort, servers.FPMPathCharacters, servers.FPMPingResponseEmpty,
	},
	Check: checkEntries,
}
