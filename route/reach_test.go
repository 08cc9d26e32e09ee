package route_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/tree"
)

var reachTests = []struct{ http, want string }{
	{"server { listen 80; location / { PASS } }", ""},
	{"server { listen 80; location / { deny all; PASS } }", "deny all"},
	{"server { listen 80; deny all; location / { PASS } }", "deny all"},
	{"server { listen 80; deny all; location / { allow all; PASS } }", ""},
	{"server { listen 80; location / { allow 10.0.0.1; deny all; PASS } }", ""},
	{"server { listen 80; satisfy any; auth_basic x; location / { deny all; PASS } }", ""},
	{"server { listen 80; auth_request /a; location / { deny all; PASS } }", ""},
	{"server { listen 80; location / { rewrite ^ /b last; PASS } }", "rewrite"},
	{"server { listen 80; location / { rewrite ^ /b; PASS } }", "rewrite"},
	{"server { listen 80; location / { rewrite ^ /b; break; PASS } }", ""},
	{"server { listen 80; location / { rewrite ^ /b break; PASS } }", ""},
	{"server { listen 80; location / { rewrite ^/b /c last; PASS } }", ""},
	{"server { listen 80; location /b/ { rewrite ^/b/ /c last; PASS } }", "rewrite"},
	{"server { listen 80; location /b/ { rewrite ^/b/(.*) /c last; PASS } }", "rewrite"},
	{"server { listen 80; location /b/ { if ($x) { break; } rewrite ^ /c last; PASS } }", ""},
	{"server { listen 80; location /b/ { if ($x) { PASS } rewrite ^ /c last; } }", ""},
	{"server { listen 80; location /b/ { rewrite ^ /c last; if ($x) { PASS } } }", "rewrite"},
	{"server { listen 80; rewrite ^ https://b/ permanent; location / { PASS } }", "rewrite of the server"},
	{"server { listen 80; error_page 497 @b; rewrite ^ https://b/ permanent; location @b { PASS } }", ""},
	{"server { listen 80; location ~ b { } location ~ b { PASS } }", "earlier location"},
	{"server { listen 80; location ~ ^/ { } location ~ b { PASS } }", "earlier location"},
	{"server { listen 80; location ~ b { } location ~* b { PASS } }", ""},
	{"server { listen 80; server_name a; } server { listen 80; server_name a; location / { PASS } }", "another server"},
	{"server { listen 80; server_name a; } server { listen 80; server_name A b; location / { PASS } }", ""},
	{"server { listen 80; server_name a; } server { listen 81; server_name a; location / { PASS } }", ""},
	{"server { listen 80; server_name a; } server { listen 80 default_server; server_name a; location / { PASS } }", ""},
	{"server { listen 80; } server { listen 80; location / { PASS } }", "another server"},
	{"server { listen 80; server_name ~a; } server { listen 80; server_name ~a; location / { PASS } }", "another server"},
	{"server { listen 80; server_name b.a; } server { listen 80; server_name .b.a; location / { PASS } }", "another server"},
	{"server { listen 80; location /i/ { internal; PASS } }", "internal location"},
	{"server { listen 80; location @i { PASS } }", "internal location"},
	{"server { listen 80; error_page 404 @i; location @i { PASS } }", ""},
	{"error_page 404 @i; server { listen 80; location @i { PASS } }", ""},
	{"server { listen 80; location / { try_files $uri @i; } location @i { PASS } }", ""},
	{"server { listen 80; location / { try_files $uri $arg_x; } location @i { PASS } }", ""},
	{"server { listen 80; location / { if ($x) { rewrite ^ /i/a last; } } location /i/ { internal; PASS } }", ""},
	{"server { listen 80; location / { rewrite ^ /j/$x last; } location /i/ { internal; PASS } }", "internal location"},
	{"server { listen 80; location / { rewrite ^ /$x last; } location /i/ { internal; PASS } }", ""},
	{"server { listen 80; index i.php; location = /i.php { internal; PASS } }", ""},
	{"server { listen 80; location / { auth_request /i; } location = /i { internal; PASS } }", ""},
	{"server { listen 80; location / { unheard of; deny all; PASS } }", ""},
}

func TestUnreached(t *testing.T) {
	for _, test := range reachTests {
		text := "events {} http { " + strings.ReplaceAll(test.http, "PASS", "fastcgi_pass f:9000;") + " }"
		parsed := parser.Read(tree.Memory(map[string]string{"/etc/nginx/nginx.conf": text}), []string{"/etc/nginx/nginx.conf"}).Nginx[0]
		c := route.New(parsed, []*nginx.File{parsed.Main}, route.Options{Endpoints: func(text string) []netaddr.Endpoint {
			return []netaddr.Endpoint{netaddr.TCPEndpoint(netip.IPv4Unspecified(), netaddr.ParseListen(text).Port)}
		}})
		var blocks []nginx.Directive
		for d := range parsed.Main.All() {
			if d.Name() == "fastcgi_pass" {
				for b := d.Parent(); b.Name() != "http"; b = b.Parent() {
					blocks = append(blocks, b)
				}
			}
		}
		if got := c.Unreached(blocks, false); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.http, got, test.want)
		}
	}
}
