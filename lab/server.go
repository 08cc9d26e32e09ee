//go:build linux

package lab

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/servers"
)

// patience is how long a server may take to start or to answer, and stopping
// how long it may take to end when it is asked to.
const patience, stopping = 10 * time.Second, 3 * time.Second

// Server is one server that was started, and may have refused.
type Server struct {
	By      servers.Server
	Program Program
	// Refused is set when it ended before it served.
	Refused bool

	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	out  string        // the file with what it wrote to its terminal
	logs []string
	pre  map[string]int64 // how long the logs were before it started
}

// start starts a server and waits until ready says that it serves, or until it
// ends.
func (h *Host) start(by servers.Server, p Program, args, env, logs []string, ready func(s *Server) bool) (*Server, error) {
	out, err := os.CreateTemp(h.Dir+own, "out")
	if err != nil {
		return nil, err
	}
	defer out.Close()
	s := &Server{By: by, Program: p, done: make(chan struct{}), out: out.Name(), logs: logs, pre: map[string]int64{}}
	for _, log := range logs {
		if info, err := os.Stat(log); err == nil {
			s.pre[log] = info.Size()
		}
	}
	s.cmd = exec.Command(p.Path, args...)
	s.cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}, env...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if Isolated() {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		s.cmd.Path, s.cmd.Args = self, append([]string{self, p.Path}, args...)
		s.cmd.Env = append(s.cmd.Env, envAccounts+"="+h.Dir+"/etc")
		s.cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNS
	}
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = h.Dir, out, out
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := watch("+", s.cmd.Process.Pid); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	go func() {
		_ = s.cmd.Wait() // the state says how it ended
		close(s.done)
	}()
	return s, s.await(ready)
}

// await waits until the server serves or has ended.
func (s *Server) await(ready func(*Server) bool) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		select {
		case <-s.done:
			s.Refused = true
			return s.sweep()
		case <-time.After(5 * time.Millisecond):
		}
		if ready(s) {
			return nil
		}
	}
	return errors.Join(fmt.Errorf("%s neither served nor ended in %v: %s", s.By, patience, strings.Join(s.lines(), "\n")), s.Stop())
}

// Stop ends the server and everything that it started: first as a service
// manager does, then by force. It may be called again.
func (s *Server) Stop() error {
	select {
	case <-s.done:
		return s.sweep()
	default:
	}
	// An ending that is too late for the signal is no fault.
	_ = s.signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(stopping):
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.done
	}
	return s.sweep()
}

// signal sends a signal to the master.
func (s *Server) signal(sig syscall.Signal) error { return syscall.Kill(s.cmd.Process.Pid, sig) }

// sweep ends what the server left behind, and makes sure that nothing is.
func (s *Server) sweep() error {
	group := s.cmd.Process.Pid
	for deadline := time.Now().Add(stopping); ; time.Sleep(2 * time.Millisecond) {
		err := syscall.Kill(-group, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return watch("-", group)
		}
		bury(group)
		if time.Now().After(deadline) {
			return fmt.Errorf("%s left processes of group %d behind: %v", s.By, group, err)
		}
	}
}

// bury waits for the dead of a group whose parent has died before them: they
// are children of this program then, and count as alive until it has asked.
func bury(group int) {
	for {
		if pid, err := syscall.Wait4(-group, nil, syscall.WNOHANG, nil); pid <= 0 && !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}

// Exit returns how the server ended: exit status 78.
func (s *Server) Exit() string { return s.cmd.ProcessState.String() }

// lines returns what the server wrote since it started, on its terminal and in
// its logs, as it stands there.
func (s *Server) lines() (lines []string) {
	for _, name := range append([]string{s.out}, s.logs...) {
		text, err := os.ReadFile(filepath.Clean(name))
		if err != nil {
			continue
		}
		text = text[min(s.pre[name], int64(len(text))):]
		for line := range bytes.Lines(text) {
			lines = append(lines, strings.TrimRight(string(line), "\r\n"))
		}
	}
	return lines
}

// said reports whether the server wrote a line with text in it.
func (s *Server) said(text string) bool {
	for _, line := range s.lines() {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}
