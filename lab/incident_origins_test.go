//go:build linux

package lab

import (
	"bufio"
	"net"
	"net/http"
	"slices"
)

// proxied is a site whose requests nginx passes on as the lines of its location say.
func proxied(lines string) map[string]string {
	return map[string]string{"/etc/nginx/sites-enabled/blog.conf": "server {\n    listen 80;\n    server_name blog.example;\n    location / {\n        " + lines + "\n    }\n}\n"}
}

// withSite adds a site to others.
func withSite(files map[string]string, text string) map[string]string {
	files["/etc/nginx/sites-enabled/origin.conf"] = text
	return files
}

// closed closes connections of nginx after their request; reset sends an RST.
func closed(reset bool) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil && reset {
			_ = conn.(*net.TCPConn).SetLinger(0) // what does not work is seen in the log of nginx
		}
		_ = conn.Close()
	}
}

// origins are the incidents between nginx and an origin that uses HTTP.
func origins() []*incident {
	ends := func(name, row string, reset bool) *incident {
		return &incident{
			name: name, cause: "origin-closed", status: 502, files: proxied("proxy_pass http://127.0.0.1:3000;"), rows: []string{row},
			run: func(s *scene) error {
				return in(
					func() error { return s.listen("127.0.0.1:3000", closed(reset)) },
					func() error { return s.get("/", 5) },
				)
			},
		}
	}
	return slices.Concat([]*incident{
		{
			name: "the origin is down", cause: "origin-down", or: []string{"fpm-down"}, status: 502,
			files: proxied("proxy_pass http://127.0.0.1:3000;"), place: "proxy_pass http://127.0.0.1:3000", rows: []string{"nginx-connect-refused"}, run: requests("/", 5),
		},
		ends("the origin resets connections", "nginx-reset", true),
		ends("the origin closes connections", "nginx-closed", false),
		{
			name: "the site passes requests to itself", cause: "proxy-loop", status: 502, swap: []string{"worker_connections 768", "worker_connections 64"},
			files: proxied("proxy_set_header Host $host;\n        proxy_pass http://127.0.0.1:80;"), place: "proxy_pass http://127.0.0.1:80",
			rows: []string{"nginx-worker-connections"}, run: requests("/", 2),
		},
	}, unknownNames(), handshakes())
}

// unknownNames are the names of origins that cannot be resolved.
func unknownNames() []*incident {
	const pass = "set $app app.internal;\n        proxy_pass http://$app:3000;"
	return []*incident{
		{
			name: "the resolver is missing", cause: "resolver-missing", status: 502, files: proxied(pass), rows: []string{"nginx-no-resolver"},
			place: "proxy_pass http://$app:3000", run: requests("/", 4),
		},
		{
			name: "the name does not exist", cause: "dns-failed", status: 502, files: proxied("resolver 127.0.0.1;\n        " + pass), rows: []string{"nginx-name-not-resolved"},
			place: "", run: func(s *scene) error {
				return in(func() error { return s.nameless("127.0.0.1:53") }, func() error { return s.get("/", 4) })
			},
		},
		{
			name: "the resolver is silent", cause: "dns-failed", status: 502, files: proxied("resolver 127.0.0.1:5353;\n        resolver_timeout 1s;\n        " + pass),
			rows: []string{"nginx-resolver-silent", "nginx-name-not-resolved"}, run: func(s *scene) error { return s.send("GET", "/", 3) },
		},
	}
}

// nameless answers queries of DNS at an address: no name exists.
func (s *scene) nameless(address string) error {
	socket, err := net.ListenPacket("udp4", address)
	if err != nil {
		return err
	}
	s.open = append(s.open, socket)
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := socket.ReadFrom(query)
			if err != nil {
				return // it is closed
			}
			if response := responseTo(query[:n], nil); response != nil {
				_, _ = socket.WriteTo(response, from) // nginx repeats its query
			}
		}
	}()
	return nil
}

// handshakes are those of TLS that fail.
func handshakes() []*incident {
	const (
		plain   = "server {\n    listen 127.0.0.1:8080;\n    return 200 ok;\n}\n"
		picky   = "server {\n    listen 127.0.0.1:8443 ssl;\n    ssl_reject_handshake on;\n}\n" + keyed
		trusted = "proxy_ssl_verify on;\n        proxy_ssl_trusted_certificate /etc/ssl/origin.pem;\n        "
	)
	return []*incident{
		{
			name: "nginx uses TLS with a plain port", cause: "tls-to-plain", status: 502, files: withSite(proxied("proxy_pass https://127.0.0.1:8080;"), plain),
			place: "proxy_pass https://127.0.0.1:8080", rows: []string{"nginx-tls-to-plain"}, run: requests("/", 4),
		},
		{
			name: "the origin refuses the name", cause: "tls-name", status: 502, files: withSite(proxied("proxy_pass https://127.0.0.1:8443;"), picky),
			place: "proxy_pass https://127.0.0.1:8443", rows: []string{"nginx-tls-name-refused"}, run: requests("/", 4),
		},
		{
			name: "the certificate is for another name", cause: "tls-verify", status: 502,
			files: withSite(proxied(trusted+"proxy_ssl_name shop.example;\n        proxy_pass https://127.0.0.1:8443;"), keyed),
			rows:  []string{"nginx-tls-other-name"}, run: requests("/", 4),
		},
	}
}

// keyed is an origin with a certificate.
const keyed = `server {
    listen 127.0.0.1:8443 ssl;
    server_name localhost;
    ssl_certificate /etc/ssl/origin.pem;
    ssl_certificate_key /etc/ssl/origin.key;
    return 200 ok;
}
`
