package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
)

// PassTwice reports gateways that a later one in the same block replaces.
var PassTwice = &lint.Rule{
	ID:       "WP418",
	Name:     "pass-twice",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "A location has two *_pass directives; only the last takes effect.",
	Why:      "nginx refuses a second `fastcgi_pass` in a location, but not a `proxy_pass` beside it. Only the last of them takes effect; the settings of the others do nothing.",
	Fix:      "Remove the one that is not meant.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE '^ *location |_pass '",
		`grep -oE 'upstream: "[^"]*"' /var/log/nginx/error.log | sort | uniq -c`,
	},
	Sources: []string{
		nginxFastCGI + "#fastcgi_pass",
		nginxProxy + "#proxy_pass",
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        proxy_pass http://127.0.0.1:8080;
#                  ^^^^^^^^^^^^^^^^^^^^^ WP418 this is ignored: the fastcgi_pass after it takes effect
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
#                    ----------------------------- WP418 this takes effect
    }
}
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		for g := range nginxGateways(p.Stack) {
			if !g.Beside.IsZero() {
				p.Report(lint.Finding{
					At:      g.Beside,
					Message: fmt.Sprintf("this is ignored: the %s after it takes effect", g.Protocol.Pass()),
					Notes:   []lint.Note{{At: g.At, Message: "this takes effect"}},
				})
			}
		}
	},
}
