package stack

import (
	"maps"
	"testing"
)

// apacheHost returns a host with nginx before Apache.
func apacheHost(pass, ports, site string, more map[string]string) *Stack {
	files := map[string]string{
		"/etc/passwd":               "root:x:0:0::/:/bin/sh\n",
		"/etc/nginx/nginx.conf":     "events {}\nhttp { server { listen 80; server_name a.test; location / { proxy_pass " + pass + "; } } }\n",
		"/etc/apache2/apache2.conf": ports + "\n<VirtualHost *:8080>\nServerName " + site + "\n</VirtualHost>\n",
	}
	maps.Copy(files, more)
	return linked(files)
}

func TestNotListening(t *testing.T) {
	const off = "/etc/systemd/system/apache2.service"
	for _, test := range []struct {
		name, pass, ports string
		more              map[string]string
		want              Fault
	}{
		{"no Listen line", "http://127.0.0.1:8080", "Listen 8081", nil, NotListening},
		{"IPv6", "http://[::1]:8080", "Listen 8081", nil, NotListening},
		{"a Listen line", "http://127.0.0.1:8080", "Listen 8080", nil, Answers},
		{"another address", "http://127.0.0.1:8080", "Listen 127.0.0.2:8080", nil, OtherAddress},
		{"no virtual host", "http://127.0.0.1:8082", "Listen 8081", nil, Elsewhere},
		{"another machine", "http://192.0.2.1:8080", "Listen 8081", nil, Elsewhere},
		{"a port that is not known", "http://127.0.0.1:8080", "Listen ${PORT}", nil, Elsewhere},
		{"a file that is not known", "http://127.0.0.1:8080", "Listen 8081\n<IfModule foreign_module>\nListen 8080\n</IfModule>\nInclude /srv/*/ports.conf", map[string]string{"/srv/a/ports.conf": "Listen 8080\n"}, Answers},
		{"Apache is turned off", "http://127.0.0.1:8080", "Listen 8081", map[string]string{off: ""}, Elsewhere},
	} {
		got := apacheHost(test.pass, test.ports, "a.test", test.more).Gateways[0].Peers[0].Fault
		if got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
