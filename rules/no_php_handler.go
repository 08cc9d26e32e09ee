package rules

import (
	"fmt"

	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// NoPHPHandler reports sites of Apache with PHP files that nothing handles.
var NoPHPHandler = &lint.Rule{
	ID:       "WP804",
	Name:     "no-php-handler",
	Cause:    lint.Unhandled,
	Outcomes: lint.Outcomes{lint.SourceSent: lint.Always},
	Faults:   []lint.Fault{handler.Nothing},
	Summary:  "Nothing in the configuration of Apache handles the PHP files of a site.",
	Why: "Apache runs no PHP by itself. Without a `SetHandler` or `ProxyPass` for them, and without mod_php, PHP files are files like any other, and their text is sent with 200, passwords included. " +
		"On Debian, `a2enconf php8.3-fpm` sets the handler: the installation of `php8.3-fpm` does not enable it.",
	Fix: "Enable the handler: `a2enmod proxy_fcgi setenvif && a2enconf php8.3-fpm` on Debian and Ubuntu, then restart Apache. Elsewhere write `SetHandler \"proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost\"` in `<FilesMatch \"\\.php$\">`. If the text of the files has been sent, change the passwords in them.",
	Verify: []string{
		`curl -sS --resolve HOST:80:127.0.0.1 http://HOST/index.php | head -3`,
		"grep -rnE 'SetHandler|ProxyPass|AddHandler' /etc/apache2",
		"ls /etc/apache2/conf-enabled /etc/apache2/mods-enabled",
	},
	Sources: []string{
		apacheHandler,
		apacheFCGI + "#examples",
	},
	Bad: `
frame: apache
GET /index.php -> source
^etc/apache2/sites-enabled/blog.conf WP804 nothing handles the PHP files of blog.example, so Apache sends their text to visitors
-etc/php/8.3/fpm/pool.d/www.conf WP804 pool www listens on /run/php/php8.3-fpm.sock, and nothing passes requests to it
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
# a2enconf php8.3-fpm was not run
`,
	Good: `
GET /index.php -> 200
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"
</FilesMatch>
`,
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g := range unhandled(p) {
			if !met.first(g.At) {
				continue
			}
			f := lint.Finding{At: g.At, Message: fmt.Sprintf("nothing handles the PHP files of %s, so Apache sends their text to visitors", siteOf(g))}
			if pool := ownPool(g); pool != nil && len(p.Stack.Callers[pool]) == 0 {
				f.Notes = []lint.Note{{At: pool.Listen.At, Message: fmt.Sprintf("pool %s listens on %s, and nothing passes requests to it", pool.Name, plain(pool.Listen.Endpoint))}}
			}
			p.Report(f)
		}
	},
}

// siteOf is what the site of a gateway is called.
func siteOf(g *stack.Gateway) string {
	if name := g.Site.Name(); name != "" {
		return name
	}
	return "this server"
}

// ownPool returns the only pool of the machine; nil for none or several.
func ownPool(g *stack.Gateway) *stack.Pool {
	if pools := g.Machine.Reachable(); len(pools) == 1 {
		return pools[0]
	}
	return nil
}
