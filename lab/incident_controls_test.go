//go:build linux

package lab

import (
	"slices"
	"syscall"
	"time"
)

// controls are incidents in which no client gets a 502.
func controls() []*incident {
	return slices.Concat(timeouts(), failures(), []*incident{crowded()}, healthyHosts())
}

// timeouts are requests that take too long.
func timeouts() []*incident {
	hasty := []string{framePass, "fastcgi_read_timeout 1s;\n        " + framePass}
	return []*incident{
		{
			name: "a script takes too long", cause: "gateway-timeout", or: []string{"slow-request"}, status: 504, swap: hasty, files: map[string]string{slowScript: busyFor("1.4")},
			rows: []string{"nginx-answer-timed-out"}, run: func(s *scene) error { return s.send("GET", "/slow.php", 2) },
		},
		{
			name: "all workers are busy", cause: "max-children", or: []string{"gateway-timeout"}, status: 504,
			swap:  slices.Concat(hasty, []string{"pm = dynamic", "pm = ondemand", "pm.max_children = 5", "pm.max_children = 1"}),
			files: map[string]string{slowScript: busy("", "2.5")}, rows: []string{"nginx-answer-timed-out", "fpm-max-children"},
			run: func(s *scene) error {
				return s.during("/slow.php", 1, func([]int) error { return s.send("GET", "/index.php", 2) })
			},
		},
		{
			name: "the client leaves", cause: "client-closed", or: []string{"healthy"}, status: 0, swap: []string{"/error.log;", "/error.log info;"},
			files: map[string]string{slowScript: busy("", "1")}, rows: []string{"nginx-client-closed"},
			run: func(s *scene) error {
				r, err := s.request("GET", "/slow.php")
				if err == nil {
					s.add(r.sendAll(300*time.Millisecond, nil))
					_, err = s.workers(1)
				}
				return err
			},
		},
		{
			name: "a script is slow", cause: "slow-request", or: []string{"healthy"}, status: 200, files: map[string]string{slowScript: busyFor("3")},
			swap: []string{"catch_workers_output = yes", "request_slowlog_timeout = 1s\nslowlog = /var/log/php/slow.log"},
			rows: []string{"fpm-slow"}, run: requests("/slow.php", 1),
		},
		{
			name: "too many requests", cause: "rate-limited", status: 503,
			swap: []string{"    index index.php;", "    index index.php;\n    limit_req zone=one;", frameSite, "limit_req_zone $binary_remote_addr zone=one:1m rate=1r/s;\n" + frameSite},
			rows: []string{"nginx-limited"}, run: requests("/index.php", 5),
		},
	}
}

// failures are those of scripts.
func failures() []*incident {
	toNginx := []string{"error_log = /var/log/php/errors.log", ""}
	return []*incident{
		{
			name: "a script fails", cause: "php-fatal", status: 500, swap: toNginx,
			files: map[string]string{slowScript: "<?php nowhere();\n"},
			rows:  []string{"nginx-php-fatal"}, run: requests("/slow.php", 3),
		},
		{
			name: "a script warns and fails", cause: "php-fatal", status: 500, swap: append([]string{"catch_workers_output = yes", ""}, toNginx...),
			files: map[string]string{slowScript: "<?php echo $unknown; nowhere();\n"},
			rows:  []string{"nginx-php-fatal"}, run: requests("/slow.php", 3),
		},
		{
			name: "a script warns", cause: "healthy", status: 200, swap: toNginx,
			files: map[string]string{slowScript: "<?php echo $unknown, \"warned\\n\";\n"},
			rows:  []string{"nginx-stderr"}, run: requests("/slow.php", 3),
		},
		{
			name: "PHP-FPM looks for scripts elsewhere", cause: "script-not-found", status: 404, swap: []string{"SCRIPT_FILENAME $document_root", "SCRIPT_FILENAME /srv/blog"},
			rows: []string{"nginx-script-unknown"}, run: requests("/index.php", 3),
		},
		{
			name: "a worker dies after the header", cause: "truncated", status: 200, swap: []string{framePass, "fastcgi_buffering off;\n        " + framePass},
			files: map[string]string{slowScript: busy("echo str_repeat('x', 9000); flush();", kept)}, rows: []string{"nginx-truncated", "fpm-child-signal"},
			run: func(s *scene) error { return s.during("/slow.php", 1, kill(syscall.SIGSEGV)) },
		},
	}
}

// crowded gives nginx too few connections.
func crowded() *incident {
	return &incident{
		name: "nginx has too few connections", cause: "worker-connections", status: 500, files: map[string]string{slowScript: busy("", "2")}, rows: []string{"nginx-worker-connections"},
		swap: []string{"worker_processes auto;", "worker_processes 1;", "worker_connections 768", "worker_connections 9"},
		run: func(s *scene) error {
			return s.during("/slow.php", 3, func([]int) error { return s.get("/index.php", 2) })
		},
	}
}

// healthyHosts are hosts that serve all requests.
func healthyHosts() []*incident {
	return []*incident{
		{
			name: "a reload waits for requests", cause: "healthy", status: 200, files: map[string]string{slowScript: busy("", "0.8")}, rows: []string{"fpm-reloading", "fpm-inherited"},
			run: func(s *scene) error {
				return in(
					func() error {
						return s.during("/slow.php", 2, func([]int) error { return s.tell(syscall.SIGUSR2, false) })
					},
					func() error { return s.ready(2) },
					func() error { return s.get("/index.php", 3) },
				)
			},
		},
		{
			name: "workers are recycled", cause: "healthy", status: 200, swap: []string{"pm.max_children = 5", "pm.max_children = 5\npm.max_requests = 2"},
			rows: []string{"fpm-child-exited", "fpm-child-started"}, run: requests("/index.php", 12),
		},
		{
			name: "a second PHP-FPM is refused", cause: "healthy", or: []string{"fpm-refused"}, status: 200, rows: []string{"fpm-already-listening"},
			run: func(s *scene) error {
				return in(func() error { return s.get("/index.php", 2) }, s.restart, s.refuses, func() error { return s.get("/index.php", 2) })
			},
		},
		halfDead(),
		{
			name: "workers write to standard error", cause: "php-fatal", status: 500,
			swap:  []string{"error_log = /var/log/php/errors.log", "", "memory_limit = 128M", "memory_limit = 128M\nfastcgi.logging = 0"},
			files: map[string]string{slowScript: "<?php error_log('cart is empty'); nowhere();\n"},
			rows:  []string{"fpm-php-fatal", "fpm-said"}, run: requests("/slow.php", 3),
		},
	}
}

// halfDead is a host with an upstream of which one server answers and the other does not.
func halfDead() *incident {
	return &incident{
		name: "one of two servers is dead", cause: "dead-peer", or: []string{"healthy"}, status: 200, rows: []string{"nginx-connect-refused"},
		swap: []string{framePass, "fastcgi_pass php", frameSite, "upstream php {\n    server 127.0.0.1:9001;\n    server unix:/run/php/php8.3-fpm.sock;\n}\n" + frameSite},
		run:  requests("/index.php", 6),
	}
}
