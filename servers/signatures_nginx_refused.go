package servers

// What nginx writes about its files as texts before it refuses them (src/core/ngx_conf_file.c and
// nginx.c; Measured on nginx 1.22.1).
var (
	NginxByteOrderMark = &Signature{"nginx-byte-order-mark", Log{Nginx, "\\[emerg\\] unknown directive \"\ufeff", "",
		"[emerg] unknown directive \"\ufeffserver\" in /etc/nginx/sites-enabled/blog.conf:1"}, WebRefused, 0, Measured}
	NginxUnknownDirective = &Signature{"nginx-unknown-directive", Log{Nginx, `\[emerg\] unknown directive "`, "",
		`[emerg] unknown directive "client_max_bodysize" in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxDirectiveMisplaced = &Signature{"nginx-directive-misplaced", Log{Nginx, `\[emerg\] "[^"]*" directive is not allowed here`, "",
		`[emerg] "location" directive is not allowed here in /etc/nginx/conf.d/loc.conf:1`}, WebRefused, 0, Measured}
	NginxDirectiveTwice = &Signature{"nginx-directive-twice", Log{Nginx, `\[emerg\] "[^"]*" directive is duplicate`, "",
		`[emerg] "client_max_body_size" directive is duplicate in /etc/nginx/snippets/limits.conf:1`}, WebRefused, 0, Measured}
	NginxArgumentCount = &Signature{"nginx-argument-count", Log{Nginx, `\[emerg\] invalid number of arguments in "`, "",
		`[emerg] invalid number of arguments in "keepalive_timeout" directive in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxNotTerminated = &Signature{"nginx-not-terminated", Log{Nginx, `\[emerg\] directive "[^"]*" (?:has no opening|is not terminated by)`, "",
		`[emerg] directive "root" is not terminated by ";" in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxParameterTooLong = &Signature{"nginx-parameter-too-long", Log{Nginx, `\[emerg\] too long parameter `, "",
		`[emerg] too long parameter "aaaaaaaaaa..." started in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxUnexpectedInCondition = &Signature{"nginx-unexpected-in-condition", Log{Nginx, `\[emerg\] unexpected "[^"]*" in condition`, "",
		`[emerg] unexpected "==" in condition in /etc/nginx/sites-enabled/blog.conf:6`}, WebRefused, 0, Measured}
	NginxUnexpectedBrace = &Signature{"nginx-unexpected-brace", Log{Nginx, `\[emerg\] unexpected "\{"`, "",
		`[emerg] unexpected "{" in /etc/nginx/kinds.map:1`}, WebRefused, 0, Measured}
	NginxUnexpected = &Signature{"nginx-unexpected", Log{Nginx, `\[emerg\] unexpected (?:"|end of file)`, "",
		`[emerg] unexpected "}" in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxIncludeMissing = &Signature{"nginx-include-missing", Log{Nginx, `\[emerg\] open\(\) "(?P<path>[^"]+)" failed \(\d+: [^)]*\) in (?P<file>\S+):(?P<line>\d+)`, "",
		`[emerg] open() "/etc/nginx/snippets/headers.conf" failed (2: No such file or directory) in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxIncludeUnreadable = &Signature{"nginx-include-unreadable", Log{Nginx, `\[(?:emerg|crit)\] p?read\(\) "(?P<path>[^"]+)" (?:failed|returned)`, "",
		`[crit] pread() "/etc/nginx/sites-enabled/archive" failed (21: Is a directory)`}, WebRefused, 0, Measured}
	NginxNoEvents = &Signature{"nginx-no-events", Log{Nginx, `\[emerg\] no "events" section in configuration`, "",
		`[emerg] no "events" section in configuration`}, WebRefused, 0, Measured}
	NginxModuleRefused = &Signature{"nginx-module-refused", Log{Nginx, `\[emerg\] (?:module "[^"]+" is already loaded|"load_module" directive is specified too late)`, "",
		`[emerg] module "ngx_stream_module" is already loaded in /etc/nginx/nginx.conf:2`}, WebRefused, 0, Measured}
	NginxModuleMissing = &Signature{"nginx-module-missing", Log{Nginx, `\[emerg\] dlopen\(\) "(?P<path>[^"]+)" failed`, "",
		`[emerg] dlopen() "/usr/lib/nginx/modules/ngx_http_geoip2_module.so" failed (/usr/lib/nginx/modules/ngx_http_geoip2_module.so: cannot open shared object file: No such file or directory) in /etc/nginx/nginx.conf:1`}, WebRefused, 0, Measured}
)

var nginxRefusesText = []*Signature{
	NginxByteOrderMark, NginxUnknownDirective, NginxDirectiveMisplaced, NginxDirectiveTwice, NginxArgumentCount,
	NginxNotTerminated, NginxParameterTooLong, NginxUnexpectedInCondition, NginxUnexpectedBrace, NginxUnexpected,
	NginxIncludeMissing, NginxIncludeUnreadable, NginxNoEvents, NginxModuleRefused, NginxModuleMissing,
}

// What nginx writes about the values of directives (src/core/ngx_conf_file.c, src/http/modules/*.c;
// Measured on nginx 1.22.1).
var (
	NginxValueInvalid = &Signature{"nginx-value-invalid", Log{Nginx, `\[emerg\] "[^"]*" directive invalid (?:value|number)`, "",
		`[emerg] "fastcgi_buffers" directive invalid value in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxValueOfDirective = &Signature{"nginx-value-of-directive", Log{Nginx, `\[emerg\] invalid value "[^"]*" in "[^"]*" directive`, "",
		`[emerg] invalid value "yes" in "gzip" directive, it must be "on" or "off" in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxVariableName = &Signature{"nginx-variable-name", Log{Nginx, `\[emerg\] invalid variable name(?: in (?P<file>\S+):(?P<line>\d+))?$`, "",
		`[emerg] invalid variable name in /etc/nginx/sites-enabled/blog.conf:7`}, WebRefused, 0, Measured}
	NginxResolveRefused = &Signature{"nginx-resolve-refused", Log{Nginx, `\[emerg\] (?:resolving names at run time requires upstream|no resolver defined to resolve names at run time|invalid parameter "resolve")`, "",
		`[emerg] invalid parameter "resolve" in /etc/nginx/conf.d/app.conf:3`}, WebRefused, 0, Measured}
	NginxParameterInvalid = &Signature{"nginx-parameter-invalid", Log{Nginx, `\[emerg\] invalid (?:value|number|number of connections|parameter|condition|log level|location modifier|time|time value|status|return code|code|backlog|variable name|server name or wildcard|"open_\w+" parameter):? "`, "",
		`[emerg] invalid parameter "unix:/run/php/php8.3-fpm.sock" in /etc/nginx/conf.d/php.conf:2`}, WebRefused, 0, Measured}
	NginxSizeUnlisted = &Signature{"nginx-size-unlisted", Log{Nginx, `\[emerg\] "\w+" directive must be 512`, "",
		`[emerg] "gzip_window" directive must be 512, 1k, 2k, 4k, 8k, 16k, or 32k in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxValueOutOfRange = &Signature{"nginx-value-out-of-range", Log{Nginx, `\[emerg\] value (?:"[^"]*" )?must be between`, "",
		`[emerg] value must be between 1 and 9 in /etc/nginx/sites-enabled/blog.conf:8`}, WebRefused, 0, Measured}
	NginxRedirectDefault = &Signature{"nginx-redirect-default", Log{Nginx, `\[emerg\] "proxy_redirect default" (?:should be placed|cannot be used)`, "",
		`[emerg] "proxy_redirect default" should be placed after the "proxy_pass" directive in /etc/nginx/sites-enabled/blog.conf:6`}, WebRefused, 0, Measured}
	NginxRegexInvalid = &Signature{"nginx-regex-invalid", Log{Nginx, `\[emerg\] pcre2?_compile\(\) failed`, "",
		`[emerg] pcre2_compile() failed: missing closing parenthesis in "^/(a" in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxCapturesMissing = &Signature{"nginx-captures-missing", Log{Nginx, `\[emerg\] pattern "[^"]*" (?:must have 2|has no) captures`, "",
		`[emerg] pattern "^/a" must have 2 captures in /etc/nginx/sites-enabled/blog.conf:8`}, WebRefused, 0, Measured}
	NginxVariableUnknown = &Signature{"nginx-variable-unknown", Log{Nginx, `\[emerg\] unknown "[^"]+" variable`, "",
		`[emerg] unknown "backend" variable`}, WebRefused, 0, Measured}
	NginxVariableRefused = &Signature{"nginx-variable-refused", Log{Nginx, `\[emerg\] the (?:duplicate "[^"]+" variable|\$\w+ variable cannot be used|closing bracket in "[^"]+" variable is missing)`, "",
		`[emerg] the closing bracket in "request_uri" variable is missing in /etc/nginx/sites-enabled/blog.conf:5`}, WebRefused, 0, Measured}
	NginxLogFormatRefused = &Signature{"nginx-log-format-refused", Log{Nginx, `\[emerg\] (?:unknown log format|duplicate "log_format" name) "`, "",
		`[emerg] duplicate "log_format" name "timed" in /etc/nginx/sites-enabled/blog.conf:2`}, WebRefused, 0, Measured}
	NginxMapParameters = &Signature{"nginx-map-parameters", Log{Nginx, `\[emerg\] invalid number of the map parameters`, "",
		`[emerg] invalid number of the map parameters in /etc/nginx/kinds.map:2`}, WebRefused, 0, Measured}
	NginxMapConflict = &Signature{"nginx-map-conflict", Log{Nginx, `\[emerg\] (?:conflicting parameter|duplicate default map parameter)`, "",
		`[emerg] duplicate default map parameter in /etc/nginx/conf.d/kinds.conf:3`}, WebRefused, 0, Measured}
	NginxResolverRefused = &Signature{"nginx-resolver-refused", Log{Nginx, `\[emerg\] .* in resolver "`, "",
		`[emerg] invalid port in resolver "127.0.0.1:five" in /etc/nginx/sites-enabled/blog.conf:8`}, WebRefused, 0, Measured}
	NginxZoneUnknown = &Signature{"nginx-zone-unknown", Log{Nginx, `\[emerg\] (?:zero size shared memory zone|"\w+" zone "[^"]+" is unknown)`, "",
		`[emerg] zero size shared memory zone "nobody"`}, WebRefused, 0, Measured}
	NginxZoneConflict = &Signature{"nginx-zone-conflict", Log{Nginx, `\[emerg\] (?:the shared memory zone "[^"]+" is already declared|the size \d+ of shared memory zone "[^"]+" conflicts|\w+ "[^"]+" is already bound to key|duplicate zone ")`, "",
		`[emerg] limit_req_zone "flood" is already bound to key "$binary_remote_addr" in /etc/nginx/conf.d/b.conf:1`}, WebRefused, 0, Measured}
	NginxZoneParameter = &Signature{"nginx-zone-parameter", Log{Nginx, `\[emerg\] (?:invalid (?:keys )?(?:zone (?:size|name)|rate|burst value|delay value|"levels"|session cache|OCSP cache)|"\w+" must have "(?:keys_)?zone" parameter)`, "",
		`[emerg] invalid zone size "zone=a" in /etc/nginx/conf.d/a.conf:1`}, WebRefused, 0, Measured}
	NginxZoneTooSmall = &Signature{"nginx-zone-too-small", Log{Nginx, `\[emerg\] (?:(?:keys )?zone|session cache|OCSP cache) "[^"]+" is too small`, "",
		`[emerg] zone "zone=c:31k" is too small in /etc/nginx/conf.d/a.conf:1`}, WebRefused, 0, Measured}
	NginxPathTwice = &Signature{"nginx-path-twice", Log{Nginx, `\[emerg\] the same path name "`, "",
		`[emerg] the same path name "/var/cache/nginx/a" used in /etc/nginx/conf.d/a.conf:3 and in /etc/nginx/conf.d/b.conf:4`}, WebRefused, 0, Measured}
	NginxTableRefused = &Signature{"nginx-table-refused", Log{Nginx, `\[emerg\] (?:invalid number of the geo parameters|invalid (?:network|range|percent value) "|percent total is greater)`, "",
		`[emerg] invalid network "10.0.0.0/40" in /etc/nginx/conf.d/tables.conf:3`}, WebRefused, 0, Measured}
	NginxSyslogRefused = &Signature{"nginx-syslog-refused", Log{Nginx, `\[emerg\] (?:no syslog server|(?:unknown|duplicate) syslog|syslog "?tag|[^"]* in syslog server ")`, "",
		`[emerg] unknown syslog facility "local9" in /etc/nginx/sites-enabled/blog.conf:6`}, WebRefused, 0, Measured}
	NginxHashTooSmall = &Signature{"nginx-hash-too-small", Log{Nginx, `\[emerg\] could not build \w+, (?:you should increase \w+_size|too large \w+_bucket_size): \d+`, "",
		`[emerg] could not build server_names_hash, you should increase server_names_hash_bucket_size: 64`}, WebRefused, 0, Measured}
	NginxBuffersTooFew = &Signature{"nginx-buffers-too-few", Log{Nginx, `\[emerg\] there must be at least 2 "(?:fastcgi|proxy|uwsgi|scgi)_buffers"`, "",
		`[emerg] there must be at least 2 "fastcgi_buffers" in /etc/nginx/nginx.conf:26`}, WebRefused, 0, Measured}
	NginxBufferSizes = &Signature{"nginx-buffer-sizes", Log{Nginx, `\[emerg\] "(?:fastcgi|proxy|uwsgi|scgi)_(?:busy_buffers|temp_file_write|max_temp_file)_size" must be`, "",
		`[emerg] "fastcgi_busy_buffers_size" must be less than the size of all "fastcgi_buffers" minus one buffer in /etc/nginx/nginx.conf:8`}, WebRefused, 0, Measured}
)

var nginxRefusesValues = []*Signature{
	NginxValueInvalid, NginxValueOfDirective, NginxVariableName, NginxResolveRefused, NginxParameterInvalid,
	NginxSizeUnlisted, NginxValueOutOfRange, NginxRedirectDefault, NginxRegexInvalid, NginxCapturesMissing,
	NginxVariableUnknown, NginxVariableRefused, NginxLogFormatRefused, NginxMapParameters, NginxMapConflict,
	NginxResolverRefused, NginxZoneUnknown, NginxZoneConflict, NginxZoneParameter, NginxZoneTooSmall,
	NginxPathTwice, NginxTableRefused, NginxSyslogRefused, NginxHashTooSmall, NginxBuffersTooFew, NginxBufferSizes,
}

// What nginx writes about servers, locations, addresses and files of its own before it does not start
// (src/http/ngx_http.c, ngx_http_core_module.c, ngx_http_upstream.c, src/core/ngx_inet.c,
// ngx_connection.c, src/event/ngx_event_openssl.c; Measured on nginx 1.22.1).
var (
	NginxLocationTwice = &Signature{"nginx-location-twice", Log{Nginx, `\[emerg\] duplicate location "`, "",
		`[emerg] duplicate location "/a" in /etc/nginx/sites-enabled/blog.conf:7`}, WebRefused, 0, Measured}
	NginxLocationMisplaced = &Signature{"nginx-location-misplaced", Log{Nginx, `\[emerg\] (?:named )?location "[^"]*" (?:cannot be inside|is outside|can be on)`, "",
		`[emerg] location "/favicon.ico" is outside location "/a/" in /etc/nginx/snippets/static.conf:1`}, WebRefused, 0, Measured}
	NginxURIPart = &Signature{"nginx-uri-part", Log{Nginx, `\[emerg\] "proxy_pass" cannot have URI part`, "",
		`[emerg] "proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block in /etc/nginx/sites-enabled/blog.conf:6`}, WebRefused, 0, Measured}
	NginxServerNameInvalid = &Signature{"nginx-server-name-invalid", Log{Nginx, `\[emerg\] (?:empty regex in server name|server name "[^"]*" is invalid)`, "",
		`[emerg] server name "*" is invalid in /etc/nginx/sites-enabled/blog.conf:3`}, WebRefused, 0, Measured}
	NginxListenTwice = &Signature{"nginx-listen-twice", Log{Nginx, `\[emerg\] a duplicate listen (?P<addr>\S+)`, "",
		`[emerg] a duplicate listen [::1]:8080 in /etc/nginx/sites-enabled/blog.conf:3`}, WebRefused, 0, Measured}
	NginxDefaultServerTwice = &Signature{"nginx-default-server-twice", Log{Nginx, `\[emerg\] a duplicate default server for (?P<addr>\S+)`, "",
		`[emerg] a duplicate default server for 0.0.0.0:80 in /etc/nginx/sites-enabled/shop.conf:2`}, WebRefused, 0, Measured}
	NginxListenOptionsTwice = &Signature{"nginx-listen-options-twice", Log{Nginx, `\[emerg\] duplicate listen options for (?P<addr>\S+)`, "",
		`[emerg] duplicate listen options for [::]:80 in /etc/nginx/sites-enabled/shop.conf:2`}, WebRefused, 0, Measured}
	NginxAddressInUse = &Signature{"nginx-address-in-use", Log{Nginx, `\[emerg\] bind\(\) to (?P<addr>\S+) failed \(98: `, "",
		`[emerg] bind() to [::]:80 failed (98: Address already in use)`}, WebRefused, 0, Measured}
	NginxCannotBind = &Signature{"nginx-cannot-bind", Log{Nginx, `\[emerg\] bind\(\) to (?P<addr>\S+) failed \(\d+: [^)]*\)$`, "",
		`[emerg] bind() to unix:/run/web/nginx.sock failed (2: No such file or directory)`}, WebRefused, 0, Measured}
	NginxListenInvalid = &Signature{"nginx-listen-invalid", Log{Nginx, `\[emerg\] .* of the "listen" directive`, "",
		`[emerg] invalid host in "/run/nginx.sock" of the "listen" directive in /etc/nginx/sites-enabled/blog.conf:3`}, WebRefused, 0, Measured}
	NginxSocketPathTooLong = &Signature{"nginx-socket-path-too-long", Log{Nginx, `\[emerg\] too long path in the unix domain socket in (?:upstream )?"unix:(?P<path>[^"]+)"`, "",
		`[emerg] too long path in the unix domain socket in upstream "unix:/run/php/a-very-long-name-of-a-customer/an-even-longer-name-of-the-site-that-this-customer-runs.example.fpm.sock" in /etc/nginx/sites-enabled/blog.conf:7`}, WebRefused, 0, Measured}
	NginxAddressInvalid = &Signature{"nginx-address-invalid", Log{Nginx, `\[emerg\] (?:no port|no host|invalid host|invalid port|invalid IPv6 address|no path in the unix domain socket) in upstream "(?P<addr>[^"]*)"`, "",
		`[emerg] no port in upstream "php" in /etc/nginx/sites-enabled/blog.conf:7`}, WebRefused, 0, Measured}
	NginxUpstreamWithPort = &Signature{"nginx-upstream-with-port", Log{Nginx, `\[emerg\] upstream "(?P<addr>[^"]+)" may not have port`, "",
		`[emerg] upstream "php" may not have port 9000 in /etc/nginx/sites-enabled/blog.conf:10`}, WebRefused, 0, Measured}
	NginxURLInvalid = &Signature{"nginx-url-invalid", Log{Nginx, `\[emerg\] (?:invalid URL prefix|zero length URL)`, "",
		`[emerg] invalid URL prefix in /etc/nginx/sites-enabled/blog.conf:10`}, WebRefused, 0, Measured}
	NginxUpstreamEmpty = &Signature{"nginx-upstream-empty", Log{Nginx, `\[emerg\] no servers are inside upstream`, "",
		`[emerg] no servers are inside upstream in /etc/nginx/conf.d/php.conf:3`}, WebRefused, 0, Measured}
	NginxUpstreamOnlyBackups = &Signature{"nginx-upstream-only-backups", Log{Nginx, `\[emerg\] no servers in upstream "(?P<name>[^"]+)"`, "",
		`[emerg] no servers in upstream "php" in /etc/nginx/conf.d/php.conf:1`}, WebRefused, 0, Measured}
	NginxUpstreamTwice = &Signature{"nginx-upstream-twice", Log{Nginx, `\[emerg\] duplicate upstream "(?P<name>[^"]+)"`, "",
		`[emerg] duplicate upstream "PHP" in /etc/nginx/sites-enabled/blog.conf:1`}, WebRefused, 0, Measured}
	NginxHostNotFound = &Signature{"nginx-host-not-found", Log{Nginx, `\[emerg\] host not found in upstream "(?P<name>[^"]+)"`, "",
		`[emerg] host not found in upstream "backend:9000" in /etc/nginx/sites-enabled/blog.conf:7`}, WebRefused, 0, Measured}
	NginxSocketRefused = &Signature{"nginx-socket-refused", Log{Nginx, `\[emerg\] (?:invalid (?:method|fastopen|rcvbuf|sndbuf|setfib|so_keepalive value:|ipv6only flags|buffer size|flush time|compression level|event type|address|character|\w+ value) "|the pool size must be|balancing method does not support|"\w+" must have (?:the )?"max"|no buffer is defined for access_log|buffered logs cannot|logs to syslog cannot|duplicate log level|index "" in|empty replacement|host not found in set_real_ip_from|no name servers defined|"ipv4" and "ipv6" cannot both|\d+ worker_connections are not enough for)`, "",
		`[emerg] invalid rcvbuf "rcvbuf=1g" in /etc/nginx/conf.d/app.conf:12`}, WebRefused, 0, Measured}
	NginxStreamRefused = &Signature{"nginx-stream-refused", Log{Nginx, `\[emerg\] (?:the invalid "[^"]*" parameter|unknown (?:mail )?protocol|"listen" directive "\w+" parameter is incompatible|no (?:"listen" is defined|"auth_http" is defined|handler) for server|(?:no port|no host|invalid host|invalid port|invalid IPv6 address|no path in the unix domain socket|host not found) in auth_http "|log format is not specified|unknown log format escaping|duplicate "[^"]*" address and port pair)`, "",
		`[emerg] the invalid "default_server" parameter in /etc/nginx/nginx.conf:6`}, WebRefused, 0, Measured}
	NginxCertificateMissing = &Signature{"nginx-certificate-missing", Log{Nginx, `\[emerg\] (?:no "(?:proxy_)?ssl_certificate(?:_key)?" is defined for|cannot load (?:certificate(?: key)?|CRL) "(?P<path>[^"]+)")`, "",
		`[emerg] no "ssl_certificate" is defined for the "listen ... ssl" directive in /etc/nginx/sites-enabled/blog.conf:1`}, WebRefused, 0, Measured}
	NginxTLSFileRefused = &Signature{"nginx-tls-file-refused", Log{Nginx, `\[emerg\] (?:SSL_CTX_use_PrivateKey|SSL_CTX_load_verify_locations|X509_LOOKUP_load_file|BIO_new_file|PEM_read_bio_DHparams)\("(?P<path>[^"]+)"\) failed`, "",
		`[emerg] SSL_CTX_use_PrivateKey("/etc/nginx/other.key") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)`}, WebRefused, 0, Measured}
	NginxCiphersRefused = &Signature{"nginx-ciphers-refused", Log{Nginx, `\[emerg\] SSL_CTX_set(?:_cipher_list|1_curves_list)\("[^"]*"\) failed`, "",
		`[emerg] SSL_CTX_set_cipher_list("high") failed (SSL: error:0A0000B9:SSL routines::no cipher match)`}, WebRefused, 0, Measured}
	NginxClientCertificateMissing = &Signature{"nginx-client-certificate-missing", Log{Nginx, `\[emerg\] no ssl_client_certificate (?:or ssl_trusted_certificate )?for ssl_verify_client`, "",
		`[emerg] no ssl_client_certificate for ssl_verify_client`}, WebRefused, 0, Measured}
	NginxNoTrustedCertificate = &Signature{"nginx-no-trusted-certificate", Log{Nginx, `\[emerg\] no (?:proxy|uwsgi|grpc)_ssl_trusted_certificate for (?:proxy|uwsgi|grpc)_ssl_verify`, "",
		`[emerg] no proxy_ssl_trusted_certificate for proxy_ssl_verify`}, WebRefused, 0, Measured}
	NginxFileUnusable = &Signature{"nginx-file-unusable", Log{Nginx, `\[emerg\] (?:open|mkdir)\(\) "(?P<path>[^"]+)" failed \(\d+: [^)]*\)$`, "",
		`[emerg] open() "/var/log" failed (21: Is a directory)`}, WebRefused, 0, Measured}
	NginxUserUnknown = &Signature{"nginx-user-unknown", Log{Nginx, `\[emerg\] getpwnam\("[^"]+"\) failed`, "",
		`[emerg] getpwnam("$pool") failed in /etc/nginx/nginx.conf:1`}, WebRefused, 0, Measured}
	NginxGroupUnknown = &Signature{"nginx-group-unknown", Log{Nginx, `\[emerg\] getgrnam\("[^"]+"\) failed`, "",
		`[emerg] getgrnam("webteam") failed in /etc/nginx/nginx.conf:1`}, WebRefused, 0, Measured}
	// The others.
	NginxRefused = &Signature{"nginx-refused", Log{Nginx, `\[emerg\] .* in (?P<file>/\S+?):(?P<line>\d+)$`, "",
		`[emerg] "fastcgi_cache" directive is incompatible with "fastcgi_store" in /etc/nginx/sites-enabled/blog.conf:9`}, WebRefused, 0, Measured}
	NginxRefusedElsewhere = &Signature{"nginx-refused-elsewhere", Log{Nginx, `\[emerg\] `, "",
		`[emerg] still could not bind()`}, WebRefused, 0, Measured}
)

var nginxRefuses = []*Signature{
	NginxLocationTwice, NginxLocationMisplaced, NginxURIPart, NginxServerNameInvalid, NginxListenTwice,
	NginxDefaultServerTwice, NginxListenOptionsTwice, NginxAddressInUse, NginxCannotBind, NginxListenInvalid,
	NginxSocketPathTooLong, NginxAddressInvalid, NginxUpstreamWithPort, NginxURLInvalid, NginxUpstreamEmpty,
	NginxUpstreamOnlyBackups, NginxUpstreamTwice, NginxHostNotFound, NginxSocketRefused, NginxStreamRefused,
	NginxCertificateMissing, NginxTLSFileRefused, NginxCiphersRefused, NginxClientCertificateMissing,
	NginxNoTrustedCertificate, NginxFileUnusable, NginxUserUnknown, NginxGroupUnknown, NginxRefused,
	NginxRefusedElsewhere,
}
