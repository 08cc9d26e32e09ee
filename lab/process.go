//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/servers"
	"golang.org/x/sys/unix"
)

// starting is the time that a server has to start or to refuse, and stopping the time
// that it has to end after a signal.
const starting, stopping = 8 * time.Second, 3 * time.Second

// Command is the command that starts a server.
type Command struct {
	By   servers.Server
	Args []string // including the program
	// Test is a command that only checks the configuration, and that runs before; nil for none.
	Test []string
	Env  []string
	// Logs are patterns of files that it writes in addition to standard error.
	Logs []string
}

// Process is a server in a sandbox.
type Process struct {
	Command
	// Refused is how it ended before it served; "" if it serves.
	Refused string
	// Accepted is set if Test found nothing wrong.
	Accepted bool

	at   jail
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended; nil if it was never started
	out  *os.File      // its standard output and error
}

// jail is the root, the network and the account of a server. The zero value is those of the sandbox.
type jail struct {
	root     string
	space    *space
	uid, gid uint32
	groups   []uint32
}

// start starts a server and waits until it serves or has ended.
func (b *Boot) start(c Command, at jail) (p *Process, err error) {
	err = at.space.do(func() (err error) {
		p, err = b.startHere(c, at)
		return err
	})
	return p, err
}

// startHere is start in the network namespace of the calling thread.
func (b *Boot) startHere(c Command, at jail) (*Process, error) {
	name := fmt.Sprintf("server-%d", len(b.started)) // unique in each trial
	out, err := b.base.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p := &Process{Command: c, at: at, out: out}
	b.started = append(b.started, p)
	if c.Test != nil {
		if err := p.test(b.null); err != nil || !p.Accepted {
			return p, err
		}
	}
	p.prepare(c.Args, b.null)
	ready := p.startsWorkers
	switch c.By {
	case servers.Apache:
		ready = p.answers
	case servers.FPM:
		socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: "@" + name, Net: "unixgram"})
		if err != nil {
			return nil, err
		}
		defer socket.Close()
		p.cmd.Env = append(p.cmd.Env, "NOTIFY_SOCKET=@"+name)
		ready = func() bool { return saysReady(socket) }
	}
	if at.uid != 0 {
		p.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: at.uid, Gid: at.gid, Groups: at.groups}
		// Containers may use every port (net.ipv4.ip_unprivileged_port_start).
		p.cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_NET_BIND_SERVICE}
		if err := out.Chmod(0o666); err != nil {
			return nil, err
		}
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	p.await(ready)
	return p, nil
}

// prepare sets the command of the process.
func (p *Process) prepare(args []string, stdin *os.File) {
	p.cmd, p.done = exec.Command(args[0], args[1:]...), nil
	p.cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}, p.Env...)
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = "/", stdin, p.out, p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Chroot: p.at.root}
}

// run starts the command.
func (p *Process) run() error {
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.done = make(chan struct{})
	go func() {
		_ = p.cmd.Wait() // ProcessState holds the result
		close(p.done)
	}()
	return nil
}

// test runs the command that checks the configuration. A server that fails it is not started:
// it reads the same files first.
func (p *Process) test(stdin *os.File) error {
	p.prepare(p.Test, stdin)
	if err := p.run(); err != nil {
		return err
	}
	select {
	case <-p.done:
		p.Accepted = p.cmd.ProcessState.Success()
		p.Refused = p.cmd.ProcessState.String()
	case <-time.After(starting):
		p.Refused = fmt.Sprintf("the test did not end in %v", starting)
	}
	if p.Accepted {
		p.Refused = ""
	}
	return nil
}

// await waits until the server serves or has ended.
func (p *Process) await(ready func() bool) {
	for deadline := time.Now().Add(starting); time.Now().Before(deadline); {
		select {
		case <-p.done:
			p.Refused = p.cmd.ProcessState.String()
			return
		case <-time.After(2 * time.Millisecond):
		}
		if ready() {
			return
		}
	}
	// A server that hangs serves nothing. PHP-FPM hangs on a pool whose name contains $pool.
	p.Refused = fmt.Sprintf("neither served nor ended in %v", starting)
	fmt.Fprintf(p.out, "%s %s\n", p.Args[0], p.Refused)
}

// startsWorkers reports whether nginx has bound its addresses.
func (p *Process) startsWorkers() bool {
	text, err := os.ReadFile(p.at.root + noticeLog)
	return err == nil && strings.Contains(string(text), "start worker process")
}

// saysReady reports whether PHP-FPM has sent its readiness notification for systemd
// to the socket (php-src sapi/fpm/fpm/fpm_systemd.c).
func saysReady(socket *net.UnixConn) bool {
	buf := make([]byte, 512)
	_ = socket.SetReadDeadline(time.Now().Add(time.Millisecond)) // a socket supports deadlines
	n, err := socket.Read(buf)
	return err == nil && strings.Contains(string(buf[:n]), "READY=1")
}

// Stop ends the server and its children as a service manager does: first with a
// signal, then by force.
func (p *Process) Stop() {
	if p.done == nil {
		return // it could not be started
	}
	select {
	case <-p.done:
	default:
		_ = p.signal(syscall.SIGTERM) // a process that has just ended needs none
		select {
		case <-p.done:
		case <-time.After(stopping):
		}
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// signal sends a signal to the master.
func (p *Process) signal(sig syscall.Signal) error { return syscall.Kill(p.cmd.Process.Pid, sig) }

// wrote returns the first megabyte of what the server wrote to standard error.
func (p *Process) wrote() string {
	text, _ := io.ReadAll(io.NewSectionReader(p.out, 0, 1<<20)) // the text read so far is enough
	return string(text)
}

// endAll ends every process of the sandbox except this one, which is the first and
// inherits orphans.
func endAll(started []*Process) {
	for syscall.Kill(-1, syscall.SIGKILL) == nil {
		for _, p := range started {
			if p.done != nil {
				<-p.done
			}
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, 0, nil); pid <= 0 && !errors.Is(err, syscall.EINTR) {
				break
			}
		}
	}
}
