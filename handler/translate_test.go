package handler

import "testing"

// one returns a configuration with one file, /www/app/x.php.
func one(name, text, want string) setup {
	s := setup{name: name, text: text, files: []string{"/www/app/x.php"}}
	if want != "" {
		s.want = []string{"main /app/x.php " + want}
	}
	return s
}

func TestProxyPass(t *testing.T) {
	tcp := "\"fcgi://127.0.0.1:9000/www/app\""
	location := func(name, text string) string { return "<Location " + name + ">\n" + text + "\n</Location>\n" }
	run(t, []setup{
		one("before the handler", "ProxyPass /app "+tcp+"\n"+handled("b"), "ProxyPass fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www/app"),
		{name: "a part of a name", files: []string{"/www/app/x.php"}, text: "ProxyPass /ap " + tcp + "\n" + handled("b"),
			want: []string{"main /app/x.php SetHandler fcgi /run/b.sock", "main /ap/x.php ProxyPass fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www/app"}},
		one("the first one", "ProxyPass /app "+tcp+"\nProxyPass / fcgi://127.0.0.1:9001/\n", "ProxyPass fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www/app"),
		one("not proxied", "ProxyPass /app !\nProxyPass / "+tcp+"\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("expression", "ProxyPassMatch \"^/(.*\\.php(/.*)?)$\" \"unix:/run/a.sock|fcgi://localhost/www/$1\"\n", "ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www/$1"),
		one("expression without group", "ProxyPassMatch \"^/.*\\.php$\" \"unix:/run/a.sock|fcgi://localhost/www\"\n", "ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www"),
		one("expression that is not decided", "ProxyPassMatch \"^/(?!zz).*\\.php$\" "+tcp+"\n", "ProxyPassMatch unknown: the regular expression ^/(?!zz).*\\.php$ cannot be decided here"),
		one("port", "ProxyPassMatch \"\\.php$\" fcgi://127.0.0.1:99999/www\n", "ProxyPassMatch 400: misread"),
		one("other scheme", "ProxyPass / fastcgi://127.0.0.1:9000/\n", "ProxyPass 500: not a proxy"),
		one("two slashes", "ProxyPass /app unix://run/a.sock|fcgi://localhost/www/app\n", "ProxyPass fcgi /a.sock worker fcgi://localhost/www/app"),
		one("location before server", "ProxyPass /app "+tcp+"\n"+location("/app", "ProxyPass fcgi://127.0.0.1:9001/www/app"), "ProxyPass fcgi 127.0.0.1:9001 worker fcgi://127.0.0.1:9001/www/app"),
		one("expression of a location", "<LocationMatch \"^/app/(.*\\.php)$\">\nProxyPassMatch \"unix:/run/a.sock|fcgi://localhost/www/app/$1\"\n</LocationMatch>\n"+handled("b"),
			"ProxyPassMatch fcgi /run/a.sock worker fcgi://localhost/www/app/$1"),
		one("an expression of a location without wildcard is a path", "<LocationMatch \"^/app/\">\nProxyPass \"fcgi://127.0.0.1:9000/www/app\"\n</LocationMatch>\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("location with ~", "<Location ~ \"^/app/(.*\\.php)$\">\nProxyPass \"unix:/run/a.sock|fcgi://localhost/www/app/$1\"\n</Location>\n"+handled("b"),
			"ProxyPass fcgi /run/a.sock worker fcgi://localhost/www/app/$1"),
		one("nobody may", "ProxyPass /app "+tcp+"\n"+location("/app", "Require all denied"), ""),
		one("before Redirect", "Redirect /app http://b.test/\nProxyPass /app "+tcp+"\n", "ProxyPass fcgi 127.0.0.1:9000 worker fcgi://127.0.0.1:9000/www/app"),
		one("Redirect", "Redirect /app http://b.test/\n"+handled("b"), ""),
		one("RedirectMatch with a status alone", "RedirectMatch 404 \"\\.php$\"\n"+handled("b"), ""),
		one("Redirect in a location", location("/app", "Redirect http://b.test/")+handled("b"), ""),
		one("another web server", "ProxyPass /api http://127.0.0.1:3000/\nProxyPass /ws ws://127.0.0.1:3000/\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("another web server for files of this one", "ProxyPass / http://127.0.0.1:3000/\n"+handled("b"), "ProxyPass http 127.0.0.1:3000 worker http://127.0.0.1:3000/"),
		one("no-proxy", "SetEnvIf Request_URI ^/app no-proxy\nProxyPass / "+tcp+"\n", "ProxyPass unknown: no-proxy is set for some requests"),
	})
}

func TestRewriting(t *testing.T) {
	on := "RewriteEngine On\n"
	proxied := "RewriteRule \"^/(.*\\.php)$\" \"fcgi://127.0.0.1:9000/www/$1\" [P]\n"
	const there = "RewriteRule fcgi 127.0.0.1:9000"
	const not = "SetHandler fcgi /run/b.sock"
	run(t, []setup{
		one("before ProxyPass", on+proxied+"ProxyPass / fcgi://127.0.0.1:9001/\n", there),
		one("off", "RewriteEngine Off\n"+proxied+handled("b"), not),
		one("socket", on+"RewriteRule \"^/(.*\\.php)$\" \"unix:/run/a.sock|fcgi://localhost/www/$1\" [P]\n", "RewriteRule fcgi /run/a.sock"),
		one("two slashes", on+"RewriteRule \"^/(.*\\.php)$\" \"unix://run/a.sock|fcgi://localhost/www/$1\" [P]\n", "RewriteRule 400: misread"),
		one("other scheme", on+"RewriteRule \"^/(.*\\.php)$\" \"fastcgi://localhost/www/$1\" [P]\n", "RewriteRule 503: not a proxy"),
		one("host of the request", on+"RewriteRule \\.php$ http://%{HTTP_HOST}/ [P]\n", "RewriteRule unknown: the value of %{HTTP_HOST} in http://%{HTTP_HOST}/ is known only at a request"),
		one("path of the request", on+"RewriteRule \\.php$ fcgi://127.0.0.1:9000/www%{REQUEST_URI} [P]\n", there),
		one("handler", on+"RewriteRule \\.php$ - [H=proxy:unix:/run/A.sock|fcgi://localhost/]\n", "RewriteRule fcgi /run/a.sock lowered"),
		one("a file that exists", on+"RewriteCond %{DOCUMENT_ROOT}%{REQUEST_FILENAME} -f\n"+proxied, there),
		one("the path of a URL is not a file", on+"RewriteCond %{REQUEST_FILENAME} -f\n"+proxied+handled("b"), not),
		one("no file", on+"RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f\n"+proxied+handled("b"), "RewriteRule unknown: the condition %{DOCUMENT_ROOT}%{REQUEST_URI} !-f is decided only at a request"),
		one("one of two conditions", on+"RewriteCond %{REQUEST_URI} ^/zz [OR]\nRewriteCond %{REQUEST_URI} ^/app\n"+proxied, there),
		one("both conditions", on+"RewriteCond %{REQUEST_URI} ^/zz\nRewriteCond %{REQUEST_URI} ^/app\n"+proxied+handled("b"), not),
		{name: "a condition on a name that no server has", text: on + "RewriteCond %{HTTP_HOST} ^a\n" + proxied + handled("b"), files: []string{"/www/app/x.php"},
			want: []string{"main /app/x.php SetHandler fcgi /run/b.sock", "main /app/x.php RewriteRule unknown: the condition %{HTTP_HOST} ^a is decided only at a request"}},
		one("WebSocket", on+"RewriteCond %{HTTP:Upgrade} websocket [NC]\nRewriteRule .* ws://127.0.0.1:3000/ [P]\n"+handled("b"), not),
		one("all to https", on+"RewriteCond %{HTTPS} off\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]\n"+handled("b"), ""),
		one("a redirect for some requests", on+"RewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule ^ https://x.test/ [R]\n", "no handler unknown: a RewriteRule may answer first"),
		one("a redirect of a directory", on+"<Directory /www>\nRewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule ^ https://x.test/ [R]\n</Directory>\n", "no handler unknown: a RewriteRule may answer first"),
		{name: "a redirect for some requests before a handler without PHP", modules: load("mpm_event", "authz_core", "rewrite", "status"),
			text: on + "RewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule ^ https://x.test/ [R]\nSetHandler server-status\n"},
		one("forbidden", on+"RewriteRule ^/app/ - [F]\n"+handled("b"), ""),
		one("a chain that fails", on+"RewriteRule ^/zz - [C]\n"+proxied+handled("b"), not),
		one("skipped", on+"RewriteRule ^/app - [S=1]\n"+proxied+handled("b"), not),
		one("ended", on+"RewriteRule ^/app - [END]\n"+proxied+handled("b"), not),
		{name: "ended for directories", files: bothFiles[1:], text: on + "RewriteRule ^/app - [END]\n" + handled("b"), access: htaccess(on + "RewriteRule ^(.*)$ fcgi://127.0.0.1:9000/www/app/$1 [P]\n"),
			want: []string{"main /app/x.php " + not}},
		one("nobody may", on+proxied+"<Location /app>\nRequire all denied\n</Location>\n", ""),
		one("step by step", on+"RewriteRule ^/app/(.*)$ /new/$1\nRewriteRule ^/new/(.*)$ fcgi://127.0.0.1:9000/www/$1 [P]\n", there),
		one("a path is not proxied", on+"RewriteRule ^/app/(.*)$ /new/$1\nProxyPass /app fcgi://127.0.0.1:9001/\n<Directory /www/new>\nSetHandler \""+to("b")+"\"\n</Directory>\n", not),
	})
	inherited := on + proxied + "<VirtualHost *:80>\nServerName a\n" + handled("b")
	run(t, []setup{
		{name: "not inherited", text: inherited + "</VirtualHost>\n", want: []string{"a /x.php SetHandler fcgi /run/b.sock"}},
		{name: "inherited", text: inherited + "RewriteEngine On\nRewriteOptions Inherit\n</VirtualHost>\n", want: []string{"a /x.php RewriteRule fcgi 127.0.0.1:9000"}},
	})
}
