package tree

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// How Linux opens a name with a directory as its "/", as openat2(2) has it.
const (
	sysOpenat2    = 437
	resolveInRoot = 0x10
	openPath      = 0x200000
)

// kernel returns how the kernel resolves name below dir.
func kernel(dir *os.File, name string) (real string, err error) {
	how := struct{ flags, mode, resolve uint64 }{openPath | syscall.O_CLOEXEC, 0, resolveInRoot}
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return "", err
	}
	fd, _, errno := syscall.Syscall6(sysOpenat2, dir.Fd(), uintptr(unsafe.Pointer(text)),
		uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
	if errno != 0 {
		return "", errno
	}
	defer syscall.Close(int(fd))
	return os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
}

func TestResolveAgainstKernel(t *testing.T) {
	root := build(t, linked)
	dir, err := os.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if _, err := kernel(dir, "/"); err != nil {
		if os.Getenv("WP502LINT_LAB") == "1" {
			t.Fatal(err)
		}
		t.Skip("openat2:", err)
	}
	tr := open(t, root)
	names := []string{"/srv/in/nginx", "/etc/nginx/up/nginx/up", "/etc/nginx/sites-enabled/slash/.", "/etc/nginx/up/../srv"}
	for _, c := range openCases {
		names = append(names, c.name)
	}
	for range 2 { // the second time from memory
		for _, name := range names {
			want, wantErr := kernel(dir, name)
			want = strings.TrimPrefix(want, root)
			if want == "" && wantErr == nil {
				want = "/"
			}
			at, gotErr := tr.Place(name)
			if got := at.Real; got != want || (gotErr == nil) != (wantErr == nil) {
				t.Errorf("Place(%.60q) = %q, %v\nthe kernel: %q, %v", name, got, gotErr, want, wantErr)
			}
			if errors.Is(gotErr, ErrLoop) != errors.Is(wantErr, syscall.ELOOP) {
				t.Errorf("Place(%.60q): %v\nthe kernel: %v", name, gotErr, wantErr)
			}
		}
	}
}
