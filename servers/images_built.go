package servers

import (
	"slices"
	"strings"
)

// builtFamilies are images by further publishers that are built on the official image of PHP.
var builtFamilies = []family{
	{names: []string{"mautic/mautic"}, image: mauticImage, variants: true},
	{names: []string{"laradock/php-fpm"}, image: laradockImage, variants: true},
	{names: []string{"devilbox/php-fpm"}, image: devilboxImage, variants: true},
}

// mauticImage is the official image of PHP on Debian 12 with Mautic 5 or later, of which one
// variable says whether it serves or runs tasks (mautic/docker-mautic at d9849f6, April 2026,
// and its history). Version 5 was built on PHP 8.1 to 8.3.
func mauticImage(t imageTag) Image {
	web := "apache2-foreground"
	switch {
	case !t.latest && (t.version == "" || Older(t.version, "5")):
		m := base("debian", "")
		m.Entry, m.Absent = EntryUnknown, nil // before 5.0 there were no roles
		return m
	case t.has("fpm"):
		web = "php-fpm"
	default:
		t.words = append(t.words, "apache")
	}
	t.words = append(t.words, "bookworm")
	t.version = map[string]string{"6": "8.3", "7": "8.3"}[major(t.version)]
	m := phpImageOf(t, undated(t))
	m.Absent = slices.DeleteFunc(m.Absent, func(name string) bool { return strings.HasSuffix(name, "/php.ini") })
	m.add(file("/usr/local/etc/php/php.ini", stock("mautic.ini")), file("/entrypoint.sh", stock("mautic-entrypoint.sh", "{web}", web)))
	m.add(dirs("/var/www/html/docroot")...)
	m.addEnv("DOCKER_MAUTIC_ROLE", "mautic_web", "PHP_INI_VALUE_MEMORY_LIMIT", "512M", "PHP_INI_VALUE_UPLOAD_MAX_FILESIZE", "512M",
		"PHP_INI_VALUE_POST_MAX_FILESIZE", "512M", "PHP_INI_VALUE_MAX_EXECUTION_TIME", "300")
	m.Entrypoint, m.Command, m.Entry, m.WorkDir = []string{"/entrypoint.sh"}, nil, EntryNone, "/var/www/html/docroot"
	return m
}

// laradockImage is the official image with more extensions, built at a time that the tag does
// not tell; the last part of the tag is the version of PHP: latest-8.3, 2.6-7.2
// (laradock/php-fpm at 5cecd1b, June 2026).
func laradockImage(t imageTag) Image {
	t.version = ""
	if len(t.words) > 0 && isVersion(t.words[len(t.words)-1]) {
		t.version = t.words[len(t.words)-1]
	}
	t.words = []string{"fpm"}
	return phpImageOf(t, undated(t))
}

// undated returns the layout of an image on PHP-FPM that was built at a time that the tag does
// not tell.
func undated(t imageTag) PHPLayout {
	if layout := layoutOf(t.version, t); layout != LayoutNew {
		return layout
	}
	return LayoutUnknown
}

// devilboxImage is PHP-FPM of Debian's official image, or of one that is built like it, whose
// main file sets the address and the account after all pools that it includes. All variants
// but base and mods start it below supervisord (devilbox/docker-php-fpm at 0420235, January
// 2023).
func devilboxImage(t imageTag) Image {
	const pools = "/usr/local/etc/php-fpm.d"
	variant := func(word string) bool {
		return slices.Contains([]string{"base", "mods", "prod", "slim", "work"}, word)
	}
	if Older(t.version, "5.4") || t.version == "" || !slices.ContainsFunc(t.words, variant) {
		m := base("debian", "")
		m.Entry, m.Absent = EntryUnknown, nil // PHP 5.2 and 5.3 have other files
		return m
	}
	plain := t.has("base") || t.has("mods")
	t.version, t.words = minor(t.version), []string{"fpm"}
	m := phpImageOf(t, LayoutOld)
	m.remove("/usr/local/etc/php-fpm.conf", pools+"/www.conf", pools+"/www.conf.default", pools+"/docker.conf", pools+"/zz-docker.conf")
	m.addAccount("devilbox", 1000, 1000)
	m.add(file("/usr/local/etc/php-fpm.conf", stock("devilbox-php-fpm.conf")),
		file("/usr/local/etc/php/conf.d/xxx-devilbox-default-php.ini", "memory_limit = 512M\nmax_execution_time = 120\nlog_errors = On\n"))
	m.Layout, m.Entrypoint, m.Entry, m.StopSignal = LayoutNone, []string{"/docker-entrypoint.sh"}, EntryApp, ""
	if Older(t.version, "5.6") || !Older(t.version, "8") {
		m.Uncertain = []string{"/usr/local/etc/php/conf.d/docker-fpm.ini"} // of images of PHP by the same publisher
	}
	if !plain {
		devilboxSupervisor(&m)
	}
	return m
}

// devilboxSupervisor adds supervisord, and the entrypoint that adds the files of two folders to
// the configuration.
func devilboxSupervisor(m *Image) {
	custom := []string{"/etc/php-custom.d", "/etc/php-fpm-custom.d"}
	m.add(dirs(custom...)...)
	m.add(dirs("/etc/supervisor", "/etc/supervisor/conf.d", "/etc/supervisor/custom.d", "/var/log/supervisor")...)
	m.add(file("/docker-entrypoint.sh", stock("devilbox-entrypoint.sh")), file("/etc/supervisor/supervisord.conf", stock("devilbox-supervisord.conf")),
		file("/etc/supervisor/conf.d/php-fpm.conf", "[program:php-fpm]\ncommand = /usr/local/sbin/php-fpm\n"))
	m.Complete = append(m.Complete, custom...)
	m.Entry, m.Command = EntryNone, []string{"/usr/bin/supervisord", "-c", "/etc/supervisor/supervisord.conf"}
}
