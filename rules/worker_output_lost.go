package rules

import (
	"github.com/wp502lint/wp502lint/lint"
)

// WorkerOutputLost reports pools that drop connections without logging it.
var WorkerOutputLost = &lint.Rule{
	ID:       "WP603",
	Name:     "worker-output-lost",
	Cause:    lint.Evidence,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "A pool with listen.allowed_clients does not log the connections that it drops.",
	Why:      "A worker writes `Connection disallowed: IP address '10.0.0.7' has been dropped.` to its standard error, which PHP-FPM discards unless `catch_workers_output` is on. nginx sees a closed connection and logs `recv() failed (104: Connection reset by peer)`, which looks like a crash.",
	Fixable:  true,
	Fix:      "Set `catch_workers_output = yes` in the pool.",
	Verify: []string{
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen\.allowed_clients|catch_workers_output'`,
		"grep 'has been dropped' /var/log/php8.3-fpm.log | tail -3",
	},
	Sources: []string{
		fpmManual + "#catch-workers-output",
		fpmManual + "#listen-allowed-clients",
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/api.conf --
[api]
user = www-data
group = www-data
listen = 127.0.0.1:9001
listen.allowed_clients = 127.0.0.1
;                        ^^^^^^^^^ WP603 pool api drops other clients without a line in the log: catch_workers_output is off
pm = ondemand
pm.max_children = 5
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/api.conf --
[api]
user = www-data
group = www-data
listen = 127.0.0.1:9001
listen.allowed_clients = 127.0.0.1
catch_workers_output = yes
pm = ondemand
pm.max_children = 5
`,
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			if pool.Clients == nil {
				continue
			}
			caught := pool.CatchOutput()
			on, known := caught.Known()
			switch {
			case known && on:
			case !known:
				p.NotChecked(caught.At(), "catch_workers_output of pool "+pool.Name+" is not known")
			default:
				f := lint.Finding{At: pool.Clients.At, Message: "pool " + pool.Name + " drops other clients without a line in the log: catch_workers_output is off"}
				if caught.Written() {
					f.Notes = []lint.Note{{At: caught.At(), Message: "it is set here"}}
					f.Fixes = replace(caught.At(), "yes", "set catch_workers_output to yes")
				} else {
					f.Fixes = insertBelow(pool.Clients.At, "log what workers write", "catch_workers_output = yes")
				}
				p.Report(f)
			}
		}
	},
}
