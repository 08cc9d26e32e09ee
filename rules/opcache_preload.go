package rules

import (
	"github.com/wp502lint/wp502lint/fpmt"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// OpcachePreload reports settings of opcache with which PHP does not start.
var OpcachePreload = &lint.Rule{
	ID:       "WP313",
	Name:     "opcache-preload",
	Cause:    lint.Stopped,
	Outcomes: lint.Outcomes{lint.FPMRefuses: lint.Always},
	Faults:   []lint.Fault{fpmt.Preload},
	Summary:  "A setting in php.ini is impossible, mostly one of opcache, so PHP-FPM does not start.",
	Why:      "Most mistakes in `php.ini` are warnings, but these keep PHP-FPM from starting:\n\n* `opcache.preload` without `opcache.preload_user` under a master that starts as root\n* a preload file or user that does not exist, or a preload file that this user may not read\n* an `opcache.lockfile_path` that is not a directory\n* `opcache.file_cache_only` without `opcache.file_cache`\n* `opcache.interned_strings_buffer` as large as `opcache.memory_consumption`\n* a file of `browscap` or `ffi.preload` that does not exist\n\n`php-fpm -t` shows them too, on standard error and not in the log. In a pool the same settings do nothing.",
	Fix:      "Correct the setting, or remove it. With `opcache.preload`, set `opcache.preload_user = www-data`.",
	Verify: []string{
		"php-fpm8.3 -t",
		`grep -rnE '^ *(opcache\.(preload|lockfile_path|file_cache|interned)|browscap|ffi\.preload)' /etc/php/*/fpm`,
		"sudo -u USER test -r PATH && echo readable",
		"systemctl restart UNIT && systemctl is-active UNIT",
	},
	Sources: []string{
		"https://www.php.net/manual/en/opcache.preloading.php",
		phpOpcache + "#ini.opcache.preload-user",
		phpOpcache + "#ini.opcache.lockfile_path",
	},
	Bad: `
fpm refuses
-- etc/php/8.3/fpm/conf.d/10-opcache.ini --
zend_extension = opcache.so
opcache.jit = off
opcache.preload = /var/www/blog/index.php
;                 ^^^^^^^^^^^^^^^^^^^^^^^ WP313 opcache.preload needs opcache.preload_user when PHP-FPM starts as root
`,
	Good: `
-- etc/php/8.3/fpm/conf.d/10-opcache.ini --
zend_extension = opcache.so
opcache.jit = off
opcache.preload = /var/www/blog/index.php
opcache.preload_user = www-data
`,
	Logs: []*servers.Signature{
		servers.FPMPreloadUserMissing, servers.FPMPreloadUserUnknown, servers.FPMPreloadFailed,
		servers.FPMLockFileUnusable, servers.FPMFileCacheMissing, servers.FPMInternedStrings,
		servers.FPMBrowscapUnreadable, servers.FPMFFIHeaderMissing,
	},
	Check: checkEntries,
}
