//go:build linux

package lab

import (
	"fmt"
	"slices"
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

// handledBy is a file of Apache with one handler.
func handledBy(handler string) string {
	return "-- etc/apache2/conf-enabled/php8.3-fpm.conf --\n<FilesMatch \\.php$>\n    SetHandler " + handler + "\n</FilesMatch>\n"
}

// A rule whose examples are over the frame with Apache is proven there: 503 is what 502 is
// for nginx.
func TestProverOnApache(t *testing.T) {
	p := needApache(t)
	const gone, live = "proxy:unix:/run/php/gone.sock|fcgi://localhost", "proxy:unix:/run/php/php8.3-fpm.sock|fcgi://localhost"
	for _, test := range []struct {
		name, bad string
		outcome   lint.Outcome
		logs      []*servers.Signature
		want      string
	}{
		{"a dead pool", handledBy(gone), lint.BadGateway, []*servers.Signature{servers.ApacheConnectNoSocket}, ""},
		{"declared for Apache alone", handledBy(gone), lint.Unavailable, nil, ""},
		{"the text is sent", handledBy("application/x-httpd-php"), lint.SourceSent, nil, ""},
		{"the text is not sent", handledBy(gone), lint.SourceSent, nil, "no request is answered with the text of a script: GET /index.php -> 503"},
		{"too mild", handledBy("application/x-httpd-php"), lint.Other, nil, "a request shows source without more"},
		{"Apache refuses", handledBy("a b"), lint.NginxRefuses, nil, ""},
		{"Apache does not refuse", handledBy(gone), lint.ApacheRefuses, nil, "apache refuses: false (), the header says true"},
		{"the line of another server", handledBy(gone), lint.BadGateway, []*servers.Signature{servers.NginxConnectNoSocket}, "no line of nginx is one of the row nginx-connect-no-socket"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			rule := onApache(test.outcome, test.bad, handledBy(live))
			rule.Logs = test.logs
			proof, err := (&Prover{Programs: p, Rules: []*lint.Rule{rule}, Try: TryCase}).Rule(rule)
			if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want an error with %q", got, test.want)
			}
			if !slices.ContainsFunc(proof.Servers, func(name string) bool { return strings.HasPrefix(name, "Apache 2.4.") }) || len(proof.Servers) != 2 {
				t.Errorf("proven on %q", proof.Servers)
			}
		})
	}
}

// onApache returns a rule whose examples are over the frame with Apache.
func onApache(outcome lint.Outcome, bad, good string) *lint.Rule {
	rule := &lint.Rule{ID: "WP999", Check: func(*lint.Pass) {}, Bad: "\nframe: apache\n" + bad, Good: "\n" + good}
	rule.Outcomes[outcome] = lint.Always
	return rule
}

// The condition of a stage shows 503 where nginx answers 502.
func TestStageOnApache(t *testing.T) {
	p := needApache(t)
	const pool = "-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nuser = www-data\nlisten = /run/php/php8.3-fpm.sock\nlisten.owner = www-data\npm = static\npm.max_children = 1\nrequest_terminate_timeout = "
	rule := onApache(lint.Sometimes, pool+"30\n", pool+"90\n")
	rule.ID, rule.Logs = "WP108", []*servers.Signature{servers.ApacheReset}
	if proof, err := (&Prover{Programs: p, Rules: []*lint.Rule{rule}, Try: TryCase}).Rule(rule); err != nil {
		t.Errorf("%s: %v", proof.Bad, err)
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
