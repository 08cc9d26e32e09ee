//go:build linux

package lab

import (
	"bufio"
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Nothing leaves the machine: no address but those of the loopback can be
// reached, so that no name is looked up anywhere else either.
func TestNetworkIsALoopback(t *testing.T) {
	needServers(t)
	if !Isolated() {
		t.Skip("this system allows no namespaces")
	}
	interfaces, err := net.Interfaces()
	if err != nil || len(interfaces) != 1 || interfaces[0].Flags&net.FlagLoopback == 0 || interfaces[0].Flags&net.FlagUp == 0 {
		t.Errorf("interfaces %+v, %v, want a loopback that is up", interfaces, err)
	}
	conn, err := net.Dial("udp", "192.0.2.1:53") // an address of TEST-NET-1, RFC 5737
	if !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("%v, %v, want %v", conn, err, syscall.ENETUNREACH)
	}
}

// A host has its own names and accounts.
func TestCaseHasItsOwnAccounts(t *testing.T) {
	p := needServers(t)[0]
	if !Isolated() {
		t.Skip("this system allows no namespaces")
	}
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
	b := boot(t, pool+accounts, p)
	if b.FPM[0].Refused {
		t.Errorf("PHP-FPM does not know an account of the case: %s", strings.Join(b.FPM[0].lines(), "\n"))
	}
	b = boot(t, pool+"-- etc/hosts --\n127.0.0.1 fpm.local\n", p)
	if !b.FPM[0].Refused {
		t.Error("PHP-FPM knows an account that the case does not have")
	}
}

func TestNotStaged(t *testing.T) {
	p := needServers(t)[0]
	for _, test := range []struct{ archive, want string }{
		{siteWith("x; set $a 192.0.2.1:9000"), "not staged: 192.0.2.1 is not an address of the loopback"},
		{strings.ReplaceAll(site, "unix:/run/php/SOCKET", "192.0.2.1:9000"), "not staged: 192.0.2.1 is not an address of the loopback"},
		{strings.ReplaceAll(site, "unix:/run/php/SOCKET", "db.example:9000"), "not staged: the hosts file does not know db.example"},
		{strings.ReplaceAll(site, "unix:/run/php/SOCKET", "db.example:9000") + "-- etc/hosts --\n192.0.2.1 db.example\n", "not staged: db.example is not on the loopback"},
	} {
		trial, err := Try(parseCase(t, test.archive), p, nil)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s\ngot %v, %v, want %s", test.archive, trial, err, test.want)
		}
	}
}

// After Stop no process is left, not even one that ignores what it is told.
func TestStopLeavesNothing(t *testing.T) {
	p := needServers(t)[0]
	b := boot(t, "", p)
	groups := []int{b.Nginx.cmd.Process.Pid, b.FPM[0].cmd.Process.Pid}
	for _, group := range groups {
		if err := syscall.Kill(-group, 0); err != nil {
			t.Errorf("group %d does not run: %v", group, err)
		}
	}
	if err := syscall.Kill(b.FPM[0].cmd.Process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(); err != nil {
		t.Error(err)
	}
	for _, group := range groups {
		if err := syscall.Kill(-group, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("group %d still runs: %v", group, err)
		}
	}
}

// The list of the watcher does not grow with the servers that have ended, however
// often they are struck off.
func TestWatcherForgets(t *testing.T) {
	var script strings.Builder
	for i := range 50 {
		group := strconv.Itoa(4_000_000 + i)
		script.WriteString("+ " + group + "\n- " + group + "\n- " + group + "\n")
	}
	sh := exec.Command("sh", "-c", watchScript+"\nprintf '[%s]' \"$groups\"")
	sh.Stdin = strings.NewReader("+ 3999999\n" + script.String())
	out, err := sh.Output()
	if got, want := string(out), "[ 3999999 ]"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// When the program is killed, as a test that takes too long is, its servers end
// as well.
func TestKillLeavesNothing(t *testing.T) {
	needServers(t)
	if os.Getenv("WP502LINT_LAB_VICTIM") != "" {
		p := needServers(t)[0]
		b := boot(t, "", p)
		os.Stdout.WriteString("groups " + strconv.Itoa(b.Nginx.cmd.Process.Pid) + " " + strconv.Itoa(b.FPM[0].cmd.Process.Pid) + " " + b.Host.Dir + "\n")
		select {}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(self, "-test.run=^TestKillLeavesNothing$")
	victim.Env = append(os.Environ(), "WP502LINT_LAB_VICTIM=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var groups []string
	for lines := bufio.NewScanner(out); groups == nil && lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "groups "); ok {
			groups = strings.Fields(rest)
		}
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed
	if len(groups) != 3 {
		t.Fatalf("groups %q, want two and a directory", groups)
	}
	defer os.RemoveAll(groups[2])
	for _, group := range groups[:2] {
		n, err := strconv.Atoi(group)
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(stopping)
		for !errors.Is(syscall.Kill(-n, 0), syscall.ESRCH) {
			bury(n)
			if time.Now().After(deadline) {
				t.Fatalf("group %d still runs", n)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}
