package servers

import "strings"

// PackageFiles is what a package of a distribution brings.
type PackageFiles struct {
	// Name is the package that name refers to: php8.2-fpm for php-fpm on Debian 12.
	Name       string
	PHP, Nginx string // versions as far as known
	Needs      string // a package with a server that it depends on; "" for none
	Files      []ImageFile
	Links      []ImageLink
	Complete   []string
	Accounts   []Account
	Groups     []Group
	Programs   []Program
}

// Package returns what installing a package of nginx, Apache, PHP-FPM or supervisord adds to an
// image; false if it has nothing to do with them. Distribution and release are as in Image; with an
// unknown distribution nothing is known.
//
// In a container no package makes its folders below /run: that is left to the boot of a
// system.
func Package(distribution, release, name string) (PackageFiles, bool) {
	switch distribution {
	case "debian", "ubuntu":
		return debianPackage(distribution, release, name)
	case "alpine":
		return alpinePackage(release, name)
	case "rhel", "rocky", "almalinux", "centos", "ol", "fedora", "amzn":
		return rhelPackage(distribution, release, name)
	}
	return PackageFiles{}, false
}

// NginxOrgPrefix is the directory that relative paths of nginx of nginx.org start at (pkg-oss,
// --prefix).
const NginxOrgPrefix = "/etc/nginx"

// NginxTemp is a directory for temporary files that nginx makes at startup, unless a directive
// names another.
type NginxTemp struct{ Directive, Path string }

// NginxOrgTemp are those of nginx of nginx.org (pkg-oss, --http-client-body-temp-path and others).
var NginxOrgTemp = []NginxTemp{
	{"client_body_temp_path", "/var/cache/nginx/client_temp"},
	{"proxy_temp_path", "/var/cache/nginx/proxy_temp"},
	{"fastcgi_temp_path", "/var/cache/nginx/fastcgi_temp"},
	{"uwsgi_temp_path", "/var/cache/nginx/uwsgi_temp"},
	{"scgi_temp_path", "/var/cache/nginx/scgi_temp"},
}

// NginxOrgPackage returns the package nginx of nginx.org's own archive for Debian, Ubuntu,
// Alpine and RHEL (pkg-oss). Version may be unknown, "". The account has the first free
// numbers; the official image sets these.
func NginxOrgPackage(version string) PackageFiles {
	p := PackageFiles{Name: "nginx", Nginx: version}
	p.Accounts, p.Groups = []Account{{"nginx", 101, 101}}, []Group{{"nginx", 101, nil}}
	p.Files = append(dirs("/etc/nginx", "/etc/nginx/conf.d", "/usr/share/nginx/html", "/usr/lib/nginx/modules", "/var/cache/nginx", "/var/log/nginx"),
		nginxParams("mime.types", "fastcgi_params", "scgi_params", "uwsgi_params")...)
	pid := "/run/nginx.pid"
	if Older(version, "1.27.5") { // pkg-oss, pull request 26
		pid = "/var/run/nginx.pid"
	}
	p.Files = append(p.Files,
		file("/etc/nginx/nginx.conf", stock("nginx.conf", "{pid}", pid)),
		file("/etc/nginx/conf.d/default.conf", stock("nginx-default.conf", "{port}", "80")),
		file("/usr/share/nginx/html/index.html", ""), file("/usr/share/nginx/html/50x.html", ""))
	p.Links = []ImageLink{{"/etc/nginx/modules", "/usr/lib/nginx/modules"}}
	p.Complete = []string{"/etc/nginx/conf.d", "/var/log/nginx", "/var/cache/nginx", "/usr/share/nginx/html"}
	if !Older(version, "1.21") { // before, there were the tables koi-utf, koi-win and win-utf too
		p.Complete = append(p.Complete, "/etc/nginx")
	}
	p.Programs = []Program{{Nginx, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"}}
	return p
}

// supervisorFiles is supervisord of a distribution: the file that it reads without
// options, and the files that this includes.
func supervisorFiles(conf, programs, run, log string) PackageFiles {
	p := PackageFiles{Name: "supervisor"}
	p.Files = []ImageFile{file(conf, stock("supervisord.conf", "{programs}", programs, "{run}", run, "{log}", log))}
	if strings.HasPrefix(programs, "/etc/supervisor/") {
		p.Files = append(p.Files, dirs("/etc/supervisor", "/etc/supervisor/conf.d")...)
		p.Complete = []string{"/etc/supervisor", "/etc/supervisor/conf.d"}
	}
	return p
}

// nginxParams are the files of parameters of nginx's own sources.
func nginxParams(names ...string) (files []ImageFile) {
	for _, name := range names {
		files = append(files, file("/etc/nginx/"+name, stock(name)))
	}
	return files
}
