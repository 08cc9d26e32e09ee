//go:build linux

package lab

import (
	"fmt"
	"syscall"
)

// The scripts of the incidents.
const (
	slowScript  = docroot + "slow.php"
	deepScript  = docroot + "deep.php"
	plainScript = docroot + "index.php"
)

// deep calls itself through a function of PHP's own, which uses the stack of the process.
const deep = "<?php function deep($x) { return array_map('deep', [$x]); } deep(1);\n"

// kept is how long the scripts run that the incident ends.
const kept = "8"

// death is an incident in which workers die that serve requests.
func death(name, cause string, f func(s *scene, pids []int) error) *incident {
	return &incident{
		name: name, cause: cause, status: 502, pids: true,
		files: map[string]string{slowScript: busy("", kept)},
		rows:  []string{"nginx-reset", "fpm-child-signal", "fpm-child-started", "fpm-ready", "fpm-running"},
		run: func(s *scene) error {
			return in(
				func() error { return s.get("/index.php", 3) },
				func() error { return s.during("/slow.php", 2, func(pids []int) error { return f(s, pids) }) },
				func() error { return s.get("/index.php", 3) },
			)
		},
	}
}

// killed is a death by a signal.
func killed(name, cause string, sig syscall.Signal) *incident {
	return death(name, cause, func(_ *scene, pids []int) error { return kill(sig)(pids) })
}

// deaths are the incidents in which PHP-FPM's workers die.
func deaths() []*incident { return append(signalled(), ended()...) }

// signalled are the incidents in which a signal that PHP-FPM did not send ends a worker.
func signalled() []*incident {
	segfault := death("a worker crashes in an extension", "worker-crashed", func(s *scene, pids []int) error {
		for _, pid := range pids {
			s.note(segfaultLine(pid, "redis.so"))
		}
		return kill(syscall.SIGSEGV)(pids)
	})
	segfault.says = "redis.so"
	segfault.rows = append(segfault.rows, "kernel-segfault")
	oom := death("a worker is killed for memory", "worker-oom", func(s *scene, pids []int) error {
		for _, pid := range pids {
			s.note(oomLines(pid)...)
		}
		return kill(syscall.SIGKILL)(pids)
	})
	oom.or = []string{"memory-oversubscribed"}
	oom.rows = append(oom.rows, "kernel-oom-kill", "kernel-oom-scope", "kernel-oom-called", "kernel-oom-task", "kernel-oom-reaped")
	return []*incident{
		killed("a worker crashes", "worker-crashed", syscall.SIGSEGV),
		segfault,
		killed("a worker gets SIGBUS", "worker-crashed", syscall.SIGBUS),
		killed("a worker aborts", "worker-crashed", syscall.SIGABRT),
		killed("a worker is killed", "worker-killed", syscall.SIGKILL),
		oom,
	}
}

// ended are deaths for which scripts or settings are the reason.
func ended() []*incident {
	return []*incident{
		{
			name: "a script recurses without end", cause: "worker-crashed", status: 502, pids: true,
			files: map[string]string{deepScript: deep},
			rows:  []string{"nginx-reset", "fpm-child-signal"},
			run:   deepAgain(1),
		},
		{
			name: "crashes make PHP-FPM restart", cause: "worker-crashed", or: []string{"emergency-restart"}, status: 502, pids: true,
			swap:  []string{"emergency_restart_threshold = 10", "emergency_restart_threshold = 2"},
			files: map[string]string{deepScript: deep},
			rows:  []string{"nginx-reset", "fpm-child-signal", "fpm-emergency-restart", "fpm-inherited"},
			run:   deepAgain(2),
		},
		{
			name: "request_terminate_timeout ends a request", cause: "terminate-timeout", status: 502, pids: true,
			swap:  []string{"catch_workers_output = yes", "request_terminate_timeout = 2s\nrequest_slowlog_timeout = 1s\nslowlog = /var/log/php/slow.log"},
			files: map[string]string{slowScript: busy("", kept)},
			rows:  []string{"nginx-reset", "fpm-slow", "fpm-terminating", "fpm-child-signal"},
			place: "request_terminate_timeout = 2s",
			run: func(s *scene) error {
				return in(func() error { return s.get("/index.php", 2) }, func() error { return s.send("GET", "/slow.php", 2) })
			},
		},
		{
			name: "request_terminate_timeout is longer than nginx waits", cause: "gateway-timeout", or: []string{"slow-request"}, status: 504,
			swap:  []string{"catch_workers_output = yes", "request_terminate_timeout = 2s", framePass, "fastcgi_read_timeout 1s;\n        " + framePass},
			files: map[string]string{slowScript: busy("", kept)},
			rows:  []string{"nginx-answer-timed-out", "fpm-terminating"}, run: func(s *scene) error { return s.send("GET", "/slow.php", 2) },
		},
		{
			name: "hard_timeout ends a request", cause: "hard-timeout", status: 502, pids: true,
			// The limits are of the time of a processor.
			swap:  []string{"memory_limit = 128M", "memory_limit = 128M\nmax_execution_time = 1\nhard_timeout = 1", framePass, "fastcgi_read_timeout 30s;\n        " + framePass},
			files: map[string]string{slowScript: "<?php similar_text(str_repeat('ab', 80000), str_repeat('ba', 80000));\n"},
			rows:  []string{"nginx-reset", "fpm-child-exited"},
			run:   func(s *scene) error { return s.get("/slow.php", 1) },
		},
	}
}

// deepAgain requests the script that recurses n times.
func deepAgain(n int) func(s *scene) error {
	return func(s *scene) error {
		return in(
			func() error { return s.get("/index.php", 2) },
			func() error { return s.get("/deep.php", n) },
			func() error { return s.get("/index.php", 2) },
		)
	}
}

// Lines of the kernel about processes of the lab, whose numbers it would write in place of those of
// a namespace (arch/x86/mm/fault.c, show_signal_msg, and mm/oom_kill.c of 6.1).

func segfaultLine(pid int, object string) string {
	return fmt.Sprintf("php-fpm8.3[%d]: segfault at 18 ip 00007f31a5c23710 sp 00007ffc0b6fe3a0 error 4 in %s[7f31a5c01000+8f000] likely on CPU 1 (core 1, socket 0)", pid, object)
}

func oomLines(pid int) []string {
	const group = "/system.slice/php8.3-fpm.service"
	return []string{
		"php-fpm8.3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
		"memory: usage 262144kB, limit 262144kB, failcnt 87",
		"Tasks state (memory values in pages):",
		"[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
		fmt.Sprintf("[%7d]    33 %5d   112640    50120   524288        0             0 php-fpm8.3", pid, pid),
		fmt.Sprintf("oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=%[1]s,task_memcg=%[1]s,task=php-fpm8.3,pid=%[2]d,uid=33", group, pid),
		fmt.Sprintf("Memory cgroup out of memory: Killed process %d (php-fpm8.3) total-vm:450560kB, anon-rss:180224kB, file-rss:12288kB, shmem-rss:7968kB, UID:33 pgtables:512kB oom_score_adj:0", pid),
		fmt.Sprintf("oom_reaper: reaped process %d (php-fpm8.3), now anon-rss:0kB, file-rss:0kB, shmem-rss:7968kB", pid),
	}
}
