package host

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// startFPM runs a PHP-FPM with one pool of three workers until the test ends,
// and returns its main file and the process of its master.
func startFPM(t *testing.T) (config, socket string, master int) {
	t.Helper()
	programs, _ := filepath.Glob("/usr/sbin/php-fpm[0-9]*")
	if len(programs) == 0 {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal("no PHP-FPM is installed")
		}
		t.Skip("no PHP-FPM is installed")
	}
	dir := t.TempDir()
	config, socket = filepath.Join(dir, "php-fpm.conf"), filepath.Join(dir, "p.sock")
	text := fmt.Sprintf("[global]\nerror_log = %s/log\ndaemonize = no\n[measured]\nlisten = %s\npm = static\npm.max_children = 3\n", dir, socket)
	args := []string{"-y", config}
	if os.Getuid() == 0 {
		text += "user = root\n"
		args = append(args, "-R")
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(programs[0], args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // a killed master leaves its workers running
		_ = cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("unix", socket); err == nil {
			_ = c.Close()
			time.Sleep(200 * time.Millisecond) // until the workers have their titles
			return config, socket, cmd.Process.Pid
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("PHP-FPM does not listen")
	return "", "", 0
}

// largest is the largest value of a field in /proc/PID/FILE of the children of
// a process, in bytes.
func largest(t *testing.T, parent int, file, field string) (bytes int64) {
	t.Helper()
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		out, err := exec.Command("pgrep", "-P", fmt.Sprint(parent)).Output()
		if err != nil {
			t.Skip("the children of a process cannot be listed here")
		}
		list = out
	}
	for _, child := range strings.Fields(string(list)) {
		text, err := os.ReadFile("/proc/" + child + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for line := range strings.Lines(string(text)) {
			var kB int64
			if strings.HasPrefix(line, field) {
				if _, err := fmt.Sscan(strings.Fields(line)[1], &kB); err == nil {
					sum += kB << 10
				}
			}
		}
		bytes = max(bytes, sum)
	}
	return bytes
}

// The numbers are those of the kernel.
func TestMeasuredWorkers(t *testing.T) {
	config, socket, master := startFPM(t)
	tr, err := tree.New("/")
	if err != nil {
		t.Fatal(err)
	}
	s := Take(tr, []string{socket}, time.Now())
	var pool PoolSnapshot
	for _, p := range s.Pools {
		if p.Config == config {
			pool = p
		}
	}
	if pool.Pool != "measured" || pool.Workers != 3 {
		t.Fatalf("pool = %+v, want 3 workers of measured; all: %+v", pool, s.Pools)
	}
	if want := largest(t, master, "status", "VmRSS:"); pool.RSS != want {
		t.Errorf("RSS = %d, status says %d", pool.RSS, want)
	}
	if want := largest(t, master, "smaps_rollup", "Private_"); pool.Private != want {
		t.Errorf("private = %d, smaps_rollup says %d", pool.Private, want)
	}
	// PSS changes with the other processes that map the same memory.
	if want := largest(t, master, "smaps_rollup", "Pss:"); pool.PSS < want*8/10 || pool.PSS > want*12/10 {
		t.Errorf("PSS = %d, smaps_rollup says %d", pool.PSS, want)
	}
	for _, p := range s.Paths {
		if info, err := os.Stat(socket); p.Path == socket && (err != nil || p.Type != "socket" || p.Mode != fmt.Sprintf("%04o", info.Mode().Perm())) {
			t.Errorf("%+v, stat says %v, %v", p, info.Mode(), err)
		}
	}
	found := false
	for _, php := range s.PHP {
		found = found || php.Config == config && strings.Contains(php.Version, ".")
	}
	if !found {
		t.Errorf("no PHP for %s in %+v", config, s.PHP)
	}
}
