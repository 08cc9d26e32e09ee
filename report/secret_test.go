package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/source"
)

// hush is part of every value that may not be shown.
const hush = "hunter2"

// marked is what a parser found: the places of words.
type marked struct {
	*source.File
	words []string
}

func (m marked) Secrets() (spans []source.Span) {
	for _, word := range m.words {
		spans = append(spans, at(m.File, word))
	}
	return spans
}

// secretive is a report whose lines, sentences and edits are full of secrets.
func secretive() *lint.Report {
	site := file("/etc/nginx/site.conf", strings.Join([]string{
		`fastcgi_param DB_PASSWORD hunter2-a;`,
		`fastcgi_param "API_TOKEN" "hunter2 b;c" if_not_empty; fastcgi_pass 127.0.0.1:9000;`,
		`proxy_set_header Authorization 'Basic hunter2\'d';`,
		"grpc_set_header X-Api-Key\n    hunter2e;",
		`# fastcgi_param APP_SECRET hunter2f`,
		`server { proxy_set_header Cookie hunter2g; listen 80; }`,
		`proxy_pass http://me:hunter2%40m@backend;`,
		`fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;`,
		``}, "\n"))
	site.Comments = []source.Span{at(site, "# fastcgi_param APP_SECRET hunter2f")}
	site.Parsed = marked{site, []string{"hunter2-a", `"hunter2 b;c"`, `'Basic hunter2\'d'`, "hunter2e", "hunter2f", "hunter2g", "me:hunter2%40m"}}
	pool := file("/etc/php/pool.conf", strings.Join([]string{
		`[www]`,
		`env[DB_PASS] = hunter2-h ; don't say`,
		"env[SESSION_KEY] = \"hunter2i\nhunter2j\"",
		`php_admin_value[auth.secret] = 'hunter2k'`,
		`;env[AWS_TOKEN] = hunter2l`,
		`php_value[memory_limit] = 64M`,
		``}, "\n"))
	pool.Parsed = marked{pool, []string{"hunter2-h ; don't say", "\"hunter2i\nhunter2j\"", "'hunter2k'", "hunter2l"}}
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
		Message: `the value is hunter2-a, or "hunter2 b;c", or hunter2 b;c, or Basic hunter2'd, or hunter2e, or me:hunter2@m, or hunter2@m`,
		Log:     []string{"upstream sent hunter2g"},
		Notes:   []lint.Note{{At: at(pool, "[www]"), Message: "pool www has hunter2-h and hunter2k"}},
		Fixes: []lint.Fix{{Title: "say hunter2-a twice", Safe: true, Edits: []source.Edit{
			{At: line, New: line.Text() + "\n" + line.Text()}, {At: line, New: "hunter%32"}}}},
	})
	r.NotChecked = []lint.NotChecked{{NotChecked: source.NotChecked{At: at(site, "listen"), Why: "hunter2-a cannot be read"}}}
	return r
}

func TestSecrets(t *testing.T) {
	for _, name := range Names() {
		o := options
		o.Verbose = true
		got := render(t, Formats[name], secretive(), o)
		if strings.Contains(got, hush) || strings.Contains(got, "hunter%32") {
			t.Errorf("%s tells a secret:\n%s", name, got)
		}
		if !strings.Contains(got, source.Mask) {
			t.Errorf("%s masks nothing:\n%s", name, got)
		}
	}
}

func TestNoSecret(t *testing.T) {
	o := options
	o.Layout = Full
	got := render(t, Text, secretive(), o)
	for _, want := range []string{
		"fastcgi_param DB_PASSWORD …;",
		`fastcgi_param "API_TOKEN" … if_not_empty; fastcgi_pass 127.0.0.1:9000;`,
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

// Short values and words of the sentences themselves are masked in the file, not in
// sentences.
func TestSecretInSentence(t *testing.T) {
	f := file("/a", "fastcgi_param KEY on;\nfastcgi_param AUTH nginx; fastcgi_param TOKEN "+strings.Repeat("long", 20)+";")
	f.Parsed = marked{f, []string{"on", "nginx", strings.Repeat("long", 20)}}
	got := secrets{}.mask("nginx on "+source.Excerpt(strings.Repeat("long", 20)), f)
	if want := "nginx on …"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A sentence may quote the value of a variable, or only its start.
func TestSecretOfVariable(t *testing.T) {
	values := file("", "hunter2secret")
	values.Parsed = marked{values, []string{"hunter2secret"}}
	f, loose := file("/a", "ErrorLog ${KEY}/x"), file("/b", "")
	f.Variables, loose.Variables = values, file("", "")
	for text, want := range map[string]string{
		"no /x/hunter2secret/y":       "no /x/…/y",
		"hunter2secret, no /x/hunte…": "…, no /x/…",
		"hunter2secret hun…":          "… hun…", // shorter than what is masked
		"… hunter2…, hunter2sec…":     "… …, …",
		"hunter2":                     "hunter2",
	} {
		if got := (secrets{}).mask(text, loose, f); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := (secrets{}).mask("hunter2secret", loose); got != "hunter2secret" {
		t.Errorf("got %q", got)
	}
}

// The hash of a line with a secret would be a way to guess it.
func TestSecretLineHash(t *testing.T) {
	f := file("/a", "set $key hunter2;\nlisten 80;\n\n\n"+strings.Repeat("#", 100)+"\nset $key hunter2;\n")
	f.Parsed = marked{f, []string{"hunter2"}}
	wanted := map[int]bool{1: true, 2: true, 3: true}
	for line := range lineHashes(f, wanted) {
		if line == 1 {
			t.Errorf("line %d has a hash", line)
		}
	}
	if got := len(lineHashes(f, wanted)); got != 2 {
		t.Errorf("%d lines have a hash, want 2", got)
	}
}

func TestDiffNames(t *testing.T) {
	for name, want := range map[string]string{
		"a/blog.conf": "a/blog.conf", "a/ä b": "a/ä b", "a/x\n::error::\"": `"a/x\012::error::\""`,
	} {
		if got := gitName(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

func TestDiff(t *testing.T) {
	before := file("/a.conf", "set $key hunter2;\nlisten 80;\n# \x1b[31m \u202e \xe9\r\n")
	before.Parsed = marked{before, []string{"hunter2"}}
	after := file("/a.conf", strings.Replace(before.Text, "80", "81", 1))
	var b bytes.Buffer
	hidden, err := Diff(&b, before, after, Options{})
	want := "diff a/a.conf b/a.conf\n--- a/a.conf\n+++ b/a.conf\n@@ -1,3 +1,3 @@\n set $key …;\n-listen 80;\n+listen 81;\n # \\x1b[31m \\u202e \xe9\r\n"
	if b.String() != want || !hidden || err != nil {
		t.Errorf("got %q, %t, %v, want %q", b.String(), hidden, err, want)
	}
	b.Reset()
	plain, changed := file("/a", "a\n"), file("/a", "::b\n")
	if hidden, _ := Diff(&Log{W: &b, Token: "t"}, plain, changed, Options{}); hidden {
		t.Error("a diff without secrets hides something")
	}
	if want := "::stop-commands::t\ndiff a/a b/a\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-a\n+::b\n::t::\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// JSON prints as text, and reads as what it is.
func TestJSONEscapes(t *testing.T) {
	const text = "ä \u202e \u009b \u2028 \U000e0001 \x7f ##[error] \n"
	var b bytes.Buffer
	if err := WriteJSON(&b, text); err != nil {
		t.Fatal(err)
	}
	if want := `"ä \u202e \u009b \u2028 \udb40\udc01 \u007f ##\u005berror] \n"` + "\n"; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
	var read string
	if err := json.Unmarshal(b.Bytes(), &read); err != nil || read != text {
		t.Errorf("read %q, %v, want %q", read, err, text)
	}
}

// However a text is split, no line of it is a command.
func TestLog(t *testing.T) {
	const text = "a ::b\n \t::error::x\n:: \n##[x] ###[y] #[z]\n:a\n"
	const want = "a ::b\n \t\\x3a:error::x\n\\x3a: \n##\\x5bx] ###\\x5by] #[z]\n:a\n"
	for at := range len(text) {
		var b bytes.Buffer
		log := &Log{W: &b}
		log.Write([]byte(text[:at]))
		log.Write([]byte(text[at:]))
		if got := strings.Replace(b.String(), "\n\\x3aa", "\n:a", 1); got != want {
			t.Errorf("split at %d: got %q, want %q", at, got, want)
		}
	}
}
