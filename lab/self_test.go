//go:build linux

package lab

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

const site = `-- etc/nginx/sites-enabled/blog.conf --
server {
    listen 80;
    server_name blog.example;
    root /var/www/blog;
    location ~ \.php$ {
        include /etc/nginx/snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/SOCKET;
    }
}
`

func siteWith(socket string) string { return strings.ReplaceAll(site, "SOCKET", socket) }

// right is a rule that holds: each wrong rule differs from it in one respect.
func right() *lint.Rule {
	r := &lint.Rule{
		ID: "WP999", Name: "right", Outcomes: lint.Outcomes{lint.BadGateway: lint.Always},
		Bad: "\n" + siteWith("gone.sock"), Good: "\n" + siteWith("php8.3-fpm.sock"),
		Logs: []*servers.Signature{servers.NginxConnectNoSocket},
	}
	r.Check = passTo("gone.sock", "php8.3-fpm.sock")
	return r
}

// passTo returns a check that reports every gateway to one socket, with a safe fix
// that names another.
func passTo(from, to string) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for _, g := range p.Stack.Gateways {
			if strings.HasSuffix(g.At.Text(), from) {
				edit := source.Edit{At: g.At, New: strings.ReplaceAll(g.At.Text(), from, to)}
				p.Report(lint.Finding{At: g.At, Message: "x", Fixes: []lint.Fix{{Safe: true, Edits: []source.Edit{edit}}}})
			}
		}
	}
}

// A rule that is wrong in one respect fails its proof, and for that reason.
func TestProverFindsWrongRules(t *testing.T) {
	programs := needServers(t)
	for _, test := range []struct {
		name  string
		spoil func(*lint.Rule)
		want  string // a part of the error; "" for none
	}{
		{"right", func(*lint.Rule) {}, ""},
		{"condition: Bad works", func(r *lint.Rule) {
			r.Bad = "\n" + siteWith("./php8.3-fpm.sock")
		}, "no request is answered 502: GET /index.php -> 200"},
		{"condition: Good is broken", func(r *lint.Rule) {
			r.Good = "\n" + siteWith("Php8.3-fpm.sock")
		}, "no request is answered 200: GET /index.php -> 502"},
		{"outcome: too bad for PHP-FPM", func(r *lint.Rule) { r.Outcomes = lint.Outcomes{lint.FPMRefuses: lint.Always} }, "php-fpm refuses: false (), the header says true"},
		{"outcome: too bad for nginx", func(r *lint.Rule) { r.Outcomes = lint.Outcomes{lint.NginxRefuses: lint.Always} }, "nginx refuses: false (), the header says true"},
		{"outcome: too mild", func(r *lint.Rule) { r.Outcomes = lint.Outcomes{lint.None: lint.Always} }, "the outcome is none, but Bad does GET /index.php -> 502 and Good GET /index.php -> 200"},
		{"outcome: a server refuses", func(r *lint.Rule) {
			r.Bad = "\n" + siteWith("gone.sock; listen")
		}, "nginx refuses: true (exit status 1), the header says false"},
		{"outcome: nothing was staged", func(r *lint.Rule) { r.Outcomes = lint.Outcomes{lint.Sometimes: lint.Always} }, "nothing failed: GET /index.php -> 502 (a stage in the lab: false)"},
		{"log: never written", func(r *lint.Rule) { r.Logs[0] = servers.NginxConnectDenied }, "no line of nginx is one of the row nginx-connect-denied"},
		{"log: by the other server", func(r *lint.Rule) { r.Logs[0] = servers.FPMNoPool }, "no line of php-fpm is one of the row fpm-no-pool"},
		{"log: written by healthy servers", func(r *lint.Rule) {
			r.Logs = append(r.Logs, servers.FPMReady)
		}, "fpm-ready matches what a healthy php-fpm writes"},
		{"fix: to another dead socket", func(r *lint.Rule) { r.Check = passTo("gone.sock", "dead.sock") }, "the safe fix: GET /index.php -> 502, the header says 200"},
		{"fix: nginx refuses", func(r *lint.Rule) { r.Check = passTo("gone.sock", "a b") }, "the safe fix: nginx refuses: true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			rule := right()
			test.spoil(rule)
			prover := &Prover{Programs: programs[0], Rules: []*lint.Rule{rule}, Try: TryCase}
			_, err := prover.Rule(rule)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want an error with %q", got, test.want)
			}
		})
	}
}
