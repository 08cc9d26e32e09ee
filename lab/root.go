//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/tree"
)

// mountRoot mounts an empty machine at a directory: a tmpfs with programs, devices and
// processes. Programs are below a layer that receives writes to /usr, which is the
// prefix of relative paths.
func mountRoot(at string) error {
	if err := syscall.Mount("case", at, "tmpfs", syscall.MS_NOSUID, "size=64m,mode=755"); err != nil {
		return err
	}
	for _, dir := range []string{"/usr", "/proc", "/.upper", "/.work"} {
		if err := os.Mkdir(at+dir, 0o755); err != nil {
			return err
		}
	}
	layers := fmt.Sprintf("lowerdir=/usr,upperdir=%[1]s/.upper,workdir=%[1]s/.work", at)
	if err := syscall.Mount("usr", at+"/usr", "overlay", syscall.MS_NOSUID|syscall.MS_NODEV, layers); err != nil {
		return fmt.Errorf("mounting the programs: %w", err)
	}
	if err := syscall.Mount("/proc", at+"/proc", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	for _, name := range slices.Concat(systemDirs, systemFiles) {
		if err := bind(name, at+name); err != nil {
			return fmt.Errorf("mounting %s: %w", name, err)
		}
	}
	return nil
}

// devices are the character devices of every machine, by name, with their major and
// minor number (Linux Documentation/admin-guide/devices.txt).
var devices = map[string]int{"null": 1<<8 | 3, "zero": 1<<8 | 5, "full": 1<<8 | 7, "random": 1<<8 | 8, "urandom": 1<<8 | 9, "tty": 5 << 8}

// makeDevices fills /dev.
func makeDevices() error {
	for _, dir := range []string{"/dev", "/dev/shm"} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	err := os.Chmod("/dev/shm", 0o777|fs.ModeSticky)
	for name, number := range devices {
		name = "/dev/" + name
		err = errors.Join(err, syscall.Mknod(name, syscall.S_IFCHR, number), os.Chmod(name, 0o666))
	}
	return err
}

// machineLinks are links of every machine.
var machineLinks = []cases.Link{
	{Name: "/var/run", Target: "/run"},
	{Name: "/dev/fd", Target: "/proc/self/fd"},
	{Name: "/dev/stdin", Target: "/proc/self/fd/0"},
	{Name: "/dev/stdout", Target: "/proc/self/fd/1"},
	{Name: "/dev/stderr", Target: "/proc/self/fd/2"},
}

// machineDirs are directories of every machine.
var machineDirs = []string{"/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/var/log/nginx", "/var/lib/nginx", "/var/lib/php/sessions"}

// lookUps are the files that Debian's C library resolves names with: without
// host.conf it returns only one address of a name.
var lookUps = []cases.File{
	{Name: "/etc/nsswitch.conf", Text: "passwd: files\ngroup: files\nhosts: files\n"},
	{Name: "/etc/host.conf", Text: "multi on\n"},
}

// furnish puts into the root of this process, which mountRoot prepared, what every
// machine has.
func furnish() error {
	if err := makeDevices(); err != nil {
		return fmt.Errorf("making devices: %w", err)
	}
	for _, dir := range machineDirs {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod("/tmp", 0o777|fs.ModeSticky); err != nil {
		return err
	}
	for _, l := range machineLinks {
		if err := link(l); err != nil {
			return err
		}
	}
	for _, f := range lookUps {
		if err := write(f.Name, f.Text); err != nil {
			return err
		}
	}
	return nil
}

// layOut writes a host into the root of this process, which mountRoot prepared.
func (h *Host) layOut() error {
	if err := furnish(); err != nil {
		return err
	}
	if slices.ContainsFunc(h.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, "/etc/php/") }) {
		if err := os.MkdirAll("/run/php", 0o755); err != nil { // created by Debian's packages
			return err
		}
	}
	if h.Apache != nil {
		if err := h.furnishApache(); err != nil {
			return err
		}
	}
	for _, f := range h.Files {
		if isModule(f) {
			continue // see furnishApache
		}
		if err := write(f.Name, f.Text); err != nil {
			return err
		}
	}
	return h.describe()
}

// link creates a link in place of a file or another link: a case may replace those of
// its frame and of every machine.
func link(l cases.Link) error {
	if err := os.MkdirAll(path.Dir(l.Name), 0o755); err != nil {
		return err
	}
	if err := os.Remove(l.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(l.Target, l.Name)
}

func write(name, text string) error {
	if err := os.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// describe creates the links of the host and sets the owners and modes of its files. A
// socket is created by the server that listens on it.
func (h *Host) describe() error {
	for _, l := range h.Links {
		if err := link(l); err != nil {
			return err
		}
	}
	for _, m := range h.Modes {
		if m.Type == tree.Socket {
			continue
		}
		if m.Type == tree.Dir {
			if err := os.MkdirAll(m.Path, 0o755); err != nil {
				return err
			}
		}
		if err := os.Chown(m.Path, int(m.UID), int(m.GID)); err != nil {
			return err
		}
		if err := os.Chmod(m.Path, m.Bits.Perm()); err != nil {
			return err
		}
	}
	return nil
}
