//go:build linux

package lab

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/servers"
)

var linesEach = flag.Int("lines", 2, "try this many lines of each directive of nginx")

// TestLines writes lines of every directive of nginx into a configuration, once and
// twice, and compares nginx's judgement with the linter's. The linter may not refuse
// what nginx accepts. What nginx refuses and the linter accepts is counted, and
// printed with -trials.
func TestLines(t *testing.T) {
	t.Parallel()
	programs := needServers(t)
	if os.Getenv("WP502LINT_LAB") != "1" {
		t.Skip("only in the lab")
	}
	names := directiveNames(t)
	q := &questioner{nginx: programs[0].Nginx.Path}
	work := make(chan string)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for name := range work {
				if err := q.askAll(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, name := range names {
		work <- name
	}
	close(work)
	wait.Wait()
	for _, wrong := range q.wrong {
		t.Error(wrong)
	}
	if *verbose {
		slices.Sort(q.missed)
		t.Log(strings.Join(q.missed, "\n"))
	}
	t.Logf("%d configurations: nginx took %d, and of the others the linter refused %d and took %d", q.asked, q.taken, q.refused, len(q.missed))
	if q.taken < len(names)/2 || q.refused < len(names)/2 {
		t.Error("the lines try too little")
	}
}

// directiveNames returns the names of the table of directives.
func directiveNames(t *testing.T) (names []string) {
	t.Helper()
	table, err := os.ReadFile("../servers/nginx_directives.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		if name, _, _ := strings.Cut(line, " "); name != "#" {
			names = append(names, name)
		}
	}
	return slices.Compact(names)
}

// questioner gets the judgements of nginx and the linter.
type questioner struct {
	nginx string

	mu                    sync.Mutex
	asked, taken, refused int
	wrong, missed         []string
}

// linesIn are the configurations that a line is written into, by its context.
var linesIn = map[servers.NginxContext]string{
	servers.NginxMain:         "%s\nevents { }\n",
	servers.NginxEvents:       "events {\n%s\n}\n",
	servers.NginxHTTP:         "events { }\nhttp {\n%s\nserver { listen 127.0.0.1:18080; }\n}\n",
	servers.NginxServer:       "events { }\nhttp { server { listen 127.0.0.1:18080;\n%s\n} }\n",
	servers.NginxLocation:     "events { }\nhttp { server { listen 127.0.0.1:18080; location /a {\n%s\n} } }\n",
	servers.NginxIfInServer:   "events { }\nhttp { server { listen 127.0.0.1:18080; if ($host) {\n%s\n} } }\n",
	servers.NginxIfInLocation: "events { }\nhttp { server { listen 127.0.0.1:18080; location /a { if ($host) {\n%s\n} } } }\n",
	servers.NginxLimitExcept:  "events { }\nhttp { server { listen 127.0.0.1:18080; location /a { limit_except GET {\n%s\n} } } }\n",
	servers.NginxUpstream:     "events { }\nhttp { upstream php { server 127.0.0.1:18081;\n%s\n} server { listen 127.0.0.1:18080; } }\n",
}

// wordsOfLines are what the arguments of a line are drawn from.
var wordsOfLines = strings.Fields(`on off x 1 0 8 -1 05 1k 16K 8m 1g 1kb 60s 1m30s 5ms 1h1h 1y 99999999999 auto any all none max epoch
	/a /a/b a/b ./a $host ${host} $nothing a$b $ x$ $1 =404 = =x 404 200 299 600 499 http://127.0.0.1:1 https://$host/ unix:/a unix: http://
	127.0.0.1 127.0.0.1:8080 [::1]:8081 [::1 ::1 *:8082 8083 localhost:8084 10.0.0.0/8 10.0.0.0/99 a.invalid 65536 0 -
	^/a$ ^(.+)(/.+)$ ~^/a ~*\.php$ ~( @a GET POST a=b zone=a:1m zone=a ipv6only=on weight=2 max_fails=1 backlog=9 timeout=2
	default default_server ssl http2 last break permanent redirect combined debug warn error_ crit modified always if_not_empty
	text/plain application/json "a;b" 'a b' "" \$a error timeout http_502 non_idempotent GET|HEAD 2 4 16k`)

// askAll tries lines of a directive.
func (q *questioner) askAll(name string) error {
	seed := rand.New(rand.NewPCG(502, uint64(len(name))<<32|uint64(name[0])<<16|uint64(name[len(name)-1])))
	for _, row := range servers.NginxKeyOf(name).Directives() {
		if row.Block {
			continue
		}
		for _, context := range row.Contexts.Each() {
			for range (*linesEach + 1) / 2 {
				known, err := q.try(name, context, lineOf(seed, name, &row))
				if err != nil {
					return err
				}
				if !known {
					return nil
				}
			}
		}
	}
	return nil
}

// lineOf draws the arguments of a directive.
func lineOf(seed *rand.Rand, name string, row *servers.NginxDirective) string {
	words := []string{name}
	pool := wordsOfLines
	if len(row.Words) > 0 && seed.IntN(2) == 0 {
		pool = nil
		for _, word := range row.Words {
			pool = append(pool, word.Name)
		}
	}
	for range row.Min + seed.IntN(min(row.Max-row.Min, 2)+1) {
		words = append(words, pool[seed.IntN(len(pool))])
	}
	return strings.Join(words, " ") + ";"
}

// try tries a line, and also twice if nginx accepts it. known is false for a directive
// that the nginx under test does not have.
func (q *questioner) try(name string, context servers.NginxContext, line string) (known bool, err error) {
	in := linesIn[context]
	if in == "" {
		return true, nil
	}
	said, err := q.judge(strings.Replace(in, "%s", line, 1))
	if err != nil || said != "" {
		return !strings.Contains(said, "unknown directive"), err
	}
	_, err = q.judge(strings.Replace(in, "%s", line+"\n"+line, 1))
	return true, err
}

// ofProcess matches the prefix of nginx's messages.
var ofProcess = regexp.MustCompile(`^\d+#\d+: `)

// ofOthers matches nginx's errors about something other than the line, and errors
// that differ between versions.
var ofOthers = regexp.MustCompile(`unknown directive|not allowed here|invalid number of arguments|_limit_rate|is defined for certificate|host not found in upstream "\*"`)

// notOfText matches nginx's errors about something that is not in the text.
var notOfText = regexp.MustCompile(`failed \(\d+: |host not found|\d+-bit|not supported|is built without|is not permitted|protocol options|could not build|variable_names|SSL_|PEM_|BIO_`)

// single matches a directive with one argument, so that it is wrong in one way.
var single = regexp.MustCompile(`(?m)^\w+ \S+;$`)

// judge has nginx and the linter judge a configuration, and returns nginx's error.
func (q *questioner) judge(text string) (said string, err error) {
	said, err = q.askNginx(text)
	if err != nil {
		return "", err
	}
	c, err := cases.Parse([]byte("frame: none\n-- etc/nginx/nginx.conf --\n" + text))
	if err != nil {
		return "", err
	}
	ours, quoted := "", ofOthers.MatchString(said)
	for _, f := range cases.Lint(c, rules.All).Findings {
		if f.Outcome == lint.NginxRefuses {
			ours = f.Rule.ID + " " + f.Message
			quoted = quoted || len(f.Log) == 0 || strings.Contains(said, strings.TrimPrefix(f.Log[0], "[emerg] "))
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked++
	switch {
	case said == "" && ours != "":
		q.taken++
		q.wrong = append(q.wrong, fmt.Sprintf("nginx takes this, and the linter says %s:\n%s", ours, text))
	case said == "":
		q.taken++
	case ours != "" && !quoted && single.MatchString(text):
		q.wrong = append(q.wrong, fmt.Sprintf("nginx says %s, and the linter %s:\n%s", said, ours, text))
	case ours != "":
		q.refused++
	case !notOfText.MatchString(said):
		q.missed = append(q.missed, fmt.Sprintf("%s\n    %s", said, strings.ReplaceAll(text, "\n", " ")))
	}
	return said, nil
}

// accounts are the accounts that nginx is built for, and the names of the loopback.
var accounts = []cases.File{
	{Name: "/etc/passwd", Text: "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"},
	{Name: "/etc/group", Text: "root:x:0:\nnogroup:x:65534:\n"},
	{Name: "/etc/hosts", Text: "127.0.0.1 localhost\n::1 localhost\n"},
}

// askNginx returns nginx's first error for a configuration.
func (q *questioner) askNginx(text string) (said string, err error) {
	const name = "/etc/nginx/nginx.conf"
	result, err := Try(&Host{
		Files: append([]cases.File{{Name: name, Text: text}}, accounts...),
		Nginx: &Command{By: servers.Nginx, Args: []string{q.nginx, "-t", "-q", "-e", "stderr", "-c", name}},
	})
	if err != nil || result.Refusals[servers.Nginx] == "exit status 0" {
		return "", err
	}
	for _, line := range result.Lines[servers.Nginx] {
		if _, said, ok := strings.Cut(line, "[emerg] "); ok {
			return ofProcess.ReplaceAllString(strings.ReplaceAll(said, name, "nginx.conf"), ""), nil
		}
	}
	return "refused: " + strings.Join(result.Lines[servers.Nginx], "\n"), nil
}
