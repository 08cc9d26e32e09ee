package parser

import (
	"fmt"
	"strings"
	"testing"

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
		configs := ReadProject(files, c.nginx, c.fpm)
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
