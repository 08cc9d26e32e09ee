package stack

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// plainDistance is the distance of two words with a full matrix: letters put
// in, taken out, replaced, and neighbours swapped.
func plainDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range b {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d[i][j] = min(d[i-1][j], d[i][j-1]) + 1
			if a[i-1] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-1][j-1])
			} else {
				d[i][j] = min(d[i][j], d[i-1][j-1]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestDistance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteByte("abc"[random.IntN(3)])
		}
		return b.String()
	}
	for range 50_000 {
		a, b, limit := word(), word(), random.IntN(4)
		want := min(plainDistance(a, b), limit+1)
		if got := distance(a, b, limit); got != want {
			t.Fatalf("distance(%q, %q, %d) = %d, want %d", a, b, limit, got, want)
		}
	}
}

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
			"a: an address that differs in a letter or two"},
		{"nothing", `location ~ \.php$ { fastcgi_pass unix:/run/xxxx.sock; }`, pool("a", "/run/shop.sock") + pool("b", "/run/blog.sock"), ""},
		{"not a pool that cannot listen there", `location ~ \.php$ { fastcgi_pass 127.0.0.1:9000; }`, pool("a", "127.0.0.1:9001:") + pool("b", "/run/long.sock"), "b: the only pool"},
	}
	for _, test := range tests {
		files := debianHost(test.server, "")
		files["/etc/php/8.3/fpm/pool.d/www.conf"] = test.pools
		s := linked(files)
		pools, how := NewNear(s).To(s.Gateways[0], s.Gateways[0].Peers[0])
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
