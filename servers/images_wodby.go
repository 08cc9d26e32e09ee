package servers

import "slices"

// wodbyFamilies are the images of PHP-FPM of Wodby, and those that are built on them.
var wodbyFamilies = []family{
	{names: []string{"wodby/php", "wodby/drupal-php", "wodby/wordpress-php", "wodby/laravel-php"}, image: wodbyImage},
}

// wodbyImage is the official image on Alpine with a pool file that the entrypoint makes from
// the environment (wodby/php at 9b55ad9, wodby/drupal-php at f21d455 and wodby/wordpress-php at
// 9822218, August 2026). A tag is the version of PHP, perhaps dev, and perhaps that of the
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
