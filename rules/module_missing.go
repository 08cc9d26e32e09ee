package rules

import (
	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// ModuleMissing reports modules without which Apache does not start.
var ModuleMissing = &lint.Rule{
	ID:       "WP427",
	Name:     "module-missing",
	Cause:    lint.Proxy,
	Outcomes: lint.Outcomes{lint.ApacheRefuses: lint.Always},
	Faults:   []lint.Fault{apachet.Unknown, apachet.Module},
	Summary:  "Apache does not start: a directive has no module, or a module cannot be loaded.",
	Why: "Each directive belongs to a module. Where that module is not loaded, or the name is misspelled, Apache refuses the line as an \"Invalid command\". `php_value` and `php_admin_value` are of mod_php: with PHP-FPM, such settings belong in the pool or in `.user.ini`. " +
		"A `LoadModule` line may come after the directives of its module, but not before a module that it needs: mod_proxy_fcgi and mod_proxy_balancer need mod_proxy. Apache needs exactly one multi-processing module (MPM), and the mod_php of distributions runs with prefork alone. " +
		"A balancer needs `slotmem_shm` and the module of its `lbmethod`: without them `apachectl configtest` passes, and the start fails.",
	Fix: "Load the module (`a2enmod NAME` on Debian and Ubuntu, a `LoadModule` line elsewhere), correct the name, or remove the line.",
	Verify: []string{
		"apachectl configtest",
		"apachectl -M",
		"grep -rn LoadModule /etc/apache2/mods-enabled /etc/httpd/conf.modules.d",
	},
	Sources: []string{
		apacheModules + "#loadmodule",
		apacheConfig + "#modules",
		"https://httpd.apache.org/docs/2.4/mod/quickreference.html",
	},
	Bad: `
frame: apache
apache refuses
-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:80>
    ServerName blog.example
    DocumentRoot /var/www/blog
    php_admin_value memory_limit 256M
#   ^^^^^^^^^^^^^^^ WP427 php_admin_value needs mod_php, which no LoadModule line loads
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
	Logs: []*servers.Signature{
		servers.ApacheInvalidCommand, servers.ApacheModuleNotLoaded, servers.ApacheNoMPM, servers.ApacheThreadedPHP,
		servers.ApacheProviderMissing,
	},
	Check: checkApacheRefuses,
}

// checkApacheRefuses reports why Apache does not start, if the rule claims the reason.
func checkApacheRefuses(p *lint.Pass) {
	for _, r := range p.Stack.Refusals {
		if !p.Claims(r.Fault) {
			continue
		}
		p.Report(lint.Finding{Outcome: lint.ApacheRefuses, At: r.At, Message: r.Message, Notes: r.Notes, Log: r.Lines()})
	}
}
