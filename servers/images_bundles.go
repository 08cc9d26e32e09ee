package servers

import (
	"slices"
	"strings"
)

// bundleFamilies are images of publishers who put both servers into one, and the variants
// with PHP-FPM alone.
var bundleFamilies = []family{
	{names: []string{"trafex/php-nginx", "trafex/alpine-nginx-php7"}, image: trafexImage},
	{names: []string{"serversideup/php"}, image: serversideupImage},
	{names: []string{"webdevops/php-nginx", "webdevops/php-nginx-dev"}, image: func(t imageTag) Image { return webdevopsImage(t, true) }},
	{names: []string{"webdevops/php", "webdevops/php-dev"}, image: func(t imageTag) Image { return webdevopsImage(t, false) }},
	{names: []string{"webdevops/php-apache", "webdevops/php-apache-dev"}, image: webdevopsPHPApache},
	{names: []string{"webdevops/apache", "webdevops/apache-dev"}, image: webdevopsApache, variants: true},
}

// trafexReleases are the Alpine and the PHP of the tags of trafex/php-nginx, newest first.
var trafexReleases = []struct{ from, alpine, php string }{
	{"3.11", "3.23", "85"}, {"3.10", "3.23", "84"}, {"3.7", "3.21", "84"}, {"3.6", "3.20", "83"}, {"3.5", "3.19", "83"},
	{"3.2", "3.18", "82"}, {"3.1", "3.18", "81"}, {"3.0", "3.17", "81"}, {"2.6", "3.16", "81"}, {"2.1", "3.14", "8"},
}

// trafexImage is an Alpine with both servers below supervisord, all as nobody
// (TrafeX/docker-php-nginx at 47835d7 and its tags).
func trafexImage(t imageTag) Image {
	i := slices.IndexFunc(trafexReleases, func(r struct{ from, alpine, php string }) bool {
		return t.version == "" || !Older(t.version, r.from)
	})
	if i < 0 {
		m := base("alpine", "")
		m.Entry, m.Absent = EntryUnknown, nil // before 2.1 the files were others
		return m
	}
	m := base("alpine", trafexReleases[i].alpine)
	m.install(alpineNginx(m.Release))
	m.install(alpineFPM(m.Release, trafexReleases[i].php))
	nobody, _ := accountOf(m, "nobody")
	pools := "/etc/php" + trafexReleases[i].php + "/php-fpm.d"
	m.replace("/etc/nginx/nginx.conf", stock("trafex-nginx.conf"))
	m.replace(pools+"/www.conf", stock("trafex-pool.conf"))
	m.add(file("/etc/nginx/conf.d/default.conf", stock("trafex-site.conf")),
		file("/etc/supervisor/conf.d/supervisord.conf", stock("trafex-supervisord.conf", "{fpm}", "php-fpm"+trafexReleases[i].php)))
	m.add(dirs("/etc/supervisor", "/etc/supervisor/conf.d")...)
	m.add(ImageFile{Name: "/var/www/html", UID: nobody.UID, GID: nobody.GID, Dir: true})
	m.own(nobody.UID, nobody.GID, "/run", "/var/lib/nginx", "/var/log/nginx")
	m.Command = []string{"/usr/bin/supervisord", "-c", "/etc/supervisor/conf.d/supervisord.conf"}
	m.User, m.WorkDir, m.Exposed = "nobody", "/var/www/html", []int{8080}
	m.NginxConf, m.FPMConf = m.Programs[0].Conf, m.Programs[1].Conf
	return m
}

// serversideupImage is the official image of PHP with files of its own; fpm-nginx has
// nginx.org's nginx too, below s6-overlay (serversideup/docker-php at 6d9a54f6, version 3
// and 4). The user and group of its pool are appended by the entrypoint when root starts
// it; else PHP-FPM ignores them.
func serversideupImage(t imageTag) Image {
	if !t.has("fpm") {
		m := phpImageOf(t, LayoutNone)
		m.Entry = EntryUnknown
		return m
	}
	m := phpImageOf(t, LayoutNew)
	const pools = "/usr/local/etc/php-fpm.d/"
	m.remove(pools+"www.conf", pools+"www.conf.default", pools+"docker.conf", pools+"zz-docker.conf")
	m.add(file(pools+"docker-php-serversideup-pool.conf", stock("serversideup-pool.conf")), file(pools+"zzz-docker-php-serversideup-fpm-debug.conf", ""))
	m.Layout, m.User, m.Entrypoint, m.Entry = LayoutNone, "www-data", []string{"docker-php-serversideup-entrypoint"}, EntryApp
	m.addEnv("PHP_FPM_PROCESS_CONTROL_TIMEOUT", "10s", "PHP_FPM_POOL_NAME", "www", "PHP_FPM_PM_CONTROL", "dynamic", "PHP_FPM_PM_MAX_CHILDREN", "20",
		"PHP_FPM_PM_START_SERVERS", "2", "PHP_FPM_PM_MIN_SPARE_SERVERS", "1", "PHP_FPM_PM_MAX_SPARE_SERVERS", "3", "PHP_FPM_PM_MAX_REQUESTS", "0",
		"PHP_FPM_PM_STATUS_PATH", "/status", "PHP_MEMORY_LIMIT", "256M", "PHP_MAX_EXECUTION_TIME", "99", "LOG_OUTPUT_LEVEL", "warn")
	switch {
	case t.has("nginx"):
		serversideupNginx(&m)
	case t.has("apache"):
		serversideupApache(&m)
	}
	return m
}

// serversideupApache adds what fpm-apache has.
func serversideupApache(m *Image) {
	owner, _ := accountOf(*m, "www-data")
	const etc = "/etc/apache2"
	m.install(debianApache())
	m.remove(etc+"/sites-available/000-default.conf", etc+"/sites-available/default-ssl.conf", "/var/www/html/index.html")
	m.unlink(etc + "/sites-enabled/000-default.conf")
	m.add(dirs(etc + "/vhost-templates")...)
	for _, f := range stockFiles("serversideup-apache.txt", etc) {
		m.remove(f.Name)
		m.add(f)
	}
	m.enableApache("actions", "headers", "http2", "proxy", "proxy_fcgi", "remoteip", "rewrite", "socache_shmcb", "ssl", "unique_id")
	m.Links = append(m.Links, ImageLink{etc + "/sites-enabled/ssl-off.conf", etc + "/sites-available/ssl-off.conf"},
		ImageLink{etc + "/conf-enabled/remoteip.conf", etc + "/conf-available/remoteip.conf"}, ImageLink{etc + "/conf-enabled/serversideup.conf", etc + "/conf-available/serversideup.conf"})
	m.own(owner.UID, owner.GID, etc, "/var/log/apache2", "/run")
	m.addEnv("APACHE_DOCUMENT_ROOT", "/var/www/html/public", "APACHE_HTTP_PORT", "8080", "APACHE_HTTPS_PORT", "8443", "APACHE_START_SERVERS", "2", "APACHE_MIN_SPARE_THREADS", "10",
		"APACHE_MAX_SPARE_THREADS", "75", "APACHE_THREAD_LIMIT", "64", "APACHE_THREADS_PER_CHILD", "25", "APACHE_MAX_REQUEST_WORKERS", "150", "APACHE_MAX_CONNECTIONS_PER_CHILD", "0",
		"APACHE_RUN_USER", "www-data", "APACHE_RUN_GROUP", "www-data", "SSL_MODE", "off", "PHP_FPM_PM_CONTROL", "ondemand")
	m.ApacheConf = etc + "/apache2.conf"
	m.Entry, m.Command, m.Exposed = EntryS6, []string{"/init"}, []int{8080, 8443}
}

// serversideupNginx adds what fpm-nginx has.
func serversideupNginx(m *Image) {
	owner, _ := accountOf(*m, "www-data")
	m.install(NginxOrgPackage(""))
	m.remove("/etc/nginx/conf.d/default.conf")
	m.replace("/etc/nginx/nginx.conf", stock("serversideup-nginx.conf"))
	m.add(dirs("/etc/nginx/site-opts.d", "/etc/nginx/server-opts.d", "/etc/nginx/sites-available")...)
	m.add(file("/etc/nginx/site-opts.d/http.conf", stock("serversideup-http.conf")),
		file("/etc/nginx/sites-available/ssl-off", "server {\n\tinclude /etc/nginx/site-opts.d/http.conf;\n}\n"))
	m.own(owner.UID, owner.GID, "/etc/nginx", "/var/cache/nginx", "/var/log/nginx", "/run")
	m.Links = append(m.Links, ImageLink{"/etc/nginx/conf.d/default.conf", "/etc/nginx/sites-available/ssl-off"})
	m.Filled = []string{"/etc/nginx/nginx.conf", "/etc/nginx/site-opts.d/http.conf"}
	m.addEnv("NGINX_HTTP_PORT", "8080", "NGINX_HTTPS_PORT", "8443", "NGINX_WEBROOT", "/var/www/html/public", "NGINX_SERVER_TOKENS", "off",
		"NGINX_CLIENT_MAX_BODY_SIZE", "100M", "NGINX_FASTCGI_BUFFERS", "8 8k", "NGINX_FASTCGI_BUFFER_SIZE", "8k", "NGINX_ACCESS_LOG", "/dev/stdout",
		"NGINX_ERROR_LOG", "/dev/stderr", "HEALTHCHECK_PATH", "/healthcheck", "SSL_MODE", "off", "PHP_FPM_PM_CONTROL", "ondemand")
	m.NginxConf = "/etc/nginx/nginx.conf"
	m.Entry, m.Command, m.Exposed = EntryS6, []string{"/init"}, []int{8080, 8443}
}

// webdevopsImage is the official image of PHP with the account application, and with
// nginx.org's nginx if so, below supervisord (webdevops/Dockerfile at 3ba1c2cc).
func webdevopsImage(t imageTag, nginx bool) Image {
	t.words = append(t.words, "fpm")
	m := phpImageOf(t, LayoutNew)
	const dir, pools = "/opt/docker/etc/php/fpm", "/usr/local/etc/php-fpm.d/"
	m.remove("/usr/local/etc/php-fpm.d", "/usr/local/etc/php-fpm.conf", pools+"www.conf", pools+"www.conf.default", pools+"docker.conf", pools+"zz-docker.conf")
	m.Complete = slices.DeleteFunc(m.Complete, func(name string) bool { return name == "/usr/local/etc/php-fpm.d" })
	m.addAccount("application", 1000, 1000)
	m.add(dirs("/opt/docker/etc", "/opt/docker/etc/php", dir, dir+"/pool.d", "/app")...)
	m.add(file(dir+"/php-fpm.conf", fpmConf("etc/php-fpm.d/*.conf", "pid = /var/run/php-fpm.pid", "error_log = /docker.stderr")),
		file(dir+"/pool.d/application.conf", fpmPool("application", "application", "listen = [::]:9000", ";listen.owner = www-data", ";listen.group = www-data")),
		file(dir+"/pool.d/docker.conf", phpDocker("docker.conf", m.PHP)))
	m.Links = append(m.Links, ImageLink{"/usr/local/etc/php-fpm.d", dir + "/pool.d"}, ImageLink{"/usr/local/etc/php-fpm.conf", dir + "/php-fpm.conf"})
	m.Complete = append(m.Complete, dir+"/pool.d")
	m.Layout, m.Uncertain = LayoutNone, nil
	m.FPMConf = "/usr/local/etc/php-fpm.conf"
	m.Programs = []Program{{FPM, "/usr/local/sbin/php-fpm", m.FPMConf}}
	m.Entrypoint, m.Command, m.Entry, m.WorkDir, m.StopSignal = []string{"/entrypoint"}, []string{"supervisord"}, EntrySupervisor, "/", ""
	if nginx {
		webdevopsNginx(&m)
	}
	return m
}

// webdevopsPHPApache is webdevopsImage with an Apache that passes PHP on to its PHP-FPM, which
// other containers can connect to as well.
func webdevopsPHPApache(t imageTag) Image {
	m := webdevopsImage(t, false)
	if m.Distribution != "debian" {
		m.Entry = EntryUnknown // the images on Alpine have other files
		return m
	}
	m.install(debianApache())
	m.unlink("/etc/apache2/sites-enabled/000-default.conf")
	m.enableApache("actions", "expires", "headers", "proxy", "proxy_fcgi", "rewrite", "socache_shmcb", "ssl")
	m.add(dirs("/run/apache2")...)
	m.webdevopsSite("/etc/apache2/sites-enabled/10-docker.conf", "127.0.0.1:9000")
	m.ApacheConf, m.Exposed = "/etc/apache2/apache2.conf", []int{80, 443, 9000}
	return m
}

// webdevopsSite adds the files of the publisher, of which a link makes Apache read the first. Its
// entrypoint fills markers in them.
func (m *Image) webdevopsSite(link, socket string) {
	const dir = "/opt/docker/etc/httpd"
	m.add(dirs(dir, dir+"/conf.d", dir+"/vhost.common.d", dir+"/ssl")...)
	m.add(stockFiles("webdevops-apache.txt", dir)...)
	m.Links = append(m.Links, ImageLink{link, dir + "/main.conf"})
	m.Filled = []string{dir + "/conf.d/10-php.conf", dir + "/conf.d/10-server.conf", dir + "/vhost.conf"}
	m.addEnv("WEB_DOCUMENT_ROOT", "/app", "WEB_DOCUMENT_INDEX", "index.php", "WEB_ALIAS_DOMAIN", "*.vm", "WEB_PHP_TIMEOUT", "600", "WEB_PHP_SOCKET", socket)
}

// webdevopsApache is Apache of Alpine with mpm_event and the modules of proxies, below supervisord,
// which passes PHP on to the address in a variable. The images on other distributions have other
// files (webdevops/Dockerfile at 3ba1c2cc).
func webdevopsApache(t imageTag) Image {
	m := base("alpine", "")
	m.Entrypoint, m.Command, m.Entry, m.WorkDir = []string{"/entrypoint"}, []string{"supervisord"}, EntrySupervisor, "/"
	if !t.has("alpine") {
		m = base("", "")
		m.Entry, m.Absent = EntryUnknown, nil
		return m
	}
	m.addAccount("application", 1000, 1000)
	for _, name := range []string{"apache2", "apache2-proxy", "apache2-ssl"} {
		p, _ := alpineApache(name)
		m.install(p)
	}
	conf := &m.Files[slices.IndexFunc(m.Files, func(f ImageFile) bool { return f.Name == "/etc/apache2/httpd.conf" })]
	conf.Text = strings.ReplaceAll(conf.Text, "\nLoadModule mpm_prefork", "\n#LoadModule mpm_prefork")
	for _, name := range []string{"mpm_event", "deflate", "rewrite", "logio", "slotmem_shm", "actions", "expires"} {
		conf.Text = strings.ReplaceAll(conf.Text, "#LoadModule "+name+"_", "LoadModule "+name+"_")
	}
	m.webdevopsSite("/etc/apache2/conf.d/zzz-docker.conf", "")
	m.ApacheConf, m.Exposed = m.Programs[0].Conf, []int{80, 443}
	return m
}

// webdevopsNginx adds nginx. Its entrypoint fills markers in its files.
func webdevopsNginx(m *Image) {
	const dir = "/opt/docker/etc/nginx"
	m.install(NginxOrgPackage(""))
	m.remove("/etc/nginx/conf.d/default.conf")
	m.replace("/etc/nginx/nginx.conf", stock("nginx.conf", "{pid}", "/run/nginx.pid", "/var/log/nginx/access.log", "/docker.stdout", "/var/log/nginx/error.log", "/docker.stderr"))
	m.add(dirs("/var/lib/nginx", "/var/lib/nginx/logs", dir, dir+"/conf.d", dir+"/vhost.common.d")...)
	m.add(
		file(dir+"/main.conf", "include /opt/docker/etc/nginx/conf.d/*.conf;\ninclude /opt/docker/etc/nginx/vhost.conf;\n"),
		file(dir+"/conf.d/10-php.conf", "upstream php {\n    server ${WEB_PHP_SOCKET};\n}\n"),
		file(dir+"/vhost.conf", stock("webdevops-vhost.conf")),
		file(dir+"/vhost.common.d/10-general.conf", "client_max_body_size ${SERVICE_NGINX_CLIENT_MAX_BODY_SIZE};\n"),
		file(dir+"/vhost.common.d/10-location-root.conf", "location / {\n    try_files $uri $uri/ /${WEB_DOCUMENT_INDEX}?$query_string;\n}\n"),
		file(dir+"/vhost.common.d/10-log.conf", "access_log   /docker.stdout;\nerror_log    /docker.stderr warn;\n"),
		file(dir+"/vhost.common.d/10-php.conf", stock("webdevops-php.conf")))
	m.Links = append(m.Links, ImageLink{"/etc/nginx/conf.d/10-docker.conf", dir + "/main.conf"})
	m.Filled = []string{dir + "/conf.d/10-php.conf", dir + "/vhost.conf", dir + "/vhost.common.d/10-general.conf", dir + "/vhost.common.d/10-location-root.conf", dir + "/vhost.common.d/10-php.conf"}
	m.addEnv("WEB_DOCUMENT_ROOT", "/app", "WEB_DOCUMENT_INDEX", "index.php", "WEB_ALIAS_DOMAIN", "*.vm", "WEB_PHP_TIMEOUT", "600",
		"WEB_PHP_SOCKET", "127.0.0.1:9000", "SERVICE_NGINX_CLIENT_MAX_BODY_SIZE", "50m")
	m.NginxConf = "/etc/nginx/nginx.conf"
	m.Exposed = []int{80, 443, 9000}
}
