package service

import (
	"path"
	"strings"

	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// starter is the ExecStart line of a unit.
type starter struct {
	program string // "" if it is not known
	options parser.FPMOptions
	server  servers.Server // "" for another program
	full    bool           // see systemd.Command.Full
	at      source.Span
}

// started is a unit with its command.
type started struct {
	unit *systemd.Unit
	starter
}

// command returns the last ExecStart line of a unit that starts a server.
func command(u *systemd.Unit) (s starter) {
	for _, c := range u.Commands() {
		if kind := serverOf(c.Program); kind != "" {
			s = starter{c.Program, parser.ParseFPMOptions(c.Args), kind, c.Full, c.At}
			if c.Open(c.Program) {
				s.program = ""
			}
		}
	}
	return s
}

// Server returns the server that a unit starts; "" for none.
func Server(u *systemd.Unit) servers.Server { return command(u).server }

// serverOf returns the server whose program has a name; "" for none.
func serverOf(name string) servers.Server {
	switch base := path.Base(name); {
	case strings.Contains(base, "fpm"):
		return servers.FPM
	case strings.Contains(base, "nginx"), base == "openresty":
		return servers.Nginx
	case parser.ApacheProgram(name):
		return servers.Apache
	}
	return ""
}

// runs reports whether a unit starts a master. Its ExecStart names the main file;
// without one, the unit or its program has the version of the master's PHP in its
// name, or there is no version.
func (s started) runs(m *parser.Master) bool {
	if s.server != servers.FPM {
		return false
	}
	if file := s.options.Main(); file != "" {
		return file == m.Main.Name || file == m.Main.Real || m.Loose && named(file, m.Version)
	}
	names := s.unit.Name + " " + path.Base(s.program)
	return named(names, m.Version) || !strings.ContainsAny(names, "0123456789")
}

// named reports whether a name has a PHP version in it.
func named(name, version string) bool {
	return version != "" && (strings.Contains(name, version) || strings.Contains(name, strings.ReplaceAll(version, ".", "")))
}

// Links reports whether a unit of a master makes Debian's link /run/php/php-fpm.sock, and whether
// that is known.
func Links(s Start) (made, known bool) {
	for _, u := range s.Units {
		for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
			for _, e := range u.All("Service", key) {
				made = made || strings.Contains(e.Value, "php-fpm-socket-helper") || strings.Contains(e.Value, "php-fpm.sock")
			}
		}
	}
	return made, len(s.Units) > 0
}

// Built reports whether the units of a master start a program that no package of the
// distribution brings, so that none makes its directories at boot.
func Built(s Start) bool {
	for _, u := range s.Units {
		program := command(u).program
		if !strings.HasPrefix(program, "/usr/local/") && !strings.HasPrefix(program, "/opt/") && !strings.HasPrefix(program, "/home/") {
			return false
		}
	}
	return len(s.Units) > 0
}
