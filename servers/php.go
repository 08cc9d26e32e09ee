package servers

import (
	"strings"
	"time"
)

// phpSettings are settings that php.ini files often have (php.ini-production of PHP 8.2,
// php-src main/main.c), and phpModules the extensions whose settings start with their
// name and a dot.
var (
	phpSettings = map[string]bool{
		"engine": true, "short_open_tag": true, "precision": true, "output_buffering": true, "expose_php": true,
		"disable_functions": true, "disable_classes": true, "max_execution_time": true, "max_input_time": true,
		"max_input_vars": true, "memory_limit": true, "error_reporting": true, "display_errors": true,
		"display_startup_errors": true, "log_errors": true, "html_errors": true, "variables_order": true,
		"post_max_size": true, "file_uploads": true, "upload_max_filesize": true, "upload_tmp_dir": true,
		"max_file_uploads": true, "allow_url_fopen": true, "allow_url_include": true, "default_charset": true,
		"default_socket_timeout": true, "auto_prepend_file": true, "open_basedir": true, "sendmail_path": true,
		"realpath_cache_size": true, "realpath_cache_ttl": true, "extension": true, "zend_extension": true,
		"extension_dir": true, "include_path": true, "auto_append_file": true, "error_log": true, "request_order": true,
		"serialize_precision": true, "sys_temp_dir": true, "browscap": true,
	}
	phpModules = map[string]bool{
		"apc": true, "apcu": true, "assert": true, "cgi": true, "curl": true, "date": true, "ffi": true, "igbinary": true,
		"imagick": true, "intl": true, "ldap": true, "mail": true, "mbstring": true, "memcached": true, "mysqli": true,
		"mysqlnd": true, "newrelic": true, "odbc": true, "opcache": true, "openssl": true, "pcre": true, "pdo_mysql": true,
		"pgsql": true, "phar": true, "redis": true, "session": true, "soap": true, "sqlite3": true, "tidy": true, "xdebug": true,
		"zend": true, "zlib": true,
	}
)

// PHPSetting reports whether a name in lower case is one of php.ini. It knows only the
// common ones.
func PHPSetting(name string) bool {
	module, _, dotted := strings.Cut(name, ".")
	return phpSettings[name] || dotted && phpModules[module]
}

// EndOfLife is the last day on which a version of PHP gets security fixes
// (php.net/supported-versions, as of August 2026).
var EndOfLife = map[string]time.Time{
	"5.6": day(2018, 12, 31),
	"7.0": day(2019, 1, 10),
	"7.1": day(2019, 12, 1),
	"7.2": day(2020, 11, 30),
	"7.3": day(2021, 12, 6),
	"7.4": day(2022, 11, 28),
	"8.0": day(2023, 11, 26),
	"8.1": day(2025, 12, 31),
	"8.2": day(2026, 12, 31),
	"8.3": day(2027, 12, 31),
	"8.4": day(2028, 12, 31),
	"8.5": day(2029, 12, 31),
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// EnvDefaultSince is the first PHP whose ini files, and so those of PHP-FPM, have defaults
// in ${NAME:-default} (UPGRADING of PHP 8.3).
const EnvDefaultSince = "8.3"
