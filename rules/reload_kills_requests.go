package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// ReloadKillsRequests reports masters whose reload kills requests.
var ReloadKillsRequests = &lint.Rule{
	ID:     "WP109",
	Name:   "reload-kills-requests",
	Apache: true,
	Cause:  lint.Died,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "emergency restarts are on, or process_control_timeout is set to 0",
		lint.None:      "process_control_timeout is not set, and only a reload kills requests",
	},
	Summary: "A reload or an emergency restart of PHP-FPM kills the requests that are under way.",
	Why: "With `process_control_timeout = 0`, the default, a reload ends every worker at once, and nginx answers each request in progress with 502, Apache with 503. An emergency restart is a reload as well: after a few crashes, all requests in progress fail. " +
		"With a timeout the workers finish first; new requests wait that long for the slowest of them. The setting applies to a reload only, not to a stop.",
	Fixable: true,
	Fix:     "Set `process_control_timeout = 10s` in `[global]`.",
	Verify: []string{
		"php-fpm8.3 -tt 2>&1 | grep process_control_timeout",
		"grep -E 'Reloading|reloading|Terminating|Finishing|threshold' /var/log/php8.3-fpm.log | tail -20",
		"grep -rE 'php.*-fpm' /etc/logrotate.d /etc/cron*",
	},
	Sources: []string{
		fpmManual + "#process-control-timeout",
	},
	Bad: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
;^^^^^^ WP109 an emergency restart kills the requests that are under way: process_control_timeout is not set
emergency_restart_threshold = 10
;                             -- WP109 PHP-FPM restarts after 10 crashes
emergency_restart_interval = 1m
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
process_control_timeout = 10s
emergency_restart_threshold = 10
emergency_restart_interval = 1m
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Logs: []*servers.Signature{servers.FPMReloading, servers.NginxReset, servers.ApacheReset, servers.ApacheDispatchFailed},
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			if !m.Loose && m.Complete {
				var gateways []*stack.Gateway
				for _, pool := range m.Pools {
					gateways = append(gateways, p.Stack.Callers[pool]...)
				}
				checkControlTimeout(p, m, onlyApache(gateways))
			}
		}
	},
}

func checkControlTimeout(p *lint.Pass, m *stack.Master, apache bool) {
	limit := m.ControlTimeout()
	seconds, known := value(p, limit)
	if !known || seconds > 0 || misplaced(m, servers.KeyProcessControlTimeout) {
		return
	}
	restarts := isSet(m.RestartThreshold) && isSet(m.RestartInterval)
	f := lint.Finding{At: limit.At(), Log: []string{"recv() failed (104: Connection reset by peer) while reading response header from upstream"}}
	if apache {
		f.Outcome, f.Log = lint.SometimesUnavailable, []string{apacheReset}
	}
	what, why := "a reload", "process_control_timeout is not set"
	if restarts {
		what = "an emergency restart"
		crashes, _ := m.RestartThreshold.Known()
		f.Notes = []lint.Note{{At: m.RestartThreshold.At(), Message: fmt.Sprintf("PHP-FPM restarts after %d crashes", crashes)}}
	}
	if limit.Written() {
		why = "process_control_timeout is 0"
		f.Fixes = replace(limit.At(), "10s", "let requests finish for 10 seconds")
	} else {
		f.Fixes = insertBelow(m.At, "let requests finish for 10 seconds", "process_control_timeout = 10s")
		if !restarts {
			f.Outcome, f.Log = lint.None, nil
		}
	}
	f.Message = fmt.Sprintf("%s kills the requests that are under way: %s", what, why)
	p.Report(f)
}

// misplaced reports whether a pool holds a line of [global], which PHP-FPM
// refuses.
func misplaced(m *stack.Master, key servers.FPMKey) bool {
	return slices.ContainsFunc(m.Pools, func(pool *stack.Pool) bool { return !pool.Text(key).Absent() })
}
