package deploy

import (
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// A container ends when its first program goes to the background: PHP-FPM does, unless a file
// that it reads or its command says otherwise (measured on PHP-FPM 8.2).
func TestBackground(t *testing.T) {
	const pool = "[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 1\n"
	tests := []struct {
		name, service string
		want          bool
	}{
		{"the image", "image: php:8.3-fpm", false},
		{"a folder over its pool files", "image: php:8.3-fpm\n    volumes: ['./pools:/usr/local/etc/php-fpm.d']", true},
		{"and -F", "image: php:8.3-fpm\n    command: php-fpm -F\n    volumes: ['./pools:/usr/local/etc/php-fpm.d']", false},
		{"and -D in the image", "image: php:8.3-fpm\n    command: php-fpm -D", true},
		{"a folder that the project lacks", "image: php:8.3-fpm\n    volumes: ['./lacking:/usr/local/etc/php-fpm.d']", false},
		{"nginx after it", "image: php:8.3-fpm\n    command: sh -c 'php-fpm -D; sleep infinity'", false},
	}
	for _, test := range tests {
		project := tree.Memory(map[string]string{"/compose.yaml": "services:\n  php:\n    " + test.service + "\n", "/pools/www.conf": pool})
		machines := Find(project).Machines()
		if len(machines) != 1 {
			t.Fatalf("%s: got %d machines", test.name, len(machines))
		}
		if got := machines[0].Background; got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
