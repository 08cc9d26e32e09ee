package servers

import "strings"

// rhelPackage returns a package of RHEL, its rebuilds, CentOS Stream, Fedora and Amazon
// Linux, or of Remi's collections (php83-php-fpm).
func rhelPackage(distribution, release, name string) (PackageFiles, bool) {
	switch collection, fpm := strings.CutSuffix(name, "-php-fpm"); {
	case name == "nginx", name == "nginx-core":
		return rhelNginx(name), true
	case name == "httpd":
		return rhelApache(distribution, release), true
	case name == "mod_ssl":
		return PackageFiles{Name: name, Needs: "httpd", Files: []ImageFile{file("/etc/httpd/conf.modules.d/00-ssl.conf", loadLines("modules", "ssl"))}}, true
	case name == "supervisor":
		return supervisorFiles("/etc/supervisord.conf", "supervisord.d/*.ini", "/run/supervisor", "/var/log/supervisor"), true
	case name == "php-fpm":
		return rhelFPM(distribution, release), true
	case fpm && strings.HasPrefix(collection, "php") && len(collection) == len("php83"):
		return remiFPM(strings.TrimPrefix(collection, "php")), true
	}
	return PackageFiles{}, false
}

// rhelNginx is nginx of RHEL and Fedora (file list of nginx-core 1.20 of RHEL 9).
func rhelNginx(name string) PackageFiles {
	p := PackageFiles{Name: name}
	p.Accounts, p.Groups = []Account{{"nginx", 999, 999}}, []Group{{"nginx", 999, nil}}
	p.Files = dirs("/etc/nginx", "/etc/nginx/conf.d", "/etc/nginx/default.d", "/usr/share/nginx", "/usr/share/nginx/html", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules")
	for _, dir := range []string{"/var/lib/nginx", "/var/lib/nginx/tmp"} {
		p.Files = append(p.Files, ImageFile{Name: dir, UID: 999, Mode: 0o770, Dir: true})
	}
	p.Files = append(p.Files, ImageFile{Name: "/var/log/nginx", Mode: 0o711, Dir: true})
	p.Files = append(p.Files, nginxParams("mime.types", "fastcgi.conf", "fastcgi_params", "scgi_params", "uwsgi_params")...)
	p.Files = append(p.Files, file("/etc/nginx/nginx.conf", stock("rhel-nginx.conf")))
	p.Complete = []string{"/etc/nginx/conf.d", "/etc/nginx/default.d"}
	p.Programs = []Program{{Nginx, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"}}
	return p
}

// rhelFPM is PHP-FPM of RHEL 8 and later, and of Fedora (file list of php-fpm 8.0 of RHEL
// 9). Its service makes /run/php-fpm; the package of CentOS 7 did.
func rhelFPM(distribution, release string) PackageFiles {
	p := remiFiles("php-fpm", "", "/etc", "/run/php-fpm", "/var/log/php-fpm", "/var/lib/php")
	p.Files = append(p.Files, file("/etc/php.ini", stock("php.ini", "{expose_php}", "Off", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")))
	p.Files = append(p.Files, file("/etc/nginx/conf.d/php-fpm.conf", "upstream php-fpm {\n        server unix:/run/php-fpm/www.sock;\n}\n"),
		file("/etc/nginx/default.d/php.conf", stock("rhel-php.conf")))
	p.PHP = rhelPHP(distribution, release)
	if distribution == "centos" && release == "7" {
		p.Files = append(p.Files, dirs("/run/php-fpm")...)
	}
	p.Programs = []Program{{FPM, "/usr/sbin/php-fpm", "/etc/php-fpm.conf"}}
	return p
}

// rhelPHP returns the version of the package php-fpm without a module or a further
// repository; "" if unknown.
func rhelPHP(distribution, release string) string {
	switch distribution {
	case "fedora":
		return map[string]string{"39": "8.2", "40": "8.3", "41": "8.3", "42": "8.4", "43": "8.4"}[release]
	case "amzn":
		return ""
	}
	return map[string]string{"7": "5.4", "8": "7.2", "9": "8.0", "10": "8.3"}[major(release)]
}

// remiFPM is PHP-FPM of a collection of Remi's repository, such as 83.
func remiFPM(digits string) PackageFiles {
	etc, state := "/etc/opt/remi/php"+digits, "/var/opt/remi/php"+digits
	p := remiFiles("php"+digits+"-php-fpm", digits[:1]+"."+digits[1:], etc, state+"/run/php-fpm", state+"/log/php-fpm", state+"/lib/php")
	p.Files = append(p.Files, file(etc+"/php.ini", stock("php.ini", "{expose_php}", "Off", "{error_reporting}", "E_ALL & ~E_DEPRECATED & ~E_STRICT", "{display_errors}", "Off")))
	p.Files = append(p.Files, dirs(state+"/run/php-fpm")...)
	p.Programs = []Program{{FPM, "/opt/remi/php" + digits + "/root/usr/sbin/php-fpm", etc + "/php-fpm.conf"}}
	return p
}

// remiFiles are the files that both layouts have.
func remiFiles(name, php, etc, run, log, lib string) PackageFiles {
	p := PackageFiles{Name: name, PHP: php}
	p.Accounts, p.Groups = []Account{{"apache", 48, 48}}, []Group{{"apache", 48, nil}}
	p.Files = append(dirs(etc+"/php-fpm.d", etc+"/php.d"),
		file(etc+"/php-fpm.conf", "include="+etc+"/php-fpm.d/*.conf\n\n[global]\npid = "+run+"/php-fpm.pid\nerror_log = "+log+"/error.log\n;log_level = notice\n;emergency_restart_threshold = 0\n;process_control_timeout = 0\ndaemonize = yes\n"),
		file(etc+"/php-fpm.d/www.conf", stock("rhel-pool.conf", "{sock}", run+"/www.sock", "{log}", log, "{lib}", lib)),
		ImageFile{Name: log, UID: 48, Mode: 0o770, Dir: true},
		ImageFile{Name: lib + "/session", GID: 48, Mode: 0o770, Dir: true})
	p.Complete = []string{etc + "/php-fpm.d"}
	return p
}
