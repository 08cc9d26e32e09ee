package diagnose

import (
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/internal/lazyregexp"
	"github.com/wp502lint/wp502lint/servers"
)

// In returns a sentence about the web server as one about that which failed.
func (i *Incident) In(says string) string {
	return strings.ReplaceAll(says, "the web server", webNames[i.Web])
}

// sentence returns what a cause says, as the web server that failed has it.
func (i *Incident) sentence(c *Cause) string {
	if says := saysInApache[c]; says != "" && i.Web == servers.Apache {
		return says
	}
	return c.Says
}

// saysInApache are sentences of causes that say what nginx alone does.
var saysInApache = map[*Cause]string{
	headerTooBig:    "a line of a response header was longer than the 8189 bytes that Apache takes: 500",
	brokenHeader:    "a response had a header or status that Apache refuses: 500",
	tlsName:         "Apache and the origin %s could not agree on TLS: 500",
	deadPeer:        "%s is one of several members of a balancer, and nothing listens there",
	noLiveUpstreams: "Apache left %s out after an earlier failure; the first failure is not among these lines",
	connections:     "Apache had no files left: 503",
}

// inApache are what to change where Apache is the web server, in Markdown, and a rule is about the
// directives of nginx or knows the answers of nginx alone (httpd modules/proxy; measured on Apache 2.4).
var inApache = map[*Cause]string{
	socketMismatch:   "Make both sides name the same address: change `SetHandler` (or the `ProxyPass`, `<Proxy>` or `BalancerMember` line) to the pool's `listen`, or the other way round. A `<Proxy>` with the same name after the bar replaces the socket that `SetHandler` names, and `fcgi://HOST` without a port is port 8000. Apache uses a changed file after `apachectl -t && apachectl graceful`, and PHP-FPM a changed `listen` after a reload of its own. `apachectl -t` does not look for the socket.",
	socketPermission: "Set `listen.owner` or `listen.group` to the `User` or `Group` of Apache and `listen.mode = 0660`, or add its account to the group of the socket (`usermod -aG GROUP www-data`, then restart Apache). With `listen.acl_users` owner and group do not apply: name the account there. Each directory on the way needs the right to search (x) for that account.",
	socketMode:       "Write `listen.mode = 0660` and restart PHP-FPM; set `listen.owner` or `listen.group` to the `User` or `Group` of Apache.",
	allowedClients:   "List the address from which Apache connects, `127.0.0.1` on the same machine, in `listen.allowed_clients`, or remove the line and let a firewall decide.",
	wrongProtocol:    "Write `SetHandler \"proxy:fcgi://ADDRESS\"` (or `ProxyPassMatch` with `fcgi://`) for a pool of PHP-FPM, and `http://` for an HTTP server: Apache answers 502 where `http://` leads to a pool, and 503 where `fcgi://` leads to an HTTP server.",
	notReloaded:      "Test and reload both: `apachectl -t && apachectl graceful`, `php-fpm8.3 -t && systemctl reload php8.3-fpm`. In a container, recreate it.",
	terminateTimeout: "Set `request_terminate_timeout` above the longest time that Apache waits (`timeout=` of the worker, else `ProxyTimeout`, else `Timeout`) as a last resort, and limit scripts with `max_execution_time`.",
	recycled:         "Remove `enablereuse=on` from the worker, or set `pm.max_requests = 0`: a worker of PHP-FPM that ends closes its connection, and Apache does not send the request again. A local socket gains almost nothing from kept connections.",
	headerTooBig:     "Send a shorter header: one line of it, name and value, may have 8189 bytes, and no directive of Apache raises that. It is most often a cookie (`setcookie`), `Link:` headers or a debugging header of a plugin; many short ones pass.",
	brokenHeader:     "Correct the `header()` call that sends it: the line names the header or the script. A name has letters, digits and hyphens only, a line a colon, and a status is `http_response_code(404)`.",
	deadPeer:         "Remove the dead `BalancerMember`, or give it a listener. Apache tries the next member, and the dead one again after `retry=` seconds (60).",
	noLiveUpstreams:  "Look for the first failure earlier in the log: AH00957, AH02454 or AH00959. Before 2.4.21 Apache refuses a worker for 60 seconds after a failed connection: `retry=0` in the `ProxyPass` line or the `<Proxy>` section ends that. In a balancer, `forcerecovery=Off` keeps all members out until then.",
	originDown:       "Start what listens there, or correct the address in `ProxyPass` or `SetHandler`. `No route to host` means that the host or the container is gone or has another address now; `The timeout specified has expired` that a firewall drops the connection, or that the queue of the port is full (`listen.backlog`).",
	originClosed:     "Correct the origin: its crash, its limit or its timeout. Where it closes idle connections sooner than Apache, set `ttl=` of the worker below its idle timeout, or `disablereuse=on`. Write `https://` (with `SSLProxyEngine on`) for a TLS port.",
	dnsFailed:        "Name a host that the resolver of the system knows: Apache looks the name up for each request, and answers 500 (502 before 2.4.59). In a container it is the name of a service on a network that both are in. A pool on the same machine needs no name: `fcgi://127.0.0.1:9000`.",
	tlsName:          "`https://` needs an origin with TLS: PHP-FPM has none, write `fcgi://`. For an origin with TLS set `SSLProxyEngine on`, and look for lines of `[ssl:` in the same second.",
	timeout:          "Look for slow requests (`request_slowlog_timeout`) and for workers that are all busy (`pm.max_children`). Apache waits for `timeout=` of the worker, else for `ProxyTimeout`, else for `Timeout` (60 seconds; 300 on Debian). With `enablereuse=on` each kept connection occupies a worker of PHP-FPM: requests hang once Apache has more connections than `pm.max_children`; remove it.",
	phpFatal:         "The line names the file of the script and the reason: `Maximum execution time` is `max_execution_time`, `Allowed memory size` is `memory_limit`.",
	answered:         "Set `LogLevel warn` and look at the `ErrorLog` of the virtual host, which replaces that of the server. A 503 without a line is one that PHP sends itself, such as the maintenance mode of WordPress, or that an inner server sent.",
	connections:      "Apache had no file descriptors left: raise `LimitNOFILE` of its unit, or `ulimit -n`.",
}

// nginxCommands are commands about nginx, and those that show the same of Apache.
var nginxCommands = strings.NewReplacer(
	"nginx -T 2>/dev/null | grep -nE 'fastcgi_pass|upstream'", "grep -rnE 'SetHandler|AddHandler|ProxyPass|<Proxy|BalancerMember' /etc/apache2 /etc/httpd",
	"nginx -T 2>/dev/null | grep -n fastcgi_read_timeout", "grep -rniE '^ *(Proxy)?Timeout|timeout=' /etc/apache2 /etc/httpd",
	"nginx -T 2>/dev/null | grep -nA8 'upstream '", "grep -rn BalancerMember /etc/apache2 /etc/httpd",
	"-C nginx,apache2,httpd", "-C apache2,httpd",
	"ps -o pid,ppid,lstart,cmd -C nginx -C php-fpm8.3", "ps -o pid,ppid,lstart,cmd -C apache2,httpd -C php-fpm8.3",
	"find /etc/nginx /etc/php", "find /etc/apache2 /etc/php", "-newer /run/nginx.pid", "-newer /run/apache2/apache2.pid",
	"nginx -t", "apachectl configtest",
	"grep 'upstream prematurely closed' /var/log/nginx/error.log", "grep AH01067 /var/log/apache2/error.log",
	"/var/log/nginx/error.log", "/var/log/apache2/error.log", "/var/log/nginx/access.log", "/var/log/apache2/access.log",
	"systemctl reload nginx", "apachectl graceful",
)

// aboutNginx finds what is about nginx alone.
var aboutNginx = lazyregexp.New(`nginx|fastcgi_|\[emerg\]|upstream|too big header|sent in stderr|Resource temporarily`)

// commandsIn returns the commands of a rule for the web server that failed: without those that only
// nginx has. Those of Apache begin with the test of its files.
func (i *Incident) commandsIn(commands []string) (list []string) {
	both := func(c string) bool { return aboutApache.MatchString(c) && aboutNginx.MatchString(c) }
	if i.Web != servers.Apache {
		return slices.DeleteFunc(slices.Clone(commands), func(c string) bool { return aboutApache.MatchString(c) && !both(c) })
	}
	for _, c := range commands {
		command := nginxCommands.Replace(c)
		if (both(c) || !aboutNginx.MatchString(command)) && !slices.Contains(list, command) {
			list = append(list, command)
		}
	}
	if !slices.ContainsFunc(list, func(c string) bool { return strings.HasPrefix(c, "apachectl") }) {
		list = append([]string{"apachectl configtest"}, list...)
	}
	return list
}

// aboutApache finds what is about Apache alone.
var aboutApache = lazyregexp.New(`apachectl|apache2|httpd`)
