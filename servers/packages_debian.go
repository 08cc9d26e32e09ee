package servers

import (
	"slices"
	"strings"
)

// debianPHP is the PHP of each release. The package php-fpm is its PHP-FPM.
var debianPHP = map[string]string{
	"stretch": "7.0", "buster": "7.3", "bullseye": "7.4", "bookworm": "8.2", "trixie": "8.4",
	"16.04": "7.0", "18.04": "7.2", "20.04": "7.4", "22.04": "8.1", "24.04": "8.3", "25.10": "8.4", "26.04": "8.5",
}

// debianNginx are the packages with an nginx and the files of nginx-common.
var debianNginx = []string{"nginx", "nginx-light", "nginx-full", "nginx-core", "nginx-extras"}

// debianPackage returns a package of Debian and Ubuntu, or of the archive of deb.sury.org
// and its PPA, which have every PHP in the same layout.
func debianPackage(distribution, release, name string) (PackageFiles, bool) {
	name, _, _ = strings.Cut(name, "=") // nginx=1.22.1-9
	name, _, _ = strings.Cut(name, ":") // nginx:amd64
	version, fpm := strings.CutSuffix(strings.TrimPrefix(name, "php"), "-fpm")
	switch {
	case slices.Contains(debianNginx, name), name == "nginx-common":
		return debianNginxFiles(name), true
	case name == "apache2":
		return debianApache(), true
	case name == "libapache2-mod-fcgid":
		return debianFcgid(name), true
	case name == "supervisor":
		return supervisorFiles("/etc/supervisor/supervisord.conf", "/etc/supervisor/conf.d/*.conf", "/var/run", "/var/log/supervisor"), true
	case name == "php5-fpm":
		return php5FPM(), true
	case strings.HasPrefix(name, "libapache2-mod-"):
		return debianModule(name)
	case !fpm || !strings.HasPrefix(name, "php"):
		return PackageFiles{}, false
	case version == "":
		version = debianPHP[release]
	}
	if !isVersion(version) || !strings.Contains(version, ".") {
		return PackageFiles{}, false
	}
	return debianFPM(version), true
}

// debianNginxFiles is nginx of Debian (file lists of nginx-common 1.22.1-9+deb12u11).
func debianNginxFiles(name string) PackageFiles {
	p := PackageFiles{Name: name}
	p.Files = dirs("/etc/nginx", "/etc/nginx/conf.d", "/etc/nginx/modules-available", "/etc/nginx/modules-enabled", "/etc/nginx/sites-available",
		"/etc/nginx/sites-enabled", "/etc/nginx/snippets", "/usr/share/nginx/html", "/var/lib/nginx", "/var/log/nginx", "/var/www/html")
	p.Files = append(p.Files, nginxParams("mime.types", "fastcgi.conf", "fastcgi_params", "scgi_params", "uwsgi_params", "proxy_params")...)
	p.Files = append(p.Files,
		file("/etc/nginx/nginx.conf", stock("debian-nginx.conf")),
		file("/etc/nginx/sites-available/default", stock("debian-site")),
		file("/etc/nginx/snippets/fastcgi-php.conf", stock("fastcgi-php.conf")))
	p.Links = []ImageLink{{"/etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default"}}
	p.Complete = []string{"/etc/nginx/conf.d", "/etc/nginx/sites-available", "/etc/nginx/sites-enabled"}
	if name != "nginx-common" {
		p.Programs = []Program{{Nginx, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"}}
	}
	return p
}

// debianFPM is PHP-FPM of Debian (file lists of php8.2-fpm 8.2.36-1~deb12u1).
func debianFPM(version string) PackageFiles {
	dir := "/etc/php/" + version + "/fpm"
	p := PackageFiles{Name: "php" + version + "-fpm", PHP: version}
	p.Files = append(dirs("/etc/php", "/etc/php/"+version, dir, dir+"/pool.d", dir+"/conf.d", "/var/lib/php/sessions"),
		file(dir+"/php-fpm.conf", fpmConf(dir+"/pool.d/*.conf", "pid = /run/php/php"+version+"-fpm.pid", "error_log = /var/log/php"+version+"-fpm.log")),
		file(dir+"/pool.d/www.conf", fpmPool("www-data", "www-data", "listen = /run/php/php"+version+"-fpm.sock", "listen.owner = www-data", "listen.group = www-data")),
		file(dir+"/php.ini", stock("php.ini", "{expose_php}", "Off", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")))
	p.Complete = []string{dir + "/pool.d"}
	p.Programs = []Program{{FPM, "/usr/sbin/php-fpm" + version, dir + "/php-fpm.conf"}}
	return p
}

// php5FPM is PHP-FPM of Debian 7 and 8, and of Ubuntu 14.04.
func php5FPM() PackageFiles {
	const dir = "/etc/php5/fpm"
	p := PackageFiles{Name: "php5-fpm", PHP: "5"}
	p.Files = append(dirs("/etc/php5", dir, dir+"/pool.d", dir+"/conf.d"),
		file(dir+"/php-fpm.conf", fpmConf(dir+"/pool.d/*.conf", "pid = /run/php5-fpm.pid", "error_log = /var/log/php5-fpm.log")),
		file(dir+"/pool.d/www.conf", fpmPool("www-data", "www-data", "listen = /var/run/php5-fpm.sock", "listen.owner = www-data", "listen.group = www-data")),
		file(dir+"/php.ini", stock("php.ini", "{expose_php}", "On", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")))
	p.Complete = []string{dir + "/pool.d"}
	p.Programs = []Program{{FPM, "/usr/sbin/php5-fpm", dir + "/php-fpm.conf"}}
	return p
}
