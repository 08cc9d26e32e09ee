//go:build linux

package lab

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// Host is what a sandbox tries: the files of a machine, how its servers are
// started and what they are asked.
type Host struct {
	// Files, Links and Modes are those of the case, its frame included.
	Files []cases.File
	Links []cases.Link
	Modes []cases.Mode

	Masters []Command // of PHP-FPM
	Nginx   *Command  // nil when the case has no main file of nginx

	Requests []Request
	Site     Request // to the first site of the case; zero when there is none
	Patience time.Duration
	Stage    string // the ID of a stage; "": none

	// foreign are versions of PHP that the case names and that are not
	// installed: another version runs in their place.
	foreign []string
}

// NewHost returns the host of a case, whose servers are started as the packages
// of its layout start them. What packages bring along and the case does not hold
// is added.
func NewHost(c *cases.Case, p Programs) (*Host, error) {
	h, nginx := readHost(c, p)
	if nginx == nil {
		return h, nil
	}
	return h, h.complete(nginx)
}

// readHost returns the host of a case as it is, and its nginx if it has a main
// file.
func readHost(c *cases.Case, p Programs) (h *Host, nginx *parser.Nginx) {
	h = &Host{Links: c.Links, Modes: slices.Clone(c.Modes), Patience: patience}
	for name, text := range c.Texts() {
		h.Files = append(h.Files, cases.File{Name: name, Text: text})
	}
	configs := parser.Read(c.Tree(), []string{"/"})
	for _, m := range configs.Masters {
		if m.Loose {
			continue
		}
		h.Masters = append(h.Masters, fpmCommand(m, p))
		if m.Prefix != builtPrefix { // with -p, the log is there if nothing says where it is
			h.Modes = append(h.Modes, cases.Mode{Path: path.Join(m.Prefix, "log"), Type: tree.Dir, Bits: 0o755})
		}
		if _, ok := p.Others[m.Version]; !ok && m.Version != "" && m.Version != frameVersion() {
			h.foreign = append(h.foreign, m.Version)
		}
	}
	for _, n := range configs.Nginx {
		if n.Main != nil && nginx == nil {
			h.Nginx, nginx = nginxCommand(n, p), n
		}
	}
	if sites := c.Link().Sites; len(sites) > 0 {
		h.Site = doorOf(sites[0])
	}
	return h, nginx
}

// frameVersion is the version of PHP of the frame, which stands for any.
var frameVersion = sync.OnceValue(func() string { return cases.Frame().Link().Masters[0].Version })

// builtPrefix is the prefix that PHP-FPM is built with where it is a package. The
// log of a master that names none is relative to another built-in path, which
// -p replaces too (php-src sapi/fpm/fpm/fpm_conf.c, fpm_evaluate_full_path).
const builtPrefix = "/usr"

// fpmCommand returns how a master is started. It writes everything to its
// standard error (php-fpm -O) and reads no php.ini but that of the case.
func fpmCommand(m *parser.Master, p Programs) Command {
	c := Command{By: servers.FPM, Args: []string{p.For(m.Version).Path, "--nodaemonize", "--force-stderr", "-y", m.Main.Name}}
	if m.Prefix != builtPrefix {
		c.Args = append(c.Args, "-p", m.Prefix)
	}
	ini, scan := "", ""
	if l := m.Layout; l != nil && l.PHPIni != "" {
		ini = servers.At(l.PHPIni, m.Version)
		if l.ConfD != "" {
			scan = servers.At(l.ConfD, m.Version)
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

// noticeLog is a log that nginx has besides those of its configuration.
const noticeLog = "/.nginx.log"

// nginxCommand returns how nginx is started: in the foreground, unless its
// configuration says where, and with the first log that it has as nginx.org
// builds it, so that it writes what it refuses to its standard error too.
func nginxCommand(n *parser.Nginx, p Programs) *Command {
	c := &Command{By: servers.Nginx, Logs: []string{noticeLog, "/var/log/nginx/*"}}
	global := "daemon off; error_log " + noticeLog + " notice;"
	for d := range n.Main.Directives() {
		if d.Name() == "daemon" {
			global = strings.TrimPrefix(global, "daemon off; ")
		}
	}
	for _, f := range n.Files {
		for d := range f.All() {
			if d.Name() == "error_log" && strings.HasPrefix(d.Arg(0).String(), "/") {
				c.Logs = append(c.Logs, d.Arg(0).String())
			}
		}
	}
	c.Args = []string{p.Nginx.Path, "-e", "/var/log/nginx/error.log", "-c", n.Main.Source.Name, "-g", global}
	return c
}

// complete adds what a case need not hold: the files that the packages of nginx
// bring along, and certificates.
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

// has reports whether the host has a file or a link of that name.
func (h *Host) has(name string) bool {
	return slices.ContainsFunc(h.Files, func(f cases.File) bool { return f.Name == name }) ||
		slices.ContainsFunc(h.Links, func(l cases.Link) bool { return l.Name == name })
}

// hurry makes nginx give up on PHP before the lab gives up on nginx, where the
// configuration leaves that time to nginx.
func (h *Host) hurry(n *parser.Nginx) {
	var brace source.Span // of http
	for _, f := range n.Files {
		for d := range f.All() {
			switch {
			case d.Name() == "fastcgi_read_timeout":
				return
			case d.Name() == "http" && d.HasBlock():
				brace = d.Terminator()
			}
		}
	}
	for i, f := range h.Files {
		if !brace.IsZero() && f.Name == brace.File.Real {
			h.Files[i].Text = f.Text[:brace.End] + " fastcgi_read_timeout 5s;" + f.Text[brace.End:]
		}
	}
}
