package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// WorkerLimit reports workers of Apache that run out of connections.
var WorkerLimit = &lint.Rule{
	ID:       "WP428",
	Name:     "worker-limit",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.SometimesUnavailable: lint.Always},
	Summary:  "A worker of Apache has so few connections to PHP-FPM that a request may not get one in time.",
	Why: "`max=` is how many connections each process of Apache may have to the worker, and `acquire=` how many milliseconds a request waits for a free one. A request that gets none in this time is answered 503, however many workers of PHP-FPM are free. " +
		"Without `acquire=` it waits until a connection is free, and without `max=` each thread has one.",
	Fix: "Remove `max=` and `acquire=`. `pm.max_children` limits the requests that PHP runs at a time, and the others wait in the queue of the pool.",
	Verify: []string{
		"grep -rnE 'max=|acquire=' /etc/apache2",
		"grep -c AH00941 /var/log/apache2/error.log",
		"apachectl -V | grep -i mpm; grep -rn ThreadsPerChild /etc/apache2",
	},
	Sources: []string{
		apacheProxy + "#proxypass",
		apacheCommon + "#threadsperchild",
	},
	Bad: `
frame: apache
-- etc/apache2/sites-enabled/blog.conf --
<Proxy "fcgi://localhost/">
    ProxySet max=1 acquire=500
#            ^^^^^ WP428 a request that finds all 1 connections of its process in use waits for 500ms and is a 503 then
# -etc/apache2/conf-enabled/php8.3-fpm.conf WP428 requests for PHP use the worker here
</Proxy>
<VirtualHost *:80>
    ServerName blog.example
    DocumentRoot /var/www/blog
</VirtualHost>
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:80>
    ServerName blog.example
    DocumentRoot /var/www/blog
</VirtualHost>
`,
	Logs: []*servers.Signature{servers.ApacheNoConnection},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for _, g := range p.Stack.Gateways {
			if g.Pass == nil || len(g.Peers) == 0 {
				continue
			}
			most, limited := g.Pass.Max.Known()
			wait, hurried := g.Pass.Acquire.Known()
			threads, known := g.Front.Threads.Known()
			if !limited || !hurried || known && most >= threads || !met.first(g.Pass.Max.At()) {
				continue
			}
			p.Report(lint.Finding{
				At:      g.Pass.Max.At(),
				Message: fmt.Sprintf("a request that finds all %d connections of its process in use waits for %s and is a 503 then", most, brief(wait)),
				Notes:   []lint.Note{{At: g.At, Message: "requests for PHP use the worker here"}},
				Log:     []string{"AH00941: FCGI: failed to acquire connection for (" + backendName(g.Peers[0].Endpoint, 8000) + ")"},
			})
		}
	},
}
