package servers

import (
	"slices"
	"strings"
)

// debianModulePackages are the packages of other modules of Apache of Debian and Ubuntu, none of
// which handles PHP by itself, without libapache2-mod-: one a line, with the name of the .load file,
// that of the module, and marks: conf, there is a .conf file; off, the package does not enable it;
// needs=A, the module before it (# Depends). Source: the file lists and the postinst of Debian 12,
// and of Debian 9 for mod_fastcgi.
const debianModulePackages = `
auth-openidc auth_openidc auth_openidc conf
authn-sasl authn_sasl authn_sasl off
authnz-external authnz_external authnz_external
bw bw bw
evasive evasive evasive20 conf
fastcgi fastcgi fastcgi conf
geoip geoip geoip conf
lookup-identity lookup_identity lookup_identity conf
perl2 perl perl
qos qos qos conf
rpaf rpaf rpaf conf
security2 security2 security2 conf needs=unique_id
uwsgi uwsgi uwsgi off
wsgi wsgi wsgi conf
wsgi-py3 wsgi wsgi conf
xforward xforward xforward
xsendfile xsendfile xsendfile
`

// debianConf returns the .conf file of a module, "" if it sets nothing.
func debianConf(name string) string {
	switch name {
	case "fastcgi":
		return "<IfModule mod_fastcgi.c>\n    AddHandler fastcgi-script .fcgi\n    FastCgiIpcDir /var/lib/apache2/fastcgi\n</IfModule>\n"
	case "rpaf":
		return "<IfModule rpaf_module>\n    RPAFenable On\n    RPAFsethostname On\n    RPAFproxy_ips 127.0.0.1 ::1\n</IfModule>\n"
	case "security2":
		return "<IfModule security2_module>\n    SecDataDir /var/cache/modsecurity\n    IncludeOptional /etc/modsecurity/*.conf\n    IncludeOptional /usr/share/modsecurity-crs/*.load\n</IfModule>\n"
	}
	return ""
}

// debianModule returns the package of another module, as debianFcgid does.
func debianModule(name string) (PackageFiles, bool) {
	for line := range strings.Lines(debianModulePackages) {
		row := strings.Fields(line)
		if len(row) > 2 && name == "libapache2-mod-"+row[0] {
			return debianModuleOf(name, row[1], row[2], row[3:]), true
		}
	}
	return PackageFiles{}, false
}

func debianModuleOf(name, load, module string, marks []string) PackageFiles {
	const available = "/etc/apache2/mods-available/"
	p := PackageFiles{Name: name, Needs: "apache2"}
	text := "LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n"
	names := []string{load + ".load"}
	var confs []ImageFile
	for _, mark := range marks {
		if needs, ok := strings.CutPrefix(mark, "needs="); ok {
			text = "# Depends: " + needs + "\n" + text
			names = slices.Insert(names, 0, needs+".load")
		}
		if mark == "conf" {
			confs = append(confs, file(available+load+".conf", debianConf(load)))
			names = append(names, load+".conf")
		}
	}
	p.Files = append([]ImageFile{file(available+load+".load", text)}, confs...)
	if load == "security2" {
		p.Files = append(p.Files, dirs("/etc/modsecurity", "/usr/share/modsecurity-crs")...)
		p.Complete = []string{"/etc/modsecurity"}
	}
	if slices.Contains(marks, "off") {
		return p
	}
	for _, one := range names {
		p.enable("mods", one)
	}
	return p
}
