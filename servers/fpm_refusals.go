package servers

import (
	"fmt"
	"regexp"
	"strings"
)

// FPMRefusal is a line that PHP-FPM logs before it refuses to start. %s and %d
// are filled in for the place.
type FPMRefusal string

// The refusals of PHP-FPM (php-src sapi/fpm/fpm/*.c of 8.2; every one with a
// pool or a line in it was produced with php-fpm 8.2).
const (
	RefuseNull     FPMRefusal = "ERROR: [%s:%d] value is NULL for a ZEND_INI_PARSER_ENTRY"
	RefuseUnknown  FPMRefusal = "ERROR: [%s:%d] unknown entry '%s'"
	RefuseArray    FPMRefusal = "ERROR: [%s:%d] unknown directive '%s'"
	RefuseNoKey    FPMRefusal = "ERROR: [%s:%d] You must provide a key for field '%s'"
	RefuseGlobal   FPMRefusal = "ERROR: [%s:%d] Array are not allowed in the global section"
	RefuseKey      FPMRefusal = "ERROR: [%s:%d] Keys provided to field '%s' are ignored"
	RefuseSuppress FPMRefusal = "ERROR: [%s:%d] Values provided to field '%s' must begin with '/'"
	RefuseEmpty    FPMRefusal = "ERROR: [%s:%d] empty value"
	RefuseFlag     FPMRefusal = "ERROR: [%s:%d] error while parsing '%s[%s]' : %s"
	RefuseValue    FPMRefusal = "ERROR: [%s:%d] unable to parse value for entry '%s': %s"
	RefuseSyntax   FPMRefusal = "PHP:  syntax error, unexpected"
	RefuseNoPool   FPMRefusal = "ERROR: No pool defined. at least one pool section must be specified in config file"
	RefuseLogLimit FPMRefusal = "ERROR: log_limit must be greater than 512"
	RefuseFiles    FPMRefusal = "ERROR: failed to set rlimit_files for this pool. Please check your system limits or decrease rlimit_files. setrlimit(RLIMIT_NOFILE, %d): Operation not permitted (1)"
	// RefuseSilently is all that is logged for a negative emergency_restart_threshold.
	RefuseSilently       FPMRefusal = "ERROR: FPM initialization failed"
	RefuseMax            FPMRefusal = "ERROR: process_max can't be negative"
	RefusePriority       FPMRefusal = "ERROR: process.priority must be included into [-19,20]"
	RefuseMechanism      FPMRefusal = "ERROR: event mechanism '%s' is not available on this system"
	RefuseErrorLog       FPMRefusal = "ERROR: failed to open error_log (%s): No such file or directory (2)"
	RefusePID            FPMRefusal = "ERROR: Unable to create the PID file (%s).: No such file or directory (2)"
	RefusePoolPrio       FPMRefusal = "ERROR: [pool %s] process.priority must be included into [-19,20]"
	RefusePrefix         FPMRefusal = "ERROR: [pool %s] the prefix '%s' does not exist or is not a directory"
	RefuseNoUser         FPMRefusal = "ALERT: [pool %s] user has not been defined"
	RefuseNoListen       FPMRefusal = "ALERT: [pool %s] no listen address have been defined!"
	RefuseNoManager      FPMRefusal = "ALERT: [pool %s] the process manager is missing (static, dynamic or ondemand)"
	RefuseChildren       FPMRefusal = "ALERT: [pool %s] pm.max_children must be a positive value"
	RefuseMinSpare       FPMRefusal = "ALERT: [pool %s] pm.min_spare_servers(%d) must be a positive value"
	RefuseMaxSpare       FPMRefusal = "ALERT: [pool %s] pm.max_spare_servers(%d) must be a positive value"
	RefuseSpareMax       FPMRefusal = "ALERT: [pool %s] pm.min_spare_servers(%d) and pm.max_spare_servers(%d) cannot be greater than pm.max_children(%d)"
	RefuseSpares         FPMRefusal = "ALERT: [pool %s] pm.max_spare_servers(%d) must not be less than pm.min_spare_servers(%d)"
	RefuseStart          FPMRefusal = "ALERT: [pool %s] pm.start_servers(%d) must not be less than pm.min_spare_servers(%d) and not greater than pm.max_spare_servers(%d)"
	RefuseSpawnRate      FPMRefusal = "ALERT: [pool %s] pm.max_spawn_rate must be a positive value"
	RefuseOndemand       FPMRefusal = "ALERT: [pool %s] ondemand process manager can ONLY be used when events.mechanism is either epoll (Linux) or kqueue (*BSD)."
	RefuseIdle           FPMRefusal = "ALERT: [pool %s] pm.process_idle_timeout(%ds) must be greater than 0s"
	RefusePathSlash      FPMRefusal = "ERROR: [pool %s] the %s path '%s' must start with a '/'"
	RefusePathShort      FPMRefusal = "ERROR: [pool %s] the %s path '%s' is not long enough"
	RefusePathChars      FPMRefusal = "ERROR: [pool %s] the %s path '%s' must contain only the following characters '[alphanum]/_-.~'"
	RefusePing           FPMRefusal = "ERROR: [pool %s] the ping response page '%s' is not long enough"
	RefuseSlowlog        FPMRefusal = "ERROR: [pool %s] 'slowlog' must be specified for use with '%s'"
	RefuseSlowTime       FPMRefusal = "ERROR: [pool %s] 'request_slowlog_timeout' (%d) can't be greater than 'request_terminate_timeout' (%d)"
	RefuseDepth          FPMRefusal = "ERROR: [pool %s] 'request_slowlog_trace_depth' (%d) must be a positive value"
	RefuseSlowOpen       FPMRefusal = "ERROR: Unable to create or open slowlog(%s): No such file or directory (2)"
	RefuseAccessOpen     FPMRefusal = "ERROR: failed to open access log (%s): No such file or directory (2)"
	RefuseFormat         FPMRefusal = "ERROR: [pool %s] wrong format for access.format '%s'"
	RefuseChroot         FPMRefusal = "ERROR: [pool %s] the chroot path '%s' does not exist or is not a directory"
	RefuseChdir          FPMRefusal = "ERROR: [pool %s] the chdir path '%s' does not exist or is not a directory"
	RefuseChdirIn        FPMRefusal = "ERROR: [pool %s] the chdir path '%s' within the chroot path '%s' ('%s') does not exist or is not a directory"
	RefuseUser           FPMRefusal = "ERROR: [pool %s] cannot get uid for user '%s'"
	RefuseGroup          FPMRefusal = "ERROR: [pool %s] cannot get gid for group '%s'"
	RefuseRoot           FPMRefusal = "ERROR: [pool %s] please specify user and group other than root"
	RefusePreloadUser    FPMRefusal = "Fatal Error \"opcache.preload_user\" has not been defined"
	RefusePreloadAccount FPMRefusal = "Fatal Error Preloading failed to getpwnam(\"%s\")"
	RefusePreload        FPMRefusal = "NOTICE: PHP message: PHP Fatal error:  Failed opening required '%s'"
	RefuseLock           FPMRefusal = "Fatal Error Unable to create lock file"
	RefuseCacheOnly      FPMRefusal = "Fatal Error opcache.file_cache_only is set without a proper setting of opcache.file_cache"
	RefuseInterned       FPMRefusal = "Fatal Error Insufficient shared memory for interned strings buffer!"
	RefuseBrowscap       FPMRefusal = "Warning:  Cannot open \"%s\" for reading"
	RefuseFFI            FPMRefusal = "Warning:  FFI: failed pre-loading '%s', file doesn't exist"
	RefuseService        FPMRefusal = "ERROR: getaddrinfo: Servname not supported for ai_socktype"
	RefuseChown          FPMRefusal = "ERROR: [pool %s] failed to chown() the socket '%s': Operation not permitted (1)"
	RefuseBind           FPMRefusal = "ERROR: unable to bind listening socket for address '%s': No such file or directory (2)"
)

// Directory returns the line about a file that is a directory.
func (r FPMRefusal) Directory(name string) string {
	return strings.Replace(r.Line(name), "No such file or directory (2)", "Is a directory (21)", 1)
}

// NotDirectory returns the line about a path that leads through a file.
func (r FPMRefusal) NotDirectory(name string) string {
	return strings.Replace(r.Line(name), "No such file or directory (2)", "Not a directory (20)", 1)
}

// Denied returns the line about a file that PHP-FPM may not create or write.
func (r FPMRefusal) Denied(name string) string {
	return strings.Replace(r.Line(name), "No such file or directory (2)", "Permission denied (13)", 1)
}

// ReadOnly returns the line about a file that PHP-FPM cannot create on a read-only file system.
func (r FPMRefusal) ReadOnly(name string) string {
	return strings.Replace(r.Line(name), "No such file or directory (2)", "Read-only file system (30)", 1)
}

// InUse returns the line about a socket whose path is something else.
func (r FPMRefusal) InUse(name string) string {
	return strings.Replace(r.Line(name), "No such file or directory (2)", "Address already in use (98)", 1)
}

// Line returns the line with args filled in.
func (r FPMRefusal) Line(args ...any) string { return fmt.Sprintf(string(r), args...) }

// blanks are the variable parts of a refusal, as quoted for an expression, each
// with the expression that matches it.
var blanks = [][2]string{
	{`\[pool %s\]`, `\[pool (?P<pool>[^\]]+)\]`},
	{`\[%s:%d\]`, `\[(?P<file>[^\]]+):(?P<line>\d+)\]`},
	{`\(%s\)`, `\((?P<path>[^)]*)\)`},
	{`No such file or directory \(2\)`, `[^()]+ \(\d+\)`}, // the same file may fail for another reason
	{`%s`, `.*`},
	{`%d`, `-?\d+`},
}

// pattern returns the regular expression that finds the line in a log.
func (r FPMRefusal) pattern() string {
	pattern := regexp.QuoteMeta(string(r))
	for _, b := range blanks {
		pattern = strings.ReplaceAll(pattern, b[0], b[1])
	}
	return pattern
}

// What PHP-FPM refuses in a line of its files (php-src sapi/fpm/fpm/fpm_conf.c of 8.2; Measured on
// PHP-FPM 8.2).
var (
	FPMValueNull = &Signature{"fpm-value-null", Log{FPM, "", RefuseNull,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] value is NULL for a ZEND_INI_PARSER_ENTRY`}, Refused, 0, Measured}
	FPMUnknownEntry = &Signature{"fpm-unknown-entry", Log{FPM, "", RefuseUnknown,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] unknown entry 'pm.max_childs'`}, Refused, 0, Measured}
	FPMUnknownArray = &Signature{"fpm-unknown-array", Log{FPM, "", RefuseArray,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] unknown directive 'limits'`}, Refused, 0, Measured}
	FPMKeyMissing = &Signature{"fpm-key-missing", Log{FPM, `ERROR: \[(?P<file>[^\]]+):(?P<line>\d+)\] (?:You must provide a key for field|Misspelled +array)`, "",
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] You must provide a key for field 'env'`}, Refused, 0, Measured}
	FPMKeysIgnored = &Signature{"fpm-keys-ignored", Log{FPM, "", RefuseKey,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] Keys provided to field 'access.suppress_path' are ignored`}, Refused, 0, Measured}
	FPMArrayInGlobal = &Signature{"fpm-array-in-global", Log{FPM, "", RefuseGlobal,
		`ERROR: [/etc/php/8.3/fpm/php-fpm.conf:3] Array are not allowed in the global section`}, Refused, 0, Measured}
	FPMValueInvalid = &Signature{"fpm-value-invalid", Log{FPM, "", RefuseValue,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:9] unable to parse value for entry 'pm.process_idle_timeout': unknown suffix used in time value`}, Refused, 0, Measured}
	FPMFlagInvalid = &Signature{"fpm-flag-invalid", Log{FPM, "", RefuseFlag,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] error while parsing 'php_admin_flag[display_errors]' : invalid boolean value`}, Refused, 0, Measured}
	FPMEmptyValue = &Signature{"fpm-empty-value", Log{FPM, "", RefuseEmpty,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] empty value`}, Refused, 0, Measured}
	FPMSuppressPathInvalid = &Signature{"fpm-suppress-path-invalid", Log{FPM, "", RefuseSuppress,
		`ERROR: [/etc/php/8.3/fpm/pool.d/www.conf:8] Values provided to field 'access.suppress_path' must begin with '/'`}, Refused, 0, Measured}
	// The others.
	FPMRefusedAtLine = &Signature{"fpm-refused-at-line", Log{FPM, `ERROR: \[(?P<file>/[^\]:]+):(?P<line>\d+)\] `, "",
		`ERROR: [/etc/php/8.3/fpm/php-fpm.conf:5] two includes at the same time !`}, Refused, 0, Documented}
	FPMIncludeUnreadable = &Signature{"fpm-include-unreadable", Log{FPM, `ERROR: failed to open configuration file '(?P<path>[^']*)'`, "",
		`ERROR: failed to open configuration file '/etc/php/8.3/fpm/pool.d/old.conf': No such file or directory (2)`}, Refused, 0, Measured}
	FPMIncludeDirectoryMissing = &Signature{"fpm-include-directory-missing", Log{FPM, `ERROR: Unable to globalize '(?P<path>[^']*)'`, "",
		`ERROR: Unable to globalize '/etc/php/8.3/fpm/pools/*.conf' (ret=2) from /etc/php/8.3/fpm/php-fpm.conf at line 6.`}, Refused, 0, Measured}
	FPMIncludeDepth = &Signature{"fpm-include-depth", Log{FPM, `ERROR: failed to include more than \d+ files recursively`, "",
		`ERROR: failed to include more than 5 files recursively`}, Refused, 0, Measured}
	FPMIncludeFailed = &Signature{"fpm-include-failed", Log{FPM, `(?:Unable to include (?P<path>\S+)|Nothing matches the include pattern '(?P<pattern>[^']*)') from (?P<file>\S+) at line (?P<line>\d+)`, "",
		`ERROR: Unable to include /etc/php/8.3/fpm/pool.d/www.conf from /etc/php/8.3/fpm/php-fpm.conf at line 4`}, Refused, 0, Measured}
	FPMSyntax = &Signature{"fpm-syntax", Log{FPM, `PHP:\s+syntax error, unexpected `, "",
		`PHP:  syntax error, unexpected '(' in Unknown on line 1`}, Refused, 0, Measured}
)

var fpmRefusesLine = []*Signature{
	FPMValueNull, FPMUnknownEntry, FPMUnknownArray, FPMKeyMissing, FPMKeysIgnored, FPMArrayInGlobal,
	FPMValueInvalid, FPMFlagInvalid, FPMEmptyValue, FPMSuppressPathInvalid, FPMRefusedAtLine, FPMIncludeUnreadable,
	FPMIncludeDirectoryMissing, FPMIncludeDepth, FPMIncludeFailed, FPMSyntax,
}

// What PHP-FPM refuses in a pool (php-src sapi/fpm/fpm/fpm_conf.c, fpm_unix.c, fpm_log.c of 8.2;
// Measured on PHP-FPM 8.2).
var (
	FPMListenTwice = &Signature{"fpm-listen-twice", Log{FPM, `ERROR: \[pool (?P<pool>[^\]]+)\] unable to set listen address as it's already used in another pool`, "",
		`ERROR: [pool www] unable to set listen address as it's already used in another pool 'shop'`}, Refused, 0, Measured}
	FPMMaxChildrenInvalid = &Signature{"fpm-max-children-invalid", Log{FPM, "", RefuseChildren,
		`ALERT: [pool www] pm.max_children must be a positive value`}, Refused, 0, Measured}
	FPMAccessFormatInvalid = &Signature{"fpm-access-format-invalid", Log{FPM, "", RefuseFormat,
		`ERROR: [pool www] wrong format for access.format '%R %{secs}d %e'`}, Refused, 0, Measured}
	FPMTraceDepthInvalid = &Signature{"fpm-trace-depth-invalid", Log{FPM, "", RefuseDepth,
		`ERROR: [pool www] 'request_slowlog_trace_depth' (-1) must be a positive value`}, Refused, 0, Measured}
	FPMIdleTimeoutInvalid = &Signature{"fpm-idle-timeout-invalid", Log{FPM, "", RefuseIdle,
		`ALERT: [pool www] pm.process_idle_timeout(0s) must be greater than 0s`}, Refused, 0, Measured}
	FPMOndemandEvents = &Signature{"fpm-ondemand-events", Log{FPM, "", RefuseOndemand,
		`ALERT: [pool www] ondemand process manager can ONLY be used when events.mechanism is either epoll (Linux) or kqueue (*BSD).`}, Refused, 0, Measured}
	FPMPriorityInvalid = &Signature{"fpm-priority-invalid", Log{FPM, `ERROR: (?:\[pool (?P<pool>[^\]]+)\] )?process\.priority must be included into \[-19,20\]`, "",
		`ERROR: [pool www] process.priority must be included into [-19,20]`}, Refused, 0, Measured}
	FPMSpawnRateInvalid = &Signature{"fpm-spawn-rate-invalid", Log{FPM, "", RefuseSpawnRate,
		`ALERT: [pool www] pm.max_spawn_rate must be a positive value`}, Refused, 0, Measured}
	FPMSpareAboveChildren = &Signature{"fpm-spare-above-children", Log{FPM, "", RefuseSpareMax,
		`ALERT: [pool www] pm.min_spare_servers(1) and pm.max_spare_servers(6) cannot be greater than pm.max_children(4)`}, Refused, 0, Measured}
	FPMSpareOrder = &Signature{"fpm-spare-order", Log{FPM, "", RefuseSpares,
		`ALERT: [pool www] pm.max_spare_servers(4) must not be less than pm.min_spare_servers(5)`}, Refused, 0, Measured}
	FPMStartServers = &Signature{"fpm-start-servers", Log{FPM, "", RefuseStart,
		`ALERT: [pool www] pm.start_servers(6) must not be less than pm.min_spare_servers(1) and not greater than pm.max_spare_servers(4)`}, Refused, 0, Measured}
	FPMMinSpareInvalid = &Signature{"fpm-min-spare-invalid", Log{FPM, "", RefuseMinSpare,
		`ALERT: [pool www] pm.min_spare_servers(0) must be a positive value`}, Refused, 0, Measured}
	FPMMaxSpareInvalid = &Signature{"fpm-max-spare-invalid", Log{FPM, "", RefuseMaxSpare,
		`ALERT: [pool www] pm.max_spare_servers(0) must be a positive value`}, Refused, 0, Measured}
	FPMListenMissing = &Signature{"fpm-listen-missing", Log{FPM, "", RefuseNoListen,
		`ALERT: [pool shop] no listen address have been defined!`}, Refused, 0, Measured}
	FPMManagerMissing = &Signature{"fpm-manager-missing", Log{FPM, "", RefuseNoManager,
		`ALERT: [pool www] the process manager is missing (static, dynamic or ondemand)`}, Refused, 0, Measured}
	FPMUserMissing = &Signature{"fpm-user-missing", Log{FPM, "", RefuseNoUser,
		`ALERT: [pool old] user has not been defined`}, Refused, 0, Measured}
	FPMUserUnknown = &Signature{"fpm-user-unknown", Log{FPM, "", RefuseUser,
		`ERROR: [pool www] cannot get uid for user 'nginx'`}, Refused, 0, Measured}
	FPMGroupUnknown = &Signature{"fpm-group-unknown", Log{FPM, "", RefuseGroup,
		`ERROR: [pool www] cannot get gid for group 'web'`}, Refused, 0, Measured}
	FPMChownDenied = &Signature{"fpm-chown-denied", Log{FPM, "", RefuseChown,
		`ERROR: [pool www] failed to chown() the socket '/run/php/php8.3-fpm.sock': Operation not permitted (1)`}, Refused, 0, Measured}
	FPMRootRefused = &Signature{"fpm-root-refused", Log{FPM, "", RefuseRoot,
		`ERROR: [pool www] please specify user and group other than root`}, Refused, 0, Measured}
	FPMChdirInChrootMissing = &Signature{"fpm-chdir-in-chroot-missing", Log{FPM, "", RefuseChdirIn,
		`ERROR: [pool www] the chdir path '/htdocs' within the chroot path '/var/www/blog' ('/var/www/blog//htdocs') does not exist or is not a directory`}, Refused, 0, Measured}
	FPMChdirMissing = &Signature{"fpm-chdir-missing", Log{FPM, "", RefuseChdir,
		`ERROR: [pool www] the chdir path '/var/www/shop' does not exist or is not a directory`}, Refused, 0, Measured}
	FPMChrootMissing = &Signature{"fpm-chroot-missing", Log{FPM, "", RefuseChroot,
		`ERROR: [pool www] the chroot path '/srv/none' does not exist or is not a directory`}, Refused, 0, Measured}
	FPMPrefixMissing = &Signature{"fpm-prefix-missing", Log{FPM, "", RefusePrefix,
		`ERROR: [pool www] the prefix '/srv/none' does not exist or is not a directory`}, Refused, 0, Measured}
	FPMSlowlogAfterTerminate = &Signature{"fpm-slowlog-after-terminate", Log{FPM, "", RefuseSlowTime,
		`ERROR: [pool www] 'request_slowlog_timeout' (120) can't be greater than 'request_terminate_timeout' (90)`}, Refused, 0, Measured}
	FPMSlowlogMissing = &Signature{"fpm-slowlog-missing", Log{FPM, "", RefuseSlowlog,
		`ERROR: [pool www] 'slowlog' must be specified for use with 'request_slowlog_timeout'`}, Refused, 0, Measured}
	FPMPathWithoutSlash = &Signature{"fpm-path-without-slash", Log{FPM, "", RefusePathSlash,
		`ERROR: [pool www] the status path 'status' must start with a '/'`}, Refused, 0, Measured}
	FPMPathTooShort = &Signature{"fpm-path-too-short", Log{FPM, "", RefusePathShort,
		`ERROR: [pool www] the status path '/' is not long enough`}, Refused, 0, Measured}
	FPMPathCharacters = &Signature{"fpm-path-characters", Log{FPM, "", RefusePathChars,
		`ERROR: [pool www] the status path '/status?full' must contain only the following characters '[alphanum]/_-.~'`}, Refused, 0, Measured}
	FPMPingResponseEmpty = &Signature{"fpm-ping-response-empty", Log{FPM, "", RefusePing,
		`ERROR: [pool www] the ping response page '' is not long enough`}, Refused, 0, Measured}
	FPMFileLimitRefused = &Signature{"fpm-file-limit-refused", Log{FPM, `ERROR: (?:\[pool (?P<pool>[^\]]+)\] )?failed to set rlimit_files`, "",
		`ERROR: failed to set rlimit_files for this pool. Please check your system limits or decrease rlimit_files. setrlimit(RLIMIT_NOFILE, 2147483647): Operation not permitted (1)`}, Refused, 0, Measured}
	// The others.
	// A worker writes the first, and the master goes on after both (php-src fpm_children.c).
	FPMChildNotMade = &Signature{"fpm-child-not-made", Log{FPM, `ERROR: \[pool (?P<pool>[^\]]+)\] (?:child failed to initialize|unable to malloc new child)`, "",
		`ERROR: [pool www] child failed to initialize`}, NoSign, 0, Documented}
	FPMRefusedPool = &Signature{"fpm-refused-pool", Log{FPM, `(?:ALERT|ERROR): \[pool (?P<pool>[^\]]+)\] `, "",
		`ERROR: [pool www] failed to write the ACL of the socket '/run/php/php8.3-fpm.sock': Operation not supported (95)`}, Refused, 0, Documented}
)

var fpmRefusesPool = []*Signature{
	FPMListenTwice, FPMMaxChildrenInvalid, FPMAccessFormatInvalid, FPMTraceDepthInvalid, FPMIdleTimeoutInvalid,
	FPMOndemandEvents, FPMPriorityInvalid, FPMSpawnRateInvalid, FPMSpareAboveChildren, FPMSpareOrder,
	FPMStartServers, FPMMinSpareInvalid, FPMMaxSpareInvalid, FPMListenMissing, FPMManagerMissing, FPMUserMissing,
	FPMUserUnknown, FPMGroupUnknown, FPMChownDenied, FPMRootRefused, FPMChdirInChrootMissing, FPMChdirMissing,
	FPMChrootMissing, FPMPrefixMissing, FPMSlowlogAfterTerminate, FPMSlowlogMissing, FPMPathWithoutSlash,
	FPMPathTooShort, FPMPathCharacters, FPMPingResponseEmpty, FPMFileLimitRefused, FPMChildNotMade, FPMRefusedPool,
}

// What else keeps PHP-FPM from starting (php-src sapi/fpm/fpm/fpm_conf.c, fpm_sockets.c, fpm_stdio.c
// and ext/opcache of 8.2; Measured on PHP-FPM 8.2).
var (
	FPMEventMechanismUnknown = &Signature{"fpm-event-mechanism-unknown", Log{FPM, "", RefuseMechanism,
		`ERROR: event mechanism 'kqueue' is not available on this system`}, Refused, 0, Measured}
	FPMLogLimitInvalid = &Signature{"fpm-log-limit-invalid", Log{FPM, "", RefuseLogLimit,
		`ERROR: log_limit must be greater than 512`}, Refused, 0, Measured}
	FPMProcessMaxInvalid = &Signature{"fpm-process-max-invalid", Log{FPM, "", RefuseMax,
		`ERROR: process_max can't be negative`}, Refused, 0, Measured}
	FPMNoPool = &Signature{"fpm-no-pool", Log{FPM, `ERROR: No pool defined\.`, "",
		`ERROR: No pool defined. at least one pool section must be specified in config file`}, Refused, 0, Measured}
	FPMPortInvalid = &Signature{"fpm-port-invalid", Log{FPM, `ERROR: invalid port value '[^']*'`, "",
		`ERROR: invalid port value '/run/php/php8.3-fpm.sock'`}, Refused, 0, Measured}
	FPMHostUnknown = &Signature{"fpm-host-unknown", Log{FPM, `ERROR: getaddrinfo: `, "",
		`ERROR: getaddrinfo: Name or service not known`}, Refused, 0, Measured}
	FPMAddressInUse = &Signature{"fpm-address-in-use", Log{FPM, `ERROR: unable to bind listening socket for address '(?P<addr>[^']+)': [^()]+ \((?:98|48)\)`, "",
		`ERROR: unable to bind listening socket for address '0.0.0.0:9000': Address already in use (98)`}, Refused, 0, Measured}
	FPMSocketDenied = &Signature{"fpm-socket-denied", Log{FPM, `ERROR: unable to bind listening socket for address '(?P<path>[^']*/[^']*)': [^()]+ \((?:1|13|30)\)`, "",
		`ERROR: unable to bind listening socket for address '/run/php/php8.3-fpm.sock': Permission denied (13)`}, Refused, 0, Documented}
	FPMSocketNotCreated = &Signature{"fpm-socket-not-created", Log{FPM, `ERROR: unable to bind listening socket for address '(?P<path>[^']*/[^']*)': [^()]+ \(\d+\)`, "",
		`ERROR: unable to bind listening socket for address '/usr/run/php/php8.3-fpm.sock': No such file or directory (2)`}, Refused, 0, Measured}
	FPMCannotBind = &Signature{"fpm-cannot-bind", Log{FPM, `ERROR: unable to bind listening socket for address '(?P<addr>[^']+)'`, "",
		`ERROR: unable to bind listening socket for address '192.0.2.7:9000': Cannot assign requested address (99)`}, Refused, 0, Measured}
	FPMAlreadyListening = &Signature{"fpm-already-listening", Log{FPM, `ERROR: (?:An a|A)nother FPM instance seems to already listen on (?P<path>\S+)`, "",
		`ERROR: Another FPM instance seems to already listen on /run/php/php8.3-fpm.sock`}, Refused, 0, Measured}
	FPMAccessLogUnusable = &Signature{"fpm-access-log-unusable", Log{FPM, `ERROR: failed to open access log \((?P<path>[^)]*)`, "",
		`ERROR: failed to open access log (/var/log/none/access.log): No such file or directory (2)`}, Refused, 0, Measured}
	FPMSlowlogUnusable = &Signature{"fpm-slowlog-unusable", Log{FPM, `ERROR: Unable to create or open slowlog\((?P<path>[^)]*)`, "",
		`ERROR: Unable to create or open slowlog(/var/log/php/www.slow.log/): Is a directory (21)`}, Refused, 0, Measured}
	FPMErrorLogUnusable = &Signature{"fpm-error-log-unusable", Log{FPM, `ERROR: failed to open error_log \((?P<path>[^)]*)`, "",
		`ERROR: failed to open error_log (/var/log/): Is a directory (21)`}, Refused, 0, Measured}
	FPMPIDFileUnusable = &Signature{"fpm-pid-file-unusable", Log{FPM, `ERROR: Unable to create the PID file \((?P<path>[^)]*)`, "",
		`ERROR: Unable to create the PID file (/run/none/fpm.pid).: No such file or directory (2)`}, Refused, 0, Measured}
	FPMPreloadUserMissing = &Signature{"fpm-preload-user-missing", Log{FPM, "", RefusePreloadUser,
		`Fatal Error "opcache.preload_user" has not been defined`}, Refused, 0, Measured}
	FPMPreloadUserUnknown = &Signature{"fpm-preload-user-unknown", Log{FPM, "", RefusePreloadAccount,
		`Fatal Error Preloading failed to getpwnam("nginx")`}, Refused, 0, Measured}
	FPMLockFileUnusable = &Signature{"fpm-lock-file-unusable", Log{FPM, "", RefuseLock,
		`Fatal Error Unable to create lock file: No such file or directory (2)`}, Refused, 0, Measured}
	FPMFileCacheMissing = &Signature{"fpm-file-cache-missing", Log{FPM, "", RefuseCacheOnly,
		`Fatal Error opcache.file_cache_only is set without a proper setting of opcache.file_cache`}, Refused, 0, Measured}
	FPMInternedStrings = &Signature{"fpm-interned-strings", Log{FPM, "", RefuseInterned,
		`Fatal Error Insufficient shared memory for interned strings buffer! (tried to allocate 67109072 bytes)`}, Refused, 0, Measured}
	// The others.
	FPMOpcacheFatal = &Signature{"fpm-opcache-fatal", Log{FPM, `\(\d+\): Fatal Error `, "",
		`Sun Nov 22 09:44:56 2026 (1234): Fatal Error Unable to allocate shared memory segment of 134217728 bytes`}, Refused, 0, Documented}
	FPMBrowscapUnreadable = &Signature{"fpm-browscap-unreadable", Log{FPM, `Warning(?:</b>)?:  Cannot open "(?P<path>[^"]*)" for reading`, "",
		`<b>Warning</b>:  Cannot open "/etc/php/browscap.ini" for reading in <b>Unknown</b> on line <b>0</b><br />`}, Refused, 0, Measured}
	FPMFFIHeaderMissing = &Signature{"fpm-ffi-header-missing", Log{FPM, `Warning(?:</b>)?:  FFI: failed pre-loading '(?P<path>[^']*)'`, "",
		`PHP Warning:  FFI: failed pre-loading '/srv/app.h', file doesn't exist in Unknown on line 0`}, Refused, 0, Measured}
	FPMNotInitialized = &Signature{"fpm-not-initialized", Log{FPM, "", RefuseSilently,
		`ERROR: FPM initialization failed`}, Refused, 0, Measured}
	FPMRefused = &Signature{"fpm-refused", Log{FPM, `ERROR: failed to (?:load|post process)`, "",
		`ERROR: failed to post process the configuration`}, Refused, 0, Measured}
)

var fpmRefuses = []*Signature{
	FPMEventMechanismUnknown, FPMLogLimitInvalid, FPMProcessMaxInvalid, FPMNoPool, FPMPortInvalid, FPMHostUnknown,
	FPMAddressInUse, FPMSocketDenied, FPMSocketNotCreated, FPMCannotBind, FPMAlreadyListening, FPMAccessLogUnusable,
	FPMSlowlogUnusable, FPMErrorLogUnusable, FPMPIDFileUnusable, FPMPreloadUserMissing, FPMPreloadUserUnknown,
	FPMLockFileUnusable, FPMFileCacheMissing, FPMInternedStrings, FPMOpcacheFatal, FPMBrowscapUnreadable,
	FPMFFIHeaderMissing, FPMNotInitialized, FPMRefused,
}
