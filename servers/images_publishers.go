package servers

import (
	"slices"
	"strings"
)

// publisherFamilies are images of one server, or of none, by further publishers.
var publisherFamilies = []family{
	{names: []string{"bitnami/nginx", "bitnamilegacy/nginx"}, image: bitnamiNginx},
	{names: []string{"bitnami/php-fpm", "bitnamilegacy/php-fpm"}, image: bitnamiFPM},
	{names: []string{"phpdockerio/php"}, image: phpdockerImage, variants: true},
	{names: []string{"adhocore/phpfpm"}, image: adhocoreImage, variants: true},
	{names: []string{"adminer"}, image: adminerImage, variants: true, open: true},
	{names: []string{"phusion/baseimage"}, image: phusionImage},
	{names: []string{"crazymax/alpine-s6"}, image: crazymaxImage},
}

// bitnamiNginx is bitnami's nginx as user 1001 on port 8080 (bitnami/containers, nginx
// 1.27 on Debian 12). Its user line, for an account that is made when root starts it, is
// left out.
func bitnamiNginx(t imageTag) Image {
	const dir = "/opt/bitnami/nginx"
	m := base("debian", "bookworm")
	m.Nginx = t.version
	for _, name := range []string{dir, dir + "/conf", dir + "/conf/server_blocks", dir + "/conf/bitnami", dir + "/logs", dir + "/tmp", "/app"} {
		m.add(ImageFile{Name: name, Mode: 0o775, Dir: true})
	}
	for _, name := range []string{"mime.types", "fastcgi_params", "fastcgi.conf", "scgi_params", "uwsgi_params"} {
		m.add(file(dir+"/conf/"+name, stock(name)))
	}
	m.add(file(dir+"/conf/nginx.conf", stock("bitnami-nginx.conf")))
	m.Links = append(m.Links, ImageLink{dir + "/html", "/app"}, ImageLink{dir + "/logs/access.log", "/dev/stdout"}, ImageLink{dir + "/logs/error.log", "/dev/stderr"})
	m.Complete = append(m.Complete, dir+"/conf/server_blocks")
	m.NginxConf = dir + "/conf/nginx.conf"
	m.Programs = []Program{{Nginx, dir + "/sbin/nginx", m.NginxConf}, {Nginx, "/opt/bitnami/scripts/nginx/run.sh", m.NginxConf}}
	m.Entrypoint, m.Command = []string{"/opt/bitnami/scripts/nginx/entrypoint.sh"}, []string{"/opt/bitnami/scripts/nginx/run.sh"}
	m.Filled = []string{m.NginxConf}
	m.addEnv("NGINX_HTTP_PORT_NUMBER", "8080")
	m.Entry, m.User, m.WorkDir, m.Exposed = EntryApp, "1001", "/app", []int{8080, 8443}
	return m
}

// bitnamiFPM is bitnami's PHP-FPM (bitnami/containers, php-fpm 8.2 on Debian 12). Its
// files come in an archive that is not part of that repository.
func bitnamiFPM(t imageTag) Image {
	const dir = "/opt/bitnami/php"
	m := base("debian", "bookworm")
	m.PHP = t.version
	m.add(dirs(dir, dir+"/etc", dir+"/etc/php-fpm.d", dir+"/etc/conf.d", dir+"/logs", dir+"/tmp", dir+"/var/run", "/app")...)
	m.add(file(dir+"/etc/php-fpm.conf", fpmConf(dir+"/etc/php-fpm.d/*.conf", "pid = "+dir+"/tmp/php-fpm.pid", "error_log = /proc/self/fd/2")),
		file(dir+"/etc/php-fpm.d/www.conf", stock("bitnami-pool.conf")))
	m.Uncertain = []string{dir + "/etc/php-fpm.conf", dir + "/etc/php-fpm.d/www.conf"}
	m.FPMConf = dir + "/etc/php-fpm.conf"
	m.Programs = []Program{{FPM, dir + "/sbin/php-fpm", m.FPMConf}}
	m.Command = []string{"php-fpm", "-F", "--pid", dir + "/tmp/php-fpm.pid", "-y", m.FPMConf}
	m.WorkDir, m.Exposed = "/app", []int{9000}
	return m
}

// phusionImage is an Ubuntu with my_init (phusion/baseimage-docker at 2403c58 and its
// tags).
func phusionImage(t imageTag) Image {
	release := ubuntuRelease(t)
	switch {
	case t.latest || t.has("master"):
		release = "24.04"
	case t.version == "0.11":
		release = "18.04"
	case slices.Contains([]string{"0.9.19", "0.9.20", "0.9.21", "0.9.22", "0.10.0", "0.10.1", "0.10.2"}, t.version):
		release = "16.04"
	case Older(t.version, "1"):
		release = "14.04"
	}
	m := base("ubuntu", release)
	m.add(dirs("/etc/my_init.d", "/etc/service")...)
	m.Command = []string{"/sbin/my_init"}
	return m
}

// crazymaxImage is an Alpine with s6-overlay; a tag is Alpine's version and s6's.
func crazymaxImage(t imageTag) Image {
	m := base("alpine", minor(t.version))
	m.Entrypoint, m.Command = []string{"/init"}, nil
	return m
}

// phpdockerImage is an Ubuntu with a PHP of the PPA ondrej/php, and a file for the pool
// (phpdocker-io/base-images at fe7b2e7).
func phpdockerImage(t imageTag) Image {
	release := "22.04"
	if Older(t.version, "8.0") {
		release = "20.04"
	}
	m := base("ubuntu", release)
	if !t.has("fpm") || t.version == "" {
		m.PHP, m.Command, m.Other = t.version, []string{"php", "-a"}, "the PHP shell"
		return m
	}
	m.install(debianFPM(minor(t.version)))
	m.add(file("/etc/php/"+m.PHP+"/fpm/pool.d/z-overrides.conf", stock("phpdocker-pool.conf")))
	m.FPMConf = m.Programs[0].Conf
	m.Command, m.Exposed, m.StopSignal = []string{m.Programs[0].Path, "-O"}, []int{9000}, "SIGQUIT"
	return m
}

// adhocoreImage is the official image on Alpine with more extensions, built at a time that
// the tag does not tell (adhocore/docker-phpfpm at 6c01002).
func adhocoreImage(t imageTag) Image {
	t.version = strings.TrimRight(t.version, "abcdefghijklmnopqrstuvwxyz") // 8.3a
	t.words = []string{"fpm", "alpine"}
	return phpImageOf(t, undated(t))
}

// adminerImage is Adminer on PHP's own web server, or with fastcgi in the tag on the official
// image of PHP-FPM, which its account starts (TimWolla/docker-adminer at 1c484a2). The tags up to
// 4 were built on several versions of PHP.
func adminerImage(t imageTag) Image {
	if !t.has("fastcgi") {
		return Image{Other: "Adminer on PHP's own web server", Exposed: []int{8080}, Absent: []string{"/usr/sbin/nginx", "/usr/local/sbin/php-fpm"}}
	}
	old := t.version != "" && Older(t.version, "5")
	t = imageTag{version: "8.4", words: []string{"fpm", "alpine"}}
	m := phpImageOf(t, undated(t))
	if old {
		m.PHP = ""
	}
	m.addAccount("adminer", 100, 101)
	m.Entrypoint, m.Entry, m.User = []string{"entrypoint.sh", "docker-php-entrypoint"}, EntryApp, "adminer"
	m.add(file("/usr/local/etc/php/conf.d/0-upload_large_dumps.ini", "upload_max_filesize = 128M\npost_max_size = 128M\nmemory_limit = 1G\nmax_execution_time = 600\nmax_input_vars = 5000\n"))
	return m
}
