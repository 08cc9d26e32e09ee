//go:build linux

package lab

import (
	"io/fs"
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/service"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Host is what a sandbox runs: the files of a machine, the commands that start its
// servers, and the requests sent to them.
type Host struct {
	// Files, Links and Modes are those of the case, including its frame.
	Files []cases.File
	Links []cases.Link
	Modes []cases.Mode

	Masters []Command // of PHP-FPM
	Nginx   *Command  // nil if the case has no main file of nginx
	Apache  *Command  // likewise

	Tunnel *Tunnel // nil if it has no cloudflared

	Requests []Request
	Site     Request // to the first site of the case; zero if there is none
	Patience time.Duration
	// Containers are those of a project, in the order in which they start; nil for a host.
	// Then Files are those of the project, and Masters and Nginx are not set.
	Containers []*Container
	Published  []Published  // ports of the host, if containers are in its network, and of Services
	Services   []netip.Addr // the addresses of Services
	Edges      []Edge       // the containers that requests are sent to
	Scripts    []string     // names of files that containers with a folder for them also have

	Stage string // the ID of a stage; "" for none

	// foreign are PHP versions that the case names and that are not installed:
	// another version runs instead.
	foreign []string
}

// Edge is a container that requests are sent to, and one to its site.
type Edge struct {
	Container int // its number
	Site      Request
}

// NewHost returns the host of a case. Its servers are started as the packages of its
// layout start them. What the packages provide and the case lacks is added.
func NewHost(c *cases.Case, p Programs) (*Host, error) {
	h, nginx := readHost(c, p)
	if h.Apache != nil && p.Apache.Path == "" {
		return nil, NotStaged("Apache is not installed")
	}
	if h.Apache != nil {
		if err := h.certifyApache(); err != nil {
			return nil, err
		}
	}
	if nginx == nil {
		return h, nil
	}
	return h, h.complete(nginx)
}

// readHost returns the host of a case without additions, and its nginx if it has a main file.
func readHost(c *cases.Case, p Programs) (h *Host, nginx *parser.Nginx) {
	h = &Host{Links: c.Links, Modes: slices.Clone(c.Modes), Patience: patience}
	for name, text := range c.Texts() {
		h.Files = append(h.Files, cases.File{Name: name, Text: text})
	}
	configs := parser.Read(c.Tree(), []string{"/"})
	services := service.New(configs, host.Collect(c.Tree(), host.Overrides{}))
	for _, m := range configs.Masters {
		if m.Loose || services.Of(m).Never != "" {
			continue
		}
		h.Masters = append(h.Masters, fpmCommand(m, m.Main.Name, p))
		if m.Prefix != builtPrefix { // with -p, the log is in it unless error_log is set
			h.Modes = append(h.Modes, cases.Mode{Path: path.Join(m.Prefix, "log"), Type: tree.Dir, Bits: 0o755})
		}
		if _, ok := p.Others[m.Version]; !ok && m.Version != "" && m.Version != frameVersion() {
			h.foreign = append(h.foreign, m.Version)
		}
	}
	for _, n := range configs.Nginx {
		if n.Main != nil && nginx == nil {
			h.Nginx, nginx = nginxCommand(n, n.Main.Source.Name, p), n
		}
	}
	for _, t := range configs.Tunnels {
		h.Tunnel = newTunnel(t)
	}
	if main := apacheMain(h.Files); main != "" {
		h.Apache = apacheCommand(h.Files, main, p)
		if sites := apacheRequests(h.Files, main); len(sites) > 0 {
			h.Site = sites[0]
		}
	}
	if sites := c.Link().Sites; nginx != nil && len(sites) > 0 {
		h.Site = rootRequest(sites[0])
	}
	return h, nginx
}

// frameVersion is the PHP version of the frame, which is replaced by any other.
var frameVersion = sync.OnceValue(func() string { return cases.Frame().Link().Masters[0].Version })

// builtPrefix is the prefix that packages build PHP-FPM with. The default log of a
// master is relative to another built-in path, which -p replaces too (php-src
// sapi/fpm/fpm/fpm_conf.c, fpm_evaluate_full_path).
const builtPrefix = "/usr"

// fpmCommand returns the command that starts a master with its main file. It logs to standard error
// (php-fpm -O) and reads only the php.ini of the case.
func fpmCommand(m *parser.Master, main string, p Programs) Command {
	c := Command{By: servers.FPM, Args: []string{p.For(m.Version).Path, "--nodaemonize", "--force-stderr", "-y", main}}
	if m.Prefix != builtPrefix {
		c.Args = append(c.Args, "-p", m.Prefix)
	}
	ini, scan := "", ""
	if l := m.Layout; l != nil && l.PHPIni != "" {
		ini = servers.At(l.PHPIni, m.Number)
		if l.ConfD != "" {
			scan = servers.At(l.ConfD, m.Number)
		}
	} else if m.PHPIni != nil {
		ini = m.PHPIni.Files[0].Name
		scan = path.Join(path.Dir(ini), "conf.d")
	}
	if ini == "" {
		c.Args = append(c.Args, "-n")
	} else {
		c.Args, c.Env = append(c.Args, "-c", ini), []string{"PHP_INI_SCAN_DIR=" + scan}
	}
	return c
}

// noticeLog is a log that nginx writes in addition to those of its configuration.
const noticeLog = "/.nginx.log"

// nginxCommand returns the command that starts nginx: in the foreground unless the
// configuration sets daemon, and with the initial error log that nginx.org's builds
// have, so that it also writes refusals to standard error.
func nginxCommand(n *parser.Nginx, main string, p Programs) *Command {
	c := &Command{By: servers.Nginx, Logs: []string{noticeLog, "/var/log/nginx/*"}}
	global := "daemon off; error_log " + noticeLog + " notice;"
	if sets(n, "daemon") {
		global = strings.TrimPrefix(global, "daemon off; ")
	}
	for _, f := range n.Files {
		for d := range f.All() {
			if d.Name() == "error_log" && strings.HasPrefix(d.Arg(0).String(), "/") {
				c.Logs = append(c.Logs, d.Arg(0).String())
			}
		}
	}
	c.Args = []string{p.Nginx.Path, "-e", "/var/log/nginx/error.log", "-c", main, "-g", global}
	return c
}

// complete adds what a case may omit: the files that the packages of nginx install,
// and certificates.
func (h *Host) complete(n *parser.Nginx) error {
	err := filepath.WalkDir("/etc/nginx", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !servers.Stock(d.Name()) || h.has(name) {
			return nil
		}
		text, err := os.ReadFile(filepath.Clean(name))
		h.Files = append(h.Files, cases.File{Name: name, Text: string(text)})
		return err
	})
	if err != nil {
		return err
	}
	h.hurry(n)
	return h.certify(n)
}

// has reports whether the host has a file or a link with that name.
func (h *Host) has(name string) bool {
	return slices.ContainsFunc(h.Files, func(f cases.File) bool { return f.Name == name }) ||
		slices.ContainsFunc(h.Links, func(l cases.Link) bool { return l.Name == name })
}

// hurry shortens nginx's default timeouts.
func (h *Host) hurry(n *parser.Nginx) {
	brace, timeouts := shortened(n)
	for i, f := range h.Files {
		if !brace.IsZero() && f.Name == brace.File.Real {
			h.Files[i].Text = f.Text[:brace.End] + timeouts + f.Text[brace.End:]
		}
	}
}

// shortened returns the brace of http, after which directives are to be put that let nginx
// give up before the lab gives up on nginx, and these directives.
func shortened(n *parser.Nginx) (brace source.Span, timeouts string) {
	timeouts = " fastcgi_read_timeout 5s; resolver_timeout 3s;"
	for _, f := range n.Files {
		for d := range f.All() {
			switch {
			case d.Name() == "fastcgi_read_timeout", d.Name() == "resolver_timeout":
				timeouts = regexp.MustCompile(" "+d.Name()+" [^;]*;").ReplaceAllString(timeouts, "")
			case d.Name() == "http" && d.HasBlock():
				brace = d.Terminator()
			}
		}
	}
	return brace, timeouts
}

// sets reports whether a main file has a directive outside blocks.
func sets(n *parser.Nginx, name string) bool {
	if n.Main == nil {
		return false
	}
	for d := range n.Main.Directives() {
		if d.Name() == name {
			return true
		}
	}
	return false
}
