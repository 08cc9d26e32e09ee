package servers

import "slices"

// wodbyFamilies are the images of nginx and PHP-FPM of Wodby, and those that are built on them.
var wodbyFamilies = []family{
	{names: []string{"wodby/php", "wodby/drupal-php", "wodby/wordpress-php", "wodby/laravel-php"}, image: wodbyImage},
	{names: []string{"wodby/nginx"}, image: wodbyNginx},
}

// wodbyImage is the official image on Alpine with a pool file that the entrypoint makes from
// the environment (wodby/php at 9b55ad9 and the three that are built on it,
// August 2026). A tag is the version of PHP, perhaps dev, and perhaps that of the
// image: 8.3-dev-4.70.8.
func wodbyImage(t imageTag) Image {
	switch {
	case t.latest:
		t.version = "8.5"
	case Older(t.version, "8"), t.version == "":
		m := base("alpine", "")
		m.Entry, m.Absent = EntryUnknown, nil // on images of PHP of its own
		return m
	}
	const pool = PHPPools + "/zz-www.conf"
	clearEnv := "yes"
	if t.has("dev") {
		clearEnv = "no"
	}
	layout := wodbyLayout(t)
	t.words = []string{"fpm", "alpine"}
	m := phpImageOf(t, layout)
	m.addAccount("wodby", 1000, 1000)
	m.addGroup(Group{"www-data", 82, []string{"wodby"}})
	m.Absent = slices.DeleteFunc(m.Absent, func(name string) bool { return name == "/usr/local/etc/php/php.ini" })
	m.add(file("/usr/local/etc/php/php.ini", phpInis("/")[0].Text), file(pool, stock("wodby-pool.conf")))
	m.Filled = []string{pool}
	m.addEnv("PHP_FPM_LOG_LEVEL", "notice", "PHP_FPM_CLEAR_ENV", clearEnv, "PHP_FPM_PM", "dynamic", "PHP_FPM_PM_MAX_CHILDREN", "8",
		"PHP_FPM_PM_START_SERVERS", "2", "PHP_FPM_PM_MIN_SPARE_SERVERS", "1", "PHP_FPM_PM_MAX_SPARE_SERVERS", "3",
		"PHP_FPM_PM_MAX_REQUESTS", "500", "PHP_MEMORY_LIMIT", "512M", "PHP_FPM_USER", "www-data", "PHP_FPM_GROUP", "www-data")
	m.Entrypoint, m.Command = []string{"/docker-entrypoint.sh"}, []string{"sudo", "-E", "php-fpm"}
	m.Entry, m.User = EntryApp, "wodby"
	return m
}

// wodbyLayout tells the layout from the version of the image: 4.66.2 was built in the week of
// 16 January 2026, and 4.69.0 with PHP 8.2.31. Without one it is today's.
func wodbyLayout(t imageTag) PHPLayout {
	last := ""
	if len(t.words) > 0 && isVersion(t.words[len(t.words)-1]) {
		last = t.words[len(t.words)-1]
	}
	switch layout := layoutOf(t.version, t); {
	case layout != LayoutNew || last == "" || !Older(last, "4.70"):
		return layout
	case Older(last, "4.66.2"):
		return LayoutOld
	}
	return LayoutUnknown
}

// wodbyNginx is an nginx on Alpine that is built from sources. Its entrypoint makes the site
// from the environment; of its presets, those with PHP differ only in which files they serve
// (wodby/nginx at d43a5a7, August 2026). An own file of templates is not known here.
func wodbyNginx(t imageTag) Image {
	m := base("alpine", "")
	m.addAccount("wodby", 1000, 1000)
	m.addAccount("nginx", 100, 101)
	built := Sources{Dir: "nginx", Options: []string{
		"--prefix=/usr/share/nginx", "--sbin-path=/usr/sbin/nginx", "--conf-path=/etc/nginx/nginx.conf", "--pid-path=/var/run/nginx/nginx.pid",
		"--user=nginx", "--group=nginx",
	}}.nginx(t.version)
	built.Files = slices.DeleteFunc(built.Files, func(f ImageFile) bool { return f.Name == "/var/run/nginx" || f.Name == "/etc/nginx/fastcgi.conf" })
	m.install(built.PackageFiles)
	const dir, vhost, fastcgi = "/etc/nginx", "/etc/nginx/conf.d/vhost.conf", "/etc/nginx/fastcgi.conf"
	m.replace(dir+"/nginx.conf", stock("wodby-nginx.conf"))
	m.add(dirs(dir+"/conf.d", "/run/nginx")...)
	m.add(file(vhost, stock("wodby-vhost.conf")), file(fastcgi, stock("wodby-fastcgi.conf")), file(dir+"/upstream.conf", ""), file(dir+"/preset.conf", ""),
		file("/docker-entrypoint.sh", stock("wodby-entrypoint.sh")))
	m.own(1000, 1000, dir)
	m.Filled = []string{vhost, fastcgi}
	m.addEnv("NGINX_VHOST_PRESET", "html", "NGINX_SERVER_PORT", "80", "NGINX_SERVER_NAME", "default", "NGINX_SERVER_ROOT", "/var/www/html",
		"NGINX_FASTCGI_BUFFERS", "16 32k", "NGINX_FASTCGI_BUFFER_SIZE", "32k", "NGINX_FASTCGI_READ_TIMEOUT", "900")
	m.NginxPrefix, m.NginxUser, m.NginxConf = built.Prefix, built.Account, dir+"/nginx.conf"
	m.Entrypoint, m.Command, m.Entry = []string{"/docker-entrypoint.sh"}, []string{"sudo", "nginx"}, EntryNone
	m.User, m.WorkDir, m.Exposed = "wodby", "/var/www/html", []int{80}
	return m
}
