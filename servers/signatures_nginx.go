package servers

// ofRequest is the part of nginx's lines that says which request was served (nginx
// ngx_http_request.c, ngx_http_log_error_handler, and ngx_http_upstream.c).
const ofRequest = `, client: 127.0.0.1, server: blog.example, request: "GET /index.php HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock:", host: "blog.example"`

const ofTCPRequest = `, client: 127.0.0.1, server: blog.example, request: "GET /index.php HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "blog.example"`

const ofOrigin = `, client: 127.0.0.1, server: blog.example, request: "GET / HTTP/1.1", upstream: "https://127.0.0.1:3000/", host: "blog.example"`

// What nginx writes about requests (src/event/ngx_event_connect.c, src/http/ngx_http_upstream.c,
// src/http/modules/ngx_http_fastcgi_module.c, src/core/ngx_resolver.c of 1.14 to 1.31; Measured on
// nginx 1.22.1). The second number of an error is that of FreeBSD and macOS, the third, from 10000
// on, that of Windows.
var (
	NginxResolverSilent = &Signature{"nginx-resolver-silent", Log{Nginx, `(?:connect|send|recv)\(\) failed \(\d+: [^)]*\) while resolving, resolver: (?P<addr>\S+)`, "",
		`[error] send() failed (111: Connection refused) while resolving, resolver: 127.0.0.1:5353`}, ResolverSilent, 0, Measured}
	NginxConnectNoSocket = &Signature{"nginx-connect-no-socket", Log{Nginx, `connect\(\) to unix:(?P<path>\S+(?: \w+/\S+)*) failed \((?:2|20): [^)]*\)`, "",
		`[crit] connect() to unix:/run/php/php8.3-fpm.sock failed (2: No such file or directory) while connecting to upstream` + ofRequest}, ConnectNoSocket, 502, Measured}
	NginxConnectDenied = &Signature{"nginx-connect-denied", Log{Nginx, `connect\(\) to unix:(?P<path>\S+(?: \w+/\S+)*) failed \(13: [^)]*\)`, "",
		`[crit] connect() to unix:/run/php/php8.3-fpm.sock failed (13: Permission denied) while connecting to upstream` + ofRequest}, ConnectDenied, 502, Measured}
	NginxConnectStaleSocket = &Signature{"nginx-connect-stale-socket", Log{Nginx, `connect\(\) to unix:(?P<path>\S+(?: \w+/\S+)*) failed \((?:111|61): [^)]*\)`, "",
		`[error] connect() to unix:/run/php/php8.3-fpm.sock failed (111: Connection refused) while connecting to upstream` + ofRequest}, ConnectRefused, 502, Measured}
	NginxConnectQueueFull = &Signature{"nginx-connect-queue-full", Log{Nginx, `connect\(\) to unix:(?P<path>\S+(?: \w+/\S+)*) failed \((?:11|35): [^)]*\)`, "",
		`[error] connect() to unix:/run/php/php8.3-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream` + ofRequest}, ConnectQueueFull, 502, Measured}
	NginxConnectTCPDenied = &Signature{"nginx-connect-tcp-denied", Log{Nginx, `connect\(\) (?:to (?P<addr>\S+) )?failed \(13: [^)]*\)`, "",
		`[crit] connect() to 127.0.0.1:9000 failed (13: Permission denied) while connecting to upstream` + ofTCPRequest}, ConnectDenied, 502, Documented}
	NginxConnectNoPorts = &Signature{"nginx-connect-no-ports", Log{Nginx, `connect\(\) to (?P<addr>\S+) failed \((?:99|49): [^)]*\)`, "",
		`[crit] connect() to 127.0.0.1:9000 failed (99: Cannot assign requested address) while connecting to upstream` + ofTCPRequest}, ConnectNoPorts, 502, Documented}
	// A connection that fails at once names the address.
	NginxConnectRefused = &Signature{"nginx-connect-refused", Log{Nginx, `connect\(\) (?:to (?P<addr>\S+) )?failed \((?:111|61|10061): [^)]*\)`, "",
		`[error] connect() failed (111: Connection refused) while connecting to upstream` + ofTCPRequest}, ConnectRefused, 502, Measured}
	NginxConnectUnreachable = &Signature{"nginx-connect-unreachable", Log{Nginx, `connect\(\) (?:to (?P<addr>\S+) )?failed \((?:101|113|110|51|65|60|10060|10065): [^)]*\)`, "",
		`[error] connect() failed (113: No route to host) while connecting to upstream` + ofTCPRequest}, ConnectUnreachable, 502, Measured}
	// The socket is of another type, its link leads nowhere, or something on the machine forbids the connection.
	NginxConnectFailed = &Signature{"nginx-connect-failed", Log{Nginx, `connect\(\) (?:to (?P<addr>\S+) )?failed \((?:1|12|22|40|91|97|105): [^)]*\) while connecting to upstream`, "",
		`[crit] connect() to 127.0.0.1:9000 failed (1: Operation not permitted) while connecting to upstream` + ofTCPRequest}, ConnectUnreachable, 502, Documented}
	NginxConnectTimedOut = &Signature{"nginx-connect-timed-out", Log{Nginx, `upstream timed out \((?:110|60|10060): [^)]*\) while connecting to upstream`, "",
		`[error] upstream timed out (110: Connection timed out) while connecting to upstream` + ofTCPRequest}, TimedOut, 504, Measured}
	NginxAnswerTimedOut = &Signature{"nginx-answer-timed-out", Log{Nginx, `upstream timed out \((?:110|60|10060): [^)]*\)`, "",
		`[error] upstream timed out (110: Connection timed out) while reading response header from upstream` + ofRequest}, TimedOut, 504, Measured}
	NginxReset = &Signature{"nginx-reset", Log{Nginx, `(?:(?:recv|readv)\(\) failed|kevent\(\) reported about an closed connection) \((?:104|54|10054): [^)]*\) while reading response header from upstream`, "",
		`[error] recv() failed (104: Connection reset by peer) while reading response header from upstream` + ofRequest}, Reset, 502, Measured}
	NginxClosed = &Signature{"nginx-closed", Log{Nginx, `upstream prematurely closed connection while reading response header from upstream`, "",
		`[error] upstream prematurely closed connection while reading response header from upstream` + ofRequest}, Closed, 502, Measured}
	NginxNoHeader = &Signature{"nginx-no-header", Log{Nginx, `upstream prematurely closed FastCGI stdout while reading response header`, "",
		`[error] upstream prematurely closed FastCGI stdout while reading response header from upstream` + ofRequest}, HeaderMissing, 502, Measured}
	NginxTruncated = &Signature{"nginx-truncated", Log{Nginx, `(?:upstream prematurely closed (?:connection|FastCGI (?:request|stdout))|(?:(?:recv|readv)\(\) failed|kevent\(\) reported about an closed connection) \((?:104|54|10054): [^)]*\)|upstream timed out \((?:110|60|10060): [^)]*\)|upstream sent un(?:supported|expected) FastCGI [a-z ]+: \d+) while (?:reading upstream|sending to client)`, "",
		`[error] recv() failed (104: Connection reset by peer) while reading upstream` + ofRequest}, Truncated, 200, Measured}
	NginxSendFailed = &Signature{"nginx-send-failed", Log{Nginx, `(?:send|writev|sendfile)\(\) failed \((?:32|104|54|10054): [^)]*\) while sending request to upstream`, "",
		`[error] writev() failed (32: Broken pipe) while sending request to upstream` + ofRequest}, SendFailed, 502, Documented}
	NginxHeaderTooBig = &Signature{"nginx-header-too-big", Log{Nginx, `upstream sent too big header while reading response header from upstream`, "",
		`[error] upstream sent too big header while reading response header from upstream` + ofRequest}, HeaderTooBig, 502, Measured}
	NginxNotFastcgi = &Signature{"nginx-not-fastcgi", Log{Nginx, `upstream sent unsupported FastCGI protocol version: \d+`, "",
		`[error] upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream` + ofTCPRequest}, NotFastCGI, 502, Measured}
	NginxFastcgiRecord = &Signature{"nginx-fastcgi-record", Log{Nginx, `upstream sent (?:invalid FastCGI record type|unexpected FastCGI (?:record|request id (?:high|low) byte)): \d+`, "",
		`[error] upstream sent unexpected FastCGI record: 3 while reading response header from upstream` + ofRequest}, HeaderMissing, 502, Measured}
	NginxInvalidStatus = &Signature{"nginx-invalid-status", Log{Nginx, `upstream sent invalid status "`, "",
		`[error] upstream sent invalid status "abc" while reading response header from upstream` + ofRequest}, HeaderBroken, 502, Measured}
	// The headers with a length are refused since 1.23.0.
	NginxInvalidHeader = &Signature{"nginx-invalid-header", Log{Nginx, `upstream sent (?:invalid header|no valid HTTP/1\.0 header|duplicate header line: "|"Content-Length" and "Transfer-Encoding"|unknown "Transfer-Encoding"|invalid "Content-Length")`, "",
		`[error] upstream sent invalid header: "X Bad: 1..." while reading response header from upstream` + ofRequest}, HeaderBroken, 502, Measured}
	// What else HTTP/2 and gRPC make nginx refuse.
	NginxAnswerRefused = &Signature{"nginx-answer-refused", Log{Nginx, `upstream (?:sent (?:no :status header|goaway with error|(?:too large|unexpected|invalid|truncated) http2 )|rejected request with error|prematurely closed stream)`, "",
		`[error] upstream sent no :status header while reading response header from upstream` + ofOrigin}, HeaderBroken, 502, Documented}
	NginxNoLiveUpstreams = &Signature{"nginx-no-live-upstreams", Log{Nginx, `no live upstreams while connecting to upstream`, "",
		`[error] no live upstreams while connecting to upstream, client: 127.0.0.1, server: blog.example, request: "GET /index.php HTTP/1.1", upstream: "fastcgi://localhost", host: "blog.example"`}, NoLiveUpstreams, 502, Measured}
	NginxPeerDisabled = &Signature{"nginx-peer-disabled", Log{Nginx, `upstream server temporarily disabled`, "",
		`[warn] upstream server temporarily disabled while connecting to upstream` + ofTCPRequest}, PeerDisabled, 0, Measured}
	// An address with a variable is read for each request.
	NginxRequestAddressInvalid = &Signature{"nginx-request-address-invalid", Log{Nginx, `(?:no port|no host|invalid host|invalid port|invalid IPv6 address|no path in the unix domain socket) in upstream "(?P<addr>[^"]*)"`, "",
		`[error] no port in upstream "backend", client: 127.0.0.1, server: blog.example, request: "GET /index.php HTTP/1.1", host: "blog.example"`}, NoSign, 500, Measured}
	NginxNoResolver = &Signature{"nginx-no-resolver", Log{Nginx, `no resolver defined to resolve(?: (?P<name>[^,\s]+))?`, "",
		`[error] no resolver defined to resolve backend, client: 127.0.0.1, server: blog.example, request: "GET / HTTP/1.1", host: "blog.example"`}, NoResolver, 502, Measured}
	NginxNameNotResolved = &Signature{"nginx-name-not-resolved", Log{Nginx, `(?P<name>\S+) could not be resolved \(\d+: [^)]+\)`, "",
		`[error] backend could not be resolved (3: Host not found), client: 127.0.0.1, server: blog.example, request: "GET / HTTP/1.1", host: "blog.example"`}, NameNotResolved, 502, Measured}
	NginxTLSToPlain = &Signature{"nginx-tls-to-plain", Log{Nginx, `SSL_do_handshake\(\) failed \(SSL: .*(?:wrong version number|packet length too long|record layer failure|unknown protocol).* while SSL handshaking to upstream`, "",
		`[error] SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream` + ofOrigin}, TLSToPlain, 502, Measured}
	NginxTLSNameRefused = &Signature{"nginx-tls-name-refused", Log{Nginx, `SSL_do_handshake\(\) failed \(SSL: .*(?:unrecognized name|alert internal error|handshake failure|alert number (?:112|40)).* while SSL handshaking to upstream`, "",
		`[error] SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream` + ofOrigin}, TLSNameRefused, 502, Measured}
	NginxTLSNotVerified = &Signature{"nginx-tls-not-verified", Log{Nginx, `upstream SSL certificate verify error: \(\d+:`, "",
		`[error] upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream` + ofOrigin}, TLSNotVerified, 502, Measured}
	NginxTLSOtherName = &Signature{"nginx-tls-other-name", Log{Nginx, `upstream SSL certificate does not match "`, "",
		`[error] upstream SSL certificate does not match "other.example" while SSL handshaking to upstream` + ofOrigin}, TLSNotVerified, 502, Measured}
	NginxTLSNoVersion = &Signature{"nginx-tls-no-version", Log{Nginx, `SSL_do_handshake\(\) failed \(SSL: .*(?:alert protocol version|unsupported protocol|no protocols available).* while SSL handshaking to upstream`, "",
		`[error] SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream` + ofOrigin}, TLSFailed, 502, Measured}
	NginxTLSFailed = &Signature{"nginx-tls-failed", Log{Nginx, `(?:SSL_do_handshake\(\) failed|peer closed connection in SSL handshake).* while SSL handshaking to upstream|SSL_(?:read|write)\(\) failed .* while (?:sending request to|reading response header from) upstream`, "",
		`[error] peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream` + ofOrigin}, TLSFailed, 502, Measured}
	NginxWorkerConnections = &Signature{"nginx-worker-connections", Log{Nginx, `worker_connections are not enough(?: while |,|$)`, "",
		`[alert] 256 worker_connections are not enough while connecting to upstream` + ofTCPRequest}, WorkerConnections, 500, Measured}
	NginxAcceptNoFiles = &Signature{"nginx-accept-no-files", Log{Nginx, `accept4?\(\) failed \(24: `, "",
		`[crit] accept4() failed (24: Too many open files)`}, FilesExhausted, 0, Documented}
	NginxTooManyFiles = &Signature{"nginx-too-many-files", Log{Nginx, `(?:\w+\(\) "[^"]*" )?failed \(24: [^)]*\)`, "",
		`[alert] socket() failed (24: Too many open files) while connecting to upstream` + ofTCPRequest}, FilesExhausted, 500, Measured}
	NginxLimited = &Signature{"nginx-limited", Log{Nginx, `limiting (?:requests, excess: \S+|connections) by zone "`, "",
		`[error] limiting requests, excess: 2.996 by zone "one", client: 127.0.0.1, server: blog.example, request: "GET / HTTP/1.1", host: "blog.example"`}, RateLimited, 503, Measured}
	NginxPHPFatal = &Signature{"nginx-php-fatal", Log{Nginx, `FastCGI sent in stderr: ".*PHP message: PHP (?:Fatal|Parse) error: `, "",
		`[error] FastCGI sent in stderr: "PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/blog/index.php on line 3" while reading response header from upstream` + ofRequest}, PHPFatal, 500, Measured}
	NginxScriptUnopened = &Signature{"nginx-script-unopened", Log{Nginx, `FastCGI sent in stderr: ".*Unable to open primary script: (?P<path>.+) \((?:Too many open files|No file descriptors available)\)`, "",
		`[error] FastCGI sent in stderr: "PHP message: PHP Warning:  PHP Request Startup: Failed to open stream: Too many open files in Unknown on line 0; Unable to open primary script: /var/www/blog/index.php (Too many open files)" while reading response header from upstream` + ofRequest}, FilesExhausted, 404, Measured}
	NginxScriptUnknown = &Signature{"nginx-script-unknown", Log{Nginx, `FastCGI sent in stderr: "(?:.*; )?Primary script unknown`, "",
		`[error] FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream` + ofRequest}, ScriptUnknown, 404, Measured}
	NginxStderr = &Signature{"nginx-stderr", Log{Nginx, `FastCGI sent in stderr: "`, "",
		`[error] FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $a in /var/www/blog/index.php on line 3" while reading response header from upstream` + ofRequest}, NoSign, 0, Measured}
	NginxClientClosed = &Signature{"nginx-client-closed", Log{Nginx, `(?:epoll_wait\(\) reported that )?client (?:\S+ )?prematurely closed connection`, "",
		`[info] epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream` + ofRequest}, ClientClosed, 499, Measured}
	NginxWorkerKilled = &Signature{"nginx-worker-killed", Log{Nginx, `worker process (?P<pid>\d+) exited on signal (?P<signal>\d+)`, "",
		`[alert] worker process 1234 exited on signal 11`}, WebWorkerKilled, 0, Measured}
	NginxServerNameConflict = &Signature{"nginx-server-name-conflict", Log{Nginx, `conflicting server name "[^"]*"(?: on (?P<addr>[^\s,]+))?`, "",
		`[warn] conflicting server name "blog.example" on 0.0.0.0:80, ignored`}, NoSign, 0, Measured}
)

var nginxRequests = []*Signature{
	NginxResolverSilent, NginxConnectNoSocket, NginxConnectDenied, NginxConnectStaleSocket,
	NginxConnectQueueFull, NginxConnectTCPDenied, NginxConnectNoPorts, NginxConnectRefused,
	NginxConnectUnreachable, NginxConnectFailed, NginxConnectTimedOut, NginxTruncated,
	NginxAnswerTimedOut, NginxReset, NginxClosed, NginxNoHeader, NginxSendFailed, NginxHeaderTooBig, NginxNotFastcgi,
	NginxFastcgiRecord, NginxInvalidStatus, NginxInvalidHeader, NginxAnswerRefused, NginxNoLiveUpstreams, NginxPeerDisabled,
	NginxRequestAddressInvalid, NginxNoResolver, NginxNameNotResolved, NginxTLSToPlain,
	NginxTLSNameRefused, NginxTLSNotVerified, NginxTLSOtherName, NginxTLSNoVersion, NginxTLSFailed,
	NginxWorkerConnections, NginxAcceptNoFiles, NginxTooManyFiles, NginxLimited, NginxPHPFatal, NginxScriptUnopened,
	NginxScriptUnknown, NginxStderr, NginxClientClosed, NginxWorkerKilled, NginxServerNameConflict,
}

// NginxUnrelated are what nginx writes in lines about something else than a request of HTTP: OCSP,
// its own logging to syslog, and the modules stream and mail (nginx ngx_event_openssl_stapling.c,
// ngx_syslog.c, ngx_stream_proxy_module.c, ngx_mail_handler.c).
var NginxUnrelated = []string{"while requesting certificate status", "while logging to syslog", ", bytes from/to client:", ", login: \""}
