package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// ValueNeedsQuotes reports values with operators outside quotes.
var ValueNeedsQuotes = &lint.Rule{
	ID:    "WP311",
	Name:  "value-needs-quotes",
	Cause: lint.Stopped,
	Outcomes: lint.Outcomes{
		lint.FPMRefuses: "PHP-FPM cannot read the value",
		lint.None:       "PHP-FPM reads another value",
	},
	Faults:  []lint.Fault{fpmt.NeedsQuotes},
	Summary: "A value in a PHP-FPM file has a character that is an operator outside quotes.",
	Why: "PHP-FPM evaluates `|`, `&`, `^`, `~` and `!`: `a|b` is the number 0 and `!b` is 1. A `(`, a `)` and a second `=` end what it can read, and it refuses to start with `syntax error, unexpected '(' in Unknown on line 1`. That names neither the file nor the line. " +
		"A `;` in the middle of a value starts a comment. In double quotes all of them are text.",
	Fixable: true,
	Fix:     "Put the value in double quotes.",
	Verify: []string{
		"php-fpm8.3 -t",
		`grep -rnE '=[^";]*[|&^~!()]' /etc/php/*/fpm --include='*.conf'`,
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|php_(admin_)?(value|flag)|env'`,
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		"https://www.php.net/manual/en/function.parse-ini-file.php",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
php_admin_value[user_agent] = Blog (fetcher)
;                             ^^^^^^^^^^^^^^ WP311 PHP-FPM cannot read this value: an unquoted ( is an operator
php_admin_value[mail.log] = a|b
;                           ^^^ WP311 PHP-FPM reads 0 for php_admin_value[mail.log]: an unquoted | is an operator
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
php_admin_value[user_agent] = "Blog (fetcher)"
php_admin_value[mail.log] = "a|b"
`,
	Logs:  []*servers.Signature{servers.FPMSyntax},
	Check: checkEntries,
}
