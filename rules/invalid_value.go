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
pm = ondemand
pm.max_children = 5
pm.process_idle_timeout = 10s
clear_env = No
env[DEBUG] = "off"
`,
	Logs: []servers.Log{
		{By: servers.FPM, Refusal: servers.RefuseValue, Example: "ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:9] unable to parse value for entry 'pm.process_idle_timeout': unknown suffix used in time value"},
		{By: servers.FPM, Refusal: servers.RefuseFlag, Example: "ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] error while parsing 'php_admin_flag[display_errors]' : invalid boolean value"},
		{By: servers.FPM, Refusal: servers.RefuseEmpty, Example: "ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] empty value"},
		{By: servers.FPM, Refusal: servers.RefuseSuppress, Example: "ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] Values provided to field 'access.suppress_path' must begin with '/'"},
		{By: servers.FPM, Refusal: servers.RefuseChildren, Example: "ALERT: [pool www] pm.max_children must be a positive value"},
		{By: servers.FPM, Refusal: servers.RefuseFormat, Example: "ERROR: [pool www] wrong format for access.format '%R %{secs}d %e'"},
		{By: servers.FPM, Refusal: servers.RefuseDepth, Example: "ERROR: [pool www] 'request_slowlog_trace_depth' (-1) must be a positive value"},
		{By: servers.FPM, Refusal: servers.RefuseIdle, Example: "ALERT: [pool www] pm.process_idle_timeout(0s) must be greater than 0s"},
		{By: servers.FPM, Refusal: servers.RefuseOndemand, Example: "ALERT: [pool www] ondemand process manager can ONLY be used when events.mechanism is either epoll (Linux) or kqueue (*BSD)."},
		{By: servers.FPM, Refusal: servers.RefuseMechanism, Example: "ERROR: event mechanism 'kqueue' is not available on this system"},
		{By: servers.FPM, Refusal: servers.RefuseLogLimit, Example: "ERROR: log_limit must be greater than 512"},
		{By: servers.FPM, Refusal: servers.RefuseMax, Example: "ERROR: process_max can't be negative"},
		{By: servers.FPM, Pattern: `ERROR: (?:\[pool (?P<pool>[^\]]+)\] )?process\.priority must be included into \[-19,20\]`, Example: "ERROR: [pool www] process.priority must be included into [-19,20]"},
		{By: servers.FPM, Refusal: servers.RefuseSpawnRate, Example: "ALERT: [pool www] pm.max_spawn_rate must be a positive value"},
		{By: servers.FPM, Refusal: servers.RefuseFiles, Example: "ERROR: failed to set rlimit_files for this pool. Please check your system limits or decrease rlimit_files. setrlimit(RLIMIT_NOFILE, -1): Operation not permitted (1)"},
		{By: servers.FPM, Refusal: servers.RefuseSilently, Example: "ERROR: FPM initialization failed"},
	},
	Check: checkEntries,
}
