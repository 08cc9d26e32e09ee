package stack_test

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/host"
	"github.com/wp502lint/wp502lint/parser"
	"github.com/wp502lint/wp502lint/rules"
	"github.com/wp502lint/wp502lint/stack"
	"github.com/wp502lint/wp502lint/tree"
)

func TestNear(t *testing.T) {
	pool := func(name, listen string) string { return "[" + name + "]\nlisten = " + listen + "\n" }
	tests := []struct {
		name, server, pools string
		want                string // the pools and how they resemble
	}{
		{"another version", `location ~ \.php$ { fastcgi_pass unix:/run/php/php8.1-fpm.sock; }`, pool("www", "/run/php/php8.3-fpm.sock") + pool("b", "/run/php/b.sock"),
			"www: the same socket for another PHP version"},
		{"another version and two pools", `location ~ \.php$ { fastcgi_pass unix:/run/php/php8.1-fpm.sock; }`, pool("a", "/run/php/php8.2-fpm.sock") + pool("b", "/run/php/php8.3-fpm.sock"),
			"a b: the same socket for another PHP version"},
		{"the pool of the site", `server_name www.blog.example; location ~ \.php$ { fastcgi_pass 127.0.0.1:9000; }`, pool("www", "/run/a.sock") + pool("blog", "/run/b.sock"),
			"blog: the pool of this site"},
		{"the only pool", `location ~ \.php$ { fastcgi_pass 127.0.0.1:9000; }`, pool("www", "/run/a.sock"), "www: the only pool"},
		{"a letter", `location ~ \.php$ { fastcgi_pass unix:/run/shpo.sock; }`, pool("a", "/run/shop.sock") + pool("b", "/run/blog.sock"),
			"a: a similar address (typo?)"},
		{"nothing", `location ~ \.php$ { fastcgi_pass unix:/run/xxxx.sock; }`, pool("a", "/run/shop.sock") + pool("b", "/run/blog.sock"), ""},
		{"not a pool that cannot listen there", `location ~ \.php$ { fastcgi_pass 127.0.0.1:9000; }`, pool("a", "127.0.0.1:9001:") + pool("b", "/run/long.sock"), "b: the only pool"},
	}
	for _, test := range tests {
		files := tree.Memory(map[string]string{
			"/etc/nginx/nginx.conf":            "events {}\nhttp {\nserver {\n" + test.server + "\n}\n}\n",
			"/etc/php/8.3/fpm/php-fpm.conf":    "[global]\ninclude=/etc/php/8.3/fpm/pool.d/*.conf\n",
			"/etc/php/8.3/fpm/pool.d/www.conf": test.pools,
		})
		s := stack.Link(parser.Read(files, []string{"/"}), host.Collect(files, host.Overrides{}))
		pools, how := new(rules.Near).To(s.Gateways[0], s.Gateways[0].Peers[0])
		got := ""
		for _, p := range pools {
			got += " " + p.Name
		}
		if got != "" {
			got = strings.TrimSpace(got) + ": " + string(how)
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
