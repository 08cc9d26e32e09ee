package servers

import "strings"

// debianModulePackages are the packages of other modules of Apache of Debian and Ubuntu, none of
// which handles PHP by itself, without libapache2-mod-: the name of the .load file, that of the module, the
// modules before it (# Depends), and marks: conf, there is a .conf file; off, the package does
// not enable it. Source: the file lists and the postinst of Debian 12, and of Debian 9 for
// mod_fastcgi.
var debianModulePackages = map[string]struct {
	load, module, needs string
	conf, off           bool
}{
	"auth-openidc":    {load: "auth_openidc", module: "auth_openidc", conf: true},
	"authn-sasl":      {load: "authn_sasl", module: "authn_sasl", off: true},
	"authnz-external": {load: "authnz_external", module: "authnz_external"},
	"bw":              {load: "bw", module: "bw"},
	"evasive":         {load: "evasive", module: "evasive20", conf: true},
	"fastcgi":         {load: "fastcgi", module: "fastcgi", conf: true},
	"geoip":           {load: "geoip", module: "geoip", conf: true},
	"lookup-identity": {load: "lookup_identity", module: "lookup_identity", conf: true},
	"perl2":           {load: "perl", module: "perl"},
	"qos":             {load: "qos", module: "qos", conf: true},
	"rpaf":            {load: "rpaf", module: "rpaf", conf: true},
	"security2":       {load: "security2", module: "security2", needs: "unique_id", conf: true},
	"uwsgi":           {load: "uwsgi", module: "uwsgi", off: true},
	"wsgi":            {load: "wsgi", module: "wsgi", conf: true},
	"wsgi-py3":        {load: "wsgi", module: "wsgi", conf: true},
	"xforward":        {load: "xforward", module: "xforward"},
	"xsendfile":       {load: "xsendfile", module: "xsendfile"},
}

// debianConf are the .conf files that set something, by the name of the .load file.
var debianConf = map[string]string{
	"fastcgi":   "<IfModule mod_fastcgi.c>\n    AddHandler fastcgi-script .fcgi\n    FastCgiIpcDir /var/lib/apache2/fastcgi\n</IfModule>\n",
	"rpaf":      "<IfModule rpaf_module>\n    RPAFenable On\n    RPAFsethostname On\n    RPAFproxy_ips 127.0.0.1 ::1\n</IfModule>\n",
	"security2": "<IfModule security2_module>\n    SecDataDir /var/cache/modsecurity\n    IncludeOptional /etc/modsecurity/*.conf\n    IncludeOptional /usr/share/modsecurity-crs/*.load\n</IfModule>\n",
}

// debianModule returns the package of another module, as debianFcgid does.
func debianModule(name string) (PackageFiles, bool) {
	m, ok := debianModulePackages[strings.TrimPrefix(name, "libapache2-mod-")]
	if !ok || !strings.HasPrefix(name, "libapache2-mod-") {
		return PackageFiles{}, false
	}
	p := PackageFiles{Name: name, Needs: "apache2"}
	text := "LoadModule " + m.module + "_module /usr/lib/apache2/modules/mod_" + m.module + ".so\n"
	if m.needs != "" {
		text = "# Depends: " + m.needs + "\n" + text
	}
	const available = "/etc/apache2/mods-available/"
	p.Files = []ImageFile{file(available+m.load+".load", text)}
	if m.conf {
		p.Files = append(p.Files, file(available+m.load+".conf", debianConf[m.load]))
	}
	if m.load == "security2" {
		p.Files = append(p.Files, dirs("/etc/modsecurity", "/usr/share/modsecurity-crs")...)
		p.Complete = []string{"/etc/modsecurity"}
	}
	if m.off {
		return p, true
	}
	if m.needs != "" {
		p.enable("mods", m.needs+".load")
	}
	p.enable("mods", m.load+".load")
	if m.conf {
		p.enable("mods", m.load+".conf")
	}
	return p, true
}
