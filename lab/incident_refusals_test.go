//go:build linux

package lab

import (
	"errors"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// refusals are the incidents in which a server does not start, or ends in a reload.
func refusals() []*incident { return slices.Concat(badStarts(), badReloads(), webRefusals()) }

// refusesAgain restarts PHP-FPM with the changed files, which it refuses.
func refusesAgain(s *scene) error {
	return in(
		func() error { return s.get("/index.php", 2) },
		s.change,
		s.reloadNginx,
		func() error { return s.tell(syscall.SIGTERM, true) },
		s.restart,
		func() error { return s.refuses() },
		func() error { return s.get("/index.php", 5) },
	)
}

// reloadNginx reloads nginx and waits until the old workers have ended.
func (s *scene) reloadNginx() error {
	if err := s.Nginx.signal(syscall.SIGHUP); err != nil {
		return err
	}
	for deadline := time.Now().Add(stopping); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(noticeLog)
		if err != nil || strings.Contains(string(text), "exited with code 0") {
			return err
		}
	}
	return errors.New("nginx does not reload")
}

// refuses reports it if PHP-FPM runs.
func (s *scene) refuses() error {
	if s.master().Refused == "" {
		return errors.New("PHP-FPM does not refuse to start")
	}
	return nil
}

// refused is an incident in which PHP-FPM refuses a change of its files when it is restarted.
func refused(name, place string, later []string, rows ...string) *incident {
	return &incident{name: "PHP-FPM refuses " + name, cause: "fpm-refused", status: 502, later: later, place: place, rows: rows, run: refusesAgain}
}

const frameChildren = "pm.max_children = 5"

// badStarts are the starts that PHP-FPM refuses.
func badStarts() []*incident {
	shop := func(listen string) []string {
		return []string{"catch_workers_output = yes", "catch_workers_output = yes\n[shop]\nuser = www-data\n" + listen + "\npm = static\npm.max_children = 2"}
	}
	return []*incident{
		refused("numbers of workers", "pm.start_servers = 9", []string{"pm.start_servers = 2", "pm.start_servers = 9"}, "fpm-start-servers", "fpm-refused"),
		refused("an unknown entry", "pm.max_childern = 5", []string{frameChildren, "pm.max_childern = 5"}, "fpm-unknown-entry", "fpm-include-failed", "fpm-refused"),
		refused("two pools on a socket", "php8.3-fpm.sock ; too", shop("listen = /run/php/php8.3-fpm.sock ; too"), "fpm-listen-twice", "fpm-refused"),
		refused("two spellings of a socket", "/run/php//php8.3-fpm.sock", shop("listen = /run/php//php8.3-fpm.sock"), "fpm-already-listening", "fpm-not-initialized"),
		refused("a parenthesis", "(yes)", []string{"catch_workers_output = yes", "catch_workers_output = a(yes)"}, "fpm-syntax", "fpm-include-failed"),
		refused("a folder without pools", "include = /etc/php/8.3/fpm/pool.d/*.pool", []string{"fpm/pool.d/*.conf", "fpm/pool.d/*.pool"}, "fpm-include-failed", "fpm-no-pool"),
		refused("to look in a missing folder", "include = /etc/php/8.3/fpm/pools.d/*.conf", []string{"fpm/pool.d/*.conf", "fpm/pools.d/*.conf"}, "fpm-refused"),
		refused("a slow log without its folder", "slowlog = /var/log/slow/www.log", []string{frameChildren, frameChildren + "\nslowlog = /var/log/slow/www.log\nrequest_slowlog_timeout = 5"}, "fpm-slowlog-unusable"),
		refused("a socket without its folder", "listen = /run/fpm/php8.3-fpm.sock", []string{frameListen, "listen = /run/fpm/php8.3-fpm.sock\n", framePass, "fastcgi_pass unix:/run/fpm/php8.3-fpm.sock"}, "fpm-socket-not-created"),
		refused("to preload as root", "opcache.preload = /var/www/blog/index.php", []string{"opcache.jit = off", "opcache.preload = /var/www/blog/index.php"}, "fpm-preload-user-missing"),
	}
}

// badReloads are those that end the running PHP-FPM.
func badReloads() []*incident {
	return []*incident{{
		name: "a reload with a fault ends PHP-FPM", cause: "fpm-refused", status: 502, place: "pm.max_childern = 5",
		later: []string{frameChildren, "pm.max_childern = 5"}, rows: []string{"fpm-reloading", "fpm-unknown-entry", "nginx-connect-stale-socket"},
		run: func(s *scene) error {
			return in(
				func() error { return s.get("/index.php", 2) },
				s.change,
				func() error { return s.tell(syscall.SIGUSR2, true) },
				func() error { return s.get("/index.php", 5) },
			)
		},
	}}
}

// webRefusals are those of nginx.
func webRefusals() []*incident {
	refuses := func(s *scene) error {
		if s.Nginx.Refused == "" {
			return errors.New("nginx does not refuse to start")
		}
		return nil
	}
	return []*incident{
		{
			name: "nginx does not find a host when it starts", cause: "host-not-found", or: []string{"nginx-refused"},
			swap: []string{framePass, "fastcgi_pass php.internal:9000"}, place: "fastcgi_pass php.internal:9000", rows: []string{"nginx-host-not-found"}, run: refuses,
		},
		{
			name: "nginx cannot bind", cause: "nginx-refused",
			swap: append([]string{"listen 80;", "listen 80;\n    listen 127.0.0.1:9000;"}, onTCP...), rows: []string{"nginx-refused-elsewhere"}, run: refuses,
		},
		{
			name: "nginx refuses a reload", cause: "nginx-refused", status: 200, place: "client_max_bodysize 8m",
			later: []string{"    index index.php;", "    client_max_bodysize 8m;"}, rows: []string{"nginx-unknown-directive"},
			run: func(s *scene) error {
				return in(
					func() error { return s.get("/index.php", 2) },
					s.change,
					func() error { return s.Nginx.signal(syscall.SIGHUP) },
					func() error { return s.get("/index.php", 2) },
				)
			},
		},
	}
}
