// Package diagnose joins what logs say with the configuration and the findings of check: log
// lines that are about one thing become an incident with its most likely cause, the line of the
// configuration, and what to do.
package diagnose

import (
	"slices"

	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/rules"
)

// Cause is one reason that an incident may have.
type Cause struct {
	ID string // kebab-case
	// Number is that of the five causes of a 502: 0 if no client got a 502, Undecided if the logs
	// do not tell.
	Number int
	// Rule is the ID of the rule whose page explains the cause, unless a finding of check names
	// another; "" for none.
	Rule string
	// Rules are IDs of further rules whose findings are about this cause.
	Rules []string
	// Says is what happened, in plain words: one sentence without a full stop. %s is the
	// address, pool, host name or program that the lines are about, and %w the web server.
	Says string
	// Next is what to look at, where no rule has a page about it.
	Next string
}

// Undecided is the number of a cause that the logs do not decide.
const Undecided = -1

// The causes. The order decides between two that explain the same number of requests.
var (
	workerOOM        = &Cause{ID: "worker-oom", Number: 1, Rule: "WP702", Rules: []string{"WP106"}, Says: "the kernel killed PHP-FPM workers because memory ran out"}
	workerCrashed    = &Cause{ID: "worker-crashed", Number: 1, Rule: "WP701", Rules: []string{"WP105"}, Says: "PHP-FPM workers crashed while they served requests"}
	terminateTimeout = &Cause{ID: "terminate-timeout", Number: 1, Rule: "WP108", Says: "PHP-FPM ended requests that took longer than request_terminate_timeout"}
	workerKilled     = &Cause{ID: "worker-killed", Number: 1, Rule: "WP703", Says: "PHP-FPM workers were killed by a signal while they served requests, and no line says who sent it"}
	hardTimeout      = &Cause{ID: "hard-timeout", Number: 1, Rule: "WP703", Says: "max_execution_time and hard_timeout ended PHP-FPM workers inside one long call (exit code 124)"}
	workerExited     = &Cause{ID: "worker-exited", Number: 1, Rule: "WP703", Says: "PHP-FPM workers ended with an error code while they served requests"}
	reloadKills      = &Cause{ID: "reload-kills-requests", Number: 1, Rule: "WP109", Says: "PHP-FPM was reloaded or stopped while requests ran, and they were cut"}
	recycled         = &Cause{ID: "recycled-keepalive", Number: 1, Rule: "WP110", Says: "%w reused connections of workers that pm.max_requests had ended"}
	headerTooBig     = &Cause{ID: "header-too-big", Number: 1, Rule: "WP111", Rules: []string{"WP113", "WP112"}, Says: "response headers were larger than the header buffer of the web server"}
	brokenHeader     = &Cause{ID: "broken-header", Number: 1, Rule: "WP706", Says: "a response had a header or status that the web server refuses"}
	noHeader         = &Cause{ID: "broken-header", Number: 1, Rule: "WP706", Says: "PHP-FPM ended responses before their header was complete", Next: "Look in the log of PHP-FPM and of PHP for a fatal error in that second, most of all when PHP starts: an extension, `auto_prepend_file`, `opcache.preload`. With `fastcgi_keep_conn on`, try without it."}
	workerDied       = &Cause{ID: "worker-died", Number: 1, Rule: "WP701", Says: "connections to PHP-FPM workers were cut before the response header, and nothing given says why", Next: "Look up the same second in the log of PHP-FPM. `exited on signal 11` is a crash (WP701), signal 9 a kill (WP702, WP703), `execution timed out` a time limit (WP108), `Reloading` or `Terminating` a reload or a stop (WP109)."}

	socketMismatch   = &Cause{ID: "socket-mismatch", Number: 2, Rule: "WP201", Rules: []string{"WP214", "WP215", "WP216", "WP206", "WP207", "WP208", "WP209", "WP210", "WP212", "WP315", "WP424", "WP425", "WP426"}, Says: "nothing listens on %s, to which the web server connects"}
	socketPermission = &Cause{ID: "socket-permission", Number: 2, Rule: "WP202", Rules: []string{"WP211", "WP213"}, Says: "the web server may not open the socket %s"}
	socketMode       = &Cause{ID: "socket-mode-invalid", Number: 2, Rule: "WP203", Says: "the web server may not open the socket %s: PHP-FPM reads its listen.mode as another mode"}
	selinuxDenied    = &Cause{ID: "selinux-denied", Number: 2, Rule: "WP708", Says: "SELinux or AppArmor denies the connection to %s"}
	allowedClients   = &Cause{ID: "allowed-clients", Number: 2, Rule: "WP204", Says: "listen.allowed_clients of PHP-FPM drops the web server"}
	wrongProtocol    = &Cause{ID: "wrong-protocol", Number: 2, Rule: "WP205", Says: "what listens on %s does not use the protocol that %w uses"}
	backlogOverflow  = &Cause{ID: "backlog-overflow", Number: 2, Rule: "WP705", Rules: []string{"WP416"}, Says: "the queue of the socket %s was full"}
	notReloaded      = &Cause{ID: "not-reloaded", Number: 2, Rule: "WP713", Says: "the web server connects to %s, which the current files do not contain: it still runs with older files"}

	fpmRefused  = &Cause{ID: "fpm-refused", Number: 3, Rules: []string{"WP301", "WP302", "WP303", "WP304", "WP305", "WP306", "WP307", "WP308", "WP309", "WP310", "WP311", "WP312", "WP313", "WP314", "WP116", "WP001", "WP002"}, Says: "PHP-FPM does not start: it refuses its configuration"}
	fpmDown     = &Cause{ID: "fpm-down", Number: 3, Rule: "WP704", Says: "PHP-FPM is not running: nothing listens on %s"}
	crashLoop   = &Cause{ID: "service-crash-loop", Number: 3, Rule: "WP710", Says: "the service %s was started again and again, and failed each time"}
	nginxRefuse = &Cause{ID: "nginx-refused", Number: 4, Rules: []string{"WP001", "WP002", "WP005", "WP401", "WP403", "WP411", "WP420", "WP421", "WP422"}, Says: "nginx refuses its configuration: it does not start, or goes on with the old one"}

	apacheRefuse = &Cause{ID: "apache-refused", Number: 4, Rules: []string{"WP427"}, Says: "Apache refuses its configuration and does not start", Next: "`apachectl -t` names the file and the line. Where it passes and Apache does not start, the reason is in the error log and in `journalctl -u apache2`: a port that another program has, a module that is missing, a directory or certificate that does not exist."}
	apacheReload = &Cause{ID: "apache-reload", Number: 4, Rules: []string{"WP427"}, Says: "Apache was told to reload, refused its configuration and ended: nothing listens on its ports", Next: "Correct the line, run `apachectl -t`, and start Apache. Reload it with `apachectl graceful`, which tests the configuration first and keeps the old one if it is wrong; `kill -USR1` and `kill -HUP` do not."}

	hostNotFound    = &Cause{ID: "host-not-found", Number: 4, Rule: "WP407", Rules: []string{"WP402", "WP419", "WP423"}, Says: "nginx cannot resolve the host name %s at startup, and does not start"}
	resolverMissing = &Cause{ID: "resolver-missing", Number: 4, Rule: "WP405", Says: "nginx has no resolver for the host name %s, which a variable gives"}
	dnsFailed       = &Cause{ID: "dns-failed", Number: 4, Rule: "WP709", Rules: []string{"WP405", "WP407"}, Says: "the resolver has no address for the host name %s"}
	resolverSilent  = &Cause{ID: "dns-failed", Number: 4, Rule: "WP709", Rules: []string{"WP405"}, Says: "the resolver %s does not answer %w"}
	tlsToPlain      = &Cause{ID: "tls-to-plain", Number: 4, Rule: "WP409", Says: "%w uses TLS with %s, which answers without TLS"}
	tlsName         = &Cause{ID: "tls-name", Number: 4, Rule: "WP408", Says: "the origin %s refuses the host name, or its absence, in the TLS handshake"}
	tlsVerify       = &Cause{ID: "tls-verify", Number: 4, Rule: "WP410", Says: "%w does not accept the certificate of the origin %s"}
	proxyLoop       = &Cause{ID: "proxy-loop", Number: 4, Rule: "WP412", Says: "%w passes requests to itself until no connections are left"}
	originClosed    = &Cause{ID: "origin-closed", Number: 4, Rule: "WP707", Says: "the HTTP origin %s closed connections before it answered"}
	originDown      = &Cause{ID: "origin-down", Number: 4, Rule: "WP707", Rules: []string{"WP413"}, Says: "nothing answers at the origin %s", Next: "Start what listens there, or correct the address. `No route to host` and `Network is unreachable` mean that the host or the container is gone or has another address now, or that a firewall rejects the connection."}
	deadPeer        = &Cause{ID: "dead-peer", Number: 4, Rule: "WP417", Rules: []string{"WP208"}, Says: "%s is one of several addresses of an upstream, and nothing listens there"}
	noLiveUpstreams = &Cause{ID: "no-live-upstreams", Number: 4, Rule: "WP404", Rules: []string{"WP417"}, Says: "all addresses of the upstream %s were marked as failed before; the first failure is not among these lines", Next: "Look for the first failure earlier in the log: `connect() failed`, `upstream timed out` or `prematurely closed` before `upstream server temporarily disabled`. All servers of an upstream may also be marked `down` in the configuration."}
	workerLimit     = &Cause{ID: "worker-limit", Number: 4, Rule: "WP428", Says: "all connections that Apache may have to %s were in use", Next: "Raise `max=` of the worker, or remove it together with `acquire=`: each process of Apache has that many connections to the pool. They are in use for as long as PHP takes, so look for slow scripts as well."}
	portsUsed       = &Cause{ID: "ports-exhausted", Number: 4, Says: "no local port was left for connections to %s", Next: "Use keepalive connections to the upstream, or a unix socket."}

	tunnelOriginDown = &Cause{ID: "tunnel-origin-down", Number: 5, Rule: "WP711", Rules: []string{"WP501"}, Says: "cloudflared cannot reach its origin %s"}
	tunnelAnswer     = &Cause{ID: "tunnel-answer", Number: 5, Rule: "WP505", Says: "cloudflared refuses the answer of its origin, which has two lengths"}
	tunnelToPlain    = &Cause{ID: "tunnel-to-plain", Number: 5, Rule: "WP711", Rules: []string{"WP501"}, Says: "cloudflared uses TLS with an origin that answers without TLS"}
	tunnelTLSName    = &Cause{ID: "tunnel-tls-name", Number: 5, Rule: "WP711", Rules: []string{"WP508"}, Says: "cloudflared does not accept the certificate of its origin"}

	hidden          = &Cause{ID: "error-page-hides-502", Number: 2, Rule: "WP605", Says: "error_page gives the clients another status than 502"}
	logBlind        = &Cause{ID: "log-blind", Number: Undecided, Rule: "WP712", Rules: []string{"WP601", "WP602"}, Says: "the access log has 502s, and the error log is set to a level that hides the reason"}
	answered        = &Cause{ID: "answered-502", Number: Undecided, Rule: "WP712", Says: "the access log has 502s without a line in the error log: the application, an inner server or a return sent them"}
	undecided       = &Cause{ID: "unknown", Number: Undecided, Rule: "WP712", Says: "these lines do not show the reason"}
	tunnelEdge      = &Cause{ID: "tunnel-down", Number: 0, Rule: edgeRule, Says: "cloudflared lost its connection to Cloudflare: visitors get 530", Next: "Look at the network and at the status page of Cloudflare."}
	tunnelRefused   = &Cause{ID: "tunnel-refused", Number: 0, Rule: edgeRule, Says: "cloudflared refuses its configuration and does not start: visitors get 530 with error 1033", Next: "Correct what the line names, and test with `cloudflared tunnel ingress validate`. The last rule has no hostname and no path (`- service: http_status:404`), no other one matches every name, and an address has a scheme and no path."}
	tunnelNoRules   = &Cause{ID: "tunnel-no-rules", Number: 0, Rule: edgeRule, Says: "cloudflared had no ingress rules when it started: visitors get 503, unless Cloudflare gave it rules afterwards", Next: "Write `ingress:` into the file that cloudflared reads, which its first lines name. A tunnel that is started with `--token` gets its rules from Cloudflare; older versions write the line all the same."}
	phpFatal        = &Cause{ID: "php-fatal", Number: 0, Says: "PHP ended scripts with a fatal error: 500", Next: "The line names the file of the script and the reason."}
	timeout         = &Cause{ID: "gateway-timeout", Number: 0, Says: "responses took longer than the timeout of the web server: 504", Next: "Look for slow requests (slowlog), and for workers that are all busy (pm.max_children)."}
	maxChildren     = &Cause{ID: "max-children", Number: 0, Rule: "WP107", Rules: []string{"WP415"}, Says: "all workers of pool %s were busy: requests waited, at worst until a 504"}
	slow            = &Cause{ID: "slow-request", Number: 0, Says: "requests were slow and went to the slowlog"}
	rateLimited     = &Cause{ID: "rate-limited", Number: 0, Says: "limit_req or limit_conn refused requests: 503"}
	clientGone      = &Cause{ID: "client-closed", Number: 0, Says: "clients closed their connections: 499"}
	truncated       = &Cause{ID: "truncated", Number: 0, Says: "answers were cut after their header: the clients got an incomplete 200", Next: "Look for workers that died at that time."}
	connections     = &Cause{ID: "worker-connections", Number: 0, Says: "nginx had no connections or files left: 500", Next: "Raise worker_connections and worker_rlimit_nofile."}
	notFound        = &Cause{ID: "script-not-found", Number: 0, Says: "PHP-FPM got requests for scripts that do not exist: 404"}
	webBusy         = &Cause{ID: "apache-workers", Number: 0, Says: "all workers of Apache were busy: clients waited", Next: "Raise `MaxRequestWorkers` (and `ServerLimit`), or find what keeps them: requests that wait for PHP (`pm.max_children`, slow scripts), or clients that keep connections (`KeepAliveTimeout`). `mod_status` shows what each one does."}
	moduleMissing   = &Cause{ID: "module-missing", Number: 0, Rule: "WP802", Says: "no module of Apache handles the scheme of the address: 500", Next: "Load the module of the scheme: `a2enmod proxy_fcgi` for fcgi://, `proxy_http` for http://, `proxy_balancer` with `slotmem_shm` and an `lbmethod` module for balancer://; then restart Apache. The name of a balancer that no `<Proxy balancer://…>` defines gives the same line."}
	addressMisread  = &Cause{ID: "address-misread", Number: 0, Rule: "WP216", Says: "Apache cannot read the address of the handler: 400", Next: "Write `proxy:unix:/PATH|fcgi://localhost` with one or three slashes after `unix:`, or `proxy:fcgi://HOST:PORT` with a port from 1 to 65535."}
	htaccessRefused = &Cause{ID: "htaccess-refused", Number: 0, Says: "Apache refuses the .htaccess file %s, or cannot read it: 500 or 403", Next: "The line names the file and the directive. `php_value` and `php_flag` work only with PHP as a module of Apache; with PHP-FPM they belong in `.user.ini`. `not allowed here` is a matter of `AllowOverride`."}
	scriptDenied    = &Cause{ID: "script-denied", Number: 0, Says: "PHP-FPM refused scripts whose names do not end as security.limit_extensions wants: 403", Next: "Match only `\\.php$` in `<FilesMatch>`, or add the extension to `security.limit_extensions` of the pool."}
	otherDied       = &Cause{ID: "other-process", Number: 0, Says: "%s crashed or was killed, and is not a process of PHP-FPM"}
)

// Causes are all causes.
var Causes = slices.Concat([]*Cause{
	workerOOM, workerCrashed, terminateTimeout, workerKilled, hardTimeout, workerExited, reloadKills, recycled, headerTooBig, brokenHeader, noHeader, workerDied,
	socketMismatch, socketPermission, socketMode, selinuxDenied, allowedClients, wrongProtocol, backlogOverflow, notReloaded,
	fpmRefused, fpmDown, crashLoop, nginxRefuse, apacheRefuse, apacheReload,
	hostNotFound, resolverMissing, dnsFailed, resolverSilent, tlsToPlain, tlsName, tlsVerify, proxyLoop, originClosed, originDown, deadPeer, noLiveUpstreams, workerLimit, portsUsed,
	tunnelOriginDown, tunnelAnswer, tunnelToPlain, tunnelTLSName, edgeItself,
	edgePassed, edgeSilent, noEdge, ownPage, hidden, logBlind, answered, undecided,
	tunnelEdge, tunnelRefused, tunnelNoRules, phpFatal, timeout, maxChildren, slow, rateLimited, clientGone, truncated, connections, notFound,
	webBusy, moduleMissing, addressMisread, htaccessRefused, scriptDenied, otherDied,
}, edgeCauses())

// about reports whether findings of a rule are about c.
func (c *Cause) about(r *lint.Rule) bool { return r.ID == c.Rule || slices.Contains(c.Rules, r.ID) }

// causeOf returns the cause that a finding is about; nil for none.
func causeOf(f lint.Finding) *Cause {
	if f.Outcome == lint.ApacheRefuses {
		return apacheRefuse
	}
	for _, c := range Causes {
		if c.about(f.Rule) && (c != fpmRefused || f.Outcome != lint.NginxRefuses) {
			return c
		}
	}
	return nil
}

// rule returns the rule whose page explains c; nil for none.
func (c *Cause) rule() *lint.Rule { return lint.Named(rules.Explained(), c.Rule) }
