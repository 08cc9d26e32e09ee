//go:build linux

package lab

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/tree"
)

// Cell is a machine for mutants: a root directory, mounts and a network of its
// own in which the servers run. Nothing in a mutant is moved or rewritten for
// it, because what would have to be read for that is what is being tried: each
// byte stands where the servers of the host would read it.
//
// A cell belongs to the goroutine that made it, and to its thread.
type Cell struct {
	root    string
	servers []*inmate
}

// NewCell makes a cell. It locks the goroutine to its thread for good: the thread
// ends with the goroutine, and the cell with the thread. It needs root.
func NewCell() (*Cell, error) {
	runtime.LockOSThread()
	if err := syscall.Unshare(syscall.CLONE_NEWNS | syscall.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("making namespaces: %w", err)
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return nil, fmt.Errorf("making mounts private: %w", err)
	}
	if err := loopbackUp(); err != nil {
		return nil, fmt.Errorf("bringing up the loopback: %w", err)
	}
	root, err := os.MkdirTemp("/tmp", "wc")
	return &Cell{root: root}, err
}

// Close removes the directory of the cell.
func (c *Cell) Close() error { return os.Remove(c.root) }

// Fate is what happened with a mutant.
type Fate struct {
	NginxRefuses bool
	FPMRefuses   bool // one of the masters at least
	Answers      []Reply
	// Lines are what the servers wrote.
	NginxLines, FPMLines []string
}

// Reply is what a request was answered with.
type Reply struct {
	Request Ask
	Status  int    // 0: no answer
	Own     bool   // nginx answered from itself: nobody was asked
	Err     string // why there is none
}

// Try puts a case into the cell, starts its servers, sends the requests and
// ends everything.
func (c *Cell) Try(of *cases.Case, masters []Start, nginx string, asks []Ask) (t Fate, err error) {
	if err := c.furnish(of); err != nil {
		return t, err
	}
	defer func() {
		c.stop()
		if e := syscall.Unmount(c.root, syscall.MNT_DETACH); err == nil && e != nil {
			err = e
		}
	}()
	var fpms []*inmate
	for _, m := range masters {
		s, err := c.startFPM(m)
		if err != nil {
			return t, err
		}
		fpms = append(fpms, s)
		t.FPMRefuses = t.FPMRefuses || s.refused
	}
	n, err := c.startNginx(nginx)
	if err != nil {
		return t, err
	}
	t.NginxRefuses = n.refused
	if !t.NginxRefuses && !t.FPMRefuses {
		for _, a := range asks {
			t.Answers = append(t.Answers, c.ask(a))
		}
	}
	t.NginxLines = append(n.lines(), c.logs("var/log/nginx")...)
	for _, s := range fpms {
		t.FPMLines = append(t.FPMLines, s.lines()...)
	}
	return t, nil
}

// furnish mounts a new root and writes the case into it.
func (c *Cell) furnish(of *cases.Case) error {
	if err := syscall.Mount("tmpfs", c.root, "tmpfs", 0, "size=64m,mode=755"); err != nil {
		return err
	}
	dirs := []string{"usr", "dev", "proc", "tmp", "run", "var/log/nginx", "var/lib/nginx", "var/lib/php/sessions", "etc", "srv", "root"}
	if slices.ContainsFunc(of.Files, func(f cases.File) bool { return strings.HasPrefix(f.Name, "/etc/php/") }) {
		dirs = append(dirs, "run/php") // which the packages of Debian make
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(filepath.Join(c.root, dir), 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(c.root, "tmp"), 0o777|fs.ModeSticky); err != nil {
		return err
	}
	if err := c.system(); err != nil {
		return err
	}
	links := []cases.Link{{Name: "/bin", Target: "usr/bin"}, {Name: "/sbin", Target: "usr/sbin"}, {Name: "/lib", Target: "usr/lib"}, {Name: "/lib64", Target: "usr/lib64"}, {Name: "/var/run", Target: "/run"}, {Name: "/dev/stderr", Target: "/proc/self/fd/2"}, {Name: "/dev/stdout", Target: "/proc/self/fd/1"}, {Name: "/dev/fd", Target: "/proc/self/fd"}}
	for _, l := range append(links, of.Links...) {
		if err := c.link(l); err != nil {
			return err
		}
	}
	if err := c.stock(of); err != nil {
		return err
	}
	for _, f := range of.Files {
		if err := c.write(f.Name, f.Text); err != nil {
			return err
		}
	}
	return c.describe(of.Modes)
}

// system mounts what the machine brings along: its programs, below a layer that
// takes what is written there, and the devices and processes.
func (c *Cell) system() error {
	for _, dir := range []string{".upper", ".work"} {
		if err := os.Mkdir(filepath.Join(c.root, dir), 0o755); err != nil {
			return err
		}
	}
	layers := fmt.Sprintf("lowerdir=/usr,upperdir=%s/.upper,workdir=%s/.work", c.root, c.root)
	if err := syscall.Mount("overlay", filepath.Join(c.root, "usr"), "overlay", 0, layers); err != nil {
		return fmt.Errorf("mounting the programs: %w", err)
	}
	if err := syscall.Mount("/proc", filepath.Join(c.root, "proc"), "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting the processes: %w", err)
	}
	for name, minor := range map[string]int{"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9} {
		device := filepath.Join(c.root, "dev", name)
		if err := syscall.Mknod(device, syscall.S_IFCHR|0o666, 1<<8|minor); err != nil {
			return fmt.Errorf("making %s: %w", device, err)
		}
		if err := os.Chmod(device, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cell) write(name, text string) error {
	name = filepath.Join(c.root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

func (c *Cell) link(l cases.Link) error {
	name := filepath.Join(c.root, l.Name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.Symlink(l.Target, name)
}

// looksUp are the files by which the C library of Debian looks up names: without
// host.conf it takes one address of a name and leaves the others.
var looksUp = map[string]string{
	"/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
	"/etc/host.conf":     "multi on\n",
}

// stock adds what is a part of every machine, and of no case.
func (c *Cell) stock(of *cases.Case) error {
	for name, text := range looksUp {
		if slices.ContainsFunc(of.Files, func(f cases.File) bool { return f.Name == name }) {
			continue
		}
		if err := c.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// describe gives files and directories their owners and modes.
func (c *Cell) describe(modes []cases.Mode) error {
	for _, m := range modes {
		name := filepath.Join(c.root, m.Path)
		if m.Type == tree.Socket {
			continue
		}
		if m.Type == tree.Dir {
			if err := os.MkdirAll(name, 0o755); err != nil {
				return err
			}
		}
		if err := os.Chown(name, int(m.UID), int(m.GID)); err != nil {
			return err
		}
		if err := os.Chmod(name, m.Bits.Perm()); err != nil {
			return err
		}
	}
	return nil
}

// logs returns the lines of the files in a directory of the cell.
func (c *Cell) logs(dir string) (lines []string) {
	names, _ := filepath.Glob(filepath.Join(c.root, dir, "*"))
	for _, name := range names {
		if strings.Contains(name, "access") {
			continue
		}
		text, _ := os.ReadFile(filepath.Clean(name))
		lines = append(lines, splitLines(string(text))...)
	}
	return lines
}

func splitLines(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// Ask is one request.
type Ask struct {
	Endpoint netaddr.Endpoint
	Host     string // "" sends none
	Path     string
}

// answering is how long a request may take.
const answering = 2 * time.Second

// ask sends one request from this thread, which is in the network of the cell.
func (c *Cell) ask(a Ask) (r Reply) {
	r.Request = a
	network, address := "tcp", ""
	switch e := a.Endpoint; {
	case e.Network == netaddr.Unix:
		network, address = "unix", c.root+path.Clean(e.Path)
	default:
		addr := e.Addr.String()
		if e.Addr.IsUnspecified() {
			addr = map[bool]string{true: "127.0.0.1", false: "::1"}[e.Addr.Is4()]
		}
		address = net.JoinHostPort(addr, fmt.Sprint(e.Port))
	}
	conn, err := net.DialTimeout(network, address, answering)
	if err != nil {
		r.Err = err.Error()
		return r
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answering)); err != nil {
		r.Err = err.Error()
		return r
	}
	if a.Host == "" {
		fmt.Fprintf(conn, "GET %s HTTP/1.0\r\n\r\n", a.Path)
	} else {
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", a.Path, a.Host)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		r.Err = err.Error()
		return r
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10)) // the status is there already
	r.Status = answer.StatusCode
	r.Own = r.Status < 500 && strings.Contains(string(body), "<hr><center>nginx")
	return r
}
