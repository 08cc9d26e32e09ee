package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/logs"
	"github.com/wp502lint/wp502lint/rules"
)

// scripted is a time in which steps happen, one in each wait. The run ends after the last.
type scripted struct {
	now   time.Time
	steps []func()
}

func (s *scripted) Now() time.Time { return s.now }

func (s *scripted) Wait(d time.Duration) bool {
	s.now = s.now.Add(d)
	if len(s.steps) == 0 {
		return false
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	if step != nil {
		step()
	}
	return true
}

// pass are steps in which nothing happens.
func pass(seconds int) []func() { return make([]func(), seconds) }

// followed follows logs, and a pipe if there is one, while steps happen, and returns what is said after the first answer.
func followed(t *testing.T, p *pipe, inputs []string, steps ...[]func()) (said, complaints string, err error) {
	t.Helper()
	var out, stderr bytes.Buffer
	s := &scripted{now: time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)}
	for _, more := range steps {
		s.steps = append(s.steps, more...)
	}
	f := &follower{command: command{nil, &out, &stderr, rules.All, rules.RunTime}, pace: s, out: &out, options: logs.Options{Live: true}, zone: time.UTC}
	if p != nil {
		f.tails = append(f.tails, &tail{name: "-", pipe: p})
	} else if err := f.find(nil, nil, diagnoseOptions{inputs: inputs}); err != nil {
		return "", "", err
	}
	err = f.run()
	_, said, _ = strings.Cut(out.String(), "Ctrl-C ends it\n")
	return said, stderr.String(), err
}

// failedAt is a line of nginx about a request that failed.
func failedAt(second int, socket string) string {
	return fmt.Sprintf(`2026/11/26 03:00:%02d [error] 7#7: *%d connect() to unix:/run/%s.sock failed (2: No such file or directory) while connecting to upstream, client: 192.0.2.7, server: blog.example, request: "GET /a.php HTTP/1.1", upstream: "fastcgi://unix:/run/%s.sock:", host: "blog.example"`+"\n", second, second, socket, socket)
}

// logFile is a log in a new folder.
type logFile struct {
	t    *testing.T
	name string
}

func newLog(t *testing.T, text string) logFile {
	t.Helper()
	l := logFile{t, filepath.Join(t.TempDir(), "error.log")}
	l.write(text, os.O_CREATE)
	return l
}

func (l logFile) write(text string, flag int) {
	f, err := os.OpenFile(l.name, os.O_WRONLY|flag, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
		f.Close()
	}
	if err != nil {
		l.t.Error(err)
	}
}

// adds returns a step that appends to the log.
func (l logFile) adds(text string) func() { return func() { l.write(text, os.O_APPEND) } }

// count returns how often each socket is in the totals: "2 a, 1 b".
func count(said string) string {
	var all []string
	for line := range strings.Lines(said) {
		n, rest, ok := strings.Cut(line, " request")
		_, socket, found := strings.Cut(rest, "/run/")
		if ok && found && !strings.Contains(n, " ") {
			socket, _, _ = strings.Cut(socket, ".sock")
			all = append(all, n+" "+socket)
		}
	}
	return strings.Join(all, ", ")
}

// A log is followed when it grows, is rotated or is cut, and no line is lost or read twice.
func TestFollow(t *testing.T) {
	l := newLog(t, failedAt(0, "a"))
	old := l.name + ".1"
	said, complaints, err := followed(t, nil, []string{l.name},
		[]func(){
			l.adds(failedAt(1, "b")[:50]), // a half line
			l.adds(failedAt(1, "b")[50:]),
			func() { // as logrotate does with create: nginx writes to the old file until it is told
				if err := os.Rename(l.name, old); err != nil {
					t.Error(err)
				}
				logFile{t, old}.write(failedAt(2, "b"), os.O_APPEND)
			},
			func() { logFile{t, old}.write(failedAt(3, "b"), os.O_APPEND) },
			func() {
				logFile{t, old}.write(failedAt(4, "b"), os.O_APPEND)
				l.write(failedAt(5, "c"), os.O_CREATE)
			},
			l.adds(failedAt(6, "c")),
			func() { l.write(failedAt(7, "d"), os.O_TRUNC) }, // as with copytruncate
			l.adds(failedAt(8, "d") + strings.Repeat("x", 200_000)),
			l.adds("y\n" + failedAt(9, "d")),
			nil,
		}, pass(20))
	if got := count(said); got != "4 b, 3 d, 2 c, 1 a" || !errors.Is(err, errFindings) || complaints != "" {
		t.Errorf("%s, %v, %s\n%s", got, err, complaints, said)
	}
	for _, socket := range []string{"b", "c", "d"} {
		if strings.Count(said, "502: the web server connects to /run/"+socket)+strings.Count(said, "502: nothing listens on /run/"+socket) != 1 {
			t.Errorf("%s is not said once:\n%s", socket, said)
		}
	}
	if strings.Contains(said, "502: nothing listens on /run/a.sock") {
		t.Errorf("what was answered is said again:\n%s", said)
	}
}

// A log that does not exist yet is waited for.
func TestFollowMissing(t *testing.T) {
	l := logFile{t, filepath.Join(t.TempDir(), "error.log")}
	said, complaints, err := followed(t, nil, []string{l.name}, []func(){nil, func() { l.write(failedAt(1, "a"), os.O_CREATE) }}, pass(5))
	if count(said) != "1 a" || !errors.Is(err, errFindings) || strings.Count(strings.ToLower(complaints), strings.ToLower("cannot read "+l.name+": no such file; waiting for it")) != 1 {
		t.Errorf("%s %v %s", said, err, complaints)
	}
	_, complaints, err = followed(t, nil, []string{filepath.Join(t.TempDir(), "no.log")}, pass(5))
	if !errors.Is(err, errSaid) || strings.Count(complaints, "\n") != 1 {
		t.Errorf("%v %s", err, complaints)
	}
}

// A folder has old logs, which do not grow, and others.
func TestFollowFolder(t *testing.T) {
	l := newLog(t, failedAt(1, "a"))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(failedAt(0, "a"))); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.name+".2.gz", packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.name+".1", []byte(failedAt(0, "a")), 0o600); err != nil {
		t.Fatal(err)
	}
	rotate := func() {
		if os.Rename(l.name+".1", l.name+".3") != nil || os.Rename(l.name, l.name+".1") != nil {
			t.Error("not rotated")
		}
		l.write(failedAt(2, "a"), os.O_CREATE)
	}
	said, complaints, err := followed(t, nil, []string{filepath.Dir(l.name)}, []func(){nil, rotate}, pass(5))
	if count(said) != "4 a" || !errors.Is(err, errFindings) || complaints != "" {
		t.Errorf("%s %v %s", said, err, complaints)
	}
	if _, _, err := followed(t, nil, []string{t.TempDir()}); err == nil {
		t.Error("an empty folder is followed")
	}
}

// Standard input is followed until its end, and with it the run.
func TestFollowPipe(t *testing.T) {
	p := &pipe{room: sync.NewCond(&sync.Mutex{})}
	send := func(text string) func() { return func() { p.data = append(p.data, text...) } }
	end := func() { p.ended = true }
	half := failedAt(3, "c")[:200]
	said, complaints, err := followed(t, p, nil, []func(){
		nil, send(failedAt(0, "a")), nil, nil, nil, // the answer
		send(failedAt(1, "b")), nil, nil, nil, nil, send(failedAt(2, "b") + half), end,
	}, pass(1000))
	if got := count(said); got != "2 b, 1 a, 1 c" || !errors.Is(err, errFindings) || complaints != "" {
		t.Errorf("%s %v %s\n%s", got, err, complaints, said)
	}
	// The rest of a line that is too long is dropped.
	p.ended = false
	said, _, err = followed(t, p, nil, []func(){
		send("nothing\n"), nil, nil, nil, nil, send(strings.Repeat("x", longest+1)), nil, send(failedAt(4, "d")), nil, send(failedAt(5, "e")), nil, end,
	}, pass(1000))
	if got := count(said); got != "1 e" || !errors.Is(err, errFindings) {
		t.Errorf("%s %v\n%s", got, err, said)
	}
	p.ended = false
	said, _, err = followed(t, p, nil, []func(){send("nothing\n"), end}, pass(1000))
	if said != "" || err != nil {
		t.Errorf("%q %v", said, err)
	}
}

// A pipe is read ahead, and no further than its limit.
func TestPipe(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", (readAhead+1<<20)/16)
	p := newPipe(strings.NewReader(text))
	var got []byte
	for ended := false; !ended; {
		var data []byte
		data, ended = p.take()
		if len(data) > readAhead+64<<10 {
			t.Fatalf("%d bytes", len(data))
		}
		got = append(got, data...)
		runtime.Gosched()
	}
	if string(got) != text {
		t.Errorf("%d bytes of %d", len(got), len(text))
	}
}

// What cannot be followed is an error.
func TestFollowWhat(t *testing.T) {
	for _, input := range []string{"connect() failed (111: Connection refused)", os.DevNull} {
		if _, _, err := followed(t, nil, []string{input}); err == nil {
			t.Errorf("%s is followed", input)
		}
	}
}
