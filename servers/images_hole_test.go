package servers

import (
	"strings"
	"testing"
)

// A hole in a tag, written * here, leaves what the rest of it tells.
func TestImageWithHole(t *testing.T) {
	tests := []struct {
		ref                string
		family, dist, php  string
		layout             PHPLayout
		account, uncertain bool
	}{
		{"php:*-fpm-alpine", "php", "alpine", "", LayoutUnknown, true, true},
		{"php:*-fpm", "php", "debian", "", LayoutUnknown, true, true},
		{"php:8.3.*-fpm-bookworm", "php", "debian", "8.3", LayoutUnknown, true, true},
		{"php:8.3-fpm-*", "php", "", "8.3", LayoutNew, false, false},
		{"php:7.4-fpm-alpine*", "php", "", "7.4", LayoutOld, false, false},
		{"php:*-fpm-bullseye", "php", "debian", "", LayoutOld, true, false},
		{"nginx:*", "nginx", "", "", LayoutNone, false, false},
		{"nginx:*-alpine", "nginx", "alpine", "", LayoutNone, true, false},
		{"wordpress:*-fpm-alpine", "wordpress", "alpine", "", LayoutUnknown, true, true},
		{"wordpress:*-php8.3-fpm", "wordpress", "debian", "8.3", LayoutUnknown, true, true},
		{"openresty/openresty:*", "openresty/openresty", "", "", LayoutNone, false, false},
		{"openresty/openresty:*-alpine", "openresty/openresty", "alpine", "", LayoutNone, true, false},
		{"mysql:*", "mysql", "", "", LayoutNone, false, false},
	}
	for _, want := range tests {
		m, ok := ImageOf(strings.ReplaceAll(want.ref, "*", Hole))
		if !ok || m.Family != want.family || m.Distribution != want.dist || m.PHP != want.php || m.Nginx != "" || m.Layout != want.layout {
			t.Errorf("%s: %v %q on %q, PHP %q, layout %v", want.ref, ok, m.Family, m.Distribution, m.PHP, m.Layout)
		}
		if (len(m.Accounts) > 0) != want.account || (len(m.Uncertain) > 0) != want.uncertain {
			t.Errorf("%s: accounts %v, uncertain %v", want.ref, m.Accounts, m.Uncertain)
		}
	}
	for _, ref := range []string{"php:*", "php:*-alpine", "php:8-*", "wordpress:*", "*:1", "*/nginx:1", "alpine:*", "phpdockerio/php:*-fpm"} {
		if _, ok := ImageOf(strings.ReplaceAll(ref, "*", Hole)); ok {
			t.Errorf("%s is known", ref)
		}
	}
}
