package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// FPMLogBlind reports masters whose log does not show why a request failed.
var FPMLogBlind = &lint.Rule{
	ID:       "WP602",
	Name:     "fpm-log-blind",
	Cause:    lint.Evidence,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "log_level hides the lines that explain a 502.",
	Why:      "PHP-FPM logs a crash (`child 12 exited on signal 11`), a killed request (`execution timed out`), a full pool (`server reached pm.max_children`) and what workers write to standard error as warnings. `log_level = error` and `alert` hide all of them.",
	Fixable:  true,
	Fix:      "Set `log_level = notice`, the default, or `warning`.",
	Verify: []string{
		"grep -rnE '^ *(error_log|log_level) *=' /etc/php/*/fpm",
		"grep -cE 'WARNING|NOTICE' /var/log/php8.3-fpm.log",
	},
	Sources: []string{
		fpmManual + "#log-level",
	},
	Bad: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
error_log = /var/log/php8.3-fpm.log
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
log_level = error
;           ^^^^^ WP602 log_level error hides crashes, timeouts and full pools, which are warnings
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
error_log = /var/log/php8.3-fpm.log
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
log_level = warning
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			level := m.Text(servers.KeyLogLevel)
			text, _ := level.Known()
			if text = strings.ToLower(text); text != "error" && text != "alert" {
				continue
			}
			p.Report(lint.Finding{
				At:      level.At(),
				Message: fmt.Sprintf("log_level %s hides crashes, timeouts and full pools, which are warnings", text),
				Fixes:   replace(level.At(), "warning", "set log_level to warning"),
			})
		}
	},
}
