//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/servers"
)

// scene is a host during an incident.
type scene struct {
	*Boot
	incident *incident

	mu      sync.Mutex
	answers []Answers // all that clients got
	kernel  []string  // what the kernel would have written
	open    []io.Closer
}

// play lets an incident happen and captures the logs before the servers are stopped. It reports
// whether a client got a 502.
func (i *incident) play(b *Boot) (bool, error) {
	s := &scene{Boot: b, incident: i}
	err := i.run(s)
	b.Observed.Answers = append(b.Observed.Answers, s.answers...)
	b.Observed.Logs = s.captured()
	for _, one := range s.open {
		err = errors.Join(err, one.Close())
	}
	return b.Observed.has(502), err
}

// captured returns the logs when they are complete: the servers write some lines after the answer.
func (s *scene) captured() (logs map[string]string) {
	sent := 0
	for _, a := range s.answers {
		sent += len(a.Answers)
	}
	for deadline := time.Now().Add(3 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		logs = s.logs()
		complete := len(linesOf(logs[nginxAccess])) >= sent && s.incident.lacks(logs) == nil
		if complete || time.Now().After(deadline) {
			return logs
		}
	}
}

// logs reads the logs.
func (s *scene) logs() map[string]string {
	logs := map[string]string{}
	for _, name := range []string{nginxErrors, nginxAccess, fpmLog, phpErrors} {
		if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
			logs[name] = string(text)
		}
	}
	journal := ""
	for _, p := range s.started {
		if p.By == servers.FPM {
			journal += journaled(p.cmd.Process.Pid, p.wrote(), time.Now().UTC())
		}
	}
	if journal != "" {
		logs[journalLog] = journal
	}
	if s.kernel != nil {
		logs[kernelLog] = strings.Join(s.kernel, "\n") + "\n"
	}
	return logs
}

// send sends a request n times, concurrently.
func (s *scene) send(method, path string, n int) error {
	r, err := s.request(method, path)
	if err != nil {
		return err
	}
	r.Times = n
	s.add(r.sendAll(s.Host.Patience, nil))
	return nil
}

func (s *scene) add(a Answers) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, a)
}

// get sends GET n times, one after the other.
func (s *scene) get(path string, n int) error {
	for range n {
		if err := s.send("GET", path, 1); err != nil {
			return err
		}
	}
	return nil
}

// busyScript is where busy puts the ID of the worker that runs it.
const busyScript = "/tmp/busy-"

// busy returns a script that tells which worker runs it, prints something and then runs for some
// seconds.
func busy(first string, seconds string) string {
	return "<?php file_put_contents('" + busyScript + "' . getmypid(), ''); " + first + " ?>" + busyFor(seconds)
}

// during sends n requests and calls f with the workers that serve them, by then. It returns when
// the requests are answered.
func (s *scene) during(path string, n int, f func(pids []int) error) (err error) {
	done := make(chan error)
	go func() { done <- s.send("GET", path, n) }()
	pids, found := s.workers(n)
	if found != nil {
		err = found
	} else {
		err = f(pids)
	}
	return errors.Join(err, <-done)
}

// workers waits until n workers run a script of busy, and returns them.
func (s *scene) workers(n int) (pids []int, err error) {
	for deadline := time.Now().Add(4 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		names, err := filepath.Glob(busyScript + "*")
		if err != nil {
			return nil, err
		}
		if len(names) < n {
			continue
		}
		for _, name := range names {
			pid, err := strconv.Atoi(strings.TrimPrefix(name, busyScript))
			if err != nil {
				return nil, err
			}
			pids = append(pids, pid)
			if err := os.Remove(name); err != nil {
				return nil, err
			}
		}
		return pids, nil
	}
	return nil, fmt.Errorf("fewer than %d workers are busy", n)
}

// kill returns a function that sends a signal to workers.
func kill(sig syscall.Signal) func(pids []int) error {
	return func(pids []int) (err error) {
		for _, pid := range pids {
			err = errors.Join(err, syscall.Kill(pid, sig))
		}
		return err
	}
}

// master returns the last master of PHP-FPM that was started.
func (s *scene) master() *Process { return s.FPM[len(s.FPM)-1] }

// tell sends a signal to the master, and waits until it ends if ends is set.
func (s *scene) tell(sig syscall.Signal, ends bool) error {
	if err := s.master().signal(sig); err != nil || !ends {
		return err
	}
	select {
	case <-s.master().done:
		return nil
	case <-time.After(stopping):
		return fmt.Errorf("%v does not end PHP-FPM", sig)
	}
}

// restart starts PHP-FPM again after its end.
func (s *scene) restart() error {
	p, err := s.start(s.Host.Masters[0], jail{})
	if err == nil {
		s.FPM = append(s.FPM, p)
	}
	return err
}

// restarted starts PHP-FPM again. The error says that it refuses to.
func (s *scene) restarted() error {
	if err := s.restart(); err != nil {
		return err
	}
	if why := s.master().Refused; why != "" {
		return fmt.Errorf("PHP-FPM does not start: %s", why)
	}
	return nil
}

// change writes the files that the incident leaves.
func (s *scene) change() error {
	before, err := s.incident.texts(false)
	if err != nil {
		return err
	}
	after, err := s.incident.texts(true)
	if err != nil {
		return err
	}
	for name, text := range after {
		if before[name] != text {
			err = errors.Join(err, write(name, text))
		}
	}
	return err
}

// note adds lines to the log of the kernel.
func (s *scene) note(lines ...string) {
	now := time.Now().UTC()
	for _, line := range lines {
		s.kernel = append(s.kernel, now.Format(time.Stamp)+" web kernel: "+stamped(now)+line)
	}
}

// stamped is the time since the start of a machine that started at midnight.
func stamped(now time.Time) string {
	since := now.Sub(now.Truncate(24 * time.Hour))
	return fmt.Sprintf("[%12.6f] ", since.Seconds())
}

// fpmDate matches the time with which PHP-FPM and PHP begin a line.
var fpmDate = regexp.MustCompile(`(?m)^\[(\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d)(?:\.\d+)?(?: [\w/]+)?\] `)

// journaled returns what a master wrote to standard error as journalctl prints it. A line without
// a time is of the time of the line before.
func journaled(pid int, text string, now time.Time) string {
	var out strings.Builder
	for _, line := range linesOf(text) {
		if m := fpmDate.FindStringSubmatch(line); m != nil {
			if at, err := time.Parse("02-Jan-2006 15:04:05", m[1]); err == nil {
				now = at
			}
		}
		fmt.Fprintf(&out, "%s web php-fpm8.3[%d]: %s\n", now.Format(time.Stamp), pid, line)
	}
	return out.String()
}

// listen serves connections to an address of the loopback until the incident is over.
func (s *scene) listen(address string, serve func(net.Conn)) error {
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		return err
	}
	s.open = append(s.open, listener)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // it is closed
			}
			go serve(conn)
		}
	}()
	return nil
}

// in calls functions one after the other until one fails.
func in(order ...func() error) error {
	for _, f := range order {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// statuses returns how many requests were answered with each status.
func statuses(answers []Answers) map[int]int {
	n := map[int]int{}
	for _, a := range answers {
		for _, one := range a.Answers {
			n[one.Status]++
		}
	}
	return n
}
