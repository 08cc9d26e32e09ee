package cloudflared

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
)

// The generated configurations, and how many URLs are looked up in each.
const (
	generated = 300
	lookups   = 3
)

// recorded has what cloudflared says about each generated configuration.
const recorded = "testdata/verdicts.txt"

// Our reading agrees with cloudflared on generated configurations: whether it starts, the first
// reason if it does not, the keys that it ignores, and the rule that answers a URL.
// WP502LINT_CLOUDFLARED names the program, which is then run, and whose answers UPDATE=1 records; without it, they are
// compared with those that are recorded.
func TestSecondOpinion(t *testing.T) {
	tool := os.Getenv("WP502LINT_CLOUDFLARED")
	want := readVerdicts(t)
	var lines []string
	for i := range generated {
		c := generate(uint64(i))
		ours := verdict(c)
		if tool != "" {
			lines = append(lines, second(t, tool, c))
		} else {
			lines = append(lines, want[i])
		}
		if lines[i] != ours {
			t.Errorf("configuration %d: got %s, cloudflared says %s\n%s", i, ours, lines[i], c.text)
		}
	}
	if tool != "" && os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(recorded, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readVerdicts(t *testing.T) (all []string) {
	f, err := os.Open(recorded)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		all = append(all, s.Text())
	}
	if len(all) != generated {
		t.Fatalf("%s has %d lines, want %d", recorded, len(all), generated)
	}
	return all
}

// sample is a generated configuration with URLs to look up.
type sample struct {
	text string
	urls [lookups][2]string // host and path
}

// generate makes a configuration: most are right but for one thing.
func generate(seed uint64) (s sample) {
	g := generator{rand.New(rand.NewPCG(seed, 502))}
	var b strings.Builder
	if g.one(3) {
		b.WriteString("tunnel: " + g.pick("blog", "6ff42ae2-765d-4adf-8112-31c55c1551ef", "12", "~") + "\n")
	}
	if g.one(4) {
		b.WriteString(g.pick("credentials-file: /etc/cloudflared/blog.json", "no-autoupdate: true", "loglevel: debug", "foo: {a: 1, b: [1, 2]}", "foo: {a: 1, a: 2}", "metrics: 127.0.0.1:2000", "originrequest: {}", "warp-routing: {enabled: true}", "warp-routing: {maxActiveFlows: -1}") + "\n")
	}
	if g.one(5) {
		b.WriteString("originRequest:\n" + g.origin("  "))
	}
	rules := 1 + g.IntN(4)
	if !g.one(20) {
		b.WriteString("ingress:\n")
		for i := range rules {
			b.WriteString(g.rule(i == rules-1))
		}
	}
	if g.one(30) {
		b.WriteString(g.pick("ingress: []\n", "- x\n", "url: http://localhost:80\n", "ingress: x\n"))
	}
	s.text = b.String()
	for i := range s.urls {
		s.urls[i] = [2]string{g.pick("blog.example", "www.blog.example", "shop.example", "a.b.shop.example", "BLOG.example", "example"), g.pick("", "/", "/wp-admin/x.php", "/api/v1", "/static/a.css")}
	}
	return s
}

type generator struct{ *rand.Rand }

// one reports whether one of n chances comes true.
func (g generator) one(n int) bool { return g.IntN(n) == 0 }

func (g generator) pick(all ...string) string { return all[g.IntN(len(all))] }

func (g generator) rule(last bool) string {
	var lines []string
	switch {
	case last != g.one(15):
		if g.one(3) {
			lines = append(lines, `hostname: "*"`)
		}
	default:
		lines = append(lines, "hostname: "+g.host())
	}
	if !last && g.one(3) || g.one(40) {
		lines = append(lines, "path: "+g.pick("/wp-admin", "^/api", `\.(css|js)$`, "/a(b", "", "''", "/[a", "12", "true"))
	}
	if !g.one(30) {
		lines = append(lines, "service: "+g.service())
	}
	if g.one(4) {
		lines = append(lines, "originRequest:\n"+strings.TrimSuffix(g.origin("      "), "\n"))
	}
	if g.one(20) {
		lines = append(lines, g.pick("Service: http://x", "hostName: a", "servce: b", "notes: [1]", "service: http://twice", "hostname: null"))
	}
	if lines == nil {
		return "  - {}\n"
	}
	g.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return "  - " + strings.Join(lines, "\n    ") + "\n"
}

func (g generator) host() string {
	if g.one(12) {
		return g.pick("blog.example:443", `"*.*.example"`, `"a*.example"`, `"shop.*"`, "[1]", "1.5", "null", `"[::1]:80"`, `"::1"`, "yes", `"*blog.example"`, "http://blog.example")
	}
	return g.pick("blog.example", "www.blog.example", `"*.shop.example"`, "shop.example", `"*.example"`, "Blog.example")
}

func (g generator) service() string {
	if g.one(9) {
		return g.pick("localhost:80", "http://localhost:80/", "http://localhost:80/wp", "http://", "http_status:99", "http_status:1000", "http_status:x", "http_status:", "''", "null",
			"[http://x]", "{a: b}", "404", "http:/localhost", "http://local host", "fastcgi", "//localhost", "http://[::1", "http://a:b", "unix", "HTTP://localhost", "http://localhost?x=1", "http://localhost#x", "http://u:p@localhost:80", "127.0.0.1:9000")
	}
	return g.pick("http://localhost:80", "http://127.0.0.1:8080", "https://localhost:443", "http://[::1]:80", "unix:/run/blog.sock", "unix+tls:/run/blog.sock", "unix:", "http_status:404", "http_status:503",
		"hello_world", "hello-world", "socks-proxy", "bastion", "tcp://localhost:3306", "ssh://localhost", "fastcgi://127.0.0.1:9000", "ws://localhost:80", "wss://localhost", "rdp://x:3389", "smb://x")
}

func (g generator) origin(indent string) string {
	var b strings.Builder
	if g.one(6) {
		b.WriteString(indent + g.pick("connectTimeout: 5", "keepAliveTimeout: 90", "tlsTimeout: x", "noTLSVerify: maybe", "noTLSVerify: 1", "originServerName: [a]", "keepAliveConnections: many", "proxyPort: -1",
			"access: {required: true, audTag: a}") + "\n")
	}
	all := []string{"connectTimeout: 30s", "tcpKeepAlive: null", "noTLSVerify: yes", "noTlsVerify: true", "originServerName: 5", "keepAliveConnections: 1e2", "proxyPort: 80", "http2Origin: on", "http2origin: on",
		"httpHostHeader: x", "matchSNItoHost: true", "bastionMode: true", g.pick("access: {required: true, teamName: x, audTag: [a]}", "access: {required: true, audTag: [a]}", "access: {required: false, audTag: [a]}"),
		g.pick("ipRules: [{prefix: 10.0.0.0/8, ports: [80], allow: true}]", "ipRules: [{ports: [80]}]", "ipRules: [{prefix: 10.0.0.0/8, ports: [70000]}]", "ipRules: [{prefix: x}]"),
		"caPool: /etc/ssl/ca.pem", "bogus: 1", "warp: {a: 1, a: 2}"}
	for _, i := range g.Perm(len(all))[:1+g.IntN(3)] {
		b.WriteString(indent + all[i] + "\n")
	}
	return b.String()
}

// verdict is our reading, in the words of the record.
func verdict(s sample) string {
	c := Parse(&source.File{Name: "/config.yml", Text: s.text})
	switch {
	case len(c.Problems) > 0:
		return "not YAML"
	case slices.ContainsFunc(c.Refusals, func(r Refusal) bool { return r.Reason == WrongValue }):
		return reasons[WrongValue]
	case len(c.Rules) == 0 || c.Rules[0].Service == c.URL && c.URL.Set():
		return "no rules"
	case len(c.Refusals) > 0:
		return reasons[c.Refusals[0].Reason]
	}
	var unused []string
	for _, u := range c.Unused {
		unused = append(unused, fmt.Sprintf("%d:%s", u.At.Begin().Line, u.Name))
	}
	out := "starts, ignores [" + strings.Join(unused, " ") + "], rules"
	for _, u := range s.urls {
		rule, _ := c.Match(u[0], u[1])
		out += fmt.Sprintf(" %d", rule.Index)
	}
	return out
}

var reasons = map[Reason]string{
	WrongValue: "wrong value", BadService: "service", BadHost: "host", BadPath: "path", BadAccess: "access", BadIPRule: "ip rule",
	LastNotAll: "last", AllNotLast: "not last", URLWithRules: "url",
}

// said are the words of cloudflared about each reason.
var said = []struct{ words, means string }{
	{"cannot unmarshal", reasons[WrongValue]}, {"already defined at line", reasons[WrongValue]},
	{"error parsing YAML", "not YAML"},
	{"is an invalid address", reasons[BadService]}, {"invalid HTTP status code", reasons[BadService]}, {"Validation failed: parse ", reasons[BadService]},
	{"Hostname cannot contain a port", reasons[BadHost]}, {"Hostname patterns can have", reasons[BadHost]},
	{"has an invalid regex", reasons[BadPath]}, {"access.TeamName", reasons[BadAccess]}, {"create ip rule", reasons[BadIPRule]},
	{"The last ingress rule must", reasons[LastNotAll]}, {"this will match every hostname", reasons[AllNotLast]},
	{"set the --url flag", reasons[URLWithRules]}, {"any ingress rules", "no rules"}, {"No configuration file", "no rules"},
}

var (
	ignored = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	matched = regexp.MustCompile(`Matched rule #(\d+)`)
)

// second is what cloudflared says, in the words of the record.
func second(t *testing.T, tool string, s sample) string {
	file := filepath.Join(t.TempDir(), "config.yml")
	if err := os.WriteFile(file, []byte(s.text), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, bool) {
		out, err := exec.Command(tool, append([]string{"tunnel", "--config", file, "ingress"}, args...)...).CombinedOutput()
		return string(out), err == nil
	}
	out, ok := run("validate")
	if !ok {
		for _, one := range said {
			if strings.Contains(out, one.words) {
				return one.means
			}
		}
		t.Fatalf("cloudflared says something unknown: %s\n%s", out, s.text)
	}
	var unused []string
	for _, m := range ignored.FindAllStringSubmatch(out, -1) {
		unused = append(unused, m[1]+":"+m[2])
	}
	said := "starts, ignores [" + strings.Join(unused, " ") + "], rules"
	for _, u := range s.urls {
		out, _ := run("rule", "https://"+u[0]+u[1])
		if m := matched.FindStringSubmatch(out); m != nil {
			said += " " + m[1]
		}
	}
	return said
}
