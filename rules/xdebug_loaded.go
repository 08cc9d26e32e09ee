package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// XdebugLoaded reports Xdebug in the PHP that PHP-FPM runs.
var XdebugLoaded = &lint.Rule{
	ID:         "WP103",
	Name:       "xdebug-loaded",
	Production: true,
	Cause:      lint.Died,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a debugger, profiler or tracer starts with every request",
		lint.None:      "Xdebug is only loaded",
	},
	Summary: "PHP-FPM loads Xdebug, and its mode is not off.",
	Why: "In its default mode, develop, Xdebug makes PHP ten to twenty times slower in code with many calls. Workers are busy longer, the pool runs out of them, and a request killed by `request_terminate_timeout` is a 502. " +
		"It also hides what happens in production: endless recursion inside a C function is a clean error 500 with Xdebug, and a crash and so a 502 without it. Xdebug with mode off is as fast as no Xdebug. " +
		"In 17 hosts that were measured with Xdebug only loaded, no request was a 502, so that is a note. With `xdebug.start_with_request = yes` every request waits for a debugger, or writes a profile or a trace; the profiler does so by default.",
	Fix: "Do not load Xdebug where production requests are served (`phpdismod -s fpm xdebug` on Debian), or set `xdebug.mode = off` in an ini file that PHP-FPM reads.",
	Verify: []string{
		"php-fpm8.3 -m | grep -i xdebug",
		`php-fpm8.3 -i 2>/dev/null | grep -E '^(xdebug\.(mode|start_with_request)) '`,
		"grep -rn xdebug /etc/php/*/fpm/conf.d",
	},
	Sources: []string{
		xdebugManual + "#mode",
		xdebugManual + "#start_with_request",
	},
	Bad: `
-- etc/php/8.3/fpm/conf.d/20-xdebug.ini --
zend_extension = xdebug.so
;                ^^^^^^^^^ WP103 PHP-FPM loads Xdebug in mode debug
xdebug.mode = debug
;             ----- WP103 xdebug.mode is set here
xdebug.start_with_request = yes
;                           --- WP103 it starts with every request
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
	f := lint.Finding{Outcome: lint.None, At: x.At, Message: "PHP-FPM loads Xdebug in mode develop, which is what it does when xdebug.mode is not set"}
	if x.Mode.Written() {
		f.Message = fmt.Sprintf("PHP-FPM loads Xdebug in mode %s", mode)
		f.Notes = []lint.Note{{At: x.Mode.At(), Message: "xdebug.mode is set here"}}
		f.Fixes = suggest(x.Mode.At(), "off", "set xdebug.mode to off")
	}
	if starts(mode, x.Start) {
		f.Outcome = lint.Sometimes
		if x.Start.Written() {
			f.Notes = append(f.Notes, lint.Note{At: x.Start.At(), Message: "it starts with every request"})
		}
	}
	p.Report(f)
}

// starts reports whether a debugger, profiler or tracer starts with every request: by
// default only the profiler does (measured on Xdebug 3 with PHP 8.2).
func starts(modes string, start source.Setting[string]) bool {
	text, written := start.Known()
	for mode := range strings.SplitSeq(modes, ",") {
		switch mode = strings.TrimSpace(mode); {
		case mode == "profile" && (start.Absent() || written && text == "default"):
			return true
		case slices.Contains([]string{"debug", "profile", "trace"}, mode) && (text == "1" || strings.EqualFold(text, "yes")):
			return true
		}
	}
	return false
}
