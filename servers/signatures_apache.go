package servers

// ofApacheClient is what Apache writes about the client of a request between the error of the
// system and its message (server/log.c, do_errorlog_default).
const ofApacheClient = `(?:\[[^\]]*\] )?`

// What Apache writes when it cannot connect (modules/proxy/proxy_util.c of 2.4; Measured on
// Apache 2.4.71). The name in parentheses has a port since 2.4.56. Apache 2.2 writes "proxy" in place
// of the number of a message. Apache answers 503 for a dead pool.
var (
	ApacheConnectNoSocket = &Signature{"apache-connect-no-socket", Log{Apache, `\(2\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>.+?) \(`, "",
		`(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectNoSocket, 503, Measured}
	ApacheConnectDenied = &Signature{"apache-connect-denied", Log{Apache, `\(13\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>.+?) \(`, "",
		`(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectDenied, 503, Measured}
	// Not seen: connect() to a full queue blocks (measured on Apache 2.4).
	ApacheConnectQueueFull = &Signature{"apache-connect-queue-full", Log{Apache, `\(11\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>.+?) \(`, "",
		`(11)Resource temporarily unavailable: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectQueueFull, 503, Documented}
	ApacheConnectStaleSocket = &Signature{"apache-connect-stale-socket", Log{Apache, `\((?:111|61)\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>.+?) \(`, "",
		`(111)Connection refused: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectRefused, 503, Measured}
	// The path is too long (22), or is one of another kind of file or socket.
	ApacheConnectFailed = &Signature{"apache-connect-failed", Log{Apache, `AH02454: \S+ attempt to connect to Unix domain socket (?P<path>.+?) \(`, "",
		`(22)Invalid argument: AH02454: FCGI: attempt to connect to Unix domain socket /srv/php/a.sock (localhost:8000) failed`}, ConnectNoSocket, 503, Measured}
	// Not seen: it takes a machine with SELinux.
	ApacheConnectTCPDenied = &Signature{"apache-connect-tcp-denied", Log{Apache, `\(13\)[^:]*: (?:AH00957|proxy): \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(13)Permission denied: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (localhost:9000) failed`}, ConnectDenied, 503, Documented}
	ApacheConnectRefused = &Signature{"apache-connect-refused", Log{Apache, `\((?:111|61|OS 10061)\)[^:]*: (?:AH00957|proxy): \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(111)Connection refused: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (localhost:9000) failed`}, ConnectRefused, 503, Measured}
	// The queue of the port is full, or a firewall drops what is sent there.
	ApacheConnectTimedOut = &Signature{"apache-connect-timed-out", Log{Apache, `\((?:70007|110|60|OS 10060)\)[^:]*: (?:AH00957|proxy): \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(70007)The timeout specified has expired: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (127.0.0.1:9000) failed`}, ConnectUnreachable, 503, Measured}
	ApacheConnectUnreachable = &Signature{"apache-connect-unreachable", Log{Apache, `\((?:101|113|51|65)\)[^:]*: (?:AH00957|proxy): \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(113)No route to host: AH00957: FCGI: attempt to connect to 10.0.0.5:9000 (10.0.0.5:9000) failed`}, ConnectUnreachable, 503, Measured}
	// An ErrorLogFormat without %E leaves the error out, which is nearly always that nothing listens.
	ApacheConnectTCPFailed = &Signature{"apache-connect-tcp-failed", Log{Apache, `(?:AH00957|proxy): \S+ attempt to connect to (?P<addr>\S+) `, "",
		`AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (localhost:9000) failed`}, ConnectRefused, 503, Measured}
	ApacheNoFiles = &Signature{"apache-no-files", Log{Apache, `AH00952: \S+ error creating fam \d+ socket `, "",
		`(24)Too many open files: AH00952: FCGI: error creating fam 2 socket to 127.0.0.1:9000 for (127.0.0.1:9000)`}, FilesExhausted, 503, Measured}
	ApacheNotConnected = &Signature{"apache-not-connected", Log{Apache, `(?:AH0(?:1079|1114|0896)|proxy): (?:\S+: )?failed to make connection to backend: (?P<name>[^\s,]+)`, "",
		`AH01079: failed to make connection to backend: localhost`}, BackendFailed, 503, Measured}
	ApacheNameNotResolved = &Signature{"apache-name-not-resolved", Log{Apache, `(?:AH00898|proxy): DNS lookup failure for: (?P<name>\S+) returned by `, "",
		`(EAI 2)Name or service not known: [client 127.0.0.1:43105] AH00898: DNS lookup failure for: php returned by /index.php`}, NameNotResolved, 500, Measured} // 502 before 2.4.59
	ApacheWorkerDisabled = &Signature{"apache-worker-disabled", Log{Apache, `(?:AH00940|proxy): \S+ disabled connection for \((?P<addr>[^)]*)\)`, "",
		`AH00940: FCGI: disabled connection for (127.0.0.1:9000)`}, NoLiveUpstreams, 503, Measured}
	ApacheAllDisabled = &Signature{"apache-all-disabled", Log{Apache, `AH011(?:70|67): (?P<addr>balancer://\S+): All workers are in error state`, "",
		`AH01170: balancer://php: All workers are in error state`}, NoLiveUpstreams, 503, Measured}
	ApacheDisablesWorker = &Signature{"apache-disables-worker", Log{Apache, `ap_proxy_connect_backend disabling worker for \((?P<addr>[^)]*)\)(?: for (?P<seconds>\d+)s)?`, "",
		`ap_proxy_connect_backend disabling worker for (127.0.0.1:9001) for 60s`}, PeerDisabled, 0, Measured}
	ApacheNoConnection = &Signature{"apache-no-connection", Log{Apache, `AH00941: \S+ failed to acquire connection for \((?P<addr>[^)]*)\)`, "",
		`(70007)The timeout specified has expired: AH00941: FCGI: failed to acquire connection for (127.0.0.1:9000)`}, NoConnection, 503, Measured}
	ApacheNoHandler = &Signature{"apache-no-handler", Log{Apache, `AH01144: No protocol handler was valid for the URL \S+(?: \(scheme '(?P<word>[^']*)'\))?`, "",
		`AH01144: No protocol handler was valid for the URL /index.php (scheme 'fcgi'). If you are using a DSO version of mod_proxy, make sure the proxy submodules are included in the configuration using LoadModule.`}, NoHandler, 500, Measured}
	ApacheAddressInvalid = &Signature{"apache-address-invalid", Log{Apache, `AH10292: Invalid proxy UDS filename \(|AH01059: error parsing URL `, "",
		`AH10292: Invalid proxy UDS filename (proxy:unix://run/php/php8.3-fpm.sock|fcgi://localhost/var/www/blog/index.php)`}, AddressMisread, 400, Measured}
)

// What Apache writes about an answer (modules/proxy/mod_proxy_fcgi.c, mod_proxy_http.c,
// mod_proxy_scgi.c, server/util_script.c of 2.4; Measured on Apache 2.4.71).
var (
	ApacheAnswerTimedOut = &Signature{"apache-answer-timed-out", Log{Apache, `\(70007\)[^:]*: ` + ofApacheClient + `AH(?:01075|01102|01110|01030|01097)|AH01075: Error dispatching request to :\S* ?\(polling\)`, "",
		`(70007)The timeout specified has expired: [client 127.0.0.1:43105] AH01075: Error dispatching request to : (polling)`}, TimedOut, 504, Measured}
	ApacheReset = &Signature{"apache-reset", Log{Apache, `AH01067: Failed to read (?:FastCGI|entire) header`, "",
		`AH01067: Failed to read FastCGI header`}, Reset, 503, Measured} // entire: 2.4.6
	ApacheAnswerRefused = &Signature{"apache-answer-refused", Log{Apache, `\((?:22|-102)\)[^:]*: ` + ofApacheClient + `AH01075: Error dispatching request to :(?P<port>\d*)`, "",
		`(22)Invalid argument: [client 127.0.0.1:43105] AH01075: Error dispatching request to : `}, BackendFailed, 500, Measured}
	ApacheDispatchFailed = &Signature{"apache-dispatch-failed", Log{Apache, `AH01075: Error dispatching request to :(?P<port>\d*)`, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01075: Error dispatching request to : `}, BackendFailed, 503, Measured}
	ApacheSendFailed = &Signature{"apache-send-failed", Log{Apache, `AH0107[34]: Failed [wW]riting (?:Environment|Request) to :(?P<port>\d*)`, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01074: Failed writing Environment to :8080:`}, SendFailed, 503, Measured}
	ApacheNotFastcgi = &Signature{"apache-not-fastcgi", Log{Apache, `AH010(?:68|69|72): Got bogus (?:version|rid|record) \d+`, "",
		`AH01068: Got bogus version 72`}, NotFastCGI, 503, Measured}
	ApacheNotSCGI = &Signature{"apache-not-scgi", Log{Apache, `AH00860: error reading response headers from (?P<addr>[^\s,]+)`, "",
		`AH00860: error reading response headers from 127.0.0.1:9000`}, NotFastCGI, 500, Measured}
	ApacheOriginClosed = &Signature{"apache-origin-closed", Log{Apache, `(?:AH01102|proxy): error reading status line from remote server (?P<addr>[^\s,]+)`, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01102: error reading status line from remote server 127.0.0.1:3000`}, Closed, 502, Measured}
	ApacheOriginError = &Signature{"apache-origin-error", Log{Apache, `(?:AH00898|proxy): Error reading from remote server returned by`, "",
		`AH00898: Error reading from remote server returned by /`}, BackendFailed, 502, Measured}
	ApacheTLSFailed = &Signature{"apache-tls-failed", Log{Apache, `AH00898: Error during SSL Handshake with remote server`, "",
		`AH00898: Error during SSL Handshake with remote server returned by /index.php`}, TLSFailed, 500, Measured}
	ApacheTLSNotSent = &Signature{"apache-tls-not-sent", Log{Apache, `\(20014\)[^:]*: ` + ofApacheClient + `AH01084: pass request body failed to (?P<addr>\S+)|AH01097: pass request body failed to `, "",
		`(20014)Internal error (specific information not available): [client 127.0.0.1:43105] AH01084: pass request body failed to 127.0.0.1:9000 (127.0.0.1)`}, BackendFailed, 500, Measured}
	// Not seen: it takes a request with a body, which the tests do not send.
	ApacheOriginNotSent = &Signature{"apache-origin-not-sent", Log{Apache, `AH01084: pass request body failed to (?P<addr>\S+)`, "",
		`(32)Broken pipe: [client 127.0.0.1:43105] AH01084: pass request body failed to 127.0.0.1:3000 (127.0.0.1)`}, SendFailed, 502, Documented}
	// Only with mod_proxy_fcgi is it a line of the header that is over 8189 bytes long.
	ApacheHeaderTooBig = &Signature{"apache-header-too-big", Log{Apache, `proxy_fcgi:error\] .*(?:End of script output before|Premature end of script) headers: |^Premature end of script headers: `, "",
		`[proxy_fcgi:error] [client 127.0.0.1:43105] End of script output before headers: index.php`}, HeaderTooBig, 500, Measured}
	ApacheSCGIHeader = &Signature{"apache-scgi-header", Log{Apache, `proxy_u?w?scgi:error\] .*End of script output before headers: `, "",
		`[proxy_scgi:error] [client 127.0.0.1:43105] End of script output before headers: index.php`}, BackendFailed, 500, Measured}
	ApacheHeaderBroken = &Signature{"apache-header-broken", Log{Apache, `(?:End of script output before|Premature end of script) headers: |malformed header from script '[^']*': |Invalid status line from script |AH02429: Response header name |AH02428: Empty response header name`, "",
		`[client 127.0.0.1:43105] malformed header from script 'index.php': Bad header: R`}, HeaderBroken, 500, Measured}
	ApacheHeaderUnread = &Signature{"apache-header-unread", Log{Apache, `AH01070: Error parsing script headers`, "",
		`AH01070: Error parsing script headers`}, BackendFailed, 500, Measured}
	ApacheScriptUnknown = &Signature{"apache-script-unknown", Log{Apache, `AH01071: Got error '(?:.*; )?(?:PHP message: )?Primary script unknown`, "",
		`AH01071: Got error 'Primary script unknown'`}, ScriptUnknown, 404, Measured}
	ApacheScriptDenied = &Signature{"apache-script-denied", Log{Apache, `AH01071: Got error '(?:.*; )?Access to the script '(?P<script>.*)' has been denied \(see security\.limit_extensions\)`, "",
		`AH01071: Got error 'Access to the script '/var/www/blog/x.phtml' has been denied (see security.limit_extensions)'`}, ScriptDenied, 403, Measured}
	ApachePHPFatal = &Signature{"apache-php-fatal", Log{Apache, `AH01071: Got error '.*PHP message: PHP (?:Fatal|Parse) error: `, "",
		`AH01071: Got error 'PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/blog/index.php on line 3'`}, PHPFatal, 500, Measured}
	// PHP as a module of Apache.
	ApacheModuleFatal = &Signature{"apache-module-fatal", Log{Apache, `\[client [^\]]*\] PHP (?:Fatal|Parse) error: `, "",
		`[client 127.0.0.1:43105] PHP Fatal error:  Uncaught Error: Call to undefined function blog_head() in /var/www/blog/index.php:3`}, PHPFatal, 500, Measured}
	ApacheHtaccessRefused = &Signature{"apache-htaccess-refused", Log{Apache, `\[client [^\]]*\] (?P<file>/\S*\.htaccess): `, "",
		`[client 127.0.0.1:43105] /var/www/blog/.htaccess: Invalid command 'php_value', perhaps misspelled or defined by a module not included in the server configuration`}, HtaccessRefused, 500, Measured}
	ApacheHtaccessUnread = &Signature{"apache-htaccess-unread", Log{Apache, `AH00529: (?P<file>\S+) pcfg_openfile: unable to check htaccess file`, "",
		`(13)Permission denied: [client 127.0.0.1:43105] AH00529: /var/www/blog/.htaccess pcfg_openfile: unable to check htaccess file, ensure it is readable and that '/var/www/blog/' is executable`}, HtaccessRefused, 403, Measured}
	ApacheVariableDropped = &Signature{"apache-variable-dropped", Log{Apache, `AH02536: couldn't encode envvar '(?P<name>[^']*)' in `, "",
		`AH02536: couldn't encode envvar 'HTTP_COOKIE' in 16384 bytes`}, NoSign, 0, Measured}
)

var apacheSignatures = []*Signature{
	ApacheConnectNoSocket, ApacheConnectDenied, ApacheConnectQueueFull, ApacheConnectStaleSocket, ApacheConnectFailed,
	ApacheConnectTCPDenied, ApacheConnectRefused, ApacheConnectTimedOut, ApacheConnectUnreachable, ApacheConnectTCPFailed, ApacheNoFiles, ApacheNotConnected,
	ApacheNameNotResolved, ApacheWorkerDisabled, ApacheAllDisabled, ApacheDisablesWorker, ApacheNoConnection,
	ApacheNoHandler, ApacheAddressInvalid,
	ApacheAnswerTimedOut, ApacheReset, ApacheAnswerRefused, ApacheDispatchFailed, ApacheSendFailed, ApacheNotFastcgi, ApacheNotSCGI,
	ApacheOriginClosed, ApacheOriginError, ApacheTLSFailed, ApacheTLSNotSent, ApacheOriginNotSent,
	ApacheHeaderTooBig, ApacheSCGIHeader, ApacheHeaderBroken, ApacheHeaderUnread, ApacheScriptUnknown, ApacheScriptDenied,
	ApachePHPFatal, ApacheModuleFatal, ApacheHtaccessRefused, ApacheHtaccessUnread, ApacheVariableDropped,
}

// atApacheLine is what Apache writes before the reason for which it refuses a line, if it is not in a
// line of its own.
const atApacheLine = `Syntax error on line (?P<line>\d+) of (?P<file>[^:]+): `

// What Apache writes about itself, and about files that it refuses (server/config.c, core.c,
// listen.c, log.c, main.c, mpm_unix.c, the MPMs and modules of 2.4; Measured on Apache 2.4.71). It
// writes no time before most of them. AH00526 names the line, and the next line says why.
var (
	ApacheIncludeMissing = &Signature{"apache-include-missing", Log{Apache, atApacheLine + `(?:Could not open configuration file|Include/IncludeOptional: |No matches for the wildcard) ?(?P<path>[^\s:]*)`, "",
		`Syntax error on line 24 of /etc/apache2/apache2.conf: Could not open configuration file /etc/apache2/php.conf: No such file or directory`}, WebRefused, 0, Measured}
	ApacheModuleNotLoaded = &Signature{"apache-module-not-loaded", Log{Apache, atApacheLine + `(?:Cannot load (?P<path>\S+) into server|API module structure|Can't locate API module|module \S+ is built-in)`, "",
		`Syntax error on line 16 of /etc/apache2/apache2.conf: Cannot load modules/mod_foo.so into server: /usr/lib/apache2/modules/mod_foo.so: cannot open shared object file: No such file or directory`}, WebRefused, 0, Measured}
	ApacheSyntaxError = &Signature{"apache-syntax-error", Log{Apache, atApacheLine, "",
		`Syntax error on line 24 of /etc/apache2/apache2.conf: Expected </IfModule> before end of configuration`}, WebRefused, 0, Measured}
	// The next line is one of the reasons below.
	ApacheErrorPlace = &Signature{"apache-error-place", Log{Apache, `Syntax error on line (?P<line>\d+) of (?P<file>[^:]+):$`, "",
		`AH00526: Syntax error on line 5 of /etc/apache2/sites-enabled/blog.conf:`}, WebRefused, 0, Measured}
	ApacheInvalidCommand = &Signature{"apache-invalid-command", Log{Apache, `(?:` + atApacheLine + `)?Invalid command '(?P<word>[^']*)', perhaps misspelled or defined by a module`, "",
		`Invalid command 'ProxyPassMatch', perhaps misspelled or defined by a module not included in the server configuration`}, WebRefused, 0, Measured}
	ApacheMisplaced = &Signature{"apache-misplaced", Log{Apache, `(?:^|` + atApacheLine + `)(?P<word><?[A-Z]\w+>?) (?:cannot occur within <|not allowed (?:here|in <))`, "",
		`Listen cannot occur within <VirtualHost> section`}, WebRefused, 0, Measured}
	ApacheArgumentCount = &Signature{"apache-argument-count", Log{Apache, `(?:^|` + atApacheLine + `)(?P<word><?[A-Z]\w+>?) (?:takes (?:no|one|two|three|one or two|two or three|one, two or three|one or three) arguments?|requires at least (?:one|two) arguments?|must be On or Off)`, "",
		`SetHandler takes one argument, a handler name that overrides any other configured handler`}, WebRefused, 0, Measured}
	// The reasons about values that are the most frequent ones, as hundreds of directives have their own.
	ApacheValueRefused = &Signature{"apache-value-refused", Log{Apache, `(?:^|` + atApacheLine + `)(?:Either all Options must start with |Illegal (?:override )?option |Can't parse expression : |Unknown Authz provider: |(?P<word>ProxyPass|ProxyPassMatch|ProxySet|<Proxy|BalancerMember) (?:Unable to parse URL|unknown \w+ parameter |URL must be absolute)|Rewrite(?:Rule|Cond): |Proxy Timeout must be |Port must be specified)`, "",
		`Either all Options must start with + or -, or no Option may.`}, WebRefused, 0, Measured}
	ApacheSocketPathTooLong = &Signature{"apache-socket-path-too-long", Log{Apache, `(?:^|` + atApacheLine + `)\S+ worker uds path \((?P<path>[^)]*)\) too long`, "",
		`ProxyPass worker uds path (/run/php/blog.sock) too long`}, WebRefused, 0, Measured}
	ApachePathMissing = &Signature{"apache-path-missing", Log{Apache, `(?:DocumentRoot|SSLCertificateFile: file|SSLCertificateKeyFile: file) '(?P<path>[^']+)' (?:is not a directory|does not exist)|AH0(?:2291|2297): Cannot access directory '|AH00(?:091: \S+ could not open error|649: could not open transfer) log file |AH00058: Error retrieving pid file |AH00099: could not create `, "",
		`DocumentRoot '/var/www/blgo' is not a directory, or is not readable`}, WebRefused, 0, Measured}
	ApacheNoMPM = &Signature{"apache-no-mpm", Log{Apache, `AH00534: .*(?:More than one|No) MPM loaded`, "",
		`AH00534: apache2: Configuration error: No MPM loaded.`}, WebRefused, 0, Measured}
	ApacheThreadedPHP = &Signature{"apache-threaded-php", Log{Apache, `Apache is running a threaded MPM, but your PHP Module is not compiled to be threadsafe`, "",
		`[php:crit] Apache is running a threaded MPM, but your PHP Module is not compiled to be threadsafe.  You need to recompile PHP.`}, WebRefused, 0, Measured}
	ApacheProviderMissing = &Signature{"apache-provider-missing", Log{Apache, `AH01177: Failed to lookup provider '(?P<word>[^']*)' for '`, "",
		`AH01177: Failed to lookup provider 'shm' for 'slotmem': is mod_slotmem_shm loaded??`}, WebRefused, 0, Measured}
	ApacheAddressInUse = &Signature{"apache-address-in-use", Log{Apache, `\((?:98|48)\)[^:]*: AH00072: make_sock: could not bind to address (?P<addr>\S+)`, "",
		`(98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:80`}, WebRefused, 0, Measured}
	ApacheAccountUnknown = &Signature{"apache-account-unknown", Log{Apache, `AH0054[34]: [^:]*: bad (?:user|group) name (?P<word>\S+)`, "",
		`AH00543: apache2: bad user name www`}, WebRefused, 0, Measured}
	ApacheNotBound = &Signature{"apache-not-bound", Log{Apache, `AH00072: make_sock: could not bind to address (?P<addr>\S+)`, "",
		`(99)Cannot assign requested address: AH00072: make_sock: could not bind to address 10.9.8.7:80`}, WebRefused, 0, Measured}
	ApacheListenTwice = &Signature{"apache-listen-twice", Log{Apache, `Cannot define multiple Listeners on the same IP:port`, "",
		`Cannot define multiple Listeners on the same IP:port`}, WebRefused, 0, Measured}
	ApacheNoListener = &Signature{"apache-no-listener", Log{Apache, `no listening sockets available, shutting down`, "",
		`no listening sockets available, shutting down`}, WebRefused, 0, Measured}
	ApacheTLSRefused = &Signature{"apache-tls-refused", Log{Apache, `AH02572: Failed to configure at least one certificate and key for |AH02565: Certificate and private key .* do not match|AH02312: Fatal error initialising mod_ssl`, "",
		`AH02572: Failed to configure at least one certificate and key for blog.example:443`}, WebRefused, 0, Measured}
	ApacheRunsAsRoot = &Signature{"apache-runs-as-root", Log{Apache, `Apache has not been designed to serve pages while`, "",
		`Error:	Apache has not been designed to serve pages while`}, WebRefused, 0, Measured}
	ApacheNotStarted = &Signature{"apache-not-started", Log{Apache, `AH000(?:13: Pre-configuration failed|14: Configuration check failed|15: Unable to open logs|16: Configuration Failed|18: Configuration check failed|20: Configuration Failed)`, "",
		`AH00015: Unable to open logs`}, WebRefused, 0, Measured}
	ApacheWorkersBusy = &Signature{"apache-workers-busy", Log{Apache, `AH(?:00484|00161|10159): server (?:reached|is within MinSpareThreads of) MaxRequestWorkers|AH0(?:0288|0485|3490): scoreboard is full, not at MaxRequestWorkers`, "",
		`AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting`}, WebWorkersBusy, 0, Measured}
	ApacheWorkerKilled = &Signature{"apache-worker-killed", Log{Apache, `AH0005[12]: child pid (?P<pid>\d+) exit signal [^()]* \((?P<signal>\d+)\)`, "",
		`AH00052: child pid 1234 exit signal Segmentation fault (11)`}, WebWorkerKilled, 0, Measured}
	ApacheReloading = &Signature{"apache-reloading", Log{Apache, `AH00(?:493|171): .*[Gg]raceful restart|AH00(?:494|173): SIGHUP received\.  Attempting to restart`, "",
		`AH00493: SIGUSR1 received.  Doing graceful restart`}, WebReloading, 0, Measured}
	ApacheUndefined = &Signature{"apache-undefined", Log{Apache, `AH00111: Config variable \$\{(?P<name>[^}]*)\} is not defined`, "",
		`AH00111: Config variable ${SOCK} is not defined`}, NoSign, 0, Measured}
	ApacheNoAccount = &Signature{"apache-no-account", Log{Apache, `AH02155: getpwuid: \S+ determine user name from uid (?P<number>\d+)|AH02156: setgid: unable to set group id to Group `, "",
		`AH02155: getpwuid: couldn't determine user name from uid 4294967295, you probably need to modify the User directive`}, NoSign, 0, Measured}
)

var apacheItself = []*Signature{
	ApacheIncludeMissing, ApacheModuleNotLoaded, ApacheInvalidCommand, ApacheMisplaced, ApacheArgumentCount, ApacheValueRefused,
	ApacheSocketPathTooLong, ApachePathMissing, ApacheSyntaxError, ApacheErrorPlace, ApacheNoMPM, ApacheThreadedPHP,
	ApacheProviderMissing, ApacheAccountUnknown, ApacheAddressInUse, ApacheNotBound, ApacheListenTwice, ApacheNoListener, ApacheTLSRefused,
	ApacheRunsAsRoot, ApacheNotStarted, ApacheWorkersBusy, ApacheWorkerKilled, ApacheReloading, ApacheUndefined, ApacheNoAccount,
}
