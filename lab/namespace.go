//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
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

// loopbackUp brings up the loopback interface, the only one of a new network namespace
// (netdevice(7)).
func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	loopback, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	loopback.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, loopback)
}
