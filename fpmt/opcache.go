package fpmt

import (
	"fmt"
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
	"github.com/wp502lint/wp502lint/parser/phpini"
	"github.com/wp502lint/wp502lint/servers"
	"github.com/wp502lint/wp502lint/source"
)

// phpSettings judges the settings of php.ini that prevent PHP from starting.
func (x *inspector) phpSettings() {
	if x.master.PHPIni == nil {
		return
	}
	if name := x.php("browscap"); strings.HasPrefix(name, "/") && x.Facts.Files.Missing(name) {
		x.refuse("browscap", "browscap names "+name+", which does not exist", servers.RefuseBrowscap.Line(name))
	}
	if _, loaded := x.master.PHPIni.Loads("ffi", "extension"); loaded {
		for name := range strings.SplitSeq(x.php("ffi.preload"), ":") { // php-src ext/ffi, ffi_preload_glob
			if strings.HasPrefix(name, "/") && !strings.ContainsAny(name, wildcards) && x.Facts.Files.Missing(name) {
				x.refuse("ffi.preload", "ffi.preload names "+name+", which does not exist", servers.RefuseFFI.Line(name))
				break
			}
		}
	}
	if HasOpcache(x.master.PHPIni, x.Version) {
		x.opcache()
	}
}

// opcache judges the settings of opcache that prevent PHP from starting (php-src
// ext/opcache; all measured on PHP-FPM 8.2).
func (x *inspector) opcache() {
	if x.php("opcache.preload") != "" {
		x.preload()
	}
	if dir := x.php("opcache.lockfile_path"); dir != "" && x.Facts.Files.Missing(dir) {
		x.refuse("opcache.lockfile_path", "there is no directory "+dir+" for the lock file of opcache", servers.RefuseLock.Line())
	}
	if phpini.Bool(x.php("opcache.file_cache_only")) && x.empty("opcache.file_cache") {
		x.refuse("opcache.file_cache_only", "opcache.file_cache_only is on, and opcache.file_cache is not set", servers.RefuseCacheOnly.Line())
	}
	if !phpini.Bool(x.php("opcache.file_cache_only")) {
		x.shared()
	}
}

// shared judges the memory that the workers share.
func (x *inspector) shared() {
	all, strings := x.megabytes("opcache.memory_consumption", 128, 8), x.megabytes("opcache.interned_strings_buffer", 8, 0)
	if all > 0 && strings >= all && strings <= mostInterned {
		key := "opcache.interned_strings_buffer"
		if x.setting(key).Absent() {
			key = "opcache.memory_consumption"
		}
		x.refuse(key, fmt.Sprintf("opcache.interned_strings_buffer is %d MB, and opcache.memory_consumption, which it is a part of, is %d MB", strings, all), servers.RefuseInterned.Line())
	}
}

// mostInterned is the most that opcache takes for interned strings; it ignores more.
const mostInterned = 4095

// megabytes returns a size of opcache in megabytes, otherwise if it is not set or less than
// least, and -1 if it is unknown.
func (x *inspector) megabytes(key string, otherwise, least int32) int32 {
	text, known := x.setting(key).Known()
	switch n := ini.Atoi(text); {
	case x.setting(key).Absent(), known && n < least:
		return otherwise
	case !known || strings.Trim(text, "0123456789") != "":
		return -1
	default:
		return n
	}
}

// preload judges opcache.preload.
func (x *inspector) preload() {
	file, user := x.php("opcache.preload"), x.php("opcache.preload_user")
	switch {
	case user == "" && (x.As != nil || !x.empty("opcache.preload_user")):
	case user == "" && !x.Root:
		x.untold(Preload, x.setting("opcache.preload").At(), "opcache.preload needs opcache.preload_user if PHP-FPM starts as root; cannot tell whether it does")
	case user == "":
		x.refuse("opcache.preload", "opcache.preload needs opcache.preload_user when PHP-FPM starts as root", servers.RefusePreloadUser.Line())
	case x.Facts.Users.Absent(user):
		x.refuse("opcache.preload_user", "there is no user "+user+", which opcache.preload_user names", servers.RefusePreloadAccount.Line(user))
	case strings.HasPrefix(file, "/") && x.Facts.Files.Missing(file):
		x.refuse("opcache.preload", "opcache.preload names "+file+", which does not exist", servers.RefusePreload.Line(file))
	case strings.HasPrefix(file, "/") && x.Facts.Files.IsDir(file):
		x.refuse("opcache.preload", file+" is a directory, and opcache.preload names a script", servers.RefusePreload.Line(file))
	case strings.HasPrefix(file, "/"):
		x.preloadReadable(file, user)
	}
}

// preloadReadable judges whether the account of opcache.preload_user may read the script.
func (x *inspector) preloadReadable(file, user string) {
	u, known := x.Facts.Users.Lookup(user)
	if !known {
		return
	}
	who := x.Facts.Process(u.UID, u.GID, source.Span{})
	if why, barred := x.Facts.Unreadable(who, file); barred {
		x.refuse("opcache.preload", fmt.Sprintf("user %s of opcache.preload_user may not %s", user, why), servers.RefusePreload.Line(file))
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

// empty reports whether a setting of php.ini is certainly empty or not set.
func (x *inspector) empty(key string) bool {
	return x.php(key) == "" && x.setting(key).Why() == ""
}

// HasOpcache reports whether the PHP of a version that reads c certainly has opcache enabled.
// Opcache is a part of PHP since 8.5 and a Zend extension before: PHP warns about
// "extension = opcache" and starts without it (measured on PHP-FPM 8.2). c is nil if no
// php.ini is known.
func HasOpcache(c *phpini.Config, version string) bool {
	if c == nil {
		return false
	}
	enable := c.Text("opcache.enable", source.Span{})
	if on, set := enable.Known(); set && !phpini.Bool(on) || enable.Why() != "" {
		return false
	}
	_, loaded := c.Loads("opcache", "zend_extension")
	return loaded || version != "" && !servers.Older(version, "8.5")
}
