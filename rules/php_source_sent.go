package rules

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/handler"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// PHPSourceSent reports handlers of Apache that are none for PHP-FPM.
var PHPSourceSent = &lint.Rule{
	ID:       "WP801",
	Name:     "php-source-sent",
	Cause:    lint.Unhandled,
	Outcomes: lint.Outcomes{lint.SourceSent: lint.Always},
	Faults:   []lint.Fault{handler.NotAProxy, handler.TypeAlone, handler.NoneSet},
	Summary:  "Apache does not know the handler of PHP files, and sends their text to visitors.",
	Why: "mod_proxy takes a handler that begins with `proxy:` and has a scheme of a loaded module, as in `proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost`. No module takes one without `proxy:` or `|fcgi://`, with a space next to the `|`, or with curly quotes. None takes `application/x-httpd-php` without mod_php either. `SetHandler None` removes the handler that a section outside sets, `default-handler` sends files as they are, and `AddType` or `ForceType` alone sets no handler. " +
		"Apache then sends the file as it is, with 200: `wp-config.php` with the password of the database too. `apachectl configtest` passes. Before 2.4.62, Apache answers 500 for some of these spellings.",
	Fixable: true,
	Fix:     "Write the handler in full: `SetHandler \"proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost\"`. If the text of the files has been sent, change the passwords in them.",
	Verify: []string{
		`curl -sS --resolve HOST:80:127.0.0.1 http://HOST/index.php | head -3`,
		"grep -rnE 'SetHandler|AddHandler|AddType|ForceType' /etc/apache2",
		"apachectl -M | grep -E 'proxy|php'",
	},
	Sources: []string{
		apacheFCGI + "#examples",
		apacheHandler,
		apacheCore + "#sethandler",
	},
	Bad: `
frame: apache
GET /index.php -> source
-- etc/apache2/conf-enabled/php8.3-fpm.conf --
<FilesMatch "\.php$">
    SetHandler "proxy:unix:/run/php/php8.3-fpm.sock"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ WP801 the handler has no |fcgi:// after the socket, so Apache sends the text of PHP files to visitors
</FilesMatch>
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
			if met.first(g.At) {
				p.Report(sourceSent(g))
			}
		}
	},
}

// unhandled yields the gateways whose requests for PHP do not reach PHP for one of the reasons that
// the rule claims.
func unhandled(p *lint.Pass) func(yield func(*stack.Gateway) bool) {
	return func(yield func(*stack.Gateway) bool) {
		for _, g := range p.Stack.Gateways {
			if g.Pass != nil && g.Pass.Cause != handler.NoCause && p.Claims(g.Pass.Cause) && !yield(g) {
				return
			}
		}
	}
}

func sourceSent(g *stack.Gateway) lint.Finding {
	f := lint.Finding{At: g.At}
	text := g.Pass.Text
	switch g.Pass.Cause {
	case handler.TypeAlone:
		f.Message = typeSet(g.At) + ", so Apache sends the text of PHP files to visitors"
	case handler.NoneSet:
		f.Message = "SetHandler None takes the handler away, so Apache sends the text of PHP files to visitors"
	default:
		why, right := misspelt(text)
		f.Message = fmt.Sprintf("%s, so Apache sends the text of PHP files to visitors", why)
		if right != "" {
			f.Fixes = respelt(g, right)
		}
	}
	return f
}

// respelt is the fix that writes a handler as it is meant. It keeps variables, and does not replace
// the line of a macro that makes the handler.
func respelt(g *stack.Gateway, right string) []lint.Fix {
	word := g.At.Text()
	if !oneWord(g.At) || strings.Trim(word, `"'`) != g.Pass.Text && !strings.Contains(word, "${") {
		return nil
	}
	meant := right
	if strings.Contains(word, "${") {
		if _, meant = misspelt(strings.Trim(word, `"'`)); meant == "" {
			return nil
		}
	}
	fixes := suggest(g.At, requoted(word, meant), "write "+meant)
	fixes[0].Safe = reaches(g, right)
	return fixes
}

// oneWord reports whether at is one word as written, and not the line of a macro that makes it.
func oneWord(at source.Span) bool {
	word := at.Text()
	return word != "" && (word[0] == '"' || word[0] == '\'' || !strings.ContainsAny(word, " \t"))
}

// typeSet says that the directive whose first argument is at at sets a type: it is none of these
// if a macro makes it.
func typeSet(at source.Span) string {
	before := strings.TrimRight(at.File.Text[:at.Start], " \t")
	for _, name := range []string{"AddType", "ForceType"} {
		if len(before) >= len(name) && strings.EqualFold(before[len(before)-len(name):], name) {
			return name + " sets a type and no handler"
		}
	}
	return "the type of PHP files sets no handler"
}

// misspelt says why a handler is none of mod_proxy_fcgi, and what it is likely to mean; right is ""
// if that is not clear.
func misspelt(text string) (why, right string) {
	rest, proxied := strings.CutPrefix(text, "proxy:")
	socket, target, found := strings.Cut(rest, "|")
	socket, target = strings.TrimSpace(socket), strings.TrimSpace(target)
	unix := strings.HasPrefix(socket, "unix:")
	switch {
	case strings.ContainsAny(text, "“”„‟″"):
		return "curly quotes are part of the handler", "proxy:" + strings.Trim(strings.TrimPrefix(strings.Trim(text, "“”„‟″"), "proxy:"), "“”„‟″")
	case proxied && unix && !found:
		return "the handler has no |fcgi:// after the socket", "proxy:" + socket + "|fcgi://localhost"
	case proxied && found && (strings.Contains(text, " |") || strings.Contains(text, "| ")):
		return "the handler has a space next to the |", "proxy:" + socket + "|" + target
	case proxied && found && !unix && strings.HasPrefix(socket, "/"):
		return "the handler has no unix: before the path of the socket", "proxy:unix:" + socket + "|" + target
	case !proxied && (unix && found || strings.HasPrefix(text, "fcgi://")):
		return "the handler has no proxy: before it", "proxy:" + text
	case strings.EqualFold(text, "default-handler"):
		return "the handler default-handler sends files as they are", ""
	case strings.Contains(text, "x-httpd-php"), strings.HasPrefix(text, "php"):
		return fmt.Sprintf("the handler %s is that of mod_php, which is not loaded", text), ""
	case strings.Contains(text, "fcgid"), strings.Contains(text, "fastcgi-script"):
		return fmt.Sprintf("the handler %s is that of a module that is not loaded", text), ""
	}
	return fmt.Sprintf("no loaded module has the handler %s", source.Excerpt(text)), ""
}

// requoted returns text with the quotes of a word of Apache.
func requoted(word, text string) string {
	if word != "" && (word[0] == '"' || word[0] == '\'') {
		return word[:1] + text + word[:1]
	}
	if strings.ContainsAny(text, " \t") || strings.ContainsAny(word, "“”„‟″") {
		return `"` + text + `"`
	}
	return text
}

// reaches reports whether a pool listens on the socket that a handler names.
func reaches(g *stack.Gateway, text string) bool {
	socket, _, _ := strings.Cut(strings.TrimPrefix(text, "proxy:unix:"), "|")
	for _, pool := range g.Machine.Reachable() {
		if pool.Listen.Endpoint.Path == socket && socket != "" {
			return true
		}
	}
	return false
}
