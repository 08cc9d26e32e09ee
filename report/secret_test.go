package report

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// hush is part of every value that may not be shown.
const hush = "hunter2"

// secretive is a report whose lines, sentences and edits are full of secrets.
func secretive() *lint.Report {
	site := file("/etc/nginx/site.conf", strings.Join([]string{
		`fastcgi_param DB_PASSWORD hunter2-a;`,
		`fastcgi_param "API_TOKEN" "hunter2 b;c" if_not_empty; fastcgi_pass 127.0.0.1:9000;`,
		`proxy_set_header Authorization 'Basic hunter2\'d';`,
		"grpc_set_header X-Api-Key\n    hunter2e;",
		`# fastcgi_param APP_SECRET hunter2f`,
		`server { proxy_set_header Cookie hunter2g; listen 80; }`,
		`fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;`,
		``}, "\n"))
	comment := at(site, "# fastcgi_param APP_SECRET hunter2f")
	site.Comments = []source.Span{comment}
	pool := file("/etc/php/pool.conf", strings.Join([]string{
		`[www]`,
		`env[DB_PASS] = hunter2-h ; don't say`,
		"env[SESSION_KEY] = \"hunter2i\nhunter2j\"",
		`php_admin_value[auth.secret] = 'hunter2k'`,
		`;env[AWS_TOKEN] = hunter2l`,
		`php_value[memory_limit] = 64M`,
		``}, "\n"))
	r := &lint.Report{Rules: []*lint.Rule{mismatch}, Verdict: lint.BadGateway}
	for _, f := range []*source.File{site, pool} {
		for n := 1; n <= f.Lines(); n++ {
			r.Findings = append(r.Findings, lint.Finding{Rule: mismatch, Outcome: lint.BadGateway, At: f.Line(n), Message: "a line"})
		}
		r.Files = append(r.Files, source.Input{File: f, Path: f.Name, Role: "nginx"})
	}
	line := site.Line(1)
	r.Findings = append(r.Findings, lint.Finding{
		Rule: mismatch, Outcome: lint.BadGateway, At: at(site, "listen"),
		Message: `the value is hunter2-a, or "hunter2 b;c", or hunter2 b;c, or Basic hunter2'd, or hunter2e`,
		Log:     []string{"upstream sent hunter2g"},
		Notes:   []lint.Note{{At: at(pool, "[www]"), Message: "pool www has hunter2-h and hunter2k"}},
		Fixes: []lint.Fix{{Title: "say hunter2-a twice", Safe: true, Edits: []source.Edit{
			{At: line, New: line.Text() + "\n" + line.Text()}}}},
	})
	r.NotChecked = []lint.NotChecked{{NotChecked: source.NotChecked{At: at(site, "listen"), Why: "hunter2-a cannot be read"}}}
	return r
}

func TestSecrets(t *testing.T) {
	for _, name := range Names() {
		o := options
		o.Verbose = true
		got := render(t, Formats[name], secretive(), o)
		if strings.Contains(got, hush) {
			t.Errorf("%s tells a secret:\n%s", name, got)
		}
		if !strings.Contains(got, masked) {
			t.Errorf("%s masks nothing:\n%s", name, got)
		}
	}
}

func TestNoSecret(t *testing.T) {
	got := render(t, Text, secretive(), options)
	for _, want := range []string{
		"fastcgi_param DB_PASSWORD …;",
		`fastcgi_param "API_TOKEN" …; fastcgi_pass 127.0.0.1:9000;`,
		"server { proxy_set_header Cookie …; listen 80; }",
		"fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;",
		"# fastcgi_param APP_SECRET …",
		"env[DB_PASS] = …",
		"php_value[memory_limit] = 64M",
	} {
		if !strings.Contains(got, "| "+want+"\n") {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
}

// Short values and plain variables are common words: they are masked in the
// file, not in sentences.
func TestSecretInSentence(t *testing.T) {
	f := file("/a", "fastcgi_param KEY on;\nfastcgi_param HTTP_COOKIE $http_cookie;\n")
	got := secrets{}.mask("on $http_cookie", f)
	if want := "on $http_cookie"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkSecrets(b *testing.B) {
	text := strings.Repeat("fastcgi_param DB_PASSWORD hunter2;\nfastcgi_pass unix:/run/php.sock;\n", 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		find(file("/a", text))
	}
}
