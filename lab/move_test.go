//go:build linux

package lab

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
)

// moveText returns how a file of a case reads on this machine, with ROOT for the
// directory of the case and P80 for the port that stands for 80.
func moveText(t *testing.T, c *cases.Case, name string, alone bool) string {
	t.Helper()
	h := &Host{Dir: "/ROOT", archive: c, alone: alone}
	text, ok := h.move()[name]
	if h.mover.err != nil {
		t.Fatal(h.mover.err)
	}
	if !ok {
		text = c.Texts()[name]
	}
	for port, free := range h.mover.ports {
		text = regexp.MustCompile(`\b`+strconv.Itoa(int(free))+`\b`).ReplaceAllString(text, "P"+strconv.Itoa(int(port)))
	}
	return strings.ReplaceAll(text, "/ROOT", "ROOT")
}

func TestMoveNginx(t *testing.T) {
	const file = "etc/nginx/sites-enabled/blog.conf"
	for _, test := range []struct{ text, want string }{
		{"listen [::]:80 ipv6only=on;", "listen [::]:P80 ipv6only=on;"},
		{"listen [::1];", "listen [::1]:P80;"},
		{"listen localhost:8080;", "listen localhost:P8080;"},
		{"listen 127.0.0.2;", "listen 127.0.0.2:P80;"},
		{"listen '127.0.0.1:81' default_server;", "listen '127.0.0.1:P81' default_server;"},
		{"listen 127.0.0.1:0;", "listen 127.0.0.1:0;"},
		{"listen 127.0.0.1:99999;", "listen 127.0.0.1:99999;"},
		{"listen unix:/run/nginx.sock;", "listen unix:ROOT/run/nginx.sock;"},
		{"listen 127.0.0.1:81; root /var/www;", "listen 127.0.0.1:P81; root ROOT/var/www;"},
		{"listen 127.0.0.1:81; # /var/www 127.0.0.1:81", "listen 127.0.0.1:P81; # /var/www 127.0.0.1:81"},
		{"listen 127.0.0.1:81;\r\n\troot\t/var/www/$host/x ;\n", "listen 127.0.0.1:P81;\r\n\troot\tROOT/var/www/$host/x ;\n"},
		{"fastcgi_pass unix:/run/php.sock;", "fastcgi_pass unix:ROOT/run/php.sock;"},
		{"fastcgi_pass unix://run//./php.sock;", "fastcgi_pass unix:ROOT//run//./php.sock;"},
		{`fastcgi_pass "unix:/run/php.sock";`, `fastcgi_pass "unix:ROOT/run/php.sock";`},
		{"fastcgi_pass unix:run/php.sock;", "fastcgi_pass unix:run/php.sock;"},
		{"fastcgi_pass unix:/run/php.sock:;", "fastcgi_pass unix:ROOT/run/php.sock:;"},
		{"fastcgi_pass 127.0.0.1:9000;", "fastcgi_pass 127.0.0.1:P9000;"},
		{"fastcgi_pass [::1]:9000;", "fastcgi_pass [::1]:P9000;"},
		{"fastcgi_pass localhost:9000;", "fastcgi_pass localhost:P9000;"},
		{"fastcgi_pass 127.0.0.1;", "fastcgi_pass 127.0.0.1;"},
		{"fastcgi_pass $php:9000;", "fastcgi_pass $php:9000;"},
		{"proxy_pass http://127.0.0.1;", "proxy_pass http://127.0.0.1:P80;"},
		{"proxy_pass http://127.0.0.1/var/www;", "proxy_pass http://127.0.0.1:P80/var/www;"},
		{"proxy_pass https://127.0.0.1/;", "proxy_pass https://127.0.0.1:P443/;"},
		{"proxy_pass http://127.0.0.1:8080/var/www/;", "proxy_pass http://127.0.0.1:P8080/var/www/;"},
		{"proxy_pass http://unix:/run/php.sock:/var/;", "proxy_pass http://unix:ROOT/run/php.sock:/var/;"},
		{"location /var/www/ { alias /var/www/; }", "location /var/www/ { alias ROOT/var/www/; }"},
		{"rewrite ^/etc /run/x;", "rewrite ^/etc /run/x;"},
		{"return 301 /run/;", "return 301 /run/;"},
		{"root /usr/share/nginx/html;", "root /usr/share/nginx/html;"},
		{"access_log /dev/null;", "access_log /dev/null;"},
		{"error_log /var/log/x.log warn;", "error_log ROOT/var/log/x.log warn;"},
		{`fastcgi_param PHP_VALUE "open_basedir=/var/www:/tmp/:/usr";`, `fastcgi_param PHP_VALUE "open_basedir=ROOT/var/www:ROOT/tmp/:/usr";`},
		{"set $s unix:/run/php.sock;", "set $s unix:ROOT/run/php.sock;"},
		{"listen 127.0.0.1:9000; set $p 9000; set $q 9001; set $a 127.0.0.1:9002;", "listen 127.0.0.1:P9000; set $p P9000; set $q 9001; set $a 127.0.0.1:P9002;"},
		{"include /etc/nginx/none*;", "include ROOT/etc/nginx/none*;"},
		{"include none*;", "include none*;"},
	} {
		text, want := "server { "+test.text+" }\n", test.want
		if strings.HasPrefix(test.text, "listen") {
			want = "server { " + want + " }\n"
		} else {
			want = "server { listen P80; " + strings.TrimPrefix(want, " ") + " }\n"
		}
		c := parseCase(t, "bytes "+file+" no-final-newline\n-- "+file+" --\n"+text)
		if got := moveText(t, c, "/"+file, true) + "\n"; got != want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, want)
		}
	}
}

// Where other machines could reach it, a listen on every address of IPv4 becomes
// one on the loopback unless somebody could tell the difference.
func TestMoveListensToTheLoopback(t *testing.T) {
	const file = "etc/nginx/sites-enabled/blog.conf"
	for _, test := range []struct{ text, want string }{
		{"server { listen 80; listen *:81 ssl; }", "server { listen 127.0.0.1:P80; listen 127.0.0.1:P81 ssl; }"},
		{"server { listen 0.0.0.0; }", "server { listen 127.0.0.1:P80; }"},
		{"server { root /srv; }", "server { listen 127.0.0.1:P80; root ROOT/srv; }"},
		{"server { listen 80; listen [::]:80; }", "server { listen P80; listen [::]:P80; }"},
		{"server { listen *:80; } server { listen 127.0.0.1:80; }", "server { listen *:P80; } server { listen 127.0.0.1:P80; }"},
	} {
		c := parseCase(t, "-- "+file+" --\n"+test.text+"\n")
		if got := moveText(t, c, "/"+file, false); got != test.want+"\n" {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestMoveUpstreamsAndMaps(t *testing.T) {
	const file = "etc/nginx/conf.d/a.conf"
	text := `upstream a { server 127.0.0.1; server unix:/run/a.sock down; server 127.0.0.1:9000 weight=2; }
map $host $x { default unix:/run/a.sock; /run/a 9000; b 127.0.0.1:9000; c a; }
`
	want := `upstream a { server 127.0.0.1:P80; server unix:ROOT/run/a.sock down; server 127.0.0.1:P9000 weight=2; }
map $host $x { default unix:ROOT/run/a.sock; /run/a P9000; b 127.0.0.1:P9000; c a; }
`
	if got := moveText(t, parseCase(t, "-- "+file+" --\n"+text), "/"+file, true); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMoveFPM(t *testing.T) {
	const file = "etc/php/8.3/fpm/pool.d/www.conf"
	for _, test := range []struct{ text, want string }{
		{"listen = /run/php/$pool.sock ; /run", "listen = ROOT/run/php/$pool.sock ; /run"},
		{"listen='/run/x'", "listen='ROOT/run/x'"},
		{"listen = 9000", "listen = P9000"},
		{"listen = \"9000\"", "listen = \"P9000\""},
		{"listen = 127.0.0.1:9000", "listen = 127.0.0.1:P9000"},
		{"listen = [::]:9000", "listen = [::]:P9000"},
		{"listen = ::1:9000", "listen = ::1:P9000"},
		{"listen = *:9000", "listen = *:P9000"},
		{"listen = localhost:9000", "listen = localhost:P9000"},
		{"listen = 127.0.0.1", "listen = 127.0.0.1"},
		{"listen = 127.0.0.1:99999", "listen = 127.0.0.1:99999"},
		{"listen = run/x.sock", "listen = run/x.sock"},
		{"listen = unix:/run/x.sock", "listen = unix:ROOT/run/x.sock"},
		{"pm.status_path = /run/status", "pm.status_path = /run/status"},
		{"pm.status_listen = 127.0.0.1:9001", "pm.status_listen = 127.0.0.1:P9001"},
		{"slowlog = /var/log/$pool.slow", "slowlog = ROOT/var/log/$pool.slow"},
		{"chroot = /srv", "chroot = ROOT/srv"},
		{"php_admin_value[open_basedir] = /var/www:/tmp", "php_admin_value[open_basedir] = ROOT/var/www:ROOT/tmp"},
		{"php_admin_value[sendmail_path] = /usr/sbin/sendmail -t", "php_admin_value[sendmail_path] = /usr/sbin/sendmail -t"},
		{"env[TMP] = /tmp", "env[TMP] = ROOT/tmp"},
		{"include = /etc/php/x/*.conf", "include = ROOT/etc/php/x/*.conf"},
		{"# /run/x", "# /run/x"},
	} {
		c := parseCase(t, "-- "+file+" --\n[www]\n"+test.text+"\n")
		if got, want := moveText(t, c, "/"+file, true), "[www]\n"+test.want+"\n"; got != want {
			t.Errorf("%s\n got %q\nwant %q", test.text, got, want)
		}
	}
}

// A master without a log gets one on a line that is there, and a php.ini moves
// with it.
func TestMoveFPMMain(t *testing.T) {
	const main, ini = "etc/php/8.3/fpm/php-fpm.conf", "etc/php/8.3/fpm/php.ini"
	c := parseCase(t, "-- "+main+" --\n[global] ; x\ninclude=/etc/php/8.3/fpm/pool.d/*.conf\n-- "+ini+" --\nerror_log = /var/log/php.log\n")
	if got, want := moveText(t, c, "/"+main, true), "[global] error_log = ROOT/var/log/php-fpm.log ; x\ninclude=ROOT/etc/php/8.3/fpm/pool.d/*.conf\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := moveText(t, c, "/"+ini, true), "error_log = ROOT/var/log/php.log\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var additions = regexp.MustCompile(` listen (127\.0\.0\.1:)?80;| (access_log|\w+_temp_path|fastcgi_read_timeout) \S+;| error_log = /var/log/php-fpm\.log|^\[global\]\nerror_log = /var/log/php-fpm\.log\n`)

// Whatever the case is, what is moved and moved back is the same, byte for byte,
// but for what nginx and PHP-FPM are told of the directory, which adds no line
// unless a php-fpm.conf has no [global].
func TestMoveKeepsEveryOtherByte(t *testing.T) {
	for _, list := range forms(t) {
		for _, form := range list {
			c := parseCase(t, form.Archive)
			h := &Host{Dir: "/tmp/wl0000", archive: c, alone: true}
			before := c.Texts()
			for name, text := range h.move() {
				back := strings.ReplaceAll(text, h.Dir, "")
				for port, free := range h.mover.ports {
					back = strings.ReplaceAll(back, strconv.Itoa(int(free)), strconv.Itoa(int(port)))
				}
				if plain(back) != plain(before[name]) {
					t.Errorf("%s: %s moved and back\n got %q\nwant %q", form.Name, name, back, before[name])
				}
			}
		}
	}
}

// plain takes out what is added, and the port that a listen has by default.
func plain(text string) string {
	text = additions.ReplaceAllString(text, "")
	return regexp.MustCompile(`:80\b|:443\b`).ReplaceAllString(text, "")
}
