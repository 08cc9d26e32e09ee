//go:build unix

package parser

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wp502lint/wp502lint/tree"
)

// TestHostileDisk covers what only a real disk can show.
func TestHostileDisk(t *testing.T) {
	dir := onDisk(t, map[string]string{"nginx.conf": "events {}\nhttp { include sites/*; include /dev/zero; }", "sites/good": good, "sites/locked": good, "php-fpm.conf": "[global]\ninclude=/pool.d/*.conf\n", "pool.d/a.conf": poolText})
	for _, name := range []string{"sites/fifo", "pool.d/b.conf"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o666); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "sites/zero")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "sites/locked"), 0); err != nil {
		t.Fatal(err)
	}
	want := `nginx /nginx.conf
  /sites/good
master /php-fpm.conf incomplete
  /pool.d/a.conf
  [www]
problem at /php-fpm.conf:2 /pool.d/b.conf: is a FIFO
unread at /nginx.conf:2 /dev/zero: no such file
unread at /nginx.conf:2 /sites/fifo: is a FIFO
unread at /nginx.conf:2 /sites/locked: permission denied
unread at /nginx.conf:2 /sites/zero: symbolic link leads outside the root (--root)
`
	if os.Geteuid() == 0 { // root may read everything
		want = strings.Replace(want, "  /sites/good\n", "  /sites/good\n  /sites/locked\n", 1)
		want = strings.Replace(want, "unread at /nginx.conf:2 /sites/locked: permission denied\n", "", 1)
	}
	machine, err := tree.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan string, 1)
	go func() { done <- describe(Read(machine, []string{"/nginx.conf", "/php-fpm.conf"})) }()
	select {
	case got := <-done:
		if sorted(got) != sorted(want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatal("reading waits for a FIFO or a device")
	}
}
