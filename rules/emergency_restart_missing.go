package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
)

// EmergencyRestartMissing reports masters that never restart after crashes.
var EmergencyRestartMissing = &lint.Rule{
	ID:         "WP101",
	Name:       "emergency-restart-missing",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.None: lint.Always},
	Summary:    "PHP-FPM does not restart itself when its workers keep crashing.",
	Why: "A worker that dies of a segmentation fault costs one request, a 502, and is replaced. When the cause is in memory that all workers share, such as a damaged opcache, every new worker dies as well, " +
		"and only a restart of the master helps. After `emergency_restart_threshold` crashes within `emergency_restart_interval` the master restarts itself. The default of both is 0, which is off. " +
		"Only SIGSEGV and SIGBUS are counted; a worker killed because memory ran out is not.",
	Fixable: true,
	Fix:     "In `[global]` of `php-fpm.conf`, set `emergency_restart_threshold = 10` and `emergency_restart_interval = 1m`. Set `process_control_timeout = 10s` as well: without it the restart cuts off the requests that are under way.",
	Verify: []string{
		"php-fpm8.3 -tt 2>&1 | grep emergency_restart",
		"grep -E 'exited on signal (7|11) |threshold' /var/log/php8.3-fpm.log | tail -20",
	},
	Sources: []string{
		fpmManual + "#emergency-restart-threshold",
		fpmManual + "#emergency-restart-interval",
	},
	Bad: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
;^^^^^^ WP101 PHP-FPM does not restart when workers keep crashing: emergency_restart_threshold is not set
process_control_timeout = 10s
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			threshold, known := m.RestartThreshold.Known()
			if m.Loose || !m.Complete || !known || threshold > 0 || isSet(m.RestartInterval) {
				continue
			}
			f := lint.Finding{At: m.RestartThreshold.At()}
			if m.RestartThreshold.Written() {
				f.Message = fmt.Sprintf("PHP-FPM does not restart when workers keep crashing: emergency_restart_threshold is %d", threshold)
			} else {
				f.Message = "PHP-FPM does not restart when workers keep crashing: emergency_restart_threshold is not set"
				f.Fixes = insertBelow(m.At, "restart after 10 crashes within a minute", "emergency_restart_threshold = 10\nemergency_restart_interval = 1m")
			}
			p.Report(f)
		}
	},
}
