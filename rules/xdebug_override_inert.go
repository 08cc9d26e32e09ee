package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// XdebugOverrideInert reports settings that a pool cannot change.
var XdebugOverrideInert = &lint.Rule{
	ID:         "WP104",
	Name:       "xdebug-override-inert",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.None: lint.Always},
	Summary:    "A pool sets something that PHP decides at startup, so the line has no effect.",
	Why: "Extensions, the mode of Xdebug and the shared memory of opcache are decided when the master starts, before it applies any pool. A pool that sets them changes only what `phpinfo()` shows: " +
		"`php_admin_value[xdebug.mode] = off` leaves Xdebug on, and `php_admin_value[opcache.memory_consumption]` leaves the segment as it is.",
	Fix: "Move the line to `php.ini` or to an ini file in `conf.d` of PHP-FPM, and restart it.",
	Verify: []string{
		`php-fpm8.3 -i 2>/dev/null | grep -E '^(xdebug\.mode|opcache\.(memory_consumption|preload)) '`,
		`grep -rnE '(xdebug|opcache|zend_extension|XDEBUG_MODE)[^]]*\]' /etc/php/*/fpm/pool.d`,
	},
	Sources: []string{
		xdebugManual + "#mode",
		phpOpcache + "#ini.opcache.memory-consumption",
		"https://xdebug.org/docs/upgrade_guide",
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
php_admin_value[xdebug.mode] = off
;               ^^^^^^^^^^^ WP104 a pool cannot set xdebug.mode: PHP reads it when PHP-FPM starts
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
php_admin_value[memory_limit] = 256M
`,
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			for i := range pool.Section.Entries {
				e := &pool.Section.Entries[i]
				if e.Directive != 0 && !servers.FPMDirectives[e.Directive].Indexed() {
					continue
				}
				if name := e.Index(); name != "" && !e.Bare() && startOnly(e.Key(), name) {
					p.Report(lint.Finding{At: e.IndexAt(), Message: fmt.Sprintf("a pool cannot set %s: PHP reads it when PHP-FPM starts", name)})
				}
			}
		}
	},
}

// startOnly reports whether key[name] of a pool is decided before pools are
// applied (measured on PHP-FPM 8.2 with Xdebug 3.2).
func startOnly(key, name string) bool {
	if key == "env" {
		return name == "XDEBUG_MODE"
	}
	switch name {
	case "xdebug.mode", "zend_extension", "opcache.memory_consumption", "opcache.preload":
		return strings.HasPrefix(key, "php_")
	}
	return false
}
