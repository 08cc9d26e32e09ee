package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// NoPools reports masters without a pool.
var NoPools = &lint.Rule{
	ID:       "WP307",
	Name:     "no-pools",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.NoPools},
	Summary:  "PHP-FPM finds no pool and does not start.",
	Why:      "An `include` that matches nothing is only a warning for PHP-FPM, but a master without any pool refuses to start. It happens when the last file of a folder is removed or renamed from `.conf`, or when the include is relative. PHP-FPM resolves it from the prefix that it was built with, such as `/usr`, not from the directory of `php-fpm.conf`.",
	Fix:      "Write the include as an absolute path that matches the pool files.",
	Verify: []string{
		"ls -l /etc/php/*/fpm/pool.d",
		"grep -n include /etc/php/*/fpm/php-fpm.conf",
		"php-fpm8.3 -t",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		fpmManual,
		fpmSourceConf,
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
include = /etc/php/8.3/fpm/pool.d/*.cnf
;         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP307 no pool is defined: nothing that /etc/php/8.3/fpm/pool.d/*.cnf matches holds one
`,
	Good: `
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Logs:  []*servers.Signature{servers.FPMNoPool},
	Check: checkEntries,
}
