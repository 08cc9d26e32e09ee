package rules

import (
	"fmt"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// PHPEndOfLife reports versions of PHP that no longer get security fixes.
var PHPEndOfLife = &lint.Rule{
	ID:         "WP115",
	Name:       "php-end-of-life",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.None: lint.Always},
	Summary:    "PHP-FPM runs a version of PHP that no longer gets security fixes from php.net.",
	Why: "Crashes of an old version are no longer fixed, and extensions and WordPress itself are tested with newer ones. The distribution may still fix security holes in its own packages. " +
		"A forced upgrade later changes the socket's name, which is how many sites get their first 502.",
	Fix: "Move the sites to a supported version, one after another: install it beside the old one, give it a pool, and change `fastcgi_pass`.",
	Verify: []string{
		"php-fpm8.3 -v",
		"ps -eo pid,lstart,cmd | grep '[p]hp-fpm: master'",
		"ls /etc/php",
	},
	Sources: []string{
		"https://www.php.net/supported-versions.php",
	},
	Bad: `
today 2028-06-01
-- etc/php/8.3/fpm/php-fpm.conf --
[global]
;^^^^^^ WP115 PHP 8.3 gets no security fixes from php.net since 2027-12-31
emergency_restart_threshold = 10
emergency_restart_interval = 1m
process_control_timeout = 10s
include = /etc/php/8.3/fpm/pool.d/*.conf
`,
	Good: `
today 2026-06-01
`,
	Needs: []host.Fact{host.Today},
	Check: func(p *lint.Pass) {
		met := once[string]{}
		for _, m := range p.Stack.Masters {
			end, known := servers.EndOfLife[m.Version]
			if known && p.Stack.Facts.Today.After(end.AddDate(0, 0, 1)) && met.first(m.Version) {
				p.Report(lint.Finding{
					At:      m.At,
					Message: fmt.Sprintf("PHP %s gets no security fixes from php.net since %s", m.Version, end.Format(time.DateOnly)),
				})
			}
		}
	},
}
