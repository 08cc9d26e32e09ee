package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// ProcessMaxShort reports masters that leave a pool without any worker.
var ProcessMaxShort = &lint.Rule{
	ID:       "WP107",
	Name:     "process-max-short",
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.Other: lint.Always},
	Summary:  "process.max is so low that a pool gets no worker.",
	Why:      "`process.max` limits the workers of all pools together. PHP-FPM starts the pools in the order of its files. When the initial workers of the earlier ones use up the limit, the rest get none. Their requests wait until the web server gives up with a 504; PHP-FPM logs one warning at startup.",
	Fix:      "Raise `process.max` above the sum of the initial workers of all pools, or remove it: `pm.max_children` limits each pool.",
	Verify: []string{
		"grep 'consider raising' /var/log/php8.3-fpm.log | tail -3",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|process\.max|pm(\.start_servers|\.max_children)? ='`,
		"ps -C php-fpm8.3 -o cmd= | sort | uniq -c",
	},
	Sources: []string{
		fpmManual + "#process-max",
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/shop.conf --
[shop]
user = www-data
group = www-data
listen = /run/php/shop.sock
listen.owner = www-data
listen.group = www-data
pm = static
pm.max_children = 5
pm.status_path = /status
catch_workers_output = yes
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
;--- WP107 pool www gets no worker
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = static
pm.max_children = 5
pm.status_path = /status
catch_workers_output = yes
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
process.max = 5
;             ^ WP107 process.max is 5, and the pools start with 10 workers: pool www gets none
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
process.max = 20
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Logs: []*servers.Signature{servers.FPMProcessMax},
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			limit := m.ProcessMax
			most, known := limit.Known()
			if !known || !limit.Written() || most <= 0 {
				continue
			}
			f := lint.Finding{At: limit.At()}
			var used int64
			first := "" // the first pool that gets no worker
			for _, pool := range m.Pools {
				if used >= most {
					if len(f.Notes) == 0 {
						first = pool.Name
					}
					f.Notes = append(f.Notes, lint.Note{At: pool.At, Message: fmt.Sprintf("pool %s gets no worker", pool.Name)})
				}
				n, known := pool.Starts().Known()
				if !known {
					p.NotChecked(pool.Starts().At(), "how many workers pool "+pool.Name+" starts with is not known")
					break
				}
				used += n
			}
			if len(f.Notes) > 0 {
				f.Message = fmt.Sprintf("process.max is %d, and the pools start with %d workers: pool %s gets none", most, used, first)
				p.Report(f)
			}
		}
	},
}
