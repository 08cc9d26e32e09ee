//go:build linux

package lab

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// envSandbox is set in the first process of a sandbox.
const envSandbox = "WP502LINT_SANDBOX"

// Enter serves as the first process of a sandbox if this program was started as one,
// and then does not return. A TestMain calls it first.
func Enter() {
	if os.Getenv(envSandbox) == "" {
		return
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve tries hosts until there are no more.
func serve(in io.Reader, out io.Writer) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	hosts, replies := gob.NewDecoder(in), gob.NewEncoder(out)
	err = isolate()
	if err := replies.Encode(replyOf(nil, err)); err != nil {
		return err
	}
	base, err := os.OpenRoot("/")
	if err != nil {
		return err
	}
	for {
		var h Host
		if err := hosts.Decode(&h); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		b := &Boot{Host: &h, base: base, null: null}
		if err := replies.Encode(replyOf(b.try())); err != nil {
			return err
		}
	}
}

// reply is what a sandbox sends for each host, and once at the start when it is ready.
type reply struct {
	Result *Result
	Err    string
}

func replyOf(r *Result, err error) reply {
	if err != nil {
		return reply{Err: err.Error()}
	}
	return reply{Result: r}
}

// Sandbox is a process in its own namespaces that tries hosts one after the other.
// The kernel ends everything in it with that process.
type Sandbox struct {
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	hosts   *gob.Encoder
	replies *gob.Decoder
}

// NewSandbox starts a sandbox. It needs root.
func NewSandbox() (*Sandbox, error) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{envSandbox + "=1"}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: isolation, Pdeathsig: syscall.SIGKILL, Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	ended, err := start(cmd)
	if err != nil {
		return nil, fmt.Errorf("starting a sandbox: %w", err)
	}
	s := &Sandbox{cmd: cmd, ended: ended, hosts: gob.NewEncoder(in), replies: gob.NewDecoder(out)}
	if _, err := s.receive(); err != nil {
		s.Close()
		return nil, fmt.Errorf("starting a sandbox: %w", err)
	}
	return s, nil
}

// start starts a process from a thread that lives as long as it: with Pdeathsig, the kernel
// ends the process when that thread ends, and Go ends threads such as that of onThread.
func start(cmd *exec.Cmd) (ended chan struct{}, err error) {
	started := make(chan error)
	ended = make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // its result is not needed
			close(ended)
		}
	}()
	return ended, <-started
}

// Try tries a host.
func (s *Sandbox) Try(h *Host) (*Result, error) {
	if err := s.hosts.Encode(h); err != nil {
		return nil, err
	}
	return s.receive()
}

func (s *Sandbox) receive() (*Result, error) {
	var r reply
	if err := s.replies.Decode(&r); err != nil {
		return nil, fmt.Errorf("the sandbox does not reply: %w", err)
	}
	if r.Err != "" {
		return nil, errors.New(r.Err)
	}
	return r.Result, nil
}

// Close ends the sandbox and everything in it.
func (s *Sandbox) Close() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.ended
}

// idle are sandboxes that wait for a host.
var idle = make(chan *Sandbox, 64)

// Try tries a host in a sandbox that is idle, or in a new one.
func Try(h *Host) (*Result, error) {
	var s *Sandbox
	select {
	case s = <-idle:
	default:
		var err error
		if s, err = NewSandbox(); err != nil {
			return nil, err
		}
	}
	r, err := s.Try(h)
	if err != nil {
		s.Close() // its state is unknown
		return nil, err
	}
	idle <- s
	return r, nil
}

// CloseIdle closes the idle sandboxes.
func CloseIdle() {
	for len(idle) > 0 {
		(<-idle).Close()
	}
}
