package deploy

import "testing"

func TestWellFormed(t *testing.T) {
	for ref, want := range map[string]bool{
		"php:8-fpm-alpine": true, "php:8.3-fpm": true, "debian": true, "php:-fpm": false, "php:": false, "php:8-fpm-": false, "php:8.-fpm": false, "": false,
		"/nginx": false, "a//b": false,
	} {
		if got := wellFormed(ref); got != want {
			t.Errorf("%q: got %t", ref, got)
		}
	}
}
