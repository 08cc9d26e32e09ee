package bundle

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/servers"
)

// leaks are parts of what is planted: secrets, addresses of visitors, and their names.
var leaks = []string{"S3cr3t", "s3cr3t", "203.0.113", "2001:db8", "2001%3a", "alice", "192.168.7.9"}

// leaked returns the plants in a text.
func leaked(text string) (found []string) {
	for _, l := range leaks {
		if strings.Contains(strings.ToLower(text), strings.ToLower(l)) {
			found = append(found, l)
		}
	}
	return found
}

// said is how the words before a request begin in the lines of nginx.
const before = `[error] 7#7: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.7, server: blog.example`

// planted are lines with plants, and what has to stay.
var planted = []struct{ name, line, stays string }{
	{"a query", before + `, request: "GET /cart.php?token=S3cr3t HTTP/1.1", host: "blog.example"`, `request: "GET /cart.php?… HTTP/1.1", host: "blog.example"`},
	{"a query with a quote", before + `, request: "GET /a.php?x="S3cr3t"&y HTTP/1.1", host: "blog.example"`, `/a.php?… HTTP/1.1"`},
	{"a query with an escape", before + `, request: "GET /a.php%3Fx=S3cr3t HTTP/1.1"`, `/a.php?…`},
	{"a query that is escaped twice", before + `, request: "GET /a.php%253Fx=S3cr3t HTTP/1.1", upstream: "http://10.0.0.5:80/a%253Fx=S3cr3t"`, `10.0.0.5:80/a?…`},
	{"a token of Base64", before + `, request: "GET /magic/aB3-dE5_fG7h-S3cr3t-Ij9kLm-nOpQ HTTP/1.1"`, `/magic/… HTTP`},
	{"a long number", before + `, request: "GET /pay/4111111111111111/my-first-post-of-2026 HTTP/1.1"`, `/pay/…/my-first-post-of-2026 HTTP`},
	{"a fragment", before + `, request: "GET /a.php#S3cr3t HTTP/1.1"`, `/a.php?…`},
	{"no quote at the end", before + `, request: "GET /a.php?x=S3cr3t`, `"GET /a.php?…`},
	{"a request without a method", before + `, request: "S3cr3t=S3cr3t"`, `request: "`},
	{"a strange method", before + `, request: "S3cr3t / HTTP/1.1"`, `… / HTTP/1.1"`},
	{"a subrequest", before + `, request: "GET /a HTTP/1.1", subrequest: "/auth?key=S3cr3t"`, `subrequest: "/auth?…"`},
	{"a referrer", before + `, request: "GET / HTTP/1.1", host: "blog.example", referrer: "https://x.example/S3cr3t?a=S3cr3t b", x"`, `referrer: "…"`},
	{"a URI of an upstream", before + `, request: "GET / HTTP/1.1", upstream: "http://10.0.0.5:3000/a?b=S3cr3t", host: "blog.example"`, `upstream: "http://10.0.0.5:3000/a?…"`},
	{"a public upstream", before + `, request: "GET / HTTP/1.1", upstream: "https://203.0.113.9:443/"`, `upstream: "https://address-1:443/"`},
	{"a client of IPv6", strings.Replace(before, "203.0.113.7", "2001:db8::7", 1), "client: client-1,"},
	{"a mapped client", strings.Replace(before, "203.0.113.7", "::ffff:203.0.113.7", 1), "client: client-1,"},
	{"a private client", strings.Replace(before, "203.0.113.7", "192.168.7.9", 1), "client: client-1,"},
	{"a token in a path", before + `, request: "GET /reset/S3cr3t9f8e7d6c5b4a39281706f5e4d3 HTTP/1.1"`, `/reset/… HTTP`},
	{"an e-mail address in a path", before + `, request: "GET /user/alice%40mail.example/x HTTP/1.1"`, `/user/…/x HTTP`},
	{"an address in a path", before + `, request: "GET /ban/203.0.113.9/2001:db8::1/2001%3Adb8%3A%3A2 HTTP/1.1"`, `/ban/address-1/address-2/address-3 HTTP`},
	{"a session in a path", before + `, request: "GET /a;jsessionid=S3cr3t/b HTTP/1.1"`, `/a;jsessionid=…/b HTTP`},
	{"user information", before + `, request: "GET / HTTP/1.1", upstream: "http://alice:S3cr3t@127.0.0.1:80/"`, `@127.0.0.1:80`},
	{"a host that is an address", before + `, request: "GET / HTTP/1.1", host: "203.0.113.9:8080"`, `host: "address-1:8080"`},
	{"a header of an upstream", strings.Replace(before, "recv() failed (104: Connection reset by peer)", `upstream sent invalid header: "X-Api-Key: S3cr3t" S3cr3t"`, 1), `invalid header: "X-Api-Key: …" while`},
	{"a status of an upstream", strings.Replace(before, "recv() failed (104: Connection reset by peer)", `upstream sent invalid status "S3cr3t"`, 1), `invalid status "…" while`},
	{"two headers", strings.Replace(before, "recv() failed (104: Connection reset by peer)", `upstream sent duplicate header line: "Content-Length: S3cr3t", previous value: "Content-Length: S3cr3t"`, 1), `duplicate header line: "Content-Length: …" while`},
	{"a message of a script", strings.Replace(before, "recv() failed (104: Connection reset by peer)", `FastCGI sent in stderr: "PHP message: user alice S3cr3t from 203.0.113.7"`, 1), `stderr: "PHP message: …" while`},
	{"an exception", strings.Replace(before, "recv() failed (104: Connection reset by peer)", `FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught PDOException: S3cr3t in /var/www/a.php:3 Stack trace: #0 /var/www/a.php(3): PDO->__construct('S3cr3t')"`, 1), `PHP Fatal error:  Uncaught PDOException: … in /var/www/a.php on line 3" while`},
	{"an error of PHP", `WARNING: [pool www] child 9 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined array key "S3cr3t" in /var/www/a.php on line 3"`, `PHP Warning:  Undefined array key "…" in /var/www/a.php on line 3"`},
	{"a key with a quotation mark", `WARNING: [pool www] child 9 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined array key "a"S3cr3t" in /var/www/a.php on line 3"`, `PHP Warning:  Undefined array key "…" in /var/www/a.php on line 3"`},
	{"a key with two", `WARNING: [pool www] child 9 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined array key "a" S3cr3t "b" in /var/www/a.php on line 3"`, `PHP Warning:  Undefined array key "…" in /var/www/a.php on line 3"`},
	{"a key that is cut", `WARNING: [pool www] child 9 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined array key "a" S3cr3t`, `PHP Warning:  Undefined array key "…`},
	{"a memory limit", `WARNING: [pool www] child 9 said into stderr: "NOTICE: PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/a.php on line 3"`, `Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/a.php on line 3"`},
	{"a request of PHP-FPM with a space", `WARNING: [pool www] child 9, script '/var/www/a.php' (request: "GET /a.php?x=a S3cr3t") execution timed out (30.3 sec), terminating`, `(request: "GET /a.php?…") execution timed out`},
	{"a request of PHP-FPM", `WARNING: [pool www] child 9, script '/var/www/a.php' (request: "GET /a.php?x=S3cr3t") execution timed out (30.3 sec), terminating`, `(request: "GET /a.php?…") execution timed out`},
	{"a client of Apache", `(104)Connection reset by peer: [client 203.0.113.7:43105] AH01075: Error dispatching request to : , referer: https://x.example/?S3cr3t`, `[client client-1:43105] AH01075`},
	{"a message of Apache", `[client 203.0.113.7:43105] AH01071: Got error 'PHP message: S3cr3t', referer: http://S3cr3t/`, `Got error 'PHP message: …`},
	{"cloudflared", `ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: dial tcp 10.0.0.5:8080: connect: connection refused" connIndex=0 dest=https://blog.example/a.php?x=S3cr3t event=0 ip=203.0.113.7 originService=http://alice:S3cr3t@10.0.0.5:8080 type=http`, `dial tcp 10.0.0.5:8080: connect: connection refused`},
	{"a cookie", `[error] 7#7: *1 client sent invalid header line: "Cookie: a=S3cr3t; b=S3cr3t" while reading client request headers, client: 203.0.113.7`, `client sent invalid header line: "…" while`},
	{"headers in a line", `[error] 7#7: *1 x Cookie: a=S3cr3t; b=S3cr3t`, `Cookie: …`},
	{"authorization", `[error] 7#7: *1 x Authorization: Basic S3cr3tS3cr3t==`, `Authorization: …`},
	{"a bearer", `[error] 7#7: *1 x Bearer S3cr3t.S3cr3t.S3cr3t y`, ` y`},
	{"a name of a secret", `[error] 7#7: *1 x api_key=S3cr3t password: S3cr3t --token S3cr3t`, `api_key=…`},
	{"a signed token", `[error] 7#7: *1 x eyJhbGciOiJIUzI1NiJ9.S3cr3t.S3cr3t y`, ` y`},
}

func TestLine(t *testing.T) {
	for _, p := range planted {
		m := newMasker(&Case{})
		l := diagnose.Line{Sample: logs.Sample{Text: p.line}, By: servers.Nginx, Sign: servers.Reset}
		got := m.line(l)
		if found := leaked(got); len(found) > 0 || !strings.Contains(got, p.stays) {
			t.Errorf("%s: leaks %v, and %q has to stay:\n%s", p.name, found, p.stays, got)
		}
		l.Text = got
		if again := m.line(l); again != got {
			t.Errorf("%s: masked again it is\n%s, not\n%s", p.name, again, got)
		}
		if open := newMasker(&Case{Unmasked: true}); open.line(diagnose.Line{Sample: logs.Sample{Text: p.line}}) != p.line {
			t.Errorf("%s: something is masked", p.name)
		}
	}
}

func TestAccessLine(t *testing.T) {
	for _, p := range []struct{ line, want string }{
		{`203.0.113.7 - alice [26/Nov/2026:03:12:33 +0100] "GET /cart.php?a=S3cr3t HTTP/1.1" 502 157 "https://x/?S3cr3t" "S3cr3t/1.0" "203.0.113.9"`, `client-1 [26/Nov/2026:03:12:33 +0100] "GET /cart.php?…" 502 …`},
		{`blog.example 2001:db8::7 - - [26/Nov/2026:03:12:33 +0100] "POST /x HTTP/1.1" 502 157 "-" "S3cr3t" us="502, 200"`, `blog.example client-1 [26/Nov/2026:03:12:33 +0100] "POST /x" 502 upstream_status=502, 200 …`},
		{`{"time":"2026-11-26T03:12:33+01:00","remote_addr":"203.0.113.7","request":"GET /a?b=S3cr3t HTTP/1.1","status":502,"http_cookie":"S3cr3t","http_user_agent":"S3cr3t"}`, `client-1 [26/Nov/2026:03:12:33 +0100] "GET /a?…" 502 …`},
		{`203.0.113.7 - - [26/Nov/2026:03:12:33 +0100] "GET /S3cr3t?a`, `…`},
		{`S3cr3t`, `…`},
	} {
		got := newMasker(&Case{}).line(diagnose.Line{Sample: logs.Sample{Text: p.line}})
		if got != p.want {
			t.Errorf("%s\ngot  %s\nwant %s", p.line, got, p.want)
		}
	}
}

// Lines of every kind are masked, and are still lines of that kind.
func TestEveryKindOfLine(t *testing.T) {
	plant := strings.NewReplacer("client: 127.0.0.1", "client: 203.0.113.7", "/index.php HTTP", "/index.php?token=S3cr3t HTTP", "GET / HTTP", "GET /?token=S3cr3t HTTP",
		`/index.php"`, `/index.php?S3cr3t"`, `[client 127.0.0.1:43105]`, `[client 203.0.113.7:43105]`, `host: "blog.example"`, `host: "blog.example", referrer: "https://alice@x/?S3cr3t"`)
	for _, s := range servers.Signatures() {
		line := plant.Replace(s.Log.Example)
		if s.Log.Example == "" {
			continue
		}
		got := newMasker(&Case{}).line(diagnose.Line{Sample: logs.Sample{Text: line}, By: s.By, Sign: max(s.Sign, 1)})
		if found := leaked(got); len(found) > 0 {
			t.Errorf("%s leaks %v:\n%s", s.Name, found, got)
		}
		e, ok := logs.Parse(line, logs.Options{})
		after, still := logs.Parse(got, logs.Options{})
		if ok != still || ok && e.Row != after.Row {
			t.Errorf("%s is another line when it is masked:\n%s\n%s", s.Name, line, got)
		}
		if plain := newMasker(&Case{}).line(diagnose.Line{Sample: logs.Sample{Text: s.Log.Example}, By: s.By, Sign: max(s.Sign, 1)}); ok && strings.Count(plain, "…") > strings.Count(s.Log.Example, "…") {
			t.Logf("%s: %s", s.Name, plain)
		}
	}
}

func TestSameName(t *testing.T) {
	m := newMasker(&Case{})
	first, second := m.client("203.0.113.7"), m.client("2001:DB8:0::7")
	for text, want := range map[string]string{
		"::ffff:203.0.113.7 and 203.0.113.7:51234.": first + " and " + first + ":51234.",
		"[2001:db8::7]:443":                         "[" + second + "]:443",
		"203.000.113.007":                           first,
		"203.0.113.7/32":                            first + "/32",
		"1.2.3 and v203.0.113.7 and 1.203.0.113.7":  "1.2.3 and v203.0.113.7 and 1.203.0.113.7",
		"at 03:12:33, PDO::__construct, A::b":       "at 03:12:33, PDO::__construct, A::b",
		"127.0.0.1:9000 [::1] 0.0.0.0:80 [::]:80":   "127.0.0.1:9000 [::1] 0.0.0.0:80 [::]:80",
		"addr:203.0.113.7":                          "addr:" + first,
		"face:203.0.113.7":                          "face:" + first,
		"segfault at 18 ip 00007f826caa3710 error 4 in redis.so[7f826ca81000+8f000]": "segfault at 18 ip 00007f826caa3710 error 4 in redis.so[7f826ca81000+8f000]",
	} {
		if got := m.word(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := m.text("listen 10.0.0.5:80, 203.0.113.7"); got != "listen 10.0.0.5:80, "+first {
		t.Error(got)
	}
	if got := m.word("listen 10.0.0.5:80"); got != "listen address-1:80" {
		t.Error(got)
	}
	if got := m.text("cannot reach alice:S3cr3t@203.0.113.7:80 or http://alice@x/, unix:/run/a"); got != "cannot reach …@"+first+":80 or http://…@x/, unix:/run/a" {
		t.Error(got)
	}
	if got := m.text("php8.3-fpm@www.service of alice@mail.example, image nginx@sha256:0"); got != "php8.3-fpm@www.service of …, image nginx@sha256:0" {
		t.Error(got)
	}
}

func FuzzLine(f *testing.F) {
	for _, p := range planted {
		f.Add(p.line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		m := newMasker(&Case{})
		for _, text := range []string{line, before + `, request: "GET ` + line + ` HTTP/1.1"`} {
			got := m.serverLine(text)
			if again := m.serverLine(got); again != m.serverLine(again) {
				t.Errorf("%q, %q", got, again)
			}
		}
	})
}
