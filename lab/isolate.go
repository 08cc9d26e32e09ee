//go:build linux

package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// The environment of a program that was started by itself.
const (
	envInside   = "WP502LINT_LAB_INSIDE" // set inside the namespaces
	envAccounts = "WP502LINT_LAB_ETC"    // the etc whose accounts and hosts a server sees
)

// accounts are the files of a case that stand in front of those of the machine.
var accounts = []string{"hosts", "passwd", "group"}

// Enter moves the program into namespaces of its own: a network that is nothing
// but a loopback, so that no look-up and no connection leaves the machine; mounts
// of its own, so that a server sees the accounts and host names of its case; and
// processes of its own, so that the kernel ends all of them with it. A TestMain
// calls it first. In the program outside it does not return, and where the
// system does not allow it, it does nothing.
func Enter() {
	if etc := os.Getenv(envAccounts); etc != "" {
		fmt.Fprintln(os.Stderr, "lab:", become(etc))
		os.Exit(127)
	}
	if Isolated() {
		if err := settle(); err != nil {
			fmt.Fprintln(os.Stderr, "lab:", err)
			os.Exit(1)
		}
		return
	}
	adopt()
	if os.Geteuid() != 0 {
		return
	}
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), envInside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	if cmd.Start() != nil {
		return
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &failed) {
		os.Exit(max(1, failed.ExitCode()))
	} else if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// adopt makes the orphans of this program's children its own children, so that
// it can tell that they have ended (prctl(2): PR_SET_CHILD_SUBREAPER). Inside
// the namespaces it is their first process, to which orphans go anyway.
func adopt() {
	const setChildSubreaper = 36
	// Without it only the wait for an orphan may take longer.
	_, _, _ = syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0)
}

// Isolated reports whether the program is in namespaces of its own.
func Isolated() bool { return os.Getenv(envInside) == "1" }

// settle makes the new namespaces usable.
func settle() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("bringing up the loopback: %w", err)
	}
	return nil
}

// loopbackUp asks the kernel to bring up the first interface, which is the only
// one of a new network namespace (rtnetlink(7): RTM_NEWLINK with IFF_UP).
func loopbackUp() error {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	message := make([]byte, 0, syscall.SizeofNlMsghdr+syscall.SizeofIfInfomsg)
	e := binary.NativeEndian
	message = e.AppendUint32(message, uint32(cap(message)))
	message = e.AppendUint16(message, syscall.RTM_NEWLINK)
	message = e.AppendUint16(message, syscall.NLM_F_REQUEST|syscall.NLM_F_ACK)
	message = e.AppendUint64(message, 0) // sequence number and port
	message = e.AppendUint32(message, 0) // family and type
	message = e.AppendUint32(message, 1) // index
	message = e.AppendUint32(message, syscall.IFF_UP)
	message = e.AppendUint32(message, syscall.IFF_UP)
	if err := syscall.Sendto(s, message, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, 512)
	n, _, err := syscall.Recvfrom(s, answer, 0)
	if err != nil || n < syscall.SizeofNlMsghdr+4 {
		return errors.Join(err, errors.New("no answer"))
	}
	if code := int32(e.Uint32(answer[syscall.SizeofNlMsghdr:])); code != 0 {
		return syscall.Errno(-code)
	}
	return nil
}

// become puts the accounts of etc in front of those of the machine, in mounts
// that only this process has, and runs the program of its arguments.
func become(etc string) error {
	for _, name := range accounts {
		from := filepath.Join(etc, name)
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if err := syscall.Mount(from, "/etc/"+name, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("mounting %s: %w", from, err)
		}
	}
	if len(os.Args) < 2 {
		return errors.New("no program to run")
	}
	if err := os.Unsetenv(envAccounts); err != nil {
		return err
	}
	return fmt.Errorf("running %s: %w", os.Args[1], syscall.Exec(os.Args[1], os.Args[1:], os.Environ()))
}
