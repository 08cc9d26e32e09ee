package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/apachet"
	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// HandlerNotRead reports handlers for PHP that Apache skips.
var HandlerNotRead = &lint.Rule{
	ID:       "WP803",
	Name:     "handler-not-read",
	Cause:    lint.Unhandled,
	Outcomes: lint.Outcomes{lint.SourceSent: "Apache skips the handler", lint.Other: "Apache refuses a line of a .htaccess file (500)"},
	Faults:   []lint.Fault{handler.NotRead, handler.NotAllowed},
	Summary:  "Apache skips the handler of PHP files, and sends their text to visitors.",
	Why: "`<IfModule>` takes the name of a module, `proxy_fcgi_module`, or of its source file, `mod_proxy_fcgi.c`. `mod_proxy_fcgi` is neither, and capitals matter. The section holds only for modules whose `LoadModule` line is above it. A handler in `.htaccess` has no effect with `AllowOverride None`. " +
		"Apache logs nothing about what it skips, and `apachectl configtest` passes.\n\n" +
		"A line of `.htaccess` that Apache refuses makes every request below a 500, those for images too: a directive that `AllowOverride` does not allow, or one of a module that is not loaded. `php_value`, `php_flag`, `php_admin_value` and `php_admin_flag` are of mod_php, which a server with PHP-FPM does not load. In the main files they keep Apache from starting (WP427).",
	Fixable: true,
	Fix:     "Write `<IfModule proxy_fcgi_module>` below the `LoadModule` line. Or remove the condition: Apache then refuses to start without the module of a directive. Allow the `.htaccess` file with `AllowOverride FileInfo`, or move the handler to the virtual host. Move `php_value` and `php_flag` to a `.user.ini` in the same directory, as `NAME = VALUE`, and `php_admin_value` to the pool, as `php_admin_value[NAME] = VALUE`. If the text of the files has been sent, change the passwords in them.",
	Verify: []string{
		`curl -sS --resolve HOST:80:127.0.0.1 http://HOST/index.php | head -3`,
		"grep -rnE 'IfModule|AllowOverride' /etc/apache2",
		"apachectl -M | grep proxy_fcgi",
		"grep -rnE 'php_(admin_)?(value|flag)' --include=.htaccess /var/www",
		"grep -F .htaccess: /var/log/apache2/error.log",
	},
	Sources: []string{
		apacheCore + "#ifmodule",
		apacheCore + "#allowoverride",
		"https://www.php.net/manual/en/configuration.file.per-user.php",
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
	Logs: []*servers.Signature{servers.ApacheHtaccessRefused},
	Check: func(p *lint.Pass) {
		met := once[source.Span]{}
		for g := range unhandled(p) {
			if !met.first(g.At) {
				continue
			}
			if g.Pass.Cause == handler.NotAllowed {
				p.Report(accessRefused(p, g))
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

// accessRefused says why Apache refuses a line of a .htaccess file, and where a setting of PHP
// belongs (measured on Apache 2.4).
func accessRefused(p *lint.Pass, g *stack.Gateway) lint.Finding {
	f := lint.Finding{
		Outcome: lint.Other,
		At:      g.At,
		Message: "Apache answers every request below " + path.Dir(g.At.File.Name) + " with 500, since it refuses this line",
		Common:  "Apache refuses a line of a .htaccess file and answers every request below its directory with 500",
	}
	r := p.Stack.AccessRefusal(g)
	if r != nil {
		f.At = r.At
		f.Message = "Apache answers every request below " + path.Dir(g.At.File.Name) + " with 500: " + r.Message
		f.Log = []string{"[client ADDRESS] " + g.At.File.Name + ": " + r.Log}
	}
	if r != nil && r.Fault == apachet.Unknown {
		f.Fixes = moveSetting(g.At)
	}
	return f
}

// moveSetting moves a setting of PHP from a .htaccess file to where PHP-FPM reads it.
func moveSetting(at source.Span) []lint.Fix {
	text := at.Text()
	words := strings.Fields(text)
	if len(words) < 3 || strings.ContainsAny(text, "\\\n") {
		return nil
	}
	name, setting, value := strings.ToLower(words[0]), strings.Trim(words[1], `"'`), strings.Join(words[2:], " ")
	switch name {
	case "php_value", "php_flag":
		return suggest(wholeLine(at), "", fmt.Sprintf("take the line out, and write %s = %s in %s", setting, value, path.Join(path.Dir(at.File.Name), ".user.ini")))
	case "php_admin_value", "php_admin_flag":
		return suggest(wholeLine(at), "", fmt.Sprintf("take the line out, and write %s[%s] = %s in the pool", name, setting, value))
	}
	return nil
}
