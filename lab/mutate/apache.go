package mutate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/wp502lint/wp502lint/source"
)

// apacheOperators are the kinds of changes to a stack with Apache: those to any stack, and
// edits that people make there.
var apacheOperators = append(slices.Clone(operators), operator{180, (*draft).editApache})

// editApache applies one of apacheEdits.
func (d *draft) editApache() string {
	return d.editWith(apacheEdits, func(f *draftFile, e edit) bool {
		switch e.in {
		case apacheFile:
			return f.role == source.RoleApache
		case poolFile:
			return f.role == source.RolePool || f.role == source.RoleFPM
		}
		return f.role != ""
	})
}

// breakLine breaks the syntax of a line or a section of Apache.
func (d *draft) breakLine(p place) string {
	old := p.text()
	first, rest, _ := strings.Cut(old, "\n")
	new := pick(d, []string{
		strings.Replace(old, ">", "", 1), strings.Replace(old, "<", "", 1), strings.Replace(old, "</", "<", 1), strings.Replace(old, "</", "<!", 1), "<" + old, old + ">", old + " \\", old + "\\", old + ";",
		first + " extra\n" + rest, first + " # note\n" + rest, strings.ReplaceAll(first, " ", "=") + "\n" + rest, strings.Replace(old, `"`, "", 1), strings.Replace(old, "<", "< ", 1),
		strings.Replace(first, " ", " \\\n    ", 1) + "\n" + rest, first, strings.ToUpper(first) + "\n" + rest, strings.ToLower(first) + "\n" + rest,
	})
	if new = strings.TrimSuffix(new, "\n"); new == old {
		return ""
	}
	p.set(new)
	return fmt.Sprintf("%s becomes %q", p.where(), new)
}

// apacheKinds are the kinds of values of Apache.
var apacheKinds = []valueKind{
	{nil, regexp.MustCompile(`^-?\d+$`), numbers},
	{regexp.MustCompile(`(?i)timeout`), nil, units},
	{nil, regexp.MustCompile(`(?i)^(on|off)$`), booleans},
	{nil, regexp.MustCompile(`proxy:|fcgi://|unix:`), targets},
	{nil, regexp.MustCompile(`proxy:|fcgi://|unix:`), targets},
	{regexp.MustCompile(`^(User|Group)$`), nil, owners},
	{regexp.MustCompile(`^Listen$|^<VirtualHost$`), nil, oneOf("80", "8080", "443", "9000", "*:80", "*:8080", "127.0.0.1:80", "0.0.0.0:80", "[::]:80", "[::1]:80", "*", "_default_:80", "_default_", "10.0.0.1:80", "nosuch:80", "localhost:80", "0", "65536", "http", ":80", "80,443", "[::]")},
	{regexp.MustCompile(`^Include(Optional)?$`), nil, patterns},
	{regexp.MustCompile(`(?i)^(ErrorLog|CustomLog|PidFile|DocumentRoot|DefaultRuntimeDir|ServerRoot|TypesConfig|Mutex)$`), nil, paths},
	{regexp.MustCompile(`^<(Files|Location|Directory)(Match)?$`), nil, oneOf(`\.php$`, `"\.php$"`, `".+\.php$"`, "*.php", `"*.php"`, "~", "/", "/var/www", "/var/www/blog", "/var/www/shop/", `"/home/*/public_html"`, `"(\.php$"`, `"\.PHP$"`, `"\.(php|phtml)$"`, "index.php", "/srv", `"^/var/www/.*$"`, `""`)},
	{regexp.MustCompile(`Match$|^Rewrite`), regexp.MustCompile(`[\^(\[\\]`), brokenExpression},
	{regexp.MustCompile(`^<If(Module|Define|Version|File)$`), nil, oneOf("mod_proxy_fcgi.c", "!mod_proxy_fcgi.c", "proxy_fcgi_module", "proxy_fcgi", "mod_proxy_fcgi", "MOD_PROXY_FCGI.C", "mod_php.c", "!mod_php.c", "!mod_php8.c", "mod_php8.c", "php_module", "!php_module", "mod_nosuch.c", "mpm_event_module", "mpm_prefork_module", "mod_mime.c", "")},
	{regexp.MustCompile(`^LoadModule$`), nil, oneOf("proxy_module", "proxy_fcgi_module", "proxy_http_module", "php_module", "mpm_prefork_module", "nosuch_module", "/usr/lib/apache2/modules/mod_proxy.so", "/usr/lib/apache2/modules/mod_proxy_fcgi.so", "/usr/lib/apache2/modules/mod_nosuch.so", "modules/mod_proxy_fcgi.so", "/usr/lib/apache2/modules/libphp8.3.so", "/usr/lib/apache2/modules/mod_mpm_prefork.so")},
	{nil, regexp.MustCompile(`\$\{?[A-Za-z]`), oneOf("${NOSUCH}", "${APACHE_RUN_DIR}", "${APACHE_RUN_USER}", "${fpm_dir}", "$1", "%{HTTP_HOST}", "${", "$$", "/run/php/${NOSUCH}.sock")},
	{regexp.MustCompile(`^AllowOverride$|^Require$|^Options$`), nil, oneOf("None", "All", "FileInfo", "Limit", "AuthConfig Indexes", "all", "granted", "denied", "ip", "valid-user", "local", "+FollowSymLinks", "Indexes", "+Indexes FollowSymLinks", "ExecCGI", "nosuch")},
	{regexp.MustCompile(`^Server(Name|Alias)$`), nil, oneOf("blog.example", "shop.example", "_", "localhost", "blog.example:80", "blog.example:8080", "*.example", "http://blog.example", `""`, "blog example")},
	{regexp.MustCompile(`^SSL`), nil, oneOf(Certificate, Key, "/etc/passwd", "/etc/ssl", "/etc/ssl/none.pem", "on", "off", "optional", "all", "TLSv1.9", "-SSLv2", "nosuch")},
	{nil, regexp.MustCompile(`^[a-z]+=`), oneOf("timeout=1", "timeout=0", "timeout=x", "retry=0", "retry=-1", "max=1", "min=5", "enablereuse=on", "enablereuse=yes", "connectiontimeout=100ms", "flushpackets=auto", "nosuch=1", "lbmethod=bytraffic", "lbmethod=nosuch", "loadfactor=0", "loadfactor=101", "acquire=1", "disablereuse=on", "status=+D", "route=a", "keepalive=on")},
}

// parts are the socket and the rest of a target.
var parts = regexp.MustCompile(`unix:([^|"\s]+)\|?`)

// targets returns a target similar to the value: misspelt, of another pool, or in another form.
func targets(d *draft, p place) string {
	old := strings.Trim(p.text(), `"'`)
	socket := "/run/php/php8.3-fpm.sock"
	if m := parts.FindStringSubmatch(old); m != nil {
		socket = m[1]
	}
	switch d.IntN(3) {
	case 0: // another address
		return quotedLike(p, pick(d, []string{
			"proxy:unix:" + d.misspell(socket) + "|fcgi://localhost", "proxy:unix:" + strings.Replace(socket, "8.3", "8.2", 1) + "|fcgi://localhost", "proxy:fcgi://127.0.0.1:9000", "proxy:fcgi://127.0.0.1:9001",
			"proxy:fcgi://localhost:9000", "proxy:fcgi://127.0.0.1", "proxy:fcgi://[::1]:9000", "proxy:fcgi://localhost:9001/", "proxy:fcgi://nosuch:9000", "proxy:balancer://php", "proxy:balancer://nosuch", "proxy:fcgi://127.0.0.1:80", "proxy:fcgi://127.0.0.1:0",
			"proxy:fcgi://127.0.0.1:99999", "proxy:http://127.0.0.1:9000", "proxy:unix:" + socket + strings.Repeat("x", 90) + "|fcgi://localhost", "proxy:unix:/run/php|fcgi://localhost",
		}))
	case 1: // the same in another form
		return quotedLike(p, pick(d, []string{
			"proxy:unix:" + socket + "|fcgi://localhost/", "proxy:unix:" + socket + "|fcgi://127.0.0.1:9999", "proxy:unix:" + socket + "|fcgi://" + d.misspell("localhost"), "proxy:unix:" + socket + "|fcgi:", "proxy:unix:" + socket + "|fcgi://",
			"PROXY:UNIX:" + socket + "|FCGI://localhost", "proxy:unix://" + socket + "|fcgi://localhost", "proxy:unix:" + strings.Replace(socket, "/run/", "/var/run/", 1) + "|fcgi://localhost",
			"proxy:unix:" + strings.Replace(socket, "/", "//", 1) + "|fcgi://localhost", "proxy:unix:" + strings.Replace(socket, "/run/", "/run/./", 1) + "|fcgi://shop", "proxy:unix:" + socket + "|fcgi://shop-pool/",
		}))
	default: // what Apache reads as something else
		return pick(d, []string{
			"proxy:unix:" + socket, "unix:" + socket + "|fcgi://localhost", "fcgi://127.0.0.1:9000", "proxy:unix:" + socket + ":|fcgi://localhost", `"proxy:unix:` + socket + ` | fcgi://localhost"`, `"proxy: unix:` + socket + `|fcgi://localhost"`,
			"proxy:unix:" + socket + "|fgci://localhost", "proxy:unix:/" + socket + "|fcgi://localhost", "proxy:unix:" + strings.TrimPrefix(socket, "/") + "|fcgi://localhost", "\u201cproxy:unix:" + socket + "|fcgi://localhost\u201d",
			"proxy:unix:" + socket + "|fcgi://localhost/var/www/blog", "proxy:unix:" + socket + "|http://localhost", "proxy:unix:" + socket + "|uwsgi://localhost", "proxy:" + socket, "proxy", "None", "none", "application/x-httpd-php", "fcgid-script", "php8-fcgi",
			"proxy:unix:" + socket + "|", "proxy:unix:|fcgi://localhost", "proxy:fcgi:/127.0.0.1:9000", "proxy:127.0.0.1:9000", "%{reqenv:HANDLER}", "proxy:unix:" + socket + "|fcgi//localhost", "proxy:scgi://127.0.0.1:9000", "!", `"` + old, old + `"`,
		})
	}
}

// quotedLike returns a text with the quotes of a place.
func quotedLike(p place, text string) string {
	if quote := p.text()[:1]; quote == `"` || quote == "'" {
		return quote + text + quote
	}
	return text
}
