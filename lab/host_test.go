//go:build linux

package lab

import (
	"os"
	"strings"
	"testing"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
)

func TestMain(m *testing.M) {
	Enter()
	os.Exit(m.Run())
}

// needServers returns what to try, and skips the test where servers or rights
// are missing. With WP502LINT_LAB=1 it fails instead.
func needServers(t *testing.T) []Programs {
	t.Helper()
	why := ""
	programs := Find()
	if programs == nil {
		why = "nginx or PHP-FPM is not installed"
	} else if os.Geteuid() != 0 {
		why = "owners and modes of sockets need root"
	}
	if why == "" {
		return programs
	}
	if os.Getenv("WP502LINT_LAB") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
	return nil
}

func parseCase(t *testing.T, archive string) *cases.Case {
	t.Helper()
	c, err := cases.Parse([]byte(archive))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// boot boots a case until the test ends.
func boot(t *testing.T, archive string, p Programs) *Boot {
	t.Helper()
	h, err := Lay(parseCase(t, archive))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Remove(); err != nil {
			t.Error(err)
		}
	})
	b, err := h.Boot(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// The frame is a host that works.
func TestFrame(t *testing.T) {
	for _, p := range needServers(t) {
		t.Run(strings.Join(p.Names(), " "), func(t *testing.T) {
			t.Parallel()
			b := boot(t, "", p)
			a, err := b.Get("/index.php")
			if want := (Answer{200, "blog\n"}); err != nil || a != want {
				t.Errorf("got %+v, %v, want %+v\n%s\n%s", a, err, want, strings.Join(b.Lines(servers.Nginx), "\n"), strings.Join(b.Lines(servers.FPM), "\n"))
			}
		})
	}
}
