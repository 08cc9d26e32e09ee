package servers

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// debianModules are the modules of Debian's package, each with those that a2enmod enables
// before it: the .load files of mods-available (apache2 2.4.71-1~deb12u1).
const debianModules = `
access_compat authn_core
actions
alias
allowmethods
asis mime
auth_basic authn_core
auth_digest authn_core
auth_form session authn_core
authn_anon
authn_core
authn_dbd dbd
authn_dbm
authn_file
authn_socache
authnz_fcgi
authnz_ldap ldap
authz_core
authz_dbd dbd authz_core
authz_dbm authz_core
authz_groupfile authz_core
authz_host authz_core
authz_owner
authz_user authz_core
autoindex
brotli
buffer
cache
cache_disk cache
cache_socache cache
cern_meta
cgi
cgid
charset_lite
data
dav
dav_fs dav
dav_lock
dbd
deflate filter
dialup
dir
dump_io
echo
env
expires
ext_filter
file_cache cache
filter
headers
heartbeat
heartmonitor
http2
ident
imagemap
include mime
info
lbmethod_bybusyness proxy_balancer
lbmethod_byrequests proxy_balancer
lbmethod_bytraffic proxy_balancer
lbmethod_heartbeat proxy_balancer
ldap
log_debug
log_forensic
lua
macro
md
mime
mime_magic
mpm_event
mpm_prefork
mpm_worker
negotiation
proxy
proxy_ajp proxy
proxy_balancer proxy alias slotmem_shm
proxy_connect proxy
proxy_express proxy
proxy_fcgi proxy
proxy_fdpass proxy
proxy_ftp proxy
proxy_hcheck proxy
proxy_html proxy xml2enc
proxy_http proxy
proxy_http2 proxy http2
proxy_scgi proxy
proxy_uwsgi proxy
proxy_wstunnel proxy
ratelimit env
reflector
remoteip
reqtimeout
request
rewrite
sed
session
session_cookie session
session_crypto session
session_dbd session
setenvif
slotmem_plain
slotmem_shm
socache_dbm
socache_memcache
socache_redis
socache_shmcb
speling
ssl setenvif mime socache_shmcb
status
substitute
suexec
unique_id
userdir
usertrack
vhost_alias
xml2enc
`

// debianEnabled are those that the package enables, beside an MPM, and debianConfs the files of
// conf-available.
var (
	debianEnabled = []string{
		"access_compat", "alias", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "autoindex", "deflate",
		"dir", "env", "filter", "mime", "negotiation", "reqtimeout", "setenvif", "status",
	}
	debianConfs = []string{"charset", "localized-error-pages", "other-vhosts-access-log", "security", "serve-cgi-bin"}
)

// debianMPMs are the MPMs, of which a2enmod refuses a second one.
var debianMPMs = []string{"mpm_event", "mpm_worker", "mpm_prefork"}

// debianApache is Apache of Debian (file lists and postinst of apache2 2.4.71-1~deb12u1).
func debianApache() PackageFiles {
	p := PackageFiles{Name: "apache2"}
	const etc = "/etc/apache2"
	p.Files = dirs(etc, "/usr/lib/apache2/modules", "/var/lib/apache2", "/var/www/html", "/usr/lib/cgi-bin")
	for _, kind := range []string{"mods", "conf", "sites"} {
		p.Files = append(p.Files, dirs(etc+"/"+kind+"-available", etc+"/"+kind+"-enabled")...)
		p.Complete = append(p.Complete, etc+"/"+kind+"-enabled")
	}
	p.Files = append(p.Files, ImageFile{Name: "/var/log/apache2", GID: 4, Mode: 0o750, Dir: true}, file("/var/www/html/index.html", ""), file("/etc/mime.types", stock("apache-mime.types")))
	p.Files = append(p.Files, stockFiles("debian-apache.txt", etc)...)
	p.Files = append(p.Files, stockFiles("debian-mods.txt", etc+"/mods-available")...)
	for line := range strings.Lines(strings.TrimSpace(debianModules)) {
		name, needs, _ := strings.Cut(strings.TrimSpace(line), " ")
		p.Files = append(p.Files, file(etc+"/mods-available/"+name+".load", debianLoad(name, needs)))
	}
	for _, name := range append(debianEnabled, "mpm_event") {
		p.enable("mods", name+".load")
		if p.has(etc + "/mods-available/" + name + ".conf") {
			p.enable("mods", name+".conf")
		}
	}
	for _, name := range debianConfs {
		p.enable("conf", name+".conf")
	}
	p.enable("sites", "000-default.conf")
	p.Programs = []Program{{Apache, "/usr/sbin/apache2", etc + "/apache2.conf"}, {Apache, "/usr/sbin/apache2ctl", etc + "/apache2.conf"}, {Apache, "/usr/sbin/apachectl", etc + "/apache2.conf"}}
	return p
}

// debianLoad returns the text of a .load file.
func debianLoad(name, needs string) string {
	text := ""
	if strings.HasPrefix(name, "mpm_") {
		for _, other := range debianMPMs {
			if other != name {
				text += " " + other
			}
		}
		text = "# Conflicts:" + text + "\n"
	}
	if needs != "" {
		text += "# Depends: " + needs + "\n"
	}
	module := strings.ReplaceAll(name, "dump_io", "dumpio")
	return text + "LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n"
}

// enable makes the link of a2enmod, a2enconf and a2ensite.
func (p *PackageFiles) enable(kind, name string) {
	p.Links = append(p.Links, ImageLink{"/etc/apache2/" + kind + "-enabled/" + name, "../" + kind + "-available/" + name})
}

// has reports whether a file is among those of the package.
func (p *PackageFiles) has(name string) bool {
	for _, f := range p.Files {
		if f.Name == name {
			return true
		}
	}
	return false
}

// debianFcgid is the module that runs PHP by FastCGI without PHP-FPM, which its package enables
// (libapache2-mod-fcgid 1:2.3.9-4).
func debianFcgid(name string) PackageFiles {
	p := PackageFiles{Name: name, Needs: "apache2"}
	p.Files = []ImageFile{file("/etc/apache2/mods-available/fcgid.load", debianLoad("fcgid", "")),
		file("/etc/apache2/mods-available/fcgid.conf", "<IfModule mod_fcgid.c>\n  FcgidConnectTimeout 20\n  <IfModule mod_mime.c>\n    AddHandler fcgid-script .fcgi\n  </IfModule>\n</IfModule>\n")}
	p.enable("mods", "fcgid.load")
	p.enable("mods", "fcgid.conf")
	return p
}

// DebianModPHP returns the files with which PHP runs inside Apache of Debian, which the package
// enables together with mpm_prefork, in place of another MPM (libapache2-mod-php8.2, postinst).
// not ok for another package. The metapackages without a version are that of the release.
func DebianModPHP(release, name string) (version string, files []ImageFile, ok bool) {
	version, ok = strings.CutPrefix(name, "libapache2-mod-php")
	if !ok || version != "" && !isVersion(version) {
		return "", nil, false
	}
	if version == "" {
		version = debianPHP[release]
	}
	if version == "" {
		return "", nil, false
	}
	dir := "/etc/apache2/mods-available/php" + version
	return version, []ImageFile{file(dir+".load", modPHP(version, "libphp"+version+".so")), file(dir+".conf", part("debian-php.txt", "mod"))}, true
}

// phpModule returns what the module of a version of PHP is called, without its _module: since PHP 8 it has
// no number. "" is a version that is not known.
func phpModule(version string) string {
	if version == "" || !Older(version, "8") {
		return "php"
	}
	return "php" + major(version)
}

// modPHP returns the lines that load PHP.
func modPHP(version, object string) string {
	return "# Depends: mpm_prefork\nLoadModule " + phpModule(version) + "_module /usr/lib/apache2/modules/" + object + "\n"
}

// DebianApacheFPM returns the file with which a2enconf makes Apache of Debian pass requests to
// PHP-FPM of a version. The package of PHP-FPM brings it and does not enable it (file list of
// php8.2-fpm 8.2.36-1~deb12u1).
func DebianApacheFPM(version string) ImageFile {
	text := strings.ReplaceAll(part("debian-php.txt", "fpm"), "{V}", version)
	return file("/etc/apache2/conf-available/php"+version+"-fpm.conf", strings.ReplaceAll(text, "{N}", major(version)))
}

// alpineApache returns a package of Apache of Alpine (aports, main/apache2): files of conf.d load
// the modules of all but the first.
func alpineApache(name string) (PackageFiles, bool) {
	const etc = "/etc/apache2"
	p := PackageFiles{Name: name, Needs: "apache2"}
	load := func(names ...string) {
		p.Files = append(p.Files, file(etc+"/conf.d/"+strings.TrimPrefix(name, "apache2-")+".conf", loadLines("modules", names...)))
	}
	switch name {
	case "apache2":
		p.Needs = ""
		p.Accounts, p.Groups = []Account{{"apache", 100, 101}}, []Group{{"apache", 101, nil}, {"www-data", 82, []string{"apache"}}}
		p.Files = append(dirs(etc, etc+"/conf.d", "/run/apache2", "/usr/lib/apache2", "/var/www", "/var/www/localhost", "/var/www/localhost/htdocs", "/var/www/localhost/cgi-bin"),
			ImageFile{Name: "/var/log/apache2", Mode: 0o755, Dir: true},
			file(etc+"/httpd.conf", httpdConf("alpine-httpd-modules.conf", "{root}", "/var/www", "{tokens}", "ServerTokens OS\n", "{signature}", "ServerSignature On\n", "{user}", "apache", "{port}", "80",
				"{htdocs}", "/var/www/localhost/htdocs", "{cgi}", "/var/www/localhost/cgi-bin", "{error_log}", "logs/error.log", "{access_log}", "logs/access.log combined", "{types}", etc+"/mime.types",
				"{rest}", "<IfModule mime_magic_module>\n    MIMEMagicFile /etc/apache2/magic\n</IfModule>\nIncludeOptional /etc/apache2/conf.d/*.conf\n")),
			file(etc+"/conf.d/default.conf", part("httpd-extra.txt", "httpd-default.conf")), file(etc+"/conf.d/mpm.conf", strings.ReplaceAll(part("httpd-extra.txt", "httpd-mpm.conf"), "logs/httpd.pid", "/run/apache2/httpd.pid")),
			file(etc+"/conf.d/userdir.conf", ""), file(etc+"/conf.d/info.conf", ""), file(etc+"/conf.d/languages.conf", ""),
			file(etc+"/mime.types", stock("apache-mime.types")), file(etc+"/magic", ""))
		p.Links = []ImageLink{{"/var/www/logs", "/var/log/apache2"}, {"/var/www/modules", "/usr/lib/apache2"}, {"/var/www/run", "/run/apache2"}}
		p.Complete = []string{etc + "/conf.d"}
		p.Programs = []Program{{Apache, "/usr/sbin/httpd", etc + "/httpd.conf"}, {Apache, "/usr/sbin/apachectl", etc + "/httpd.conf"}}
	case "apache2-proxy":
		load("slotmem_shm", "watchdog", "lbmethod_bybusyness", "lbmethod_byrequests", "lbmethod_bytraffic", "lbmethod_heartbeat", "proxy", "proxy_ajp", "proxy_balancer", "proxy_connect",
			"proxy_express", "proxy_fcgi", "proxy_fdpass", "proxy_ftp", "proxy_hcheck", "proxy_http", "proxy_http2", "proxy_scgi", "proxy_uwsgi", "proxy_wstunnel")
	case "apache2-http2":
		load("http2")
	case "apache2-ssl":
		load("ssl", "socache_shmcb")
		p.Files[0].Text += "Listen 443\n"
	default:
		digits, ok := strings.CutSuffix(name, "-apache2")
		if !ok || !strings.HasPrefix(digits, "php") {
			return p, false
		}
		p.Files = []ImageFile{file(etc+"/conf.d/"+digits+"-module.conf", "LoadModule php_module modules/mod_"+digits+".so\n\nDirectoryIndex index.php index.html\n\n<FilesMatch \\.php$>\n    SetHandler application/x-httpd-php\n</FilesMatch>\n")}
	}
	return p, true
}

// loadLines returns lines that load modules from a directory.
func loadLines(dir string, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString("LoadModule " + name + "_module " + dir + "/mod_" + name + ".so\n")
	}
	return b.String()
}

// httpdConf returns the httpd.conf that Apache's own sources install, with what packagers change
// (httpd docs/conf/httpd.conf.in).
func httpdConf(modules string, pairs ...string) string {
	return stock("httpd.conf", append([]string{"{modules}", stock(modules)}, append(pairs, "{tokens}", "", "{signature}", "")...)...)
}

// rhelModules are the files of conf.modules.d of RHEL and Fedora, and their modules (file list of
// httpd-core 2.4 of RHEL 9). A # before one comments it out.
var rhelModules = map[string]string{
	"00-base": "access_compat actions alias allowmethods auth_basic auth_digest authn_anon authn_core authn_dbd authn_dbm authn_file authn_socache authz_core authz_dbd authz_dbm authz_groupfile " +
		"authz_host authz_owner authz_user autoindex cache cache_disk cache_socache data dbd deflate dir dumpio echo env expires ext_filter filter headers include info log_config logio macro " +
		"mime_magic mime negotiation remoteip reqtimeout request rewrite setenvif slotmem_plain slotmem_shm socache_dbm socache_memcache socache_redis socache_shmcb status substitute suexec " +
		"unique_id unixd userdir version vhost_alias watchdog",
	"00-brotli":   "brotli",
	"00-dav":      "dav dav_fs dav_lock",
	"00-lua":      "lua",
	"00-mpm":      "#mpm_prefork #mpm_worker mpm_event",
	"00-optional": "#asis #buffer #heartbeat #heartmonitor #usertrack #dialup #charset_lite #log_debug #log_forensic #ratelimit #reflector #sed #speling",
	"00-proxy": "proxy lbmethod_bybusyness lbmethod_byrequests lbmethod_bytraffic lbmethod_heartbeat proxy_ajp proxy_balancer proxy_connect proxy_express proxy_fcgi proxy_fdpass proxy_ftp proxy_http " +
		"proxy_hcheck proxy_scgi proxy_uwsgi proxy_wstunnel",
	"00-systemd":  "systemd",
	"10-h2":       "http2",
	"10-proxy_h2": "proxy_http2",
}

// rhelApache is Apache of RHEL and Fedora (file list of httpd 2.4 of RHEL 9). RHEL 7 loads
// mpm_prefork.
func rhelApache(distribution, release string) PackageFiles {
	const etc = "/etc/httpd"
	p := PackageFiles{Name: "httpd"}
	p.Accounts, p.Groups = []Account{{"apache", 48, 48}}, []Group{{"apache", 48, nil}}
	p.Files = append(dirs(etc, etc+"/conf", etc+"/conf.d", etc+"/conf.modules.d", "/usr/lib64/httpd/modules", "/var/www", "/var/www/html", "/var/www/cgi-bin"),
		ImageFile{Name: "/var/log/httpd", Mode: 0o700, Dir: true}, ImageFile{Name: "/run/httpd", GID: 48, Mode: 0o710, Dir: true},
		file(etc+"/conf/httpd.conf", stock("rhel-httpd.conf")), file(etc+"/conf/magic", ""), file("/etc/mime.types", stock("apache-mime.types")),
		file(etc+"/conf.d/autoindex.conf", ""), file(etc+"/conf.d/welcome.conf", ""), file(etc+"/conf.d/userdir.conf", "<IfModule mod_userdir.c>\n    UserDir disabled\n</IfModule>\n"))
	for _, name := range slices.Sorted(maps.Keys(rhelModules)) {
		modules := rhelModules[name]
		if name == "00-mpm" && distribution == "centos" && release == "7" {
			modules = "mpm_prefork #mpm_worker #mpm_event"
		}
		text := strings.ReplaceAll(loadLines("modules", strings.Fields(modules)...), "LoadModule #", "#LoadModule ")
		text = strings.ReplaceAll(text, "/mod_#", "/mod_")
		p.Files = append(p.Files, file(etc+"/conf.modules.d/"+name+".conf", text))
	}
	p.Files = append(p.Files, file(etc+"/conf.modules.d/01-cgi.conf", "<IfModule !mpm_prefork_module>\n    "+loadLines("modules", "cgid")+"</IfModule>\n<IfModule mpm_prefork_module>\n    "+loadLines("modules", "cgi")+"</IfModule>\n"))
	p.Links = []ImageLink{{etc + "/modules", "/usr/lib64/httpd/modules"}, {etc + "/logs", "/var/log/httpd"}, {etc + "/run", "/run/httpd"}}
	p.Complete = []string{etc + "/conf.d", etc + "/conf.modules.d"}
	p.Programs = []Program{{Apache, "/usr/sbin/httpd", etc + "/conf/httpd.conf"}, {Apache, "/usr/sbin/apachectl", etc + "/conf/httpd.conf"}}
	return p
}

// RHELApachePHP returns the file with which Apache of RHEL and Fedora passes requests to a
// PHP-FPM, which the package of PHP-FPM brings (file list of php-fpm 8.0 of RHEL 9; RHEL 7 has
// none). main is the main file of PHP-FPM; not ok for that of another package.
func RHELApachePHP(release, main string) (f ImageFile, ok bool) {
	name, sock := "php.conf", "/run/php-fpm/www.sock"
	switch dir := path.Base(path.Dir(main)); {
	case main == "/etc/php-fpm.conf" && major(release) != "7":
	case strings.HasPrefix(main, "/etc/opt/remi/"):
		name, sock = dir+"-php.conf", "/var/opt/remi/"+dir+"/run/php-fpm/www.sock"
	default:
		return ImageFile{}, false
	}
	return file("/etc/httpd/conf.d/"+name, stock("rhel-apache-php.conf", "{sock}", sock)), true
}
