package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// InvalidValue reports values that PHP-FPM refuses.
var InvalidValue = &lint.Rule{
	ID:       "WP303",
	Name:     "invalid-value",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.InvalidValue},
	Summary:  "PHP-FPM refuses the value of an entry.",
	Why: "PHP-FPM checks every value, even on a line that a later one replaces, and refuses to start for a single invalid one. Numbers consist of digits only: `0x10`, `+5` and `1e3` are invalid. A time ends in `s`, `m`, `h` or `d`, in lower case. " +
		"A boolean without quotes may be written in any case; in quotes it must be lower case. An environment variable may not be empty, and unquoted `off`, `no` and `none` are.",
	Fix: "Write a value that PHP-FPM accepts.",
	Verify: []string{
		"php-fpm8.3 -t",
		"journalctl -u UNIT -n 20 --no-pager",
		"grep -rnw KEY /etc/php/*/fpm --include='*.conf'",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual,
		fpmSourceConf,
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
pm.process_idle_timeout = 10sec
;                         ^^^^^ WP303 PHP-FPM takes only a number with s, m, h or d for pm.process_idle_timeout, not 10sec
clear_env = "No"
;           ^^^^ WP303 PHP-FPM takes only lower case in quotes for clear_env, not No
env[DEBUG] = off
;            ^^^ WP303 env[DEBUG] is empty: PHP-FPM reads an unquoted off as no value, and refuses that
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
pm.process_idle_timeout = 10s
clear_env = No
env[DEBUG] = "off"
`,
	Logs: []*servers.Signature{
		servers.FPMValueInvalid, servers.FPMFlagInvalid, servers.FPMEmptyValue, servers.FPMSuppressPathInvalid,
		servers.FPMMaxChildrenInvalid, servers.FPMAccessFormatInvalid, servers.FPMTraceDepthInvalid,
		servers.FPMIdleTimeoutInvalid, servers.FPMOndemandEvents, servers.FPMEventMechanismUnknown,
		servers.FPMLogLimitInvalid, servers.FPMProcessMaxInvalid, servers.FPMPriorityInvalid, servers.FPMSpawnRateInvalid,
		servers.FPMFileLimitRefused, servers.FPMNotInitialized,
	},
	Check: checkEntries,
}
