package servers

// FPMDirectives are the directives of PHP-FPM 8.2 in the order of its own table
// (php-src sapi/fpm/fpm/fpm_conf.c; 7.4 and 8.4 compared), and what its array
// parser accepts, each at its key; there is none at 0. Since is set for what is
// newer than PHP 5.3.
var FPMDirectives = [...]FPMDirective{
	KeyEmergencyRestartThreshold: {Name: "emergency_restart_threshold", Scope: FPMGlobal, Kind: FPMInt, Default: "0"},
	KeyEmergencyRestartInterval:  {Name: "emergency_restart_interval", Scope: FPMGlobal, Kind: FPMTime, Default: "0"},
	KeyProcessControlTimeout:     {Name: "process_control_timeout", Scope: FPMGlobal, Kind: FPMTime, Default: "0"},
	KeyProcessMax:                {Name: "process.max", Scope: FPMGlobal, Kind: FPMInt, Default: "0", Since: "5.4"},
	KeyProcessPriority:           {Name: "process.priority", Scope: FPMGlobal | FPMPool, Kind: FPMInt, Since: "5.4"},
	KeyDaemonize:                 {Name: "daemonize", Scope: FPMGlobal, Kind: FPMBool, Default: "yes"},
	KeyRlimitFiles:               {Name: "rlimit_files", Scope: FPMGlobal | FPMPool, Kind: FPMInt},
	KeyRlimitCore:                {Name: "rlimit_core", Scope: FPMGlobal | FPMPool, Kind: FPMCore, Default: "0"},
	KeyEventsMechanism:           {Name: "events.mechanism", Scope: FPMGlobal, Since: "5.4"},
	KeySystemdInterval:           {Name: "systemd_interval", Scope: FPMGlobal, Kind: FPMTime, Default: "10", Since: "5.4", Build: BuildSystemd},
	KeyPID:                       {Name: "pid", Scope: FPMGlobal},
	KeyErrorLog:                  {Name: "error_log", Scope: FPMGlobal, Default: "log/php-fpm.log"},
	KeySyslogFacility:            {Name: "syslog.facility", Scope: FPMGlobal, Kind: FPMFacility, Default: "daemon", Since: "5.4"},
	KeySyslogIdent:               {Name: "syslog.ident", Scope: FPMGlobal, Default: "php-fpm", Since: "5.4"},
	KeyLogLevel:                  {Name: "log_level", Scope: FPMGlobal, Kind: FPMLevel, Default: "notice"},
	KeyLogLimit:                  {Name: "log_limit", Scope: FPMGlobal, Kind: FPMInt, Default: "1024", Since: "7.3"},
	KeyLogBuffering:              {Name: "log_buffering", Scope: FPMGlobal, Kind: FPMBool, Default: "yes", Since: "7.3"},

	KeyPrefix:                               {Name: "prefix", Scope: FPMPool},
	KeyUser:                                 {Name: "user", Scope: FPMPool},
	KeyGroup:                                {Name: "group", Scope: FPMPool},
	KeyListen:                               {Name: "listen", Scope: FPMPool},
	KeyListenBacklog:                        {Name: "listen.backlog", Scope: FPMPool, Kind: FPMInt, Default: "-1"},
	KeyListenACLUsers:                       {Name: "listen.acl_users", Scope: FPMPool, Since: "5.6", Build: BuildACL},
	KeyListenACLGroups:                      {Name: "listen.acl_groups", Scope: FPMPool, Since: "5.6", Build: BuildACL},
	KeyListenOwner:                          {Name: "listen.owner", Scope: FPMPool},
	KeyListenGroup:                          {Name: "listen.group", Scope: FPMPool},
	KeyListenMode:                           {Name: "listen.mode", Scope: FPMPool, Default: "0660"},
	KeyListenAllowedClients:                 {Name: "listen.allowed_clients", Scope: FPMPool},
	KeyListenSetfib:                         {Name: "listen.setfib", Scope: FPMPool, Kind: FPMInt, Default: "-1", Since: "8.2", Build: BuildFreeBSD},
	KeyProcessDumpable:                      {Name: "process.dumpable", Scope: FPMPool, Kind: FPMBool, Default: "no", Since: "7.1"},
	KeyPM:                                   {Name: "pm", Scope: FPMPool, Kind: FPMManager},
	KeyPMMaxChildren:                        {Name: "pm.max_children", Scope: FPMPool, Kind: FPMInt},
	KeyPMStartServers:                       {Name: "pm.start_servers", Scope: FPMPool, Kind: FPMInt},
	KeyPMMinSpareServers:                    {Name: "pm.min_spare_servers", Scope: FPMPool, Kind: FPMInt},
	KeyPMMaxSpareServers:                    {Name: "pm.max_spare_servers", Scope: FPMPool, Kind: FPMInt},
	KeyPMMaxSpawnRate:                       {Name: "pm.max_spawn_rate", Scope: FPMPool, Kind: FPMInt, Default: "32", Since: "8.1"},
	KeyPMProcessIdleTimeout:                 {Name: "pm.process_idle_timeout", Scope: FPMPool, Kind: FPMTime, Default: "10s"},
	KeyPMMaxRequests:                        {Name: "pm.max_requests", Scope: FPMPool, Kind: FPMInt, Default: "0"},
	KeyPMStatusPath:                         {Name: "pm.status_path", Scope: FPMPool},
	KeyPMStatusListen:                       {Name: "pm.status_listen", Scope: FPMPool, Since: "8.0"},
	KeyPingPath:                             {Name: "ping.path", Scope: FPMPool},
	KeyPingResponse:                         {Name: "ping.response", Scope: FPMPool, Default: "pong"},
	KeyAccessLog:                            {Name: "access.log", Scope: FPMPool},
	KeyAccessFormat:                         {Name: "access.format", Scope: FPMPool, Default: `%R - %u %t "%m %r" %s`},
	KeySlowlog:                              {Name: "slowlog", Scope: FPMPool},
	KeyRequestSlowlogTimeout:                {Name: "request_slowlog_timeout", Scope: FPMPool, Kind: FPMTime, Default: "0"},
	KeyRequestSlowlogTraceDepth:             {Name: "request_slowlog_trace_depth", Scope: FPMPool, Kind: FPMInt, Default: "20", Since: "7.2"},
	KeyRequestTerminateTimeout:              {Name: "request_terminate_timeout", Scope: FPMPool, Kind: FPMTime, Default: "0"},
	KeyRequestTerminateTimeoutTrackFinished: {Name: "request_terminate_timeout_track_finished", Scope: FPMPool, Kind: FPMBool, Default: "no", Since: "7.3"},
	KeyChroot:                               {Name: "chroot", Scope: FPMPool},
	KeyChdir:                                {Name: "chdir", Scope: FPMPool},
	KeyCatchWorkersOutput:                   {Name: "catch_workers_output", Scope: FPMPool, Kind: FPMBool, Default: "no"},
	KeyDecorateWorkersOutput:                {Name: "decorate_workers_output", Scope: FPMPool, Kind: FPMBool, Default: "yes", Since: "7.3"},
	KeyClearEnv:                             {Name: "clear_env", Scope: FPMPool, Kind: FPMBool, Default: "yes"},
	KeySecurityLimitExtensions:              {Name: "security.limit_extensions", Scope: FPMPool, Default: ".php .phar"},
	KeyApparmorHat:                          {Name: "apparmor_hat", Scope: FPMPool, Since: "5.6", Build: BuildAppArmor},

	KeyEnv:                {Name: "env", Scope: FPMPool, Kind: FPMArray},
	KeyPHPValue:           {Name: "php_value", Scope: FPMPool, Kind: FPMArray},
	KeyPHPAdminValue:      {Name: "php_admin_value", Scope: FPMPool, Kind: FPMArray},
	KeyPHPFlag:            {Name: "php_flag", Scope: FPMPool, Kind: FPMFlags},
	KeyPHPAdminFlag:       {Name: "php_admin_flag", Scope: FPMPool, Kind: FPMFlags},
	KeyAccessSuppressPath: {Name: "access.suppress_path", Scope: FPMPool, Kind: FPMPaths, Since: "8.2"},
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
