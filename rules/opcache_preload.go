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
	Why:      "Most mistakes in `php.ini` are warnings; these keep PHP-FPM from starting: `opcache.preload` without `opcache.preload_user` under a master that starts as root, a preload file or user that does not exist, a preload file that this user may not read, an `opcache.lockfile_path` that is not a directory, `opcache.file_cache_only` without `opcache.file_cache`, `opcache.interned_strings_buffer` as large as `opcache.memory_consumption`, and a file of `browscap` or `ffi.preload` that does not exist. `php-fpm -t` shows them too, on standard error and not in the log. In a pool the same settings do nothing.",
	Fix:      "Correct the setting, or remove it. With `opcache.preload`, set `opcache.preload_user = www-data`.",
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
	Logs: []servers.Log{
		{By: servers.FPM, Refusal: servers.RefusePreloadUser, Example: `Fatal Error "opcache.preload_user" has not been defined`},
		{By: servers.FPM, Refusal: servers.RefusePreloadAccount, Example: `Fatal Error Preloading failed to getpwnam("nginx")`},
		{By: servers.FPM, Refusal: servers.RefusePreload, Example: "NOTICE: PHP message: PHP Fatal error:  Failed opening required '/var/www/blog/preload.php' (include_path='.:/usr/share/php') in Unknown on line 0"},
		{By: servers.FPM, Refusal: servers.RefuseLock, Example: "Fatal Error Unable to create lock file: No such file or directory (2)"},
		{By: servers.FPM, Refusal: servers.RefuseCacheOnly, Example: "Fatal Error opcache.file_cache_only is set without a proper setting of opcache.file_cache"},
		{By: servers.FPM, Refusal: servers.RefuseInterned, Example: "Fatal Error Insufficient shared memory for interned strings buffer! (tried to allocate 67109072 bytes)"},
		{By: servers.FPM, Pattern: `Warning(?:</b>)?:  Cannot open "(?P<path>[^"]*)" for reading`, Example: `<b>Warning</b>:  Cannot open "/etc/php/browscap.ini" for reading in <b>Unknown</b> on line <b>0</b><br />`},
		{By: servers.FPM, Pattern: `Warning(?:</b>)?:  FFI: failed pre-loading '(?P<path>[^']*)'`, Example: "PHP Warning:  FFI: failed pre-loading '/srv/app.h', file doesn't exist in Unknown on line 0"},
	},
	Check: checkEntries,
}
