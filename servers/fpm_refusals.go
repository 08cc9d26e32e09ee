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
	RefusePreload        FPMRefusal = "PHP Fatal error:  Failed opening required '%s'"
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

// ReadOnly returns the line about a file that PHP-FPM may not create, since nobody may.
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
	{`\[%s:%d\]`, `\[[^\]]+:\d+\]`},
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
