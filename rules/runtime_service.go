package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// FPMDown is a PHP-FPM that does not run, where the files agree on its address.
var FPMDown = &lint.Rule{
	ID:       "WP704",
	Name:     "fpm-down",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "PHP-FPM does not run, although the web server and the pool name the same address.",
	Why: "A PHP-FPM that is stopped removes its unix sockets: nginx writes `failed (2: No such file or directory)`, and Apache `(2)No such file or directory`. One that is killed leaves them: `Connection refused`, and so does a closed TCP port. Every request of every pool of that master is a 502, or a 503 with Apache.\n\n" +
		"PHP-FPM ends on a stop, on a refused start, when memory is full, and also at a reload. With a fault in any pool file, a reload (`kill -USR2`) ends the master that runs, with exit status 78 (measured). `systemctl reload` of Debian does not test the files first. " +
		"PHP-FPM writes what it refuses in a file to its standard error only, which is the journal; its own log then ends with `reloading: execvp(`. The workers of a killed master serve until they end, so the first 502 may come later than the kill.",
	Now: "1. Whether it runs: `systemctl status`. `failed` with status 78 is a refused configuration, 9 or `oom-kill` a kill (WP702), `inactive` a stop.\n" +
		"2. `php-fpm -t`, and its last lines in the journal, which name the file and the line.\n" +
		"3. Whether something listens at the address that nginx logs.\n" +
		"4. Whether it starts at boot, when the 502s began with a boot.",
	Fix: "Start it: `systemctl start UNIT`. If it does not start, correct what it refuses (`wp502lint check` names the line). Let it start at boot with `systemctl enable UNIT`. Test before each reload: `php-fpm8.3 -t && systemctl reload php8.3-fpm`. `Restart=on-failure` in a drop-in of the unit starts it again after a kill.",
	Verify: []string{
		"systemctl status UNIT --no-pager",
		"journalctl -u UNIT -n 30 --no-pager",
		"php-fpm8.3 -t",
		"ss -xlp | grep SOCKET",
		"ss -tlnp | grep PORT",
		"curl -sS -o /dev/null -w '%{http_code}\\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH",
	},
	Sources: []string{
		systemdService + "#Restart=",
		manConnect,
	},
	Logs: []*servers.Signature{
		servers.NginxConnectNoSocket, servers.NginxConnectStaleSocket, servers.NginxConnectRefused, servers.FPMStopping,
		servers.FPMStopped, servers.SystemdKilled, servers.SystemdExited, servers.SystemdFailed, servers.SystemdJobFailed,
		servers.SupervisorExited, servers.SupervisorKilled,
	},
}

// BacklogOverflow is a queue of a unix socket that is full.
var BacklogOverflow = &lint.Rule{
	ID:       "WP705",
	Name:     "backlog-overflow",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "The queue of the pool's unix socket is full, because all workers are busy.",
	Why: "A request that finds no free worker waits in the queue of the socket. When the queue is full as well, `connect()` to a unix socket fails at once with `11: Resource temporarily unavailable`, and nginx answers 502; Apache waits. Its length is `listen.backlog`, but at most `net.core.somaxconn`.\n\n" +
		"A full queue is a symptom: workers are too slow or too few. Requests that wait are a 504 when `fastcgi_read_timeout` expires, so 504s come first. On a TCP port a full queue is never this line: the kernel drops the packet and tries again, which is a 504. " +
		"`server reached pm.max_children` is written once by `dynamic` and `ondemand` pools and never by `static` ones.",
	Now: "1. What the workers do: the slow log, the status page (`listen queue`, `slow requests`), the queries of the database.\n" +
		"2. Where the requests come from: one address or one bot in the access log, `xmlrpc.php`, `wp-cron.php`, a page whose cache was just emptied.\n" +
		"3. How long the queue is: `Recv-Q` of the socket is what waits, `Send-Q` its length.",
	Fix: "Make the slow requests faster or refuse them (`limit_req`, a page cache). Raise `pm.max_children` as far as the memory allows (WP106). Remove a small `listen.backlog` (WP416) and raise `net.core.somaxconn`: a longer queue helps in a burst, but not with a pool that is too slow.",
	Verify: []string{
		"ss -xl | grep SOCKET",
		"sysctl net.core.somaxconn",
		"SCRIPT_NAME=/status SCRIPT_FILENAME=/status REQUEST_METHOD=GET cgi-fcgi -bind -connect SOCKET",
		"grep max_children /var/log/php8.3-fpm.log | tail -5",
		"tail -100 /var/log/php8.3-fpm-slow.log",
	},
	Sources: []string{
		fpmManual + "#listen-backlog",
		manConnect,
		fpmStatus,
	},
	Logs: []*servers.Signature{servers.NginxConnectQueueFull, servers.FPMMaxChildren},
}

// ServiceCrashLoop is a service that systemd starts again and again.
var ServiceCrashLoop = &lint.Rule{
	ID:       "WP710",
	Name:     "service-crash-loop",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "systemd starts PHP-FPM or the web server again and again, and then gives up.",
	Why: "A service that ends right after its start is started again if its unit says `Restart=`. After five starts within ten seconds, the default, systemd gives up: `Start request repeated too quickly`. From then on the service stays down, and even a correct configuration does not bring it back until somebody starts it. " +
		"A container with `restart: always` does the same endlessly, with longer and longer pauses.\n\n" +
		"The exit status names the reason. 78 is a configuration that PHP-FPM refuses, 70 a fault while it starts, 254 opcache, 1 nginx. 203/EXEC is a program that is missing or may not run, such as a PHP that was removed. 217/USER is an account that does not exist, and 226/NAMESPACE a path of the unit that does not exist.",
	Now: "1. The first failure, not the last line: it is before the first `Scheduled restart job`.\n" +
		"2. The exit status, and the lines of the service before it.\n" +
		"3. The configuration: `php-fpm -t` or `nginx -t`, and `wp502lint check`, since a bind, a directory of a socket and opcache are not part of `-t`.\n" +
		"4. For 203: whether the program of `ExecStart=` still exists.",
	Fix: "Correct what the first failure names, then `systemctl reset-failed UNIT` and `systemctl start UNIT`. After a PHP upgrade, disable the unit of the old version.",
	Verify: []string{
		"systemctl status UNIT --no-pager",
		"systemctl show UNIT -p NRestarts -p ExecMainStatus -p Result -p ExecStart",
		"journalctl -u UNIT -b --no-pager | grep -m1 -B20 'Scheduled restart job'",
		"php-fpm8.3 -t; nginx -t",
		"systemctl reset-failed UNIT && systemctl start UNIT",
	},
	Sources: []string{
		systemdService + "#Restart=",
		systemdExec,
		"https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html",
	},
	Logs: []*servers.Signature{
		servers.SystemdRestarts, servers.SystemdGaveUp, servers.SupervisorGaveUp, servers.SupervisorCannotRun, servers.SystemdExited, servers.SystemdCannotRun,
		servers.SystemdFailed,
	},
}

// NotReloaded is a server that runs with other files than those on the disk.
var NotReloaded = &lint.Rule{
	ID:       "WP713",
	Name:     "not-reloaded",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "The files are right today, but the server that runs has older ones, or no line of them names the address in the log.",
	Why: "nginx and PHP-FPM read their files when they start and when they are reloaded. Until then an error in the log is about the older text. `nginx -T` prints the files on the disk, not what the running nginx uses.\n\n" +
		"* A reload with a fault leaves nginx running with the old configuration; it writes `[emerg]` and answers as before.\n" +
		"* A reload with a fault ends PHP-FPM (WP704).\n" +
		"* A reload of PHP-FPM keeps sockets that exist: a changed `listen.owner`, `listen.group` or `listen.mode` takes effect only after a restart, and a socket whose directory was deleted is not made again (measured). A changed `listen` takes effect.\n" +
		"* An address that no line names may belong to another nginx or container, to a deleted file, or come from a variable.",
	Now: "1. When the server started or was reloaded, and when the files changed.\n" +
		"2. The last `[emerg]` in the error log: a reload that was refused.\n" +
		"3. Which nginx wrote the line: its process number is in it, and another container has files of its own.\n" +
		"4. Whether the 502s still happen: the log may be older than the last change.",
	Fix: "Test and reload both: `nginx -t && systemctl reload nginx`, `php-fpm8.3 -t && systemctl reload php8.3-fpm`; restart PHP-FPM after a change of the owner or mode of its socket. In a container, recreate it: `docker compose up -d --force-recreate`.",
	Verify: []string{
		"ps -o pid,ppid,lstart,cmd -C nginx -C php-fpm8.3",
		"find /etc/nginx /etc/php -name '*.conf' -newer /run/nginx.pid",
		"nginx -t && php-fpm8.3 -t",
		"grep -F '[emerg]' /var/log/nginx/error.log | tail -5",
		"namei -l SOCKET",
		"curl -sS -o /dev/null -w '%{http_code}\\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH",
	},
	Sources: []string{
		nginxControl + "#reconfiguration",
		fpmManual + "#listen-owner",
	},
	Logs: []*servers.Signature{
		servers.NginxConnectNoSocket, servers.NginxConnectDenied, servers.NginxConnectRefused, servers.NginxRefused,
		servers.FPMInherited,
	},
}
