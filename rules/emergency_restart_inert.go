package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// EmergencyRestartInert reports masters that set one of its two settings.
var EmergencyRestartInert = &lint.Rule{
	ID:         "WP102",
	Name:       "emergency-restart-inert",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.None: lint.Always},
	Summary:    "One of the two settings of the emergency restart is missing, so it never happens.",
	Why: "PHP-FPM counts crashes within `emergency_restart_interval`. With an interval of 0, the default, no two crashes are ever within it. With a threshold of 0 it does not count crashes at all. " +
		"Setting only one of the two looks as if the restart were on.",
	Fixable: true,
	Fix:     "Set both in `[global]`: `emergency_restart_threshold = 10` and `emergency_restart_interval = 1m`.",
	Verify: []string{
		"php-fpm8.3 -tt 2>&1 | grep -E 'emergency_restart_(threshold|interval)'",
		"grep -c 'initiating reload' /var/log/php8.3-fpm.log",
	},
	Sources: []string{
		fpmManual + "#emergency-restart-threshold",
		fpmManual + "#emergency-restart-interval",
	},
	Bad: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
;                             ^^ WP102 emergency_restart_threshold has no effect: emergency_restart_interval is not set
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
			threshold, known1 := m.RestartThreshold.Known()
			interval, known2 := m.RestartInterval.Known()
			switch {
			case m.Loose || !known1 || !known2:
			case threshold > 0 && interval == 0:
				p.Report(inert("emergency_restart_threshold", m.RestartThreshold, "emergency_restart_interval", m.RestartInterval, "1m"))
			case threshold == 0 && isSet(m.RestartInterval):
				p.Report(inert("emergency_restart_interval", m.RestartInterval, "emergency_restart_threshold", m.RestartThreshold, "10"))
			}
		}
	},
}

func inert(key string, has source.Setting[int64], lacks string, lacking source.Setting[int64], value string) lint.Finding {
	f := lint.Finding{At: has.At()}
	if lacking.Written() {
		f.Message = fmt.Sprintf("%s has no effect: %s is 0", key, lacks)
		f.Notes = []lint.Note{{At: lacking.At(), Message: lacks + " is set here"}}
		f.Fixes = replace(lacking.At(), value, "set "+lacks+" to "+value)
		return f
	}
	f.Message = fmt.Sprintf("%s has no effect: %s is not set", key, lacks)
	f.Fixes = insertBelow(has.At(), "set "+lacks+" to "+value, lacks+" = "+value)
	return f
}

// isSet reports whether a number is set and above zero.
func isSet(s source.Setting[int64]) bool {
	n, known := s.Known()
	return known && n > 0
}
