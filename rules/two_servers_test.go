package rules_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/lint"
	"github.com/wp502lint/wp502lint/netaddr"
	. "github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/stack"
)

// beforeApache returns what a rule says of a host with nginx before Apache: findings, and what was
// not checked.
func beforeApache(t *testing.T, rule *lint.Rule, pass, ports, site string, more map[string]string) (all []string) {
	t.Helper()
	files := map[string]string{
		"etc/passwd":               "root:x:0:0::/:/bin/sh",
		"etc/nginx/nginx.conf":     "events {}\nhttp { server { listen 80; server_name a.test; location / { proxy_pass " + pass + "; } } }",
		"etc/apache2/apache2.conf": ports + "\n<VirtualHost *:8080>\nServerName " + site + "\n</VirtualHost>",
	}
	maps.Copy(files, more)
	text := "frame: none\n"
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text += "-- " + name + " --\n" + files[name] + "\n"
	}
	c, err := cases.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	report := cases.Lint(c, []*lint.Rule{rule})
	for _, f := range report.Findings {
		all = append(all, f.Message)
	}
	for _, one := range report.NotChecked {
		if one.At.File != nil && strings.HasSuffix(one.At.File.Name, "nginx.conf") {
			all = append(all, one.Why)
		}
	}
	return all
}

// Who of Apache and another server starts second is refused, or both start (measured on nginx 1.22,
// PHP-FPM 8.2 and Apache 2.4).
func TestApacheTakes(t *testing.T) {
	for _, test := range []struct {
		apache, listen, other string
		dual, want            bool
	}{
		{"[::]:80", "Listen 80", "0.0.0.0:80", false, true},
		{"[::]:80", "Listen 80", "127.0.0.1:80", false, true},
		{"[::]:80", "Listen 80", "[::]:80", false, false},
		{"[::]:80", "Listen 80", "[::]:80", true, true},
		{"[::]:80", "Listen 80", "[::1]:80", false, false},
		{"[::]:80", "Listen [::]:80", "[::]:80", false, true},
		{"[::]:80", "Listen [::]:80", "0.0.0.0:80", false, true},
		{"0.0.0.0:80", "Listen 0.0.0.0:80", "[::]:80", false, false},
		{"0.0.0.0:80", "Listen 0.0.0.0:80", "[::]:80", true, true},
		{"0.0.0.0:80", "Listen 0.0.0.0:80", "127.0.0.1:80", false, true},
		{"10.0.0.5:80", "Listen 10.0.0.5:80", "0.0.0.0:80", false, true},
		{"10.0.0.5:80", "Listen 10.0.0.5:80", "[::]:80", true, true},
		{"10.0.0.5:80", "Listen 10.0.0.5:80", "10.0.0.6:80", false, false},
		{"10.0.0.5:80", "Listen 10.0.0.5:80", "10.0.0.5:81", false, false},
		{"[::1]:80", "Listen [::1]:80", "0.0.0.0:80", false, false},
	} {
		endpoint := func(text string) netaddr.Endpoint {
			a := netip.MustParseAddrPort(text)
			return netaddr.TCPEndpoint(a.Addr(), a.Port())
		}
		listen := &stack.Listen{Text: test.listen, Endpoint: endpoint(test.apache)}
		if got := ApacheTakes(listen, endpoint(test.other), test.dual); got != test.want {
			t.Errorf("%s with %s: %t", test.listen, test.other, got)
		}
	}
}

func TestDoubtOrigins(t *testing.T) {
	const off = "etc/systemd/system/apache2.service"
	says := func(address, listen string) []string {
		return []string{"cannot tell what listens on " + address + ": no address in nginx is that of Apache, which has " + listen}
	}
	for _, test := range []struct {
		name, pass, ports, site string
		more                    map[string]string
		want                    []string
	}{
		{"the port of Apache", "http://127.0.0.1:8080", "Listen 8080", "a.test", nil, nil},
		{"another port", "http://127.0.0.1:3000", "Listen 8080", "a.test", nil, says("127.0.0.1:3000", "Listen 8080")},
		{"another port, and another site", "http://127.0.0.1:3000", "Listen 8080", "b.test", nil, nil},
		{"another port, where only nginx reaches Apache", "http://127.0.0.1:3000", "Listen 127.0.0.1:8080", "b.test", nil, says("127.0.0.1:3000", "Listen 127.0.0.1:8080")},
		{"clients reach Apache", "http://127.0.0.1:3000", "Listen 80\nListen 8080", "a.test", nil, nil},
		{"another host", "http://192.0.2.1:3000", "Listen 8080", "a.test", nil, nil},
		{"Apache is turned off", "http://127.0.0.1:3000", "Listen 8080", "a.test", map[string]string{off: ""}, nil},
	} {
		got := beforeApache(t, OriginOtherAddress, test.pass, test.ports, test.site, test.more)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestBothStart(t *testing.T) {
	enabled := func(names ...string) map[string]string {
		files := map[string]string{}
		for _, name := range names {
			files["etc/systemd/system/multi-user.target.wants/"+name] = "[Unit]"
		}
		return files
	}
	const other, apache = "http://127.0.0.1:3000", "http://127.0.0.1:8080"
	for _, test := range []struct {
		name, pass string
		more       map[string]string
		want       string
	}{
		{"nothing is known", other, nil, "Apache listens on 0.0.0.0:80 as well, and the files do not tell whether both start"},
		{"both are enabled", other, enabled("nginx.service", "apache2.service"), "nginx and Apache, both of which start at boot, cannot both listen on 0.0.0.0:80"},
		{"one is enabled", other, enabled("nginx.service"), ""},
		{"one is enabled that passes to the other", apache, enabled("nginx.service"), ""},
		{"one passes to the other", apache, nil, "nginx and Apache, one of which passes requests to the other, cannot both listen on 0.0.0.0:80"},
	} {
		got := beforeApache(t, ListenConflict, test.pass, "Listen 80\nListen 127.0.0.1:8080", "a.test", test.more)
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
