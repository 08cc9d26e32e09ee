package watch

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/diagnose"
	"github.com/wp502lint/wp502lint/logs"
)

var start = time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)

// growing is a Watch with logs that grow.
type growing struct {
	*Watch
	t   testing.TB
	now time.Time
}

func grow(t testing.TB, before ...string) *growing {
	g := &growing{New(nil, start), t, start}
	v := &diagnose.Evidence{}
	for i := 0; i < len(before); i += 2 {
		stats := g.read(before[i], before[i+1], v.Add)
		v.Close(before[i], stats)
	}
	g.Start(diagnose.Run(v, nil), start)
	return g
}

// read adds lines to a log.
func (g *growing) read(name, text string, also func(*logs.Event)) logs.Stats {
	g.t.Helper()
	base := int(g.Lines(name))
	stats, err := logs.Read(strings.NewReader(text), name, logs.Options{Now: g.now.Add(24 * time.Hour)}, func(e *logs.Event) {
		e.At.Line += base
		if also != nil {
			also(e)
		}
		g.Add(e)
	})
	if err != nil {
		g.t.Fatal(err)
	}
	g.Close(name, stats)
	return stats
}

// after passes time and returns what is said, without the parts that do not matter here.
func (g *growing) after(d time.Duration) string {
	var said []string
	for end := g.now.Add(d); g.now.Before(end); {
		g.now = g.now.Add(time.Second)
		for _, m := range g.Step(g.now) {
			said = append(said, strings.TrimSpace(m.Text(time.UTC, nil)))
		}
	}
	return strings.Join(said, "|")
}

func (g *growing) expect(what, got, want string) {
	g.t.Helper()
	if got != want {
		g.t.Errorf("%s: said %q, want %q", what, got, want)
	}
}

// failed is a line of nginx about a request that failed at a time.
func failed(at time.Time, n int, why string) string {
	return fmt.Sprintf(`%s [error] 7#7: *%d %s upstream, client: 192.0.2.7, server: blog.example, request: "GET /a.php HTTP/1.1", upstream: "fastcgi://unix:/run/a.sock:", host: "blog.example"`+"\n", at.Format("2006/01/02 15:04:05"), n, why)
}

const (
	reset   = "recv() failed (104: Connection reset by peer) while reading response header from"
	refused = "connect() to unix:/run/a.sock failed (111: Connection refused) while connecting to"
)

// served is a line of an access log.
func served(at time.Time, status int) string {
	return fmt.Sprintf(`192.0.2.7 - - [%s] "GET /a.php HTTP/1.1" %d 157 "-" "-"`+"\n", at.Format("02/Jan/2006:15:04:05 -0700"), status)
}

const crashed = "2026-11-26 03:00:01  502: PHP-FPM workers crashed while they served requests\n  wp502lint explain WP701"

// A cause is said once, when the lines about it are complete, and when it is over.
func TestCause(t *testing.T) {
	g := grow(t)
	g.read("error.log", failed(start.Add(time.Second), 1, reset), nil)
	g.expect("too early", g.after(time.Second), "")
	g.read("php.log", "[26-Nov-2026 03:00:01] WARNING: [pool www] child 9 exited on signal 11 (SIGSEGV) after 5.1 seconds from start\n", nil)
	g.expect("begins", g.after(10*time.Second), crashed)
	g.read("error.log", failed(start.Add(12*time.Second), 2, reset), nil)
	g.read("php.log", "[26-Nov-2026 03:00:12] WARNING: [pool www] child 10 exited on signal 11 (SIGSEGV) after 5.1 seconds from start\n", nil)
	g.read("access.log", served(start.Add(15*time.Second), 200), nil)
	g.expect("goes on", g.after(30*time.Second), "")
	g.expect("is over", g.after(time.Minute), "2026-11-26 03:01:12  over: PHP-FPM workers crashed while they served requests (2 requests, the last at 2026-11-26 03:00:12)")
	g.expect("is quiet", g.after(10*time.Minute), "2026-11-26 03:05:12  quiet for 5 minutes|2026-11-26 03:10:12  quiet for 10 minutes")
	at := g.now.Add(time.Second)
	g.read("error.log", failed(at, 3, reset), nil)
	g.read("php.log", at.Format("[02-Jan-2006 15:04:05]")+" WARNING: [pool www] child 11 exited on signal 11 (SIGSEGV) after 5.1 seconds from start\n", nil)
	g.expect("again", g.after(10*time.Second), at.Format(time.DateTime)+"  502 again: PHP-FPM workers crashed while they served requests\n  wp502lint explain WP701")
	if !g.Bad() {
		t.Error("no sign of a 502")
	}
	if all := g.Totals(); len(all) != 1 || all[0].Count != 3 {
		t.Errorf("totals: %+v", all)
	}
}

// What was answered is not said again, and a healthy log says nothing.
func TestQuiet(t *testing.T) {
	g := grow(t, "error.log", failed(start, 1, reset))
	g.read("error.log", failed(start.Add(time.Second), 2, reset), nil)
	g.expect("known", g.after(time.Minute), "")
	if all := g.Totals(); len(all) != 1 || all[0].Count != 2 {
		t.Errorf("totals: %+v", all)
	}
	g = grow(t)
	for range 60 {
		g.read("access.log", served(g.now, 200)+served(g.now, 404)+served(g.now, 504)+served(g.now, 499), nil)
		if said := g.after(time.Second); said != "" {
			t.Fatal(said)
		}
	}
	g.expect("quiet", g.after(Quiet), "2026-11-26 03:05:00  quiet for 5 minutes")
	if g.Bad() || len(g.End(g.now)) > 0 {
		t.Error("a sign of a 502")
	}
}

// A list of the kernel by itself is not a 502.
func TestOtherProcess(t *testing.T) {
	g := grow(t)
	g.read("kern.log", "Nov 26 03:00:01 web kernel: [ 1234.500000] [    800]   110   800   920222   160111  1720896        0             0 mysqld\n", nil)
	g.expect("a list", g.after(time.Minute), "")
}

// What is left is said at the end.
func TestEnd(t *testing.T) {
	g := grow(t)
	g.read("error.log", failed(start, 1, refused), nil)
	if all := g.End(start); len(all) != 1 || all[0].Kind != Began || !g.Bad() {
		t.Errorf("%+v", all)
	}
}

// The memory is bounded, and the counts are those of all.
func TestForget(t *testing.T) {
	g := grow(t)
	const hours, each = 80, 60
	for h := range hours {
		for i := range each {
			at := start.Add(time.Duration(h)*time.Hour + time.Duration(i)*time.Second)
			g.read("error.log", failed(at, h*each+i, refused), nil)
		}
		g.after(5 * time.Second)
		g.now = g.now.Add(time.Hour)
	}
	g.Step(g.now)
	if n := len(g.events); n > 27*each {
		t.Errorf("%d events are kept", n)
	}
	if all := g.Totals(); len(all) != 1 || all[0].Count != hours*each {
		t.Errorf("totals: %+v", all)
	}
}

// Any number of events at once is bounded too.
func TestFlood(t *testing.T) {
	g := grow(t)
	const rounds, each = 30, 2000
	for r := range rounds {
		var text strings.Builder
		for i := range each {
			text.WriteString(failed(start.Add(time.Duration(r)*time.Second), r*each+i, refused))
		}
		g.read("error.log", text.String(), nil)
		g.after(time.Second)
		if n := len(g.events); n > maxEvents {
			t.Fatalf("%d events are kept", n)
		}
	}
	g.End(g.now) // a slow machine puts the last run off
	if all := g.Totals(); len(all) != 1 || all[0].Count != rounds*each {
		t.Errorf("totals: %+v", all)
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 100<<20 {
		t.Errorf("%d MiB are in use", m.HeapAlloc>>20)
	}
}

// The causes themselves are bounded.
func TestManyCauses(t *testing.T) {
	g := grow(t)
	for round := range 4 {
		var text strings.Builder
		for i := range 400 {
			text.WriteString(strings.ReplaceAll(failed(g.now, i, refused), "/run/a.sock", fmt.Sprintf("/run/%d-%d.sock", round, i)))
		}
		g.read("error.log", text.String(), nil)
		g.after(5 * time.Second)
		g.now = g.now.Add(25 * time.Hour)
	}
	if len(g.causes) > maxCauses || g.dropped == 0 {
		t.Errorf("%d causes, %d dropped", len(g.causes), g.dropped)
	}
}

// An incident of which the logs do not tell whether it is over is quiet at some time.
func TestNoMore(t *testing.T) {
	g := grow(t)
	g.read("error.log", failed(start, 1, refused), nil)
	g.after(time.Minute)
	g.expect("is quiet", g.after(Quiet), "2026-11-26 03:05:01  no more for 5 minutes: PHP-FPM is not running: nothing listens on /run/a.sock (1 request, the last at 2026-11-26 03:00:00)|2026-11-26 03:05:01  quiet for 5 minutes")
}

// Of each line no more is kept than can be said.
func TestLongLines(t *testing.T) {
	w := New(nil, time.Time{})
	w.Add(&logs.Event{Text: strings.Repeat("x", 1<<20), Request: logs.Request{URI: strings.Repeat("/", 1<<20)}})
	if e := w.events[0]; len(e.Text) != maxText || len(e.Request.URI) != maxText {
		t.Error(len(e.Text), len(e.Request.URI))
	}
}
