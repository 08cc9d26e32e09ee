package host

import "testing"

func TestParseResolver(t *testing.T) {
	for _, c := range []struct {
		conf, hostname string
		want           Resolver
	}{
		{"", "", Resolver{}},
		{"nameserver 127.0.0.53\n", "web1\n", Resolver{Own: "web1"}},
		{"search corp.example\nnameserver 10.0.0.2\n", "", Resolver{Search: true}},
		{"domain corp.example\n", "", Resolver{Search: true}},
		{"search .\nsearching x\n# search y\n", "", Resolver{}},
	} {
		if got := ParseResolver(c.conf, c.hostname); got != c.want {
			t.Errorf("%q, %q: got %+v, want %+v", c.conf, c.hostname, got, c.want)
		}
	}
}
