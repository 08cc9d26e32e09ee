package rules

import (
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/servers"
)

// WorkerCrashed is a worker that dies of its own fault.
var WorkerCrashed = &lint.Rule{
	ID:       "WP701",
	Name:     "worker-crashed",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "A PHP-FPM worker crashes while it serves a request.",
	Why: "The worker reads memory that it does not own, runs an instruction that the processor does not have, or aborts itself: SIGSEGV (11), SIGBUS (7), SIGILL (4), SIGFPE (8) or SIGABRT (6). The connection closes before the header, and nginx answers 502, Apache 503. " +
		"In every measured crash nginx wrote `recv() failed (104: Connection reset by peer)`, for GET and POST, over a unix socket and TCP. PHP-FPM writes `child N exited on signal 11 (SIGSEGV)` and starts another worker, so the next request may succeed.\n\n" +
		"An error of a script does not crash a worker: an uncaught exception and `memory_limit` cause a 500. The fault is in PHP, in an extension, in code that its JIT made, or in an endless recursion. Before PHP 8.3 such a recursion overflows the stack; Xdebug stops it with an error.",
	Now: "1. The kernel's line names the file in which the worker crashed: `in redis.so[…]` is that extension. `in php-fpm8.3[…]` is PHP itself, which any extension may have led there.\n" +
		"2. One URL or all? The access log has the request in the same second. One URL is often a recursion or one plugin.\n" +
		"3. What is new: PHP and its extensions (`/var/log/dpkg.log`, `dnf history`), a plugin, JIT.\n" +
		"4. After a crash opcache's shared memory may be damaged. When all requests crash from then on, restart PHP-FPM.",
	Fix: "Update the extension that the kernel names, or turn it off: `phpdismod -v 8.3 NAME && systemctl restart php8.3-fpm`. Without a name, turn off one at a time: Xdebug and profilers first, then `opcache.jit = off`, then opcache itself, then the rest. " +
		"Set `emergency_restart_threshold` and `emergency_restart_interval` so that PHP-FPM restarts when workers keep crashing (WP101).",
	Verify: []string{
		"journalctl -k --since -1h | grep -E 'segfault|traps:'",
		"grep 'exited on signal' /var/log/php8.3-fpm.log | tail -5",
		"coredumpctl list --since -1h",
		"coredumpctl gdb PID --debugger-arguments='-batch -ex bt'",
		`curl -sS -o /dev/null -w '%{http_code}\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH`,
	},
	Sources: []string{
		fpmManual + "#emergency-restart-threshold",
		"https://man7.org/linux/man-pages/man7/signal.7.html",
	},
	Logs: []*servers.Signature{
		servers.NginxReset, servers.FPMChildSignal, servers.FPMEmergencyRestart, servers.KernelSegfault,
		servers.KernelTrap, servers.KernelFaultARM64, servers.SystemdCoreDump,
	},
}

// WorkerOutOfMemory is a worker that the kernel ends because memory is full.
var WorkerOutOfMemory = &lint.Rule{
	ID:       "WP702",
	Name:     "worker-out-of-memory",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "The kernel or systemd-oomd kills PHP-FPM because memory is full.",
	Why: "When the machine, or the group of a unit or a container, reaches its limit, the kernel ends a process with SIGKILL, and the request of that worker is a 502. It chooses by size, so the database may be the victim instead. " +
		"`X invoked oom-killer` names the process that requested memory last, not the victim. PHP-FPM writes `exited on signal 9 (SIGKILL)`, nothing that says why, and `emergency_restart_threshold` does not count it.\n\n" +
		"With `OOMPolicy=stop`, the default of systemd, one killed worker stops the whole unit: then every request is a 502 until something starts it. systemd-oomd always kills a whole unit. " +
		"`memory_limit` of PHP limits one script, not the sum of the workers, and reaching it is a 500.",
	Now: "1. Who was killed, and under which limit: `Out of memory` is the machine; `Memory cgroup out of memory` and `CONSTRAINT_MEMCG` are the limit of the unit or container after `oom_memcg=`.\n" +
		"2. How large the workers were: `anon-rss` in the line of the victim, and the table of processes before it. That number times `pm.max_children` is what the pool may need (WP106).\n" +
		"3. Whether the unit still runs.\n" +
		"4. What else is on the machine: the database, a backup, a build.",
	Fix: "Lower `pm.max_children` to what fits into the memory, or raise the limit. `wp502lint check --facts` calculates it from the memory of the workers (WP106). " +
		"Give a machine some swap, and the database memory of its own. A script that needs much more than the others belongs in a pool of its own. " +
		"`OOMPolicy=continue` in a drop-in of the unit keeps PHP-FPM running when one worker is killed.",
	Verify: []string{
		"journalctl -k --since -1d | grep -iE 'out of memory|oom-kill'",
		"systemctl show UNIT -p MemoryCurrent -p MemoryMax -p OOMPolicy -p Result",
		"ps -o pid,rss,cmd --sort=-rss -C php-fpm8.3 | head",
		"free -m",
		"docker inspect -f '{{.State.OOMKilled}} {{.HostConfig.Memory}}' CONTAINER",
	},
	Sources: []string{
		systemdService + "#OOMPolicy=",
		"https://www.freedesktop.org/software/systemd/man/latest/systemd-oomd.service.html",
		phpCore + "#ini.memory-limit",
	},
	Logs: []*servers.Signature{
		servers.NginxReset, servers.FPMChildSignal, servers.KernelOOMKill, servers.KernelOOMKilled, servers.KernelOOMScope,
		servers.KernelOOMCalled, servers.KernelOOMTask, servers.SystemdOOM, servers.SystemdOomd,
	},
}

// WorkerKilled is a worker that another process ends, or that ends itself.
var WorkerKilled = &lint.Rule{
	ID:       "WP703",
	Name:     "worker-killed",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "A PHP-FPM worker ends in the middle of a request, and it neither crashed nor ran out of memory.",
	Why: "The connection closes before the header, and nginx answers 502 with `recv() failed (104: Connection reset by peer)`, Apache 503 with AH01067. What ends a worker:\n\n" +
		"* SIGKILL (9): a person or a script (`kill -9`, `killall`, a watchdog, a panel that limits accounts), or a container that is stopped. PHP-FPM itself sends it one second after a SIGTERM that the worker ignores. The kernel does so when memory is full, and then it says so (WP702).\n" +
		"* SIGTERM (15): `request_terminate_timeout`, where PHP-FPM writes `execution timed out … terminating` before it (WP108); a stop or a reload ends workers without a line for each (WP109).\n" +
		"* Exit code 124: `max_execution_time` was over, and the script stayed inside one call of C for `hard_timeout` more seconds (2 by default).\n" +
		"* Exit code 70 or 255: the worker could not be set up, or PHP failed fatally. 127: a function is missing in a shared object, so an extension was built for another PHP or another library. 1: a library ended the process; what it wrote to standard error is in the line before. Exit code 0 is the end after `pm.max_requests`, and does no harm.\n" +
		"* SIGSYS (31) is a filter for system calls (seccomp, `SystemCallFilter=`), SIGXCPU (24) a limit of processor time.",
	Now: "1. The line of PHP-FPM in the same second: signal or exit code, and after how many seconds.\n" +
		"2. Without such a line the whole PHP-FPM was stopped or reloaded: `Terminating`, `Reloading in progress` or `Finishing`, in its log or the journal.\n" +
		"3. For SIGKILL the log of the kernel: without a line about memory, a process sent it.\n" +
		"4. cron jobs, the panel and monitoring of that minute. An audit rule finds the sender of the next one.",
	Fix: "Stop what sends the signal: reload instead of `killall`, give the container a longer `stop_grace_period`. For 124, find the slow call with `request_slowlog_timeout` (a query, a request to another host, a regular expression) and give it a timeout of its own. " +
		"For 1, 70 and 255, read the lines before it. For 127, install the extension that fits this PHP.",
	Verify: []string{
		"grep -E 'exited|terminating|Terminating|Reloading' /var/log/php8.3-fpm.log | tail -20",
		"journalctl -k --since -1h | grep -iE 'killed process|oom'",
		"auditctl -a always,exit -F arch=b64 -S kill -F a1=9 -k who-kills",
		"ausearch -k who-kills -i",
		"grep -rE 'kill|restart|reload' /etc/cron* /var/spool/cron",
	},
	Sources: []string{
		fpmManual + "#request-terminate-timeout",
		phpCore + "#ini.hard-timeout",
	},
	Logs: []*servers.Signature{
		servers.NginxReset, servers.FPMChildSignal, servers.FPMChildExited, servers.FPMStopping,
	},
}

// BrokenHeader is an answer of PHP or an origin that nginx refuses.
var BrokenHeader = &lint.Rule{
	ID:       "WP706",
	Name:     "broken-header",
	Cause:    lint.RunTime,
	Outcomes: lint.Outcomes{lint.BadGateway: lint.AtRunTime},
	Summary:  "PHP or an origin sends a status or a header that nginx refuses.",
	Why: "The worker is still running, but nginx does not accept its answer. nginx refuses a header name with a space, a space before the colon, an empty name, and a `Status:` that is not three digits (measured with `header('Status: abc')` and `header('X Bad: 1')`). " +
		"Since 1.23.0 it also refuses two `Content-Length` headers, an invalid one, and `Content-Length` together with `Transfer-Encoding`. A line without a colon is ignored, and a wrong `Content-Length` is a 200 that is cut. " +
		"An answer that ends before its header ends is refused as well: a FastCGI record of type 3, or `prematurely closed FastCGI stdout`.",
	Now: "1. The log quotes the header: `upstream sent invalid header: \"X Bad: 1…\"`. Search the plugins and the theme for its name.\n" +
		"2. One URL or one plugin: it is in the request of the same line.\n" +
		"3. Send the request to PHP without nginx, and look at the header.",
	Fix: "Correct the `header()` call that sends it. A status is `http_response_code(404)`, and a name has letters, digits and hyphens only. Where an origin sends two `Content-Length` headers, correct the origin: nginx has no switch that accepts them.",
	Verify: []string{
		"SCRIPT_FILENAME=/var/www/HOST/index.php REQUEST_METHOD=GET cgi-fcgi -bind -connect SOCKET | head -20 | cat -A",
		"grep -rnE \"header\\( *['\\\"](Status|HTTP/|[^:'\\\"]* )\" /var/www/HOST/wp-content",
		"curl -sS -D - -o /dev/null http://ORIGIN/ | cat -A",
		"curl -sS -o /dev/null -w '%{http_code}\\n' --resolve HOST:443:127.0.0.1 https://HOST/PATH",
	},
	Sources: []string{
		"https://nginx.org/en/CHANGES-1.24",
		"https://www.php.net/manual/en/function.header.php",
	},
	Logs: []*servers.Signature{
		servers.NginxFastcgiRecord, servers.NginxNoHeader, servers.NginxInvalidStatus, servers.NginxInvalidHeader,
	},
}
