package handler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var bothFiles = []string{"/www/x.php", "/www/app/x.php"}

func TestSections(t *testing.T) {
	dir := func(name, text string) string { return "<Directory " + name + ">\n" + text + "</Directory>\n" }
	set := func(pool string) string { return "SetHandler \"" + to(pool) + "\"\n" }
	add := func(pool string) string { return "AddHandler \"" + to(pool) + "\" .php\n" }
	location := func(name, text string) string { return "<Location " + name + ">\n" + text + "</Location>\n" }
	one := func(name, text, want string) setup {
		return setup{name: name, text: text, files: []string{"/www/app/x.php"}, want: []string{"main /app/x.php " + want}}
	}
	run(t, []setup{
		one("last of one kind", handled("a")+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("longer path", dir("/www/app", set("a"))+dir("/www", set("b")), "SetHandler fcgi /run/a.sock"),
		one("wildcard of as many components", dir("/www/app", set("a"))+dir("/*/app", set("b")), "SetHandler fcgi /run/b.sock"),
		one("a wildcard that is the file", dir("/www/app/*", set("a"))+dir("/www/app", set("b")), "SetHandler fcgi /run/a.sock"),
		one("a wildcard without FollowSymLinks", dir("/www/app/*", set("a"))+dir("/www/app", "Options Indexes\n"+set("b")), "SetHandler fcgi /run/b.sock"),
		one("FollowSymLinks again", dir("/www/app/*", set("a"))+dir("/www", "Options None\n")+dir("/www/app", "Options +FollowSymLinks\n"+set("b")), "SetHandler fcgi /run/a.sock"),
		one("expression after paths", "<DirectoryMatch \"^/www/app/\">\n"+set("a")+"</DirectoryMatch>\n"+dir("/www/app", set("b")), "SetHandler fcgi /run/a.sock"),
		one("expression sees the file", "<DirectoryMatch \"^/www/app$\">\n"+set("a")+"</DirectoryMatch>\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("Files after Directory", handled("a")+dir("/www/app", set("b")), "SetHandler fcgi /run/a.sock"),
		one("Files in Directory after Files", dir("/www/app", handled("a"))+handled("b"), "SetHandler fcgi /run/a.sock"),
		one("Location after Files", location("/app", set("a"))+dir("/www/app", handled("b")), "SetHandler fcgi /run/a.sock"),
		one("If after Location", "<If \"-f %{REQUEST_FILENAME}\">\n"+set("a")+"</If>\n"+location("/app", set("b")), "SetHandler fcgi /run/a.sock"),
		one("Else", "<If \"-f %{REQUEST_FILENAME}\">\n"+set("a")+"</If>\n<Else>\n"+set("b")+"</Else>\n", "SetHandler fcgi /run/a.sock"),
		one("If that is not decided", "<If \"%{HTTP_HOST} == 'a'\">\n"+set("a")+"</If>\n"+handled("b"), "SetHandler unknown: the condition of <If> is not decided here"),
		one("Files in If", "<If \"true\">\n"+handled("a")+"</If>\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		one("Limit", "<Limit GET>\n"+set("a")+"</Limit>\n", "SetHandler fcgi /run/a.sock"),
		one("names are matched with case", "<Files X.php>\n"+set("a")+"</Files>\n"+handled("b"), "SetHandler fcgi /run/b.sock"),
		{name: "Location of a part of a name", files: bothFiles[1:], text: location("/ap", set("a")) + handled("b"),
			want: []string{"main /app/x.php SetHandler fcgi /run/b.sock", "main /ap/x.php SetHandler fcgi /run/a.sock"}},
		one("Location with wildcard", location("/app/*.php", set("a"))+handled("b"), "SetHandler fcgi /run/a.sock"),
		one("SetHandler before AddHandler", dir("/www/app", add("a"))+dir("/www", set("b")), "SetHandler fcgi /run/b.sock"),
		one("None leaves AddHandler", add("a")+dir("/www/app", "SetHandler None\n"), "AddHandler fcgi /run/a.sock"),
		one("AddHandler is made lower-case", add("A"), "AddHandler fcgi /run/a.sock lowered"),
		one("AddHandler by any case", "AddHandler \""+to("a")+"\" PHP\n", "AddHandler fcgi /run/a.sock"),
		one("RemoveHandler of the section around", add("a")+dir("/www/app", "RemoveHandler .php\n"), "no handler sent: nothing"),
		one("RemoveHandler of the same section", dir("/www/app", "RemoveHandler .php\n"+add("a")), "no handler sent: nothing"),
		one("RemoveHandler of the main server", add("a")+"RemoveHandler .php\n", "AddHandler fcgi /run/a.sock"),
		{name: "the last extension", files: []string{"/www/y.inc.php"}, text: "AddHandler \"" + to("a") + "\" .php\nAddHandler \"" + to("b") + "\" .inc\n", want: []string{"main /y.inc.php AddHandler fcgi /run/a.sock"}},
		{name: "None in a directory with PHP", files: bothFiles, text: handled("a") + dir("/www/app", "<Files *.php>\nSetHandler None\n</Files>\n"),
			want: []string{"main /x.php SetHandler fcgi /run/a.sock", "main /app/x.php SetHandler sent: none set"}},
		{name: "None in a directory without PHP", text: handled("a") + dir("/www/app", "<Files *.php>\nSetHandler None\n</Files>\n"), want: []string{"main /x.php SetHandler fcgi /run/a.sock"}},
		{name: "nobody may read it", files: bothFiles, text: dir("/www/app", "Require all denied\n") + handled("a"), want: []string{"main /x.php SetHandler fcgi /run/a.sock"}},
		{name: "some may read it", files: bothFiles, text: dir("/www/app", "Require all denied\nRequire ip 127.0.0.1\n"+set("b")),
			want: []string{"main /app/x.php SetHandler fcgi /run/b.sock"}},
		{name: "Order and Deny", files: bothFiles[1:], text: dir("/www/app", "Order allow,deny\nDeny from all\n") + handled("a"), want: nil},
		{name: "Alias", files: []string{"/srv/al/x.php"}, text: "Alias /al /srv/al\n" + dir("/srv/al", "Require all granted\n"+set("a")), want: []string{"main /al/x.php SetHandler fcgi /run/a.sock"}},
		{name: "AliasMatch", text: "AliasMatch \"^/al/(.*)$\" \"/srv/al/$1\"\n" + dir("/srv/al", "Require all granted\n"+set("a")) + dir("/www", set("b")),
			want: []string{"main /x.php SetHandler fcgi /run/b.sock", "main /al/x.php SetHandler fcgi /run/a.sock"}},
	})
}

// PHP that a .htaccess file below the document root turns off is not to run there. Only that of the
// whole site is a fault.
func TestTurnedOff(t *testing.T) {
	for _, test := range []struct{ name, text, file, want string }{
		{"none", handled("b"), "<FilesMatch \\.php$>\nSetHandler none\n</FilesMatch>\n", "SetHandler sent: none set"},
		{"that of files", handled("b"), "<FilesMatch \\.php$>\nSetHandler default-handler\n</FilesMatch>\n", "SetHandler sent: not a proxy"},
		{"none and a type", handled("b"), "<FilesMatch \\.php$>\nSetHandler none\n</FilesMatch>\nRemoveHandler .php\nAddType text/plain .php\n", "no handler sent: type alone"},
		{"a type for all", handled("b"), "<Files *.php>\nSetHandler none\nForceType text/plain\n</Files>\n", "no handler sent: type alone"},
		{"removed", "AddHandler \"" + to("b") + "\" .php\n", "RemoveHandler .php .phtml\n", "no handler sent: nothing"},
	} {
		run(t, []setup{
			{name: test.name, text: test.text, files: bothFiles[1:], access: htaccess(test.file), want: nil},
			{name: test.name + " for the site", text: test.text, files: bothFiles[1:], access: map[string]string{"/www": test.file}, want: []string{"main /app/x.php " + test.want}},
		})
	}
}

// TestSectionsWithoutFiles judges what leads to directories of which no file is known.
func TestSectionsWithoutFiles(t *testing.T) {
	dir := func(kind, name, text string) string {
		return "<" + kind + " " + name + ">\nRequire all granted\n" + text + "</" + kind + ">\n"
	}
	set := "SetHandler \"" + to("a") + "\"\n"
	const users = "UserDir public_html\n"
	one := func(name, text, want string) setup {
		s := setup{name: name, modules: modulesText + load("userdir"), text: text + handled("b"), want: []string{"main /x.php SetHandler fcgi /run/b.sock"}}
		if want != "" {
			s.want = append(s.want, "main "+want+" SetHandler fcgi /run/a.sock")
		}
		return s
	}
	php := "<FilesMatch \"\\.php$\">\n" + set + "</FilesMatch>\n"
	run(t, []setup{
		one("nothing leads there", dir("Directory", "/srv/al", php), ""),
		one("Alias", "Alias /al /srv/al\n"+dir("Directory", "/srv/al", php), "/al/x.php"),
		one("nobody may read it", "Alias /al /srv/al\n<Directory />\nRequire all denied\n</Directory>\n<Directory /srv/al>\n"+php+"</Directory>\n", ""),
		one("below an Alias", "Alias /al /srv/al\n"+dir("Directory", "/srv/al/in", php), "/al/in/x.php"),
		one("beside an Alias", "Alias /al /srv/al\n"+dir("Directory", "/srv/also", php), ""),
		one("an earlier Alias has it", "Alias /al/in /srv/other\nAlias /al /srv/al\n"+dir("Directory", "/srv/al/in", php), ""),
		one("a file of an Alias", "Alias /al /srv/al\n"+dir("Directory", "/srv/al", "<Files setup.php>\n"+set+"</Files>\n"), "/al/setup.php"),
		one("Alias of a file", "Alias /info.php /srv/al/info.php\n"+dir("Directory", "/srv/al", "<Files info.php>\n"+set+"</Files>\n"), "/info.php"),
		one("AliasMatch", "AliasMatch \"^/al(/.*)?$\" \"/srv/al$1\"\n"+dir("Directory", "/srv/al", php), "/al/x.php"),
		one("below an AliasMatch", "AliasMatch \"^/al/(.*)$\" \"/srv/al/$1\"\n"+dir("Directory", "/srv/al/in", php), "/al/in/x.php"),
		one("a file of a directory", dir("Directory", "/www/app", "<Files setup.php>\n"+set+"</Files>\n"), "/app/setup.php"),
		one("a file of the document root", dir("Directory", "/www", "<FilesMatch \"^setup\\.php$\">\n"+set+"</FilesMatch>\n"), "/setup.php"),
		one("expression", dir("DirectoryMatch", "\"^/www/app/\"", php), "/app/x.php"),
		one("expression below an Alias", "Alias /al /srv/al\n"+dir("DirectoryMatch", "\"^/srv/al/in/\"", php), "/al/in/x.php"),
		one("all users", users+dir("Directory", "/home/*/public_html", php), "/~user/x.php"),
		one("one user", users+dir("Directory", "/srv/home/al/public_html", php), "/~al/x.php"),
		one("a directory of one user", users+dir("Directory", "/home/al/public_html/in", php), "/~al/in/x.php"),
		one("users elsewhere", "UserDir /srv/*/www\n"+dir("Directory", "/srv/*/www", php), "/~user/x.php"),
		one("the parent of users", "UserDir /srv/users\n"+dir("Directory", "/srv/users", php), "/~user/x.php"),
		one("no users", dir("Directory", "/home/*/public_html", php), ""),
		one("another directory of users", users+dir("Directory", "/home/*/www", php), ""),
		one("users turned off", users+"UserDir disabled\n"+dir("Directory", "/home/*/public_html", php), ""),
		one("one of the users turned off", users+"UserDir disabled root al\n"+dir("Directory", "/home/al/public_html", php), ""),
		one("one of the users turned on", users+"UserDir disabled\nUserDir enabled al\n"+dir("Directory", "/home/al/public_html", php), "/~al/x.php"),
		one("users of another host", "UserDir http://x.test/*/\n"+dir("Directory", "/home/*/public_html", php), ""),
	})
}

// Of many virtual hosts, one is judged for the users that the main server names.
func TestUsersOfManyServers(t *testing.T) {
	text := "UserDir public_html\n<Directory /home/al/public_html>\nRequire all granted\n" + handled("a") + "</Directory>\n"
	for i := range 2 * manyServers {
		text += fmt.Sprintf("<VirtualHost *:80>\nServerName s%d.test\n</VirtualHost>\n", i)
	}
	s := setup{modules: modulesText + load("userdir"), text: text}
	var got []string
	for _, line := range show(s.config()) {
		if strings.Contains(line, "/run/a.sock") {
			got = append(got, line)
		}
	}
	if want := []string{"s0.test /~al/x.php SetHandler fcgi /run/a.sock"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAccessFiles(t *testing.T) {
	override := func(text string) string { return "<Directory /www>\n" + text + "\n</Directory>\n" }
	one := func(name, text, file, want string) setup {
		return setup{name: name, text: text, files: bothFiles[1:], access: htaccess(file), want: []string{"main /app/x.php " + want}}
	}
	set := "SetHandler \"" + to("a") + "\"\n"
	run(t, []setup{
		one("handler", handled("b"), handled("a"), "SetHandler fcgi /run/a.sock"),
		one("before top-level Files", handled("b"), set, "SetHandler fcgi /run/b.sock"),
		one("before the section of a directory below", "<Directory /www/app>\nSetHandler \""+to("b")+"\"\n</Directory>\n", set, "SetHandler fcgi /run/a.sock"),
		one("FileInfo", override("AllowOverride FileInfo"), handled("a"), "SetHandler fcgi /run/a.sock"),
		one("None", override("AllowOverride None")+handled("b"), handled("a"), "SetHandler fcgi /run/b.sock"),
		one("None and no other handler", override("AllowOverride None"), handled("a"), "SetHandler sent: not read"),
		one("other class", override("AllowOverride AuthConfig")+handled("b"), set, "500: not allowed"),
		one("other class of Require", override("AllowOverride Options")+handled("b"), "Require all granted\n", "500: not allowed"),
		one("passed over", override("AllowOverride AuthConfig Nonfatal=Override")+handled("b"), set, "SetHandler fcgi /run/b.sock"),
		one("unknown is not passed over", override("AllowOverride FileInfo Nonfatal=Override")+handled("b"), "php_value memory_limit 1G\n", "500: not allowed"),
		one("unknown passed over", override("AllowOverride FileInfo Nonfatal=Unknown")+handled("b"), "php_value memory_limit 1G\n"+handled("a"), "SetHandler fcgi /run/a.sock"),
		one("not allowed with unknown passed over", override("AllowOverride AuthConfig Nonfatal=Unknown")+handled("b"), set, "500: not allowed"),
		one("both passed over", override("AllowOverride AuthConfig Nonfatal=All")+handled("b"), "php_value a b\n"+set, "SetHandler fcgi /run/b.sock"),
		one("list", override("AllowOverride None\nAllowOverrideList SetHandler"), set, "SetHandler fcgi /run/a.sock"),
		one("list without the section", override("AllowOverride None\nAllowOverrideList SetHandler FilesMatch"), handled("a"), "500: not allowed"),
		one("unknown directive", handled("b"), "Foo bar\n", "500: not allowed"),
		one("php_value without mod_php", handled("b"), "php_value memory_limit 1G\n", "500: not allowed"),
		one("php_value guarded", handled("b"), "<IfModule mod_php.c>\nphp_value memory_limit 1G\n</IfModule>\n", "SetHandler fcgi /run/b.sock"),
		one("only for the server", handled("b"), "ProxyPass / fcgi://127.0.0.1:9000/\n", "500: not allowed"),
		one("syntax", handled("b"), "<FilesMatch \"\\.php$\">\n", "500: not allowed"),
		one("a condition in a condition", handled("b"), "<If \"true\">\n<If \"true\">\n"+set+"</If>\n</If>\n", "SetHandler fcgi /run/a.sock"),
		one("too many words", handled("b"), "SetHandler \"\"proxy:unix:/run/a.sock|fcgi://localhost\"\"\n", "500: not allowed"),
		one("too few words", handled("b"), "AddHandler x\n", "500: not allowed"),
		one("leftover of mod_php", handled("b"), "<FilesMatch \"\\.php$\">\nSetHandler application/x-httpd-php\n</FilesMatch>\n", "SetHandler sent: not a proxy"),
		one("type", handled("b"), "AddType application/x-httpd-php .php\n", "SetHandler fcgi /run/b.sock"),
		one("rewritten", handled("b"), "RewriteEngine On\nRewriteRule \"^(.*\\.php)$\" \"fcgi://127.0.0.1:9000/www/app/$1\" [P]\n", "RewriteRule fcgi 127.0.0.1:9000"),
		one("without handler and section", handled("b"), "SetHandler none\n", "SetHandler fcgi /run/b.sock"),
		one("type of text", handled("b"), "AddType text/plain .php\n", "SetHandler fcgi /run/b.sock"),
		one("handler removed that is set", handled("b"), "RemoveHandler .php\n", "SetHandler fcgi /run/b.sock"),
		one("type that nothing handles", "", "AddType application/x-httpd-php .php\n", "no handler sent: type alone"),
		one("RewriteEngine of the directory", "<Directory /www>\nRewriteEngine On\n</Directory>\n", "RewriteRule \"^(.*\\.php)$\" \"fcgi://127.0.0.1:9000/www/app/$1\" [P]\n", "RewriteRule fcgi 127.0.0.1:9000"),
		one("WordPress", handled("b"), "RewriteEngine On\nRewriteBase /\nRewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule . /index.php [L]\n",
			"SetHandler fcgi /run/b.sock"),
	})
}
