package servers

// FPMKey is a directive of PHP-FPM, known by its place in FPMDirectives: 0 for a name
// that it does not have.
type FPMKey uint8

// The directives of PHP-FPM.
const (
	KeyEmergencyRestartThreshold FPMKey = iota + 1
	KeyEmergencyRestartInterval
	KeyProcessControlTimeout
	KeyProcessMax
	KeyProcessPriority
	KeyDaemonize
	KeyRlimitFiles
	KeyRlimitCore
	KeyEventsMechanism
	KeySystemdInterval
	KeyPID
	KeyErrorLog
	KeySyslogFacility
	KeySyslogIdent
	KeyLogLevel
	KeyLogLimit
	KeyLogBuffering
	KeyPrefix
	KeyUser
	KeyGroup
	KeyListen
	KeyListenBacklog
	KeyListenACLUsers
	KeyListenACLGroups
	KeyListenOwner
	KeyListenGroup
	KeyListenMode
	KeyListenAllowedClients
	KeyListenSetfib
	KeyProcessDumpable
	KeyPM
	KeyPMMaxChildren
	KeyPMStartServers
	KeyPMMinSpareServers
	KeyPMMaxSpareServers
	KeyPMMaxSpawnRate
	KeyPMProcessIdleTimeout
	KeyPMMaxRequests
	KeyPMStatusPath
	KeyPMStatusListen
	KeyPingPath
	KeyPingResponse
	KeyAccessLog
	KeyAccessFormat
	KeySlowlog
	KeyRequestSlowlogTimeout
	KeyRequestSlowlogTraceDepth
	KeyRequestTerminateTimeout
	KeyRequestTerminateTimeoutTrackFinished
	KeyChroot
	KeyChdir
	KeyCatchWorkersOutput
	KeyDecorateWorkersOutput
	KeyClearEnv
	KeySecurityLimitExtensions
	KeyApparmorHat
	KeyEnv
	KeyPHPValue
	KeyPHPAdminValue
	KeyPHPFlag
	KeyPHPAdminFlag
	KeyAccessSuppressPath
)
