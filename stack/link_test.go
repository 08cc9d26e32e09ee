package stack

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/netaddr"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/tree"
)

// linked reads files and links them, from paths or from /.
func linked(files map[string]string, paths ...string) *Stack {
	return linkTree(tree.Memory(files), paths...)
}

func linkTree(t *tree.Tree, paths ...string) *Stack {
	if paths == nil {
		paths = []string{"/"}
	}
	return Link(parser.Read(t, paths), host.Collect(t, host.Overrides{}))
}

// debianHost returns the files of a Debian host with one site and one pool.
func debianHost(inServer, inPool string) map[string]string {
	return map[string]string{
		"/etc/passwd":                      "root:x:0:0::/:/bin/sh\n",
		"/etc/hosts":                       "127.0.0.1 localhost\n::1 localhost\n10.0.0.9 db\n127.0.0.1 v4\n::1 v6\n",
		"/etc/nginx/nginx.conf":            "events {}\nhttp {\ninclude conf.d/*.conf;\nserver {\n" + inServer + "\n}\n}\n",
		"/etc/php/8.3/fpm/php-fpm.conf":    "[global]\ninclude=/etc/php/8.3/fpm/pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/www.conf": "[www]\n" + inPool + "\n",
	}
}

var faultNames = map[Fault]string{
	Answers: "answers", Elsewhere: "elsewhere", Untold: "untold", Malformed: "malformed", Unresolvable: "unresolvable", NoResolver: "no resolver", OtherAddress: "other address", NoUpstream: "no upstream", UpstreamPort: "upstream port", TrailingColon: "trailing colon", TooLong: "too long", NameTwice: "name twice",
	WrongProtocol: "wrong protocol", MisreadListen: "misread listen", MergedPool: "merged pool", ShadowedListen: "shadowed listen", Nobody: "nobody",
}

// outcomeOf describes what answers a gateway.
func outcomeOf(g *Gateway) string {
	if g.Why != "" {
		return "not told: " + g.Why
	}
	var out []string
	for _, p := range g.Peers {
		who := faultNames[p.Fault]
		if why := cmp.Or(p.Why, string(p.Refusal)); why != "" {
			who += " (" + why + ")"
		}
		out = append(out, who)
	}
	return strings.Join(out, ", ")
}

// meetings are addresses that nginx passes to, with what a pool listens on. Most are
// measured on nginx 1.22 and PHP-FPM 8.2.
var meetings = []struct{ pass, listen, want string }{
	{"unix:/run/php/a.sock", "/run/php/a.sock", "answers"},
	{"unix:/run/php/b.sock", "/run/php/a.sock", "nobody"},
	{"unix:/var/run/php/a.sock", "/run/php/a.sock", "answers"},
	{"unix:/run/php/a.sock", "/var/run/php/a.sock", "answers"},
	{"unix:/run//php/./a.sock", "/run/php/a.sock", "answers"},
	{"unix:/run/php/../php/a.sock", "//run/php//a.sock", "answers"},
	{"UNIX:/run/php/a.sock", "/run/php/a.sock", "answers"},
	{"unix:/run/linked/a.sock", "/run/php/a.sock", "answers"},
	{"unix:/run/php/a.sock", "/run/linked/a.sock", "answers"},
	{"unix:/run/php/a.sock:", "/run/php/a.sock", "trailing colon"},
	{"unix:run/php/a.sock", "/run/php/a.sock", "untold (the base directory of the relative socket path run/php/a.sock is unknown)"},
	{"unix:/run/php/" + strings.Repeat("a", 99), "/run/php/a.sock", "too long"},
	{"unix:/run/php/" + strings.Repeat("a", 98), "/run/php/" + strings.Repeat("a", 98), "answers"},
	{"unix:/run/php/a.sock", "unix:/run/php/a.sock", "misread listen"},
	{"unix:/usr/php.sock", "php.sock", "answers"},
	{"unix:/php.sock", "php.sock", "misread listen"},
	{"unix:/run/php/php-fpm.sock", "/run/php/php8.3-fpm.sock", "answers"},
	{"unix:/run/php/php-fpm.sock", "9000", "nobody"},

	{"127.0.0.1:9000", "127.0.0.1:9000", "answers"},
	{"127.0.0.1:9000", "9000", "answers"},
	{"127.0.0.1:9000", "0.0.0.0:9000", "answers"},
	{"127.0.0.1:9000", "[::]:9000", "answers"},
	{"127.0.0.1:9000", "[::ffff:127.0.0.1]:9000", "answers"},
	{"127.0.0.1:9000", "[::1]:9000", "nobody"},
	{"127.0.0.1:9000", "127.0.0.1:9001", "nobody"},
	{"127.0.0.1:9000", "/run/php/a.sock", "nobody"},
	{"127.0.0.1:9000", "v4:9000", "answers"},
	{"127.0.0.1:9000", "v6:9000", "nobody"},
	{"127.0.0.1:9000", "localhost:9000", "nobody"}, // ::1 comes first, and PHP-FPM binds the first only
	{"127.0.0.1:9000", "nowhere:9000", "untold (cannot resolve host \"nowhere\" offline)"},
	{"127.0.0.1:9000", "*:9000", "misread listen"},
	{"127.0.0.1:9000", "127.0.0.1", "misread listen"},
	{"127.0.0.1:9000", "tcp://127.0.0.1:9000", "misread listen"},
	{"127.0.0.1:9000", "tcp://0.0.0.0:9000", "misread listen"},
	{"127.0.0.2:9000", "9000", "answers"},
	{"127.0.0.2:9000", "127.0.0.1:9000", "nobody"},
	{"127.0.0.1:0", "9000", "malformed (invalid port)"},
	{"127.0.0.1:65536", "9000", "malformed (invalid port)"},
	{"127.0.0.1:65535", "65535", "answers"},
	{"[::1]:9000", "9000", "answers"},
	{"[::1]:9000", "[::]:9000", "answers"},
	{"[::1]:9000", "[::1]:9000", "answers"},
	{"[::1]:9000", "::1:9000", "answers"},
	{"[::1]:9000", "*:9000", "answers"},
	{"[::1]:9000", "0.0.0.0:9000", "nobody"},
	{"[::1]:9000", "127.0.0.1:9000", "nobody"},
	{"::1:9000", "9000", "malformed (invalid port)"},
	{"[::ffff:127.0.0.1]:9000", "127.0.0.1:9000", "answers"},
	{"0.0.0.0:9000", "127.0.0.1:9000", "answers"},
	{"0.0.0.0:9000", "[::1]:9000", "nobody"},
	{"[::]:9000", "[::1]:9000", "answers"},
	{"[::]:9000", "127.0.0.1:9000", "nobody"},
	{"localhost:9000", "127.0.0.1:9000", "name twice, answers"},
	{"localhost:9000", "9000", "answers, answers"},
	{"localhost:9000", "9001", "nobody, nobody"},
	{"v4:9000", "127.0.0.1:9000", "answers"},
	{"nowhere:9000", "9000", "unresolvable (host not found)"},
	{"far.example:9000", "9000", "elsewhere (cannot resolve host \"far.example\" offline)"},
	{"db:9000", "9000", "elsewhere (10.0.0.9:9000 may be another machine)"},
	{"10.0.0.5:9000", "9000", "elsewhere (10.0.0.5:9000 may be another machine)"},
	{"10.0.0.5:9000", "0.0.0.0:9000", "elsewhere (10.0.0.5:9000 may be another machine)"},
	{"10.0.0.5:9000", "10.0.0.5:9000", "answers"},
	{"127.0.0.1:80", "9000", "wrong protocol"},
}

func TestMeetings(t *testing.T) {
	for _, test := range meetings {
		files := debianHost("location ~ \\.php$ { fastcgi_pass "+test.pass+"; }", "listen = "+test.listen)
		files["/run/php/x"] = ""
		host := tree.Memory(files)
		host.Link("/run/linked", "php")
		if got := outcomeOf(linkTree(host).Gateways[0]); got != test.want {
			t.Errorf("pass %s, listen %s: got %s, want %s", test.pass, test.listen, got, test.want)
		}
	}
}

// A gateway that was not looked at, since there are too many addresses, is not judged.
func TestTooManyAddresses(t *testing.T) {
	files := debianHost("location ~ \\.php$ { fastcgi_pass late; }", "listen = 9000")
	files["/etc/nginx/conf.d/up.conf"] = "upstream many {\n" + strings.Repeat("server 127.0.0.1:9001;\n", maxPeers) + "}\nupstream late { server 127.0.0.1:9000; }\n"
	g := linked(files).Gateways[0]
	if o, _ := g.Judged(); o != NotLookedAt {
		t.Errorf("the obstacle is %d, and why %q", o, g.Why)
	}
}

func TestReasons(t *testing.T) {
	pass := "location ~ \\.php$ { fastcgi_pass unix:/run/php/a.sock; }"
	tests := []struct {
		name, server, pool string
		more               map[string]string
		want               string
	}{
		{"a later line counts", pass, "listen = /run/php/a.sock\nlisten = /run/php/b.sock", nil, "shadowed listen"},
		{"under a wildcard", "location / { fastcgi_pass 127.0.0.1:9000; }", "listen = 9000\nlisten = 9001", nil, "shadowed listen"},
		{"another file has the pool too", pass, "listen = /run/php/a.sock", map[string]string{"/etc/php/8.3/fpm/pool.d/x.conf": "[WWW]\nlisten = /run/php/b.sock\n"}, "merged pool"},
		{"the name is told by nobody", pass, "listen = ${SOCKET}", nil, "untold (value of ${SOCKET})"},
		{"no pool", pass, "", nil, "untold (pool www has no listen in the files given)"},
		{"a site that speaks HTTP", "location / { fastcgi_pass 127.0.0.1:8080; }\nlisten [::]:8080 ipv6only=off;", "listen = 1", nil, "wrong protocol"},
		{"a site for IPv6 only", "location / { fastcgi_pass 127.0.0.1:8080; }\nlisten [::]:8080;", "listen = 1", nil, "nobody"},
		{"a site behind a proxy", "location / { proxy_pass http://127.0.0.1:8080/x; }\nlisten 8080;", "listen = 1", nil, "answers"},
		{"a pool behind a proxy", "location / { proxy_pass http://127.0.0.1:9000; }", "listen = 9000", nil, "wrong protocol"},
		{"another machine behind a proxy", "location / { proxy_pass http://10.0.0.5:9000?x; }", "listen = 9000", nil, "elsewhere"},
		{"a socket behind a proxy", "location / { proxy_pass http://unix:/run/php/a.sock:/uri; }", "listen = /run/php/a.sock", nil, "wrong protocol"},
		{"a socket of somebody", pass, "listen = 1", map[string]string{"/run/php/a.sock": "socket"}, "answers"},
		{"a chroot", pass, "listen = /var/www/run/php/a.sock", nil, "untold (a pool listens on /var/www/run/php/a.sock, which is /run/php/a.sock for an nginx with /var/www as its root)"},
	}
	for _, test := range tests {
		files := debianHost(test.server, test.pool)
		for name, text := range test.more {
			files[name] = text
		}
		machine := tree.Memory(files)
		if files["/run/php/a.sock"] == "socket" {
			machine.Set("/run/php/a.sock", tree.Info{Type: tree.Socket})
		}
		if got := outcomeOf(linkTree(machine).Gateways[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// The protocol of one gateway of an upstream does not affect another, in any order of the sites.
func TestUpstreamOfTwoProtocols(t *testing.T) {
	fcgi, proxy := "location /a { fastcgi_pass u; }", "location /b { proxy_pass http://u; }"
	for _, server := range []string{fcgi + proxy, proxy + fcgi} {
		files := debianHost(server, "listen = 127.0.0.1:9000")
		files["/etc/nginx/conf.d/u.conf"] = "upstream U { server 127.0.0.1:9000; server 127.0.0.1:80 backup; server 127.0.0.1:9999 down; }"
		s := linked(files)
		want := map[Protocol]string{FastCGI: "answers, wrong protocol, nobody", HTTP: "wrong protocol, answers, elsewhere"}
		for _, g := range s.Gateways {
			if got := outcomeOf(g); got != want[g.Protocol] {
				t.Errorf("%s: got %s, want %s", g.Protocol.Pass(), got, want[g.Protocol])
			}
			if !g.Peers[1].Backup || !g.Peers[2].Down {
				t.Errorf("%s: backup or down is lost", g.Protocol.Pass())
			}
		}
	}
}

func TestComplete(t *testing.T) {
	fpm, pool := "/etc/php/8.3/fpm/php-fpm.conf", "/etc/php/8.3/fpm/pool.d/www.conf"
	other := "[x]\nlisten = 2\npm = static"
	with := func(more map[string]string, without ...string) map[string]string {
		files := debianHost("", "listen = 1")
		for name, text := range more {
			files[name] = text
		}
		for _, name := range without {
			delete(files, name)
		}
		return files
	}
	tests := []struct {
		name  string
		files map[string]string
		paths []string
		want  string
	}{
		{"whole", with(nil), nil, ""},
		{"named", with(nil), []string{pool}, ""},
		{"one of two named", with(map[string]string{"/x/other.conf": other}), []string{pool, "/x"}, "no php-fpm.conf found"},
		{"no main file", with(nil, fpm), nil, "no php-fpm.conf found"},
		{"no pool", with(nil, fpm, pool), nil, "no PHP-FPM pool found"},
		{"another version", with(map[string]string{"/etc/php/8.1/fpm/pool.d/www.conf": "[www]\nlisten = 3"}), nil,
			"the pools of PHP 8.1 were not read, since their php-fpm.conf was not found"},
		{"a pool beside", with(map[string]string{"/x/other.conf": other}), []string{"/etc", "/x"}, "there are pool files that no php-fpm.conf includes"},
		{"an include that is lost", with(map[string]string{fpm: "[global]\ninclude=/gone/*.conf\n"}), nil, "a file of " + fpm + " could not be read"},
	}
	for _, test := range tests {
		m := linked(test.files, test.paths...).Machines[0]
		if m.Why != test.want || m.Complete != (test.want == "") {
			t.Errorf("%s: complete %v, %q, want %q", test.name, m.Complete, m.Why, test.want)
		}
	}
}

func ExampleEndpoint() {
	fmt.Println(netaddr.UnixEndpoint("/var/run/php//a.sock"), netaddr.UnixEndpoint("/var/runs/a"))
	fmt.Println(netaddr.TCPEndpoint(netaddr.Loopback6, 9000), netaddr.TCPEndpoint(netaddr.Loopback4, 9000), netaddr.Endpoint{})
	// Output:
	// unix:/run/php/a.sock unix:/var/runs/a
	// [::1]:9000 127.0.0.1:9000
}
