package perf

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/engine"
	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/report"
	"github.com/wp502lint/wp502lint/tree"
)

// logBombs are logs that a stranger wrote to keep a linter busy. Their lines grow with n.
var logBombs = []struct {
	name string
	logs func(n int) []io.Reader
}{
	{"addresses in one second", func(n int) []io.Reader {
		return texts(numbered(n/2, refused("00:00", "a#", "s#.example", "/#")))
	}},
	{"an address each second", func(n int) []io.Reader {
		var b strings.Builder
		for i := range n / 2 {
			b.WriteString(strings.ReplaceAll(refused(fmt.Sprintf("%02d:%02d", i/60%60, i%60), "a#", "s#.example", "/#"), "#", fmt.Sprint(i)))
		}
		return texts(b.String())
	}},
	{"long events", func(n int) []io.Reader {
		return texts(numbered(n/50, refused("00:00", "a#", "s#.example", "/#"+strings.Repeat("x", 60_000))))
	}},
	{"long addresses", func(n int) []io.Reader {
		return texts(numbered(n/200, refused("00:00", "#"+strings.Repeat("a", 30_000), "#"+strings.Repeat("s", 30_000), "/")))
	}},
	{"long clients", func(n int) []io.Reader {
		return texts(numbered(n/50, strings.Replace(refused("00:00", "a", "s", "/"), "192.0.2.1", "#"+strings.Repeat("a", 60_000), 1)))
	}},
	{"long messages", func(n int) []io.Reader {
		return texts(numbered(n/50, "2026/11/26 02:00:00 [error] 1#1: *1 could not be resolved # "+strings.Repeat("x", 30_000)+" no live upstreams "+strings.Repeat("x", 30_000)+" while connecting to upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\"\n"))
	}},
	{"one process", func(n int) []io.Reader {
		return texts(strings.Repeat(died, n/10), strings.Repeat(refused("00:00", "a", "s", "/"), n/10), strings.Repeat(segfault, n/10))
	}},
	{"one process of many seconds", func(n int) []io.Reader {
		return texts(seconds(n/10, "[26-Nov-2026 02:@] WARNING: [pool www] child 7 exited on signal 9 (SIGKILL) after 1.000000 seconds from start\n"),
			seconds(n/10, "2026/11/26 02:@ [error] 1#1: *# recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.1, server: s#, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://unix:/run/a#.sock:\"\n"),
			numbered(n/10, "[ 1#.000000] Out of memory: Killed process 7 (php-fpm) total-vm:4kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:4kB oom_score_adj:0\n"))
	}},
	{"processes and requests", func(n int) []io.Reader {
		return texts(numbered(n/5, strings.ReplaceAll(died, "child 7", "child #")), numbered(n/2, "2026/11/26 02:00:00 [error] 1#1: *# recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.1, server: s#, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://unix:/run/a#.sock:\"\n"))
	}},
	{"refusals", func(n int) []io.Reader {
		return texts(numbered(n/5, "nginx: [emerg] unknown directive \"a#\" in /etc/nginx/a#.conf:#\n[26-Nov-2026 02:00:00] ERROR: [/etc/php/8.3/fpm/pool.d/a#.conf:#] unknown entry 'a#'\n"), numbered(n/5, refused("00:00", "a#", "s#.example", "/#")))
	}},
	{"requests that nginx tries again", func(n int) []io.Reader {
		return texts(numbered(n, "2026/11/26 02:00:00 [error] 1#1: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\", upstream: \"fastcgi://h#:9000\"\n"))
	}},
	{"502s of many seconds", func(n int) []io.Reader {
		return texts(seconds(n, "192.0.2.1 - - [26/Nov/2026:02:@ +0000] \"GET /# HTTP/1.1\" 502 157 \"-\" \"-\"\n"))
	}},
	{"long paths of 502s", func(n int) []io.Reader {
		return texts(numbered(n/50, "192.0.2.1 - - [26/Nov/2026:02:00:00 +0000] \"GET /#"+strings.Repeat("x", 60_000)+" HTTP/1.1\" 502 157 \"-\" \"-\"\n"))
	}},
	{"objects", func(n int) []io.Reader {
		return texts(strings.Repeat(`{"log":"2026/11/26 02:00:00 [error] 1#1: *1 connect() failed ",`+numbered(200, `"k#":{"a":[1]},`)+`"z":1}`+"\n", n/50))
	}},
	{"objects in objects", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat(`{"a":`, 9_000)+" connect() failed no live upstreams\n", n/500))
	}},
	{"prefixes", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat("> [a] nginx | web1 ", 3_000)+"no live upstreams while connecting to upstream\n", n/200))
	}},
	{"quotes", func(n int) []io.Reader { return texts(strings.Repeat(strings.Repeat(`" 50`, 16_000)+"\n", n/200)) }},
	{"escaped quotes", func(n int) []io.Reader { return texts(strings.Repeat(strings.Repeat(`\"`, 32_000)+" HTTP/\n", n/500)) }},
	{"dates", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat("26/Nov/2026 2026-11-26T 1700000000. ", 1_700)+"GET / HTTP/1.1 502\n", n/500))
	}},
	{"labels", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat("us=1 s= upstream_status=", 2_500)+"GET / HTTP/1.1 502\n", n/500))
	}},
	{"colours", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat("\x1b[1m\x1b[", 9_000)+"no live upstreams while connecting to upstream\n", n/200))
	}},
	{"escapes", func(n int) []io.Reader {
		return texts(strings.Repeat(strings.Repeat(`&amp;\\&quot;\"`, 4_000)+"no live upstreams while connecting to upstream\n", n/500))
	}},
	{"a long line", func(n int) []io.Reader { return []io.Reader{endless("x", 2_684*n)} }},
	{"zeros", func(n int) []io.Reader { return []io.Reader{endless("\x00", 2_684*n)} }},
	{"empty lines", func(n int) []io.Reader { return []io.Reader{endless("\n", 500*n)} }},
	{"short lines", func(n int) []io.Reader { return []io.Reader{endless("[1\n", 500*n)} }},
	{"wrapped lines", func(n int) []io.Reader {
		return texts(numbered(min(n, 900), strings.Repeat("x", 64)+" no live upstreams\n"))
	}},
	{"a bomb of gzip", func(n int) []io.Reader { return []io.Reader{packed(endless("\x00", 10_737*n))} }},
	{"a bomb of lines in gzip", func(n int) []io.Reader { return []io.Reader{packed(endless(died, 300*n))} }},
	{"many logs", func(n int) (all []io.Reader) {
		for i := range n / 50 {
			all = append(all, strings.NewReader(strings.ReplaceAll(refused("00:00", "a#", "s#", "/")+died, "#", fmt.Sprint(i))))
		}
		return all
	}},
}

const (
	died     = "[26-Nov-2026 02:00:00] WARNING: [pool www] child 7 exited on signal 11 (SIGSEGV) after 1.000000 seconds from start\n"
	segfault = "[ 1000.000000] php-fpm8.3[7]: segfault at 0 ip 00007f0000000000 sp 00007f0000000000 error 4 in opcache.so[7f0000000000+1000]\n"
)

// refused returns a line of nginx: no PHP-FPM listens at an address.
func refused(minute, address, site, path string) string {
	return "2026/11/26 02:" + minute + " [error] 1#1: *1 connect() to unix:/run/" + address + ".sock failed (2: No such file or directory) while connecting to upstream, client: 192.0.2.1, server: " +
		site + ", request: \"GET " + path + " HTTP/1.1\", upstream: \"fastcgi://unix:/run/" + address + ".sock:\", host: \"" + site + "\"\n"
}

// seconds returns a line for each of n seconds, with its number, and the minute and second of an
// hour.
func seconds(n int, line string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("#", fmt.Sprint(i), "@", fmt.Sprintf("%02d:%02d", i/60%60, i%60)).Replace(line))
	}
	return b.String()
}

func texts(all ...string) (readers []io.Reader) {
	for _, text := range all {
		readers = append(readers, strings.NewReader(text))
	}
	return readers
}

// endless returns a text again and again, n bytes in all.
func endless(text string, n int) io.Reader {
	return io.LimitReader(&again{text: []byte(strings.Repeat(text, 1+(64<<10)/len(text)))}, int64(n))
}

type again struct {
	text []byte
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

func packed(r io.Reader) io.Reader {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.Copy(w, r); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return &b
}

// diagnosed reads logs, decides the cause of what is in them, and returns how many bytes the
// report has. c may be nil.
func diagnosed(tb testing.TB, all []io.Reader, c *diagnose.Config) (d *diagnose.Diagnosis, size int) {
	tb.Helper()
	v := &diagnose.Evidence{}
	o := logs.Options{Now: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}
	for i, r := range all {
		name := fmt.Sprintf("%d.log", i)
		stats, err := logs.Read(r, name, o, v.Add)
		if err != nil {
			tb.Fatal(err)
		}
		v.Close(name, stats)
	}
	d = diagnose.Run(v, c)
	w := counter{}
	if err := report.DiagnosisJSON(&w, d, report.Options{}); err != nil {
		tb.Fatal(err)
	}
	return d, w.size
}

// rewound returns logs that can be read again.
func rewound(tb testing.TB, all []io.Reader) func() []io.Reader {
	tb.Helper()
	var kept [][]byte
	for _, r := range all {
		text, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		kept = append(kept, text)
	}
	return func() (fresh []io.Reader) {
		for _, text := range kept {
			fresh = append(fresh, bytes.NewReader(text))
		}
		return fresh
	}
}

// Nor does the work for logs, or what is kept of them.
func TestHostileLogs(t *testing.T) {
	const n = 5_000
	for _, bomb := range logBombs {
		t.Run(bomb.name, func(t *testing.T) {
			all, size := bomb.logs(n), 0
			var d *diagnose.Diagnosis
			if bytes, limit := allocated(func() { d, size = diagnosed(t, all, nil) }), 200<<20; bytes > limit {
				t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
			}
			if limit := 4 << 20; size > limit {
				t.Errorf("the report has %d bytes, want at most %d", size, limit)
			}
			if len(d.Incidents) > 510 {
				t.Errorf("there are %d incidents", len(d.Incidents))
			}
		})
	}
}

// Nor does the work for logs that name all sites of a host.
func TestHostileLogsOfHost(t *testing.T) {
	all, c := everySite(200, 5_000), configured(t, 200)
	if bytes, limit := allocated(func() { diagnosed(t, all, c) }), 200<<20; bytes > limit {
		t.Errorf("%d bytes were allocated, want at most %d", bytes, limit)
	}
}

// everySite returns a log in which PHP-FPM is down for each of some sites of a Tree in turn.
func everySite(sites, lines int) []io.Reader {
	var b strings.Builder
	for i := range lines {
		s := newSite(1 + i%sites)
		b.WriteString(refused(fmt.Sprintf("%02d:%02d", i/sites/60%60, i/sites%60), "php/php8.2-fpm-"+s.name, s.host, "/"))
	}
	return texts(b.String())
}

// configured is the configuration of a Tree, as diagnose takes it.
func configured(tb testing.TB, sites int) *diagnose.Config {
	files, _ := Tree{Sites: sites}.inMemory(tb)
	r := lintedWith(tb, tree.Memory(files), engine.Options{Paths: []string{"/etc"}})
	return &diagnose.Config{Stacks: r.Stacks, Report: r.Report}
}

// BenchmarkHostileLogs is BenchmarkHostile for logs.
func BenchmarkHostileLogs(b *testing.B) {
	const n = 100_000
	bench(b, "every site of a host", func() func() {
		fresh, c := rewound(b, everySite(benchSites, n)), configured(b, benchSites)
		return func() { diagnosed(b, fresh(), c) }
	})
	for _, bomb := range logBombs {
		bench(b, bomb.name, func() func() {
			fresh := rewound(b, bomb.logs(n))
			return func() { diagnosed(b, fresh(), nil) }
		})
	}
}
