package servers

// What the kernel (mm/oom_kill.c, arch/x86/mm/fault.c, arch/arm64/kernel/traps.c of 3.10 to 6.17), systemd (src/core/service.c,
// src/oom of 249 to 257) and the audit system write.
var (
	KernelOOMKill = &Signature{"kernel-oom-kill", Log{Kernel, `(?P<scope>Out of memory|Memory cgroup out of memory): Kill(?:ed)? process (?P<pid>\d+) \((?P<process>[^)]+)\)(?:.*anon-rss:(?P<rss>\d+)kB)?`, "",
		`Memory cgroup out of memory: Killed process 1234 (php-fpm8.3) total-vm:512340kB, anon-rss:201344kB, file-rss:20480kB, shmem-rss:30720kB, UID:33 pgtables:640kB oom_score_adj:0`}, OOMKill, 0, Documented}
	KernelOOMKilled = &Signature{"kernel-oom-killed", Log{Kernel, `Killed process (?P<pid>\d+) \((?P<process>[^)]+)\)(?:, UID \d+)?,? total-vm:\d+kB, anon-rss:(?P<rss>\d+)kB`, "",
		`Killed process 1234 (php-fpm) total-vm:412344kB, anon-rss:390000kB, file-rss:1024kB`}, OOMKill, 0, Documented}
	KernelOOMScope = &Signature{"kernel-oom-scope", Log{Kernel, `oom-kill:constraint=(?P<scope>CONSTRAINT_\w+),.*?(?:oom_memcg=(?P<group>[^,]+),)?task_memcg=[^,]+,task=(?P<process>[^,]+),pid=(?P<pid>\d+),uid=\d+`, "",
		`oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/php8.3-fpm.service,task_memcg=/system.slice/php8.3-fpm.service,task=php-fpm8.3,pid=1234,uid=33`}, OOMScope, 0, Documented}
	KernelOOMCalled = &Signature{"kernel-oom-called", Log{Kernel, `(?P<process>\S+) invoked oom-killer: gfp_mask=`, "",
		`php-fpm8.3 invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`}, OOMCalled, 0, Documented}
	KernelOOMReaped = &Signature{"kernel-oom-reaped", Log{Kernel, `oom_reaper: reaped process (?P<pid>\d+) \((?P<process>[^)]+)\)`, "",
		`oom_reaper: reaped process 1234 (php-fpm8.3), now anon-rss:0kB, file-rss:0kB, shmem-rss:30720kB`}, NoSign, 0, Documented}
	// Between the resident pages and the score are two numbers, three before 4.15, and five since 6.8.
	KernelOOMTask = &Signature{"kernel-oom-task", Log{Kernel, `\[ *(?P<pid>\d+)\] +\d+ +\d+ +\d+ +(?P<pages>\d+)(?: +\d+){2,5} +-?\d+ +(?P<process>[^\s\d].*)$`, "",
		`[   1234]    33  1234   120222    60111   720896        0             0 php-fpm8.3`}, OOMTask, 0, Documented}
	// The object is left out when the address is in no file. Since 6.1 the processor follows.
	KernelSegfault = &Signature{"kernel-segfault", Log{Kernel, `(?P<process>[^\s\[\]]+)\[(?P<pid>\d+)\]: segfault at [0-9a-f]+ ip [0-9a-f]+ sp [0-9a-f]+ error \d+(?: (?:cpu \d+ )?in (?P<object>[^\[\s,]+)\[)?`, "",
		`php-fpm8.3[1234]: segfault at 18 ip 00007f826caa3710 sp 00007ffd17107eb0 error 4 in redis.so[7f826ca81000+8f000]`}, Segfault, 0, Documented}
	KernelTrap = &Signature{"kernel-trap", Log{Kernel, `traps: (?P<process>[^\s\[\]]+)\[(?P<pid>\d+)\] (?:general protection(?: fault)?|trap [a-z ]+) ip:[0-9a-f]+ sp:[0-9a-f]+ error:\d+(?: in (?P<object>[^\[\s,]+)\[)?`, "",
		`traps: php-fpm8.3[1234] general protection fault ip:7f18bb7fd710 sp:7fff2341e630 error:0 in relay.so[7f18bb7db000+8f000]`}, Segfault, 0, Documented}
	KernelFaultARM64 = &Signature{"kernel-fault-arm64", Log{Kernel, `(?P<process>[^\s\[\]]+)\[(?P<pid>\d+)\]: unhandled (?:exception: .*?|.+? \(\d+\) at 0x[0-9a-f]+.*?)(?: in (?P<object>[^\[\s]+)\[|$)`, "",
		`php-fpm8.3[1234]: unhandled exception: DABT (lower EL), ESR 0x0000000092000005, level 1 translation fault in imagick.so[ffff8a000000+1000]`}, Segfault, 0, Documented}
	SystemdCoreDump = &Signature{"systemd-core-dump", Log{Systemd, `Process (?P<pid>\d+) \((?P<process>[^)]+)\) of user \d+ dumped core`, "",
		`Process 1234 (php-fpm8.3) of user 33 dumped core.`}, Segfault, 0, Documented}
	KernelConnectionsFull = &Signature{"kernel-connections-full", Log{Kernel, `TCP: request_sock_TCP: Possible SYN flooding on port|nf_conntrack: table full, dropping packet`, "",
		`TCP: request_sock_TCP: Possible SYN flooding on port 9000. Sending cookies.`}, NoSign, 504, Documented}
	AuditDenied = &Signature{"audit-denied", Log{Audit, `avc:  ?denied  ?\{ (?P<operation>[^}]+) \}.*comm="(?P<process>[^"]+)"(?:.*(?:path|name)="(?P<path>[^"]+)")?`, "",
		`type=AVC msg=audit(1700000000.123:456): avc:  denied  { connectto } for  pid=1234 comm="nginx" path="/run/php/php8.3-fpm.sock" scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:system_r:unconfined_service_t:s0 tclass=unix_stream_socket permissive=0`}, Denied, 0, Documented}
	ApparmorDenied = &Signature{"apparmor-denied", Log{Audit, `apparmor="DENIED" operation="(?P<operation>[^"]+)".*profile="[^"]*"(?:.*name="(?P<path>[^"]+)")?(?:.*comm="(?P<process>[^"]+)")?`, "",
		`audit: type=1400 audit(1700000000.1:2): apparmor="DENIED" operation="connect" profile="/usr/sbin/nginx" name="/run/php/php8.3-fpm.sock" pid=1234 comm="nginx" requested_mask="wr" denied_mask="wr"`}, Denied, 0, Documented}
	SystemdKilled = &Signature{"systemd-killed", Log{Systemd, `(?P<unit>\S+)\.service: [Mm]ain process exited, code=(?:killed|dumped), status=(?P<signal>\d+)/\w+`, "",
		`php8.3-fpm.service: Main process exited, code=killed, status=9/KILL`}, UnitKilled, 0, Documented}
	SystemdExited = &Signature{"systemd-exited", Log{Systemd, `(?P<unit>\S+)\.service: (?:[Mm]ain|[Cc]ontrol) process exited,? code=exited,? status=(?P<code>\d+)`, "",
		`php8.3-fpm.service: Main process exited, code=exited, status=78/CONFIG`}, UnitExited, 0, Documented}
	SystemdOOM = &Signature{"systemd-oom", Log{Systemd, `(?P<unit>\S+)\.service: (?:A process of this unit has been killed by the OOM killer|The kernel OOM killer killed some processes in this unit|systemd-oomd killed \d+ process\(es\) in this unit|Failed with result 'oom-kill')`, "",
		`php8.3-fpm.service: A process of this unit has been killed by the OOM killer.`}, UnitOOM, 0, Documented}
	SystemdOomd = &Signature{"systemd-oomd", Log{Systemd, `Killed (?P<path>\S+/(?P<unit>[^/\s]+)\.service) due to memory (?:pressure|used)`, "",
		`Killed /system.slice/php8.3-fpm.service due to memory pressure for /system.slice being 65.12% > 60.00% for > 20s with reclaim activity`}, UnitOOM, 0, Documented}
	SystemdCannotRun = &Signature{"systemd-cannot-run", Log{Systemd, `(?P<unit>\S+)\.service: (?:Failed at step (?P<step>\w+) spawning (?P<path>\S+?)|Failed to locate executable (?P<file>\S+?)): `, "",
		`php8.3-fpm.service: Failed at step EXEC spawning /usr/sbin/php-fpm8.3: No such file or directory`}, UnitCannot, 0, Documented}
	SystemdGaveUp = &Signature{"systemd-gave-up", Log{Systemd, `(?P<unit>\S+)\.service: (?:Start request repeated too quickly|Failed with result 'start-limit-hit')`, "",
		`php8.3-fpm.service: Start request repeated too quickly.`}, UnitLimit, 0, Documented}
	SystemdRestarts = &Signature{"systemd-restarts", Log{Systemd, `(?P<unit>\S+)\.service: Scheduled restart job, restart counter is at (?P<number>\d+)`, "",
		`php8.3-fpm.service: Scheduled restart job, restart counter is at 5.`}, UnitRestart, 0, Documented}
	SystemdNotStarted = &Signature{"systemd-not-started", Log{Systemd, `Failed to (?:re)?start (?:(?P<unit>\S+)\.service\b|The PHP \S+ FastCGI Process Manager)`, "",
		`Failed to start php8.3-fpm.service - The PHP 8.3 FastCGI Process Manager.`}, UnitFailed, 0, Documented}
	SystemdJobFailed = &Signature{"systemd-job-failed", Log{Systemd, `Job for (?P<unit>\S+)\.service failed because`, "",
		`Job for php8.3-fpm.service failed because the control process exited with error code.`}, UnitFailed, 0, Documented}
	SystemdFailed = &Signature{"systemd-failed", Log{Systemd, `(?P<unit>\S+)\.service: Failed with result '[\w-]+'`, "",
		`php8.3-fpm.service: Failed with result 'exit-code'.`}, UnitFailed, 0, Documented}
)

// What supervisord writes, which runs both servers in many images (supervisor process.py and
// options.py of 3.0 to 4.2).
var (
	SupervisorExited = &Signature{"supervisor-exited", Log{Supervisor, `(?:INFO|WARN) exited: (?P<unit>\S+) \(exit status (?P<code>\d+); not expected\)`, "",
		`INFO exited: php-fpm (exit status 78; not expected)`}, UnitExited, 0, Documented}
	SupervisorKilled = &Signature{"supervisor-killed", Log{Supervisor, `(?:INFO|WARN) exited: (?P<unit>\S+) \(terminated by SIG(?P<word>\w+)(?: \(core dumped\))?; not expected\)`, "",
		`INFO exited: php-fpm (terminated by SIGKILL; not expected)`}, UnitKilled, 0, Documented}
	SupervisorGaveUp = &Signature{"supervisor-gave-up", Log{Supervisor, `gave up: (?P<unit>\S+) entered FATAL state, too many start retries too quickly`, "",
		`INFO gave up: php-fpm entered FATAL state, too many start retries too quickly`}, UnitLimit, 0, Documented}
	SupervisorCannotRun = &Signature{"supervisor-cannot-run", Log{Supervisor, `spawnerr: (?:can't find command|command at) '(?P<path>[^']*php[^']*)'`, "",
		`INFO spawnerr: can't find command '/usr/sbin/php-fpm8.3'`}, UnitCannot, 0, Documented}
)

var machineSignatures = []*Signature{
	KernelOOMKill, KernelOOMKilled, KernelOOMScope, KernelOOMCalled, KernelOOMReaped, KernelOOMTask,
	KernelSegfault, KernelTrap, KernelFaultARM64, SystemdCoreDump, KernelConnectionsFull, AuditDenied,
	ApparmorDenied, SystemdKilled, SystemdExited, SystemdOOM, SystemdOomd, SystemdCannotRun, SystemdGaveUp,
	SystemdRestarts, SystemdNotStarted, SystemdJobFailed, SystemdFailed, SupervisorExited, SupervisorKilled,
	SupervisorGaveUp, SupervisorCannotRun,
}
