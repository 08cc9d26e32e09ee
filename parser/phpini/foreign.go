package phpini

import (
	"strings"

	"github.com/wp502lint/wp502lint/parser/ini"
)

// common are settings without a dot that nearly every php.ini has (php-src main/main.c),
// and modules that it often sets something of, as NAME.SETTING.
var common = map[string]bool{
	"extension": true, "zend_extension": true, "extension_dir": true, "include_path": true, "open_basedir": true,
	"memory_limit": true, "max_execution_time": true, "max_input_time": true, "max_input_vars": true, "post_max_size": true,
	"upload_max_filesize": true, "max_file_uploads": true, "file_uploads": true, "upload_tmp_dir": true, "sys_temp_dir": true,
	"display_errors": true, "display_startup_errors": true, "error_reporting": true, "error_log": true, "log_errors": true,
	"disable_functions": true, "disable_classes": true, "short_open_tag": true, "output_buffering": true, "precision": true,
	"serialize_precision": true, "expose_php": true, "variables_order": true, "request_order": true, "engine": true,
	"allow_url_fopen": true, "allow_url_include": true, "default_charset": true, "default_socket_timeout": true,
	"realpath_cache_size": true, "realpath_cache_ttl": true, "auto_prepend_file": true, "auto_append_file": true, "sendmail_path": true,

	"apc": true, "assert": true, "curl": true, "date": true, "ffi": true, "igbinary": true, "imagick": true, "intl": true, "ldap": true,
	"mail": true, "mbstring": true, "memcached": true, "mysqli": true, "mysqlnd": true, "newrelic": true, "odbc": true, "opcache": true,
	"openssl": true, "pcre": true, "pdo_mysql": true, "pgsql": true, "phar": true, "redis": true, "session": true, "soap": true,
	"sqlite3": true, "tidy": true, "xdebug": true, "zend": true, "zlib": true,
}

// foreign reports whether a file may be another one than a php.ini, such as a list of
// passwords that a link leads to: it has lines, and none is of a common setting.
func foreign(f *ini.File) bool {
	for line := range f.Lines() {
		if line.Kind() == ini.Entry && ours(line.Key()) {
			return false
		}
	}
	for _, key := range f.Dropped {
		if ours(key) {
			return false
		}
	}
	return len(f.Problems) > 0 || f.Count() > 0
}

func ours(key string) bool {
	module, _, _ := strings.Cut(key, ".")
	return common[module]
}
