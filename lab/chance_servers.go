//go:build linux

package lab

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// inmate is a server in a cell.
type inmate struct {
	cmd     *exec.Cmd
	done    chan struct{}
	out     *os.File
	refused bool
}

// starting is how long a server may take to start or to refuse.
const starting = 8 * time.Second

// start starts a server in processes of its own, so that the kernel ends all of
// them with the first, and waits until it is ready or has ended.
func (c *Cell) start(args, env []string, ready func(*inmate) bool) (*inmate, error) {
	out, err := os.CreateTemp("", "wo")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(out.Name()); err != nil {
		return nil, err
	}
	s := &inmate{cmd: exec.Command(args[0], args[1:]...), done: make(chan struct{}), out: out}
	s.cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC"}, env...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = "/", out, out
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: c.root, Cloneflags: syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	c.servers = append(c.servers, s)
	go func() {
		_ = s.cmd.Wait() // the state says how it ended
		close(s.done)
	}()
	for deadline := time.Now().Add(starting); time.Now().Before(deadline); {
		select {
		case <-s.done:
			s.refused = true
			return s, nil
		case <-time.After(2 * time.Millisecond):
		}
		if ready(s) {
			return s, nil
		}
	}
	// A server that hangs serves nobody. PHP-FPM does with a pool whose name
	// has $pool in it.
	s.refused = true
	_, err = fmt.Fprintf(out, "%s neither served nor ended in %v\n", args[0], starting)
	return s, err
}

// notified counts the sockets on which masters tell that they are ready.
var notified atomic.Uint64

// startFPM starts a master. It tells systemd, which is this program, when it is
// ready (php-src sapi/fpm/fpm/fpm_systemd.c).
func (c *Cell) startFPM(m Start) (*inmate, error) {
	// A name is never used twice: a process that is about to become another
	// server may still hold the socket.
	name := fmt.Sprintf("@wp502lint-%d-%d", os.Getpid(), notified.Add(1))
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return nil, err
	}
	defer notify.Close()
	args := []string{"/usr/sbin/php-fpm8.2", "--nodaemonize", "--force-stderr", "-y", m.Conf}
	env := []string{"NOTIFY_SOCKET=" + name}
	if m.Ini != "" {
		args, env = append(args, "-c", m.Ini), append(env, "PHP_INI_SCAN_DIR="+m.Scan)
	}
	buf := make([]byte, 512)
	return c.start(args, env, func(*inmate) bool {
		_ = notify.SetReadDeadline(time.Now().Add(time.Millisecond))
		k, err := notify.Read(buf)
		return err == nil && strings.Contains(string(buf[:k]), "READY=1")
	})
}

// startNginx starts nginx, which says in a log of its own when it has bound its
// addresses and starts its workers.
func (c *Cell) startNginx(conf string) (*inmate, error) {
	args := []string{"/usr/sbin/nginx", "-c", conf, "-g", "daemon off; error_log stderr notice;"}
	return c.start(args, nil, func(s *inmate) bool {
		return slices.ContainsFunc(s.lines(), func(l string) bool { return strings.Contains(l, "start worker process") })
	})
}

// lines returns what a server wrote.
func (s *inmate) lines() []string {
	var b strings.Builder
	buf := make([]byte, 64<<10)
	for at := int64(0); at < 1<<20; {
		n, err := s.out.ReadAt(buf, at)
		b.Write(buf[:n])
		at += int64(n)
		if err != nil {
			break
		}
	}
	return splitLines(b.String())
}

// stop ends every server of the cell.
func (c *Cell) stop() {
	for _, s := range c.servers {
		_ = syscall.Kill(s.cmd.Process.Pid, syscall.SIGKILL) // one that has ended is no fault
		<-s.done
		_ = s.out.Close()
	}
	c.servers = nil
}
