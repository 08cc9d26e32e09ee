//go:build linux

package lab

import (
	"slices"
	"syscall"
)

// partial are incidents of which the logs tell only a part.
func partial() []*incident { return slices.Concat(withheld(), elsewhere(), together()) }

// withheld are incidents whose logs are not all given, or hold less.
func withheld() []*incident {
	bare := killed("a worker crashes, by the log of nginx", "worker-died", syscall.SIGSEGV)
	bare.or, bare.pids, bare.hidden = []string{"worker-crashed", "worker-killed"}, false, []string{nginxAccess, fpmLog}
	master := killed("a worker crashes, by the log of PHP-FPM", "worker-crashed", syscall.SIGSEGV)
	master.hidden = []string{nginxAccess, nginxErrors}
	access := killed("a worker crashes, by the access log", "unknown", syscall.SIGSEGV)
	access.or, access.pids, access.hidden = []string{"log-blind"}, false, []string{nginxErrors, fpmLog}
	blind := killed("a worker crashes, and nginx logs less", "log-blind", syscall.SIGSEGV)
	blind.or, blind.pids, blind.hidden = []string{"unknown"}, false, []string{fpmLog}
	blind.swap, blind.place, blind.rows = []string{"/error.log;", "/error.log crit;"}, "/error.log crit;", []string{"fpm-child-signal"}
	unseen := badReloads()[0]
	unseen.name, unseen.hidden = unseen.name+", without its journal", []string{journalLog}
	retried := halfDead()
	retried.name, retried.hidden = retried.name+", by the error log", []string{nginxAccess}
	return []*incident{bare, master, access, blind, unseen, retried}
}

// elsewhere are 502s whose reason is not a server that fails now.
func elsewhere() []*incident {
	return []*incident{
		{
			name: "the application answers 502", cause: "answered-502", or: []string{"unknown"}, status: 502,
			files: map[string]string{slowScript: "<?php http_response_code(502); echo \"sorry\\n\";\n"}, run: requests("/slow.php", 4),
		},
		{
			name: "nginx was not reloaded", cause: "not-reloaded", or: []string{"config-changed"}, status: 502, rows: []string{"nginx-connect-no-socket"},
			swap: []string{framePass, "fastcgi_pass unix:/run/php/php8.1-fpm.sock"}, later: []string{"php8.1-fpm.sock", "php8.3-fpm.sock"},
			run: func(s *scene) error { return in(func() error { return s.get("/index.php", 4) }, s.change) },
		},
		{
			name: "nginx hides 502", cause: "fpm-down", or: []string{"error-page-hides-502"}, status: 200, rows: []string{"nginx-connect-no-socket"},
			swap:  []string{"    index index.php;", "    index index.php;\n    error_page 502 =200 /sorry.html;"},
			files: map[string]string{docroot + "sorry.html": "sorry\n"},
			run: func(s *scene) error {
				return in(func() error { return s.tell(syscall.SIGTERM, true) }, func() error { return s.get("/index.php", 4) })
			},
		},
	}
}

// together are two incidents at once.
func together() []*incident {
	two := killed("a worker crashes, and another site names a dead socket", "socket-mismatch", syscall.SIGSEGV)
	two.pids, two.also, two.place = false, "worker-crashed", "/run/php/shop.sock"
	two.rows = append(two.rows, "nginx-connect-no-socket")
	two.files["/etc/nginx/sites-enabled/shop.conf"] = "server {\n    listen 80;\n    server_name shop.example;\n    location / {\n        include /etc/nginx/fastcgi_params;\n        fastcgi_pass unix:/run/php/shop.sock;\n    }\n}\n"
	crash := two.run
	two.run = func(s *scene) error {
		return in(func() error { return crash(s) }, func() error { s.Host.Site.Host = "shop.example"; return s.get("/", 8) })
	}
	return []*incident{two}
}
