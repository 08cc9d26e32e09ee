package servers

import (
	"slices"
	"strings"
)

// apacheFamilies are the images with an Apache and no PHP.
var apacheFamilies = []family{
	{names: []string{"httpd"}, image: httpdImage, open: true},
	{names: []string{"ubuntu/apache2"}, image: ubuntuApache, open: true},
	{names: []string{"bitnami/apache", "bitnamilegacy/apache"}, image: bitnamiApache, open: true},
}

// httpdRoot is the directory of the official image.
const httpdRoot = "/usr/local/apache2"

// httpdImage is the official image, which is built from Apache's sources (docker-library/httpd
// at 9b63b37, and its history; httpd docs/conf).
func httpdImage(t imageTag) Image {
	m := base(t.distribution(httpdDebian(t)))
	m.Absent = append(m.Absent, "/usr/local/sbin/php-fpm")
	user := "www-data" // since 2.4.51 (cd9f317)
	if t.version != "" && Older(t.version, "2.4.51") {
		user = "daemon"
	}
	if m.Distribution == "alpine" {
		m.addAccount("www-data", 82, 82)
	}
	m.add(dirs(httpdRoot, httpdRoot+"/conf", httpdRoot+"/conf/extra", httpdRoot+"/conf/original", httpdRoot+"/htdocs", httpdRoot+"/cgi-bin", httpdRoot+"/logs", httpdRoot+"/modules")...)
	m.add(file(httpdRoot+"/conf/httpd.conf", httpdConf("httpd-modules.conf", "{root}", `"`+httpdRoot+`"`, "{user}", user, "{port}", "80", "{htdocs}", httpdRoot+"/htdocs", "{cgi}", httpdRoot+"/cgi-bin",
		"{error_log}", "/proc/self/fd/2", "{access_log}", "/proc/self/fd/1 common\n    #CustomLog \"logs/access_log\" combined", "{types}", "conf/mime.types", "{rest}", stock("httpd-rest.conf"))),
		file(httpdRoot+"/conf/mime.types", stock("apache-mime.types")), file(httpdRoot+"/conf/magic", ""), file(httpdRoot+"/htdocs/index.html", ""))
	m.add(stockFiles("httpd-extra.txt", httpdRoot+"/conf/extra")...)
	m.Complete = append(m.Complete, httpdRoot+"/conf/extra", httpdRoot+"/htdocs")
	m.ApacheConf = httpdRoot + "/conf/httpd.conf"
	for _, name := range []string{httpdRoot + "/bin/httpd", httpdRoot + "/bin/apachectl", "/usr/local/bin/httpd-foreground"} {
		m.Programs = append(m.Programs, Program{Apache, name, m.ApacheConf})
	}
	m.addEnv("HTTPD_PREFIX", httpdRoot)
	m.Command, m.WorkDir, m.Exposed, m.StopSignal = []string{"httpd-foreground"}, httpdRoot, []int{80}, "SIGWINCH"
	m.knowLogs()
	return m
}

// httpdDebian returns the release of Debian below a version of the image.
func httpdDebian(t imageTag) string {
	releases := []struct{ from, name string }{{"2.4.65", "trixie"}, {"2.4.57", "bookworm"}, {"2.4.51", "bullseye"}, {"2.4.39", "buster"}, {"2.4.35", "stretch"}, {"2.4", "jessie"}}
	for _, r := range releases {
		if t.version == "" || !Older(t.version, r.from) {
			return r.name
		}
	}
	return ""
}

// ubuntuApache is Apache of Ubuntu's package, with a program that starts it in the foreground as that
// of the PHP images does (ubuntu/apache2, documentation).
func ubuntuApache(t imageTag) Image {
	m := base("ubuntu", "")
	m.debianApache()
	m.Entry, m.Command, m.Exposed = EntryNone, []string{"apache2-foreground"}, []int{80}
	return m
}

// debianApache installs Apache of Debian with the program of the PHP images that starts it.
func (m *Image) debianApache() {
	m.install(debianApache())
	m.ApacheConf = m.Programs[len(m.Programs)-1].Conf
	m.Programs = append(m.Programs, Program{Apache, "/usr/local/bin/apache2-foreground", m.ApacheConf})
}

// phpApache adds what the official image of PHP has with Apache: Debian's Apache with mpm_prefork,
// and PHP inside it (docker-library/php, apache-Dockerfile-block-1).
func phpApache(m *Image) {
	m.debianApache()
	m.remove("/var/www/html/index.html", "/var/log/apache2")
	m.unlink("/etc/apache2/mods-enabled/mpm_event.load", "/etc/apache2/mods-enabled/mpm_event.conf")
	for _, dir := range []string{"/run/apache2", "/run/apache2/socks", "/run/lock/apache2", "/var/log/apache2"} {
		m.add(ImageFile{Name: dir, UID: 33, GID: 33, Mode: 0o777, Dir: true})
	}
	name := phpModule(m.PHP)
	m.add(file("/etc/apache2/mods-available/"+name+".load", modPHP(m.PHP, "lib"+name+".so")), file("/etc/apache2/conf-available/docker-php.conf", part("debian-php.txt", "docker")))
	m.enableApache("mpm_prefork", name)
	m.Links = append(m.Links, ImageLink{"/etc/apache2/conf-enabled/docker-php.conf", "../conf-available/docker-php.conf"})
	for log, target := range map[string]string{"error.log": "/dev/stderr", "access.log": "/dev/stdout", "other_vhosts_access.log": "/dev/stdout"} {
		m.Links = append(m.Links, ImageLink{"/var/log/apache2/" + log, target})
	}
	m.replace("/etc/apache2/envvars", overridable(part("debian-apache.txt", "envvars")))
	m.addEnv("APACHE_CONFDIR", "/etc/apache2", "APACHE_ENVVARS", "/etc/apache2/envvars")
	m.Command, m.Exposed, m.StopSignal = []string{"apache2-foreground"}, []int{80}, "SIGWINCH"
}

// enableApache makes the links of a2enmod for modules of Debian's Apache.
func (m *Image) enableApache(names ...string) {
	p := PackageFiles{Files: m.Files}
	for _, name := range names {
		p.enable("mods", name+".load")
		if p.has("/etc/apache2/mods-available/" + name + ".conf") {
			p.enable("mods", name+".conf")
		}
	}
	m.Links = append(m.Links, p.Links...)
}

// overridable changes the lines that export variables, so that those of the container win.
func overridable(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if ok && strings.HasPrefix(line, "export ") {
			line = ": ${" + name + ":=" + value + "}\nexport " + name + "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// unlink removes links from m.
func (m *Image) unlink(names ...string) {
	m.Links = slices.DeleteFunc(m.Links, func(l ImageLink) bool { return slices.Contains(names, l.Name) })
}

// bitnamiApache is bitnami's Apache as user 1001 on port 8080, with the modules of proxies loaded
// (bitnami/containers, apache 2.4 on Debian 12: postunpack.sh and libapache.sh).
func bitnamiApache(imageTag) Image {
	const dir = "/opt/bitnami/apache"
	m := base("debian", "bookworm")
	for _, name := range []string{dir, dir + "/conf", dir + "/conf/vhosts", dir + "/conf/bitnami", dir + "/conf/extra", dir + "/htdocs", dir + "/cgi-bin", dir + "/logs", dir + "/modules", dir + "/var/run", "/app"} {
		m.add(ImageFile{Name: name, Mode: 0o775, Dir: true})
	}
	conf := httpdConf("httpd-modules.conf", "{root}", `"`+dir+`"`, "{user}", "daemon", "{port}", "8080", "{htdocs}", dir+"/htdocs", "{cgi}", dir+"/cgi-bin",
		"{error_log}", "/dev/stderr", "{access_log}", "/dev/stdout common", "{types}", "conf/mime.types",
		"{rest}", "PidFile \""+dir+"/var/run/httpd.pid\"\nTraceEnable Off\nServerTokens Prod\nInclude \""+dir+"/conf/bitnami/bitnami.conf\"\nIncludeOptional \""+dir+"/conf/vhosts/*.conf\"\n")
	for _, name := range []string{"deflate", "negotiation", "rewrite", "slotmem_shm", "socache_shmcb", "ssl", "status", "version"} {
		conf = strings.ReplaceAll(conf, "#LoadModule "+name+"_module", "LoadModule "+name+"_module")
	}
	conf = strings.ReplaceAll(conf, "#LoadModule proxy", "LoadModule proxy")
	for _, name := range []string{"proxy_hcheck", "proxy_html", "proxy_http2"} {
		conf = strings.ReplaceAll(conf, "LoadModule "+name+"_module", "#LoadModule "+name+"_module")
	}
	m.add(file(dir+"/conf/httpd.conf", conf), file(dir+"/conf/mime.types", stock("apache-mime.types")),
		file(dir+"/conf/bitnami/bitnami.conf", "<VirtualHost _default_:8080>\n  DocumentRoot \""+dir+"/htdocs\"\n  <Directory \""+dir+"/htdocs\">\n    Options Indexes FollowSymLinks\n    AllowOverride All\n    Require all granted\n  </Directory>\n  ErrorDocument 503 /503.html\n</VirtualHost>\n"))
	m.Complete = append(m.Complete, dir+"/conf/vhosts")
	m.ApacheConf = dir + "/conf/httpd.conf"
	for _, name := range []string{dir + "/bin/httpd", dir + "/bin/apachectl", "/opt/bitnami/scripts/apache/run.sh"} {
		m.Programs = append(m.Programs, Program{Apache, name, m.ApacheConf})
	}
	m.Entrypoint, m.Command = []string{"/opt/bitnami/scripts/apache/entrypoint.sh"}, []string{"/opt/bitnami/scripts/apache/run.sh"}
	m.Entry, m.User, m.WorkDir, m.Exposed = EntryApp, "1001", "/app", []int{8080, 8443}
	return m
}
