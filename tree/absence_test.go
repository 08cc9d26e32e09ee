package tree

import (
	"maps"
	"testing"
)

// part are the files that an image or a project puts into the root of a machine.
var part = map[string]string{
	"/etc/nginx/nginx.conf": "", "/etc/nginx/conf.d/a.conf": "",
	"/etc/hosts": "", "/srv/app/index.php": "", "/srv/app/public/x/y.css": "", "/var/www/index.php": "",
	"/var/log/nginx/.keep": "", "/usr/local/etc/php-fpm.conf": "", "/home/jane/sites/a.conf": "",
}

func TestAbsence(t *testing.T) {
	whole := maps.Clone(part)
	whole["/etc/passwd"], whole["/var/lib/dpkg/status"] = "", ""
	passwd := maps.Clone(part)
	passwd["/etc/passwd"] = ""
	folder := map[string]string{"/app/index.php": "", "/nginx/nginx.conf": ""}
	for _, test := range []struct {
		name           string
		whole, partial bool
	}{
		{"/etc/nginx/snippets/php.conf", true, false}, // a package may have it
		{"/etc/nginx/mime.types", true, false},
		{"/etc/ssl/dh.pem", true, false},
		{"/usr/local/etc/php-fpm.d", true, false},
		{"/var/log/php", true, false},
		{"/var/log/nginx/blog", true, true}, // a package makes no directory there
		{"/var/lib/php/sessions", true, false},
		{"/var/www/html", true, false}, // nginx of Debian and the image of PHP make it
		{"/srv/app/log", true, true},
		{"/srv/app/log/x/y", true, true},
		{"/srv/app/public/index.php", true, false}, // the project has no file there
		{"/srv/other", true, false},
		{"/home/jane/sites/none", true, true},
		{"/home/joe/sites", true, false},
		{"/srv/app/index.php/x", true, true}, // a file
		{"/run/php", false, false},
		{"/app/log", false, false},
	} {
		for _, tree := range []struct {
			kind  string
			files map[string]string
			want  bool
		}{{"whole", whole, test.whole}, {"partial", part, test.partial}, {"partial with passwd", passwd, test.partial}, {"folder", folder, false}} {
			if got := Memory(tree.files).Missing(test.name); got != tree.want {
				t.Errorf("%s in a %s tree: Missing = %t, want %t", test.name, tree.kind, got, tree.want)
			}
		}
	}
	etc := map[string]string{"/etc/passwd": "", "/etc/ld.so.cache": "", "/etc/nginx/nginx.conf": ""}
	for name, want := range map[string]bool{"/etc/nginx/mime.types": true, "/etc/ssl/dh.pem": true, "/var/log/nginx": false} {
		if got := Memory(etc).Missing(name); got != want {
			t.Errorf("%s with a copy of /etc: Missing = %t, want %t", name, got, want)
		}
	}
	if missing := Memory(folder).Missing("/app/index.php"); missing {
		t.Error("a file that exists is missing")
	}
}

// No machine has the same path below a folder whose name is a slip of the fingers.
func TestSlips(t *testing.T) {
	for name, want := range map[string]bool{
		"/nonexistent/x": true, "/ect/x": true, "/vvar/x": true,
		"/et/nginx/nginx.conf": true, "/et/nginx/mime.types": false, "/et": false,
		"/vor/log/nginx": true, "/var-/log/nginx": true, "/var2/log/nginx": false, "/srv2/app": false,
	} {
		if got := Memory(part).Missing(name); got != want {
			t.Errorf("%s: Missing = %t, want %t", name, got, want)
		}
	}
}
