package service

import (
	"path"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/parser/systemd"
	"github.com/wp502lint/wp502lint/servers"
)

// webPrograms are where packages install the program of a web server, and webUnits what they call
// its unit.
var (
	webPrograms = map[servers.Server][]string{
		servers.Nginx:  {"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/bin/openresty", "/usr/local/openresty/nginx/sbin/nginx"},
		servers.Apache: {"/usr/sbin/apache2", "/usr/sbin/httpd", "/usr/bin/httpd", "/usr/local/sbin/httpd", "/usr/local/apache2/bin/httpd"},
	}
	webUnits = map[servers.Server][]string{
		servers.Nginx:  {"nginx", "openresty"},
		servers.Apache: {"apache2", "httpd", "apache"},
	}
)

// Boots reports whether systemd starts a web server at boot, and whether that is known: a link
// enables one of its units, or none of them is enabled, where such links are among the files.
func (m *Machine) Boots(web servers.Server) (starts, known bool) {
	if m == nil || !m.configs.Machine || m.supervised() {
		return false, false
	}
	if m.uninstalled(web) {
		return false, true
	}
	runs := func(name string) bool {
		if i := slices.IndexFunc(m.started, func(s started) bool { return s.unit.Name == name }); i >= 0 {
			return m.started[i].server == web
		}
		return slices.Contains(webUnits[web], strings.TrimSuffix(name, path.Ext(name)))
	}
	masked := func(name string) bool { return slices.Contains(m.configs.Masked, name) }
	if slices.ContainsFunc(m.configs.Wanted, func(name string) bool { return runs(name) && !masked(name) }) {
		return true, true
	}
	for _, s := range m.started {
		if s.server == web && !masked(s.unit.Name) && (m.pulled(s.unit) || !m.disabled([]*systemd.Unit{s.unit})) {
			return false, false
		}
	}
	return false, m.configs.WantsKnown || slices.ContainsFunc(m.configs.Masked, runs)
}

// uninstalled reports whether a package of a web server was removed and left its configuration:
// dpkg says so, or its program is missing where that of the other server is among the files.
func (m *Machine) uninstalled(web servers.Server) bool {
	other, name := servers.Nginx, "apache2"
	if web == servers.Nginx {
		other, name = servers.Apache, "nginx"
	}
	return m.facts.LeftBehind(name) || slices.ContainsFunc(webPrograms[other], m.has) && !slices.ContainsFunc(webPrograms[web], m.has)
}
