package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// ErrorPageHides502 reports error pages that turn a 502 into another status.
var ErrorPageHides502 = &lint.Rule{
	ID:       "WP605",
	Name:     "error-page-hides-502",
	Cause:    lint.Evidence,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "An error_page answers a 502 with another status, which hides the failure.",
	Why:      "`error_page 502 =200 /sorry.html` answers with 200, and a bare `=` with the status of the page itself. Monitoring, caches and search engines take the page for the site. The access log shows 200; only the error log shows the failure.",
	Fix:      "Leave out the `=`, or answer with `=503`.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -n error_page",
		`grep -cE 'upstream|connect\(\) ' /var/log/nginx/error.log`,
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		nginxHTTP + "#error_page",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    error_page 502 504 =200 /sorry.html;
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP605 a 502 is answered with 200
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
    error_page 502 504 /sorry.html;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		seen, told := once[*stack.Effective]{}, once[source.Span]{}
		for g := range nginxGateways(p.Stack) {
			if !seen.first(g.ErrorPageLines()) {
				continue
			}
			at, status := g.Hidden502()
			if at.IsZero() || !told.first(at) {
				continue
			}
			message := "a 502 is answered with the status of the error page"
			if status > 0 {
				message = fmt.Sprintf("a 502 is answered with %d", status)
			}
			p.Report(lint.Finding{At: at, Message: message})
		}
	},
}
