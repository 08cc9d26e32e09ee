package route_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/parser/nginx"
	"github.com/wp502lint/wp502lint/route"
	"github.com/wp502lint/wp502lint/tree"
)

// configOf reads the content of http {}.
func configOf(t *testing.T, http string, files map[string]string) *route.Config {
	t.Helper()
	all := map[string]string{"/etc/nginx/nginx.conf": "events {}\nhttp {\n" + http + "\n}\n"}
	for name, text := range files {
		all[name] = text
	}
	read := parser.Read(tree.Memory(all), []string{"/etc/nginx/nginx.conf"})
	return route.New(read.Nginx[0], []*nginx.File{read.Nginx[0].Main}, route.Options{Endpoints: func(text string) []netaddr.Endpoint {
		return []netaddr.Endpoint{netaddr.TCPEndpoint(netip.IPv4Unspecified(), netaddr.ParseListen(text).Port)}
	}})
}

// told returns the answers to a request in words.
func told(c *route.Config, host, uri string) string {
	req := route.Request{Endpoint: netaddr.TCPEndpoint(netaddr.Loopback4, 80), Host: host, URI: uri, Client: netaddr.Loopback4}
	var all []string
	for _, a := range c.Route(req) {
		switch a.End {
		case route.Undecided:
			all = append(all, a.Why)
		case route.Passed:
			all = append(all, fmt.Sprintf("%s %s%s", a.By.Arg(0), a.URI, a.Sent))
		case route.Closed:
			all = append(all, "closed")
		default:
			all = append(all, fmt.Sprintf("%d %s", a.Status, a.Block.Label()))
		}
	}
	return strings.Join(all, " | ")
}

func TestServers(t *testing.T) {
	var http strings.Builder
	for _, name := range []string{"a.test", "*.a.test .b.test", "www.*", "~^x[0-9]$", "\"\"", "a.test dead", "b.test gone"} {
		fmt.Fprintf(&http, "server { listen 80; server_name %s; return 404; }\n", name)
	}
	c := configOf(t, http.String(), nil)
	for host, want := range map[string]string{
		"a.test": "a.test", "A.TEST.": "a.test", "a.test:81": "a.test", "z.a.test": "*.a.test", "b.test": "*.a.test", "q.b.test": "*.a.test",
		"www.org": "www.*", "www.a.test": "*.a.test", "x7": "~^x[0-9]$", "": `""`, "none": "a.test", "dead": "a.test", "gone": "b.test",
	} {
		if got := told(c, host, "/"); !strings.Contains(got, "404 server "+strings.Trim(want, `"`)) && got != "404 server "+want {
			t.Errorf("%q: got %s, want the server %s", host, got, want)
		}
	}
}

func TestLocations(t *testing.T) {
	c := configOf(t, `server { listen 80; root /srv;
		location / { try_files $uri /index.php?$args; }
		location = /x { return 410; }
		location /a/ { proxy_pass http://127.0.0.1:81/up/; location ~ \.gif$ { empty_gif; } }
		location ^~ /s/ { return 403; }
		location /k/ { deny all; error_page 403 @n; }
		location /l/ { rewrite ^/l/(.*)$ /l/$1 last; }
		location /i/ { internal; fastcgi_pass f:9000; }
		location /j/ { if ($http_x) { return 410; } return 204; }
		location /u/ { rewrite ^ $cookie_a last; }
		location @n { return 451; }
		location ~ \.php$ { fastcgi_pass f:9000; }
		location ~ ^/(?!q)z { return 200; }
		location ~ php { return 500; }
	}`, nil)
	for uri, want := range map[string]string{
		"/x": "410 location = /x", "/a": "301 location /a/", "/a/b?c": "http://127.0.0.1:81/up/ /a/b/up/b?c", "/a/x.gif": `200 location ~ \.gif$`,
		"/s/x.php": "403 location ^~ /s/", "/y.php": "f:9000 /y.php", "/php": "500 location ~ php", "/k/": "451 location @n", "/l/q": "500 location /l/",
		"/i/": "404 location /i/", "/j/": "204 location /j/ | 410 if ($http_x)", "/u/": "the value of $cookie_a is not in the files",
		"/%2e%2e/": "400 server", "//x": "410 location = /x", "/q/../x": "410 location = /x", "/p": "f:9000 /index.php | 200 location /",
		"/zz": `f:9000 /index.php | 200 location / | 200 location ~ ^/(?!q)z`,
	} {
		if got := told(c, "", uri); got != want {
			t.Errorf("%s: got %s, want %s", uri, got, want)
		}
	}
}

// TestServerName reads $server_name, whose text nginx keeps if it is an expression.
func TestServerName(t *testing.T) {
	for name, want := range map[string]string{"A.test b.test": "a.test", ".a.test": "a.test", `~^A\.test$`: `~^A\.test$`} {
		c := configOf(t, "server { listen 80; server_name "+name+`; location / { proxy_set_header Host $server_name; proxy_pass http://127.0.0.1:81; } }`, nil)
		answer, certain := c.Certain(route.Request{Endpoint: netaddr.TCPEndpoint(netaddr.Loopback4, 80), URI: "/", Client: netaddr.Loopback4})
		if !certain || answer.SentHost != want {
			t.Errorf("%s: got %q, want %q", name, answer.SentHost, want)
		}
	}
}

// One proxy_set_header in a block disables all those of outer blocks.
func TestSentHost(t *testing.T) {
	c := configOf(t, `proxy_set_header host q.test;
	server { listen 80;
		location /a { proxy_pass http://127.0.0.1:81; }
		location /b { proxy_set_header X y; proxy_pass http://127.0.0.1:81; }
	}`, nil)
	for uri, want := range map[string]string{"/a": "q.test", "/b": "127.0.0.1:81"} {
		if a, _ := c.Certain(route.Request{Endpoint: netaddr.TCPEndpoint(netaddr.Loopback4, 80), URI: uri}); a.SentHost != want {
			t.Errorf("%s: the origin gets the host %q, want %q", uri, a.SentHost, want)
		}
	}
}

func TestIncludes(t *testing.T) {
	c := configOf(t, "include /etc/nginx/sites/*;", map[string]string{
		"/etc/nginx/sites/a":  "server { listen 80; include /etc/nginx/php.conf; }",
		"/etc/nginx/php.conf": "location / { fastcgi_pass f:9000; }",
	})
	if got := told(c, "", "/"); got != "f:9000 /" {
		t.Error(got)
	}
}

// TestForeign has directives whose effect is not known, in the block of the request, around it
// and beside it.
func TestForeign(t *testing.T) {
	c := configOf(t, `server { listen 80;
		location /a/ { third_party on; location /a/b/ { proxy_pass http://127.0.0.1:81; location ~ \.x$ { return 410; } } }
		location /c/ { location /c/d/ { third_party on; proxy_pass http://127.0.0.1:81; } proxy_pass http://127.0.0.1:82; }
		location /i/ { if ($http_x) { third_party on; } proxy_pass http://127.0.0.1:81; }
		location /r/ { if ($http_x) { third_party on; return 410; } return 204; }
		location /m/ { limit_except GET { third_party on; } proxy_pass http://127.0.0.1:81; }
		location /q/ { auth_request /auth; location /q/off/ { auth_request off; proxy_pass http://127.0.0.1:81; } location /q/on/ { proxy_pass http://127.0.0.1:81; } }
		location /s/ { auth_request /auth; third_party on; location /s/off/ { auth_request off; proxy_pass http://127.0.0.1:81; } }
		location /e/ { error_page 404 @n; return 404; }
		location @n { third_party on; proxy_pass http://127.0.0.1:81; }
	}`, nil)
	unknown := "cannot tell what third_party does"
	for uri, want := range map[string]string{
		"/a/b/": unknown, "/a/b/c.x": unknown, "/a/": unknown,
		"/c/": "http://127.0.0.1:82 /c//c/", "/c/d/": unknown,
		"/i/": "http://127.0.0.1:81 /i//i/ | " + unknown, "/r/": "204 location /r/ | 410 if ($http_x)",
		"/m/": "http://127.0.0.1:81 /m//m/", "/q/off/": "http://127.0.0.1:81 /q/off//q/off/", "/q/on/": "cannot tell what auth_request does",
		"/s/off/": unknown, "/e/": unknown,
	} {
		if got := told(c, "", uri); got != want {
			t.Errorf("%s: got %s, want %s", uri, got, want)
		}
	}
}
