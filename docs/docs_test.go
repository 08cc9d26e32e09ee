package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

var rule = &lint.Rule{
	ID: "WP201", Name: "socket-mismatch", Cause: lint.Address, Outcomes: lint.Outcomes{lint.BadGateway: "no pool listens there", lint.Sometimes: "another server may answer"},
	Summary: "nginx passes PHP to a | where no pool listens",
	Why:     "nginx connects on every request.\n\nNobody answers.\n",
	Fix:     "Pass to where the pool listens.",
	Fixable: true,
	Bad: `The pool moved.

GET /a.php -> 502
-- etc/nginx/sites-enabled/a.conf --
fastcgi_pass unix:/a.sock;
#            ^^^^^^^^^^^^ WP201 no pool listens on /a.sock
-- etc/php/8.3/fpm/pool.d/www.conf --
listen = /b.sock
`,
	Good:     "-- etc/nginx/sites-enabled/a.conf --\nfastcgi_pass unix:/b.sock;",
	Logs:     []*servers.Signature{logOf(servers.FPM, "ERROR: b", "ERROR: b"), logOf(servers.Nginx, "^a$", "a")},
	Unproven: "it takes a second machine",
	Needs:    append(lint.Rule{}.Needs, "memory", "users"),
}

// logOf returns a row.
func logOf(by servers.Server, pattern, example string) *servers.Signature {
	return &servers.Signature{Log: servers.Log{By: by, Pattern: pattern, Example: example}}
}

// A page begins with what to see, to check and to change, and ends with what it is based on. That of
// a rule that only a log shows has no example of a configuration.
func TestPage(t *testing.T) {
	atRunTime := &lint.Rule{
		ID: "WP702", Name: "worker-out-of-memory", Cause: lint.RunTime, Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
		Summary: "the kernel kills a worker", Why: "Memory is full.", Now: "Look at the limit.", Fix: "Use less.",
		Verify: []string{"dmesg", "journalctl -k"},
		Logs:   []*servers.Signature{rule.Logs[0], logOf(servers.Kernel, "b", "b, client: 127.0.0.1")},
	}
	sent := &lint.Rule{
		ID: "WP801", Name: "php-source-sent", Cause: lint.Unhandled, Outcomes: lint.Outcomes{lint.Unavailable: "a", lint.SourceSent: "b", lint.SometimesUnavailable: "c"},
		Summary: "a handler is unknown to Apache", Why: "The file is sent.", Fix: "Name the handler.", Bad: rule.Bad, Good: rule.Good, Unproven: rule.Unproven,
	}
	all := []*lint.Rule{rule, atRunTime, {ID: "WP703", Logs: atRunTime.Logs[1:]}}
	for name, r := range map[string]*lint.Rule{"page.md": rule, "run_time.md": atRunTime, "unhandled.md": sent} {
		golden(t, name, Page(r, all))
	}
}

// The page, and the row in the README, of a rule about both web servers say what Apache does; those
// of a rule about nginx alone say nothing of it.
func TestAboutApache(t *testing.T) {
	for _, c := range []struct {
		outcomes      lint.Outcomes
		seen, said    string // "" for nothing
		row, nginxRow string
	}{
		{lint.Outcomes{lint.BadGateway: "a", lint.Sometimes: "b"},
			"nginx answers every PHP request here with 502, and Apache with 503.",
			"With Apache, the outcome is `503` instead of `502` and `503-sometimes` instead of `502-sometimes`: Apache answers 503 where nginx answers 502.",
			"error, `502` or `503`: a<br>warning, `502-sometimes` or `503-sometimes`: b", "error, `502`: a<br>warning, `502-sometimes`: b"},
		{lint.Outcomes{lint.Sometimes: lint.Always},
			"nginx answers some requests with 502, and Apache with 503.",
			"With Apache, the outcome is `503-sometimes` instead of `502-sometimes`: Apache answers 503 where nginx answers 502.",
			"warning, `502-sometimes` or `503-sometimes`", "warning, `502-sometimes`"},
		{lint.Outcomes{lint.NginxRefuses: "a", lint.BadGateway: "b", lint.Sometimes: "c"},
			"nginx or Apache does not start. A failed reload keeps the old configuration.",
			"With Apache, the outcome is `apache-refuses` instead of `nginx-refuses`, `503` instead of `502` and `503-sometimes` instead of `502-sometimes`: Apache answers 503 where nginx answers 502.",
			"error, `nginx-refuses` or `apache-refuses`: a<br>error, `502` or `503`: b<br>warning, `502-sometimes` or `503-sometimes`: c",
			"error, `nginx-refuses`: a<br>error, `502`: b<br>warning, `502-sometimes`: c"},
		{lint.Outcomes{lint.NginxRefuses: "a", lint.None: "b"},
			"nginx or Apache does not start. A failed reload keeps the old configuration.",
			"With Apache, the outcome is `apache-refuses` instead of `nginx-refuses`.",
			"error, `nginx-refuses` or `apache-refuses`: a<br>note, `none`: b", "error, `nginx-refuses`: a<br>note, `none`: b"},
		{lint.Outcomes{lint.BadGateway: "a", lint.Unavailable: "b"}, "", "", "error, `502`: a<br>error, `503`: b", "error, `502`: a<br>error, `503`: b"},
	} {
		r := *rule
		r.Outcomes = c.outcomes
		nginx, row := Page(&r, nil), outcomes(&r)
		r.Apache = true
		both := Page(&r, nil)
		if row != c.nginxRow || outcomes(&r) != c.row {
			t.Errorf("got %s and %s, want %s and %s", row, outcomes(&r), c.nginxRow, c.row)
		}
		if c.seen == "" {
			if both != nginx {
				t.Errorf("got\n%s\nwant\n%s", both, nginx)
			}
			continue
		}
		for _, text := range []string{"\n" + c.seen + "\n", "\n" + c.said + "\n"} {
			if !strings.Contains(both, text) || strings.Contains(nginx, text) {
				t.Errorf("%q is not on the page about both alone\n%s", text, both)
			}
		}
	}
}

// A page says what Apache answers where the outcome is one of nginx, and that it logs nothing where
// it sends the text of PHP files.
func TestSeenOfApache(t *testing.T) {
	row := logOf(servers.Apache, "^c$", "(2)a: [client 127.0.0.1:43105] c")
	row.Status = 500
	r := *rule
	r.Logs = append(r.Logs[:1:1], row)
	r.Outcomes = lint.Outcomes{lint.NginxRefuses: "a", lint.Other: "b"}
	sent := r
	sent.Cause, sent.Outcomes = lint.Unhandled, lint.Outcomes{lint.SourceSent: "a", lint.Other: "b"}
	for want, r := range map[string]*lint.Rule{
		"\nnginx does not start. A reload fails, and the old configuration stays. Apache answers 500.\n": &r,
		"\nApache writes:\n\n```text\n(2)a: c\n":                                                         &r,
		" passwords included. It logs nothing.\n":                                                        &sent,
		"\nWhere it answers 500 instead, Apache writes:\n":                                               &sent,
	} {
		if page := Page(r, nil); !strings.Contains(page, want) {
			t.Errorf("%q is not on\n%s", want, page)
		}
	}
}

// golden compares a text with a file of testdata. UPDATE=1 writes the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || got != string(want) {
		t.Errorf("got\n%s\nwant that of %s (%v)", got, name, err)
	}
}

// Every head of an example and every mark has words for a reader.
func TestCommented(t *testing.T) {
	for text, want := range map[string]string{
		"#    ^^^^ WP201 no pool listens on /a":          "#    ^ no pool listens on /a",
		";    ---- WP201 pool www listens on /b":         ";    ^ note: pool www listens on /b",
		"# ^14:1-27 WP301 it is not closed":              "# ^ it is not closed",
		"; -0 WP106 a quarter is added":                  "; note: a quarter is added",
		"# -4:1-34 WP315 this line is ignored":           "# ^ note: this line is ignored",
		"; -etc/nginx/nginx.conf WP202 the user is set":  "; note: the user is set (etc/nginx/nginx.conf)",
		"# ------------ a banner":                        "# ------------ a banner",
		"fastcgi_pass unix:/a; # wp502lint:ignore WP201": "fastcgi_pass unix:/a; # wp502lint:ignore WP201",
	} {
		if got := commented(text); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", text, got, want)
		}
	}
	for line, want := range map[string]string{
		"GET /a.php -> 502":               "`GET /a.php` is answered 502.",
		"GET /a.php -> 502 x10":           "`GET /a.php` is answered 502.",
		"memory 512MiB":                   "The host has 512MiB of memory.",
		"mode 0660 www-data:www-data /a":  "`/a` has mode 0660 and belongs to www-data:www-data.",
		"bytes etc/nginx/nginx.conf bom":  "`etc/nginx/nginx.conf` starts with a byte order mark.",
		"link etc/a -> ../b":              "`etc/a` is a symbolic link to `../b`.",
		"frame: none":                     "",
		"frame: apache":                   "",
		"apache refuses":                  "Apache does not start.",
		"tunnel GET blog.example/ -> 502": "`GET blog.example/` through the tunnel is answered 502.",
		"edge GET blog.example/ -> 403":   "`GET blog.example/` through Cloudflare is answered 403.",
		"GET /a.php -> source":            "`GET /a.php` is answered 200 with the text of the PHP file.",
		"^etc/a.conf WP804 nothing":       "`etc/a.conf`: nothing.",
		"-etc/a.conf WP804 a pool":        "Note in `etc/a.conf`: a pool.",
	} {
		if got, ok := staged(line); got != want || !ok {
			t.Errorf("%q\ngot  %q\nwant %q", line, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	if got, want := URL(rule), "https://github.com/wp502lint/wp502lint/blob/main/docs/rules/WP201.md"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Path(rule), "docs/rules/WP201.md"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFence(t *testing.T) {
	for text, want := range map[string]string{
		"a":              "```x\na\n```",
		"a\n":            "```x\na\n```",
		"```\nb\n```\n":  "````x\n```\nb\n```\n````",
		"`````` and ```": "```````x\n`````` and ```\n```````",
	} {
		if got := Fence("x", text); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for name, want := range map[string]string{
		"etc/nginx/nginx.conf":                "nginx",
		"etc/nginx/snippets/fastcgi-php.conf": "nginx",
		"etc/php/8.3/fpm/php-fpm.conf":        "ini",
		"etc/php/8.3/fpm/pool.d/www.conf":     "ini",
		"etc/php-fpm.d/www.conf":              "ini",
		"etc/php/8.3/fpm/php.ini":             "ini",
		"compose.yml":                         "yaml",
		"etc/hosts":                           "text",

		"etc/apache2/conf-enabled/php8.3-fpm.conf": "apache",
		"etc/httpd/conf.d/php.conf":                "apache",
		"var/www/blog/.htaccess":                   "apache",
	} {
		if got := language(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"the queue is short":    "The queue is short.",
		"nginx does not start":  "nginx does not start.",
		"fastcgi_pass is wrong": "fastcgi_pass is wrong.",
		"PHP is old.":           "PHP is old.",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

const readme = "# a\n<!-- rules -->\nold\n<!-- /rules -->\n## b\n"

func TestReadme(t *testing.T) {
	first := &lint.Rule{ID: "WP001", Name: "syntax", Outcomes: lint.Outcomes{lint.NginxRefuses: lint.Always}, Summary: "a server cannot read it"}
	want := `# a
<!-- rules -->

**WP0xx: the configuration as text**

| rule | name | fires when | outcome |
|---|---|---|---|
| [WP001](docs/rules/WP001.md) | syntax | a server cannot read it | error, ''nginx-refuses'' |

**WP2xx: the web server connects to the wrong address, or lacks permission**

| rule | name | fires when | outcome |
|---|---|---|---|
| [WP201](docs/rules/WP201.md) | socket-mismatch | nginx passes PHP to a \| where no pool listens | error, ''502'': no pool listens there<br>warning, ''502-sometimes'': another server may answer |

<!-- /rules -->
## b
`
	want = strings.ReplaceAll(want, "''", "`")
	got := Readme(readme, []*lint.Rule{rule, first})
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again := Readme(got, []*lint.Rule{rule, first}); again != want {
		t.Errorf("a second time\n%s", again)
	}
	for _, broken := range []string{"", "no marks", Begin + "open", End + Begin} {
		if got := Readme(broken, []*lint.Rule{rule}); got != broken {
			t.Errorf("%q became %q", broken, got)
		}
	}
}
