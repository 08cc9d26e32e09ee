package deploy

import (
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/tree"
)

// booted returns the one machine of a project of files, and fails if there is not one.
func booted(t *testing.T, files map[string]string) *Machine {
	t.Helper()
	machines := Find(tree.Memory(files)).Machines()
	if len(machines) != 1 {
		t.Fatalf("got %d machines, want 1", len(machines))
	}
	return machines[0]
}

// started says what starts on a machine.
func started(m *Machine) string {
	var all []string
	for _, s := range m.Nginx {
		all = append(all, "nginx "+s.Main)
	}
	for _, s := range m.FPM {
		all = append(all, "fpm "+s.Main)
	}
	if m.Unknown != "" {
		all = append(all, "not known: "+m.Unknown)
	}
	if !m.Ends.IsZero() {
		all = append(all, "ends")
	}
	return strings.Join(all, ", ")
}

// built are the files of a project with a Dockerfile and others, given as names and texts.
func built(text string, others ...string) map[string]string {
	files := map[string]string{"/Dockerfile": text}
	for i := 0; i+1 < len(others); i += 2 {
		files[others[i]] = others[i+1]
	}
	return files
}

func TestBaseWithoutValue(t *testing.T) {
	tests := []struct{ file, want string }{
		{"ARG V\nFROM php:8.3-fpm${V}\n", "fpm /usr/local/etc/php-fpm.conf"},
		{"ARG V\nFROM php:${V}-fpm\n", "not known: the value of V in the image php:${V}-fpm is not known"},
		{"FROM php:8.3-fpm${V}\n", "not known: the value of V in the image php:8.3-fpm${V} is not known"},
	}
	for _, test := range tests {
		if got := started(booted(t, built(test.file))); got != test.want {
			t.Errorf("%q: got %s, want %s", test.file, got, test.want)
		}
	}
}

// Alpine's package of nginx puts nginx into the group www-data (aports,
// main/nginx/nginx.pre-install), whether the package or the image made the group.
func TestMembersOfPackages(t *testing.T) {
	for _, from := range []string{"alpine:3.20", "php:8.3-fpm-alpine"} {
		m := booted(t, built("FROM "+from+"\nRUN apk add --no-cache nginx\n"))
		text, err := m.Tree.Open("/etc/group")
		if err != nil || !strings.Contains(text.Content, "\nwww-data:x:82:nginx\n") {
			t.Errorf("%s: got %q, %v", from, text.Content, err)
		}
	}
}
