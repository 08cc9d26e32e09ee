package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// OriginClosed is an HTTP origin that closes the connection without an answer.
var OriginClosed = &lint.Rule{
	ID:       "WP707",
	Name:     "origin-closed",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "An HTTP origin closes the connection before it sends the header of its answer.",
	Why: "nginx reached the origin and sent the request, and then the connection ended. nginx logs `upstream prematurely closed connection` when the origin closed it, and `recv() failed (104: Connection reset by peer)` when it had not read everything. nginx answers 502.\n\n" +
		"The origin crashed or was restarted, or a request exceeded a limit of its own: size, time or memory. It may also close idle connections sooner than nginx, which then sends a POST into one that just ended. A TLS port to which `proxy_pass` connects with `http://` is a reset as well. " +
		"Where the origin is another nginx, `return 444` does it on purpose.",
	Now: "1. The log of the origin in the same second. It knows why; nginx does not.\n" +
		"2. Every request, or a few? A few POSTs point to idle connections, one URL to a crash, all to a wrong protocol.\n" +
		"3. How long it took: `$upstream_response_time` near a round number is a timeout of the origin.",
	Fix: "Correct the origin: its crash, its limit or its timeout. Keep its idle timeout above that of nginx (`keepalive_timeout` of the upstream, 60s by default; Node.js has 5s), or set `ttl=` of the worker of Apache below it. Write `https://` for a TLS port.",
	Verify: []string{
		"curl -sv -o /dev/null -H 'Host: HOST' http://ORIGIN/PATH",
		"curl -skv -o /dev/null -H 'Host: HOST' https://ORIGIN/PATH",
		"journalctl -u ORIGIN_UNIT --since -10min",
		"docker logs --since 10m CONTAINER",
	},
	Sources: []string{
		nginxUpstream + "#keepalive_timeout",
		nginxProxy + "#proxy_pass",
	},
	Logs: []*servers.Signature{
		servers.NginxReset, servers.NginxClosed, servers.NginxSendFailed, servers.ApacheOriginClosed,
	},
}

// SELinuxDenied is a connection that SELinux or AppArmor forbids.
var SELinuxDenied = &lint.Rule{
	ID:       "WP708",
	Name:     "selinux-denied",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "SELinux or AppArmor does not let the web server connect.",
	Why: "Besides owner and mode, the policy of SELinux or AppArmor decides which program may open what. The kernel answers 13, Permission denied, and nginx answers 502, Apache 503. On a TCP address this number is never about a file: it is the policy. On a unix socket it may be either, and the line of the audit system tells.\n\n" +
		"On Red Hat and its relatives nginx runs as `httpd_t`. It may connect to PHP-FPM's socket in `/run/php-fpm`, which has the type `httpd_var_run_t`, and not to one in a home directory or in `/tmp`; nor to a TCP port until `httpd_can_network_connect` is on.",
	Now: "1. The line `avc: denied` of the same second: `connectto` and `write` are a unix socket, `name_connect` a TCP port, `search` a directory on the way.\n" +
		"2. The type of the socket and of its directory.\n" +
		"3. Whether it works for a moment with `setenforce 0`. If so, it is SELinux; turn it on again.",
	Fix: "For TCP: `setsebool -P httpd_can_network_connect on`. For a unix socket: let the pool listen in `/run/php-fpm`, or give the place its type with `semanage fcontext -a -t httpd_var_run_t 'DIR(/.*)?'` and `restorecon -Rv DIR`. " +
		"AppArmor: add the socket with `rw` to the profile of nginx in `/etc/apparmor.d`, and reload it with `apparmor_parser -r`. Do not turn SELinux off.",
	Verify: []string{
		"ausearch -m AVC,USER_AVC -ts recent",
		"getenforce",
		"getsebool httpd_can_network_connect",
		"ls -lZ SOCKET; namei -l SOCKET",
		"journalctl -k --since -1h | grep 'apparmor=\"DENIED\"'",
	},
	Sources: []string{
		manConnect,
		"https://man7.org/linux/man-pages/man8/ausearch.8.html",
	},
	Logs: []*servers.Signature{
		servers.NginxConnectTCPDenied, servers.NginxConnectDenied, servers.AuditDenied, servers.ApparmorDenied,
	},
}

// DNSFailed is a resolver that gives no address.
var DNSFailed = &lint.Rule{
	ID:       "WP709",
	Name:     "dns-failed",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "The resolver of nginx answers with an error, or not at all.",
	Why: "Where the address of a `*_pass` has a variable, nginx queries its `resolver` while it serves the request. Without an address the answer is 502. `(3: Host not found)` is a name that the server does not know, `(2: Server failure)` a server that could not find out, `(110: Operation timed out)` a server that does not answer. Then `send() failed … while resolving` names it.\n\n" +
		"nginx queries that server only. It reads neither `/etc/hosts` nor the search domains of `/etc/resolv.conf`, so `getent hosts NAME` may succeed where nginx fails. It also requests IPv6 addresses, and an address without a route is a 502 of its own.",
	Now: "1. Which server nginx queries: `resolver` in the configuration.\n" +
		"2. Whether that server knows this very name, with its domain.\n" +
		"3. In a container: 127.0.0.11 is Docker's DNS and knows only the names of networks that the container is in; in Kubernetes a name needs the whole domain, `NAME.NAMESPACE.svc.cluster.local`.",
	Fix: "Name a `resolver` that knows the name, better two, and write the name in full. `resolver … ipv6=off` where IPv6 is missing. A local cache (unbound, systemd-resolved at 127.0.0.53) survives the failures of another server. A name that never changes belongs in an upstream, which is resolved once at startup.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -n resolver",
		"dig +short @RESOLVER NAME; dig +short AAAA @RESOLVER NAME",
		"docker exec CONTAINER getent hosts NAME",
		"ss -ulnp | grep ':53 '",
	},
	Sources: []string{
		nginxHTTP + "#resolver",
		"https://docs.docker.com/engine/network/",
		kubernetesDNS,
	},
	Logs: []*servers.Signature{servers.NginxNameNotResolved, servers.NginxResolverSilent},
}

// TunnelOriginDown is a tunnel of Cloudflare without an origin.
var TunnelOriginDown = &lint.Rule{
	ID:       "WP711",
	Name:     "tunnel-origin-down",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "cloudflared cannot reach the origin that its ingress rule names.",
	Why: "The tunnel is up, and the service at its end does not answer: visitors get 502 from Cloudflare's edge, and nginx has no line about it. `connection refused` is an address on which nothing listens, `no such host` a name that the resolver does not know, and `i/o timeout` a firewall or a wrong network. `first record does not look like a TLS handshake` is `https://` for a plain port, and `x509` a certificate for another name.\n\n" +
		"In a container `localhost` is the container of cloudflared itself, not nginx. On a host `localhost` may be `::1`, where nginx does not listen. A tunnel without any connection to the edge is not a 502: visitors get 530.",
	Now: "1. `originService=` in the line is what cloudflared connects to, and `dial tcp …` the address that it became.\n" +
		"2. Whether that address answers on the machine, or in the container, of cloudflared.\n" +
		"3. Whether the origin itself answers 502: then its own log has the reason.",
	Fix: "Start the origin, or correct `service:` of the ingress rule (or of the public hostname in the dashboard). Use the name of the container and its inner port, `http://127.0.0.1:80` instead of `localhost`, and `http://` for a plain port. For `x509` set `originServerName`, or `caPool`.",
	Verify: []string{
		"journalctl -u cloudflared --since -10min | grep 'Unable to reach'",
		"docker logs --since 10m CLOUDFLARED 2>&1 | grep 'Unable to reach'",
		"curl -sv -o /dev/null -H 'Host: HOST' http://ORIGIN/",
		"ss -tlnp | grep PORT",
		"cloudflared tunnel ingress rule https://HOST/",
	},
	Sources: []string{
		"https://developers.cloudflare.com/cloudflare-one/troubleshooting/tunnel/",
	},
	Logs: []*servers.Signature{
		servers.CloudflaredNoName, servers.CloudflaredRefused, servers.CloudflaredToPlain, servers.CloudflaredCertificate,
		servers.CloudflaredToTLS, servers.CloudflaredClosed, servers.CloudflaredUnreachable,
	},
}

// ErrorLogBlind is a 502 of which no log says why.
var ErrorLogBlind = &lint.Rule{
	ID:       "WP712",
	Name:     "error-log-blind",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.None: lint.AtRunTime},
	Summary:  "The access log has a 502, and no error log says why.",
	Why: "For nearly every 502 of its own nginx writes one line at the level `error` or `crit`. Without that line it is one of three things:\n\n" +
		"* The log omits the line: `error_log … crit` hides all but a missing socket and a missing permission, `alert` and `emerg` hide all. Or another server block, container or file has the line, or it was rotated away. PHP-FPM's `log_level` hides crashes (WP601, WP602).\n" +
		"* Another tier answered: a load balancer, a CDN, an inner nginx or Apache. Then the access log of the outer one has an `$upstream_status` of 502, and the reason is in the log of the inner one.\n" +
		"* It is on purpose: PHP with `http_response_code(502)` (a plugin that calls another API), or `return 502`. Then nginx only passes it on.",
	Now: "1. Which tier answered: the `Server` header and the text of the page. Cloudflare's own page names Cloudflare and a ray.\n" +
		"2. The `error_log` of the server block, not only the global one, and its level.\n" +
		"3. The same second in the logs of PHP-FPM, the kernel and the inner server.\n" +
		"4. `return 502` and `502` in the configuration and the plugins.",
	Fix: "Set `error_log … error` for nginx, `log_level = notice` and `catch_workers_output = yes` for PHP-FPM, and add `$upstream_addr $upstream_status $upstream_response_time` to the `log_format`. The next 502 then says who answered.",
	Verify: []string{
		"nginx -T 2>/dev/null | grep -nE 'error_log|access_log|log_format|return 502'",
		"grep '\" 502 ' /var/log/nginx/access.log | tail -5",
		"curl -sS -D - -o /dev/null https://HOST/PATH",
		"curl -sS -D - -o /dev/null --resolve HOST:443:127.0.0.1 https://HOST/PATH",
		"grep -rnE '\\b502\\b' /var/www/HOST/wp-content --include='*.php'",
	},
	Sources: []string{
		nginxCore + "#error_log",
		nginxUpstream + "#var_upstream_status",
	},
}
