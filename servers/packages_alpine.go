package servers

import (
	"slices"
	"strings"
	"sync"
)

// alpinePHP are the PHP versions of each release of Alpine; the first is the one of the
// package php-fpm, where that exists.
var alpinePHP = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"3.12": {"7.3"}, "3.13": {"7.4", "8.0"}, "3.14": {"7.4", "8.0"}, "3.15": {"7.4", "8.0"},
		"3.16": {"8.1", "8.0"}, "3.17": {"8.1"}, "3.18": {"8.2", "8.1"}, "3.19": {"8.3", "8.2", "8.1"},
		"3.20": {"8.3", "8.2"}, "3.21": {"8.4", "8.3", "8.2"}, "3.22": {"8.4", "8.3", "8.2"}, "3.23": {"8.4", "8.3", "8.5"}, "3.24": {"8.5", "8.4", "8.3"},
	}
})

// alpinePackage returns a package of Alpine.
func alpinePackage(release, name string) (PackageFiles, bool) {
	if i := strings.IndexAny(name, "=<>~@"); i >= 0 {
		name = name[:i] // nginx=1.26.3-r0, php83-fpm@community
	}
	switch name {
	case "nginx":
		return alpineNginx(release), true
	case "supervisor":
		return supervisorFiles("/etc/supervisord.conf", "/etc/supervisor.d/*.ini", "/run", "/var/log"), true
	}
	if p, ok := alpineApache(name); ok {
		return p, true
	}
	digits, fpm := strings.CutSuffix(strings.TrimPrefix(name, "php"), "-fpm")
	if name == "php-fpm" && alpinePHP()[release] != nil {
		digits = strings.ReplaceAll(alpinePHP()[release][0], ".", "")
	}
	if !fpm || !strings.HasPrefix(name, "php") || !slices.Contains([]string{"7", "8", "81", "82", "83", "84", "85", "86"}, digits) {
		return PackageFiles{}, false
	}
	return alpineFPM(release, digits), true
}

// alpineNginx is nginx of Alpine (aports, main/nginx: APKBUILD, nginx.pre-install and
// nginx.post-install). Sites are in http.d since 3.13, where conf.d was a link to it. Since
// 3.15 nginx reads conf.d outside of http {}, and the package does not make it.
func alpineNginx(release string) PackageFiles {
	p := PackageFiles{Name: "nginx"}
	p.Accounts = []Account{{"nginx", 100, 101}}
	p.Groups = []Group{{"nginx", 101, nil}, {"www-data", 82, []string{"nginx"}}}
	p.Files = dirs("/etc/nginx", "/etc/nginx/modules", "/usr/share/nginx", "/usr/lib/nginx/modules", "/var/lib/nginx/html", "/var/www", "/var/www/localhost/htdocs")
	p.Files = append(p.Files,
		ImageFile{Name: "/var/lib/nginx", UID: 100, GID: 101, Mode: 0o750, Dir: true},
		ImageFile{Name: "/var/lib/nginx/tmp", UID: 100, GID: 101, Mode: 0o700, Dir: true},
		ImageFile{Name: "/var/log/nginx", UID: 100, GID: 101, Dir: true})
	p.Files = append(p.Files, nginxParams("mime.types", "fastcgi.conf", "fastcgi_params", "scgi_params", "uwsgi_params")...)
	sites, outside := "http.d", ""
	switch {
	case Older(release, "3.13"):
		sites, outside = "conf.d", "#"
	case Older(release, "3.14"):
		outside = "#"
		p.Links = []ImageLink{{"/etc/nginx/conf.d", "http.d"}}
	case Older(release, "3.15"):
		outside = "#"
	}
	if !Older(release, "3.14") {
		p.Files = append(p.Files, ImageFile{Name: "/run/nginx", UID: 100, GID: 101, Dir: true})
	}
	p.Files = append(p.Files, dirs("/etc/nginx/"+sites)...)
	p.Files = append(p.Files, file("/etc/nginx/nginx.conf", stock("alpine-nginx.conf", "{sites}", sites, "{conf.d}", outside)),
		file("/etc/nginx/"+sites+"/default.conf", stock("alpine-site")))
	p.Complete = []string{"/etc/nginx", "/etc/nginx/" + sites}
	p.Programs = []Program{{Nginx, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"}}
	return p
}

// alpineFPM is PHP-FPM of Alpine (aports, community/php83): digits are those of the
// package.
func alpineFPM(release, digits string) PackageFiles {
	dir := "/etc/php" + digits
	p := PackageFiles{Name: "php" + digits + "-fpm", PHP: digits[:1] + "." + digits[1:]}
	program := "/usr/sbin/php-fpm" + digits
	if len(digits) == 1 {
		p.PHP = alpineSingle(release, digits)
	}
	p.Files = append(dirs(dir, dir+"/conf.d", dir+"/php-fpm.d", "/var/log/php"+digits),
		file(dir+"/php-fpm.conf", fpmConf(dir+"/php-fpm.d/*.conf", ";pid = run/php-fpm"+digits+".pid", ";error_log = log/php"+digits+"/error.log")),
		file(dir+"/php-fpm.d/www.conf", fpmPool("nobody", "nobody", "listen = 127.0.0.1:9000", ";listen.owner = nobody", ";listen.group = nobody")),
		file(dir+"/php.ini", stock("php.ini", "{expose_php}", "Off", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")))
	p.Complete = []string{dir + "/php-fpm.d"}
	p.Programs = []Program{{FPM, program, dir + "/php-fpm.conf"}}
	return p
}

// alpineSingle returns the version of php7-fpm and php8-fpm, the names up to Alpine 3.16.
func alpineSingle(release, digit string) string {
	for _, version := range alpinePHP()[release] {
		if major(version) == digit {
			return version
		}
	}
	return ""
}
