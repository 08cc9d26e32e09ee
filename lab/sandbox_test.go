//go:build linux

package lab

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/internal/cases"
	"github.com/wp502lint/wp502lint/servers"
)

func TestMain(m *testing.M) {
	stageIncidents() // also in the process of a sandbox
	stageUpgrades()
	Enter()
	code := m.Run()
	CloseIdle()
	os.Exit(code)
}

// unavailable is why sandboxes are unavailable here; "" if they are available.
var unavailable = sync.OnceValue(func() string {
	if Find() == nil {
		return "nginx or PHP-FPM is not installed"
	}
	if os.Geteuid() != 0 {
		return "sandboxes need root"
	}
	s, err := NewSandbox()
	if err != nil {
		return err.Error()
	}
	s.Close()
	return ""
})

// needServers returns the programs to test, and skips the test if servers or rights
// are missing. With WP502LINT_LAB=1 it fails instead.
func needServers(t *testing.T) []Programs {
	t.Helper()
	switch why := unavailable(); {
	case why == "":
	case os.Getenv("WP502LINT_LAB") == "1":
		t.Fatal(why)
	default:
		t.Skip(why)
	}
	return Find()
}

func parseCase(t *testing.T, archive string) *cases.Case {
	t.Helper()
	c, err := cases.Parse([]byte(archive))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tried returns the result of a case on servers.
func tried(t *testing.T, archive string, p Programs) *Result {
	t.Helper()
	r, err := TryCase(parseCase(t, archive), p, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A sandbox goes on when the thread that started it ends.
func TestSandboxOutlivesThread(t *testing.T) {
	needServers(t)
	var s *Sandbox
	if err := onThread(func() (err error) { s, err = NewSandbox(); return err }); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	select {
	case <-s.ended:
		t.Error("it ended")
	case <-time.After(100 * time.Millisecond):
	}
}

// The frame is a host that works.
func TestFrame(t *testing.T) {
	for _, p := range needServers(t) {
		t.Run(strings.Join(p.Names(), " "), func(t *testing.T) {
			if r := tried(t, "", p); r.String() != "GET /index.php -> 200" {
				t.Errorf("got %s\n%s\n%s", r, strings.Join(r.Lines[servers.Nginx], "\n"), strings.Join(r.Lines[servers.FPM], "\n"))
			}
		})
	}
}

// Nothing leaves the machine: only loopback addresses can be reached, so that no name
// is resolved elsewhere either.
func TestNetworkIsALoopback(t *testing.T) {
	// An address of TEST-NET-1, RFC 5737.
	r := tried(t, strings.ReplaceAll(site, "unix:/run/php/SOCKET", "192.0.2.1:9000"), needServers(t)[0])
	if log := servers.NginxConnectUnreachable; !r.has(502) {
		t.Errorf("got %s", r)
	} else if _, ok := r.Match(log); !ok {
		t.Errorf("got %s", strings.Join(r.Lines[servers.Nginx], "\n"))
	}
}

// A host has its own names and accounts.
func TestCaseHasItsOwnAccounts(t *testing.T) {
	p := needServers(t)[0]
	const pool = `-- etc/php/8.3/fpm/pool.d/www.conf --
[www]
user = alice
group = bobs
listen = fpm.local:9000
pm = static
pm.max_children = 1
`
	const accounts = `-- etc/passwd --
root:x:0:0::/:/bin/sh
www-data:x:33:33::/:/bin/sh
alice:x:1234:1234::/:/bin/sh
-- etc/group --
root:x:0:
www-data:x:33:
bobs:x:1235:
-- etc/hosts --
127.0.0.1 localhost fpm.local
`
	if r := tried(t, pool+accounts, p); r.Refusals[servers.FPM] != "" {
		t.Errorf("PHP-FPM does not know an account of the case: %s", strings.Join(r.Lines[servers.FPM], "\n"))
	}
	if r := tried(t, pool+"-- etc/hosts --\n127.0.0.1 fpm.local\n", p); r.Refusals[servers.FPM] == "" {
		t.Error("PHP-FPM knows an account that the case does not have")
	}
}
