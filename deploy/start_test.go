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

// A program that reads commands ends at once if its input has none.
func TestEndsWithoutTerminal(t *testing.T) {
	for _, test := range []struct {
		service string
		ends    bool
	}{
		{"{image: php:8.3-cli}", true},
		{"{image: debian:12}", true},
		{"{image: php:8.3-fpm, command: bash -l}", false}, // whether FPM is meant to run is left open
		{"{image: debian:12, stdin_open: true}", false},
		{"{image: debian:12, tty: \"${TTY}\"}", false},
		{"{image: debian:12, command: [sh, /run.sh]}", false},
		{"{image: php:8.3-cli, command: [php, -S, \"0.0.0.0:80\"]}", false},
		{"{image: example/shell}", false},
	} {
		p := Find(tree.Memory(map[string]string{"/compose.yaml": "services:\n  a: " + test.service + "\n"}))
		if got := p.Deployments[0].Machines[0].Ends; got != test.ends {
			t.Errorf("%s: ends %v, want %v", test.service, got, test.ends)
		}
	}
}
