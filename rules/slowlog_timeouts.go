package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// SlowlogTimeouts reports settings of the slow log that PHP-FPM refuses.
var SlowlogTimeouts = &lint.Rule{
	ID:       "WP309",
	Name:     "slowlog-timeouts",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.SlowlogTimeouts},
	Summary:  "The settings of the slow log contradict each other, so PHP-FPM does not start.",
	Why:      "`request_slowlog_timeout` and `request_slowlog_trace_depth` need a `slowlog`, and `request_slowlog_timeout` must not exceed `request_terminate_timeout`. PHP-FPM refuses anything else. A `slowlog` alone does nothing and does no harm.",
	Fix:      "Set `slowlog`, and keep `request_slowlog_timeout` below `request_terminate_timeout`.",
	Verify: []string{
		"php-fpm8.3 -t",
		"php-fpm8.3 -tt 2>&1 | grep -E 'slowlog|request_terminate_timeout'",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual + "#request-slowlog-timeout",
		fpmManual + "#slowlog",
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
slowlog = /var/log/php/www.slow.log
request_slowlog_timeout = 2m
;                         ^^ WP309 request_slowlog_timeout is 120 s, longer than request_terminate_timeout, which is 90 s
request_terminate_timeout = 90s
;                           --- WP309 requests are ended after this time
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
slowlog = /var/log/php/www.slow.log
request_slowlog_timeout = 10s
request_terminate_timeout = 90s
`,
	Logs:  []*servers.Signature{servers.FPMSlowlogAfterTerminate, servers.FPMSlowlogMissing},
	Check: checkEntries,
}
