package httpd

import (
	"slices"
	"strings"
)

// Layout is where one distribution, image or panel keeps the files of Apache, and what its
// build and its main file set. "" is what is not known.
type Layout struct {
	Name string
	// Main is the main file that httpd reads without -f.
	Main string
	// IDs are those of /etc/os-release (ID) that have the layout, where several share Main.
	IDs []string
	// Root is the ServerRoot without a directive and without -d (HTTPD_ROOT of httpd -V).
	Root string
	// Modules is the directory of the modules.
	Modules string
	// RuntimeDir is DefaultRuntimeDir without a directive (DEFAULT_REL_RUNTIMEDIR, made absolute).
	RuntimeDir string
	// User and Group are those that the stock main file sets.
	User, Group string
	// MPM is the module that the stock configuration loads.
	MPM string
	// Socket is where the PHP-FPM of the same distributor listens, as its packages set it; {V} and
	// {VV} as in the layouts of PHP-FPM.
	Socket string
	// Env are the files that set the environment and the options of httpd before it starts, in
	// the order in which they are read. All their variables are in the environment if Exported is
	// set, as systemd reads them; else a shell does, which passes on what it exports.
	Env      []string
	Exported bool
	// Built is set if the modules that the table marks so are compiled in; else those are that
	// every httpd has, and Static.
	Built  bool
	Static []string
}

// Builtin reports whether a module is compiled into the httpd of a layout, by one of its names:
// unixd_module or mod_unixd.c. That of no known layout is taken for one of Debian, which has the
// most.
func (l *Layout) Builtin(name string) bool {
	m := ModuleNamed(name)
	return m != nil && (m.Always || m.Built && (l == nil || l.Built) || l != nil && slices.Contains(l.Static, m.Name))
}

// Layouts are the layouts that a directory is searched for, in this order. Where several
// share Main, the first is the one for a system that is not known.
// Sources: the layouts of httpd's build (httpd config.layout), the file lists and build
// options of the packages (Debian, Fedora, Alpine, openSUSE, Arch, Gentoo, FreeBSD,
// Homebrew), docker-library/httpd, and the documentation of cPanel, DirectAdmin, Bitnami,
// CWP, XAMPP and aaPanel. Plesk, ISPConfig and Virtualmin use the packages of the
// distribution.
var Layouts = []Layout{
	{Name: "Debian, Ubuntu", Main: "/etc/apache2/apache2.conf", Root: "/etc/apache2", Modules: "/usr/lib/apache2/modules", RuntimeDir: "/var/run/apache2",
		User: "www-data", Group: "www-data", MPM: "mpm_event_module", Socket: "/run/php/php{V}-fpm.sock", Env: []string{"/etc/apache2/envvars"}, Built: true},
	{Name: "RHEL, Rocky, Fedora", Main: "/etc/httpd/conf/httpd.conf", Root: "/etc/httpd", Modules: "/etc/httpd/modules", RuntimeDir: "/run/httpd",
		User: "apache", Group: "apache", MPM: "mpm_event_module", Socket: "/run/php-fpm/www.sock", Env: []string{"/etc/sysconfig/httpd"}, Exported: true},
	{Name: "Arch", Main: "/etc/httpd/conf/httpd.conf", IDs: []string{"arch", "manjaro"}, Root: "/etc/httpd", Modules: "/etc/httpd/modules", RuntimeDir: "/run/httpd",
		User: "http", Group: "http", MPM: "mpm_event_module", Socket: "/run/php-fpm/php-fpm.sock"},
	{Name: "official image", Main: "/usr/local/apache2/conf/httpd.conf", Root: "/usr/local/apache2", Modules: "/usr/local/apache2/modules", RuntimeDir: "/usr/local/apache2/logs",
		User: "www-data", Group: "www-data", MPM: "mpm_event_module", Env: []string{"/usr/local/apache2/bin/envvars"}},
	{Name: "Alpine", Main: "/etc/apache2/httpd.conf", Root: "/var/www", Modules: "/usr/lib/apache2", RuntimeDir: "/run/apache2",
		User: "apache", Group: "apache", MPM: "mpm_prefork_module", Env: []string{"/etc/conf.d/apache2"}},
	{Name: "SUSE", Main: "/etc/apache2/httpd.conf", IDs: []string{"sles", "sled", "opensuse-leap", "opensuse-tumbleweed"}, Root: "/srv/www", Modules: "/usr/lib64/apache2", RuntimeDir: "/run",
		User: "wwwrun", Group: "www", MPM: "mpm_prefork_module", Env: []string{"/etc/sysconfig/apache2"},
		Static: []string{"mpm_prefork_module", "unixd_module", "systemd_module"}},
	{Name: "Gentoo", Main: "/etc/apache2/httpd.conf", IDs: []string{"gentoo"}, Root: "/usr/lib64/apache2", Modules: "/usr/lib64/apache2/modules", RuntimeDir: "/run/apache2",
		User: "apache", Group: "apache", Env: []string{"/etc/conf.d/apache2"}},
	{Name: "cPanel", Main: "/etc/apache2/conf/httpd.conf", Root: "/etc/apache2", Modules: "/etc/apache2/modules", RuntimeDir: "/run/apache2",
		User: "nobody", Group: "nobody", Env: []string{"/etc/sysconfig/httpd"}, Exported: true},
	{Name: "cPanel before EasyApache 4, CWP", Main: "/usr/local/apache/conf/httpd.conf", Root: "/usr/local/apache", Modules: "/usr/local/apache/modules", RuntimeDir: "/usr/local/apache/logs",
		User: "nobody", Group: "nobody"},
	{Name: "FreeBSD", Main: "/usr/local/etc/apache24/httpd.conf", Root: "/usr/local", Modules: "/usr/local/libexec/apache24", RuntimeDir: "/var/run",
		User: "www", Group: "www", MPM: "mpm_prefork_module", Env: []string{"/etc/rc.conf", "/etc/rc.conf.local", "/etc/rc.conf.d/apache24"}},
	{Name: "Homebrew", Main: "/opt/homebrew/etc/httpd/httpd.conf", Root: "/opt/homebrew/opt/httpd", Modules: "/opt/homebrew/opt/httpd/lib/httpd/modules", RuntimeDir: "/opt/homebrew/var/run/httpd",
		User: "_www", Group: "_www", MPM: "mpm_prefork_module"},
	{Name: "Homebrew on Intel", Main: "/usr/local/etc/httpd/httpd.conf", Root: "/usr/local/opt/httpd", Modules: "/usr/local/opt/httpd/lib/httpd/modules", RuntimeDir: "/usr/local/var/run/httpd",
		User: "_www", Group: "_www", MPM: "mpm_prefork_module"},
	{Name: "Bitnami", Main: "/opt/bitnami/apache/conf/httpd.conf", Root: "/opt/bitnami/apache", Modules: "/opt/bitnami/apache/modules", RuntimeDir: "/opt/bitnami/apache/var/run",
		User: "daemon", Group: "daemon", MPM: "mpm_event_module", Socket: "/opt/bitnami/php/var/run/www.sock"},
	{Name: "Bitnami before 2020", Main: "/opt/bitnami/apache2/conf/httpd.conf", Root: "/opt/bitnami/apache2", Modules: "/opt/bitnami/apache2/modules",
		User: "daemon", Group: "daemon", Socket: "/opt/bitnami/php/var/run/www.sock"},
	{Name: "XAMPP", Main: "/opt/lampp/etc/httpd.conf", Root: "/opt/lampp", Modules: "/opt/lampp/modules", RuntimeDir: "/opt/lampp/logs",
		User: "daemon", Group: "daemon", MPM: "mpm_prefork_module"},
	{Name: "aaPanel", Main: "/www/server/apache/conf/httpd.conf", Root: "/www/server/apache", Modules: "/www/server/apache/modules", RuntimeDir: "/www/server/apache/logs",
		User: "www", Group: "www", MPM: "mpm_event_module", Socket: "/tmp/php-cgi-{VV}.sock"},
	{Name: "software collections of RHEL", Main: "/opt/rh/httpd24/root/etc/httpd/conf/httpd.conf", Root: "/opt/rh/httpd24/root/etc/httpd", Modules: "/opt/rh/httpd24/root/etc/httpd/modules", RuntimeDir: "/opt/rh/httpd24/root/var/run/httpd",
		User: "apache", Group: "apache", MPM: "mpm_prefork_module", Env: []string{"/opt/rh/httpd24/root/etc/sysconfig/httpd"}, Exported: true},
	{Name: "Slackware", Main: "/etc/httpd/httpd.conf", Root: "/usr", Modules: "/usr/lib64/httpd/modules", RuntimeDir: "/var/run/httpd", User: "apache", Group: "apache", MPM: "mpm_event_module"},
}

// LayoutOf returns the layout of which name is the main file, at the root of a machine or below
// another directory, and that directory, "" for the root. id is the ID of the system, "" if it
// is not known. DirectAdmin has the paths of RHEL on every system.
func LayoutOf(name, id string) (l *Layout, root string) {
	for i := range Layouts {
		one := &Layouts[i]
		above, ok := strings.CutSuffix(name, one.Main)
		if !ok || l != nil && len(one.Main) < len(l.Main) {
			continue
		}
		if l == nil || len(one.Main) > len(l.Main) || id != "" && slices.Contains(one.IDs, id) {
			l, root = one, above
		}
	}
	return l, root
}

// Told returns the layout of a system that is not known: of those with the main file of l, the first
// with an environment file that exists, and l without one.
func (l *Layout) Told(exists func(name string) bool) *Layout {
	for i := range Layouts {
		if one := &Layouts[i]; one.Main == l.Main && slices.ContainsFunc(one.Env, exists) {
			return one
		}
	}
	return l
}

// MainName reports whether a file that is called base is a main file of Apache, as a rule.
func MainName(base string) bool {
	return base == "httpd.conf" || base == "apache2.conf" || base == "httpd2.conf"
}

// SiteFolders are those beside a main file, or beside its directory, in which distributions have
// the sites.
var SiteFolders = []string{"sites-available", "sites-enabled", "conf.d", "vhosts.d", "vhosts"}

// OptionVariables are those with which an environment file passes options to httpd: Debian's
// apache2ctl; the unit of RHEL; the scripts of OpenRC of Gentoo and of Alpine; the script of
// FreeBSD, which reads rc.conf; SUSE.
var OptionVariables = []string{"APACHE_ARGUMENTS", "OPTIONS", "APACHE2_OPTS", "HTTPD_OPTS", "apache24_flags", FlagVariable}

// FlagVariable has names for -D alone (SUSE, /etc/sysconfig/apache2).
const FlagVariable = "APACHE_SERVER_FLAGS"

// Only reports whether a word is a directive or the start of a section that only Apache has:
// not ProFTPD, collectd, lighttpd or Squid, whose files have the same form, and not nginx
// (Apache 2.4, list of directives). Case does not matter.
func Only(word string) bool {
	switch strings.ToLower(strings.TrimSuffix(word, ">")) {
	case "<filesmatch", "<locationmatch", "<directorymatch", "<proxy", "<proxymatch", "<requireall", "<requireany", "<ifversion",
		"documentroot", "customlog", "directoryindex", "addhandler", "sethandler", "addtype", "allowoverride", "accessfilename",
		"rewriteengine", "rewriterule", "rewritecond", "proxypass", "proxypassmatch", "proxypassreverse", "scriptalias", "sslengine",
		"fastcgiexternalserver", "fcgidwrapper", "includeoptional", "errordocument", "keepalivetimeout", "serversignature",
		"redirectmatch", "scriptaliasmatch", "aliasmatch", "proxyrequests", "proxypreservehost", "proxyset", "namevirtualhost", "suexecusergroup",
		"assignuserid", "fcgidipcdir", "sslcertificatefile", "usecanonicalname", "serverroot", "defaultruntimedir", "phpinidir":
		return true
	}
	return false
}

// Other reports whether a word is a directive or the start of a section of ProFTPD or collectd,
// whose words Apache shares in part, and that Apache does not have (proftpd.org, list of
// directives; collectd.conf(5)). Case does not matter.
func Other(word string) bool {
	switch strings.ToLower(strings.TrimSuffix(word, ">")) {
	case "<global", "<anonymous", "<plugin", "servertype", "serverident", "defaultroot", "maxinstances", "requirevalidshell", "loadplugin", "typesdb":
		return true
	}
	return false
}

// Mains are the main files of the layouts, each once.
func Mains() (all []string) {
	for _, l := range Layouts {
		if !slices.Contains(all, l.Main) {
			all = append(all, l.Main)
		}
	}
	return all
}
