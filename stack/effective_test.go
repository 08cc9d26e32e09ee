package stack

import (
	"slices"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

// link reads a tree in memory.
func link(t *testing.T, texts map[string]string) *Stack {
	t.Helper()
	files := tree.Memory(texts)
	return Link(parser.Read(files, []string{"/"}), host.Collect(files, host.Overrides{}))
}

const inherited = `
worker_processes 4;
error_log /var/log/nginx/error.log;
events {}
http {
    fastcgi_read_timeout 5m;
    fastcgi_buffers 16 16k;
    fastcgi_keep_conn on;
    upstream php { server 127.0.0.1:9000 down; server unix:/run/b.sock max_fails=2 backup; keepalive 8; zone php 64k; }
    server {
        resolver 127.0.0.53;
        error_log /var/log/nginx/a.log;
        error_log /var/log/nginx/b.log crit;
        location /a { fastcgi_pass php; fastcgi_buffer_size 32K; fastcgi_next_upstream off; }
        location /b { fastcgi_pass php; include extra; }
        location /c { proxy_pass http://127.0.0.1:81; proxy_buffers 4 __SIZE__; proxy_ssl_verify ON; }
    }
    server { server_name b; location / { fastcgi_pass php; fastcgi_buffer_size lots; include extra; } }
    server { server_name c; location / { fastcgi_pass php; include extra; } }
}
`

func TestEffective(t *testing.T) {
	s := link(t, map[string]string{
		"/etc/nginx/nginx.conf": inherited,
		"/etc/nginx/extra":      "fastcgi_read_timeout 1500ms;",
	})
	a, b, c := s.Gateways[0], s.Gateways[1], s.Gateways[2]
	check(t, "main workers", s.Gateways[0].Front.WorkerProcesses, 4, written, "worker_processes 4")
	check(t, "a buffer size", a.BufferSize(), 32768, written, "fastcgi_buffer_size 32K")
	check(t, "b buffer size", b.BufferSize(), PageSize, byDefault, "location /b")
	check(t, "a buffers", a.Buffers(), Buffers{16, 16384}, written, "fastcgi_buffers 16 16k")
	check(t, "a busy", a.BusyBuffersSize(), 0, absent, "location /a")
	check(t, "a timeout", a.ReadTimeout(), 5*time.Minute, written, "fastcgi_read_timeout 5m")
	check(t, "b timeout", b.ReadTimeout(), 1500*time.Millisecond, written, "fastcgi_read_timeout 1500ms")
	check(t, "c timeout", c.ReadTimeout(), time.Minute, byDefault, "location /c")
	check(t, "c keep", c.KeepConn(), false, byDefault, "location /c")
	check(t, "a keep", a.KeepConn(), true, written, "fastcgi_keep_conn on")
	check(t, "c verify", c.SSLVerify(), true, written, "proxy_ssl_verify ON")
	check(t, "unreadable", s.Gateways[3].BufferSize(), 0, unknown, "fastcgi_buffer_size lots")
	check(t, "template", c.Buffers(), Buffers{}, unknown, "proxy_buffers 4 __SIZE__")
	if got, ok := a.NextUpstream().Known(); !ok || !slices.Equal(got, []string{"off"}) {
		t.Errorf("a next upstream is %v", got)
	}
	if got := a.ErrorLogs(); len(got) != 2 || got[0].Path != "/var/log/nginx/a.log" || got[0].Level != "error" || got[1].Level != "crit" {
		t.Errorf("error logs of a are %v", got)
	}
	if got, ok := b.Resolver().Known(); !ok || !slices.Equal(got, []string{"127.0.0.53"}) || s.Gateways[4].Resolver().Written() {
		t.Errorf("resolver of b is %v, and there is none in the third server", got)
	}
	u := s.Upstreams[0]
	check(t, "keepalive", u.Keepalive, 8, written, "keepalive 8")
	check(t, "zone", u.Zone, "php", written, "zone php 64k")
	if len(u.Servers) != 2 || !u.Servers[0].Down || !u.Servers[1].Backup || !slices.Equal(u.Servers[1].Params, []string{"max_fails=2", "backup"}) {
		t.Errorf("servers are %+v", u.Servers)
	}
}

// The states of a setting.
const (
	written   = "written"
	byDefault = "default"
	absent    = "absent"
	unknown   = "unknown"
)

func check[T comparable](t *testing.T, name string, s source.Setting[T], value T, state, at string) {
	t.Helper()
	got, _ := s.Known()
	is := byDefault
	switch {
	case s.Written():
		is = written
	case s.Absent():
		is = absent
	case s.Why() != "":
		is = unknown
	}
	if got != value || is != state || s.At().Text() != at {
		t.Errorf("%s is %v (%s) at %q, want %v (%s) at %q", name, got, is, s.At().Text(), value, state, at)
	}
}

// Ten thousand sites that include one snippet share one set of settings.
func TestEffectiveIsShared(t *testing.T) {
	s := link(t, map[string]string{
		"/etc/nginx/nginx.conf": "events {} http { fastcgi_buffers 8 8k; server { location /a { include extra; } } server { server_name b; location /b { include extra; } } }",
		"/etc/nginx/extra":      "fastcgi_read_timeout 1s; fastcgi_pass 127.0.0.1:9000;",
	})
	if len(s.Gateways) != 2 || s.Gateways[0].Effective != s.Gateways[1].Effective {
		t.Errorf("the settings of %d gateways are not shared", len(s.Gateways))
	}
}

// What a fragment lacks may be set in the file that includes it.
func TestEffectiveOfFragment(t *testing.T) {
	s := link(t, map[string]string{"/sites/a.conf": "server { location ~ \\.php$ { fastcgi_pass 127.0.0.1:9000; fastcgi_read_timeout 5; } }"})
	check(t, "timeout", s.Gateways[0].ReadTimeout(), 5*time.Second, written, "fastcgi_read_timeout 5")
	if got := s.Gateways[0].BufferSize(); got.Why() != "no nginx.conf given" {
		t.Errorf("the buffer size is %+v", got)
	}
}
