package handler

import (
	"slices"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/parser/apache"
	"github.com/wp502lint/wp502lint/source"
)

func TestServers(t *testing.T) {
	vhost := func(addresses, names, pool string) string {
		return "<VirtualHost " + addresses + ">\n" + names + handled(pool) + "</VirtualHost>\n"
	}
	const a, b = "ServerName a\n", "ServerName b\n"
	goes := func(name, pool string) string { return name + " /x.php SetHandler fcgi /run/" + pool + ".sock" }
	run(t, []setup{
		{name: "by name", text: vhost("*:80", a, "a") + vhost("*:80", b, "b"), want: []string{goes("a", "a"), goes("b", "b")}},
		{name: "of the main server", text: handled("m") + vhost("*:80", a+"ServerAlias aa\n", ""), want: []string{goes("a+aa", "")}},
		{name: "no virtual host of the port", text: handled("m") + vhost("*:8080", a, "a"), want: []string{goes("main", "m")}},
		{name: "some addresses", text: handled("m") + vhost("10.0.0.1:80", a, "a"), want: []string{goes("main", "m"), goes("a", "a")}},
		{name: "one address", text: "Listen 10.0.0.2:81\n" + vhost("10.0.0.2:81", a, "a") + vhost("*:81 *:80", b, "b"), want: []string{goes("a", "a"), goes("b", "b")}},
		{name: "the port before all ports", text: vhost("*", a, "a") + vhost("*:80", b, "b"), want: []string{goes("b", "b")}},
		{name: "all ports", text: vhost("_default_", a, "a"), want: []string{goes("a", "a")}},
		{name: "the same name", text: vhost("*:80", a, "a") + vhost("*:80", "ServerName A\n", "b"), want: []string{goes("a", "a"), goes("A hidden", "b")}},
		{name: "the first one is reached anyhow", text: vhost("*:80", a, "a") + vhost("*:80", b+"ServerAlias a\n", "b"), want: []string{goes("a", "a"), goes("b+a", "b")}},
		{name: "a wildcard before", text: vhost("*:80", a+"ServerAlias *.x.test\n", "a") + vhost("*:80", "ServerName www.x.test\n", "b") + vhost("*:80", "ServerName x.test\n", "c"),
			want: []string{goes("a+*.x.test", "a"), goes("www.x.test hidden", "b"), goes("x.test", "c")}},
		{name: "a slash in a name", text: vhost("*:80", a, "a") + vhost("*:80", "ServerName /srv\n", "b") + vhost("*:80", "ServerName x/\nServerAlias x\n", "c"), want: []string{goes("a", "a"), goes("/srv hidden", "b"), goes("x/+x", "c")}},
		{name: "another wildcard", text: vhost("*:80", a+"ServerAlias w?w*.test\n", "a") + vhost("*:80", "ServerName www.x.test\n", "b"), want: []string{goes("a+w?w*.test", "a"), goes("www.x.test hidden", "b")}},
		{name: "without a name it has that of the main server", text: vhost("*:80", a, "a") + vhost("*:80", "", "b") + vhost("*:80", "ServerName main.test\n", "c"),
			want: []string{goes("a", "a"), goes("", "b"), goes("main.test hidden", "c")}},
		{name: "scheme and port of a name", text: vhost("*:80", a, "a") + vhost("*:80", "ServerName https://b:443\n", "b"), want: []string{goes("a", "a"), goes("b", "b")}},
		{name: "no Listen", bare: true, text: "DocumentRoot /www\n" + handled("m"), want: nil},
		{name: "merged sections of the main server", text: "<Directory /www>\n" + handled("m") + "</Directory>\n" + vhost("*:80", a, "a"), want: []string{goes("a", "m")}},
		{name: "ProxyPass of the main server comes first", text: "ProxyPassMatch \\.php$ fcgi://127.0.0.1:9000/www\n<VirtualHost *:80>\nServerName a\nProxyPassMatch \\.php$ fcgi://127.0.0.1:9001/www\n</VirtualHost>\n",
			want: []string{"a /x.php ProxyPassMatch fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www"}},
		{name: "a document root of its own", files: []string{"/srv/a/y.php"}, text: "<Directory /srv/a>\nRequire all granted\n" + handled("d") + "</Directory>\n<VirtualHost *:80>\nServerName a\nDocumentRoot /srv/a/\n</VirtualHost>\n",
			want: []string{"a /y.php SetHandler fcgi /run/d.sock"}},
	})
}

func TestAccounts(t *testing.T) {
	s := setup{text: "User www\nUser web\nErrorLog logs/e.log\nListen 10.0.0.1:443 https\nListen [::1]:8443\n"}
	c := s.config()
	user, _ := c.User.Known()
	log, _ := c.ErrorLog.Known()
	if user != "web" || !c.Group.Absent() || log != "/etc/apache2/logs/e.log" {
		t.Errorf("got user %q, group %+v, log %q", user, c.Group, log)
	}
	var listens []string
	for _, l := range c.Listens {
		listens = append(listens, l.Endpoint.String()+map[bool]string{true: " ssl"}[l.SSL])
	}
	if want := []string{"[::]:80", "10.0.0.1:443 ssl", "[::1]:8443"}; !slices.Equal(listens, want) {
		t.Errorf("got %q, want %q", listens, want)
	}
}

// A document root that depends on the request is unknown, and so are the sections around it.
func TestUnknownRoot(t *testing.T) {
	const why = "the document root depends on the host name of the request"
	run(t, []setup{
		{name: "Files", text: "VirtualDocumentRoot /srv/%0\n" + handled("a"), want: []string{"main /index.php SetHandler fcgi /run/a.sock"}},
		{name: "Directory", text: "VirtualDocumentRoot /srv/%0\n<Directory /srv>\n" + handled("a") + "</Directory>\n", want: []string{"main /index.php no handler unknown: " + why}},
		{name: "nothing", text: "VirtualDocumentRoot /srv/%0\n", want: []string{"main /index.php no handler nothing unknown: " + why}},
	})
}

const cleared = "<FilesMatch \"\\.php$\">\n\tSetHandler None\n</FilesMatch>\n"

// SetHandler None is the cause unless a handler that would replace it is skipped.
func TestCleared(t *testing.T) {
	const skipped = "<IfModule mod_fastcgi.c>\n%</IfModule>\n"
	around := func(dir, text string) string { return "<Directory " + dir + ">\n" + text + "</Directory>\n" }
	in := func(text string) string { return strings.Replace(skipped, "%", text, 1) }
	run(t, []setup{
		one("another directory", around("/www/app", cleared)+in(around("/www", handled("a"))), "SetHandler sent: none set"),
		one("before it", in(around("/www", handled("a")))+around("/www", cleared), "SetHandler sent: none set"),
		one("no directory", around("/www", cleared)+in(handled("a")), "SetHandler sent: none set"),
		one("after it", around("/www", cleared)+in(around("/www", handled("a"))), "SetHandler sent: not read"),
	})
}

// What is not read is named with the word that keeps it from being read.
func TestNotRead(t *testing.T) {
	for _, test := range []struct {
		setup
		at, skipped, right, module string
	}{
		{setup{text: "<IfModule mod_proxy_fcgi>\n" + handled("a") + "</IfModule>\n"}, "mod_proxy_fcgi", "<IfModule mod_proxy_fcgi> names no module", "mod_proxy_fcgi.c", ""},
		{setup{text: "<IfModule \"Proxy_fcgi_module\">\n" + handled("a") + "</IfModule>\n"}, "\"Proxy_fcgi_module\"", "<IfModule Proxy_fcgi_module> names no module", "proxy_fcgi_module", ""},
		{setup{text: "<IfModule fcgi_module>\n" + handled("a") + "</IfModule>\n"}, "fcgi_module", "<IfModule fcgi_module> does not hold", "", ""},
		{setup{bare: true, modules: serverText, text: "<IfModule mod_proxy_fcgi.c>\n" + handled("a") + "</IfModule>\n" + modulesText}, "mod_proxy_fcgi.c", "<IfModule mod_proxy_fcgi.c> is above the LoadModule line of proxy_fcgi_module", "", ""},
		{setup{text: "<IfDefine FPM>\n" + handled("a") + "</IfDefine>\n"}, "FPM", "<IfDefine FPM> does not hold", "", ""},
		{setup{text: "<IfModule mpm_prefork_module>\n" + handled("a") + "</IfModule>\n"}, "mpm_prefork_module", "<IfModule mpm_prefork_module> does not hold", "", ""},
		{setup{modules: load("mpm_event", "authz_core", "mime", "proxy"), text: "<Directory /www>\n" + cleared + "</Directory>\n<IfModule mod_proxy_fcgi.c>\n<Directory /www/>\n" + handled("a") + "</Directory>\n</IfModule>\n"}, "mod_proxy_fcgi.c", "", "", "proxy_fcgi_module"},
		{setup{modules: load("authz_core", "proxy"), text: "<IfModule proxy_fcgi_module>\n" + handled("a") + "</IfModule>\n"}, "proxy_fcgi_module", "", "", "proxy_fcgi_module"},
		{setup{text: "<Directory /www>\n\tAllowOverride None\n</Directory>\n", files: bothFiles[1:], access: htaccess(handled("a"))}, "None", "AllowOverride keeps Apache from reading /www/app/.htaccess", "", ""},
		{setup{bare: true, text: "Listen 80\nDocumentRoot /www\n", files: bothFiles[1:], access: htaccess(handled("a"))}, "\"" + to("a") + "\"", "AllowOverride keeps Apache from reading /www/app/.htaccess", "", ""},
	} {
		p := test.config().Servers[0].Passes[0]
		if p.End != Sent || p.At.Text() != test.at || p.Skipped != test.skipped || p.Right != test.right || p.Module != test.module || p.Handler.Text() != "\""+to("a")+"\"" {
			t.Errorf("%s: got %s at %s, skipped %q, right %q, module %q, handler %s", test.text, showPass(p), p.At.Text(), p.Skipped, p.Right, p.Module, p.Handler.Text())
		}
	}
}

// Without a main file the modules are unknown, and so is what is set around.
func TestLoose(t *testing.T) {
	text := "<VirtualHost *:80>\nServerName a\nDocumentRoot /www\n%s</VirtualHost>\n"
	for _, test := range []struct{ text, want string }{
		{handled("a"), "SetHandler fcgi /run/a.sock"},
		{"ProxyPassMatch \\.php$ fcgi://127.0.0.1:9000/www\n", "ProxyPassMatch fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www"},
		{"SetHandler proxy:unix:/run/a.sock\n", "SetHandler sent: not a proxy"},
		{"SetHandler application/x-httpd-php\n", "SetHandler unknown: no apache2.conf or httpd.conf given"},
		{"", "no handler unknown: no apache2.conf or httpd.conf given"},
	} {
		f := &source.File{Name: "/etc/apache2/sites-enabled/a.conf", Text: strings.Replace(text, "%s", test.text, 1)}
		c := New(apache.LoadLoose([]*source.File{f}, world{}), Options{Files: world{"/www/x.php"}})
		if !c.Loose || len(c.Servers) != 2 || len(c.Servers[1].Passes) != 1 {
			t.Fatalf("%s: got %+v", test.text, c)
		}
		if l := c.Servers[1].Listens; len(l) != 1 || l[0].Endpoint.String() != "[::]:80" {
			t.Errorf("got %+v", l)
		}
		if got := showPass(c.Servers[1].Passes[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}
