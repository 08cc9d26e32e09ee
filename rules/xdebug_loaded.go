package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/stack"
)

// XdebugLoaded reports Xdebug in the PHP that PHP-FPM runs.
var XdebugLoaded = &lint.Rule{
	ID:         "WP103",
	Name:       "xdebug-loaded",
	Production: true,
	Cause:      lint.Died,
	Outcomes:   lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:    "PHP-FPM loads Xdebug, and its mode is not off.",
	Why: "In its default mode, develop, Xdebug makes PHP ten to twenty times slower in code with many calls: workers are busy longer, the pool runs out of them, and a request killed by `request_terminate_timeout` is a 502. " +
		"It also hides what happens in production: endless recursion inside a C function is a clean error 500 with Xdebug, and a crash and so a 502 without it. Xdebug with mode off is as fast as no Xdebug.",
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
	mode, known := value(p, x.Mode)
	if !known || mode == "off" {
		return
	}
	f := lint.Finding{At: x.At, Message: "PHP-FPM loads Xdebug in mode develop, which is what it does when xdebug.mode is not set"}
	if x.Mode.Written() {
		f.Message = fmt.Sprintf("PHP-FPM loads Xdebug in mode %s", mode)
		f.Notes = []lint.Note{{At: x.Mode.At(), Message: "xdebug.mode is set here"}}
		f.Fixes = suggest(x.Mode.At(), "off", "set xdebug.mode to off")
	}
	p.Report(f)
}
