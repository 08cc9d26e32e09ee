//go:build linux

package lab

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	framePass   = "fastcgi_pass unix:/run/php/php8.3-fpm.sock"
	frameListen = "listen = /run/php/php8.3-fpm.sock\n"
	frameOwner  = "listen.owner = www-data\nlisten.group = www-data\nlisten.mode = 0660\n"
	frameSite   = "server {\n    listen 80;\n    server_name blog.example;"
)

// requests sends n requests, one after the other.
func requests(path string, n int) func(s *scene) error {
	return func(s *scene) error { return s.get(path, n) }
}

// connections are the incidents in which nginx and a pool of PHP-FPM do not fit.
func connections() []*incident {
	return slices.Concat(wrongAddresses(), droppedConnections(), wrongAnswers(), heavyLoads())
}

// wrongAddresses are connections that are not opened.
func wrongAddresses() []*incident {
	return []*incident{
		{
			name: "nginx names the socket of another version", cause: "socket-mismatch", status: 502, rows: []string{"nginx-connect-no-socket"},
			swap: []string{framePass, "fastcgi_pass unix:/run/php/php8.1-fpm.sock"}, place: "fastcgi_pass unix:/run/php/php8.1-fpm.sock", run: requests("/index.php", 6),
		},
		{
			name: "one client keeps its connection", cause: "socket-mismatch", status: 502, rows: []string{"nginx-connect-no-socket"},
			swap: []string{framePass, "fastcgi_pass unix:/run/php/php8.1-fpm.sock"}, place: "fastcgi_pass unix:/run/php/php8.1-fpm.sock",
			run: func(s *scene) error { return s.keep("/index.php", 6) },
		},
		{
			name: "nginx names another port", cause: "socket-mismatch", status: 502, rows: []string{"nginx-connect-refused"},
			swap: append(slices.Clone(onTCP), "fastcgi_pass 127.0.0.1:9000", "fastcgi_pass 127.0.0.1:9001"), place: "fastcgi_pass 127.0.0.1:9001", run: requests("/index.php", 6),
		},
		{
			name: "the socket has no owner", cause: "socket-permission", status: 502, rows: []string{"nginx-connect-denied"},
			swap: []string{frameOwner, ""}, place: "listen = /run/php/php8.3-fpm.sock", run: requests("/index.php", 6),
		},
		{
			name: "the socket is for its owner only", cause: "socket-permission", status: 502, rows: []string{"nginx-connect-denied"},
			swap:  []string{frameOwner, "listen.owner = nobody\nlisten.mode = 0600\n"},
			place: "listen.owner = nobody", run: requests("/index.php", 6),
		},
		{
			name: "the mode of the socket is not octal", cause: "socket-mode-invalid", or: []string{"socket-permission"}, status: 502, rows: []string{"nginx-connect-denied"},
			swap: []string{"listen.mode = 0660", "listen.mode = 0999"}, place: "listen.mode = 0999", run: requests("/index.php", 6),
		},
	}
}

// droppedConnections are connections that something else than the address decides about.
func droppedConnections() []*incident {
	allowed := func(name, clients string, row string) *incident {
		return &incident{
			name: name, cause: "allowed-clients", status: 502, rows: []string{row},
			swap:  append([]string{"catch_workers_output", "listen.allowed_clients = " + clients + "\ncatch_workers_output"}, onTCP...),
			place: "listen.allowed_clients = " + clients, run: requests("/index.php", 6),
		}
	}
	return []*incident{
		allowed("the pool allows another address", "10.0.0.5", "fpm-client-dropped"),
		allowed("the pool allows a name", "localhost", "fpm-client-wrong"),
		{
			name: "both servers of an upstream are dead", cause: "socket-mismatch", or: []string{"dead-peer"}, status: 502,
			rows: []string{"nginx-connect-refused", "nginx-peer-disabled", "nginx-no-live-upstreams"},
			swap: []string{
				framePass, "fastcgi_pass php", frameSite, "upstream php {\n    server 127.0.0.1:9001;\n    server 127.0.0.1:9002;\n}\n" + frameSite,
				"worker_processes auto;", "worker_processes 1;", "/error.log;", "/error.log warn;",
			},
			place: "server 127.0.0.1:9001", run: requests("/index.php", 6),
		},
		{
			name: "nginx passes FastCGI to a site", cause: "wrong-protocol", status: 502, rows: []string{"nginx-not-fastcgi"},
			swap:  []string{framePass, "fastcgi_pass 127.0.0.1:8080"},
			files: map[string]string{"/etc/nginx/sites-enabled/status.conf": "server {\n    listen 127.0.0.1:8080;\n    return 200 ok;\n}\n"},
			place: "fastcgi_pass 127.0.0.1:8080", run: requests("/index.php", 6),
		},
	}
}

// wrongAnswers are those that nginx does not take.
func wrongAnswers() []*incident {
	script := func(text string) map[string]string { return map[string]string{slowScript: "<?php " + text + "\n"} }
	return []*incident{
		{
			name: "the header is too big", cause: "header-too-big", status: 502, rows: []string{"nginx-header-too-big"},
			swap:  []string{"fastcgi_buffer_size 16k", "fastcgi_buffer_size 4k"},
			files: script(`header('Set-Cookie: cart=' . str_repeat('x', 6000)); echo "cart\n";`),
			place: "fastcgi_buffer_size 4k", run: requests("/slow.php", 4),
		},
		{
			name: "the status is invalid", cause: "broken-header", status: 502, rows: []string{"nginx-invalid-status"},
			files: script(`header('Status: abc'); echo "hello\n";`), run: requests("/slow.php", 4),
		},
		{
			name: "a header is invalid", cause: "broken-header", status: 502, rows: []string{"nginx-invalid-header"},
			files: script(`header('X Cache: hit'); echo "hello\n";`), run: requests("/slow.php", 4),
		},
	}
}

// heavyLoads are failures under load.
func heavyLoads() []*incident {
	return []*incident{
		{
			name: "a kept connection ends with its worker", cause: "recycled-keepalive", status: 502, rows: []string{"nginx-closed", "fpm-child-exited"},
			swap: []string{
				framePass, "fastcgi_keep_conn on;\n        fastcgi_pass php", frameSite, "upstream php {\n    server unix:/run/php/php8.3-fpm.sock;\n    keepalive 2;\n}\n" + frameSite,
				"pm.max_children = 5", "pm.max_children = 5\npm.max_requests = 2",
			},
			place: "pm.max_requests = 2", run: func(s *scene) error { return s.until(502, "POST", "/index.php", 8, 250) },
		},
		{
			name: "the queue of the socket is full", cause: "backlog-overflow", status: 502, rows: []string{"nginx-connect-queue-full"},
			swap:  []string{"pm.max_children = 5", "pm.max_children = 2\nlisten.backlog = 2", "pm.start_servers = 2", "pm.start_servers = 1", "pm.max_spare_servers = 3", "pm.max_spare_servers = 1"},
			files: map[string]string{slowScript: busyFor("0.1")},
			place: "listen.backlog = 2",
			run: func(s *scene) error {
				return in(
					func() error { return s.get("/index.php", 2) },
					func() error { return s.send("GET", "/slow.php", 40) },
					func() error { return s.get("/index.php", 2) },
				)
			},
		},
	}
}

// keep sends GET n times over one connection.
func (s *scene) keep(path string, n int) error {
	r, err := s.request("GET", path)
	if err != nil {
		return err
	}
	network, address := r.address()
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(s.Host.Patience)); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	for range n {
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, r.Host); err != nil {
			return err
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err
		}
		s.add(Answers{r, []Answer{{Status: answer.StatusCode}}})
	}
	return nil
}

// until lets clients send requests, at most some each, until one gets a status.
func (s *scene) until(status int, method, path string, clients, each int) error {
	r, err := s.request(method, path)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	done := make(chan struct{})
	stop := sync.OnceFunc(func() { close(done) })
	for range clients {
		group.Go(func() {
			for range each {
				select {
				case <-done:
					return
				default:
				}
				a := r.send(s.Host.Patience)
				s.add(Answers{r, []Answer{a}})
				if a.Status == status {
					stop()
				}
			}
		})
	}
	group.Wait()
	return nil
}
