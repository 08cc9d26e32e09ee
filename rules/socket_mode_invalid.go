package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
)

// SocketModeInvalid reports values of listen.mode that are not octal numbers.
var SocketModeInvalid = &lint.Rule{
	ID:     "WP203",
	Name:   "socket-mode-invalid",
	Apache: true,
	Cause:  lint.Address,
	Outcomes: lint.Outcomes{
		lint.BadGateway: "the web server cannot connect, and " + onlyServer,
		lint.Sometimes:  "the web server cannot connect, and " + otherServer,
		lint.None:       "the web server can still connect",
	},
	Faults:  []lint.Fault{stack.ModeMisread},
	Summary: "listen.mode is not an octal number, so PHP-FPM creates the socket with other permissions.",
	Why:     "PHP-FPM reads `listen.mode` up to the first character that is not an octal digit and silently ignores the rest: `rw-rw----`, `0o660` and `0999` all become 0000. Only root may write to such a socket, and the web server logs \"Permission denied\" for every request.",
	Fixable: true,
	Fix:     "Write an octal number such as `0660`, and restart PHP-FPM: a reload keeps the permissions of an existing socket.",
	Verify: []string{
		"stat -c '%U:%G %a' SOCKET",
		"systemctl restart UNIT && stat -c '%U:%G %a' SOCKET",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		fpmManual + "#listen-mode",
		fpmSourceSock,
	},
	Bad: `
GET /index.php -> 502
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = rw-rw----
;             ^^^^^^^^^ WP203 PHP-FPM reads rw-rw---- as the mode 0000
; -etc/nginx/sites-enabled/blog.conf WP203 nginx may not write that socket
pm = ondemand
pm.max_children = 5
`,
	Good: `
GET /index.php -> 200
-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = www-data
group = www-data
listen = /run/php/php8.3-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = ondemand
pm.max_children = 5
`,
	Logs: []*servers.Signature{servers.NginxConnectDenied, servers.ApacheConnectDenied},
	Check: func(p *lint.Pass) {
		gateways := gatewaysWith(p.Stack, stack.ModeMisread)
		for _, pool := range p.Stack.Pools {
			mode, right := pool.Mode()
			if right {
				continue
			}
			setting := pool.Text(servers.KeyListenMode)
			at := setting.At()
			text, written := setting.Known()
			if !written || pool.Listen.Endpoint.Network == netaddr.TCP || commented(pool.Master, at) {
				continue
			}
			f := lint.Finding{Outcome: lint.None, At: at, Message: fmt.Sprintf("PHP-FPM reads %s as the mode %04o", text, mode)}
			if meant := octal(text); meant != "" {
				f.Fixes = replace(at, meant, "set listen.mode to "+meant)
			}
			for _, g := range gateways[pool] {
				f.Outcome = min(f.Outcome, failing(g))
				f.Log = []string{notPermitted(g, pool.Listen.Endpoint.Path)}
				f.Notes = append(f.Notes, lint.Note{At: firstPeer(g, pool).At, Message: web(g) + " may not write that socket"})
			}
			p.Report(f)
		}
	},
}

// commented reports whether a value is wrong because of a # after it.
func commented(m *stack.Master, value source.Span) bool {
	return slices.ContainsFunc(m.Refused, func(r fpmt.Refusal) bool {
		return r.Fault == fpmt.HashComment && r.At.File == value.File && r.At.Start > value.Start && r.At.End == value.End
	})
}

var symbolic = lazyregexp.New(`^-?([r-][w-][x-]){3}$`)

// octal returns the octal number that a mode in another notation means, and ""
// when that is not clear.
func octal(text string) string {
	if digits, ok := strings.CutPrefix(text, "0o"); ok && len(digits) == 3 && strings.Trim(digits, "01234567") == "" {
		return "0" + digits
	}
	if !symbolic.MatchString(text) {
		return ""
	}
	mode := 0
	for _, bit := range text[len(text)-9:] {
		mode <<= 1
		if bit != '-' {
			mode |= 1
		}
	}
	return fmt.Sprintf("%04o", mode)
}
