package servers

// FPMDirectives are the directives of PHP-FPM 8.2 in the order of its own table
// (php-src sapi/fpm/fpm/fpm_conf.c; 7.4 and 8.4 compared), and what its array
// parser takes. Since names what is younger than PHP 5.3.
var FPMDirectives = [...]FPMDirective{
	{Name: "emergency_restart_threshold", Scope: FPMGlobal, Kind: FPMInt, Default: "0"},
	{Name: "emergency_restart_interval", Scope: FPMGlobal, Kind: FPMTime, Default: "0"},
	{Name: "process_control_timeout", Scope: FPMGlobal, Kind: FPMTime, Default: "0"},
	{Name: "process.max", Scope: FPMGlobal, Kind: FPMInt, Default: "0", Since: "5.4"},
	{Name: "process.priority", Scope: FPMGlobal | FPMPool, Kind: FPMInt, Since: "5.4"},
	{Name: "daemonize", Scope: FPMGlobal, Kind: FPMBool, Default: "yes"},
	{Name: "rlimit_files", Scope: FPMGlobal | FPMPool, Kind: FPMInt},
	{Name: "rlimit_core", Scope: FPMGlobal | FPMPool, Kind: FPMCore, Default: "0"},
	{Name: "events.mechanism", Scope: FPMGlobal, Since: "5.4"},
	{Name: "systemd_interval", Scope: FPMGlobal, Kind: FPMTime, Default: "10", Since: "5.4", Build: BuildSystemd},
	{Name: "pid", Scope: FPMGlobal},
	{Name: "error_log", Scope: FPMGlobal, Default: "log/php-fpm.log"},
	{Name: "syslog.facility", Scope: FPMGlobal, Kind: FPMFacility, Default: "daemon", Since: "5.4"},
	{Name: "syslog.ident", Scope: FPMGlobal, Default: "php-fpm", Since: "5.4"},
	{Name: "log_level", Scope: FPMGlobal, Kind: FPMLevel, Default: "notice"},
	{Name: "log_limit", Scope: FPMGlobal, Kind: FPMInt, Default: "1024", Since: "7.3"},
	{Name: "log_buffering", Scope: FPMGlobal, Kind: FPMBool, Default: "yes", Since: "7.3"},

	{Name: "prefix", Scope: FPMPool},
	{Name: "user", Scope: FPMPool},
	{Name: "group", Scope: FPMPool},
	{Name: "listen", Scope: FPMPool},
	{Name: "listen.backlog", Scope: FPMPool, Kind: FPMInt, Default: "-1"},
	{Name: "listen.acl_users", Scope: FPMPool, Since: "5.6", Build: BuildACL},
	{Name: "listen.acl_groups", Scope: FPMPool, Since: "5.6", Build: BuildACL},
	{Name: "listen.owner", Scope: FPMPool},
	{Name: "listen.group", Scope: FPMPool},
	{Name: "listen.mode", Scope: FPMPool, Default: "0660"},
	{Name: "listen.allowed_clients", Scope: FPMPool},
	{Name: "listen.setfib", Scope: FPMPool, Kind: FPMInt, Default: "-1", Since: "8.2", Build: BuildFreeBSD},
	{Name: "process.dumpable", Scope: FPMPool, Kind: FPMBool, Default: "no", Since: "7.1"},
	{Name: "pm", Scope: FPMPool, Kind: FPMManager},
	{Name: "pm.max_children", Scope: FPMPool, Kind: FPMInt},
	{Name: "pm.start_servers", Scope: FPMPool, Kind: FPMInt},
	{Name: "pm.min_spare_servers", Scope: FPMPool, Kind: FPMInt},
	{Name: "pm.max_spare_servers", Scope: FPMPool, Kind: FPMInt},
	{Name: "pm.max_spawn_rate", Scope: FPMPool, Kind: FPMInt, Default: "32", Since: "8.1"},
	{Name: "pm.process_idle_timeout", Scope: FPMPool, Kind: FPMTime, Default: "10s"},
	{Name: "pm.max_requests", Scope: FPMPool, Kind: FPMInt, Default: "0"},
	{Name: "pm.status_path", Scope: FPMPool},
	{Name: "pm.status_listen", Scope: FPMPool, Since: "8.0"},
	{Name: "ping.path", Scope: FPMPool},
	{Name: "ping.response", Scope: FPMPool, Default: "pong"},
	{Name: "access.log", Scope: FPMPool},
	{Name: "access.format", Scope: FPMPool, Default: `%R - %u %t "%m %r" %s`},
	{Name: "slowlog", Scope: FPMPool},
	{Name: "request_slowlog_timeout", Scope: FPMPool, Kind: FPMTime, Default: "0"},
	{Name: "request_slowlog_trace_depth", Scope: FPMPool, Kind: FPMInt, Default: "20", Since: "7.2"},
	{Name: "request_terminate_timeout", Scope: FPMPool, Kind: FPMTime, Default: "0"},
	{Name: "request_terminate_timeout_track_finished", Scope: FPMPool, Kind: FPMBool, Default: "no", Since: "7.3"},
	{Name: "chroot", Scope: FPMPool},
	{Name: "chdir", Scope: FPMPool},
	{Name: "catch_workers_output", Scope: FPMPool, Kind: FPMBool, Default: "no"},
	{Name: "decorate_workers_output", Scope: FPMPool, Kind: FPMBool, Default: "yes", Since: "7.3"},
	{Name: "clear_env", Scope: FPMPool, Kind: FPMBool, Default: "yes"},
	{Name: "security.limit_extensions", Scope: FPMPool, Default: ".php .phar"},
	{Name: "apparmor_hat", Scope: FPMPool, Since: "5.6", Build: BuildAppArmor},

	{Name: "env", Scope: FPMPool, Kind: FPMArray},
	{Name: "php_value", Scope: FPMPool, Kind: FPMArray},
	{Name: "php_admin_value", Scope: FPMPool, Kind: FPMArray},
	{Name: "php_flag", Scope: FPMPool, Kind: FPMFlags},
	{Name: "php_admin_flag", Scope: FPMPool, Kind: FPMFlags},
	{Name: "access.suppress_path", Scope: FPMPool, Kind: FPMPaths, Since: "8.2"},
}

// FPMManagers are the values of pm, and FPMLevels and FPMFacilities those of
// log_level and syslog.facility. Case does not matter.
var (
	FPMManagers   = []string{"static", "dynamic", "ondemand"}
	FPMLevels     = []string{"debug", "notice", "warning", "warn", "error", "alert"}
	FPMFacilities = []string{
		"auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user", "uucp",
		"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
	}
)

// FPMMechanisms are the values of events.mechanism, each with whether Linux has
// it (php-src sapi/fpm/fpm/fpm_events.c, fpm_event_pre_init).
var FPMMechanisms = map[string]bool{
	"epoll": true, "poll": true, "select": true,
	"kqueue": false, "port": false, "/dev/poll": false,
}
