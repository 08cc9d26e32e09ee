package rules

import (
	"fmt"
	"path"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// StderrInHeaderBuffer reports logs of PHP that share the header buffer.
var StderrInHeaderBuffer = &lint.Rule{
	ID:    "WP113",
	Name:  "stderr-in-header-buffer",
	Cause: lint.Died,
	Outcomes: lint.Outcomes{
		lint.Sometimes: "a pool turns log_errors on",
		lint.None:      "log_errors is on in php.ini or by default",
	},
	Summary: "PHP logs through FastCGI, and its messages use up space for headers in a small buffer.",
	Why: "With `log_errors` on and no `error_log`, PHP-FPM sends every message to nginx before the answer, and nginx reads it into `fastcgi_buffer_size` as well. " +
		"A few warnings together with the cookies of a login overflow 4k now and then. Of 60 requests with some lines of 500 bytes and 2 kB of headers, 28 were a 502, \"upstream sent too big header\". With a buffer of 16k none or two failed, and with `error_log` none.",
	Fix: "Set `error_log` in php.ini, or `php_admin_value[error_log]` in the pool, to a file that the pool's user may write to. Raise `fastcgi_buffer_size` to 16k as well.",
	Verify: []string{
		`php-fpm8.3 -i 2>/dev/null | grep -E '^(error_log|log_errors|fastcgi\.logging) '`,
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|php_(admin_)?value\[error_log\]'`,
		"grep -c 'FastCGI sent in stderr' /var/log/nginx/error.log",
		"grep 'too big header' /var/log/nginx/error.log | tail -3",
	},
	Sources: []string{
		phpErrors + "#ini.error-log",
		phpErrors + "#ini.log-errors",
		nginxFastCGI + "#fastcgi_buffer_size",
	},
	Bad: `
-- etc/nginx/nginx.conf --
user www-data;
events {}
http {
    include /etc/nginx/sites-enabled/*;
}
-- etc/php/8.3/fpm/php.ini --
[PHP]
log_errors = On
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
php_admin_flag[log_errors] = on
;                            ^^ WP113 PHP logs into the header buffer of nginx: error_log is not set for pool www, and fastcgi_buffer_size is not set, and its default is 4k
; -etc/nginx/sites-enabled/blog.conf WP113 the messages arrive here
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
php_admin_flag[log_errors] = on
php_admin_value[error_log] = /var/log/php/www.log
`,
	Logs:     []*servers.Signature{servers.NginxStderr, servers.NginxHeaderTooBig},
	Unproven: "whether a request fails depends on what the application logs; the share of failures was measured on nginx 1.22 and PHP-FPM 8.2",
	Check: func(p *lint.Pass) {
		type place struct{ log, site any }
		met := once[place]{}
		for _, t := range tightBuffers(p, stderrShares) {
			f := lint.Finding{
				At:      t.logging.At(),
				Message: fmt.Sprintf("PHP logs into the header buffer of nginx: error_log is not set for pool %s, and %s", t.pool.Name, t.what()),
				Notes:   []lint.Note{{At: t.gateway.At, Message: "the messages arrive here"}},
				Log:     []string{tooBig},
			}
			if !t.logging.Written() || path.Base(t.logging.At().File.Name) == "php.ini" { // log_errors = On is in the php.ini of every package
				f.Outcome, f.Log = lint.None, nil
			}
			if met.first(place{t.logging.At(), t.pool}) {
				p.Report(f)
			}
		}
	},
}
