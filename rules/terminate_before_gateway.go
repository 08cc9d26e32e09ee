package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// TerminateBeforeGateway reports pools that kill a request while nginx still
// waits for it.
var TerminateBeforeGateway = &lint.Rule{
	ID:       "WP108",
	Name:     "terminate-before-gateway",
	Apache:   true,
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.Sometimes: lint.Always},
	Summary:  "PHP-FPM kills a slow request before the web server stops waiting for it.",
	Why: "A request that takes longer than `request_terminate_timeout` ends with the death of its worker. A web server that still waits answers 502 if it is nginx, and 503 if it is Apache. With a shorter `fastcgi_read_timeout` (60 seconds by default) nginx gives up first and answers 504, " +
		"which names the real problem: a slow request. Apache waits as long as `timeout=` of the worker says, or else `ProxyTimeout`, or else `Timeout`: 60 seconds by default, and 300 in the files of Debian. With equal times, either may happen.",
	Fix: "Set `request_terminate_timeout` above the longest `fastcgi_read_timeout` or `ProxyTimeout` of the sites that use the pool, as a last resort, and limit scripts with `max_execution_time`.",
	Verify: []string{
		"grep 'execution timed out' /var/log/php8.3-fpm.log | tail -3",
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|request_terminate_timeout ='`,
		"nginx -T 2>/dev/null | grep -n fastcgi_read_timeout",
		"grep -rniE '^ *(Proxy)?Timeout|timeout=' /etc/apache2 /etc/httpd",
	},
	Sources: []string{
		fpmManual + "#request-terminate-timeout",
		nginxFastCGI + "#fastcgi_read_timeout",
		apacheProxy + "#proxytimeout",
	},
	Bad: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
request_terminate_timeout = 30
;                           ^^ WP108 PHP-FPM kills a request after 30s, and nginx waits for 1m: a slow request is a 502
; -etc/nginx/sites-enabled/blog.conf WP108 fastcgi_read_timeout is not set, and its default is 1m
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
request_terminate_timeout = 90
`,
	Logs: []*servers.Signature{servers.FPMTerminating, servers.NginxReset, servers.ApacheReset, servers.ApacheDispatchFailed},
	Check: func(p *lint.Pass) {
		for _, pool := range p.Stack.Pools {
			checkTerminate(p, pool, p.Stack.Callers[pool])
		}
	},
}

func checkTerminate(p *lint.Pass, pool *stack.Pool, gateways []*stack.Gateway) {
	if len(gateways) == 0 {
		return
	}
	limit := pool.TerminateTimeout()
	seconds, known := value(p, limit)
	if !known || seconds <= 0 {
		return
	}
	kill := time.Duration(seconds) * time.Second
	var longest time.Duration
	var waits source.Setting[time.Duration]
	var patient *stack.Gateway // the one that waits longest
	for _, g := range gateways {
		s := g.ReadTimeout()
		if wait, known := value(p, s); known && wait >= kill && wait > longest {
			longest, waits, patient = wait, s, g
		}
	}
	if longest == 0 {
		return
	}
	web := web(patient)
	f := lint.Finding{
		Outcome: sometimes(patient),
		At:      limit.At(),
		Message: fmt.Sprintf("PHP-FPM kills a request after %s, and %s waits for %s: a slow request is a %s", brief(kill), web, brief(longest), dead(patient)),
		Notes:   []lint.Note{{At: waits.At(), Message: web + " waits for " + brief(longest)}},
		Log:     []string{reset(patient)},
		Fixes:   suggest(limit.At(), strconv.FormatInt(int64(longest/time.Second)+30, 10), "kill later than "+web+" gives up"),
	}
	if longest == kill {
		f.Message = fmt.Sprintf("PHP-FPM kills a request after %s, and %s stops waiting at the same time: whichever is first decides between %s and 504", brief(kill), web, dead(patient))
	}
	if !waits.Written() {
		f.Notes[0].Message = waiting(patient) + " is not set, and its default is " + brief(longest)
	}
	p.Report(f)
}

// waiting is the directive that sets how long the web server of g waits for an answer.
func waiting(g *stack.Gateway) string {
	if ofApache(g) {
		return "ProxyTimeout"
	}
	return "fastcgi_read_timeout"
}

// brief spells a time without zero units: 5m, not 5m0s.
func brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
