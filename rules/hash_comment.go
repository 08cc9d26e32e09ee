package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// HashComment reports comments that PHP-FPM reads as configuration.
var HashComment = &lint.Rule{
	ID:    "WP310",
	Name:  "hash-comment",
	Cause: lint.Stopped,
	Outcomes: lint.Outcomes{
		lint.FPMRefuses: "PHP-FPM refuses the line or the value",
		lint.BadGateway: "a listen moves away from the web server, and " + onlyServer,
		lint.Sometimes:  "a listen moves away from the web server, and " + otherServer,
		lint.None:       "PHP-FPM takes the value",
	},
	Faults:  []lint.Fault{stack.CommentedListen, fpmt.HashComment},
	Summary: "A comment of a PHP-FPM file starts with # or //, and is read as configuration.",
	Why: "In the files of PHP-FPM only `;` starts a comment. A line that starts with `#` is an entry with a strange name, and PHP-FPM refuses to start. After a value, `# note` becomes part of the value: `pm.max_requests = 500 # note` is refused, " +
		"and `listen = /run/php/www.sock # main site` creates a socket of exactly that name. The web server never finds it. In `php.ini` a line with `#` does no harm, so the habit goes unnoticed.",
	Fixable: true,
	Fix:     "Start the comment with `;`.",
	Verify: []string{
		"php-fpm8.3 -t",
		`grep -rnE '^[^;"]*(#|//)' /etc/php/*/fpm --include='*.conf'`,
		`php-fpm8.3 -tt 2>&1 | grep -E 'NOTICE: +\[|listen ='`,
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		phpFiles,
		fpmSourceConf,
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/pool.d/www.conf --
# the pool of the blog
; ^1:1-2 WP310 # starts no comment in a PHP-FPM file, and PHP-FPM refuses the line
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
pm.max_requests = 500 # recycle
;                     ^^^^^^^^^ WP310 # starts no comment in a PHP-FPM file: it is a part of pm.max_requests, which PHP-FPM refuses
`,
	Good: `
-- etc/php/8.3/fpm/pool.d/www.conf --
; the pool of the blog
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
pm.max_requests = 500 ; recycle
`,
	Logs: []*servers.Signature{
		servers.FPMValueNull, servers.FPMUnknownEntry, servers.FPMUnknownArray, servers.FPMValueInvalid,
		servers.FPMUserUnknown, servers.FPMHostUnknown, servers.FPMSyntax, servers.NginxConnectNoSocket,
		servers.ApacheConnectNoSocket,
	},
	Check: func(p *lint.Pass) {
		gateways := gatewaysWith(p.Stack, stack.CommentedListen)
		for _, m := range p.Stack.Masters {
			for i := range m.Refused {
				if r := &m.Refused[i]; r.Fault == fpmt.HashComment {
					p.Report(hashFinding(r, m, gateways))
				}
			}
		}
	},
}

// hashFinding is the finding about a comment. It affects nginx when it is part of
// the listen.
func hashFinding(r *fpmt.Refusal, m *stack.Master, gateways map[*stack.Pool][]*stack.Gateway) lint.Finding {
	f := entryFinding(r)
	if r.Says != "" || r.Key != "listen" {
		return f
	}
	pool := m.PoolOf(r.Section)
	for _, g := range gateways[pool] {
		f.Outcome, f.Log = min(f.Outcome, failing(g)), []string{refused(g, pool.Listen.Meant)}
		f.Notes = append(f.Notes, lint.Note{At: g.At, Message: passing(g) + " uses " + plain(pool.Listen.Meant)})
	}
	return f
}
