package tree

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestKeepAttributes(t *testing.T) {
	dir := t.TempDir()
	create := func(name string) *os.File {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	old, f := create("old"), create("new")
	if err := keepAttributes(f, old); err != nil {
		t.Fatalf("without attributes: %v", err)
	}
	want := map[string]string{"user.note": "mine", "user.empty": ""}
	for name, value := range want {
		if err := unix.Fsetxattr(int(old.Fd()), name, []byte(value), 0); errors.Is(err, unix.ENOTSUP) && os.Getenv("WP502LINT_LAB") != "1" {
			t.Skip("this file system has no attributes")
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := keepAttributes(f, old); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if got, err := attribute(f, name); err != nil || string(got) != value {
			t.Errorf("%s is %q (%v), want %q", name, got, err, value)
		}
	}
}
