package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// InvalidValue reports values that PHP-FPM refuses.
var InvalidValue = &lint.Rule{
	ID:       "WP303",
	Name:     "invalid-value",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{stack.InvalidValue},
	Summary:  "PHP-FPM refuses the value of an entry.",
	Why: "PHP-FPM checks every value, also that of a line that a later one replaces, and refuses to start for a single wrong one. Numbers are digits alone: `0x10`, `+5` and `1e3` are none. A time ends in `s`, `m`, `h` or `d`, in lower case. " +
		"A boolean without quotes may be written in any case; between quotes it has to be lower case. An environment variable may not be empty, and `off`, `no` and `none` without quotes are.",
	Fix: "Write a value of the kind that PHP-FPM takes.",
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
pm.process_idle_timeout = 10sec
;                         ^^^^^ WP303 PHP-FPM takes only a number with s, m, h or d for pm.process_idle_timeout, not 10sec
clear_env = "No"
;           ^^^^ WP303 PHP-FPM takes only lower case in quotes for clear_env, not No
env[DEBUG] = off
;            ^^^ WP303 env[DEBUG] is empty, since an unquoted off stands for nothing, and PHP-FPM refuses that
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
pm.process_idle_timeout = 10s
clear_env = No
env[DEBUG] = "off"
`,
	Logs: []lint.Log{
		{By: servers.FPM, Pattern: servers.RefuseValue.Pattern()},
		{By: servers.FPM, Pattern: servers.RefuseFlag.Pattern()},
		{By: servers.FPM, Pattern: servers.RefuseEmpty.Pattern()},
		{By: servers.FPM, Pattern: servers.RefuseSuppress.Pattern()},
		{By: servers.FPM, Pattern: servers.RefuseChildren.Pattern()},
		{By: servers.FPM, Pattern: servers.RefuseFormat.Pattern()},
	},
	Check: checkEntries,
}
