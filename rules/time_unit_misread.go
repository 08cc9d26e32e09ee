package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// TimeUnitMisread reports times that PHP-FPM reads only in part.
var TimeUnitMisread = &lint.Rule{
	ID:    "WP114",
	Name:  "time-unit-misread",
	Cause: lint.Died,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "request_terminate_timeout is shorter than it looks",
		lint.None:      "any other time",
	},
	Summary: "PHP-FPM reads a time differently from what it looks like.",
	Why:     "PHP-FPM reads the digits at the start of a time and the last character as the unit: `5m30s` is 5 seconds, `1.5s` is 1 second and `500ms` is 500 seconds. It logs nothing. A `request_terminate_timeout` that is shorter than meant kills requests that would have succeeded, and nginx answers them with 502, Apache with 503.",
	Fixable: true,
	Fix:     "Write one whole number with one unit: `330s`.",
	Verify: []string{
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|timeout|emergency_restart_interval'`,
		"grep -rnE '^ *[a-z_.]*(timeout|interval) *=' /etc/php/*/fpm",
		"grep 'execution timed out' /var/log/php8.3-fpm.log | tail -3",
	},
	Sources: []string{
		fpmManual + "#request-terminate-timeout",
		fpmSourceConf,
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
request_terminate_timeout = 2.5m
;                           ^^^^ WP114 PHP-FPM reads 2.5m as 120 seconds
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
request_terminate_timeout = 150s
`,
	Logs: []*servers.Signature{servers.FPMTerminating},
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			for _, t := range m.MisreadTimes {
				p.Report(misreadTime(t))
			}
		}
	},
}

func misreadTime(t fpmt.MisreadTime) lint.Finding {
	f := lint.Finding{Outcome: lint.None, At: t.At, Message: fmt.Sprintf("PHP-FPM reads %s as %s", t.Text, seconds(t.Seconds))}
	if t.Key == "request_terminate_timeout" && t.Seconds > 0 && float64(t.Seconds) < t.Meant {
		f.Outcome = lint.Sometimes
	}
	if whole := int64(t.Meant); whole > 0 && float64(whole) == t.Meant {
		value := fmt.Sprintf("%ds", whole)
		f.Fixes = replace(t.At, value, "write "+value)
	}
	return f
}

// seconds spells a number of seconds.
func seconds(n int64) string {
	if n == 1 {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", n)
}
