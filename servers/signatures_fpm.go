package servers

// What a PHP-FPM writes that runs (php-src sapi/fpm/fpm/fpm_children.c, fpm_request.c,
// fpm_process_ctl.c, fpm_main.c of 8.2; Measured on PHP-FPM 8.2).
var (
	FPMTerminating = &Signature{"fpm-terminating", Log{FPM, `\[pool (?P<pool>[^\]]+)\] child (?P<pid>\d+), script '(?P<script>[^']*)' \(request: "(?P<request>[^"]*)"\) execution timed out \((?P<seconds>[0-9.]+) sec\), terminating`, "",
		`WARNING: [pool www] child 1234, script '/var/www/blog/index.php' (request: "GET /index.php") execution timed out (30.302653 sec), terminating`}, Terminating, 0, Measured}
	FPMSlow = &Signature{"fpm-slow", Log{FPM, `\[pool (?P<pool>[^\]]+)\] child (?P<pid>\d+), script '(?P<script>[^']*)' \(request: "(?P<request>[^"]*)"\) executing too slow \((?P<seconds>[0-9.]+) sec\), logging`, "",
		`WARNING: [pool www] child 1234, script '/var/www/blog/index.php' (request: "GET /index.php") executing too slow (5.100000 sec), logging`}, Slow, 0, Measured}
	FPMChildSignal = &Signature{"fpm-child-signal", Log{FPM, `(?:\[pool (?P<pool>[^\]]+)\] )?child (?:(?P<pid>\d+) |\S+ )?exited on signal (?P<signal>\d+)(?: \((?P<word>[A-Z0-9]*)(?: - core dumped)?\))?(?: after (?P<seconds>[0-9.]+) seconds)?`, "",
		`WARNING: [pool www] child 1234 exited on signal 11 (SIGSEGV) after 15.112240 seconds from start`}, ChildSignal, 0, Measured}
	FPMChildExited = &Signature{"fpm-child-exited", Log{FPM, `\[pool (?P<pool>[^\]]+)\] child (?P<pid>\d+) exited with code (?P<code>\d+)(?: after (?P<seconds>[0-9.]+) seconds)?`, "",
		`NOTICE: [pool www] child 1234 exited with code 0 after 15.112240 seconds from start`}, ChildExited, 0, Measured}
	FPMMaxChildren = &Signature{"fpm-max-children", Log{FPM, `\[pool (?P<pool>[^\]]+)\] server reached (?:pm\.)?max_children setting \((?P<number>\d+)\), consider raising it`, "",
		`WARNING: [pool www] server reached pm.max_children setting (5), consider raising it`}, MaxChildren, 504, Measured}
	FPMProcessMax = &Signature{"fpm-process-max", Log{FPM, `The maximum number of processes has been reached\.`, "",
		`WARNING: The maximum number of processes has been reached. Please review your configuration and consider raising 'process.max'`}, MaxChildren, 504, Measured}
	FPMEmergencyRestart = &Signature{"fpm-emergency-restart", Log{FPM, `failed processes threshold \(\d+ in \d+ sec\) is reached, initiating reload`, "",
		`WARNING: failed processes threshold (10 in 60 sec) is reached, initiating reload`}, EmergencyRestart, 0, Measured}
	FPMClientDropped = &Signature{"fpm-client-dropped", Log{FPM, `Connection disallowed: IP address '(?P<addr>[^']+)' has been dropped`, "",
		`WARNING: [pool www] child 1234 said into stderr: "ERROR: Connection disallowed: IP address '127.0.0.1' has been dropped."`}, ClientDropped, 0, Measured}
	FPMClientWrong = &Signature{"fpm-client-wrong", Log{FPM, `Wrong IP address '[^']*' in listen\.allowed_clients`, "",
		`WARNING: [pool www] child 1234 said into stderr: "ERROR: Wrong IP address 'localhost' in listen.allowed_clients"`}, ClientDropped, 0, Measured}
	FPMNoClients = &Signature{"fpm-no-clients", Log{FPM, `There are no allowed addresses`, "",
		`WARNING: [pool www] child 1234 said into stderr: "ERROR: There are no allowed addresses"`}, ClientDropped, 0, Measured}
	// PHP writes it itself, to its error_log.
	PHPLogFatal = &Signature{"php-log-fatal", Log{FPM, `^PHP (?:Fatal|Parse) error: `, "",
		`PHP Fatal error:  Uncaught Error: Call to undefined function blog_head() in /var/www/blog/index.php:3`}, PHPFatal, 500, Documented}
	// Only a failure at the start names no script.
	FPMPreloadFailed = &Signature{"fpm-preload-failed", Log{FPM, `PHP Fatal error:  Failed opening required '(?P<path>[^']*)'(?: \(include_path='[^']*'\))?(?: in U[a-z ]*0?)?$`, "",
		`NOTICE: PHP message: PHP Fatal error:  Failed opening required '/var/www/blog/preload.php' (include_path='.:/usr/share/php') in Unknown on line 0`}, Refused, 0, Measured}
	FPMPHPFatal = &Signature{"fpm-php-fatal", Log{FPM, `PHP message: PHP (?:Fatal|Parse) error: `, "",
		`WARNING: [pool www] child 1234 said into stderr: "NOTICE: PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/blog/index.php on line 3"`}, PHPFatal, 500, Measured}
	FPMScriptUnknown = &Signature{"fpm-script-unknown", Log{FPM, `Primary script unknown`, "",
		`WARNING: [pool www] child 1234 said into stderr: "ERROR: Primary script unknown"`}, ScriptUnknown, 404, Documented}
	// The memory manager of PHP, or glibc (malloc/malloc.c), ends the process.
	FPMChildCorrupted = &Signature{"fpm-child-corrupted", Log{FPM, `child (?P<pid>\d+) said into stderr: "(?:zend_mm_heap corrupted|(?:\*\*\* Error in .*|double free or corruption|(?:free|malloc|realloc|munmap_chunk|corrupted size)[^"]*(?:invalid|corrupted)))`, "",
		`WARNING: [pool www] child 1234 said into stderr: "zend_mm_heap corrupted"`}, ChildCorrupted, 0, Documented}
	FPMSaid = &Signature{"fpm-said", Log{FPM, `child (?P<pid>\d+) said into std(?:err|out): `, "",
		`WARNING: [pool www] child 1234 said into stderr: "NOTICE: PHP message: hello"`}, NoSign, 0, Measured}
	FPMReloading = &Signature{"fpm-reloading", Log{FPM, `Reloading in progress \.\.\.|reloading: execvp\(`, "",
		`NOTICE: Reloading in progress ...`}, Reloading, 0, Measured}
	FPMInherited = &Signature{"fpm-inherited", Log{FPM, `using inherited socket fd=\d+, "(?P<addr>[^"]+)"`, "",
		`NOTICE: using inherited socket fd=8, "/run/php/php8.3-fpm.sock"`}, Reloading, 0, Measured}
	FPMStopping = &Signature{"fpm-stopping", Log{FPM, `(?:Terminating|Finishing) \.\.\.`, "",
		`NOTICE: Terminating ...`}, Stopping, 0, Measured}
	FPMStopped = &Signature{"fpm-stopped", Log{FPM, `exiting, bye-bye!`, "",
		`NOTICE: exiting, bye-bye!`}, Stopped, 0, Measured}
	FPMRunning = &Signature{"fpm-running", Log{FPM, `fpm is running, pid (?P<pid>\d+)`, "",
		`NOTICE: fpm is running, pid 1234`}, Ready, 0, Measured}
	FPMReady = &Signature{"fpm-ready", Log{FPM, `ready to handle connections`, "",
		`NOTICE: ready to handle connections`}, Ready, 0, Measured}
	FPMChildStarted = &Signature{"fpm-child-started", Log{FPM, `\[pool (?P<pool>[^\]]+)\] child (?P<pid>\d+) started`, "",
		`NOTICE: [pool www] child 1234 started`}, NoSign, 0, Measured}
	FPMOwnerIgnored = &Signature{"fpm-owner-ignored", Log{FPM, `\[pool (?P<pool>[^\]]+)\] ACL set, listen\.(?:owner|group) = '[^']*' is ignored`, "",
		`WARNING: [pool www] ACL set, listen.owner = 'www-data' is ignored`}, NoSign, 0, Measured}
)

var fpmRuns = []*Signature{
	FPMTerminating, FPMSlow, FPMChildSignal, FPMChildExited, FPMMaxChildren, FPMProcessMax, FPMEmergencyRestart,
	FPMClientDropped, FPMClientWrong, FPMNoClients, PHPLogFatal, FPMPreloadFailed, FPMPHPFatal, FPMScriptUnknown,
	FPMChildCorrupted, FPMSaid, FPMReloading, FPMInherited, FPMStopping, FPMStopped, FPMRunning, FPMReady, FPMChildStarted,
	FPMOwnerIgnored,
}
