package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

func TestPackages(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"var/lib/dpkg/status": "Package: nginx\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.24.0-2\n\n" +
			"Package: libphp\nStatus: install ok installed\nArchitecture: amd64\nVersion: 8.3\n\n" +
			"Package: php8.2-fpm\nStatus: deinstall ok config-files\nVersion: 8.2\n\n" +
			"Package: bash\nStatus: install ok installed\nVersion: 5.2\n",
		"var/lib/dpkg/info/nginx.list":        "/.\n",
		"var/lib/dpkg/info/libphp:amd64.list": "/.\n",
		"lib/apk/db/installed":                "P:php83-fpm\nV:8.3.6-r0\n\nP:musl\nV:1.2\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
	root, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range Packages(root, func(name string) bool { return strings.Contains(name, "php") || name == "nginx" }) {
		when := ""
		if !p.Installed.IsZero() {
			when = p.Installed.UTC().Format(time.DateOnly)
		}
		got = append(got, p.Name+" "+p.Version+" "+when)
	}
	want := "nginx 1.24.0-2 2026-11-25|libphp 8.3 2026-11-25|php83-fpm 8.3.6-r0 "
	if strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
}
