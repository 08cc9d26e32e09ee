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

// INISetting is what PHP versions made of one setting of php.ini; "" for a version that did
// nothing.
type INISetting struct{ Name, Added, Deprecated, Removed string }

// iniSettings are the settings of php.ini that a version from 7.4 on added, deprecated or
// removed (UPGRADING of php-src 8.0 to 8.5; documentation of PHP, list of php.ini directives).
// PHP ignores an entry that it does not know without a word (measured on PHP-FPM 8.2).
var iniSettings = [...]INISetting{
	{Name: "track_errors", Removed: "8.0", Deprecated: "7.2"},
	{Name: "mbstring.func_overload", Removed: "8.0", Deprecated: "7.2"},
	{Name: "assert.quiet_eval", Removed: "8.0"},
	{Name: "pdo_odbc.db2_instance_name", Removed: "8.0", Deprecated: "7.3"},
	{Name: "log_errors_max_len", Removed: "8.1"},
	{Name: "mysqlnd.fetch_data_copy", Removed: "8.1"},
	{Name: "mysqli.reconnect", Removed: "8.2"},
	{Name: "opcache.consistency_checks", Removed: "8.3"},
	{Name: "disable_classes", Removed: "8.5"},
	{Name: "filter.default", Deprecated: "8.1"},
	{Name: "filter.default_options", Deprecated: "8.1"},
	{Name: "auto_detect_line_endings", Deprecated: "8.1"},
	{Name: "assert.active", Deprecated: "8.3"},
	{Name: "assert.bail", Deprecated: "8.3"},
	{Name: "assert.callback", Deprecated: "8.3"},
	{Name: "assert.exception", Deprecated: "8.3"},
	{Name: "assert.warning", Deprecated: "8.3"},
	{Name: "session.sid_length", Deprecated: "8.4"},
	{Name: "session.sid_bits_per_character", Deprecated: "8.4"},
	{Name: "session.use_trans_sid", Deprecated: "8.4"},
	{Name: "session.trans_sid_tags", Deprecated: "8.4"},
	{Name: "session.trans_sid_hosts", Deprecated: "8.4"},
	{Name: "session.referer_check", Deprecated: "8.4"},
	{Name: "report_memleaks", Deprecated: "8.5"},
	{Name: "register_argc_argv", Deprecated: "8.5"},
	{Name: "fiber.stack_size", Added: "8.1"},
	{Name: "error_log_mode", Added: "8.2"},
	{Name: "zend.max_allowed_stack_size", Added: "8.3"},
	{Name: "zend.reserved_stack_size", Added: "8.3"},
	{Name: "max_memory_limit", Added: "8.5"},
	{Name: "fatal_error_backtraces", Added: "8.5"},
	{Name: "opcache.file_cache_read_only", Added: "8.5"},
}

// INISettingOf returns what versions of PHP made of a setting; ok is false for one that all have
// alike.
func INISettingOf(name string) (s INISetting, ok bool) {
	for i := range iniSettings {
		if iniSettings[i].Name == name {
			return iniSettings[i], true
		}
	}
	return INISetting{}, false
}
