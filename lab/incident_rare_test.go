//go:build linux

package lab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// rare are incidents whose lines few logs hold.
func rare() []*incident { return slices.Concat(rareAnswers(), rareConnections(), rareLimits()) }

// record returns a record of FastCGI for the first request.
func record(kind byte, content string) string {
	return string([]byte{1, kind, 0, 1, 0, byte(len(content)), 0, 0}) + content
}

// answering answers every request in one way and closes the connection.
func answering(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096)) // the rest is of no interest
		_, _ = io.WriteString(conn, answer)
		_ = conn.Close()
	}
}

// rareAnswers are those of servers that do not keep to FastCGI.
func rareAnswers() []*incident {
	says := func(name, answer, row string) *incident {
		return &incident{
			name: name, cause: "broken-header", or: []string{"wrong-protocol", "socket-mismatch"}, status: 502, rows: []string{row}, swap: []string{framePass, "fastcgi_pass 127.0.0.1:9005"},
			run: func(s *scene) error {
				return in(
					func() error {
						return s.listen("127.0.0.1:9005", answering(answer))
					},
					func() error { return s.get("/index.php", 3) },
				)
			},
		}
	}
	const ended = "\x00\x00\x00\x00\x00\x00\x00\x00"
	return []*incident{
		says("an application sends no header", record(6, "")+record(3, ended), "nginx-no-header"),
		says("an application ends before its header", record(3, ended), "nginx-fastcgi-record"),
	}
}

// rareConnections are connections that fail in rare ways.
func rareConnections() []*incident {
	return []*incident{
		{
			name: "the network of the origin is unreachable", cause: "origin-down", status: 502, rows: []string{"nginx-connect-unreachable"},
			files: proxied("proxy_pass http://192.0.2.1:3000;"), place: "proxy_pass http://192.0.2.1:3000", run: requests("/", 3),
		},
		{
			name: "the origin closes connections in the handshake", cause: "origin-closed", or: []string{"tls-name"}, status: 502, rows: []string{"nginx-tls-failed"},
			files: proxied("proxy_pass https://127.0.0.1:3000;"),
			run: func(s *scene) error {
				return in(
					func() error { return s.listen("127.0.0.1:3000", answering("")) },
					func() error { return s.get("/", 3) },
				)
			},
		},
		{
			name: "the origin closes connections during an upload", cause: "origin-closed", status: 502, rows: []string{"nginx-reset"},
			files: proxied("client_max_body_size 16m;\n        proxy_pass http://127.0.0.1:3000;"),
			run: func(s *scene) error {
				return in(
					func() error {
						return s.listen("127.0.0.1:3000", func(conn net.Conn) {
							time.Sleep(50 * time.Millisecond) // until the buffers are full
							_ = conn.Close()
						})
					},
					func() error { return s.upload("/", 8<<20) },
				)
			},
		},
		{
			name: "the queue of the port is full", cause: "gateway-timeout", status: 504, rows: []string{"nginx-connect-timed-out"},
			files: proxied("proxy_connect_timeout 1s;\n        proxy_pass http://127.0.0.1:3000;"),
			run: func(s *scene) error {
				return in(func() error { return s.full(3000) }, func() error { return s.send("GET", "/", 2) })
			},
		},
	}
}

// upload sends a body of some bytes.
func (s *scene) upload(path string, size int) error {
	r, err := s.request("POST", path)
	if err != nil {
		return err
	}
	network, address := r.address()
	conn, err := net.DialTimeout(network, address, s.Host.Patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(s.Host.Patience)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", path, r.Host, size, strings.Repeat("x", size)); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	s.add(Answers{r, []Answer{{Status: answer.StatusCode}}})
	return answer.Body.Close()
}

// full listens on a port of the loopback with a queue that is full.
func (s *scene) full(port int) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	s.open = append(s.open, os.NewFile(uintptr(fd), "queue"))
	if err := errors.Join(unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}), unix.Listen(fd, 0)); err != nil {
		return err
	}
	for range 3 {
		conn, err := net.DialTimeout("tcp4", "127.0.0.1:"+strconv.Itoa(port), 100*time.Millisecond)
		if err != nil {
			return nil // it is full
		}
		s.open = append(s.open, conn)
	}
	return errors.New("the queue takes all connections")
}

// rareLimits are limits of the servers.
func rareLimits() []*incident {
	return []*incident{
		{
			name: "nginx has too few files", cause: "worker-connections", status: 500, rows: []string{"nginx-too-many-files"},
			swap:  []string{"worker_processes auto;", "worker_processes 1;\nworker_rlimit_nofile 16;"},
			files: map[string]string{slowScript: busy("", "2")},
			run: func(s *scene) error {
				return s.during("/slow.php", 2, func([]int) error { return s.send("GET", "/index.php", 4) })
			},
		},
		{
			name: "a worker of nginx crashes", cause: "other-process", or: []string{"healthy"}, status: 200, rows: []string{"nginx-worker-killed"},
			run: func(s *scene) error {
				return in(func() error { return s.get("/index.php", 2) }, s.killWeb)
			},
		},
		{
			name: "process.max leaves a pool without a worker", cause: "max-children", or: []string{"healthy"}, status: 200, rows: []string{"fpm-process-max"},
			swap: []string{"[global]", "[global]\nprocess.max = 1"}, run: requests("/index.php", 2),
		},
	}
}

var startsWorker = regexp.MustCompile(`start worker process (\d+)`)

// killWeb ends a worker of nginx as a crash does.
func (s *scene) killWeb() error {
	text, err := os.ReadFile(noticeLog)
	if err != nil {
		return err
	}
	m := startsWorker.FindStringSubmatch(string(text))
	if m == nil {
		return fmt.Errorf("no worker in %q", strings.TrimSpace(string(text)))
	}
	pid, err := strconv.Atoi(m[1])
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGSEGV)
}
