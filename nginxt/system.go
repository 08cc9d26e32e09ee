package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser"
)

// folders of the configuration of nginx on macOS, FreeBSD, NetBSD and illumos.
var otherSystems = [...]string{"/usr/local/etc/nginx/", "/homebrew/", "/opt/local/", "/usr/pkg/", "/opt/csw/"}

// onLinux reports whether nginx runs on Linux as far as the path of its main file and its
// user say. A configuration that is not in /etc/nginx may be for any system, and OpenBSD
// has that folder too: its user is www, which its nginx.conf need not name.
func onLinux(config *parser.Nginx) bool {
	if config.Main == nil {
		return false
	}
	name := config.Main.Source.Name
	for _, folder := range otherSystems {
		if strings.Contains(name, folder) {
			return false
		}
	}
	return strings.Contains("/"+name, "/etc/nginx/") && linuxUser(config)
}

// linuxUser reports whether the main file names a user that nginx has on Linux.
func linuxUser(config *parser.Nginx) bool {
	for d := range config.Main.Directives() {
		if d.Name() != "user" {
			continue
		}
		switch d.Arg(0).String() {
		case "www", "_www", "_nginx", "nobody":
			return false
		}
		return true
	}
	return false
}
