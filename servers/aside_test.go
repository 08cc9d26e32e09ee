package servers

import "testing"

func TestAside(t *testing.T) {
	for line, want := range map[string]bool{
		"  server_name .x;\n": true, "root /srv/;": true, "server_name ": false, "server_name a; listen 1;": false,
		"fastcgi_pass a;": false, "include a;": false, "": false, "root": false, "listen 80;": false,
	} {
		if got := Aside(line); got != want {
			t.Errorf("%q: got %t", line, got)
		}
	}
}
