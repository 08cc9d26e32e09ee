package servers

import (
	"slices"
	"testing"
)

func TestBuild(t *testing.T) {
	tests := []struct {
		dir                             string
		options                         []string
		version, program, conf, account string
	}{
		{"/tmp/nginx-1.26.2", nil, "1.26.2", "/usr/local/nginx/sbin/nginx", "/usr/local/nginx/conf/nginx.conf", "nobody"},
		{"/usr/src/x", []string{"--conf-path=/etc/nginx/nginx.conf", "--user=www", "--prefix=/opt/n", "--with-cc-opt=?"}, "9", "/opt/n/sbin/nginx", "/etc/nginx/nginx.conf", "www"},
		{"/nginx", []string{"--sbin-path=/usr/sbin/nginx", "--conf-path=etc/n.conf", "--user=www", "--group=web"}, "9", "/usr/sbin/nginx", "/usr/local/nginx/etc/n.conf", ""},
		{"/openresty-1.25.3.1", []string{"--prefix=/opt/o"}, "1.25.3.1", "/opt/o/nginx/sbin/nginx", "/opt/o/nginx/conf/nginx.conf", "nobody"},
		{"/php-8.3.0", []string{"--enable-fpm"}, "8.3.0", "/usr/local/sbin/php-fpm", "/usr/local/etc/php-fpm.conf", ""},
		{"/php", []string{"--enable-fpm", "--prefix=/opt/php", "--sysconfdir=/etc/php", "--program-suffix=84"}, "9", "/opt/php/sbin/php-fpm84", "/etc/php/php-fpm.conf", ""},
		{"/nginx-1.26.2", []string{"--prefix=/opt/?"}, "", "", "", ""},
		{"/redis", []string{"--prefix=/opt"}, "", "", "", ""},
	}
	for _, tt := range tests {
		b, ok := Sources{Dir: tt.dir, Options: tt.options, Variable: func(string) string { return "9" }}.Build("?")
		if ok != (tt.program != "") {
			t.Errorf("%s: ok = %t", tt.dir, ok)
		}
		if !ok {
			continue
		}
		got := b.Programs[0]
		if b.Nginx+b.PHP != tt.version || got.Path != tt.program || got.Conf != tt.conf || b.Account != tt.account {
			t.Errorf("%s: got %s %+v %q", tt.dir, b.Nginx+b.PHP, got, b.Account)
		}
	}
}

// PHP installs examples alone, and PHP 5 has the pool in its php-fpm.conf.
func TestBuildExamples(t *testing.T) {
	for version, want := range map[string]bool{"8.3.0": true, "5.6.40": false} {
		b, _ := Sources{Dir: "/php-" + version, Options: []string{"--enable-fpm"}}.Build("?")
		named := func(name string) bool {
			return slices.ContainsFunc(b.Files, func(f ImageFile) bool { return f.Name == name })
		}
		if !named("/usr/local/etc/php-fpm.conf.default") || named("/usr/local/etc/php-fpm.conf") || named("/usr/local/etc/php-fpm.d/www.conf.default") != want {
			t.Errorf("PHP %s: %+v", version, b.Files)
		}
	}
}
