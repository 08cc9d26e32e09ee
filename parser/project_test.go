package parser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/source"
	"github.com/wp502lint/wp502lint/tree"
)

func TestReadProject(t *testing.T) {
	files := tree.Memory(map[string]string{
		"/a/nginx.conf":   "events {}\nhttp { include /a/site.conf; }\n",
		"/a/site.conf":    "server { listen 80; }\n",
		"/b/nginx.conf":   "events {}\nhttp {}\n",
		"/b/other.conf":   "server { listen 81; }\n",
		"/a/php-fpm.conf": "[global]\ninclude = /a/pool.conf\n",
		"/a/pool.conf":    "[www]\nlisten = /s\npm = static\n",
		"/b/php-fpm.conf": "[global]\n[b]\nlisten = /t\npm = static\n",
		"/b/b.pool.conf":  "[c]\nlisten = /u\npm = static\n",
	})
	for _, c := range []struct {
		nginx, fpm []string
		want       string
	}{
		{[]string{"/a/nginx.conf"}, []string{"/a/php-fpm.conf"},
			"/a/nginx.conf /a/php-fpm.conf /a/pool.conf /a/site.conf"},
		{[]string{"/b/nginx.conf"}, nil,
			"/a/php-fpm.conf /a/pool.conf /b/b.pool.conf /b/nginx.conf /b/php-fpm.conf"},
		{nil, []string{"/b/php-fpm.conf"},
			"/a/nginx.conf /a/site.conf /b/nginx.conf /b/other.conf /b/php-fpm.conf"},
		{[]string{"/none"}, []string{"/b/php-fpm.conf"}, "/b/php-fpm.conf cannot read /none"},
	} {
		configs := ReadProject(files, c.nginx, c.fpm, nil)
		var got []string
		for _, f := range configs.Files {
			got = append(got, f.Path)
		}
		for _, f := range configs.Failed {
			got = append(got, fmt.Sprint("cannot read ", f.Path))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("nginx %q, fpm %q\ngot  %s\nwant %s", c.nginx, c.fpm, strings.Join(got, " "), c.want)
		}
	}
}

// A project that names the main files of one web server has no other.
func TestReadProjectWithApache(t *testing.T) {
	files := tree.Memory(map[string]string{
		"/a/nginx.conf": "events {}\nhttp {}\n", "/b/httpd.conf": apacheText, "/c/httpd.conf": apacheText, "/php-fpm.conf": "[global]\n[b]\nlisten = /t\npm = static\n",
	})
	nginx, fpm, web := []string{"/a/nginx.conf"}, []string{"/php-fpm.conf"}, []string{"/b/httpd.conf"}
	for _, c := range []struct {
		nginx, fpm, apache []string
		want               string
	}{
		{nil, fpm, web, "/b/httpd.conf /php-fpm.conf"},
		{nil, nil, web, "/b/httpd.conf /php-fpm.conf"},
		{nginx, fpm, nil, "/a/nginx.conf /php-fpm.conf"},
		{nginx, fpm, web, "/a/nginx.conf /b/httpd.conf /php-fpm.conf"},
		{nil, fpm, nil, "/a/nginx.conf /b/httpd.conf /c/httpd.conf /php-fpm.conf"},
		{web, fpm, nginx, "/php-fpm.conf; /b/httpd.conf: a configuration of Apache, not of nginx; /a/nginx.conf: a configuration of nginx, not of Apache"},
	} {
		configs := ReadProject(files, c.nginx, c.fpm, c.apache)
		var names []string
		for _, f := range configs.Files {
			names = append(names, f.Path)
		}
		got := strings.Join(names, " ")
		for _, f := range configs.Failed {
			got += "; " + f.Message(f.Path)
		}
		if got != c.want {
			t.Errorf("nginx %q, fpm %q, apache %q\ngot  %s\nwant %s", c.nginx, c.fpm, c.apache, got, c.want)
		}
	}
}

// A project that names its php-fpm.conf has no other PHP-FPM, whatever else exists.
func TestReadProjectKnowsTheVersions(t *testing.T) {
	files := tree.Memory(map[string]string{
		"/etc/nginx/nginx.conf":          "events {}\n",
		"/etc/php/8.2/fpm/php-fpm.conf":  "include = /etc/php/8.2/fpm/pool.d/*.conf\n",
		"/etc/php/8.2/fpm/pool.d/a.conf": "[a]\nlisten = /a\npm = static\n",
		"/etc/php/8.4/fpm/php-fpm.conf":  "include = /etc/php/8.4/fpm/pool.d/*.conf\n",
		"/etc/php/8.4/fpm/pool.d/b.conf": "[b]\nlisten = /b\npm = static\n",
	})
	main := "/etc/php/8.4/fpm/php-fpm.conf"
	if got := Read(files, []string{"/etc/nginx", main}).Versions; len(got) != 1 || got[0] != "8.2" {
		t.Errorf("by paths: %q", got)
	}
	if got := ReadProject(files, nil, []string{main}, nil).Versions; got != nil {
		t.Errorf("by a project: %q", got)
	}
}

// Files in the directories of a layout that are not loaded are listed, not opened.
func TestCopiesOfALayout(t *testing.T) {
	files := tree.Memory(map[string]string{
		"/etc/nginx/nginx.conf":                  "events {}\nhttp { include sites-enabled/*; }\n",
		"/etc/nginx/nginx.conf.bak":              "x",
		"/etc/nginx/sites-available/on":          "server {}\n",
		"/etc/nginx/sites-available/off":         "server {}\n",
		"/etc/php/8.3/fpm/php-fpm.conf":          "[global]\ninclude = pool.d/*.conf\n",
		"/etc/php/8.3/fpm/pool.d/www.conf":       "[www]\nlisten = /s\npm = static\n",
		"/etc/php/8.3/fpm/php-fpm.conf.dpkg-old": "x",
	})
	files.Link("/etc/nginx/sites-enabled/on", "../sites-available/on")
	configs := Read(files, []string{"/"})
	var got []string
	for _, f := range configs.Files {
		if f.Role == source.RoleNotLoaded {
			got = append(got, f.Path)
		}
	}
	want := "/etc/nginx/nginx.conf.bak /etc/nginx/sites-available/off /etc/php/8.3/fpm/php-fpm.conf.dpkg-old"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if n := files.Opened(); n != 4 {
		t.Errorf("%d files were opened", n)
	}
}
