package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestKeepAttributes(t *testing.T) {
	dir := t.TempDir()
	old, fresh := filepath.Join(dir, "old"), filepath.Join(dir, "new")
	if err := os.WriteFile(old, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(fresh)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := keepAttributes(f, old); err != nil {
		t.Fatalf("without attributes: %v", err)
	}
	want := map[string]string{"user.note": "mine", "user.empty": ""}
	for name, value := range want {
		if err := unix.Setxattr(old, name, []byte(value), 0); errors.Is(err, unix.ENOTSUP) {
			skip(t, "this file system has no attributes")
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := keepAttributes(f, old); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if got, err := attribute(fresh, name); err != nil || string(got) != value {
			t.Errorf("%s is %q (%v), want %q", name, got, err, value)
		}
	}
}
