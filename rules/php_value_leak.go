package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// PHPValueLeak reports settings of PHP that nginx sends with requests.
var PHPValueLeak = &lint.Rule{
	ID:       "WP117",
	Name:     "php-value-leak",
	Cause:    lint.Died,
	Outcomes: lint.Outcomes{lint.None: lint.Always},
	Summary:  "nginx sends settings of PHP with a request, and they stay for later requests of other sites.",
	Why: "A worker of PHP-FPM keeps what `PHP_VALUE` and `PHP_ADMIN_VALUE` set, and serves later requests with it, whichever site they belong to. These values override `php_admin_value` of the pool. " +
		"A memory limit or an `auto_prepend_file` of one site thus applies to another at times, depending on which worker answers.",
	Fix: "Give the site a pool of its own with `php_admin_value[…]`, or a `.user.ini`.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'PHP_(ADMIN_)?VALUE'",
		`echo '<?php echo ini_get("SETTING"), "\n";' > /var/www/HOST/ini-check.php`,
		"for i in 1 2 3 4 5 6 7 8 9; do curl -sS --resolve HOST:443:127.0.0.1 https://HOST/ini-check.php; done | sort | uniq -c",
		"rm /var/www/HOST/ini-check.php",
	},
	Sources: []string{
		fpmManual,
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_param PHP_VALUE "memory_limit=512M";
#                     ^^^^^^^^^ WP117 PHP_VALUE stays with the worker for later requests, also those of other sites
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
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php8.3-fpm.sock;
    }
}
`,
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g := range nginxGateways(p.Stack) {
			for _, at := range g.Values {
				if g.PHP && met.first(at) {
					p.Report(lint.Finding{At: at, Message: fmt.Sprintf("%s stays with the worker for later requests, also those of other sites", at.Text())})
				}
			}
		}
	},
}
