package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// FCGIModuleMissing reports handlers whose module Apache does not load.
var FCGIModuleMissing = &lint.Rule{
	ID:    "WP802",
	Name:  "fcgi-module-missing",
	Cause: lint.Unhandled,
	Outcomes: lint.Outcomes{
		lint.SourceSent: "a handler names PHP-FPM",
		lint.Other:      "ProxyPass or ProxyPassMatch names PHP-FPM, or the balancer has no member (500)",
	},
	Faults:  []lint.Fault{handler.ModuleMissing, handler.NoMember},
	Summary: "Apache does not load the module that passes PHP requests to PHP-FPM.",
	Why: "A handler `proxy:…|fcgi://…` needs mod_proxy and mod_proxy_fcgi. One with `http://` needs mod_proxy_http, and `balancer://` needs mod_proxy_balancer. Without the module nothing takes PHP files, and Apache sends their text with 200; for `ProxyPass` and `ProxyPassMatch` it answers 500. `apachectl configtest` passes. " +
		"On Debian, `a2enconf php8.3-fpm` without `a2enmod proxy_fcgi` has the same effect: the `<IfModule>` in its file skips the handler.",
	Fix: "Load the module: `a2enmod proxy_fcgi` on Debian and Ubuntu, a `LoadModule` line elsewhere. Then restart Apache. If the text of the files has been sent, change the passwords in them.",
	Verify: []string{
		"apachectl -M | grep proxy",
		`curl -sS --resolve HOST:80:127.0.0.1 http://HOST/index.php | head -3`,
		"apachectl configtest",
	},
	Sources: []string{
		apacheFCGI + "#examples",
		apacheProxy + "#handler",
		apacheModules + "#loadmodule",
	},
	Bad: `
frame: apache
GET /index.php -> source
-- etc/apache2/mods-enabled/proxy_fcgi.load --
# not enabled
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP802 no module for fcgi:// is loaded, so Apache sends the text of PHP files to visitors: proxy_fcgi_module is missing
</FilesMatch>
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/mods-enabled/proxy_fcgi.load --
LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so
`,
	Logs: []*servers.Signature{servers.ApacheNoHandler},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g := range unhandled(p) {
			if !met.first(g.At) {
				continue
			}
			if g.Pass.Cause == handler.NoMember {
				p.Report(lint.Finding{
					Outcome: lint.Other,
					At:      g.At,
					Message: fmt.Sprintf("the balancer has no member, so Apache answers PHP requests with %d", g.Pass.Status),
				})
				continue
			}
			f := lint.Finding{At: g.At, Message: fmt.Sprintf("no module for %s is loaded, so Apache sends the text of PHP files to visitors: %s is missing", schemeOf(g.Pass), moduleFor(g.Pass))}
			if g.Pass.End == handler.Answered {
				f.Outcome = lint.Other
				f.Message = fmt.Sprintf("no module for %s is loaded, so Apache answers PHP requests with 500: %s is missing", schemeOf(g.Pass), moduleFor(g.Pass))
				f.Log = []string{fmt.Sprintf("AH01144: No protocol handler was valid for the URL /index.php (scheme '%s')", g.Pass.Target.Scheme)}
			}
			p.Report(f)
		}
	},
}

// schemeOf is the scheme that a pass needs a module for.
func schemeOf(pass *handler.Pass) string { return pass.Target.Scheme + "://" }

// moduleFor is the module of the scheme of a pass.
func moduleFor(pass *handler.Pass) string {
	if pass.Module != "" {
		return pass.Module
	}
	return "proxy_" + strings.TrimSuffix(pass.Target.Scheme, "s") + "_module"
}
