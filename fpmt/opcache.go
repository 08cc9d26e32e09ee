package fpmt

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// opcache judges the settings of opcache that prevent PHP from starting (php-src
// ext/opcache; all measured on PHP-FPM 8.2).
func (x *inspector) opcache() {
	if !HasOpcache(x.master.PHPIni, x.Version) {
		return
	}
	if x.php("opcache.preload") != "" {
		x.preload()
	}
	if dir := x.php("opcache.lockfile_path"); dir != "" && x.Facts.Files.Missing(dir) {
		x.refuse("opcache.lockfile_path", "there is no directory "+dir+" for the lock file of opcache", servers.RefuseLock.Line())
	}
	if phpini.Bool(x.php("opcache.file_cache_only")) && x.php("opcache.file_cache") == "" {
		x.refuse("opcache.file_cache_only", "opcache.file_cache_only is on, and opcache.file_cache is not set", servers.RefuseCacheOnly.Line())
	}
}

// preload judges opcache.preload.
func (x *inspector) preload() {
	file, user := x.php("opcache.preload"), x.php("opcache.preload_user")
	switch {
	case user == "" && x.As != nil:
	case user == "" && !x.Root:
		x.untold(Preload, x.setting("opcache.preload").At(), "whether PHP-FPM starts as root, so that opcache.preload needs opcache.preload_user, is not known")
	case user == "":
		x.refuse("opcache.preload", "opcache.preload needs opcache.preload_user when PHP-FPM starts as root", servers.RefusePreloadUser.Line())
	case x.Facts.Users.Absent(user):
		x.refuse("opcache.preload_user", "there is no user "+user+", which opcache.preload_user names", servers.RefusePreloadAccount.Line(user))
	case strings.HasPrefix(file, "/") && x.Facts.Files.Missing(file):
		x.refuse("opcache.preload", "there is no file "+file+" to preload", servers.RefusePreload.Line(file))
	}
}

// refuse records a refusal of a setting of php.ini.
func (x *inspector) refuse(key, message, says string) {
	x.add(Refusal{Fault: Preload, Key: key, At: x.setting(key).At(), Message: message, Says: says})
}

func (x *inspector) setting(key string) source.Setting[string] {
	return x.master.PHPIni.Text(key, x.master.Global.At())
}

// php returns the value of a setting of php.ini; "" if it is not set or unknown.
func (x *inspector) php(key string) string {
	text, _ := x.setting(key).Known()
	return text
}

// HasOpcache reports whether the PHP of a version that reads c has opcache enabled.
// Opcache is a part of PHP since 8.5 and a Zend extension before: PHP warns about
// "extension = opcache" and starts without it (measured on PHP-FPM 8.2). c is nil if no
// php.ini is known.
func HasOpcache(c *phpini.Config, version string) bool {
	if c == nil {
		return false
	}
	if on, set := c.Text("opcache.enable", source.Span{}).Known(); set && !phpini.Bool(on) {
		return false
	}
	_, loaded := c.Loads("opcache", "zend_extension")
	return loaded || version != "" && !servers.Older(version, "8.5")
}
