package project

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/source"
)

func file(text string) *source.File {
	return &source.File{Name: "/" + FileName, Real: "/" + FileName, Text: text}
}

const whole = `# all there is
nginx: [etc/nginx/nginx.conf]
apache: etc/apache2/apache2.conf
fpm: etc/php/8.3/fpm/php-fpm.conf
root: .
environment: development
php: 8.10
nginx-version: "1.26.2"
cloudflare: true
fail-on: warning
strict: true
baseline: accepted.json
format: github
preset: audit
host: {memory: 4GiB, reserve: 1GiB, worker-memory: 80MiB, nginx-user: www-data}
rules: {emergency-restart-missing: off, wp111: error}
ignore:
  - {rule: WP201, path: "legacy/**", reason: "retired in March", until: 2027-03-01}
  - rule: [socket-permission, WP417]
    reason: both are known
`

func TestRead(t *testing.T) {
	c, problems := Read(file(whole), rules.All)
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	got := fmt.Sprintln(c.Nginx, c.Apache, c.FPM, c.Root, c.Development, c.PHP, c.NginxVersion, c.Cloudflare, *c.FailOn, c.Strict, c.Baseline, c.Format, c.Preset, c.Host, len(c.Off), c.Off[0].ID, c.Severities[rules.HeaderBufferSmall])
	want := "[etc/nginx/nginx.conf] [etc/apache2/apache2.conf] [etc/php/8.3/fpm/php-fpm.conf] . true 8.10 1.26.2 true warning true accepted.json github audit {4294967296 1073741824 83886080 www-data} 1 WP101 error\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(c.Ignores) != 2 || len(c.Ignores[1].Rules) != 2 || c.Ignores[0].Reason != "retired in March" {
		t.Fatalf("ignores %+v", c.Ignores)
	}
	if at := c.Ignores[0].At; at.Begin() != (source.Position{Line: 18, Column: 12}) || at.Text() != "WP201" {
		t.Errorf("the entry stands at %v %q", at.Begin(), at.Text())
	}
	if want := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC); !c.Ignores[0].Until.Equal(want) {
		t.Errorf("until %v", c.Ignores[0].Until)
	}
}

func TestEmptyFiles(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "null\n", "\n\n"} {
		if _, problems := Read(file(text), rules.All); len(problems) > 0 {
			t.Errorf("%q: %v", text, problems)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		root, pattern, name string
		want                bool
	}{
		{"", "legacy/**", "/legacy/a/b.conf", true},
		{"", "legacy", "/legacy/a/b.conf", true},
		{"", "legacy/", "/legacy/a/b.conf", true},
		{"", "./legacy", "/legacy/a.conf", true},
		{"", "legacy", "/legacy2/a.conf", false},
		{"", "*.conf", "/a.conf", true},
		{"", "*.conf", "/d/a.conf", false},
		{"", "**/*.conf", "/d/e/a.conf", true},
		{"rootfs", "rootfs/etc/**", "/etc/nginx/nginx.conf", true},
		{"rootfs", "/etc/nginx", "/etc/nginx/nginx.conf", true},
		{"rootfs", "etc", "/etc/nginx/nginx.conf", true},
		{"rootfs", "other/**", "/etc/nginx/nginx.conf", false},
		{"", "", "/any/thing", true},
	} {
		text := fmt.Sprintf("ignore: [{rule: WP201, path: %q, reason: r}]\nroot: %q\n", c.pattern, c.root)
		if c.root == "" {
			text = fmt.Sprintf("ignore: [{rule: WP201, path: %q, reason: r}]\n", c.pattern)
		}
		if c.pattern == "" {
			text = "ignore: [{rule: WP201, reason: r}]\n"
		}
		config, problems := Read(file(text), rules.All)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := config.Ignores[0].Covers(&source.File{Name: c.name}); got != c.want {
			t.Errorf("root %q: %q covers %s: %t, want %t", c.root, c.pattern, c.name, got, c.want)
		}
	}
}

// wrong are project files with their problems.
var wrong = []struct{ text, want string }{
	{"rule: {}\n", "1:1 unknown key rule; did you mean rules?"},
	{"colour: red\nroot: a\n", "1:1 unknown key colour: nginx, apache, fpm, root, environment, php, nginx-version, cloudflare, fail-on, strict, baseline, format, preset, host, rules, ignore"},
	{"hunter2: hunter3\n", "1:1 not a project file: it has none of its keys: nginx, apache, fpm, root, environment, php, nginx-version, cloudflare, fail-on, strict, baseline, format, preset, host, rules, ignore"},
	{"host: {memroy: 4GiB}\n", "1:8 unknown key memroy in host; did you mean memory?"},
	{"host: 4GiB\n", "1:7 host takes keys with values: memory, reserve, worker-memory, nginx-user"},
	{"host: {memory: lots}\n", `1:16 "lots" is not a size; expected a number with a unit, such as 512MiB or 1.5GiB (K, M, G, T and KiB, MiB, GiB, TiB are powers of 1024; kB, MB, GB, TB are powers of 1000)`},
	{"host: {memory: 0}\n", `1:16 a size of 0 is not possible; expected one such as 512MiB`},
	{"host: {memory: 4}\n", "1:16 4 has no unit; did you mean 4GiB?"},
	{"host: {memory: [1]}\n", `1:16 expected a size, such as 512MiB`},
	{"- a\n", "1:1 a project file takes keys with values: nginx, apache, fpm, root, environment, php, nginx-version, cloudflare, fail-on, strict, baseline, format, preset, host, rules, ignore"},
	{"text\n", "1:1 a project file takes keys with values: nginx, apache, fpm, root, environment, php, nginx-version, cloudflare, fail-on, strict, baseline, format, preset, host, rules, ignore"},
	{"root: a\nroot: b\n", "2:1 root is set twice"},
	{"root: [a]\n", "1:7 expected text"},
	{"root:\n", "1:1 expected text"},
	{"environment: prod\n", "1:14 expected production or development, got \"prod\"; did you mean production?"},
	{"cloudflare: perhaps\n", "1:13 expected true or false"},
	{"fail-on: errors\n", `1:10 expected error, warning, note or never, got "errors"; did you mean error?`},
	{"strict: 2\n", "1:9 expected true or false"},
	{"format: sarif=out.sarif\n", `1:9 expected text, json, sarif, github, gitlab or junit, got "sarif=out.sarif"`},
	{"preset: all\n", `1:9 expected gate, recommended or audit, got "all"`},
	{"fail-on: note\npreset: gate\n", "1:10 preset gate reports errors only, so fail-on note has no effect"},
	{"php: latest\n", `1:6 expected a version, such as "8.3"`},
	{"rules: {WP2O1: off}\n", "1:9 unknown rule WP2O1; did you mean WP201?"},
	{"rules: {WP999: off}\n", `1:9 unknown rule WP999; "wp502lint rules" lists all rules`},
	{"rules: {zebra: off}\n", `1:9 unknown rule zebra; "wp502lint rules" lists all rules`},
	{"rules: {'WP2*': off}\n", `1:9 "WP2*" is a pattern, and a project file takes the ID or name of each rule; --rule and --disable take patterns`},
	{"rules: {'*': off}\n", `1:9 "*" is a pattern, and a project file takes the ID or name of each rule; --rule and --disable take patterns`},
	{"ignore: [{rule: [WP201, 'socket-?'], reason: old}]\n", `1:25 "socket-?" is a pattern, and a project file takes the ID or name of each rule; --rule and --disable take patterns`},
	{"rules: {WP201: loud}\n", "1:16 expected off, note, warning or error, got \"loud\""},
	{"rules: {WP201: off, socket-mismatch: error}\n", "1:21 WP201 (socket-mismatch) is set twice"},
	{"rules: [WP201]\n", "1:8 rules takes rules, each with off, note, warning or error"},
	{"ignore: WP201\n", "1:9 ignore takes a list of entries, each with: rule, path, reason, until"},
	{"ignore: [{rule: WP201}]\n", "1:10 missing \"reason\": say why this is ignored"},
	{"ignore: [{reason: old}]\n", "1:10 missing \"rule\": the rule by ID or name, or a list of them"},
	{"ignore: [{rule: WP201, reason: r, until: soon}]\n", "1:42 expected a date, such as 2027-03-01"},
	{"ignore: [{rule: WP201, reason: r, path: '['}]\n", `1:41 "[" is not a pattern for paths`},
	{"ignore: [{rule: WP201, reason: r, folder: a}]\n", "1:35 unknown key folder in an entry of ignore: rule, path, reason, until"},
	{"root: a\n---\nroot: b\n", "2:1 a second document starts here; a project file has one"},
	{"root: 'a\n", "0:0 invalid YAML: found unexpected end of stream"},
	{"\troot: a\n", "0:0 invalid YAML: found character that cannot start any token"},
	{"a: *b\n", "0:0 invalid YAML: unknown anchor"},
}

func TestProblems(t *testing.T) {
	for _, c := range wrong {
		_, problems := Read(file(c.text), rules.All)
		var got []string
		for _, p := range problems {
			at := p.At.Begin()
			got = append(got, fmt.Sprintf("%d:%d %s", at.Line, at.Column, p.Message))
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%q\ngot  %s\nwant %s", c.text, strings.Join(got, "\n"), c.want)
		}
	}
}

// A problem at one place does not affect the rest of the file.
func TestProblemsLeaveTheRest(t *testing.T) {
	c, problems := Read(file("rules: {WP2O1: off, WP103: off}\nroot: here\nhosts: 1\n"), rules.All)
	if len(problems) != 2 || len(c.Off) != 1 || c.Root != "here" {
		t.Errorf("%v %v %q", problems, c.Off, c.Root)
	}
}

func TestRules(t *testing.T) {
	always, live := &lint.Rule{ID: "WP901", Name: "always"}, &lint.Rule{ID: "WP902", Name: "live", Production: true}
	all := []*lint.Rule{always, live}
	for text, want := range map[string]int{
		"":                         2,
		"rules: {always: off}":     1,
		"environment: development": 1,
		"environment: production":  2,
		"environment: development\nrules: {live: note}": 2,
	} {
		c, problems := Read(file(text), all)
		if got := len(c.Rules(all)); got != want || len(problems) > 0 {
			t.Errorf("%q: %d rules, want %d (%v)", text, got, want, problems)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(whole)
	for _, c := range wrong {
		f.Add(c.text)
	}
	f.Add("a: &a [*a]\n")
	f.Add("ignore: &a [{rule: &b [*b], reason: r}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 {
			return
		}
		c, problems := Read(file(text), rules.All)
		for _, p := range problems {
			if p.Message == "" || !p.At.IsZero() && int(p.At.End) > len(text) {
				t.Errorf("%+v", p)
			}
		}
		if c == nil {
			return
		}
		for _, i := range c.Ignores {
			i.Covers(&source.File{Name: "/etc/nginx/nginx.conf"})
		}
	})
}

// A project file of any size is read in bounded time, and says what is not read.
func TestLimits(t *testing.T) {
	entries := func(n int, path string) string {
		return "ignore:\n" + strings.Repeat("- {rule: WP201, path: \""+path+"\", reason: x}\n", n)
	}
	tests := []struct {
		name, text string
		ignores    int
		want       string // the last problem
	}{
		{"text", strings.Repeat("#\n", maxText), 0, "a project file has at most 1 MiB, so this was not read"},
		{"problems", "php: \"8.3\"\n" + strings.Repeat("unknown: 1\n", 500), 0, "more than 100 problems; the others are not reported"},
		{"entries", entries(maxIgnores+1, "old/**"), maxIgnores, "ignore has at most 1000 entries, so this one and those after it are not read; a baseline holds any number of findings"},
		{"patterns", entries(maxPatterns+1, "**/old"), maxPatterns, "at most 200 entries of ignore have a path with wildcards besides a final /**, so this one is not read; a baseline holds any number of findings"},
		{"braces", entries(1, "{a,b}{a,b}{a,b}"), 0, "a path with wildcards has at most 256 bytes and 2 pairs of braces"},
	}
	for _, test := range tests {
		c, problems := Read(&source.File{Name: "/" + FileName, Text: test.text}, rules.All)
		if c == nil {
			c = &Config{}
		}
		if len(problems) == 0 || problems[len(problems)-1].Message != test.want || len(problems) > maxProblems+1 {
			t.Errorf("%s: %d problems, the last of them %v, want %q", test.name, len(problems), problems[max(0, len(problems)-1):], test.want)
		}
		if len(c.Ignores) != test.ignores {
			t.Errorf("%s: %d ignores, want %d", test.name, len(c.Ignores), test.ignores)
		}
	}
}
