package rules

import (
	"fmt"
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// NginxLogBlind reports error logs that will not say why there was a 502.
var NginxLogBlind = &lint.Rule{
	ID:       "WP601",
	Name:     "nginx-log-blind",
	Cause:    lint.Evidence,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "The error log of nginx will not say why there was a 502.",
	Why: "Nearly all reasons for a 502 are logged at the level `error`: a refused connection, a reset, headers that are too big. `crit` keeps a missing socket and a missing permission, and hides the rest; `alert` and `emerg` hide all of them. " +
		"`error_log off` does not turn the log off: nginx writes to a file named `off` in its own directory.",
	Fix: "Leave the level at `error`, and log to a file.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE '^# configuration file|error_log'",
		`ls -l /proc/"$(cat /run/nginx.pid)"/fd | grep log`,
		"tail -3 /var/log/nginx/error.log",
	},
	Sources: []string{
		nginxCore + "#error_log",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    error_log /var/log/nginx/blog.log crit;
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP601 the level crit hides most reasons for a 502
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    error_log /var/log/nginx/blog.log error;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		seen, told := once[*stack.Effective]{}, once[source.Span]{}
		for g := range nginxGateways(p.Stack) {
			if seen.first(g.ErrorLogLines()) {
				blindLogs(p, g.ErrorLogs(), told)
			}
		}
	},
}

// blindLogs reports the logs of one gateway if none of them shows errors.
func blindLogs(p *lint.Pass, logs []stack.ErrorLog, told once[source.Span]) {
	if slices.ContainsFunc(logs, func(log stack.ErrorLog) bool { return blindness(log) == "" }) {
		return
	}
	for _, log := range logs {
		if told.first(log.At) {
			p.Report(lint.Finding{At: log.At, Message: blindness(log)})
		}
	}
}

// blindness says what a log hides; "" for one that shows errors.
func blindness(log stack.ErrorLog) string {
	switch {
	case log.Path == "/dev/null":
		return "the error log goes to /dev/null, and so does the reason for a 502"
	case log.Path == "off":
		return "off is the name of a file: nginx has no way to turn its error log off"
	case log.Level == "crit":
		return "the level crit hides most reasons for a 502"
	case log.Level == "alert" || log.Level == "emerg":
		return fmt.Sprintf("the level %s hides every reason for a 502", log.Level)
	}
	return ""
}
