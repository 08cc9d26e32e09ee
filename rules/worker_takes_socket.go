package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// WorkerTakesSocket reports workers of Apache whose socket replaces that of a handler.
var WorkerTakesSocket = &lint.Rule{
	ID:    "WP214",
	Name:  "worker-takes-socket",
	Cause: lint.Address,
	Outcomes: lint.Outcomes{
		lint.Unavailable: "no pool listens on the socket of the worker",
		lint.Other:       "another pool answers: requests of one site run in the pool of another",
	},
	Faults:  []lint.Fault{stack.TakenByWorker},
	Summary: "A worker of Apache has the name of a handler, and its socket replaces the one in the handler.",
	Why: "Apache finds the worker of a request by the part after `|` alone. With `<Proxy \"unix:/run/php/old.sock|fcgi://localhost/\">`, or a `ProxyPass` with that name, every `SetHandler \"proxy:unix:/run/php/new.sock|fcgi://localhost/\"` of the same server connects to `old.sock`. " +
		"A worker outside of virtual hosts applies to all of them, and comes before their own. Of two workers of one name, the first is used. A worker without a socket replaces nothing. `apachectl configtest` passes.",
	Fix: "Give the worker a name of its own after `|`, such as `fcgi://blog.example`, and write the same name in the handler that is meant to use it. Or remove the worker: without `<Proxy>` and `ProxyPass`, each handler uses its own socket, whatever the names.",
	Verify: []string{
		"grep -rnE '<Proxy |ProxyPass|SetHandler' /etc/apache2",
		"ss -xlp | grep php",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:80:127.0.0.1 http://HOST/PATH`,
	},
	Sources: []string{
		apacheFCGI + "#examples",
		apacheProxy + "#workers",
	},
	Bad: `
frame: apache
GET /index.php -> 503
-- etc/apache2/sites-enabled/blog.conf --
<Proxy "unix:/run/php/php8.1-fpm.sock|fcgi://localhost/">
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP214 the worker fcgi://localhost/ sends requests to /run/php/php8.1-fpm.sock, where no pool listens, and not to the socket that SetHandler names
# -etc/apache2/conf-enabled/php8.3-fpm.conf WP214 requests of this handler go to the worker
    ProxySet timeout=60
</Proxy>
<VirtualHost *:80>
    ServerName blog.example
    DocumentRoot /var/www/blog
</VirtualHost>
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/sites-enabled/blog.conf --
<Proxy "unix:/run/php/php8.1-fpm.sock|fcgi://old.example/">
    ProxySet timeout=60
</Proxy>
<VirtualHost *:80>
    ServerName blog.example
    DocumentRoot /var/www/blog
</VirtualHost>
`,
	Logs: []*servers.Signature{servers.ApacheConnectNoSocket},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g, peer := range used(p.Stack) {
			if g.Pass == nil || g.Pass.Worker == nil || !g.Pass.Worker.Takes || !met.first(peer.At) {
				continue
			}
			f := lint.Finding{
				At:      peer.At,
				Message: fmt.Sprintf("the worker %s has its own socket %s, which replaces the one that %s names", g.Pass.Worker.Name, peer.Path, passing(g)),
				Notes:   []lint.Note{{At: g.At, Message: "requests of this handler go to the worker"}},
			}
			switch {
			case peer.Fault == stack.TakenByWorker:
				f.Message = fmt.Sprintf("the worker %s sends requests to %s, where no pool listens, and not to the socket that %s names", g.Pass.Worker.Name, peer.Path, passing(g))
				f.Log = []string{refused(g, peer.Endpoint)}
			case peer.Fault == stack.Answers && g.Pass.Target.Socket != g.Pass.Named && g.Pass.End == handler.Proxied:
				f.Outcome = lint.Other
			default:
				continue
			}
			p.Report(f)
		}
	},
}
