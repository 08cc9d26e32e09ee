//go:build unix

package tree

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestNotRegular(t *testing.T) {
	dir := build(t, map[string]string{"to-fifo": "-> fifo"})
	if err := syscall.Mkfifo(dir+"/fifo", 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", dir+"/socket")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tr := open(t, dir)
	for _, listed := range []bool{false, true} {
		for name, want := range map[string]string{"/fifo": "is a FIFO", "/to-fifo": "is a FIFO", "/socket": "is a socket"} {
			if _, err := tr.Open(name); err == nil || err.Error() != want || !errors.Is(err, ErrNotRegular) {
				t.Errorf("listed %t: Open(%s): %v, want %s", listed, name, err, want)
			}
		}
		if _, err := tr.List("/"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := open(t, "/").Open("/dev/null"); err == nil || err.Error() != "is a device" {
		t.Errorf("Open(/dev/null): %v", err)
	}
	if n := tr.Opened(); n != 0 {
		t.Errorf("opened %d files, want none", n)
	}
}

// When a listed name has become a FIFO or a link out of the root, it is neither
// waited for nor followed.
func TestTypeChanges(t *testing.T) {
	out := build(t, map[string]string{"secret": "secret"})
	dir := build(t, map[string]string{"a": "a", "b": "b", "c": "-> b"})
	tr := open(t, dir)
	if _, err := tr.List("/"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/a", "/b"} {
		if err := os.Remove(dir + name); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(dir+"/a", 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(out+"/secret", dir+"/b"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"/a": "is a FIFO", "/b": "symbolic link leads outside the root (--root)", "/c": "symbolic link leads outside the root (--root)"} {
		if got, err := tr.Open(name); err == nil || err.Error() != want {
			t.Errorf("Open(%s) = %+v, %v; want %s", name, got, err, want)
		}
	}
}

// Between two Opens the directory moves away and a link out of the root takes
// its name.
func TestReplacedDirectory(t *testing.T) {
	out := build(t, map[string]string{"x": "secret", "y": "secret", "sub/z": "secret"})
	dir := build(t, map[string]string{"d/x": "mine", "d/y": "mine", "d/sub/z": "mine"})
	tr := open(t, dir)
	if got, err := tr.Open("/d/x"); err != nil || got.Content != "mine" {
		t.Fatal(got, err)
	}
	if err := os.Rename(dir+"/d", dir+"/old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(out, dir+"/d"); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range []string{"/d/x", "/d/y", "/d/sub/z"} {
		got, err := tr.Open(name)
		if err == nil {
			read++
		}
		if got.Content == "secret" {
			t.Errorf("Open(%s) read outside the root", name)
		}
	}
	if read < 2 {
		t.Errorf("only %d files of the directory could still be read", read)
	}
	// The same without open directories.
	if got, err := open(t, dir).Open("/d/x"); err == nil {
		t.Errorf("Open(/d/x) = %+v", got)
	}
}

func TestPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads files of any mode")
	}
	dir := build(t, map[string]string{"closed": "x", "dir/x": "x"})
	for _, name := range []string{"/closed", "/dir"} {
		if err := os.Chmod(dir+name, 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(dir+"/dir", 0o755)
	tr := open(t, dir)
	for _, name := range []string{"/closed", "/dir/x"} {
		if _, err := tr.Open(name); err == nil || err.Error() != "permission denied" || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("Open(%s): %v", name, err)
		}
	}
	if _, err := tr.Glob("/dir/*"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Glob(/dir/*): %v", err)
	}
}
