package apachet

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pools are the words that random lines are made of, right and wrong ones.
var pools = map[string][]string{
	"address": {"80", "0", "99999", "*:80", "127.0.0.1:81", "127.0.0.1", "[::1]:80", "[::1", "a.invalid:80", ":80", "80:", "[::]:80", "0.0.0.0:80", "x", "65535", "8080x"},
	"number":  {"0", "1", "-1", "10", "5x", "x", "+3", "99999999999", "2147483648", "512", "100", "", "3.5", "on"},
	"time":    {"5", "5s", "5ms", "5min", "5x", "ms", "x", "0", "-1", "1h", "99999999999999999999", "30"},
	"switch":  {"on", "Off", "On", "yes", "full", "default", "email", "Prod", "none", "dns", "Block", "double", "x"},
	"regex":   {"^/a", "(", "[a", "a)", "*", "+", "(?<n>a)", "a{2,1}", "\\.php$", "(a|b", "a\\", "(?i)a", "[[:alpha:]]", "(?z)", "^(.*)$", "a**", "(?<n>a)(?<n>b)"},
	"status":  {"404", "500", "503", "999", "99", "abc", "200", "302", "permanent", "gone", "temp", "seeother", "404x"},
	"url":     {"http://b", "/b", "b", "http://", "fcgi://127.0.0.1:9000", "unix:/a|fcgi://b", "unix:/a|", "unix:/a", "unix:/a|b", "balancer://x", "balancer:x", "!", "http://b:x", "http://[::1", "https://c/d", "unix:a|fcgi:", "http://b:80/c", "ws://e:99999", "1://b", "http://u:p@b/", "fcgi://", "//x"},
	"setting": {"timeout=3", "timeout=0", "retry=0", "retry=-1", "foo=1", "max=2", "enablereuse=on", "enablereuse=x", "acquire=5", "acquire=x", "flushpackets=auto", "lbmethod=byrequests", "lbmethod=x", "stickysession=A", "nofailover=x", "loadfactor=5", "loadfactor=101", "loadfactor=0.5", "ping=3", "status=+H", "status=Q", "x", "nocanon", "hcmethod=GET", "keepalive=on", "connectiontimeout=300ms", "failonstatus=500", "route=a", "ttl=0"},
	"action":  {"set", "add", "unset", "echo", "edit", "append", "foo", "always", "always set", "onsuccess unset", "merge", "note", "edit*", "setifempty"},
	"request": {"set", "add", "unset", "echo", "edit", "foo", "always"}, // and note, which only later versions refuse
	"value":   {"a", "%t", "%x", "\"a b\"", "%{A}e", "%", "100%%", "env=a", "early", "expr=true", "\"expr=%{HTTP_HOST}\"", "expr=%{a", "(", "%{A", "\"expr=foo\"", "env="},
	"flags":   {"[L]", "[R=301,L]", "[NC", "L", "[X]", "[F,QSA]", "[E=a:b]", "[R=999]", "[OR]", "[NC,OR]", "[P]", "\"[L, NC]\"", "[]", "[D]", "[BNE]", "[S=1,T=x]"},
	"test":    {"-f", "!-d", "-x", "-z", "=a", ">b", "-lt5", "^a$", "(", "!(", "*", "\"\"", "<", "-", "!-U", "-eqa"},
	"cond":    {"true", "\"%{HTTP_HOST} == 'a'\"", "\"%{HTTP_HOST} = a\"", "\"-f '/x'\"", "\"%{REQUEST_URI} =~ m#^/a#\"", "\"%{REQUEST_URI} =~ /(/\"", "\"-q 'x'\"", "\"! true && false\"", "\"(true\"", "\"%{x} == 'y'\"", "\"1 -eq 2\"", "\"'a' in { 'b','c' }\"", "foo", "\"tolower('x') == 'y'\"", "\"%{HTTP:X} == ''\"", "\"req('A') -strmatch '*'\"", "\"'a\"", "\"%{TIME_HOUR} > 3 || not false\""},
	"text":    {"a", "%{HTTP_HOST}", "%{a", "a%{}b", "proxy:unix:/a|fcgi://b", "%{reqenv:A}", "%{foo:b}", "%{req:%{HTTP_HOST}}", "a\\9", "\\101", "%{a.b}", "\"a b\"", "a%b", "$1", "%{SSL_X}", "%{req:}"},
	"network": {"all", "10", "10.1.", "10.1.2.3", "10.0.0.0/8", "10.0.0.0/33", "10.300", "::1", "fe80::/10", "a.b", "a/8", "env=x", "1.2.3.4/255.0.0.0", "1.2.3", "#x", "10.1/8", "1.2.3.4/0", ".com", "1:2", "300.1.1.1", "0"},
	"require": {"all granted", "all denied", "all x", "ip 10", "ip a", "ip 10.0.0.0/8", "ip 10.0.0.0/99", "valid-user", "user a", "user %{a", "method GET", "method FOO", "expr true", "expr foo", "host a.b", "local", "foo", "all", "ip", "not ip 10", "env a"},
	"expiry":  {"\"access plus 1 month\"", "\"access plus 1 fortnight\"", "A300", "now", "\"foo plus 1 day\"", "\"modification 2 days 3 hours\"", "\"access plus one day\"", "\"access plus 1\"", "\"plus 1 day\"", "M5", "\"now plus 5 m\""},
	"format":  {"\"%h %l %u\"", "\"%J\"", "\"%{a}i %>s %O\"", "%", "combined", "\"%{x}c\"", "\"%!200,304{a}o\"", "\"%{a\"", "\"%^FB\"", "\"%^xx\"", "%%", "\"%I\"", "\"a%\""},
	"tls":     {"all", "-SSLv3", "+TLSv1.2", "TLSv1.3", "SSLv2", "-SSLv2", "foo", "-all", "TLSv1.4", "+SSLv3"},
	"cache":   {"shmcb:/tmp/a(512000)", "shmcb:a(1)", "shmcb:a(1x)", "none", "dbm:a", "foo", "shmcb", "shmcb:a)", "shmcb:a(9000"},
	"read":    {"header=20", "header=20-40,MinRate=500", "body=x", "header=20-40", "foo=3", "body", "header=40-20,minrate=1", "handshake=5", "body=20,MinRate=0"},
	"level":   {"warn", "info", "proxy:debug", "foo:debug", "warm", "ssl_module:trace8", "mod_proxy.c:info", "proxy:", "TRACE3", "trace9", "cgi:info"},
	"option":  {"strict", "unsafe", "Allow0.9", "Require1.0", "foo", "LenientMethods", "RegisteredMethods"},
	"name":    {"a", "a:80", "a:0", "a:x", "*.a", "http://a:8080", "a:99999", "[::1]", "a?"},
	"path":    {"/", "/a", "~", "a"},
}

// templates are the lines; a $ before the name of a pool is a word of it.
var templates = []string{
	"Listen $address", "Listen $address\nListen $address", "Listen $address $switch", "ProxyTimeout $number", "KeepAliveTimeout $time", "ServerTokens $switch", "ServerSignature $switch",
	"HostnameLookups $switch", "UseCanonicalName $switch", "ProxyVia $switch", "TraceEnable $switch", "LimitRequestBody $number", "LimitRequestFields $number", "MaxRanges $number",
	"ListenBackLog $number", "SendBufferSize $number", "ProxyIOBufferSize $number", "DeflateCompressionLevel $number", "LimitInternalRecursion $number", "SSLVerifyDepth $number",
	"<LocationMatch $regex>\n</LocationMatch>", "<FilesMatch \"$regex\">\n</FilesMatch>", "<Directory ~ $regex>\n</Directory>", "AliasMatch $regex /a", "ErrorDocument $status $text",
	"Redirect $status /a $url", "Redirect /a $url", "Redirect $status /a", "RedirectMatch $status $regex $url", "RedirectMatch $regex $url", "<Location /a>\nRedirect $status $text\n</Location>",
	"ProxyPass /a $url", "ProxyPass /a $url $setting", "ProxyPass /a $url $setting $setting", "ProxyPassMatch $regex $url $setting", "<Location /a>\nProxyPass $url $setting\n</Location>",
	"ProxyPass $path $url $setting", "<Proxy $url>\nProxySet $setting\n</Proxy>", "<Proxy $url $setting>\n</Proxy>", "<Proxy $url>\nBalancerMember $url $setting\n</Proxy>", "ProxyPass /a $url\nProxyPass /b $url $setting",
	"ProxyPass /a $url\nProxySet $url $setting", "<Proxy balancer://x>\nBalancerMember $url $setting\nBalancerMember $url $setting\n</Proxy>", "<Proxy \"$url\" $setting>\nProxySet $setting $setting\n</Proxy>",
	"Header $action X $value", "Header $action X $value $value", "Header $action X $value $value $value", "RequestHeader $request X $value", "Header $action $regex",
	"RewriteRule $regex $url $flags", "RewriteRule $regex $url", "RewriteCond $text $test $flags", "RewriteCond $text $regex", "RewriteCond expr $cond", "RewriteRule \"$regex\" \"$url\" $flags",
	"<If $cond>\n</If>", "SetEnvIfExpr $cond a", "SetEnvIf $regex $regex a", "BrowserMatch $regex a", "SetHandler $text", "SetHandler \"$text$text\"", "<Location /a>\nAlias $text\n</Location>",
	"<Location /a>\nOrder $switch\nAllow from $network\n</Location>", "<Location /a>\nDeny from $network $network\n</Location>", "<Location /a>\nRequire $require\n</Location>", "<RequireAll>\nRequire $require\n</RequireAll>",
	"ExpiresByType a/b $expiry", "ExpiresDefault $expiry", "CustomLog a $format", "CustomLog a $format $value", "LogFormat $format a", "ErrorLogFormat $format", "SSLProtocol $tls $tls", "SSLSessionCache $cache",
	"SSLEngine $switch", "SSLVerifyClient $switch", "SSLCipherSuite $tls a", "RequestReadTimeout $read $read", "LogLevel $level $level", "HttpProtocolOptions $option $option", "ServerName $name",
	"<VirtualHost $address>\nServerName $name\n</VirtualHost>", "ProxyErrorOverride $switch $status", "ProxyRemote * $url", "FileETag $switch", "RewriteOptions $option", "SSLOptions $switch", "ProxyFCGISetEnvIf $cond a $text",
	"<VirtualHost *:80>\nProxyPass / $url $setting\n</VirtualHost>\nProxyPass / $url $setting", "Mutex $switch", "<Directory /a>\nRewriteBase $path\n</Directory>", "AcceptPathInfo $switch", "AllowEncodedSlashes $switch",
}

// randomLines fills a template.
func randomLines(rnd *rand.Rand) string {
	var b strings.Builder
	rest := templates[rnd.IntN(len(templates))]
	for {
		before, after, ok := strings.Cut(rest, "$")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		n := 0
		for n < len(after) && 'a' <= after[n] && after[n] <= 'z' {
			n++
		}
		pool := pools[after[:n]]
		b.WriteString(pool[rnd.IntN(len(pool))])
		rest = after[n:]
	}
}

// TestRandomValues compares what Check says about random lines with what a real httpd does:
// whether they are refused, and which line is named.
func TestRandomValues(t *testing.T) {
	needServer(t)
	dir := t.TempDir()
	head := valueHead(dir)
	refusals := 0
	for i := range *configurations {
		text := randomLines(rand.New(rand.NewPCG(*firstSeed+uint64(i), 7)))
		line, says, ok := serverSays(t, dir, head, text)
		got, log, r := tested(t, valueHead("/etc/apache2"), text)
		if ok != (r == nil) || line > 0 && got != line {
			t.Errorf("seed %d: httpd says %d %q, Check says %d %q, of\n%s", *firstSeed+uint64(i), line, says, got, log, text)
		}
		if !ok {
			refusals++
		}
	}
	if refusals < *configurations/4 || refusals > *configurations*4/5 {
		t.Errorf("%d of %d are refused", refusals, *configurations)
	}
}
