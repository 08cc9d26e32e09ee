package handler

import (
	"strings"
	"testing"
)

// A virtual host that redirects one of its names to another answers for that one.
func TestHostNames(t *testing.T) {
	const to = "RewriteRule ^(.*)$ http://www.a.test$1 [R=301,L]\n"
	const served = " /x.php SetHandler fcgi /run/b.sock"
	const first = "<VirtualHost *:80>\nServerName first.test\nRedirect / http://a.test/\n</VirtualHost>\n"
	host := func(name, first, names, rules string, want ...string) setup {
		all := strings.NewReplacer("ServerName ", "", "\nServerAlias ", "+", "\n", "").Replace(names)
		for i := range want {
			want[i] = all + want[i]
		}
		return setup{name: name, want: want, text: first + "<VirtualHost *:80>\n" + names + "RewriteEngine On\n" + rules + handled("b") + "</VirtualHost>\n"}
	}
	const both = "ServerName a.test\nServerAlias www.a.test\n"
	run(t, []setup{
		host("without www", first, both, "RewriteCond %{HTTP_HOST} ^a\\.test$ [NC]\n"+to, served),
		host("not www", first, both, "RewriteCond %{HTTP_HOST} !^www\\. [NC]\n"+to, served),
		host("server name", first, both, "RewriteCond %{SERVER_NAME} =a.test\n"+to, served),
		host("pattern of names", first, "ServerName a.test\nServerAlias *.a.test\n", "RewriteCond %{HTTP_HOST} =a.test\n"+to, served),
		host("in capitals", first, "ServerName A.test\nServerAlias WWW.a.test\n", "RewriteCond %{HTTP_HOST} !^www\\.a\\.test$\n"+to, served),
		host("all names", first, both, "RewriteCond %{HTTP_HOST} =a.test [OR]\nRewriteCond %{HTTP_HOST} =www.a.test\n"+to),
		host("no other name leads here", first, "ServerName a.test\n", "RewriteCond %{HTTP_HOST} !^www\\.\n"+to),
		host("the first one gets all names", "", "ServerName a.test\n", "RewriteCond %{HTTP_HOST} !^www\\.\n"+to, served),
		{name: "the first one redirects what it has no handler for", text: "<VirtualHost *:80>\nServerName a.test\nRewriteEngine On\nRewriteCond %{SERVER_NAME} =a.test\n" + to + "</VirtualHost>\n"},
		host("a name for another program", first, both, "RewriteCond %{HTTP_HOST} =www.a.test\nRewriteRule ^/(.*) http://127.0.0.1:2095/$1 [P]\n", served, " /x.php RewriteRule http 127.0.0.1:2095"),
		host("a name that is not one of these", first, both, "RewriteCond %{HTTP_HOST} =webmail.a.test\nRewriteRule ^/(?!x)(.*) https://a.test:20000/ [R]\n<Files x>\nSetHandler None\n</Files>\n", served),
	})
}

// What is certain for one name is not said to be uncertain for another.
func TestHostNameAgain(t *testing.T) {
	run(t, []setup{{name: "webmail", text: "<VirtualHost *:80>\nServerName a.test\nServerAlias webmail.a.test\nRewriteEngine On\nRewriteCond %{HTTP_HOST} =webmail.a.test\nRewriteRule ^/(?!x)(.*) https://a.test:20000/ [R]\n" +
		"AddType application/x-httpd-php .php\n</VirtualHost>\n", want: []string{"a.test+webmail.a.test /x.php no handler sent: type alone"}}})
}

// Whether the text of a file is sent does not depend on a rule for another name.
func TestHostNameSent(t *testing.T) {
	run(t, []setup{one("webmail", "RewriteEngine On\nRewriteCond %{HTTP_HOST} =webmail.main.test\nRewriteRule ^/(?!x)(.*) https://main.test:20000/ [R]\n<FilesMatch \\.php$>\nSetHandler None\nAddType text/plain .php\n</FilesMatch>\n",
		"no handler sent: type alone")})
}
