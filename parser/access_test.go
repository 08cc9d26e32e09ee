package parser

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// accessOf returns the directories of which .htaccess files were read.
func accessOf(c *Configs) string {
	var dirs []string
	for _, a := range c.Apaches {
		dirs = append(dirs, slices.Sorted(maps.Keys(a.Access))...)
	}
	return strings.Join(dirs, " ")
}

func TestAccess(t *testing.T) {
	files := func(conf string) map[string]string {
		all := map[string]string{"/etc/httpd/conf/httpd.conf": apacheText + conf}
		for _, dir := range []string{
			"/srv", "/srv/www", "/srv/www/a", "/srv/www/a/b/c", "/srv/www/a/b/c/d",
			"/srv/other", "/srv/alias", "/opt/cgi", "/srv/dir/x",
		} {
			all[dir+"/.htaccess"] = "RewriteEngine on\n"
			all[dir+"/htaccess.txt"] = "RewriteEngine on\n"
		}
		return all
	}
	const root, allow = "DocumentRoot /srv/www\n", "<Directory /srv>\nAllowOverride All\n</Directory>\n"
	for _, test := range []struct{ what, conf, want string }{
		{"no AllowOverride", root, "/srv/www"},
		{"None", root + "<Directory />\nAllowOverride None\n</Directory>\n", "/srv/www"},
		{"in a directory", root + "<Directory /srv/www/>\nAllowOverride FileInfo\n</Directory>\n", "/srv /srv/www /srv/www/a /srv/www/a/b/c"},
		{"by a list", root + "<Directory /srv/www/>\nAllowOverrideList Redirect\n</Directory>\n", "/srv /srv/www /srv/www/a /srv/www/a/b/c"},
		{"of an alias", "Alias /x /srv/alias\nScriptAlias /cgi \"/opt/cgi/\"\n" + allow, "/opt/cgi /srv /srv/alias /srv/dir/x /srv/other /srv/www /srv/www/a"},
		{"of a virtual host", "<VirtualHost *:80>\nDocumentRoot \"/srv/other\"\n</VirtualHost>\n", "/srv/other"},
		{"that is relative to ServerRoot", "DocumentRoot ../other\n", ""},
		{"that does not exist", "DocumentRoot /srv/gone\n", ""},
		{"with wildcards", "<Directory \"/srv/*\">\nAllowOverride All\n</Directory>\n", ""},
		{"a regular expression", "<Directory ~ \"^/srv\">\nAllowOverride All\n</Directory>\n", ""},
		{"that is not known", "DocumentRoot ${ROOT}\n", ""},
		{"of another name", root + "AccessFileName htaccess.txt\n", "/srv/www"},
	} {
		if got := accessOf(Read(plant(files(test.conf)), []string{"/etc/httpd/conf/httpd.conf"})); got != test.want {
			t.Errorf("%s: got %s, want %s", test.what, got, test.want)
		}
	}
	c := Read(plant(files(root+"AccessFileName htaccess.txt\n")), []string{"/"})
	if got := c.Apaches[0].Access["/srv/www"].File.Name; got != "/srv/www/htaccess.txt" {
		t.Errorf("AccessFileName: %s was read", got)
	}
}

// Of directories that usually have very many files, those files are read that a request for PHP which
// is judged leads to: their own, and those of the directories in one at the top.
func TestAccessOfBulkyDirectories(t *testing.T) {
	files := map[string]string{"/etc/httpd/conf/httpd.conf": apacheText + "DocumentRoot /srv\n<Directory /srv>\nAllowOverride All\n</Directory>\n"}
	for _, dir := range []string{
		"/srv/wp-content/uploads", "/srv/wp-content/uploads/2026", "/srv/wp-content/cache/x", "/srv/vendor/x", "/srv/vendor/x/y", "/srv/a/b/tmp", "/srv/a/b/tmp/c",
	} {
		files[dir+"/.htaccess"] = "Options None\n"
	}
	files["/srv/wp-content/uploads/pub/readme"], files["/srv/node_modules/.htaccess/x"] = "", ""
	const want = "/srv/a/b/tmp /srv/vendor/x /srv/wp-content/uploads"
	c := Read(plant(files), []string{"/"})
	if got := accessOf(c); got != want || c.Apaches[0].AccessCut {
		t.Errorf("got %s, cut %t, want %s", got, c.Apaches[0].AccessCut, want)
	}
}

// A .htaccess file that the user names is read with the configuration that leads to it, or alone.
func TestAccessNamed(t *testing.T) {
	files := map[string]string{"/x/httpd.conf": apacheText + "DocumentRoot /x/www\n", "/x/www/.htaccess": "Options None\n", "/y/.htaccess": "Options None\n"}
	testReadings(t, []reading{
		{"alone", files, []string{"/y/.htaccess"}, "apache\n  access /y/.htaccess\n"},
		{"of a site", files, []string{"/x/www/.htaccess", "/x/httpd.conf"}, "apache /x/httpd.conf\n  access /x/www/.htaccess\n"},
		{"with a main file", files, []string{"/y/.htaccess", "/x/httpd.conf"}, "apache /x/httpd.conf\n  access /x/www/.htaccess\n  access /y/.htaccess\n"},
		{"a link to something else", map[string]string{
			"/x/httpd.conf": apacheText + "DocumentRoot /x/www\n", "/x/www/.htaccess": "-> ../../env", "/env": "PASSWORD=hunter2\n",
		}, []string{"/x/httpd.conf"}, "apache /x/httpd.conf\n  access /x/www/.htaccess\n"},
	})
	c := Read(plant(map[string]string{"/x/httpd.conf": apacheText + "DocumentRoot /x/www\n", "/x/www/.htaccess": "-> ../../env", "/env": "PASSWORD=hunter2\n"}), []string{"/x/httpd.conf"})
	if got := withheld(c); !slices.Equal(got, []string{"/x/www/.htaccess"}) {
		t.Errorf("withheld %q", got)
	}
}

// The number of directories that are searched is limited, whatever a site has below its root.
func TestAccessIsBounded(t *testing.T) {
	files := map[string]string{"/x/httpd.conf": apacheText + "<Directory />\nAllowOverride All\n</Directory>\n"}
	var conf strings.Builder
	for site := range 12 {
		fmt.Fprintf(&conf, "DocumentRoot /srv/%d\n", site)
		for i := range 3000 {
			files[fmt.Sprintf("/srv/%d/%04d/x", site, i)] = ""
		}
		files[fmt.Sprintf("/srv/%d/0001/.htaccess", site)] = "Options None\n"
		files[fmt.Sprintf("/srv/%d/2999/.htaccess", site)] = "Options None\n"
	}
	files["/x/httpd.conf"] += conf.String()
	c := Read(plant(files), []string{"/x/httpd.conf"})
	if got := len(c.Apaches[0].Access); got != 12 || !c.Apaches[0].AccessCut {
		t.Errorf("%d files, cut %t", got, c.Apaches[0].AccessCut)
	}
	if len(c.Unread) != 1 || c.Unread[0].Path != "/x/httpd.conf" || c.ApacheUnread != 0 {
		t.Errorf("unread %v, %d of Apache", c.Unread, c.ApacheUnread)
	}
	for i := range 3000 { // packages have a limit of their own
		files[fmt.Sprintf("/srv/0/vendor/%04d/.htaccess", i)] = "Options None\n"
	}
	c = Read(plant(files), []string{"/x/httpd.conf"})
	if got := len(c.Apaches[0].Access); got < 12+maxAccessAll/12 || got > 12+maxAccessAll/12+1 {
		t.Errorf("%d files with those of packages", got)
	}
}

// A host with many sites of WordPress is searched as a whole.
func TestAccessOfManySites(t *testing.T) {
	files := map[string]string{}
	var conf strings.Builder
	for site := range 300 {
		root := fmt.Sprintf("/srv/%d", site)
		fmt.Fprintf(&conf, "<VirtualHost *:80>\nDocumentRoot %s\n</VirtualHost>\n", root)
		for i := range 30 {
			files[fmt.Sprintf("%s/wp-includes/%d/x", root, i)] = ""
			files[fmt.Sprintf("%s/wp-admin/%d/x", root, i)] = ""
			files[fmt.Sprintf("%s/wp-content/plugins/%d/x", root, i)] = ""
		}
		files[root+"/wp-admin/.htaccess"], files[root+"/wp-content/plugins/29/.htaccess"] = "Options None\n", "Options None\n"
	}
	files["/x/httpd.conf"] = apacheText + "<Directory />\nAllowOverride All\n</Directory>\n" + conf.String()
	a := Read(plant(files), []string{"/x/httpd.conf"}).Apaches[0]
	if got := len(a.Access); got != 600 || a.AccessCut {
		t.Errorf("%d files, cut %t", got, a.AccessCut)
	}
}
