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
	Env  []string
	// Logs are patterns of files that it writes in addition to standard error.
	Logs []string
}

// Process is a server in a sandbox.
type Process struct {
	Command
	// Refused is how it ended before it served; "" if it serves.
	Refused string

	at   jail
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
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
	p := &Process{Command: c, at: at, cmd: exec.Command(c.Args[0], c.Args[1:]...), done: make(chan struct{}), out: out}
	ready := p.startsWorkers
	p.cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}, c.Env...)
	if c.By == servers.FPM {
		socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: "@" + name, Net: "unixgram"})
		if err != nil {
			return nil, errors.Join(err, out.Close())
		}
		defer socket.Close()
		p.cmd.Env = append(p.cmd.Env, "NOTIFY_SOCKET=@"+name)
		ready = func() bool { return saysReady(socket) }
	}
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = "/", b.null, out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Chroot: at.root}
	if at.uid != 0 {
		p.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: at.uid, Gid: at.gid, Groups: at.groups}
		// Containers may use every port (net.ipv4.ip_unprivileged_port_start).
		p.cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_NET_BIND_SERVICE}
		if err := out.Chmod(0o666); err != nil {
			return nil, errors.Join(err, out.Close())
		}
	}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	b.started = append(b.started, p)
	go func() {
		_ = p.cmd.Wait() // ProcessState holds the result
		close(p.done)
	}()
	p.await(ready)
	return p, nil
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
			<-p.done
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, 0, nil); pid <= 0 && !errors.Is(err, syscall.EINTR) {
				break
			}
		}
	}
}
