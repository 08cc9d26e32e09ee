package mutate

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// changeValue replaces one value.
func (d *draft) changeValue(p place) string {
	old, new := p.text(), d.another(p)
	if new == old {
		return ""
	}
	p.set(new)
	return fmt.Sprintf("%s: %q becomes %q", p.where(), old, new)
}

// another returns a text that may replace a value.
func (d *draft) another(p place) string {
	kinds := []func(*draft, place) string{quoted, quoted, misspelt}
	known := valueKinds
	if p.syntax() == apacheSyntax {
		known = apacheKinds
	}
	for _, k := range known {
		if k.key != nil && k.key.MatchString(p.key) || k.text != nil && k.text.MatchString(p.text()) {
			kinds = append(kinds, k.change, k.change, k.change, k.change)
		}
	}
	if len(kinds) == 3 {
		kinds = append(kinds, booleans)
	}
	return pick(d, kinds)(d, p)
}

// valueKind is a kind of values, recognised by their key or their text, and how they change.
type valueKind struct {
	key, text *regexp.Regexp
	change    func(*draft, place) string
}

// valueKinds are those of nginx and PHP.
var valueKinds = []valueKind{
	{nil, regexp.MustCompile(`^-?\d+[a-zA-Z]{0,2}$`), numbers},
	{regexp.MustCompile(`timeout|interval|keepalive|expires`), regexp.MustCompile(`^\d+(s|m|h|d|ms)$`), units},
	{nil, regexp.MustCompile(`^\d+[kKmMgG]$`), units},
	{regexp.MustCompile(`flag|catch_|clear_env|decorate|daemonize|display_|log_errors`), regexp.MustCompile(`(?i)^(on|off|yes|no|true|false)$`), booleans},
	{regexp.MustCompile(`^listen$|_pass$`), regexp.MustCompile(`^unix:|^\[?[0-9a-f.:]+\]?:\d+$`), addresses},
	{regexp.MustCompile(`^(listen|fastcgi_pass|server)$`), regexp.MustCompile(`^unix:`), addresses},
	{regexp.MustCompile(`^(user|group|listen\.(owner|group|acl_users))$`), nil, owners},
	{regexp.MustCompile(`^listen\.mode$`), nil, octal},
	{regexp.MustCompile(`^pm$`), nil, oneOf("static", "dynamic", "ondemand", "Dynamic", "fork", "")},
	{regexp.MustCompile(`^include$`), nil, patterns},
	{regexp.MustCompile(`^(error_log|slowlog|access\.log|access_log|pid|chdir|chroot|root|open_basedir)$`), nil, paths},
	{regexp.MustCompile(`^listen\.allowed_clients$`), nil, oneOf("127.0.0.1", "127.0.0.1,::1", "127.0.0.1, ::1", "localhost", "127.0.0.0/8", "", "any", "10.0.0.1", "::1", "127.0.0.1 10.0.0.1")},
	{regexp.MustCompile(`^server_name$`), nil, oneOf("_", "localhost", "blog.example", "~^(.+)$", `""`, "*.example", ".blog.example")},
	{nil, regexp.MustCompile(`^\$|\$[a-z]`), variables},
	{regexp.MustCompile(`^location$`), nil, oneOf("=", "~", "~*", "^~", "/", "@php", `\.php$`, "/index.php")},
	{regexp.MustCompile(`^if$`), nil, oneOf("(", ")", "()", "(1)", "($uri", "(!$uri)", "($uri)", "($uri=/x)", "=", "==", "!=", "eq", "&&", "and", "~", "!~*", "-z", "(-f", "(!-d", "(-", "POST)", "$nosuch)", "$uri)", "/x)")},
	{regexp.MustCompile(`^(allow|deny|set_real_ip_from)$`), nil, oneOf("all", "127.0.0.1", "10.0.0.0/8", "10.0.0.0/40", "10.0.0.1/8", "300.1.1.1", "localhost", "nosuch", "::1", "fd00::/8", "fd00::/200", "[::1]", "unix:", "")},
	{nil, regexp.MustCompile(`^(zone|keys_zone|levels|shared):?=?|^shared:`), zoneSizes},
	{nil, regexp.MustCompile(`^[a-z_]+=.`), parameters},
	{regexp.MustCompile(`^(location|rewrite|server_name|if|proxy_redirect)$`), regexp.MustCompile(`[\^(\[\\]`), brokenExpression},
	{regexp.MustCompile(`^(proxy_)?ssl_(trusted_|client_)?(certificate|dhparam|crl)`), nil, oneOf(Certificate, Key, "/etc/passwd", "/etc/ssl", "/etc/ssl/none.pem", "", "certs/site.pem", "$ssl_server_name", "data:$nosuch")},
	{regexp.MustCompile(`ssl_(protocols|ciphers|verify|name)`), nil, oneOf("TLSv1.2", "TLSv1.3", "TLSv1", "SSLv3", "TLSv1.4", "HIGH:!aNULL", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "nosuch", "nosuch:HIGH", "on", "off", "localhost", "other.example")},
	{regexp.MustCompile(`^(error_page|return|rewrite|.*_cache_valid)$`), nil, oneOf("99", "200", "302", "404", "499", "502", "600", "=200", "=", "last", "break", "redirect", "/x", "@nosuch", "@apology", "any", "10m", "https://blog.example/", "")},
	{regexp.MustCompile(`^(access_log|error_log|log_format|limit_(req|conn)\w*|open_file_cache|expires|charset|resolver|gzip\w*)$`), nil, oneOf("off", "on", "main", "combined", "timed", "Timed", "buffer=0", "flush=1x", "gzip=10", "gzip", "max=0", "burst=0", "rate=0r/s", "rate=1r/h", "zone=none", "logins", "perserver", "pages", "pool", "emerg", "noise", "@10h", "epoch", "-1", "0", "16k", "$nosuch")},
}

// zoneSizes replaces the name or the size of a shared memory zone, or the levels of a cache.
func zoneSizes(d *draft, p place) string {
	kind, rest, _ := strings.Cut(p.text(), "=")
	if name, size, ok := strings.Cut(rest, ":"); ok && kind != "levels" {
		return kind + "=" + pick(d, []string{name + ":" + size + "0", name, name + ":", ":" + size, name + ":4k", name + ":32k", name + ":1x", name + ":0", "logins:1m", "pages:1m", "none:" + size, "perserver:2m", name + ":" + size + ":1m", name + ":8m"})
	}
	if strings.HasPrefix(p.text(), "shared:") {
		return pick(d, []string{"shared:tls:2m", "shared:tls", "shared::1m", "shared:tls:4k", "shared:logins:1m", "builtin", "builtin:0", "none", "off", "shared", "share:tls:1m"})
	}
	return kind + "=" + pick(d, []string{"1", "1:2:2", "1:2:3:4", "3", "0:1", "", "none", "1:", "logins", "perserver"})
}

// parameters changes the name or the value of a parameter.
func parameters(d *draft, p place) string {
	name, value, _ := strings.Cut(p.text(), "=")
	return pick(d, []string{
		name, name + "=", name + "=0", name + "=-1", name + "=1", name + "=on", name + "=off", name + "=x", name + ":" + value, d.misspell(name) + "=" + value,
		name + "=" + value + "x", name + "=" + value + "0", name + "=99999999999", name + "=10s", name + "=10m", name + "= " + value, value, name + "=" + value + " " + name + "=" + value,
	})
}

// brokenExpression breaks a regular expression, or turns it into another valid one.
func brokenExpression(d *draft, p place) string {
	old := p.text()
	return pick(d, []string{
		old + "(", old + ")", old + "[a", old + "[z-a]", old + "a**", old + "a*+", old + "a{2,1}", old + "{", old + "(?<1a>x)", old + "(?<a>x)(?<a>y)", old + "(?<uri>x)", old + `\\p{Foo}`, old + `\p{Lu}`, old + "(?<=a+)b",
		old + "(?<=ab)c", old + `\2`, old + `\9`, old + `\k<none>`, old + "[[:alpha:]]", old + "[[:nosuch:]]", old + "(?i)x", old + "(?z)x", old + "(*ACCEPT)", old + "(*NOSUCH)", old + "(?(1)a|b)", old + "(?P<b>x)", old + "+?",
		old + "++", old + `\`, "?" + old, "*" + old, old + "(?#x", old + `\Qa`, old + `\g{-1}`, old + `\x{110000}`, "$1", "", "^", "(?!" + old + ")",
	})
}

func oneOf(texts ...string) func(*draft, place) string {
	return func(d *draft, _ place) string { return pick(d, texts) }
}

var booleans = oneOf("on", "off", "yes", "no", "On", "OFF", "true", "False", "1", "0", `"on"`, `"On"`, "'yes'", "2", "maybe", "none", "")

// few matches settings whose numbers must stay small: they start processes.
var few = regexp.MustCompile(`^(pm\..*(children|servers|rate)|worker_processes)$`)

// number returns the number and the unit of a value.
func (p place) number() (digits, unit string) {
	digits = strings.TrimRight(p.text(), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return digits, p.text()[len(digits):]
}

func numbers(d *draft, p place) string {
	digits, unit := p.number()
	n, err := strconv.Atoi(digits)
	if err != nil {
		return p.text() + "0"
	}
	texts := []string{"0", "-1", strconv.Itoa(n + 1), strconv.Itoa(n - 1), strconv.Itoa(n / 2), strconv.Itoa(-n), digits + ".5", "0" + digits, "+" + digits, "0x10", "", "auto"}
	if few.MatchString(p.key) {
		texts = append(texts, strconv.Itoa(n*2), strconv.Itoa(n+7), "64")
	} else {
		texts = append(texts, strconv.Itoa(n*2), strconv.Itoa(n*100), "65535", "65536", "99999999999", "2147483648")
	}
	new := pick(d, texts)
	if d.IntN(4) > 0 {
		new += unit
	}
	return new
}

func units(d *draft, p place) string {
	digits, _ := p.number()
	return digits + pick(d, []string{"", "s", "m", "ms", "h", "d", "w", "S", "M", "k", "K", "G", "kb", " s", "s;", "1m30s", ".5s", "sec"})
}

func quoted(d *draft, p place) string {
	bare := strings.Trim(p.text(), `"'`)
	return pick(d, []string{
		`"` + bare + `"`, "'" + bare + "'", bare, `"` + bare, bare + `"`, "'" + bare, `"` + bare + `";`, `\` + bare, bare + `\`,
		bare + " # note", bare + " ; note", bare + ";", bare + "#", "(" + bare + ")", bare + " ", bare + "&", "~" + bare, bare + "$", bare + "{}", "",
	})
}

func misspelt(d *draft, p place) string { return d.misspell(p.text()) }

// misspell removes, doubles, swaps or replaces a byte of a text.
func (d *draft) misspell(old string) string {
	if len(old) < 2 {
		return old + "x"
	}
	i := d.IntN(len(old) - 1)
	switch d.IntN(5) {
	case 0:
		return old[:i] + old[i+1:]
	case 1:
		return old[:i] + old[i:i+1] + old[i:]
	case 2:
		return old[:i] + old[i+1:i+2] + old[i:i+1] + old[i+2:]
	case 3:
		return old[:i] + string("abcxyz0189-_. /:"[d.IntN(16)]) + old[i+1:]
	default:
		return old[:i] + string("abcxyz0189-_. /:"[d.IntN(16)]) + old[i:]
	}
}

var owners = oneOf("nobody", "root", "www-data", "33", "0", "nosuchuser", "", `"www-data"`, "WWW-DATA", "www_data", "www-data,nobody", "alice", "65534", "1234", "$pool", "-1", "www-data www-data", "nogroup")

var octal = oneOf("0660", "0600", "0666", "0000", "660", "0777", "0640", "0620", "0606", "0066", "rw-rw----", "0999", "0o660", "432", "", "0660x", "00660", `"0660"`, "u=rw", "0007")

func patterns(d *draft, p place) string {
	old := p.text()
	dir := old[:strings.LastIndexByte(old, '/')+1]
	return pick(d, []string{
		strings.Replace(old, ".conf", ".con", 1), strings.Replace(old, "*", "x", 1), dir + "*", dir, strings.TrimSuffix(dir, "/"), dir + "missing.conf", dir + "missing*.conf",
		dir + "?*.conf", "/etc/nowhere/*.conf", "/etc/nowhere/a.conf", p.name, strings.Replace(old, "/etc/", "/ect/", 1), strings.TrimPrefix(old, "/etc/nginx/"),
		strings.Replace(old, "/etc/", "etc/", 1), `"` + old + `"`, dir + "[a-z]*.conf", strings.Replace(old, "/", "//", 1), "", dir + "{www,zz}.conf", dir + "*.conf " + dir + "*.inc",
	})
}

func paths(d *draft, p place) string {
	old := p.text()
	return pick(d, []string{
		strings.Replace(old, "/var/", "/vra/", 1), "/etc/nowhere" + old, strings.TrimPrefix(old, "/"), "/dev/null", "/tmp", "/tmp/x", "syslog", "stderr", old + "/", "/var/log/$pool.log",
		"/var/log/x.log", strings.Replace(old, "/", "//", 1), "", "off", "/", "/proc/self/fd/2", "log/x", "syslog:server=127.0.0.1",
	})
}

func variables(d *draft, p place) string {
	old := p.text()
	return pick(d, []string{"$nosuch", "$host", "$pool", old + "x", strings.TrimPrefix(old, "$"), "${host}", "$", "$1", "$request_uri", "$document_root", "unix:/run/php/$host.sock", "$uri", ""})
}
