package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// XdebugLoaded reports Xdebug in the PHP that PHP-FPM runs.
var XdebugLoaded = &lint.Rule{
	ID:      "WP103",
	Name:    "xdebug-loaded",
	Cause:   lint.Died,
	Outcome: lint.Sometimes,
	Summary: "PHP-FPM loads Xdebug, and its mode is not off.",
	Why: "In its default mode, develop, Xdebug makes PHP ten to twenty times slower in code with many calls: workers are busy longer, the pool runs out of them, and a kill by `request_terminate_timeout` is a 502. " +
		"It also hides what production will do: endless recursion inside a C function is a clean error 500 with Xdebug and a crash, so a 502, without it. Xdebug with mode off is as fast as no Xdebug.",
	Fix: "Do not load Xdebug where production requests are served (`phpdismod -s fpm xdebug` on Debian), or set `xdebug.mode = off` in an ini file that PHP-FPM reads.",
	Bad: `
-- etc/php/8.3/fpm/conf.d/20-xdebug.ini --
zend_extension = xdebug.so
;                ^^^^^^^^^ WP103 PHP-FPM loads Xdebug in mode develop, which is what it does when xdebug.mode is not set
`,
	Good: `
-- etc/php/8.3/fpm/conf.d/20-xdebug.ini --
zend_extension = xdebug.so
xdebug.mode = off
`,
	Unproven: "whether a worker is killed or crashes depends on the load and the build; that Xdebug loads and makes PHP slower was measured on PHP 8.2",
	Check: func(p *lint.Pass) {
		for _, m := range p.Stack.Masters {
			if m.Xdebug != nil {
				checkXdebug(p, m.Xdebug)
			}
		}
	},
}

func checkXdebug(p *lint.Pass, x *stack.Xdebug) {
	mode, known := x.Mode.Known()
	switch {
	case !known:
		p.NotChecked(x.Mode.At(), x.Mode.Why())
		return
	case mode == "off":
		return
	}
	f := lint.Finding{At: x.At, Message: "PHP-FPM loads Xdebug in mode develop, which is what it does when xdebug.mode is not set"}
	if x.Mode.Written() {
		f.Message = fmt.Sprintf("PHP-FPM loads Xdebug in mode %s", mode)
		f.Notes = []lint.Note{{At: x.Mode.At(), Message: "xdebug.mode is set here"}}
		f.Fixes = []lint.Fix{{Title: "set xdebug.mode to off", Edits: []source.Edit{{At: x.Mode.At(), New: "off"}}}}
	}
	p.Report(f)
}

// XdebugOverrideInert reports settings that a pool cannot change.
var XdebugOverrideInert = &lint.Rule{
	ID:      "WP104",
	Name:    "xdebug-override-inert",
	Cause:   lint.Died,
	Outcome: lint.None,
	Summary: "A pool sets something that PHP decides when it starts, so the line has no effect.",
	Why: "Extensions, the mode of Xdebug and the shared memory of opcache are settled when the master starts, before any pool is looked at. A pool that sets them changes only what `phpinfo()` shows: " +
		"`php_admin_value[xdebug.mode] = off` leaves Xdebug on, and `php_admin_value[opcache.memory_consumption]` leaves the segment as it is.",
	Fix: "Move the line to `php.ini` or to an ini file in `conf.d` of PHP-FPM, and restart it.",
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = static
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
listen.mode = 0660
pm = static
pm.max_children = 5
php_admin_value[memory_limit] = 256M
`,
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			for _, e := range pool.Section.Entries {
				if name := e.Index; e.Indexed && !e.Bare && startOnly(e.Key, name) {
					p.Report(lint.Finding{At: e.IndexAt, Message: fmt.Sprintf("a pool cannot set %s: PHP reads it when PHP-FPM starts", name)})
				}
			}
		}
	},
}

// startOnly reports whether key[name] of a pool is settled before pools are
// looked at (measured on PHP-FPM 8.2 with Xdebug 3.2).
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
