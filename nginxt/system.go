package nginxt

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser"
)

// folders of the configuration of nginx on macOS, FreeBSD, NetBSD and illumos.
var otherSystems = [...]string{"/usr/local/etc/nginx/", "/homebrew/", "/opt/local/", "/usr/pkg/", "/opt/csw/"}

// onLinux reports whether nginx runs on Linux as far as the path of its main file says. A
// configuration that is not in /etc/nginx may be for any system.
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
	return strings.Contains("/"+name, "/etc/nginx/")
}
