//go:build linux

package lab

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// Every virtual host is requested at an address at which Apache listens.
func TestApacheRequests(t *testing.T) {
	const main = "/etc/apache2/apache2.conf"
	for _, test := range []struct {
		ports, site string
		want        []string
	}{
		{"Listen 80", "", []string{"127.0.0.1:80  false"}},
		{"Listen 10.0.0.1:8080\nListen 80", "<VirtualHost *:80>\nServerName a.example\n</VirtualHost>\n", []string{"127.0.0.1:80 a.example false"}},
		{"Listen 8080", "<VirtualHost *>\nServerName \"a.example:80\"\n</VirtualHost>\nServerName main.example", []string{"127.0.0.1:8080 a.example false"}},
		{"Listen [::1]:81", "<VirtualHost _default_:81>\n</VirtualHost>", []string{"[::1]:81 localhost false"}},
		{"Listen 443", "<virtualhost 127.0.0.1:443>\nServerName a.example\nSSLEngine On\n</virtualhost>", []string{"127.0.0.1:443 a.example true"}},
		{"Listen 80", "<VirtualHost *:80>\nServerName $name\n</VirtualHost>\n<VirtualHost *:80>\nServerName $other\n</VirtualHost>\n", []string{"127.0.0.1:80 localhost false"}},
		{"Listen 80", "<VirtualHost 127.0.0.1:80 *>\nServerName a.example\n</VirtualHost>\n<VirtualHost *>\nServerName b.example\n</VirtualHost>", []string{"127.0.0.1:80 a.example false", "127.0.0.2:80 b.example false"}},
		{"Listen 0.0.0.0:80", "<VirtualHost *:80>\nServerName b.example\n</VirtualHost>\n<VirtualHost 127.0.0.1>\n</VirtualHost>\n", []string{"127.0.0.2:80 b.example false"}},
		{"Listen 80", "<VirtualHost nosuch:80 *>\nServerName a.example\n</VirtualHost>", []string{"127.0.0.1:80 a.example false"}},
		{"Listen 8080", "<VirtualHost *:80>\nServerName a.example\n</VirtualHost>", []string{"127.0.0.1:8080  false"}},
		{"Listen nosuch:80", "", nil},
		{"#Listen 80", "<VirtualHost nosuch>\n", nil},
	} {
		files := []cases.File{
			{Name: "/etc/apache2/sites-enabled/a.conf", Text: test.site}, {Name: "/etc/apache2/ports.conf", Text: test.ports + "\n"}, {Name: main},
			{Name: "/etc/apache2/sites-available/b.conf", Text: "<VirtualHost *:99>\n"}, {Name: "/srv/c.conf", Text: "<VirtualHost *:99>\n"},
		}
		var got []string
		for _, r := range apacheRequests(files, main) {
			got = append(got, fmt.Sprint(r.Endpoint, " ", r.Host, " ", r.TLS))
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q and %q: got %q, want %q", test.ports, test.site, got, test.want)
		}
	}
}

// The addresses of the kernel's table are read, and an unspecified one is that of the loopback.
func TestListening(t *testing.T) {
	for text, want := range map[string]string{
		"0100007F:0050":                         "127.0.0.1:80",
		"00000000:1F90":                         "127.0.0.1:8080",
		"00000000000000000000000000000000:0050": "[::1]:80",
		"00000000000000000000000001000000:01BB": "[::1]:443",
		"0100007F:":                             "",
		"xyz:0050":                              "",
		"":                                      "",
	} {
		at, ok := listening(text)
		if got := at.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %s, %t, want %s", text, got, ok, want)
		}
	}
}
