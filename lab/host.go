//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/fpm"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

// Host is a case on the disk of this machine, ready to boot.
type Host struct {
	// Dir is the directory that stands for the root of the host. It is short: a
	// socket below it has at most 107 bytes to spend.
	Dir string
	// Model is the stack of the case, with the paths and ports of the case.
	Model *stack.Stack
	// Unstaged are reasons for which what happens here need not be what
	// happens on the host: a connection that leaves the machine, a name that
	// nobody can look up. Such a host is not booted.
	Unstaged []string

	archive *cases.Case
	alone   bool // in namespaces of its own
	mover   *mover
	nginx   []string   // arguments; nil when the case has no main file of nginx
	pid     string     // of nginx
	masters []fpmStart // of PHP-FPM
}

// fpmStart is how one master is started.
type fpmStart struct {
	version string
	args    []string
	scan    string // PHP_INI_SCAN_DIR
	log     string
	quiet   bool // log_level may keep the line that says that it is ready
}

// own is the directory below the root for what belongs to no host.
const own = "/.lab"

// Lay writes a case below a new directory in /tmp, which Remove removes. It
// needs root for the owners of files.
func Lay(c *cases.Case) (*Host, error) {
	dir, err := shortDir()
	if err != nil {
		return nil, err
	}
	h := &Host{Dir: dir, archive: c, alone: Isolated()}
	if err := h.lay(); err != nil {
		return nil, fmt.Errorf("laying out the case: %w (%v)", err, h.Remove())
	}
	return h, nil
}

// shortDir makes a directory whose name leaves most of the bytes of a socket's
// path to the case.
func shortDir() (string, error) {
	for {
		dir := "/tmp/wl" + strconv.FormatUint(uint64(rand.IntN(36*36*36*36)), 36)
		if err := os.Mkdir(dir, 0o755); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// Remove deletes the host from the disk.
func (h *Host) Remove() error { return os.RemoveAll(h.Dir) }

func (h *Host) lay() error {
	moved := h.move()
	if h.mover.err != nil {
		return h.mover.err
	}
	if err := h.directories(); err != nil {
		return err
	}
	texts := h.archive.Texts()
	for name, text := range texts {
		if new, ok := moved[name]; ok {
			text = new
		}
		if err := h.write(name, text); err != nil {
			return err
		}
	}
	if err := h.stock(texts); err != nil {
		return err
	}
	if err := h.describe(); err != nil {
		return err
	}
	return writeCertificates(h.mover.certs)
}

// move reads the case and returns the texts that change.
func (h *Host) move() map[string]string {
	t := h.archive.Tree()
	over := host.Overrides{Memory: h.archive.Memory, Today: h.archive.Today}
	configs := parser.Read(t, []string{"/"})
	facts := host.Collect(t, over)
	h.Model = stack.Link(configs, facts)
	m := &mover{
		root: h.Dir, alone: h.alone, configs: configs, model: h.Model, hosts: facts.Hosts, names: h.names(),
		ports: map[uint16]uint16{}, wild: map[uint16]bool{}, files: map[*source.File]bool{},
	}
	h.mover = m
	m.findWild()
	m.findRanges()
	for _, master := range configs.Masters {
		if !master.Loose {
			h.masters = append(h.masters, h.startOf(master, m.fpm(master)))
		}
	}
	for _, n := range configs.Nginx {
		if n.Main != nil && h.nginx == nil {
			m.nginx(n)
			h.startNginx(n)
		}
	}
	if !h.alone {
		h.needAccounts()
	}
	h.Unstaged = m.unstaged
	return m.texts()
}

// needAccounts notes that the case has accounts which servers see only in
// mounts of their own.
func (h *Host) needAccounts() {
	texts, frame := h.archive.Texts(), cases.Frame().Texts()
	for _, name := range []string{"/etc/passwd", "/etc/group"} {
		if text, ok := texts[name]; ok && text != frame[name] {
			h.mover.cannot("the case's own " + name + " needs mounts of its own")
		}
	}
}

// names returns every file, link and directory of the case.
func (h *Host) names() map[string]bool {
	names := map[string]bool{}
	add := func(name string) {
		for ; name != "/" && !names[name]; name = path.Dir(name) {
			names[name] = true
		}
	}
	for name := range h.archive.Texts() {
		add(name)
	}
	for _, l := range h.archive.Links {
		add(l.Name)
	}
	for _, mode := range h.archive.Modes {
		add(mode.Path)
	}
	return names
}

// findWild finds the ports that nginx listens on without a word about the
// address, while nobody else has the port. In a network of its own, where
// every address is one of the loopback, each listen keeps its form.
func (m *mover) findWild() {
	if m.alone {
		return
	}
	other := map[uint16]bool{}
	for _, site := range m.model.Sites {
		for _, l := range site.Listens {
			if e := l.Endpoint; e.Network == netaddr.TCP && e.Addr.Is4() && e.Addr.IsUnspecified() {
				m.wild[e.Port] = true
			} else {
				other[e.Port] = true
			}
		}
	}
	for _, pool := range m.model.Pools {
		other[pool.Listen.Endpoint.Port] = true
	}
	for n := range other {
		delete(m.wild, n)
	}
}

// startOf works out how a master is started.
func (h *Host) startOf(master *parser.Master, log string) fpmStart {
	start := fpmStart{version: master.Version, log: log, scan: h.Dir + own + "/ini"}
	ini := h.Dir + own + "/ini"
	if l := master.Layout; l != nil && l.PHPIni != "" {
		ini = h.Dir + servers.At(l.PHPIni, master.Version)
		if l.ConfD != "" {
			start.scan = h.Dir + servers.At(l.ConfD, master.Version)
		}
	} else if master.PHPIni != nil {
		ini = h.Dir + master.PHPIni.Files[0].Name
		start.scan = path.Join(path.Dir(ini), "conf.d")
	}
	_, start.quiet = master.Global.Get("log_level")
	start.quiet = start.quiet || toSystem(master.Global)
	start.args = []string{"--nodaemonize", "-p", h.Dir + master.Prefix, "-c", ini, "-y", h.Dir + master.Main.Name}
	return start
}

// foreign returns the versions of PHP that the case names and that are not
// installed. The version of the frame stands for any.
func (h *Host) foreign(p Programs) (versions []string) {
	for _, m := range h.masters {
		if _, ok := p.Others[m.version]; !ok && m.version != "" && m.version != frameVersion() {
			versions = append(versions, m.version)
		}
	}
	return versions
}

var frameVersion = sync.OnceValue(func() string { return cases.Frame().Link().Masters[0].Version })

// toSystem reports whether the log of a master may be one of the system.
func toSystem(s *fpm.Section) bool {
	e, ok := s.Get("error_log")
	return ok && !strings.HasPrefix(e.Value().Text, "/")
}

// startNginx works out how nginx is started.
func (h *Host) startNginx(n *parser.Nginx) {
	prefix := h.Dir + "/usr/share/nginx/"
	global := "daemon off;"
	h.pid = h.Dir + own + "/nginx.pid"
	pid := " pid " + h.pid + ";"
	for d := range n.Main.Directives() {
		switch d.Name() {
		case "daemon":
			global = ""
		case "pid":
			pid, h.pid = "", h.mover.place(d.Arg(0).String())
			if !strings.HasPrefix(h.pid, "/") {
				h.pid = prefix + h.pid
			}
		}
	}
	h.nginx = []string{"-e", h.Dir + own + "/nginx.log", "-p", prefix, "-c", h.Dir + n.Main.Source.Name, "-g", strings.TrimSpace(global + pid)}
	h.mover.logs = append(h.mover.logs, h.Dir+own+"/nginx.log")
}

// directories makes those that every host has.
func (h *Host) directories() error {
	// The workers of the servers are no root and pass through here.
	if err := os.Chmod(h.Dir, 0o755); err != nil {
		return err
	}
	dirs := append([]string{own + "/ini", "/run/php", "/usr/share/nginx", "/var/log/nginx", "/var/lib/nginx"}, skeleton...)
	for _, master := range h.mover.configs.Masters {
		dirs = append(dirs, master.Prefix)
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(h.Dir+dir, 0o755); err != nil {
			return err
		}
	}
	return os.Chmod(h.Dir+"/tmp", 0o777|fs.ModeSticky)
}

func (h *Host) write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(h.Dir+name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(h.Dir+name, []byte(text), 0o644)
}

// stock copies the files that nginx packages bring along, and that a case need
// not hold, from those of this machine.
func (h *Host) stock(texts map[string]string) error {
	if h.nginx == nil {
		return nil
	}
	return filepath.WalkDir("/etc/nginx", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !servers.Stock(d.Name()) {
			return nil
		}
		if _, ok := texts[name]; ok {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return h.write(name, string(text))
	})
}

// describe makes the links of the case and gives its files their owners and
// modes. A socket is made by the server that listens on it.
func (h *Host) describe() error {
	links := h.archive.Links
	if !h.mover.names["/var/run"] {
		links = append([]cases.Link{{Name: "/var/run", Target: "/run"}}, links...)
	}
	for _, l := range links {
		target := l.Target
		if path.IsAbs(target) {
			target = h.mover.place(target)
		}
		if err := os.MkdirAll(filepath.Dir(h.Dir+l.Name), 0o755); err != nil {
			return err
		}
		// A link of a case may replace a file of the frame.
		if err := os.Remove(h.Dir + l.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Symlink(target, h.Dir+l.Name); err != nil {
			return err
		}
	}
	for _, m := range h.archive.Modes {
		name := h.Dir + m.Path
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
