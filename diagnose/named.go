package diagnose

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/stack"
)

// webLogs are where packages let nginx and Apache log, if no line that was read says otherwise (Debian
// apache2, Red Hat httpd).
var webLogs = []string{
	"/var/log/nginx/error.log", "/var/log/nginx/access.log",
	"/var/log/apache2/error.log", "/var/log/apache2/access.log", "/var/log/apache2/other_vhosts_access.log",
	"/var/log/httpd/error_log", "/var/log/httpd/access_log",
}

// machineLogs are where the kernel's and systemd's lines are, without a journal.
var machineLogs = []string{"/var/log/kern.log", "/var/log/syslog", "/var/log/messages", "/var/log/audit/audit.log"}

// LogsOf returns where the logs of a host are: those that its configuration names, and those of the
// machine.
func LogsOf(stacks []*stack.Stack) (names []string) {
	add := func(name string) {
		if path.IsAbs(name) && !strings.HasPrefix(name, "/dev/") && !strings.HasPrefix(name, "/proc/") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, s := range stacks {
		if s.Container != nil {
			continue // its files are not on this host
		}
		for _, g := range s.Gateways {
			for _, log := range g.ErrorLogs() {
				add(log.Path)
			}
		}
		for _, f := range s.Written {
			if strings.Contains(path.Base(f.Path), "log") {
				add(f.Path)
			}
		}
		for _, m := range s.Masters {
			text, _ := m.Text(servers.KeyErrorLog).Known()
			add(text)
		}
	}
	for _, name := range slices.Concat(webLogs, machineLogs) {
		add(name)
	}
	return names
}
