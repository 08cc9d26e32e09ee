package handler

import "testing"

// spelled returns a configuration with one SetHandler.
func spelled(name, handler, want string) setup {
	return setup{name: name, text: "<FilesMatch \"\\.php$\">\n\tSetHandler \"" + handler + "\"\n</FilesMatch>\n", want: []string{"main /x.php SetHandler " + want}}
}

func TestSpellings(t *testing.T) {
	run(t, []setup{
		spelled("socket", "proxy:unix:/run/a.sock|fcgi://localhost/", "fcgi /run/a.sock"),
		spelled("no slash", "proxy:unix:/run/a.sock|fcgi://localhost", "fcgi /run/a.sock"),
		spelled("port ignored", "proxy:unix:/run/a.sock|fcgi://localhost:9000", "fcgi /run/a.sock"),
		spelled("port out of range", "proxy:unix:/run/a.sock|fcgi://localhost:99999", "400: misread"),
		spelled("port alone after the bar", "proxy:unix:/run/a.sock|fcgi://9000", "400: misread"),
		spelled("scheme alone", "proxy:unix:/run/a.sock|fcgi:", "fcgi /run/a.sock"),
		spelled("no name", "proxy:unix:/run/a.sock|fcgi://", "fcgi /run/a.sock"),
		spelled("scheme and name", "proxy:unix:/run/a.sock|fcgi:localhost", "400: misread"),
		spelled("one slash and name", "proxy:unix:/run/a.sock|fcgi:/localhost/", "404: path after name"),
		spelled("nothing after the bar", "proxy:unix:/run/a.sock|", "400: misread"),
		spelled("name after the bar", "proxy:unix:/run/a.sock|localhost", "400: misread"),
		spelled("other scheme after the bar", "proxy:unix:/run/a.sock|fastcgi://localhost/", "sent: not a proxy"),
		spelled("no bar", "proxy:unix:/run/a.sock", "sent: not a proxy"),
		spelled("blanks", "proxy:unix:/run/a.sock | fcgi://localhost/", "sent: not a proxy"),
		spelled("no unix", "proxy:/run/a.sock|fcgi://localhost/", "sent: not a proxy"),
		spelled("no proxy", "unix:/run/a.sock|fcgi://localhost/", "sent: not a proxy"),
		spelled("fastcgi", "proxy:fastcgi://127.0.0.1:9000", "sent: not a proxy"),
		spelled("path", "proxy:unix:/run/a.sock|fcgi://localhost/www", "404: path after name"),
		spelled("options", "proxy:unix:/run/a.sock|fcgi://localhost/ enablereuse=on", "404: path after name"),
		spelled("trailing colon", "proxy:unix:/run/a.sock:|fcgi://localhost/", "fcgi /run/a.sock:"),
		spelled("two slashes", "proxy:unix://run/a.sock|fcgi://localhost/", "400: misread"),
		spelled("three slashes", "proxy:unix:///run/a.sock|fcgi://localhost/", "fcgi /run/a.sock"),
		spelled("unclean", "proxy:unix:/run//./a.sock|fcgi://localhost/", "fcgi /run/a.sock"),
		spelled("relative", "proxy:unix:a.sock|fcgi://localhost/", "fcgi /run/apache2/a.sock"),
		spelled("query", "proxy:unix:/run/a.sock?x|fcgi://localhost/", "fcgi /run/a.sock"),
		spelled("capital PROXY", "PROXY:unix:/run/a.sock|fcgi://localhost/", "fcgi /run/a.sock"),
		spelled("capital PROXY and path", "PROXY:unix:/run/A.sock|fcgi://localhost/", "fcgi /run/a.sock lowered"),
		spelled("capital UNIX and path", "proxy:UNIX:/run/A.sock|fcgi://localhost/", "fcgi /run/a.sock lowered"),
		spelled("capital path", "proxy:unix:/run/A.sock|fcgi://localhost/", "fcgi /run/A.sock"),
		spelled("capital FCGI", "proxy:unix:/run/a.sock|FCGI://localhost/", "fcgi /run/a.sock"),
	})
}

func TestHandlers(t *testing.T) {
	run(t, []setup{
		spelled("tcp", "proxy:fcgi://127.0.0.1:9000", "fcgi 127.0.0.1:9000"),
		spelled("tcp6", "proxy:fcgi://[::1]:9000", "fcgi ::1:9000"),
		spelled("no port", "proxy:fcgi://127.0.0.1", "fcgi 127.0.0.1:8000"),
		spelled("port 0", "proxy:fcgi://127.0.0.1:0", "400: misread"),
		spelled("port alone", "proxy:fcgi://9000", "400: misread"),
		spelled("tcp path", "proxy:fcgi://127.0.0.1:9000/www", "404: path after name"),
		spelled("tcp one slash", "proxy:fcgi:/127.0.0.1:9000", "400: misread"),
		spelled("http", "proxy:unix:/run/a.sock|http://localhost/", "http /run/a.sock"),
		spelled("module missing", "proxy:scgi://127.0.0.1:9000", "sent: module missing"),
		spelled("expression", "proxy:unix:%{reqenv:SOCK}|fcgi://localhost/", "unknown: the expression in SetHandler is evaluated at each request"),
		spelled("variable", "proxy:unix:${SOCK}|fcgi://localhost/", "unknown: no file sets ${SOCK}, and the environment of Apache is unknown"),
		{name: "variable that is defined later", text: "SetHandler \"proxy:unix:${SOCK}|fcgi://localhost/\"\nDefine SOCK /run/a.sock\n", want: []string{"main /x.php SetHandler fcgi /run/apache2/${SOCK}"}},
		spelled("type of mod_php", "application/x-httpd-php", "sent: not a proxy"),
		spelled("handler of nobody", "php-fastcgi", "sent: not a proxy"),
		spelled("handler of a module that is not loaded", "cgi-script", "sent: not a proxy"),
		spelled("none", "None", "sent: none set"),
		spelled("balancer that is not defined", "proxy:balancer://php/", "500: no member"),
	})
}

func TestModules(t *testing.T) {
	php := "<FilesMatch \"\\.php$\">\n\tSetHandler application/x-httpd-php\n</FilesMatch>\n"
	withoutFCGI := load("mpm_event", "authz_core", "mime", "rewrite", "proxy")
	run(t, []setup{
		{name: "proxy_fcgi missing", modules: withoutFCGI, text: handled("a"), want: []string{"main /x.php SetHandler sent: module missing"}},
		{name: "proxy missing", modules: load("mpm_event", "authz_core"), text: handled("a"), want: []string{"main /x.php SetHandler sent: module missing"}},
		{name: "ProxyPass without proxy_fcgi", modules: withoutFCGI, text: "ProxyPass / fcgi://127.0.0.1:9000/www/\n", want: []string{"main /x.php ProxyPass 500: module missing"}},
		{name: "RewriteRule without proxy", modules: load("mpm_event", "authz_core", "rewrite"), text: "RewriteEngine On\nRewriteRule \\.php$ http://127.0.0.1/ [P]\n",
			want: []string{"main /x.php RewriteRule 403: module missing"}},
		{name: "RewriteRule of one directory", text: handled("a") + "RewriteEngine On\nRewriteRule ^/app/(.*) fcgi://127.0.0.1:9000/www/app/$1 [P]\n",
			want: []string{"main /x.php SetHandler fcgi /run/a.sock", "main /app/x.php RewriteRule fcgi 127.0.0.1:9000"}},
		{name: "RewriteRule without [P]", text: "RewriteEngine On\nRewriteRule \\.php$ FCGI://127.0.0.1:9000/x [L]\n", want: []string{"main /x.php RewriteRule 302: not proxied"}},
		{name: "RewriteRule to a socket without [P]", text: "RewriteEngine On\nRewriteRule \\.php$ unix:/run/a.sock|fcgi://localhost/x\n", want: []string{"main /x.php RewriteRule 302: not proxied"}},
		{name: "a redirect", text: "RewriteEngine On\nRewriteRule ^ WSS://a/\n", want: nil},
		{name: "a quote in the document root", modules: load("mpm_event", "authz_core"), text: "DocumentRoot /www\"\n" + handled("a"), want: nil},
		{name: "mod_php", modules: load("mpm_prefork", "authz_core", "php"), text: php, want: []string{"main /x.php SetHandler in process"}},
		{name: "mod_php by type", modules: load("mpm_prefork", "authz_core", "mime", "php"), text: "AddType application/x-httpd-php .php\n", want: []string{"main /x.php no handler in process"}},
		{name: "type alone", text: "AddType application/x-httpd-php .php\n", want: []string{"main /x.php no handler sent: type alone"}},
		{name: "an unknown module may have the handler", modules: modulesText + load("lsapi"), text: php,
			want: []string{"main /x.php SetHandler unknown: the module lsapi_module may have a handler for it"}},
		{name: "a module of a panel has none", modules: modulesText + load("bwlimited"), text: php, want: []string{"main /x.php SetHandler sent: not a proxy"}},
		{name: "a known module has no handler for files", modules: modulesText + load("qos"), text: php, want: []string{"main /x.php SetHandler sent: not a proxy"}},
		{name: "which no module has, whatever is loaded", modules: modulesText + load("lsapi"), text: "SetHandler \"proxy:unix:/run/a.sock\"\n",
			want: []string{"main /x.php SetHandler sent: not a proxy"}},
		{name: "Action", text: "AddHandler php-fpm .php\nAction php-fpm /fpm virtual\n", want: []string{"main /x.php AddHandler unknown: Action hands the request on to /fpm"}},
		{name: "nothing", text: "", want: []string{"main /x.php no handler sent: nothing"}},
		{name: "no .php file is known", files: []string{}, want: []string{"main /index.php no handler nothing unknown: no PHP file is known below the document root"}},
		{name: "a section that does not hold", text: "<IfModule mod_proxy_fcgi>\n" + handled("a") + "</IfModule>\n", want: []string{"main /x.php no handler sent: not read"}},
		{name: "a section of a module that is not loaded", modules: withoutFCGI, text: "<IfModule proxy_fcgi_module>\n" + handled("a") + "</IfModule>\n", want: []string{"main /x.php no handler sent: module missing"}},
		{name: "a section of another module", text: "<IfModule mod_php.c>\n" + php + "</IfModule>\n", want: []string{"main /x.php no handler sent: nothing"}},
		{name: "no document root", bare: true, text: "Listen 80\nServerName a\n", want: []string{"main /index.php no handler nothing unknown: the document root is not set"}},
	})
}
