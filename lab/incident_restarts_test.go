//go:build linux

package lab

import (
	"fmt"
	"net"
	"syscall"
	"time"
)

// atOnce lets a reload or a stop of PHP-FPM end requests: the frame waits for them.
var atOnce = []string{"process_control_timeout = 10s", "process_control_timeout = 0"}

// restarts are the incidents in which PHP-FPM is reloaded, stopped or gone.
func restarts() []*incident {
	return append(interrupted(), downs()...)
}

// interrupted are reloads and stops that end requests.
func interrupted() []*incident {
	stopped := func(sig syscall.Signal) func(s *scene) error {
		return func(s *scene) error {
			return in(
				func() error { return s.get("/index.php", 2) },
				func() error {
					return s.during("/slow.php", 2, func([]int) error { return s.tell(sig, true) })
				},
				s.restarted,
				func() error { return s.get("/index.php", 3) },
			)
		}
	}
	slow := map[string]string{slowScript: busy("", "2")}
	return []*incident{
		{
			name: "a reload ends requests", cause: "reload-kills-requests", status: 502, swap: atOnce, files: slow,
			rows: []string{"nginx-reset", "fpm-reloading", "fpm-inherited"}, place: "process_control_timeout = 0",
			run: func(s *scene) error {
				return in(
					func() error { return s.get("/index.php", 2) },
					func() error {
						return s.during("/slow.php", 2, func([]int) error { return s.tell(syscall.SIGUSR2, false) })
					},
					func() error { return s.ready(2) },
					func() error { return s.get("/index.php", 3) },
				)
			},
		},
		{
			name: "a restart ends requests", cause: "reload-kills-requests", or: []string{"fpm-down"}, status: 502, swap: atOnce, files: slow,
			rows: []string{"nginx-reset", "fpm-stopping", "fpm-stopped"}, run: stopped(syscall.SIGTERM),
		},
		{
			name: "SIGQUIT ends requests", cause: "reload-kills-requests", or: []string{"fpm-down"}, status: 502, swap: atOnce, files: slow,
			rows: []string{"nginx-reset", "fpm-stopping", "fpm-stopped"}, run: stopped(syscall.SIGQUIT),
		},
	}
}

// ready waits until PHP-FPM has said n times that it serves.
func (s *scene) ready(n int) error {
	for deadline := time.Now().Add(stopping); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		count := 0
		for _, line := range linesOf(s.logs()[fpmLog]) {
			if row := rowOf("php-fpm", line); row != nil && row.Name == "fpm-ready" {
				count++
			}
		}
		if count >= n {
			return nil
		}
	}
	return fmt.Errorf("PHP-FPM was not ready %d times", n)
}

// onTCP lets the pool and nginx use a port.
var onTCP = []string{"listen = /run/php/php8.3-fpm.sock", "listen = 127.0.0.1:9000", "fastcgi_pass unix:/run/php/php8.3-fpm.sock", "fastcgi_pass 127.0.0.1:9000"}

// downs are the incidents in which PHP-FPM does not run.
func downs() []*incident {
	stopped := func(s *scene) error {
		return in(
			func() error { return s.get("/index.php", 3) },
			func() error { return s.tell(syscall.SIGTERM, true) },
			func() error { return s.get("/index.php", 5) },
		)
	}
	return []*incident{
		{name: "PHP-FPM is stopped", cause: "fpm-down", status: 502, rows: []string{"nginx-connect-no-socket", "fpm-stopping", "fpm-stopped"}, run: stopped},
		{name: "PHP-FPM on a port is stopped", cause: "fpm-down", status: 502, swap: onTCP, rows: []string{"nginx-connect-refused", "fpm-stopping", "fpm-stopped"}, run: stopped},
		{
			name: "PHP-FPM is killed", cause: "fpm-down", or: []string{"worker-killed"}, status: 502, rows: []string{"nginx-connect-stale-socket"},
			run: func(s *scene) error {
				return in(
					func() error { return s.get("/index.php", 3) },
					func() error { return syscall.Kill(-s.master().cmd.Process.Pid, syscall.SIGKILL) },
					func() error { return s.refused("/run/php/php8.3-fpm.sock") },
					func() error { return s.get("/index.php", 5) },
				)
			},
		},
		{
			name: "PHP-FPM stops while one request waits for another", cause: "fpm-down", or: []string{"reload-kills-requests"}, status: 502,
			swap:  append([]string{"pm.max_children = 5", "pm.max_children = 1", "pm = dynamic", "pm = static"}, atOnce...),
			files: map[string]string{slowScript: busy("", kept)},
			rows:  []string{"nginx-reset", "nginx-connect-no-socket"},
			run: func(s *scene) error {
				return in(
					func() error {
						return s.during("/slow.php", 1, func([]int) error {
							waiting := make(chan error)
							go func() { waiting <- s.send("GET", "/index.php", 2) }()
							time.Sleep(200 * time.Millisecond) // until they are in the queue
							err := s.tell(syscall.SIGTERM, true)
							if more := <-waiting; err == nil {
								err = more
							}
							return err
						})
					},
					func() error { return s.get("/index.php", 5) },
				)
			},
		},
	}
}

// refused waits until nothing listens on a socket any more.
func (s *scene) refused(path string) error {
	for deadline := time.Now().Add(stopping); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("unix", path)
		if err != nil {
			return nil
		}
		_ = conn.Close() // it was opened to see whether it opens
	}
	return fmt.Errorf("%s is still served", path)
}
