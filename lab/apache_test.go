//go:build linux

package lab

import (
	"os"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/servers"
)

// needApache is needServers for tests of Apache.
func needApache(t *testing.T) Programs {
	t.Helper()
	p := needServers(t)[0]
	switch {
	case p.Apache.Path != "":
	case os.Getenv("WP502LINT_LAB") == "1":
		t.Fatal("Apache is not installed")
	default:
		t.Skip("Apache is not installed")
	}
	return p
}

// conf is a file of conf-enabled in place of the one of PHP-FPM.
func conf(lines string) string { return "-- etc/apache2/conf-enabled/php8.3-fpm.conf --\n" + lines }

func site2(lines string) string {
	return "-- etc/apache2/sites-enabled/shop.conf --\n<VirtualHost *:80>\nServerName shop.example\nDocumentRoot /var/www/blog\n" + lines + "</VirtualHost>\n"
}

// A case over the frame with Apache does what real servers do, and writes the line of its row.
func TestApache(t *testing.T) {
	p := needApache(t)
	for _, test := range []struct {
		name, archive, want string
		accepted            bool
		row                 *servers.Signature
	}{
		{name: "the frame", want: "GET /index.php -> 200"},
		{"no socket", conf("<FilesMatch \\.php$>\nSetHandler \"proxy:unix:/run/php/old.sock|fcgi://localhost\"\n</FilesMatch>\n"), "GET /index.php -> 503", false, servers.ApacheConnectNoSocket},
		{"refused port", conf("<FilesMatch \\.php$>\nSetHandler proxy:fcgi://127.0.0.1:9001\n</FilesMatch>\n"), "GET /index.php -> 503", false, servers.ApacheConnectRefused},
		{"no address leaves the machine", conf("<FilesMatch \\.php$>\nSetHandler proxy:fcgi://192.0.2.1:9000\n</FilesMatch>\n"), "GET /index.php -> 503", false, servers.ApacheConnectUnreachable},
		{"no name leaves it either", conf("<FilesMatch \\.php$>\nSetHandler proxy:fcgi://php.example:9000\n</FilesMatch>\n"), "GET /index.php -> 500", false, nil},
		{"source", conf("<FilesMatch \\.php$>\nSetHandler application/x-httpd-php\n</FilesMatch>\n"), "GET /index.php -> source", false, nil},
		{"no handler", conf("# nothing\n"), "GET /index.php -> source", false, nil},
		{"test refuses", conf("<FilesMatch \\.php$>\n"), "apache refused: exit status 1", false, nil},
		{"start refuses", "-- etc/apache2/ports.conf --\nListen 80\nListen 127.0.0.1:80\n", "apache refused: exit status 1", true, nil},
		{"no envvars", "frame: apache\nlink etc/apache2/envvars -> none\n", "apache refused: exit status 1", false, nil},
		{"FPM refuses", "-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nlisten = /run/php/php8.3-fpm.sock\n", "php-fpm refused: exit status 78, GET /index.php -> 503", false, servers.ApacheConnectNoSocket},
		{"http to PHP-FPM", conf("ProxyPass / http://127.0.0.1:9000/\n") + module("proxy_http") + "-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 1\n", "GET /index.php -> 502", false, servers.ApacheOriginClosed},
		{"another site", "GET shop.example/index.php -> 503\n" + site2(`<FilesMatch \.php$>
SetHandler proxy:fcgi://127.0.0.1:9001
</FilesMatch>
`), "GET /index.php -> 503", false, nil},
		{"a host that lacks a module", "-- usr/lib/apache2/modules/mod_dir.so --\n", "apache refused: exit status 1", false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			archive := test.archive
			if !strings.HasPrefix(archive, "frame:") {
				archive = "frame: apache\n" + archive
			}
			r := tried(t, archive, p)
			_, found := "", true
			if test.row != nil {
				_, found = r.Match(test.row)
			}
			if r.String() != test.want || r.Accepted != test.accepted || !found {
				t.Errorf("got %s, accepted %t, its row is found: %t\n%s", r, r.Accepted, found, strings.Join(r.Lines[servers.Apache], "\n"))
			}
		})
	}
}

// moduleCases are archives that load one module more, by its name.
func moduleCases() map[string]string {
	const php = "<FilesMatch \\.php$>\nSetHandler HANDLER\n</FilesMatch>\n"
	const fpm = "-- etc/php/8.3/fpm/pool.d/www.conf --\n[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 1\n"
	handler := func(name string) string { return strings.ReplaceAll(php, "HANDLER", name) }
	return map[string]string{
		"rewrite": conf("DocumentRoot /var/www/blog\n") + module("rewrite") + `-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:80>
RewriteEngine On
RewriteRule ^/(.*\.php)$ fcgi://127.0.0.1:9000/var/www/blog/$1 [P]
</VirtualHost>
` + fpm,
		"balancer": conf("<Proxy balancer://php>\nBalancerMember fcgi://127.0.0.1:9000\n</Proxy>\n"+handler("proxy:balancer://php")) + module("proxy_balancer", "lbmethod_byrequests", "slotmem_shm") + fpm,
		"macro":    conf("<Macro php $handler>\n"+handler("$handler")+"</Macro>\nUse php proxy:fcgi://127.0.0.1:9000\n") + module("macro") + fpm,
		"ssl": module("ssl") + `-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:443>
    ServerName blog.example
    DocumentRoot /var/www/blog
    SSLEngine on
    SSLCertificateFile /etc/ssl/certs/blog.pem
    SSLCertificateKeyFile /etc/ssl/private/blog.key
</VirtualHost>
`,
		"ssl alone": module("ssl") + `-- etc/apache2/ports.conf --
Listen 443
-- etc/apache2/sites-enabled/blog.conf --
<VirtualHost *:443>
    ServerName blog.example
    DocumentRoot /var/www/blog
    SSLEngine on
    SSLProtocol TLSv1.2
    SSLCertificateFile /etc/ssl/certs/blog.pem
    SSLCertificateKeyFile /etc/ssl/private/blog.key
</VirtualHost>
`,
		"php": conf(handler("application/x-httpd-php")) + `-- etc/apache2/mods-enabled/mpm_event.load --
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
-- etc/apache2/mods-enabled/php8.3.load --
LoadModule php_module /usr/lib/apache2/modules/libphp8.3.so
`,
		"worker":              strings.ReplaceAll("-- etc/apache2/mods-enabled/mpm_event.load --\nLoadModule mpm_X_module /usr/lib/apache2/modules/mod_mpm_X.so\n", "X", "worker"),
		"fcgid":               module("fcgid"),
		"modules of the case": marked("mpm_event", "authz_core", "authz_host", "dir", "mime", "proxy", "proxy_fcgi", "setenvif"),
	}
}

// What a case may load can be started: the modules are those of the machine.
func TestApacheModules(t *testing.T) {
	p := needApache(t)
	for name, archive := range moduleCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := tried(t, "frame: apache\n"+archive, p); r.String() != "GET /index.php -> 200" {
				t.Errorf("got %s\n%s", r, strings.Join(r.Lines[servers.Apache], "\n"))
			}
		})
	}
}

// module loads modules of Apache.
func module(names ...string) (text string) {
	for _, name := range names {
		text += "-- etc/apache2/mods-enabled/" + name + ".load --\nLoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so\n"
	}
	return text
}

// marked says that a host has these modules and no others.
func marked(names ...string) (text string) {
	for _, name := range names {
		text += "-- usr/lib/apache2/modules/mod_" + name + ".so --\n"
	}
	return text
}
