package diagnose

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/lint"
)

// crashed returns a line of PHP-FPM about a worker that crashed in a second.
func crashed(pid, second int) string {
	at := time.Date(2026, 11, 28, 0, 0, second, 0, time.UTC)
	return fmt.Sprintf("[%s] WARNING: [pool www] child %d exited on signal 11 (SIGSEGV) after 1.000000 seconds from start\n", at.Format("02-Jan-2006 15:04:05"), pid)
}

// unresolved returns a line of nginx about a host name.
func unresolved(n int) string {
	at := time.Date(2026, 11, 28, 0, 0, n%50, 0, time.UTC)
	return fmt.Sprintf("%s [error] 7#7: *%d h%d.example could not be resolved (3: Host not found), client: 192.0.2.1, server: blog.example, request: \"GET / HTTP/1.1\", host: \"h%d.example\"\n", at.Format("2006/01/02 15:04:05"), n, n, n)
}

// Beyond the limits examples are dropped, and counts stay right.
func TestLimits(t *testing.T) {
	var seconds, names, paths, marks, access strings.Builder
	for n := range maxFailures + 5000 {
		at := time.Date(2026, 11, 1, 0, 0, n, 0, time.UTC)
		line := strings.Replace(failed(fmt.Sprint(n), "9000"), "2026/11/28 10:00:00", at.Format("2006/01/02 15:04:05"), 1)
		seconds.WriteString(line)
		names.WriteString(unresolved(n))
		fmt.Fprintf(&access, "192.0.2.1 - - [%s +0000] \"GET /%d HTTP/1.1\" 502 1\n", at.Format("02/Jan/2006:15:04:05"), n)
	}
	for n := range maxURLs + 500 {
		paths.WriteString(strings.Replace(failed("1", "9000"), "/index.php", fmt.Sprintf("/%d.php", n), 1))
	}
	for n := range maxMarks + 500 {
		marks.WriteString(crashed(n, 0))
	}
	for _, test := range []limit{
		{"seconds", seconds.String(), maxFailures + 5000, 2, true},
		{"names", names.String(), maxFailures + 5000, maxIncidents + 50, true},
		{"paths", paths.String(), maxURLs + 500, 1, false},
		{"access", access.String(), maxFailures + 5000, 2, true},
		{"marks", marks.String(), maxMarks, 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.hold(t, read(t, test.name+".log", test.log))
		})
	}
}

// limit is a log that meets a limit, and what is to be said about it all the same.
type limit struct {
	name, log  string
	want, most int // requests and incidents
	dropped    bool
}

func (l limit) hold(t *testing.T, d *Diagnosis) {
	got := 0
	for _, i := range d.Incidents {
		got += i.Count
		if len(i.URLs) > 5 || len(i.Lines) > 100 {
			t.Errorf("%s has %d URLs and %d lines", i.Cause.ID, len(i.URLs), len(i.Lines))
		}
	}
	if got != l.want {
		t.Errorf("%d requests, want %d", got, l.want)
	}
	if len(d.Incidents) > l.most {
		t.Errorf("%d incidents, want %d at most", len(d.Incidents), l.most)
	}
	if (d.Dropped > 0) != l.dropped {
		t.Errorf("%d lines were dropped", d.Dropped)
	}
}

// Many processes die in one second: the work grows with the lines, not with their square.
func TestManyDeaths(t *testing.T) {
	var fpm, kernel strings.Builder
	for n := range 9000 {
		fpm.WriteString(crashed(n, 0))
		fmt.Fprintf(&kernel, "2026-11-28T00:00:00+00:00 web kernel: php-fpm8.3[%d]: segfault at 18 ip 00007f826caa3710 sp 00007ffd17107eb0 error 4 in x%d.so[7f826ca81000+8f000]\n", n, n)
	}
	nginx := strings.Replace(failed("1", "9000"), "connect() failed (111: Connection refused) while connecting to", "recv() failed (104: Connection reset by peer) while reading response header from", 1)
	nginx = strings.Replace(nginx, "28 10:00:00", "28 00:00:00", 1)
	d := read(t, "error.log", strings.Repeat(nginx, 100), "fpm.log", fpm.String(), "kern.log", kernel.String())
	if d.Incidents[0].Cause != workerCrashed || d.Incidents[0].Count != 100 {
		t.Errorf("%s, %d requests", d.Incidents[0].Cause.ID, d.Incidents[0].Count)
	}
}

// A log may name a new server in each line: those that no site has are looked up once.
func TestUnknownServers(t *testing.T) {
	c, asked := &Config{}, 0
	for n := range 100 {
		c.indexed().once(question{cause: fpmDown, upstream: "127.0.0.1:9000", server: fmt.Sprint(n)}, func() []lint.Finding { asked++; return nil })
	}
	if asked != 1 {
		t.Error(asked)
	}
}
