package logs

import (
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// TestNeedles finds a literal of each row in its example, however that is quoted.
func TestNeedles(t *testing.T) {
	table := table()
	for i, r := range table.all {
		quoted, _ := json.Marshal(r.Example)
		for form, text := range map[string]string{"plain": r.Example, "JSON": string(quoted), "HTML": html.EscapeString(r.Example), "moved": "xyz" + r.Example} {
			var set rowSet
			table.needles.scan([]byte(text), &set)
			if !set.has(i) && !table.brief.has(i) {
				t.Errorf("%s: no literal in the %s form", r.Name, form)
			}
		}
		if table.brief.has(i) && !r.Sign.OfResponse() && (len(r.any) != 1 || r.any[0] != "[") {
			t.Errorf("%s: mayBeBrief does not know %q", r.Name, r.any)
		}
	}
	if len(table.all) >= len(rowSet{})*64 {
		t.Error("too many rows for a set")
	}
}

// TestSilent says which lines are never yielded.
func TestSilent(t *testing.T) {
	var names []string
	for _, r := range table().all {
		if r.silent {
			names = append(names, r.Name)
		}
	}
	if strings.Join(names, " ") != "nginx-stderr" {
		t.Error(names)
	}
}

// TestQuick compares the quick look at lines of access logs with the thorough one.
func TestQuick(t *testing.T) {
	files, _ := filepath.Glob("testdata/forms/*.log")
	known := 0
	for _, file := range files {
		log, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(log)) {
			status := quickStatus([]byte(line))
			h := strip(line, &Options{Now: now})
			r, ok := h.access(&Options{Now: now})
			if status != 0 && (!ok || r.Status != status) {
				t.Errorf("%s: %d, but %v %d: %s", file, status, ok, r.Status, line)
			}
			if status != 0 {
				known++
			}
		}
	}
	if known < 30 {
		t.Error(known)
	}
}

// TestServed tells the answers of PHP from files.
func TestServed(t *testing.T) {
	for request, want := range map[string]bool{
		"GET / HTTP/1.1": true, "GET /index.php?p=1.css HTTP/1.1": true, "POST /wp-json/v1.2/posts HTTP/2.0": true, "GET /shop/item HTTP/1.1": true, "/a/": true,
		"GET /css/site.css HTTP/1.1": false, "GET /a.js?v=1.php HTTP/1.1": false, "GET /robots.txt HTTP/1.1": false, "-": false, "": false, "GET /v1.2/a.png": false,
	} {
		if got := served(request); got != want {
			t.Errorf("%q: %v", request, got)
		}
	}
}

// about is the request of a line.
const about = `, client: 203.0.113.7, server: blog.example, request: "GET /a HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "blog.example"`

// alike are whole lines that resemble others, and their rows: "" is a line that means nothing.
var alike = []struct{ line, want string }{
	// What a visitor or PHP wrote.
	{`[error] 1#1: *1 open() "/var/www/no live upstreams while connecting to upstream" failed (2: No such file or directory)` + about, ""},
	{`[error] 1#1: *1 FastCGI sent in stderr: "PHP message: Redis: connect() failed (111: Connection refused)" while reading response header from upstream` + about, "nginx-stderr"},
	{`[error] 1#1: *1 FastCGI sent in stderr: "PHP message: upstream timed out (110: Connection timed out)" while reading upstream` + about, "nginx-stderr"},
	{`[error] 1#1: *1 FastCGI sent in stderr: "Unable to open primary script: /var/www/a.php (No such file or directory)" while reading response header from upstream` + about, "nginx-stderr"},
	{`[error] 1#1: *1 FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "x" in /a.php on line 3PHP message: PHP Fatal error:  Uncaught Error: x" while reading response header from upstream` + about, "nginx-php-fatal"},
	{`[error] 1#1: *1 FastCGI sent in stderr: "PHP message: hello; Primary script unknown" while reading response header from upstream` + about, "nginx-script-unknown"},
	{`[26-Nov-2026 13:20:09] WARNING: [pool www] child 7 said into stdout: "Uploading ... Finishing ..."`, "fpm-said"},
	// What is about no request of HTTP.
	{`[error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7, server: 0.0.0.0:3306, upstream: "127.0.0.1:3307", bytes from/to client:0/0, bytes from/to upstream:0/0`, ""},
	{`[error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.7, server: 0.0.0.0:143, login: "a", upstream: 127.0.0.1:10143`, ""},
	{`nginx: configuration file /etc/nginx/nginx.conf test is successful`, ""},
	{`nginx: configuration file /etc/nginx/nginx.conf test failed`, ""},
	{`nginx: the configuration file /etc/nginx/nginx.conf syntax is ok`, ""},
	{`ERROR: [pool www] child failed to initialize`, "fpm-child-not-made"},
	{`2026/11/26 13:20:09 [crit] 1#1: accept4() failed (24: Too many open files)`, "nginx-accept-no-files"},
	{`2026/11/26 13:20:09 [crit] 1#1: *1 open() "/var/www/a" failed (24: Too many open files)` + about, "nginx-too-many-files"},
	// Other systems and versions.
	{`[error] 1#1: *1 kevent() reported that connect() failed (61: Connection refused) while connecting to upstream` + about, "nginx-connect-refused"},
	{`[error] 1#1: *1 connect() to 127.0.0.1:9000 failed (111: Connection refused) while connecting to upstream` + about, "nginx-connect-refused"},
	{`[error] 1#1: *1 upstream timed out (110: Connection timed out) while reading upstream` + about, "nginx-truncated"},
	{`[crit] 1#1: *1 connect() to unix:/run/php.sock failed (91: Protocol wrong type for socket) while connecting to upstream` + about, "nginx-connect-failed"},
	{`[crit] 1#1: *1 SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116) while reading response header from upstream` + about, "nginx-tls-failed"},
	{`[error] 1#1: *1 upstream sent unsupported FastCGI protocol version: 6 while reading upstream` + about, "nginx-truncated"},
	{`[error] 1#1: *1 connect() to unix:/Users/x/Library/Application Support/Herd/herd84.sock failed (61: Connection refused) while connecting to upstream` + about, "nginx-connect-stale-socket"},
	{`WARNING: [pool www] child 43 said into stderr: "*** Error in ` + "`php-fpm: pool www': free(): invalid size: 0x00\"", "fpm-child-corrupted"},
	{`[error] 7#7: *8 FastCGI sent in stderr: "PHP message: Known (a.example): debug - Checking for HSTS headers`, "nginx-stderr"},
	{`[error] 1#1: *1 kevent() reported about an closed connection (54: Connection reset by peer) while reading response header from upstream` + about, "nginx-reset"},
	{`ERROR: An another FPM instance seems to already listen on /run/php/php7.1-fpm.sock`, "fpm-already-listening"},
	{`[Thu Nov 26 13:31:08.742170 2026] [cgid:error] [pid 7] [client 203.0.113.7:4] End of script output before headers: index.php`, "apache-header-broken"},
	{`(70007)The timeout specified has expired: AH00957: HTTP: attempt to connect to 10.0.0.5:8080 (10.0.0.5:8080) failed`, "apache-connect-timed-out"},
	{`[Fri Jan 30 15:35:59.863091 2015] [proxy:error] [pid 3615:tid 14] (111)Connection refused: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (*) failed`, "apache-connect-refused"},
	{`[Fri Jan 30 15:35:59.863091 2015] [proxy_fcgi:error] [pid 3615] [client 203.0.113.7:4] AH01067: Failed to read entire header got 0 wanted 8`, "apache-reset"},
	{`[Fri Jan 30 15:35:59.863091 2015] [proxy:error] [pid 3615] AH00940: FCGI: disabled connection for (127.0.0.1)`, "apache-worker-disabled"},
	{`[Fri Jan 30 15:35:59.863091 2015] [proxy:error] [pid 3615] AH00959: ap_proxy_connect_backend disabling worker for (127.0.0.1) for 60s`, "apache-disables-worker"},
	{`(OS 10061)No connection could be made because the target machine actively refused it.  : AH00957: HTTP: attempt to connect to 127.0.0.1:9000 (127.0.0.1) failed`, "apache-connect-refused"},
	{`[Sat Nov 28 10:00:00.1 2026] [proxy:error] [pid 7] (2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/my php/a.sock (*) failed`, "apache-connect-no-socket"},
	{`[Sat Nov 28 10:00:00.1 2026] [proxy_fcgi:error] [pid 7] [client 203.0.113.7:4] End of script output before headers: index.php`, "apache-header-too-big"},
	{`[Sat Nov 28 10:00:00.1 2026] [proxy_scgi:error] [pid 7] [client 203.0.113.7:4] End of script output before headers: index.php`, "apache-scgi-header"},
	{`[Sat Nov 28 10:00:00.1 2026] [php:error] [pid 7] [client 203.0.113.7:4] PHP Fatal error:  Uncaught Error: x in /a.php:3`, "apache-module-fatal"},
	{`[Sat Nov 28 10:00:00.1 2026] [php:warn] [pid 7] [client 203.0.113.7:4] PHP Warning:  Undefined variable $a in /a.php on line 3`, ""},
	{`[Sat Nov 28 10:00:00.1 2026] [mpm_event:notice] [pid 7] AH00489: Apache/2.4.71 (Debian) configured -- resuming normal operations`, ""},
	{`apache2: Syntax error on line 24 of /etc/apache2/apache2.conf: Syntax error on line 1 of /etc/apache2/inc/a.conf: Could not open configuration file /etc/apache2/b.conf: No such file or directory`, "apache-include-missing"},
	{`apache2: Syntax error on line 24 of /etc/apache2/apache2.conf: Expected </IfModule> before end of configuration`, "apache-syntax-error"},
	{`AH00526: Syntax error on line 5 of /etc/apache2/sites-enabled/blog.conf:`, "apache-error-place"},
	{`[Fri Nov 28 10:00:00 2014] [error] (111)Connection refused: proxy: HTTP: attempt to connect to 127.0.0.1:8080 (*) failed`, "apache-connect-refused"},
	{`[Fri Nov 28 10:00:00 2014] [error] [client 203.0.113.7] proxy: Error reading from remote server returned by /index.php`, "apache-origin-error"},
	{`[Fri Nov 28 10:00:00 2014] [error] [client 203.0.113.7] (20014)Internal error: proxy: error reading status line from remote server 127.0.0.1`, "apache-origin-closed"},
	{`[Fri Nov 28 10:00:00 2014] [error] [client 203.0.113.7] proxy: DNS lookup failure for: php returned by /index.php`, "apache-name-not-resolved"},
	{`[Fri Nov 28 10:00:00 2014] [error] proxy: HTTP: disabled connection for (127.0.0.1)`, "apache-worker-disabled"},
	{`[Fri Nov 28 10:00:00 2014] [error] ap_proxy_connect_backend disabling worker for (127.0.0.1)`, "apache-disables-worker"},
	{`[Sat Nov 28 10:00:00 2026] AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (127.0.0.1:9000) failed`, "apache-connect-tcp-failed"},
	{`[Sat Nov 28 10:00:00 2026] AH01075: Error dispatching request to : (polling)`, "apache-answer-timed-out"},
	{`AH00526: Syntax error on line 5 of /etc/apache2/sites-enabled/blog.conf: Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration`, "apache-invalid-command"},
	{`AH00526: Syntax error on line 5 of /etc/apache2/a.conf: Listen cannot occur within <VirtualHost> section`, "apache-misplaced"},
	{`AH00526: Syntax error on line 5 of /etc/apache2/a.conf: SetHandler takes one argument, a handler name that overrides any other configured handler`, "apache-argument-count"},
	{`AH00526: Syntax error on line 5 of /etc/apache2/a.conf: Illegal option A`, "apache-value-refused"},
	{`ProxyPass Unable to parse URL: 127.0.0.1:9000`, "apache-value-refused"},
	{`AH00534: apache2: Configuration error: More than one MPM loaded.`, "apache-no-mpm"},
	{`kernel: Killed process 7 (php-fpm), UID 33, total-vm:412344kB, anon-rss:390000kB, file-rss:1024kB`, "kernel-oom-killed"},
	{`php-fpm8.3[7]: unhandled level 1 translation fault (11) at 0x00000000, esr 0x92000005, in imagick.so[ffff8a+1000]`, "kernel-fault-arm64"},
	{`php-fpm8.3[7]: unhandled exception: DABT (lower EL), ESR 0x0000000092000005, level 1 translation fault`, "kernel-fault-arm64"},
	{`2026-11-26 13:20:09,382 INFO spawnerr: can't find command '/usr/sbin/php-fpm7.0'`, "supervisor-cannot-run"},
	{`2026-11-26 13:20:09,382 INFO exited: php-fpm (exit status 78; not expected)`, "supervisor-exited"},
	{`2026-11-26 13:20:09,382 INFO exited: php-fpm (exit status 0; expected)`, ""},
	{`Failed to restart php-fpm.service: Unit php-fpm.service not found.`, "systemd-not-started"},
	{`systemd[1]: php8.3-fpm.service: The kernel OOM killer killed some processes in this unit.`, "systemd-oom"},
	{`ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: context canceled" originService=http://localhost:80`, "cloudflared-client-closed"},
}

// TestRows reads whole lines.
func TestRows(t *testing.T) {
	for _, of := range alike {
		name := ""
		if e, ok := Parse(of.line, Options{}); ok {
			name = e.Row.Name
		}
		if name != of.want {
			t.Errorf("%s: %q, not %q", of.line, name, of.want)
		}
	}
}

// TestTasks reads the kernel's list of processes, which has more columns in newer ones.
func TestTasks(t *testing.T) {
	for _, columns := range []string{"720896        0", "  118       0     0", "12706     1824         0   180224        0"} {
		e, _ := Parse("[   1234]    33  1234   120222    60111   "+columns+"             0 php-fpm8.3", Options{})
		if e.Field("pages") != "60111" || e.Field("process") != "php-fpm8.3" {
			t.Error(columns, e.values)
		}
	}
}

// TestCut reads examples that were cut at both ends.
func TestCut(t *testing.T) {
	for _, of := range []struct{ line, want string }{
		{`*8 recv() failed (104: Connection reset by pe`, "nginx-reset"},
		{`recv() failed (104: Connection reset by peer)`, "nginx-reset"},
		{`[error] 8#8: *8 upstream prematurely closed connection while reading resp`, "nginx-closed"},
		{`[error] 8#8: *8 upstream prematurely closed conn`, "nginx-closed"},
		{`upstream sent too big header ... upstream: "fastcgi://127.0.0.1:9000"`, "nginx-header-too-big"},
		{`connect() to unix:/run/php/php8.3-fpm.sock failed (2: No such fi`, "nginx-connect-no-socket"},
		{`failed (2: No such file or directory) while connecting to upstream, client: 203.0.113.7, server: b`, "nginx-connect-no-socket"},
		{`connect() to unix:/run/php/php8.3-fpm.sock failed (1`, ""},
		{`connect() to unix:/run/php/php8.3-fpm.sock fai`, ""},
		{`connect() failed (11`, ""},
		{`child 7 exited on signal 11 (SIGSE`, "fpm-child-signal"},
		{`unable to bind listening socket for address '/run/php.sock': Address already in use (98)`, "fpm-address-in-use"},
		{`[pool www] pm.min_spare_servers(0) must be a positive value`, "fpm-min-spare-invalid"},
		{`[pool www] pm.start_servers is not set`, ""}, // most lines about a pool are harmless
		{`php-fpm8.3[77]: segfault at 18 ip 00005592fed8fbd0 ... error 4 in php-fpm8.3`, "kernel-segfault"},
		{`Memory cgroup out of memory: Killed process 77 (php`, "kernel-oom-kill"},
		{`Unable to reach the origin service. The service may be down or it may`, "cloudflared-unreachable"},
		{`the article says that php is slow`, ""},
		{`/etc/nginx/sites-enabled/blog.conf`, ""},
		{`upstream`, ""},
		{`2014/08/30 09:36:31 [crit] 4#0: *1 stat() "/var/www/blog/" failed (13: Permission denied), client: 203.0.113.7`, ""},
	} {
		e, ok := Parse(of.line, Options{})
		name := ""
		if ok {
			name = e.Row.Name
		}
		if name != of.want {
			t.Errorf("%s: %q", of.line, name)
		}
	}
}

// TestCutExamples cuts the example of every row before its end: what is left is the row, one with
// the same sign, or nothing.
func TestCutExamples(t *testing.T) {
	told := 0
	for _, s := range servers.Signatures() {
		said, _, _ := strings.Cut(s.Example, ", client: ")
		for _, n := range []int{1, 3, 8, 15} {
			if len(said) < n+30 {
				continue
			}
			e, ok := Parse(said[:len(said)-n], Options{})
			if !ok || e.Row.Sign == servers.NoSign {
				continue
			}
			told++
			if e.Row.Sign != s.Sign && !related[s.Name+" "+e.Row.Name] {
				t.Errorf("%s: %s is %s", s.Name, said[:len(said)-n], e.Row.Name)
			}
		}
	}
	if told < 200 {
		t.Error(told)
	}
}

// related are rows that a cut makes a more general one.
var related = map[string]bool{"nginx-truncated nginx-reset": true, "fpm-child-not-made fpm-refused-pool": true}

// TestLine compares the quick look at each line with the thorough one, twice: the second time the
// messages of nginx are known.
func TestLine(t *testing.T) {
	files, _ := filepath.Glob("testdata/forms/*.log")
	for _, file := range files {
		log, _ := os.ReadFile(file)
		quick := worker{o: Options{Now: now}}
		for range 2 {
			for line := range strings.Lines(string(log)) {
				sameLine(t, &quick, strings.TrimSuffix(line, "\n"))
			}
		}
	}
}

// sameLine reports an error if the two ways to look at a line find different events.
func sameLine(t *testing.T, quick *worker, line string) {
	t.Helper()
	thorough := worker{o: quick.o}
	quick.tally = tally{}
	quick.line([]byte(line))
	thorough.look(line)
	draw := func(events []*Event) (text string) {
		for _, e := range events {
			text += drawnEvent(e)
		}
		return text
	}
	if got, want := draw(quick.events), draw(thorough.events); got != want {
		t.Errorf("%q\nquick:\n%s\nthorough:\n%s", line, got, want)
	}
}

// TestFind compares the rows that are found by their literals with those of all expressions.
func TestFind(t *testing.T) {
	var lines []string
	for _, s := range servers.Signatures() {
		lines = append(lines, s.Example, "x "+s.Example)
	}
	files, _ := filepath.Glob("testdata/forms/*.log")
	for _, file := range files {
		log, _ := os.ReadFile(file)
		for line := range strings.Lines(string(log)) {
			h := strip(line, &Options{Now: now})
			lines = append(lines, line, h.text)
		}
	}
	for _, line := range lines {
		got, _ := table().find(line, 0)
		var want *row
		for i, r := range table().all {
			if table().brief.has(i) && !r.begins(line) {
				continue
			}
			if _, ok := r.match(line, true); ok {
				want = r
				break
			}
		}
		if got != want {
			t.Errorf("%q: %v, not %v", line, got, want)
		}
	}
}

// TestOrdinary looks for literals in the lines that most logs consist of: only rows that say
// nothing have one, so that such lines are not read any further.
func TestOrdinary(t *testing.T) {
	for _, line := range []string{quietForm, phpForm, accessForm, jsonForm, kernelForm, dockerForm,
		`2026/11/26 13:19:19 [error] 8#8: *9 access forbidden by rule, client: 203.0.113.7`, `2026/11/26 13:19:19 [error] 8#8: *9 directory index of "/var/www/a/" is forbidden`,
		`Nov 26 13:20:00 web1 systemd[1]: Started cron.service - Regular background program processing daemon.`, `Nov 26 13:20:00 web1 sshd[1]: Connection closed by 203.0.113.9 port 22 [preauth]`} {
		var set rowSet
		table().needles.scan([]byte(line), &set)
		for i, r := range table().all {
			if set.has(i) && !r.silent {
				t.Errorf("%s has a literal of %s: %q", line, r.Name, r.any)
			}
		}
	}
}
