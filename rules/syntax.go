package rules

import (
	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// Syntax reports text that a server refuses to read.
var Syntax = &lint.Rule{
	ID:     "WP001",
	Name:   "syntax",
	Apache: true,
	Cause:  lint.Input,
	Outcomes: lint.Outcomes{
		lint.NginxRefuses: "in a file of nginx or Apache",
		lint.FPMRefuses:   "in a PHP-FPM file",
		lint.Other:        "in a file of Docker, Compose or Kubernetes, which then starts nothing of it",
		lint.None:         "in a php.ini, where PHP ignores the rest",
	},
	Faults:  []lint.Fault{apachet.Syntax},
	Summary: "A server cannot read its configuration and refuses to start.",
	Why: "nginx, Apache and PHP-FPM read all of their configuration or none of it: one missing semicolon or one section without its end keeps every site down after the next start. " +
		"After a failed reload, a running nginx keeps its old configuration, and so does Apache with `apachectl graceful`. A bare signal HUP or USR1 ends Apache, and a reload with a broken pool file ends PHP-FPM. " +
		"Apache joins a line that ends with `\\` to the next one, even a comment, and its message names the last of them. A `#` after a directive is an argument of it. " +
		"PHP-FPM reads its files line by line and names neither the file nor the real line in a syntax error. " +
		"php.ini is different: PHP ignores what follows the error and starts. " +
		"Docker, Compose and Kubernetes refuse a file that they cannot read, and what runs already keeps running.",
	Fix: "Correct the text at the place that the message points to. In a file of Apache, put a comment on a line of its own. In a PHP-FPM file, put a value with `| & ^ ~ ! ( ) =` in double quotes.",
	Verify: []string{
		"nginx -t",
		"apachectl configtest",
		"php-fpm8.3 -t",
		"php-fpm8.3 -i 2>&1 >/dev/null | grep 'syntax error'",
		"docker compose config --quiet",
	},
	Sources: []string{
		nginxGuide + "#conf_structure",
		apacheConfig + "#syntax",
		phpFiles,
	},
	Bad: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example
    root /var/www/blog
}
# ^5:1-2 WP001 unexpected "}"
`,
	Good: `
-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
}
`,
	Logs: []*servers.Signature{
		servers.NginxUnexpected, servers.NginxNotTerminated, servers.NginxParameterTooLong, servers.ApacheSyntaxError,
		servers.ApacheErrorPlace,
		servers.FPMSyntax,
	},
	Check: func(p *lint.Pass) {
		checkProblems(source.Syntax)(p)
		checkApacheRefuses(p)
	},
}
