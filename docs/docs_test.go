package docs

import (
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

const wantPage = `# WP201: socket-mismatch

nginx passes PHP to a | where no pool listens.

| | |
|---|---|
| error, ''502'' | no pool listens there: the next PHP request through this place is answered 502 |
| warning, ''502-sometimes'' | another server may answer: a 502 under load, at a reload, after a reboot or on a retry |
| Cause | 2: nginx connects to the wrong address, or lacks permission |
| Not checked without | memory, users |

## Problematic

The pool moved.

'''text
GET /a.php -> 502
'''

''etc/nginx/sites-enabled/a.conf''

'''nginx
fastcgi_pass unix:/a.sock;
#            ^^^^^^^^^^^^ WP201 no pool listens on /a.sock
'''

''etc/php/8.3/fpm/pool.d/www.conf''

'''ini
listen = /b.sock
'''

## Correct

Files that are not shown stay as they are.

''etc/nginx/sites-enabled/a.conf''

'''nginx
fastcgi_pass unix:/b.sock;
'''

## Why

nginx connects on every request.

Nobody answers.

## How to fix

Pass to where the pool listens.

## Log lines

nginx writes:

'''text
a
'''

php-fpm writes:

'''text
ERROR: b
'''

Regular expressions (RE2) for the lines of nginx, also in syslog and with other C libraries:

'''text
^a$
'''

Regular expressions (RE2) for the lines of php-fpm, also in syslog and with other C libraries:

'''text
(?:ERROR: |\[ERROR\] )(?:(?:pid \d+, )?\w+\(\), line \d+: )?b
'''

## Not proven on real servers

It takes a second machine.
`

func TestPage(t *testing.T) {
	want := strings.NewReplacer("'''", "```", "''", "`").Replace(wantPage)
	if got := Page(rule); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const wantRunTime = `# WP702: worker-out-of-memory

The kernel kills a worker.

| | |
|---|---|
| error, ''502'' | at run time: the request is answered 502 |
| Cause | 7: what only a log shows |

## Why

Memory is full.

## What to check now

Look at the limit.

## How to fix

Use less.

## Verify

'''sh
dmesg
journalctl -k
'''

## Log lines

php-fpm writes:

'''text
a
'''

The kernel writes:

'''text
b
'''

Regular expressions (RE2) for the lines of php-fpm, also in syslog and with other C libraries:

'''text
a
'''

Regular expressions (RE2) for the lines of the kernel, also in syslog and with other C libraries:

'''text
b
'''
`

// The page of a rule that only a log shows has no example of a configuration.
func TestPageAtRunTime(t *testing.T) {
	got := Page(&lint.Rule{
		ID: "WP702", Name: "worker-out-of-memory", Cause: lint.RunTime, Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
		Summary: "the kernel kills a worker", Why: "Memory is full.", Now: "Look at the limit.", Fix: "Use less.",
		Verify: []string{"dmesg", "journalctl -k"},
		Logs:   []*servers.Signature{logOf(servers.FPM, "a", "a"), logOf(servers.Kernel, "b", "b")},
	})
	want := strings.NewReplacer("'''", "```", "''", "`").Replace(wantRunTime)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
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

**WP2xx: nginx connects to the wrong address, or lacks permission**

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
