package servers

import (
	"slices"
	"strings"
)

// app is a PHP application whose image is built on the official PHP images: one with
// Apache, and with fpm in the tag one that is PHP-FPM with the files of php:fpm.
type app struct {
	names []string
	// php is the version of PHP by version of the application, newest first; a tag may
	// name another one: php8.3.
	php []phpOf
	// since are the first versions that were built on LayoutNew, one a branch: those that
	// were current in the week of 16 January 2026. On PHP 8.2 that was 7 May: since82. A
	// branch that is not listed was built on it if it is newer than the last one listed.
	since, since82 []string
	entrypoint     string
	volume         string // the path of its anonymous volume; "" for none
	env            map[string]string
	adapt          func(*Image) // what else differs; may be nil
}

type phpOf struct{ from, php string }

// apps returns the rows. Sources: docker-library/wordpress at bf223d1c, docker-library/drupal
// at 305e3e2, nextcloud/docker at 4de1eed6, matomo-org/docker at adb618a,
// phpmyadmin/docker at 452a995, joomla-docker/docker-joomla at 562e0fe, monicahq/docker at
// 7ffc743, and the history of each.
func apps() []app {
	return []app{
		{
			names: []string{"wordpress"}, php: []phpOf{{"6.9", "8.3"}},
			since: []string{"6.9.0"}, since82: []string{"6.9.4"}, entrypoint: "docker-entrypoint.sh", volume: "/var/www/html", adapt: errorLog,
		},
		{
			names: []string{"drupal"}, php: []phpOf{{"11.4", "8.5"}, {"11.3", "8.5"}, {"11.0", "8.4"}, {"10.6", "8.4"}},
			since: []string{"10.5.8", "10.6.2", "11.2.10", "11.3.2"}, entrypoint: "docker-php-entrypoint", adapt: drupalRoot,
		},
		{
			names: []string{"nextcloud"},
			php:   []phpOf{{"34", "8.5"}, {"33", "8.4"}, {"30", "8.3"}, {"26", "8.2"}, {"25", "8.1"}},
			since: []string{"31.0.13", "32.0.5"}, entrypoint: "/entrypoint.sh", volume: "/var/www/html",
			env: map[string]string{"PHP_MEMORY_LIMIT": "512M", "PHP_UPLOAD_LIMIT": "512M"},
			adapt: func(m *Image) {
				m.add(file("/cron.sh", "#!/bin/sh\nset -eu\nexec busybox crond -f -L /dev/stdout\n"))
				m.add(file("/usr/local/etc/php/conf.d/nextcloud.ini", "memory_limit=${PHP_MEMORY_LIMIT}\nupload_max_filesize=${PHP_UPLOAD_LIMIT}\npost_max_size=${PHP_UPLOAD_LIMIT}\n"))
			},
		},
		{
			names: []string{"matomo", "matomo/matomo"}, php: []phpOf{{"5.4", "8.4"}}, since: []string{"5.6.2"}, entrypoint: "/entrypoint.sh", volume: "/var/www/html",
			env: map[string]string{"PHP_MEMORY_LIMIT": "256M"},
		},
		{
			names: []string{"phpmyadmin", "phpmyadmin/phpmyadmin"}, php: []phpOf{{"5.2.3", "8.3"}}, since: []string{"5.2.3"}, entrypoint: "/docker-entrypoint.sh",
			env: map[string]string{"MEMORY_LIMIT": "512M", "UPLOAD_LIMIT": "2048K", "MAX_EXECUTION_TIME": "600"},
		},
		{
			names: []string{"joomla"}, php: []phpOf{{"6.0", "8.3"}}, since: []string{"5.4.2", "6.0.2"}, since82: []string{"5.4.5"},
			entrypoint: "/entrypoint.sh", volume: "/var/www/html", adapt: errorLog,
		},
		{
			names: []string{"monica"}, php: []phpOf{{"5.0", "8.3"}, {"4.1", "8.2"}}, since: []string{"4.1.2", "5.0.0"}, since82: []string{"4.1.2"},
			entrypoint: "entrypoint.sh", env: map[string]string{"PHP_MEMORY_LIMIT": "512M"},
		},
	}
}

// appFamilies returns the rows of the table of images.
func appFamilies() (rows []family) {
	for _, a := range apps() {
		rows = append(rows, family{names: a.names, image: a.image, variants: true, open: true})
	}
	return rows
}

// image returns the image of the application for a tag such as 6.8-php8.3-fpm-alpine.
func (a *app) image(t imageTag) Image {
	if t.has("cli") { // wordpress:cli
		m := base("alpine", "")
		m.addAccount("www-data", 82, 82)
		m.User, m.Command, m.Other = "www-data", []string{"wp", "shell"}, "WP-CLI"
		return m
	}
	version := t.version
	t.version = a.phpVersion(version, t)
	if !t.has("fpm") {
		t.words = append(t.words, "apache")
	}
	m := phpImage(t)
	if m.Layout == LayoutNew && !a.rebuilt(version, m.PHP) {
		m = phpImageOf(t, LayoutOld)
	}
	m.Entrypoint, m.Entry = []string{a.entrypoint}, EntryApp
	if a.volume != "" {
		m.Volumes = []string{a.volume}
	}
	for name, value := range a.env {
		m.Env[name] = value
	}
	if a.adapt != nil {
		a.adapt(&m)
	}
	return m
}

// phpVersion returns the PHP of a version of the application; "" if unknown.
func (a *app) phpVersion(version string, t imageTag) string {
	if php := t.after("php"); php != "" || t.open() {
		return php
	}
	for _, row := range a.php {
		if version == "" || !Older(version, row.from) {
			return row.php
		}
	}
	return ""
}

// rebuilt reports whether the image of a version on a version of PHP was built since the
// change of layout.
func (a *app) rebuilt(version, php string) bool {
	since := a.since
	if minor(php) == "8.2" && a.since82 != nil {
		since = a.since82
	}
	if version == "" {
		return true
	}
	for _, first := range since {
		branch := first[:strings.LastIndexByte(first, '.')]
		if CompareVersions(version, branch) == 0 && !Older(version, first) {
			return true
		}
	}
	last := since[len(since)-1]
	return !Older(version, last)
}

// errorLog adds the file that WordPress and Joomla have for logs.
func errorLog(m *Image) {
	m.add(file("/usr/local/etc/php/conf.d/error-logging.ini", "display_errors = Off\ndisplay_startup_errors = Off\nlog_errors = On\nerror_log = /dev/stderr\nlog_errors_max_len = 1024\nhtml_errors = Off\n"))
}

// drupalRoot moves the document root: /var/www/html is a link.
func drupalRoot(m *Image) {
	m.WorkDir = "/opt/drupal"
	m.Entry = EntryPHP
	m.Files = slices.DeleteFunc(m.Files, func(f ImageFile) bool { return f.Name == "/var/www/html" })
	m.add(dirs("/opt/drupal", "/opt/drupal/web")...)
	m.Links = append(m.Links, ImageLink{"/var/www/html", "/opt/drupal/web"})
}
