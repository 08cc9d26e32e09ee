package rules

import (
	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// HandlerNotRead reports handlers for PHP that Apache skips.
var HandlerNotRead = &lint.Rule{
	ID:       "WP803",
	Name:     "handler-not-read",
	Cause:    lint.Unhandled,
	Outcomes: lint.Outcomes{lint.SourceSent: "Apache skips the handler", lint.Other: "Apache refuses a line of a .htaccess file (500)"},
	Faults:   []lint.Fault{handler.NotRead, handler.NotAllowed},
	Summary:  "Apache skips the handler of PHP files, and sends their text to visitors.",
	Why: "`<IfModule>` takes the name of a module, `proxy_fcgi_module`, or of its source file, `mod_proxy_fcgi.c`. `mod_proxy_fcgi` is neither, and capitals matter. The section holds only for modules whose `LoadModule` line is above it. A handler in `.htaccess` has no effect with `AllowOverride None`, and where the directive is not allowed, every request below is a 500. " +
		"Apache logs nothing about what it skips, and `apachectl configtest` passes.",
	Fixable: true,
	Fix:     "Write `<IfModule proxy_fcgi_module>` below the `LoadModule` line. Or remove the condition: Apache then refuses to start without the module of a directive. Allow the `.htaccess` file with `AllowOverride FileInfo`, or move the handler to the virtual host. If the text of the files has been sent, change the passwords in them.",
	Verify: []string{
		`curl -sS --resolve HOST:80:127.0.0.1 http://HOST/index.php | head -3`,
		"grep -rnE 'IfModule|AllowOverride' /etc/apache2",
		"apachectl -M | grep proxy_fcgi",
	},
	Sources: []string{
		apacheCore + "#ifmodule",
		apacheCore + "#allowoverride",
		apacheAccess + "#troubleshoot",
	},
	Bad: `
frame: apache
GET /index.php -> source
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<IfModule mod_proxy_fcgi>
#         ^^^^^^^^^^^^^^ WP803 <IfModule mod_proxy_fcgi> names no module, so Apache sends the text of PHP files to visitors
    <FilesMatch "\.php$">
        SetHandler "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"
#                  ------------------------------------------------------ WP803 the handler is here
    </FilesMatch>
</IfModule>
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<IfModule mod_proxy_fcgi.c>
    <FilesMatch "\.php$">
        SetHandler "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"
    </FilesMatch>
</IfModule>
`,
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g := range unhandled(p) {
			if !met.first(g.At) {
				continue
			}
			if g.Pass.Cause == handler.NotAllowed {
				p.Report(lint.Finding{
					Outcome: lint.Other,
					At:      g.At,
					Message: "Apache refuses this line of a .htaccess file, and answers every request below its directory with 500",
				})
				continue
			}
			f := lint.Finding{At: g.At, Message: g.Pass.Skipped + ", so Apache sends the text of PHP files to visitors"}
			if !g.Pass.Handler.IsZero() && g.Pass.Handler != g.At {
				f.Notes = []lint.Note{{At: g.Pass.Handler, Message: "the handler is here"}}
			}
			if g.Pass.Right != "" && oneWord(g.At) {
				f.Fixes = replace(g.At, g.Pass.Right, "write "+g.Pass.Right)
			}
			p.Report(f)
		}
	},
}
