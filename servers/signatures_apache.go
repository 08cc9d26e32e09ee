package servers

// What Apache writes (modules/proxy/proxy_util.c, mod_proxy_fcgi.c, mod_proxy_http.c,
// server/util_script.c of 2.4; written by Apache 2.4.71, which the tests do not run). Apache answers 503 for a dead pool.
var (
	ApacheConnectNoSocket = &Signature{"apache-connect-no-socket", Log{Apache, `\(2\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>\S+) `, "",
		`(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectNoSocket, 503, Documented}
	ApacheConnectDenied = &Signature{"apache-connect-denied", Log{Apache, `\(13\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>\S+) `, "",
		`(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectDenied, 503, Documented}
	ApacheConnectQueueFull = &Signature{"apache-connect-queue-full", Log{Apache, `\(11\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>\S+) `, "",
		`(11)Resource temporarily unavailable: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectQueueFull, 503, Documented}
	ApacheConnectStaleSocket = &Signature{"apache-connect-stale-socket", Log{Apache, `\(111\)[^:]*: AH02454: \S+ attempt to connect to Unix domain socket (?P<path>\S+) `, "",
		`(111)Connection refused: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.3-fpm.sock (localhost:8000) failed`}, ConnectRefused, 503, Documented}
	ApacheConnectTCPDenied = &Signature{"apache-connect-tcp-denied", Log{Apache, `\(13\)[^:]*: AH00957: \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(13)Permission denied: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (localhost:9000) failed`}, ConnectDenied, 503, Documented}
	ApacheConnectRefused = &Signature{"apache-connect-refused", Log{Apache, `\(111\)[^:]*: AH00957: \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(111)Connection refused: AH00957: FCGI: attempt to connect to 127.0.0.1:9000 (localhost:9000) failed`}, ConnectRefused, 503, Documented}
	ApacheConnectUnreachable = &Signature{"apache-connect-unreachable", Log{Apache, `\((?:101|110|113|70007)\)[^:]*: AH00957: \S+ attempt to connect to (?P<addr>\S+) `, "",
		`(113)No route to host: AH00957: FCGI: attempt to connect to 10.0.0.5:9000 (10.0.0.5:9000) failed`}, ConnectUnreachable, 503, Documented}
	ApacheNotConnected = &Signature{"apache-not-connected", Log{Apache, `AH01079: failed to make connection to backend: |AH01114: \S+ failed to make connection to backend: `, "",
		`AH01079: failed to make connection to backend: localhost`}, BackendFailed, 503, Documented}
	ApacheAnswerTimedOut = &Signature{"apache-answer-timed-out", Log{Apache, `\(70007\)[^:]*: (?:\[[^\]]*\] )?AH(?:01075|01102|01110|01030|01097)|AH01067: Failed to read FastCGI header.*timeout`, "",
		`(70007)The timeout specified has expired: [client 127.0.0.1:43105] AH01075: Error dispatching request to : (polling)`}, TimedOut, 504, Documented}
	ApacheReset = &Signature{"apache-reset", Log{Apache, `AH01067: Failed to read FastCGI header`, "",
		`AH01067: Failed to read FastCGI header`}, Reset, 503, Documented}
	ApacheDispatchFailed = &Signature{"apache-dispatch-failed", Log{Apache, `AH01075: Error dispatching request to `, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01075: Error dispatching request to : `}, BackendFailed, 503, Documented}
	ApacheSendFailed = &Signature{"apache-send-failed", Log{Apache, `AH01074: Failed writing Environment to `, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01074: Failed writing Environment to :8080:`}, SendFailed, 503, Documented}
	ApacheNotFastcgi = &Signature{"apache-not-fastcgi", Log{Apache, `AH01068: Got bogus version \d+`, "",
		`AH01068: Got bogus version 72`}, NotFastCGI, 503, Documented}
	ApacheOriginClosed = &Signature{"apache-origin-closed", Log{Apache, `AH01102: error reading status line from remote server (?P<addr>\S+)`, "",
		`(104)Connection reset by peer: [client 127.0.0.1:43105] AH01102: error reading status line from remote server 127.0.0.1:3000`}, Closed, 502, Documented}
	ApacheOriginError = &Signature{"apache-origin-error", Log{Apache, `AH00898: Error reading from remote server returned by`, "",
		`AH00898: Error reading from remote server returned by /`}, BackendFailed, 502, Documented}
	ApacheHeaderTooBig = &Signature{"apache-header-too-big", Log{Apache, `Premature end of script headers: `, "",
		`Premature end of script headers: index.php`}, HeaderTooBig, 500, Documented}
	ApacheHeaderBroken = &Signature{"apache-header-broken", Log{Apache, `End of script output before headers: |AH01070: Error parsing script headers`, "",
		`AH01070: Error parsing script headers`}, HeaderBroken, 500, Documented}
	ApacheScriptUnknown = &Signature{"apache-script-unknown", Log{Apache, `AH01071: Got error '(?:.*; )?(?:PHP message: )?Primary script unknown`, "",
		`AH01071: Got error 'Primary script unknown'`}, ScriptUnknown, 404, Documented}
	ApachePHPFatal = &Signature{"apache-php-fatal", Log{Apache, `AH01071: Got error '.*PHP message: PHP (?:Fatal|Parse) error: `, "",
		`AH01071: Got error 'PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/blog/index.php on line 3'`}, PHPFatal, 500, Documented}
)

var apacheSignatures = []*Signature{
	ApacheConnectNoSocket, ApacheConnectDenied, ApacheConnectQueueFull, ApacheConnectStaleSocket,
	ApacheConnectTCPDenied, ApacheConnectRefused, ApacheConnectUnreachable, ApacheNotConnected,
	ApacheAnswerTimedOut, ApacheReset, ApacheDispatchFailed, ApacheSendFailed, ApacheNotFastcgi,
	ApacheOriginClosed, ApacheOriginError, ApacheHeaderTooBig, ApacheHeaderBroken, ApacheScriptUnknown, ApachePHPFatal,
}
