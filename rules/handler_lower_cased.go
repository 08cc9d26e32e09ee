package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// HandlerLowerCased reports socket paths that AddHandler changes.
var HandlerLowerCased = &lint.Rule{
	ID:       "WP215",
	Name:     "handler-lower-cased",
	Cause:    lint.Address,
	Outcomes: lint.Outcomes{lint.Unavailable: lint.Always},
	Faults:   []lint.Fault{stack.Lowered},
	Summary:  "AddHandler makes the path of the socket lower-case, and no pool listens on that path.",
	Why:      "Apache makes the whole value of `AddHandler` lower-case, and with it the path of a socket: `/run/php/Blog.sock` becomes `/run/php/blog.sock`. `SetHandler` keeps capitals. `apachectl configtest` passes.",
	Fix:      "Use `SetHandler` in `<FilesMatch \"\\.php$\">` in place of `AddHandler`, or give the socket a name without capitals, in the pool and in Apache.",
	Verify: []string{
		"grep -rn AddHandler /etc/apache2",
		"ss -xlp | grep php",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:80:127.0.0.1 http://HOST/PATH`,
	},
	Sources: []string{
		apacheMIME + "#addhandler",
		apacheCore + "#sethandler",
	},
	Bad: `
frame: apache
GET /index.php -> 503
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
AddHandler "proxy:unix:/run/php/Blog.sock|fcgi://localhost" .php
#                 ^^^^^^^^^^^^^^^^^^^^^^^ WP215 AddHandler makes the path lower-case, and no pool listens on /run/php/blog.sock
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/Blog.sock
;        ------------------ WP215 pool www listens here
listen.owner = www-data
listen.group = www-data
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:unix:/run/php/Blog.sock|fcgi://localhost"
</FilesMatch>
`,
	Logs: []*servers.Signature{servers.ApacheConnectNoSocket},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g, peer := range used(p.Stack) {
			if peer.Fault != stack.Lowered || !met.first(g.At) {
				continue
			}
			f := lint.Finding{
				At:      peer.At,
				Message: fmt.Sprintf("AddHandler makes the path lower-case, and no pool listens on %s", peer.Path),
				Log:     []string{refused(g, peer.Endpoint)},
			}
			for _, pool := range g.Machine.Reachable() {
				if pool.Listen.Endpoint.Path == g.Pass.Target.Written {
					f.Notes = []lint.Note{{At: pool.Listen.At, Message: "pool " + pool.Name + " listens here"}}
				}
			}
			p.Report(f)
		}
	},
}
