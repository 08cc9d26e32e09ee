//go:build linux

package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// caseDir is where the root of each case is mounted, below the base. The base is the
// root of the first process of a sandbox: an empty tmpfs with the parts of the machine
// that the sandbox needs.
const caseDir = "/case"

// isolation are the namespaces of a sandbox.
const isolation = syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS

// readOnly are the flags with which parts of the machine are mounted.
const readOnly = syscall.MS_RDONLY | syscall.MS_NOSUID | syscall.MS_NODEV

// systemDirs are the directories of the machine that hold programs and
// libraries. Most are links into /usr.
var systemDirs = []string{"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}

// systemFiles are the files in /etc that programs of the machine need: the libraries
// and the settings of the loader and of OpenSSL.
var systemFiles = []string{"/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl/openssl.cnf"}

// isolate turns the new namespaces of this process into a sandbox: it builds the base
// on a tmpfs and detaches the mounts of the machine.
func isolate() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	// The mount point is hidden in this namespace only, so nothing is created or
	// removed outside.
	const base = "/tmp"
	if err := syscall.Mount("base", base, "tmpfs", syscall.MS_NOSUID, "size=64m,mode=755"); err != nil {
		return fmt.Errorf("mounting the base: %w", err)
	}
	for _, name := range slices.Concat([]string{"/usr"}, systemDirs, systemFiles) {
		if err := bind(name, base+name); err != nil {
			return fmt.Errorf("mounting %s: %w", name, err)
		}
	}
	if err := os.Mkdir(base+"/proc", 0o755); err != nil {
		return err
	}
	if err := syscall.Mount("proc", base+"/proc", "proc", readOnly|syscall.MS_NOEXEC, "subset=pid"); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	if err := os.Mkdir(base+caseDir, 0o755); err != nil {
		return err
	}
	if err := enterRoot(base); err != nil {
		return err
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("bringing up the loopback: %w", err)
	}
	return nil
}

// bind mounts name read-only at a place that does not exist yet. A link is copied, and
// a missing file is skipped.
func bind(name, at string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		target, err := os.Readlink(name)
		if err != nil {
			return err
		}
		return os.Symlink(target, at)
	case info.IsDir():
		err = os.MkdirAll(at, 0o755)
	default:
		err = os.WriteFile(at, nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := syscall.Mount(name, at, "", syscall.MS_BIND, ""); err != nil {
		return err
	}
	return syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_BIND|readOnly, "")
}

// enterRoot makes a mounted directory the root and detaches the old one
// (pivot_root(2), "pivot_root(".", ".")").
func enterRoot(dir string) error {
	if err := os.Chdir(dir); err != nil {
		return err
	}
	if err := syscall.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("changing the root: %w", err)
	}
	if err := syscall.Unmount(".", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("detaching the machine's root: %w", err)
	}
	return os.Chdir("/")
}

// loopbackUp brings up the first interface, which is the only one of a new network
// namespace (rtnetlink(7): RTM_NEWLINK with IFF_UP).
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
