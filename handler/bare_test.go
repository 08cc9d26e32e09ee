package handler

import "testing"

// What a virtual host inherits is not about it if it is known to have no PHP.
func TestBare(t *testing.T) {
	const left = "AddType application/x-httpd-php .php\n"
	host := func(root, text string) string {
		return "<VirtualHost *:80>\nServerName a.test\nDocumentRoot " + root + "\n" + text + "</VirtualHost>\n"
	}
	html := []string{"/srv/index.html"}
	sent := []string{"a.test /index.php no handler sent: type alone"}
	run(t, []setup{
		{name: "no document root", bare: true, text: "Listen 80\n" + left},
		{name: "None without a handler", text: host("/srv", "<FilesMatch \\.php$>\nSetHandler None\n</FilesMatch>\n"), files: []string{}, want: []string{"a.test /index.php no handler nothing unknown: no PHP file is known below the document root"}},
		{name: "None after a handler", text: handled("a") + host("/srv", "<FilesMatch \\.php$>\nSetHandler None\n</FilesMatch>\n"), files: []string{}, want: []string{"a.test /index.php SetHandler sent: none set"}},
		{name: "inherited", text: left + host("/srv", ""), files: html},
		{name: "inherited, and in another directory", text: "<Directory />\n" + left + "</Directory>\n" + host("/srv", ""), files: html},
		{name: "its own", text: host("/srv", left), files: html, want: sent},
		{name: "its own in a section", text: host("/srv", "<Directory /srv>\n"+left+"</Directory>\n"), files: html, want: sent},
		{name: "a section that is skipped", text: "<IfModule mod_php.c>\n" + handled("a") + "</IfModule>\n" + host("/srv", ""), files: html},
		{name: "of a .htaccess file", text: host("/srv", "<Directory /srv>\nAllowOverride All\n</Directory>\n"), files: html, access: map[string]string{"/srv": left}, want: sent},
		{name: "unknown files", text: left + host("/srv", ""), files: []string{}, want: sent},
		{name: "PHP in a directory", text: left + host("/srv", ""), files: []string{"/srv/index.html", "/srv/app/x.php"}, want: []string{"a.test /app/x.php no handler sent: type alone"}},
		{name: "a pool", text: handled("a") + host("/srv", ""), files: html, want: []string{"a.test /index.php SetHandler fcgi /run/a.sock"}},
		{name: "the main server", text: "DocumentRoot /srv\n" + left, files: html, want: []string{"main /index.php no handler sent: type alone"}},
	})
}
