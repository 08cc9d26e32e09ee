package rules

import (
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// DuplicateKey reports entries that are set twice in one section of one file.
var DuplicateKey = &lint.Rule{
	ID:     "WP315",
	Name:   "duplicate-key",
	Apache: true,
	Cause:  lint.Stopped,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the web server uses the listen that is ignored, and " + onlyServer,
		lint.Sometimes:  "the web server uses the listen that is ignored, and " + otherServer,
		lint.None:       "any other entry",
	},
	Faults:  []lint.Fault{stack.ShadowedListen},
	Summary: "An entry is set twice in one section of one file, and only one of the lines takes effect.",
	Why: "Of two plain entries with one name PHP-FPM silently uses the last. Of two `env[…]`, `php_value[…]` or `php_admin_value[…]` with one name it uses the first. So a line added at the end of a file works for `pm.max_children` and does nothing for `php_admin_value[memory_limit]`. " +
		"A second `listen` moves the pool to another address, and a site that connects to the first one gets a 502, or a 503 with Apache. Across files, a second entry is the usual way to override a setting.",
	Fixable: true,
	Fix:     "Remove the line that is ignored.",
	Verify: []string{
		`sed -nE 's/^ *([a-z_.]+(\[[^]]*\])?) *=.*/\1/p' FILE | sort | uniq -d`,
		"grep -n KEY FILE",
		"php-fpm8.3 -tt 2>&1 | grep KEY",
	},
	Sources: []string{
		fpmManual,
		fpmSourceConf,
	},
	Bad: `
GET /index.php -> 502
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
; -4:1-34 WP315 this line is ignored
listen.owner = www-data
pm = ondemand
pm.max_children = 5
listen = 127.0.0.1:9000
; ^8:1-24 WP315 listen is set twice, and this line takes effect
; -etc/nginx/sites-enabled/blog.conf WP315 nginx uses /run/php/php8.3-fpm.sock
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.NginxConnectNoSocket, servers.ApacheConnectNoSocket},
	Check: func(p *lint.Pass) {
		gateways := gatewaysWith(p.Stack, stack.ShadowedListen)
		for _, m := range p.Stack.Masters {
			for _, d := range m.Duplicates {
				var pool *stack.Pool
				if d.Key == "listen" {
					pool = m.PoolOf(d.Section)
				}
				p.Report(duplicateEntry(d, pool, gateways[pool]))
			}
		}
	},
}

func duplicateEntry(d fpmt.Duplicate, pool *stack.Pool, gateways []*stack.Gateway) lint.Finding {
	f := lint.Finding{Outcome: lint.None, At: d.Counts, Message: d.Key + " is set twice, and this line takes effect", Notes: []lint.Note{{At: d.Lost, Message: "this line is ignored"}}}
	if d.First {
		f.At, f.Message = d.Lost, d.Key+" is set twice, and the first line takes effect"
		f.Notes = []lint.Note{{At: d.Counts, Message: "this line takes effect"}}
	}
	for _, g := range gateways {
		peer := firstPeer(g, pool)
		f.Outcome, f.Log = min(f.Outcome, failing(g)), []string{refused(g, peer.Endpoint)}
		f.Notes = append(f.Notes, lint.Note{At: peer.At, Message: web(g) + " uses " + plain(peer.Endpoint)})
	}
	if f.Outcome == lint.None {
		f.Fixes = replace(wholeLine(d.Lost), "", "remove the line that is ignored")
	}
	return f
}

// wholeLine returns the line that contains at, with its line end.
func wholeLine(at source.Span) source.Span {
	line := at.File.Line(at.Begin().Line)
	rest := at.File.Text[line.End:]
	line.End += int32(len(rest) - len(strings.TrimPrefix(strings.TrimPrefix(rest, "\r"), "\n")))
	return line
}
